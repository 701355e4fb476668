# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving a picture's character another look: the engine draws the photo anew, and its materials show that."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..characters.pictures import OTHER_FACE, PictureOrigin, origin_of
from ..characters.related import is_editable
from ..contract import EngineError, messages
from ..contract.finer_texture import FINER
from ..contract.names import LOOK_ENDING, PHOTO_LOOK, PORTRAIT_LOOKS
from ..errors import TalkingAnimationError
from ..faces.from_picture import looks
from ..inputs import pictures_aside
from .job import EngineJob, Progress, one_at_a_time, wait
from .picture import KINDS, Loading

LOOKS: Final = (PHOTO_LOOK, *PORTRAIT_LOOKS)
_GONE: Final = "The picture's image was deleted: make the picture talk again."


@dataclass
class LookReport:
    """What came of it: one line for the user, and sentences about what to watch out for."""

    message: str
    warnings: list[str] = field(default_factory=list)


class LookJob(EngineJob[LookReport]):
    """Giving a character another look without blocking; the arguments are those of `draw_look`."""

    def __init__(self, root: Any, look: str) -> None:
        super().__init__("Drawing the look")
        origin = origin_of(root) if root is not None else None
        if origin is None:
            raise TalkingAnimationError(
                "Only a picture that talks has a look: pick one, or make a picture talk."
            )
        self._look = os.path.abspath(bpy.path.abspath(look)) if look not in LOOKS else look
        if look not in LOOKS and not look.lower().endswith(LOOK_ENDING):
            raise TalkingAnimationError(
                f"The look is {', '.join(LOOKS)} or a file {LOOK_ENDING}, not '{look}'."
            )
        self._root, self._drawn = str(root.name), ""
        self._loading: Loading | None = None
        self._finer = False
        if self._look == PHOTO_LOOK:
            return
        photo, mesh = looks.photo_of(root), looks.mesh_of(root)
        if photo is None:
            raise TalkingAnimationError(_GONE)
        if not is_editable(mesh.data):
            raise TalkingAnimationError(f"'{root.name}' is linked from another file: draw its look there.")
        self._finer = any(FINER in material.name for material in mesh.data.materials if material)
        try:
            read = pictures_aside.for_engine(photo, self.folder)
            others = [part for part in origin.sha256.split(" ")[1:] if part.startswith(OTHER_FACE)]
            request = messages.PictureRequest(
                read.pixels,
                str(self.folder / "face.npz"),
                origin.name,
                origin.points,
                others[0][len(OTHER_FACE) :] if others else "largest",
                _kind_of(origin, mesh),
                look=self._look,
            )
            self._ask(request)
        except BaseException:
            self._clean_up()
            raise

    def _progressed(self, fraction: float) -> None:
        self.fraction = 0.9 * fraction

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.PictureResult)
        self._drawn = answer.outputs[0]

    def _finish(self) -> None:
        if self._drawn:
            if self._loading is None:
                self._loading = Loading([self._drawn], True, self._finer)
                self._loading.start()
            if not self._loading.done():
                return
        root = bpy.data.objects.get(self._root)
        if root is None or looks.mesh_of(root) is None:
            raise TalkingAnimationError("The picture was removed or renamed meanwhile: pick it again.")
        if self._loading is None:
            looks.show_photo(root)
            self.report = LookReport(f"'{root.name}' looks as its picture does.")
            return
        try:
            (drawn,) = self._loading.result()
        except EngineError as error:
            raise TalkingAnimationError(
                f"The look of '{root.name}' came back damaged: draw it again."
            ) from error
        name = self._look if self._look in LOOKS else os.path.splitext(os.path.basename(self._look))[0]
        if not looks.show(root, drawn, name):
            raise TalkingAnimationError(
                f"'{root.name}' has other materials than it was made with, so no look can be shown: make its picture talk again."
            )
        self.report = LookReport(f"'{root.name}' is drawn in another look: its images can be painted on.")


def _kind_of(origin: PictureOrigin, mesh: Any) -> str:
    """How a picture was made; where it does not say so, drawings are told by lids of their own, unless both eyes are shut."""
    if origin.kind in KINDS:
        return origin.kind
    return "drawing" if any("lid_" in part.name for part in mesh.data.materials if part) else KINDS[0]


@one_at_a_time
def draw_look(root: Any, look: str, progress: Progress | None = None) -> LookReport:
    """Give a picture's character another look; returns when its materials show it.

    Args:
        root: its armature.
        look: "photo" for the picture as it was, "drawing", "cartoon", or the path of a learned look (.npz).
        progress: called with 0 to 1 and the name of the stage.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    return wait(LookJob(root, look), progress)
