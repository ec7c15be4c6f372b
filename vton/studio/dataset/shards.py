"""Shards on disk: WebDataset tar files, written so that an unfinished one goes on where it stopped."""

import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from vton.data.formats.studio_shards import index_shard


class ShardWriter:
    """Writes one shard; it has its name only when ``close`` has been called, until then it ends in ".partial".

    An unfinished file of an earlier run is continued after its last complete outfit (see ``outfits_done``).
    """

    def __init__(self, path: Path, looks: int):
        self.path = path
        self.partial = path.with_name(path.name + ".partial")
        self.outfits_done, end = _complete_outfits(self.partial, looks)
        if end:
            with open(self.partial, "r+b") as file:
                file.truncate(end)
        self.file = open(self.partial, "ab" if end else "wb")

    def add(self, key: str, files: dict[str, bytes]) -> None:
        """Appends the members of one look."""
        for extension, data in files.items():
            info = tarfile.TarInfo(f"{key}.{extension}")
            info.size = len(data)
            self.file.write(info.tobuf(tarfile.USTAR_FORMAT))
            self.file.write(data)
            self.file.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))

    def flush(self) -> None:
        """Makes what has been added survive the process."""
        self.file.flush()

    def close(self) -> None:
        """Ends the archive and gives it its name."""
        self.file.write(b"\0" * (2 * tarfile.BLOCKSIZE))
        self.file.close()
        os.replace(self.partial, self.path)

    def abandon(self) -> None:
        """Leaves the unfinished file for the next run."""
        self.file.close()


def _complete_outfits(partial: Path, looks: int) -> tuple[set[int], int]:
    """Outfits of an unfinished shard of which all looks are there, and where the last of them ends in bytes."""
    done: set[int] = set()
    end = 0
    if not partial.is_file():
        return done, end
    size = partial.stat().st_size
    for entry in index_shard(partial):
        offset, length = entry.members["json"]
        stop = offset + -(-length // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        outfit, _, look = entry.key.partition("-")
        if look == str(looks - 1) and stop <= size:
            done.add(int(outfit[3:]))
            end = stop
    return done, end


def read_metas(folder: Path) -> Iterator[dict]:
    """The JSON of every look in every finished shard, in the order of the shards."""
    for shard in sorted(folder.glob("*.tar")):
        for entry in index_shard(shard):
            yield json.loads(entry.read("json"))
