"""What can draw a talking portrait, by name: `names.PORTRAIT_RENDERERS` lists them, `RENDERERS` makes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..errors import EngineError
from ..face.face_picture import FacePicture
from ..face.names import DRAWN_STILL_ENDINGS, LOOK_ENDING, PERSONAL_RENDERER
from ..looks.apply import LOOKS, Look, drawn_as, look_called
from ..looks.network import holds_look
from ..pictures.filling import Pixels
from .boxes import Box
from .davs_picture import RATE as DAVS_RATE
from .davs_picture import DavsPicture, check_davs
from .published_picture import RATE, PublishedPicture, check_published_picture
from .sampling import Sampler
from .warp import Pose, WarpRenderer


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


def _personal(stage: Stage, path: Path) -> Renderer:
    from .own_renderer import own_renderer

    return own_renderer(stage, path)


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


_CHECKED: Mapping[str, Callable[[], None]] = {"makeittalk": check_published_picture, "davs": check_davs}

_ON_FILMS = frozenset({"warp", "refined"})


def check_renderer(name: str, device: str = "auto") -> None:
    """Raise what a renderer can tell before any picture is looked at.

    Raises:
        EngineError: see what stands in `_CHECKED`, `looks.apply.look_called`, `refined.check_refined` and
            `own_renderer.check_own`.
    """
    if name in _CHECKED:
        _CHECKED[name]()
    elif _is_drawn(name):
        _look_called(name)
    elif name == "refined":
        from .refined import check_refined

        check_refined(device)
    elif is_personal(name):
        from .own_renderer import check_own

        check_own(Path(name), device)


def in_its_look(name: str, face: FacePicture) -> tuple[str, FacePicture]:
    """What draws, and the face picture that it draws: a look is drawn once, and then moved as any picture is.

    Raises:
        EngineError: see `looks.apply.look_called` and `published_look.published_look`.
    """
    return ("warp", drawn_as(face, _look_called(name))) if _is_drawn(name) else (name, face)


def is_personal(name: str) -> bool:
    """Whether this names the file of a person's own renderer; a learned look has the same ending."""
    return name.lower().endswith(PERSONAL_RENDERER) and not _is_drawn(name)


def draws_films(name: str) -> bool:
    """Whether it can draw a mouth into the pictures of a film, see `film_renderer.FilmRenderer`."""
    return name in _ON_FILMS or is_personal(name)


def _is_drawn(name: str) -> bool:
    ending = name.lower()
    return (
        name in LOOKS
        or ending.endswith(DRAWN_STILL_ENDINGS)
        or (ending.endswith(LOOK_ENDING) and holds_look(Path(name)))
    )


def _look_called(name: str) -> Look:
    if not name.lower().endswith(DRAWN_STILL_ENDINGS):
        return look_called(name)
    from .published_look import published_look

    return published_look(Path(name))


def renderer_called(name: str, stage: Stage) -> Renderer:
    """The renderer of that name, or of that file.

    Raises:
        EngineError: there is none of that name (code ``bad_request``), or as it does itself.
    """
    if is_personal(name):
        return _personal(stage, Path(name))
    try:
        make = RENDERERS[name]
    except KeyError:
        raise EngineError(
            f"There is no renderer {name!r}: choose {', '.join(RENDERERS)}, or the file (.npz) of a person's own.",
            "bad_request",
        ) from None
    return make(stage)
