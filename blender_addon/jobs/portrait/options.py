# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be chosen for the video of a talking picture."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ...errors import TalkingAnimationError
from ...inputs.video_renderers import (
    AUTOMATIC,
    BLENDER,
    ENGINE,
    FILE,
    FULL,
    LOOKS,
    PERSONAL,
    POSES,
    REFINED,
    RENDERERS,
    REPLAYED,
    VIEWS,
    is_file,
)

__all__ = [
    "AUTOMATIC",
    "BLENDER",
    "BY_ENGINE",
    "ENGINE",
    "FULL",
    "LOOKS",
    "PERSONAL",
    "POSES",
    "REFINED",
    "RENDERERS",
    "REPLAYED",
    "VIEWS",
    "PortraitOptions",
    "PortraitReport",
]

BY_ENGINE: Final = {ENGINE: "warp", REFINED: "refined", **LOOKS}
"""What the engine alone can be asked to draw with → its own name for it. Of `PERSONAL` that is the file."""


@dataclass(frozen=True)
class PortraitOptions:
    """How the video is made.

    Attributes:
        renderer: "AUTOMATIC": the engine where it can draw portraits, else Blender; "BLENDER" or "ENGINE"; "DRAWING" or
            "CARTOON": the engine, which draws the photo anew in that look; "REFINED": the engine, with a network that makes a
            photo's mouth look filmed; or "PERSONAL": with the network in the file `personal`.
        personal: the file (.npz), an absolute path, of a person's own renderer, which 'inference personalize --renderer' makes,
            or of a learned look, which 'inference train look' makes.
        preview: a quarter of the size, or `video_size.PREVIEW_LEAST`, to a file beside the video's with " preview" in its name.
        add_to_sequencer: put the video into the scene's sequencer, in place of the character's video before. A preview is not.
        frames: first and last scene frame; None for all that the character says.
        film_pose: of a character that was made of a film, "REPLAYED": its head moves as it was filmed; "GENERATED": as the
            character's does.
        view: "FULL" or "FACE", a square around the head, which the engine draws.
    """

    renderer: str = AUTOMATIC
    preview: bool = False
    add_to_sequencer: bool = False
    frames: tuple[int, int] | None = None
    personal: str = ""
    film_pose: str = REPLAYED
    view: str = FULL

    def __post_init__(self) -> None:
        """Raise TalkingAnimationError for a renderer, a pose or a view that there is not, or frames that are none."""
        for what, value, known in (
            ("head of a film", self.film_pose, POSES),
            ("view", self.view, VIEWS),
        ):
            if value not in known:
                raise TalkingAnimationError(
                    f"The {what} is {' or '.join(repr(name) for name in known)}, not '{value}'."
                )
        if self.renderer not in (*RENDERERS, PERSONAL):
            raise TalkingAnimationError(
                f"The renderer is {', '.join(repr(name) for name in RENDERERS)} or '{PERSONAL}', not '{self.renderer}'."
            )
        if self.renderer == PERSONAL:
            self._check_personal()
        if self.renderer == BLENDER and self.view != FULL:
            raise TalkingAnimationError(
                "Blender draws the whole picture: let the engine draw where the head alone shall be seen."
            )
        if self.frames is not None and self.frames[1] < self.frames[0]:
            raise TalkingAnimationError(
                f"The video would have no frames: it ends at frame {self.frames[1]}, before it begins at {self.frames[0]}."
            )

    def _check_personal(self) -> None:
        if not self.personal:
            raise TalkingAnimationError(
                "Choose the file of the person's own renderer, or of a learned look (.npz)."
            )
        name = os.path.basename(self.personal)
        if not is_file(name):
            raise TalkingAnimationError(
                f"'{name}' is no renderer and no look: choose a file that ends in {FILE}."
            )
        if not os.path.isfile(self.personal):
            raise TalkingAnimationError(
                f"'{name}' is not there: choose the file of the person's own renderer, or of a learned look."
            )

    def drawn_with(self, renderer: str, film_pose: str, view: str) -> PortraitOptions:
        """The same with another renderer, as `video_renderers.is_named`, another pose and view, in small or large letters; with
        what these options have where one is "".

        Raises:
            TalkingAnimationError: as the class itself.
        """
        others: dict[str, Any] = {
            "film_pose": film_pose.upper() or self.film_pose,
            "view": view.upper() or self.view,
        }
        if is_file(renderer):
            others |= {"renderer": PERSONAL, "personal": os.path.abspath(renderer)}
        elif renderer:
            others |= {"renderer": renderer.upper(), "personal": ""}
        return replace(self, **others)  # at once: some go with each other alone

    @property
    def by_engine(self) -> str:
        """The engine's own name for what the engine alone can draw with; "" for the others."""
        return self.personal if self.renderer == PERSONAL else BY_ENGINE.get(self.renderer, "")

    @property
    def engine_only(self) -> bool:
        """Whether Blender cannot draw instead."""
        return bool(self.by_engine) or self.view != FULL


@dataclass
class PortraitReport:
    """The video that was made.

    Attributes:
        path: of the file, absolute.
        first, frames: the scene frame of its first picture, and how many there are.
        fps: frames per second.
        size: width and height, pixels.
        renderer: "BLENDER", "ENGINE", "DRAWING", "CARTOON", "REFINED" or "PERSONAL".
        message: one line for the user.
        warnings: sentences about what to watch out for.
    """

    path: str
    first: int
    frames: int
    fps: float
    size: tuple[int, int]
    renderer: str
    message: str = ""
    warnings: list[str] = field(default_factory=list)
