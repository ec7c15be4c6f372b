"""Writes a .npy file row by row, for arrays that are larger than memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class NpyWriter:
    """A .npy of rows of one shape and type; numpy pads the header so that the final length fits into it."""

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: str):
        self.row_shape, self.dtype, self.count = tuple(row_shape), np.dtype(dtype), 0
        self.file = open(path, "wb")
        self._write_header()

    def _write_header(self) -> None:
        self.file.seek(0)
        header = {"descr": self.dtype.str, "fortran_order": False, "shape": (self.count, *self.row_shape)}
        np.lib.format.write_array_header_1_0(self.file, header)

    def append(self, rows: np.ndarray) -> None:
        """Adds ``rows: [n, *row_shape]``.

        Raises:
            ValueError: another shape or type.
        """
        if rows.dtype != self.dtype or rows.shape[1:] != self.row_shape:
            raise ValueError(
                f"expected rows of {self.row_shape} {self.dtype}, got {rows.shape[1:]} {rows.dtype}"
            )
        self.file.write(np.ascontiguousarray(rows).data)
        self.count += len(rows)

    def close(self) -> None:
        """Writes the final length and closes the file."""
        self._write_header()
        self.file.close()


def array_writers(folder: Path, rows: dict[str, tuple[tuple[int, ...], str]]) -> dict[str, NpyWriter]:
    """Writers of ``<name>.npy`` by name, from each array's shape and type of a row."""
    return {name: NpyWriter(folder / f"{name}.npy", shape, dtype) for name, (shape, dtype) in rows.items()}
