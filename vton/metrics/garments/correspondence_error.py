"""How far the generator's correspondences lie from the true ones that the studio knows."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.articles import article_tensor
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.wear import wear_of
from vton.networks.stylegan2.generator import StyleGAN2Generator, article_pixels
from vton.schema import ARTICLE_HW, SLOTS, as_size


def correspondence_figures(generator: StyleGAN2Generator, pack: OutfitPack, photos: Sequence[int],
                           batch: int = 8) -> dict[str, dict]:
    """Figures ``correspondence_px_<kind>`` for each kind of article picture of the photos' articles.

    ``value`` and ``p90``: median and 90th percentile, over pixels, of the distance from the true place in pixels of a
    256x192 article; ``coverage``: share of the pixels whose cloth is rightly said to be in the picture or not. The
    mean latent draws. Kinds that no article has are left out.

    Args:
        generator: of the spatial mode; photos: numbers in the pack.
    """
    figures = {}
    for kind, name in enumerate(pack.picture_kinds):
        shown = [photo for photo in photos if (pack.picture_rows[pack.outfit_index[photo], :, kind] >= 0).any()]
        errors, right = [], []
        for start in range(0, len(shown), batch):
            found = _measure(generator, pack, shown[start:start + batch], kind)
            errors.append(found[0])
            right.append(found[1])
        if errors and len(distances := np.concatenate(errors)):
            covered = np.concatenate(right)
            figures[f"correspondence_px_{name}"] = {
                "value": round(float(np.median(distances)), 2),
                "p90": round(float(np.quantile(distances, 0.9)), 2),
                "coverage": round(float(covered.mean()), 4) if len(covered) else None,
                "n": len(shown),
                "pixels": len(distances),
            }
    return figures


@torch.inference_mode()
def _measure(generator: StyleGAN2Generator, pack: OutfitPack, photos: Sequence[int],
             kind: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances of all pixels with a true place, and for all with a known coverage whether it is drawn so."""
    device = generator.const.device
    articles = torch.zeros(len(photos), len(SLOTS), 4, *generator.article_hw)
    for n, photo in enumerate(photos):
        for slot in range(len(SLOTS)):
            rgba = pack.article(int(pack.outfit_index[photo]), slot, kind)
            if rgba is not None:
                tensor = article_tensor(rgba)[None]
                articles[n, slot] = F.interpolate(tensor, size=generator.article_hw, mode="area")[0]
    presence = (articles[:, :, 3].amax((2, 3)) > 0).float()
    canvas_hw = as_size(generator.config["size_hw"])
    poses = pose_heatmaps([pack.pose(photo).resized(canvas_hw) for photo in photos], generator.pose_hw)
    wears = [wear_of(pack.outfits[pack.outfit_index[photo]].get("wear", {}), pack.parsing[photo]) for photo in photos]
    traits = torch.from_numpy(np.stack([wear.traits() for wear in wears]))
    condition = generator.encode(*(t.to(device) for t in (articles, presence, poses, traits)))
    latent = generator.mapping_network.z_mean.expand(len(photos), -1)
    output = generator.synthesis(generator.map_latent(latent, condition), condition)
    fields = [pack.places_of(photo, kind) for photo in photos]
    places, shown = (torch.from_numpy(np.stack(planes)).to(device) for planes in zip(*fields, strict=True))
    size_hw = as_size(shown.shape[1:])
    assert output.correspondence is not None, "the generator is spatial"
    regions = torch.from_numpy(np.stack([pack.parsing[p] for p in photos])).to(device)
    own = article_pixels(regions, presence.to(device), size_hw) > 0
    xy = F.interpolate(output.correspondence[-1].float().flatten(1, 2), size=size_hw, mode="area")
    off = xy.unflatten(1, (len(SLOTS), 2)) - places.movedim(3, 1)[:, None]
    distance = (off * off.new_tensor([ARTICLE_HW[1] / 2, ARTICLE_HW[0] / 2])[:, None, None]).square().sum(2).sqrt()
    right = torch.zeros(0, dtype=torch.bool)
    if output.coverage_logits is not None:
        said = F.interpolate(output.coverage_logits.float(), size=size_hw, mode="area")[:, 0] > 0
        right = (said == (shown == 1))[own.any(1) & (shown >= 0)]
    return distance[own & (shown == 1)[:, None]].cpu().numpy(), right.cpu().numpy()
