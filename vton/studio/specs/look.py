"""A look: all that decides the pictures of one entry of a data set."""

from dataclasses import dataclass

from vton.schema import InputError
from vton.studio.specs.form import Spec
from vton.studio.specs.outfit import OutfitSpec
from vton.studio.specs.person import PersonSpec
from vton.studio.specs.photo import ArticleViewSpec, PoseSpec, ViewSpec


@dataclass(frozen=True)
class WearerSpec(Spec):
    """Somebody else in the outfit of a look, from whose photo its articles are cut; colours of the view: appearance."""

    person: PersonSpec
    pose: PoseSpec
    view: ViewSpec


@dataclass(frozen=True)
class LookSpec(Spec):
    """One entry of a shard: a person in an outfit, and one pose and one view per photo. Enough to re-make it.

    article_views: the photos of the articles beside their packshots, at most one per slot and kind; wearer: whose
    photo the articles are also cut from, or None.

    Raises:
        InputError: poses and views differ in number.
    """

    person: PersonSpec
    outfit: OutfitSpec
    poses: tuple[PoseSpec, ...]
    views: tuple[ViewSpec, ...]
    article_views: tuple[ArticleViewSpec, ...] = ()
    wearer: WearerSpec | None = None

    def __post_init__(self) -> None:
        if not self.poses or len(self.poses) != len(self.views):
            raise InputError("A look needs one pose and one view per photo.")
