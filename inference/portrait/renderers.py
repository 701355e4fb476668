"""What can draw a talking portrait, by name: `names.PORTRAIT_RENDERERS` lists them, `RENDERERS` makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..errors import EngineError
from ..face.face_picture import FacePicture
from ..face.names import DRAWN_STILL_ENDING
from ..looks.apply import Look, drawn_as, is_look, look_called
from ..pictures.filling import Pixels
from .davs_picture import RATE as DAVS_RATE
from .davs_picture import DavsPicture, check_davs
from .published_picture import RATE, PublishedPicture, check_published_picture
from .sampling import Sampler
from .warp import Box, Pose, WarpRenderer


@dataclass(frozen=True)
class Stage:
    """What a renderer draws, and on what.

    Attributes:
        face: at the size of its video (see `sized.sized`).
        clear: draw the person alone, with transparency.
        view: what of the picture is seen.
        sampler: what reads textures.
        device: ``auto``, ``cpu`` or ``cuda``, for those that run a network.
        voice: the recording that is heard, for those that hear it themselves; None where there is none.
    """

    face: FacePicture
    clear: bool
    view: Box
    sampler: Sampler
    device: str = "auto"
    voice: Path | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is seen."""
        return self.view.within(Box(0, 0, *self.face.size)).size


class Renderer(Protocol):
    """Draws frames in any order, in several threads at once."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is drawn."""

    @property
    def at_once(self) -> int:
        """How many frames it likes to be asked for together, from 1 on; the same all the time."""

    @property
    def told(self) -> tuple[str, ...]:
        """Sentences that the user should read, once all is drawn."""

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """(H, W, 3) RGB, or (H, W, 4) with straight alpha, of each pose.

        Raises:
            EngineError: what it needs is missing, or does not suffice.
        """


def _warp(stage: Stage) -> Renderer:
    return WarpRenderer(stage.face, stage.clear, stage.view, stage.sampler)


def _refined(stage: Stage) -> Renderer:
    from .refined import RefinedRenderer

    return RefinedRenderer(stage)


RENDERERS: Mapping[str, Callable[[Stage], Renderer]] = {
    "warp": _warp,
    "refined": _refined,
    "makeittalk": PublishedPicture,
    "davs": DavsPicture,
}
"""Name → what makes such a renderer; it raises EngineError where something that it needs is missing."""

RATES: Mapping[str, float] = {"makeittalk": RATE, "davs": DAVS_RATE}
"""Frames a second of renderers that were made for a rate of their own."""

DRAWN_APART = frozenset({"warp"})
"""Those whose frames several processes may draw (see `crew`): they use one core, draw what the stage shows and tell nothing."""


def check_renderer(name: str) -> None:
    """Raise what a renderer can tell before any picture is looked at: what stands in `_CHECKED`, and `look_called` of a look."""
    if name in _CHECKED:
        _CHECKED[name]()
    elif is_look(name):
        look_called(name)
    """Raise what a renderer can tell before any picture is looked at, see `check_published_picture` and `look_called`."""
    if name == "makeittalk":
        check_published_picture()
    elif _is_drawn(name):
        _look(name)


_CHECKED: Mapping[str, Callable[[], None]] = {"makeittalk": check_published_picture, "davs": check_davs}


def in_its_look(name: str, face: FacePicture) -> tuple[str, FacePicture]:
    """What draws, and the face picture that it draws: a look is drawn once, and then moved as any picture is.

    Raises:
        EngineError: see `looks.apply.look_called` and `published_look.PublishedDrawing`.
    """
    return ("warp", drawn_as(face, _look(name))) if _is_drawn(name) else (name, face)


def _is_drawn(name: str) -> bool:
    return is_look(name) or name.lower().endswith(DRAWN_STILL_ENDING)


def _look(name: str) -> Look:
    if is_look(name):
        return look_called(name)
    from .published_look import PublishedDrawing

    return PublishedDrawing(Path(name))


def renderer_called(name: str, stage: Stage) -> Renderer:
    """The renderer of that name.

    Raises:
        EngineError: there is none of that name (code ``bad_request``), or as it does itself.
    """
    try:
        make = RENDERERS[name]
    except KeyError:
        raise EngineError(
            f"There is no renderer {name!r}: choose {', '.join(RENDERERS)}.", "bad_request"
        ) from None
    return make(stage)
