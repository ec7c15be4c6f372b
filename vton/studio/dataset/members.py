"""What a look becomes in a shard: files whose bytes depend on the specs alone.

Members of a shard, for every look ``KEY = <seed:03d><outfit:06d>-<look>`` (an entry of the reader
`vton.data.formats.studio_shards`): ``KEY.pN.webp`` photo, ``KEY.pN.png`` parsing (`labels.LABELS`),
``KEY.pN.article.png`` number of the article's slot (`labels.ARTICLE_ID`), ``KEY.pN.silhouette.png`` share of each
pixel that is covered, ``KEY.<slot>.webp`` packshot, ``KEY.<slot>.mask.png`` its mask, ``KEY.<slot>.<kind>.webp`` and
``KEY.<slot>.<kind>.mask.png`` the article's other photos (kinds "flat", "hanger" and "worn"), and last ``KEY.json``.
The first look of an outfit also has what all its looks share: ``KEY.pN.cloth.png``, ``KEY.<slot>.cloth.png`` and
``KEY.<slot>.<kind>.cloth.png``, the point of the cloth in each pixel, and ``KEY.pN.places.<kind>.png``, where it is in
that kind of picture of its article (`vton.data.cloth`).
"""

import json

import cv2
import numpy as np

from vton.data.cloth import encode_cloth, encode_field
from vton.studio.accessories.kinds import HATS
from vton.studio.photos.records import RenderedLook
from vton.studio.specs.labels import ARTICLE_ID, LABELS
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import SHOULDERS, OutfitSpec, WearSpec

SCHEMA_VERSION = 1
PHOTO_QUALITY = 93
PACKSHOT_QUALITY = 90


def key_of(seed: int, outfit: int, look: int) -> str:
    """Key of a look; the part before "-" names the geometry, which decides what is held out."""
    return f"{seed:03d}{outfit:06d}-{look}"


def members_of(look: RenderedLook, seed: int, outfit: int, number: int, rejected: list[str]) -> dict[str, bytes]:
    """The files of one look by extension, JSON last.

    Args:
        number: of the look.
        rejected: reasons for which the quality gate has refused earlier attempts at this outfit.
    """
    files: dict[str, bytes] = {}
    photos = []
    for i, (photo, pose) in enumerate(zip(look.photos, look.spec.poses, strict=True)):
        files[f"p{i}.webp"] = _encode(".webp", photo.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PHOTO_QUALITY))
        files[f"p{i}.png"] = _encode(".png", photo.parsing)
        files[f"p{i}.article.png"] = _encode(".png", photo.article_ids)
        files[f"p{i}.silhouette.png"] = _encode(".png", photo.silhouette)
        photos.append({"pose": pose.name, "mirror": pose.mirror, "yaw_deg": pose.yaw_deg,
                       "keypoints": _joints(photo.coco18), "mpii16": _joints(photo.mpii16),
                       **_beside_the_whole(look.spec, i)})  # fmt: skip
    for slot, packshot in look.packshots.items():
        files[f"{slot}.webp"] = _encode(".webp", packshot.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PACKSHOT_QUALITY))
        files[f"{slot}.mask.png"] = _encode(".png", packshot.mask_u8)
    for slot, kinds in look.article_photos.items():
        for kind, taken in kinds.items():
            image = _encode(".webp", taken.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PACKSHOT_QUALITY))
            files |= {f"{slot}.{kind}.webp": image, f"{slot}.{kind}.mask.png": _encode(".png", taken.mask_u8)}
    if number == 0:
        files |= _of_geometry(look)
    meta = {
        "schema_version": SCHEMA_VERSION,
        "gender": look.spec.person.body.gender,
        "size_hw": list(look.photos[0].image_u8.shape[:2]),
        "labels": {str(i): name for i, name in enumerate(LABELS)},
        "article_ids": ARTICLE_ID,
        "slots": {a.slot: a.type for a in look.spec.outfit.articles if a.slot in look.packshots},
        "wear": look.spec.outfit.manners | _carried(look.spec.outfit),
        "photos": photos,
        "seed": seed,
        "outfit": outfit,
        "look": number,
        "rejected": rejected,
        "specs": look.spec.to_dict(),
    }
    files["json"] = json.dumps(meta, separators=(",", ":")).encode()
    return files


def _carried(outfit: OutfitSpec) -> dict[str, str]:
    """Whether the accessory is a hat or a bag."""
    accessory = outfit.article("accessory")
    return {"accessory": "hat" if accessory.type in HATS else "bag"} if accessory else {}


def _of_geometry(look: RenderedLook) -> dict[str, bytes]:
    """What all looks of an outfit share."""
    files = {}
    for i, photo in enumerate(look.photos):
        files[f"p{i}.cloth.png"] = encode_cloth(photo.cloth)
        files |= {f"p{i}.places.{kind}.png": encode_field(field) for kind, field in photo.places.items()}
    for slot, kinds in look.article_photos.items():
        files |= {f"{slot}.{kind}.cloth.png": encode_cloth(taken.cloth) for kind, taken in kinds.items()}
    return files | {f"{slot}.cloth.png": encode_cloth(packshot.cloth) for slot, packshot in look.packshots.items()}


def _beside_the_whole(look: LookSpec, number: int) -> dict[str, str]:
    """What tells a photo from one of a whole person with nothing but articles, before light paper."""
    view, held, wear = look.views[number], look.poses[number].held, look.outfit.wear
    found = {
        "framing": view.framing if view.framing != "full" else "",
        "held": held.kind if held else "",
        "place": view.scene.place if view.scene else "",
        "over": _over(wear) if wear else "",
    }
    return {name: value for name, value in found.items() if value}


def _over(wear: WearSpec) -> str:
    """What lies over the articles otherwise than their pictures can show."""
    return "scarf" if wear.scarf is not None else SHOULDERS if wear.front == SHOULDERS else ""


def _joints(table: np.ndarray) -> list[list[float]]:
    """Rows of x, y and visibility; zeros where a joint is not in the picture, as in COCO."""
    return [[round(float(x), 1), round(float(y), 1), int(v)] if v else [0.0, 0.0, 0] for x, y, v in table]


def _encode(extension: str, image: np.ndarray, options: tuple[int, ...] = ()) -> bytes:
    found, data = cv2.imencode(extension, image[..., ::-1] if image.ndim == 3 else image, list(options))
    if not found:
        raise ValueError(f"cannot encode {extension}")
    return data.tobytes()
