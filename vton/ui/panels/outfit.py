"""The Outfit column: six tiles that show each article cut out; a dress replaces top and bottom."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import gradio as gr

from vton.readers.garment.article_reader import LEAST_PLAUSIBLE, has_plain_backdrop, share_slots, slot_scores
from vton.schema import SLOT_TABLE, SLOTS, Article, InputError, Outfit, quoted
from vton.schema.slots import worn_instead
from vton.ui.panels.article_image import ArticleImage
from vton.ui.panels.move_control import MoveControl
from vton.ui.server.visits import still_here
from vton.ui.studio import LIGHT, PHOTO, Studio, by_slot
from vton.ui.texts import say
from vton.ui.widgets import hint, inform, messages, sentence, warn

TOP_AND_BOTTOM, DRESS = "Top and bottom", "Dress"
MAX_PHOTOS = 12
_SURE = 0.7  # how likely another slot is at least, for a photo to be moved there
Paths = dict[str, str | None]


def in_conflict(paths: Paths) -> bool:
    """Whether a dress stands beside a top or bottom."""
    return bool(paths["dress"] and any(paths[slot] for slot in SLOT_TABLE["dress"].replaces))


def worn(paths: Paths, wear: str | None) -> Paths:
    """The slots that go into the picture: of a dress and top or bottom, only those the visitor chose."""
    if not in_conflict(paths):
        return paths
    left_out = SLOT_TABLE["dress"].replaces if wear == DRESS else ("dress",)
    return {slot: None if slot in left_out else path for slot, path in paths.items()}


def described(outfit: Outfit) -> str:
    """How many articles are worn, in one line."""
    key = "outfit.count-with-dress" if outfit["dress"] else "outfit.count"
    return say(key, count=len(outfit), of=len(SLOTS))


def _worn_next(slot: str, wear: str | None) -> str | None:
    """What is worn of a dress and top or bottom after an article went to a slot: that article, if it is one of them."""
    if not worn_instead(slot):
        return wear
    return DRESS if SLOT_TABLE[slot].replaces else TOP_AND_BOTTOM


class OutfitPanel:
    """Builds the column inside the current Blocks; methods ending in _event answer the browser.

    Attributes:
        tiles: the six image slots, in the order of ``SLOTS``.
        wear: which of a dress and top or bottom is worn; shown only when both are there.
        outputs: the widgets that ``shown`` gives values for.
    """

    def __init__(self, studio: Studio, paths: Paths, originals: dict[str, str], prefix: str = "") -> None:
        """Builds and wires the column.

        Args:
            studio: shared parts.
            paths, originals: of the articles that are there at once: cut out, and as photographed.
            prefix: of the elements' ids where the page has another such column already.
        """
        self.studio, self.prefix = studio, prefix
        self.originals = gr.State(originals)
        gr.HTML(f"<h2>{say('outfit.title')}</h2><p class='hint'>{say('outfit.hint')}</p>", padding=False)
        self.drop = gr.File(
            label=say("outfit.add-photos"),
            show_label=False,
            file_count="multiple",
            file_types=["image"],
            height=64,
            container=False,
            elem_id=f"{prefix}add-photos",
            elem_classes="add-photos",
        )
        messages()
        with gr.Row(elem_id=f"{prefix}tiles", elem_classes="tiles"):
            self.tiles = [self._tile(slot, path) for slot, path in paths.items()]
        self.status = gr.HTML(self._status(paths, DRESS), elem_id=f"{prefix}outfit-status", padding=False)
        choices = [(say("outfit.top-and-bottom"), TOP_AND_BOTTOM), (say("outfit.dress"), DRESS)]
        self.wear = gr.Radio(choices, value=DRESS, label=say("outfit.wear"), visible=False, elem_id=f"{prefix}wear")
        with gr.Row(elem_id=f"{prefix}outfit-options", elem_classes="outfit-options"):
            self.keep = gr.Checkbox(
                False, label=say("outfit.keep-background"), elem_id=f"{prefix}keep-background",
                elem_classes="keep-background", container=False, min_width=120,
            )  # fmt: skip
            self.empty = gr.Button(
                say("page.clear-all"), size="sm", elem_id=f"{prefix}clear-outfit", elem_classes="clear-outfit",
                min_width=80,
            )  # fmt: skip
        self.mover = MoveControl(prefix)
        self.outputs = [*self.tiles, self.originals, self.wear, self.status, *self.mover.outputs]
        self._wire()

    def _tile(self, slot: str, path: str | None) -> ArticleImage:
        return ArticleImage(
            path,
            label=say(f"slot.{slot}"),
            type="filepath",
            image_mode=None,
            sources=["upload", "clipboard"],
            height=216,
            min_width=100,
            buttons=[],
            elem_id=f"{self.prefix}tile-{slot}",
            elem_classes="tile",
            placeholder=say(f"such-as.{slot}"),
            alt_text=say("outfit.cut-out", slot=say(f"slot.{slot}")),
        )

    def _wire(self) -> None:
        state = [self.originals, *self.tiles, self.wear]
        for slot, tile in zip(SLOTS, self.tiles, strict=True):
            tile.upload(self._uploader(slot), [self.keep, *state], self.outputs, trigger_mode="multiple", **LIGHT)
            tile.clear(self._refresher(slot), state, self.outputs, trigger_mode="multiple", **LIGHT)
        self.drop.upload(
            self._drop_event,
            [self.drop, self.keep, *state],
            [*self.outputs, self.drop],
            trigger_mode="always_last",
            api_visibility="private",
            show_progress_on=self.drop,
        )
        self.mover.button.click(self._move_event, [*self.mover.inputs, *state], self.outputs, **LIGHT)
        self.mover.quick.click(self._quick_event, [self.mover.proposed, *state], self.outputs, **LIGHT)
        self.keep.input(self._keep_event, [self.keep, *state], self.outputs, **LIGHT)
        self.wear.input(self._refresher(), state, self.outputs, **LIGHT)
        self.empty.click(lambda: self.shown(dict.fromkeys(SLOTS), {}, DRESS), None, self.outputs, **LIGHT)

    def _uploader(self, slot: str) -> Any:
        def upload_event(keep: bool, originals: dict[str, str], *values: Any) -> list[Any]:
            paths, wear = by_slot(values[:-1]), values[-1]
            upload, proposed = paths[slot], None
            try:
                if upload:
                    paths[slot] = self._cutout(upload, slot, keep)
                    originals = {**originals, slot: upload}
                    wear, proposed = _worn_next(slot, wear), self._proposed(upload, slot)
            except InputError as error:
                warn(f"{say(f'slot.{slot}')}: {sentence(error)}")
                paths[slot] = None
            return self.shown(paths, originals, wear, proposed, _up_to_date(paths, originals) - {slot})

        return upload_event

    def _drop_event(self, files: list[str] | None, keep: bool, originals: dict[str, str], *values: Any) -> list[Any]:
        """Each photo goes to the slot that its garment belongs to; what is no garment changes nothing."""
        paths, wear = by_slot(values[:-1]), values[-1]
        placed = []
        if len(files or []) > MAX_PHOTOS:
            warn(say("outfit.first-photos", most=MAX_PHOTOS))
        for slot, upload in self._slots_of((files or [])[:MAX_PHOTOS]):
            try:
                cutout = self._cutout(upload, slot, keep)
            except InputError as error:
                warn(f"{_name(upload)}: {sentence(error)}")
                continue
            name, title = _name(upload), say(f"slot.{slot}")
            placed.append(say("outfit.instead", file=name, slot=title) if paths[slot] else f"{name} → {title}")
            paths[slot] = cutout
            originals = {**originals, slot: upload}
            wear = _worn_next(slot, wear)
        if placed:
            inform(*placed)
        return [*self.shown(paths, originals, wear), None]

    def _cutout(self, upload: str, slot: str, keep: bool) -> str:
        """The cut-out of a photo, or with ``keep`` the whole of it, where that shows nothing else to wear."""
        with self.studio.engine.turns.turn(PHOTO):
            busy = keep and not has_plain_backdrop(still_here(upload))
        if busy:
            warn(say("outfit.stays-cut-out", slot=say(f"slot.{slot}")))
        return self.studio.outbox.cutout(self.studio.article(upload, slot, keep and not busy))

    def _proposed(self, upload: str, slot: str) -> tuple[str, str] | None:
        """From where to where an article is to be moved, if it clearly belongs to another slot."""
        try:
            with self.studio.engine.turns.turn(PHOTO):
                scores = slot_scores(upload)
        except InputError:
            warn(say("outfit.no-clothes", slot=say(f"slot.{slot}")))
            return None
        best = max(scores, key=scores.__getitem__)
        return (slot, best) if scores[best] > _SURE and scores[slot] < LEAST_PLAUSIBLE else None

    def _slots_of(self, uploads: list[str]) -> list[tuple[str, str]]:
        """Slots and photos of those that show a garment; the others are refused in words."""
        scores = {}
        for upload in uploads:
            try:
                with self.studio.engine.turns.turn(PHOTO):
                    scores[upload] = slot_scores(upload)
            except InputError as error:
                warn(f"{_name(upload)}: {sentence(error)}")
        return list(zip(share_slots(list(scores.values())), scores, strict=True))

    def _move_event(self, source: str | None, target: str | None, originals: dict[str, str], *values: Any) -> list[Any]:
        """Moves an article to the slot where it belongs; what was there goes the other way."""
        paths, wear = by_slot(values[:-1]), values[-1]
        if not source or not target or source == target or not paths[source]:
            raise InputError("Choose which article to move, and another slot for it.")
        moved = {slot: originals.get(other) for slot, other in ((source, target), (target, source))}
        new = {}
        for slot, path in ((target, paths[source]), (source, paths[target])):
            new[slot] = self.studio.outbox.cutout(self.studio.article(path, slot)) if path else None
        originals = {slot: path for slot, path in {**originals, **moved}.items() if path}
        wear = _worn_next(target, wear)
        return self.shown({**paths, **new}, originals, wear)

    def _quick_event(self, proposed: tuple[str, str] | None, originals: dict[str, str], *values: Any) -> list[Any]:
        return self._move_event(*(proposed or (None, None)), originals, *values)

    def _refresher(self, *emptied: str) -> Any:
        def refresh_event(originals: dict[str, str], *values: Any) -> list[Any]:
            """What stands around the pictures; of a tile that was just emptied the page sends what it showed before."""
            paths = {**by_slot(values[:-1]), **dict.fromkeys(emptied)}
            return self.shown(paths, originals, values[-1], but=_up_to_date(paths, originals) | {*emptied})

        return refresh_event

    def _keep_event(self, keep: bool, originals: dict[str, str], *values: Any) -> list[Any]:
        """Cuts the articles out of their photos again, or puts the whole photos back."""
        paths = by_slot(values[:-1])
        for slot, original in originals.items():
            if paths[slot] and Path(original).is_file():  # an upload may be gone by now: its cut-out stays
                paths[slot] = self._cutout(original, slot, keep)
        return self.shown(paths, originals, values[-1])

    def shown(
        self, paths: Paths, originals: dict[str, str], wear: str | None, proposed: tuple[str, str] | None = None,
        but: Collection[str] = (),
    ) -> list[Any]:  # fmt: skip
        """Values for ``outputs``; what is set aside stays in its tile, pale and labelled.

        Args:
            but: slots whose pictures are left as the page has them, since another may have come meanwhile.
        """
        kept = worn(paths, wear)
        aside = {slot for slot in SLOTS if paths[slot] and not kept[slot]}
        tiles = [
            gr.update(
                label=say("outfit.aside", slot=say(f"slot.{slot}")) if slot in aside else say(f"slot.{slot}"),
                elem_classes=["tile", "aside"] if slot in aside else ["tile"],
            )
            | ({} if slot in but else {"value": path})
            for slot, path in paths.items()
        ]
        originals = {slot: original for slot, original in originals.items() if paths[slot]}
        radio = gr.update(value=wear, visible=in_conflict(paths))
        return [*tiles, originals, radio, self._status(paths, wear), *self.mover.shown(paths, proposed)]

    def outfit(self, tiles: tuple[str | None, ...], wear: str | None) -> Outfit:
        """The outfit that the tiles show, without what is set aside.

        Raises:
            InputError: a tile's picture cannot be used.
        """
        return self.studio.outfit(worn(by_slot(tiles), wear))

    def photos(
        self, tiles: tuple[str | None, ...], wear: str | None, originals: dict[str, str]
    ) -> dict[str, str | Article]:
        """Of each slot the photo of what is worn, or what was cut out of one that is gone.

        Raises:
            InputError: a tile's picture cannot be used.
        """
        kept = {slot: path for slot, path in worn(by_slot(tiles), wear).items() if path}
        here = {slot for slot in kept if slot in originals and Path(originals[slot]).is_file()}
        return {slot: originals[slot] if slot in here else self.studio.article(kept[slot], slot) for slot in kept}

    def _status(self, paths: Paths, wear: str | None) -> str:
        """The live line under the tiles."""
        try:
            line, kind = described(self.studio.outfit(worn(paths, wear))), "ok"
        except InputError as error:
            line, kind = sentence(error), "conflict"
        if not any(paths.values()):
            line, kind = say("outfit.empty"), "empty"
        elif in_conflict(paths):
            line, kind = say("outfit.dress-worn" if wear == DRESS else "outfit.dress-aside"), "conflict"
        return hint(line, kind=f"status {kind}")


def _up_to_date(paths: Paths, originals: dict[str, str]) -> set[str]:
    """Slots whose tiles show what is there: all but those whose picture was deleted."""
    return {slot for slot in SLOTS if paths[slot] or slot not in originals}


def _name(upload: str) -> str:
    return quoted(Path(upload).name)
