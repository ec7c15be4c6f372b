"""TryOnGAN (Lewis et al. 2021, arXiv 2101.02285): photos to styles, try-on between two photos, grids of poses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from vton.compositing import checked_repairs
from vton.compositing.put_back import on_plain_backdrop, put_back
from vton.compositing.scene import Scene
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.photos.image_io import ImageSource
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.value_range import image_tensor
from vton.networks.tryon_output import TryOnOutput
from vton.readers.overlays import pose_overlay
from vton.readers.person_photo import PersonPhoto, check_shows, read_person_photo
from vton.schema import Parsing, Person, Pose, SizeHW, as_size
from vton.schema.label_sets import PARSER_LABELS
from vton.systems.tryongan.canvas import OnCanvas, label_planes, parser_labels, parsing_of, person_on_canvas, picture_of
from vton.systems.tryongan.distance import PictureDistance, load_distance
from vton.systems.tryongan.grid import draw_grid, search_without
from vton.systems.tryongan.interpolation import Fitted, Fitting, TryOnSettings, interpolate
from vton.systems.tryongan.latent_file import Latent
from vton.systems.tryongan.network import DressedPicture, TryOnGAN
from vton.systems.tryongan.projection import PhotoTensors, ProjectionSettings, project, tune
from vton.systems.tryongan.regions import share_of
from vton.systems.tryongan.search import Search, finished
from vton.systems.tryongan.system import SYSTEM
from vton.systems.tryongan.worn_garment import check_worn, most_seen, read_wearer
from vton.tryon.moment import Moment
from vton.tryon.pipeline import DressingPipeline, Stopwatch, TryOnResult, check_background, opened_person


@dataclass(frozen=True)
class Projection:
    """A photo and what the generator makes of it.

    Attributes:
        latent: the styles and the pose.
        photo_u8, drawn_u8: [h, w, 3], uint8: the person on the canvas, and drawn.
        parsing: of the drawn one.
        distance: between both, by the measure called ``measure``.
    """

    latent: Latent
    photo_u8: np.ndarray
    drawn_u8: np.ndarray
    parsing: Parsing
    distance: float
    measure: str


@dataclass(frozen=True)
class Pair:
    """A person and a garment whose styles were found.

    Attributes:
        person: the photo and what was read from it; photo: its pixels [H, W, 3 or 4], uint8, free to change.
        wearer: the same of the garment's photo; slot: of the garment.
        people: both on the canvas; projected: both as the generator draws them.
        fitting: what q is searched in.
    """

    person: PersonPhoto
    photo: np.ndarray
    wearer: PersonPhoto
    slot: str
    people: tuple[OnCanvas, OnCanvas]
    projected: DressedPicture
    fitting: Fitting


class TryOnGANPipeline(DressingPipeline):
    """Dresses the person of a photo in what somebody wears in another one.

    Attributes:
        distance: of pictures, see `load_distance`; projection, fitting: settings of the searches.
    """

    record = SYSTEM
    network: TryOnGAN

    def __init__(self, network: TryOnGAN, checkpoint: str, revision: str, distance: PictureDistance | None = None):
        super().__init__(network, checkpoint, revision)
        self.size_hw: SizeHW = as_size(network.config["size_hw"])
        self.distance = (distance or load_distance()).to(self.device)
        self.projection, self.fitting = ProjectionSettings(), TryOnSettings()

    def measure_by(self, lpips_weights: str | Path) -> None:
        """Searches and measures by LPIPS from now on; InputError when that file holds no such weights."""
        self.distance = load_distance(lpips_weights).to(self.device)

    # -- photos to styles --

    def tensors(self, people: Sequence[OnCanvas]) -> PhotoTensors:
        """What the network sees of people on its canvas, on its device."""
        labels = torch.from_numpy(np.stack([one.labels for one in people])).long()
        photos = (
            image_tensor(np.stack([one.image_u8 for one in people])), label_planes(labels),
            pose_heatmaps([one.pose for one in people], self.network.pose_hw),
        )  # fmt: skip
        return PhotoTensors(*(tensor.to(self.device) for tensor in photos))

    def canvas(self, person: Person) -> OnCanvas:
        """A person of a photo as the network knows people."""
        return person_on_canvas(person.image_u8.copy(), parser_labels(person.parsing), person.pose, self.size_hw)

    def search_projection(self, photo: ImageSource | PersonPhoto) -> Search[Projection]:
        """`project` step by step; raises as it does."""
        found = photo if isinstance(photo, PersonPhoto) else read_person_photo(photo)
        person = self.canvas(found.found)
        photos = self.tensors([person])
        ws = yield from project(self.network, photos, self.distance, self.projection)
        with torch.no_grad():
            drawn = self.network.draw(ws, photos.pose_map)
            distance = self.distance(drawn.image.clamp(-1, 1), photos.image).item()
        latent = Latent(ws, person.pose, self.system, self.revision)
        return Projection(latent, person.image_u8, picture_of(drawn), parsing_of(drawn), distance, self.distance.label)

    def project(self, photo: ImageSource | PersonPhoto, watch: Callable[[Moment], None] | None = None) -> Projection:
        """Finds the styles that draw the person of a photo.

        Args:
            photo: of any size; watch: is told of each step, and may raise to stop.

        Raises:
            InputError: the photo cannot be read, or nobody is in it.
        """
        return finished(self.search_projection(photo), watch)

    def read_latent(self, path: str | Path) -> Latent:
        """Styles from a file.

        Raises:
            InputError: something else, or styles of other weights.
        """
        shape = (1, self.network.num_ws, self.network.config["w_dim"])
        return Latent.read(path, self.system, self.revision, shape)

    # -- try-on --

    def __call__(
        self,
        person: ImageSource | Person | PersonPhoto,
        garment: ImageSource | PersonPhoto,
        slot: str | None = None,
        background: str = "keep",
        without: Iterable[str] = (),
        watch: Callable[[Moment], None] | None = None,
    ) -> TryOnResult:
        """Dresses the person of a photo in what somebody wears in another one.

        Args:
            person: photo of any size, or one that was read before; garment: the same, of somebody who wears it.
            slot: which of their garments, one of ``TRYON_SLOTS``; None takes the one that is seen most.
            background: "keep", or "plain" for a light backdrop instead of the photo's.
            without: names of the record's parts, or of repairs, that are left out. Without "put-back" the result is
                the generator's whole picture, of its own size.
            watch: is told of each step of the searches, and may raise to stop.

        Returns:
            The photo in its own size, in which only the region of the garment has changed.

        Raises:
            InputError: a photo that cannot be read, nobody in one of both, a garment that nobody wears in its photo, a
                person's photo that does not show where it is worn, or an unknown name.
        """
        return finished(self.search(person, garment, slot, background, without), watch)

    def search(
        self,
        person: ImageSource | Person | PersonPhoto,
        garment: ImageSource | PersonPhoto,
        slot: str | None = None,
        background: str = "keep",
        without: Iterable[str] = (),
    ) -> Search[TryOnResult]:
        """`__call__` step by step; raises as it does, at the first step."""
        check_background(background)
        without, watch = checked_repairs(without, self.record.parts), Stopwatch()
        pair = yield from self.search_pair(person, garment, slot, watch)
        with watch.stage("try-on"):
            fitted = yield from interpolate(pair.fitting, self.fitting.without(without))
        steps = _steps(pair, fitted)
        if "put-back" in without:
            pixels = picture_of(fitted.drawn)
        else:
            with watch.stage("put back"):
                pixels, changed = self._put_back(pair, background, fitted, without)
            steps["put-back"] = np.repeat(changed[..., None], 3, axis=2)
        recipe = self.recipe(pair.person, pixels.shape[:2], pair.slot, pair.wearer.digest, background)
        return TryOnResult(pixels, recipe, steps, watch.seconds)

    def search_pair(
        self,
        person: ImageSource | Person | PersonPhoto,
        garment: ImageSource | PersonPhoto,
        slot: str | None,
        watch: Stopwatch,
    ) -> Search[Pair]:
        """Reads both photos and finds their styles, both at once; raises as `__call__` does."""
        worn = watch("garment", lambda: read_wearer(garment))
        opened, photo = watch("person", lambda: opened_person(person))
        slot = slot or most_seen(worn.found)
        self.check_slot(slot)
        check_worn(worn.found, slot)
        check_shows(Wearer.of(opened.found, slot))
        people = self.canvas(opened.found), self.canvas(worn.found)
        with watch.stage("projection"):
            photos = self.tensors(people)
            ws = yield from project(self.network, photos, self.distance, self.projection)
            network = yield from tune(self.network, ws, photos, self.distance, self.projection)
        styles = network.styles(ws)
        mine, theirs = ([one[i : i + 1] for one in styles] for i in (0, 1))
        fitting = Fitting(network, mine, theirs, photos.pose_map[:1], slot, self.distance)
        return Pair(opened, photo, worn, slot, people, network.draw(ws, photos.pose_map), fitting)

    def _put_back(
        self, pair: Pair, background: str, fitted: Fitted, without: frozenset[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The photo with the new garment, and how much of each canvas pixel is new."""
        photo, found = pair.photo, Wearer.of(pair.person.found, pair.slot)
        if background == "plain":
            photo = on_plain_backdrop(photo, found.silhouette)
        frame = PersonFrame.around(found, photo.shape[:2], self.size_hw)
        person = frame.person(photo, pair.person.found)
        wearer = Wearer.of(person, pair.slot)
        drawn, shown = fitted.drawn.image.clamp(-1, 1), share_of(fitted.drawn.logits, pair.fitting.labels.garment)
        erased = torch.from_numpy(wearer.erased.copy()).to(drawn.device)
        kept = image_tensor(person.image_u8[None]).to(drawn.device)
        output = TryOnOutput(torch.where(erased, drawn, kept), drawn, shown, shown, shown)
        return photo, put_back(photo, frame, found, Scene(person, wearer, output, without))

    # -- grids --

    def grid(self, styles: Sequence[Latent], poses: Sequence[Pose], garment: Latent | None = None,
             slot: str | None = None, watch: Callable[[int, int], None] | None = None) -> np.ndarray:
        """One style in many poses and bodies, see `draw_grid`."""
        return draw_grid(self, styles, poses, garment, slot, watch)

    def leave_out(self, person: ImageSource, garment: ImageSource, slot: str | None = None,
                  watch: Callable[[Moment], None] | None = None) -> tuple[np.ndarray, dict[str, dict[str, float]]]:
        """What each loss is worth, see `search_without`."""
        return finished(search_without(self, person, garment, slot), watch)

    def latent_of(self, source: ImageSource, watch: Callable[[Moment], None] | None = None) -> Latent:
        """Styles from a file that `Latent.to_bytes` filled, or of a photo; raises as `read_latent` and `project`."""
        if isinstance(source, str | Path) and Path(source).suffix.lower() == ".safetensors":
            return self.read_latent(source)
        return self.project(source, watch).latent

    @torch.no_grad()
    def draw(self, latent: Latent, pose: Pose) -> np.ndarray:
        """Somebody's styles in a pose of any canvas: [h, w, 3], uint8."""
        pose_map = pose_heatmaps([pose], self.network.pose_hw).to(self.device)
        return picture_of(self.network.draw(latent.ws.to(self.device), pose_map))

    @torch.no_grad()
    def draw_mixed(self, person: Latent, garment: Latent, slot: str, pose: Pose) -> np.ndarray:
        """A person in the garment of another's styles, mixed by region without a search: [h, w, 3], uint8."""
        pose_map = pose_heatmaps([pose], self.network.pose_hw).to(self.device)
        mine, theirs = (self.network.styles(one.ws.to(self.device)) for one in (person, garment))
        fitting = Fitting(self.network, mine, theirs, pose_map, slot, self.distance)
        return picture_of(fitting.draw(fitting.by_region(self.fitting.sureness)))


def _steps(pair: Pair, fitted: Fitted) -> dict[str, np.ndarray]:
    """Everything between the photos and the result, in order: name -> [h, w, 3], uint8."""
    person, wearer = pair.people
    second = DressedPicture(pair.projected.image[1:], pair.projected.logits[1:])
    return {
        "person": person.image_u8,
        "pose": pose_overlay(person.image_u8, person.pose),
        "parsing": Parsing(person.labels, PARSER_LABELS).colours(),
        "garment": wearer.image_u8,
        "person-projected": picture_of(pair.projected),
        "garment-projected": picture_of(second),
        "garment-at-the-pose": picture_of(pair.fitting.worn),
        "result-drawn": picture_of(fitted.drawn),
        "result-parsing": parsing_of(fitted.drawn).colours(),
    }
