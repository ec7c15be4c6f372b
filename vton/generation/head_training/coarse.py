"""Coarse heads as the body's generator draws them, added to a pack of heads: what the generator of heads will meet."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from vton.conditioning.pose.head_window import head_window, sample_window
from vton.conditioning.value_range import to_u8
from vton.data.heads.pack import HeadPack
from vton.data.npy_writer import array_writers
from vton.data.outfits.pack import OutfitPack
from vton.generation.training.batches import Augmentation, BatchSource
from vton.hub.loading import load_network
from vton.networks.stylegan2.appearance_encoder import AppearanceEncoder
from vton.networks.stylegan2.enlargement import enlarged
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import InputError, as_size
from vton.training.state import load_state

SHARPNESS, SCALE = 2.0, 2  # as the pipeline draws
_AT_ONCE = 4
_PLAIN = Augmentation(flip=0, shift=0, recolour=0, drop_article=0.03, single_article=0.03, pose_jitter=0.002,
                      drop_joint=0, other_reference=0)


@torch.no_grad()
def write_coarse_heads(heads: Path, outfits: OutfitPack, run: Path, seed: int = 0,
                       progress: Callable[[int, int], None] | None = None) -> int:
    """Adds ``coarse.npy`` and ``coarse_regions.npy`` to a pack of heads; returns how many heads were drawn.

    The person is read from the very photo, so that a coarse head and the true one are of one person.

    Args:
        heads: a pack of heads; outfits: a pack of the same photos; run: of a generator.

    Raises:
        InputError: a photo of a head is not in ``outfits``, or ``run`` has no reader of persons.
    """
    pack = HeadPack(heads)
    photos = _photos(pack, outfits)
    generator, reader = load_run(run)
    source = BatchSource(outfits, as_size(generator.config["size_hw"]), generator.article_hw, generator.pose_hw, _PLAIN)
    rng, size = np.random.default_rng(seed), pack.size
    writers = array_writers(heads, {"coarse": ((size, size, 3), "uint8"), "coarse_regions": ((size, size), "uint8")})
    for first in range(0, len(photos), _AT_ONCE):
        chosen = photos[first:first + _AT_ONCE]
        batch = source.make(chosen, rng)
        mean, log_var = reader(batch.reference, batch.visible)
        latent = mean.float() + torch.randn_like(mean.float()) * (0.5 * log_var.float()).exp()
        condition = generator.encode(batch.articles, batch.presence, batch.pose_map, batch.traits)
        ws = generator.map_latent(latent, condition)
        output = enlarged(generator.synthesis(ws, condition, "const", None, SHARPNESS), batch.articles, SCALE)
        planes = output.parsing_logits
        assert planes is not None, "the generator of outfits always predicts a parsing"
        for i, photo in enumerate(chosen):
            window = head_window(outfits.pose(int(photo)))
            assert window is not None, "the pack holds heads that have one"
            image, logits = (sample_window(x[i:i + 1], window, size) for x in (output.image, planes))
            writers["coarse"].append(to_u8(image))
            writers["coarse_regions"].append(logits.argmax(1).byte().numpy())
        if progress:
            progress(min(first + _AT_ONCE, len(photos)), len(photos))
    for writer in writers.values():
        writer.close()
    return len(photos)


def load_run(run: Path) -> tuple[StyleGAN2Generator, AppearanceEncoder]:
    """The averaged generator of a run, and its reader of persons.

    Raises:
        InputError: it has none.
    """
    state = load_state(run)
    prefix = "appearance."
    weights = {k.removeprefix(prefix): v for k, v in state[0].items() if k.startswith(prefix)} if state else {}
    if not weights:
        raise InputError(f"'{run.name}' is no run of a generator that reads persons: give that of a conditional one.")
    generator = load_network(StyleGAN2Generator, run / "checkpoint")
    reader = AppearanceEncoder(generator.config["z_dim"])
    reader.load_state_dict(weights)
    return generator, reader.eval()


def _photos(pack: HeadPack, outfits: OutfitPack) -> np.ndarray:
    """For each head the number of its photo in a pack of outfits."""
    number = {outfit["key"]: i for i, outfit in enumerate(outfits.outfits)}
    photos = []
    for head in pack.facts:
        own = outfits.outfit_photos(number.get(head["person"], -1))
        if head["photo"] >= len(own):
            raise InputError(f"The pack of outfits lacks photo {head['photo']} of {head['person']}: pack the same set.")
        photos.append(own[head["photo"]])
    return np.array(photos)
