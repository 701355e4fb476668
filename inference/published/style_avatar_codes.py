"""style_avatar's style codes in and out of ours: a motion's code in its numbers, and a style of ours from a code of its."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..face.animation import FaceAnimation
from ..face.names import STYLE_AVATAR
from ..face.result_files import write_whole
from . import style_avatar_files as given
from .state import ready
from .systems import SYSTEMS

ENDING = ".npy"


@dataclass(frozen=True)
class Codes:
    """What leads from one kind of code to the other.

    Attributes:
        model: the face model whose coefficients their codes are of.
        scale: what their codes are scaled with.
    """

    model: given.FaceModel
    scale: given.Scale

    def measures(self, place: str) -> dict[str, float]:
        """The numbers of `style_code.CODE_NAMES` of a code. Raises EngineError as `style_avatar_files.read_code`."""
        return given.statistics_of(given.read_code(place), self.model, self.scale)

    def save(self, animation: FaceAnimation, path: Path) -> None:
        """Write a motion's code as a ``.npy`` file of 135 float32. Raises EngineError as `write_whole`."""
        code = given.code_of(animation, self.model, self.scale).astype(np.float32)
        write_whole(path, lambda stream: np.save(stream, code))


def is_code(clip: Path) -> bool:
    """Whether this names a style code: a ``.npy`` file, perhaps with ``:NUMBER``."""
    return given.code_file(str(clip))[0].lower().endswith(ENDING)


def open_codes(chosen: str | None = None, accepting: bool = False) -> Codes:
    """Read what it takes.

    Args:
        chosen: a folder instead of the usual one.
        accepting: whether the user accepts the licence now.

    Raises:
        EngineError: the full engine is missing (code ``backend_unavailable``), files are missing (``published_missing``) or
            damaged (``bad_weights``), the licence is not accepted (``licence``).
    """
    files = (given.FACE_MODEL, given.EXPRESSION_SCALE, given.POSE_SCALE)
    needed = [replace(file, required=True) for file in files]
    folder = ready(SYSTEMS[STYLE_AVATAR], chosen, accepting, needed)
    return Codes(given.read_face_model(given.FACE_MODEL.path(folder)), given.read_scale(folder))
