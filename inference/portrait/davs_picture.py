"""DAVS as a renderer of portraits: an aligned face, drawn for every moment of the voice, laid back into the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..errors import EngineError
from ..face.arrays import Flags, Floats
from ..hearing.audio import read_recording
from ..packages import load_package
from ..pictures.filling import Pixels
from ..published.state import ready
from ..published.systems import DAVS, DAVS_CHECKPOINT, SYSTEMS
from .boxes import Box
from .warp import Pose, WarpRenderer

if TYPE_CHECKING:
    from .renderers import Stage

RATE = 25.0
"""Frames a second of the published system."""
_AT_ONCE = 4
_SOFT = 0.06
"""Share of the square over which it fades into the picture."""
_GREY = (127, 127, 127)
_POINTS = np.array([[70, 112], [110, 112], [90, 150]], np.float64) * 2
_CUT, _FROM, _TO, _MARGIN = (44, 104), 268, 260, 2
ALIGNED = (_POINTS - _CUT) * (_TO / _FROM) - _MARGIN
"""(3, 2) where the published system has the two eyes and the mouth, pixels of the square: of a larger picture that is cut, made
smaller, and loses its margin."""


class DavsPicture:
    """A renderer, see `renderers.Renderer`. Head and eyes rest: its networks move the mouth alone.

    Args:
        stage: what is drawn.

    Raises:
        EngineError: there is no recording, or the picture is to be transparent (code ``bad_request``); OpenCV is missing
            (``full_engine_needed``); see `check_davs`, `davs.SpeakingPhoto` and `audio.read_recording`.
    """

    at_once = _AT_ONCE

    def __init__(self, stage: Stage) -> None:
        check_davs()
        if stage.voice is None:
            raise EngineError(
                "DAVS hears the recording itself: give the recording, or choose the renderer warp.",
                "bad_request",
            )
        if stage.clear:
            raise EngineError(
                "DAVS knows no transparency: end the output in .mp4, or choose the renderer warp.",
                "bad_request",
            )
        from ..published.davs import SIDE, SpeakingPhoto
        from ..published.davs_cepstra import windows

        self._cv = load_package("cv2", "DAVS", "choose the renderer warp")
        self._view = stage.view
        self._still = WarpRenderer(stage.face, False, None, stage.sampler).at_rest
        place = aligning(stage.face.landmarks)
        flags = self._cv.INTER_AREA if place[0, 0] < 0.5 else self._cv.INTER_LINEAR
        photo = self._cv.warpAffine(self._still, place, (SIDE, SIDE), flags=flags, borderValue=_GREY)
        back = self._cv.invertAffineTransform(place)
        height, width = self._still.shape[:2]
        share = self._laid_out(_soft(SIDE), back, (width, height))
        self._box = _box_of(share > 0)
        self._share = share[self._box.slices][..., None]
        self._back = back - [[0, 0, self._box.left], [0, 0, self._box.top]]
        heard = windows(read_recording(stage.voice).samples)
        path = DAVS_CHECKPOINT.path(SYSTEMS[DAVS].folder())
        self._speaking = SpeakingPhoto(path, photo, heard, stage.device)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self._view.size

    @property
    def told(self) -> tuple[str, ...]:
        """See `renderers.Renderer`."""
        return (
            "Drawn by DAVS' published networks, which are for non-commercial research only: credit their authors. They move the "
            "mouth alone: head and eyes rest.",
        )

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`."""
        return [self._laid(picture) for picture in self._speaking.draw([pose.moment for pose in poses])]

    def _laid(self, drawn: Pixels) -> Pixels:
        frame = self._still.copy()
        if not self._box.is_empty:
            before = frame[self._box.slices].astype(np.float32)
            laid = self._laid_out(drawn.astype(np.float32), self._back, self._box.size)
            mixed = before + self._share * (laid - before)
            frame[self._box.slices] = np.round(np.clip(mixed, 0, 255)).astype(np.uint8)
        return np.ascontiguousarray(frame[self._view.slices])

    def _laid_out(self, square: Floats, back: Floats, size: tuple[int, int]) -> Floats:
        """The square where it belongs in what has that width and height."""
        return np.asarray(self._cv.warpAffine(square, back, size, flags=self._cv.INTER_LINEAR))


def check_davs() -> None:
    """What can be told before any picture is looked at.

    Raises:
        EngineError: the full engine or the file is missing (codes ``backend_unavailable``, ``published_missing``), or the licence
            is not accepted (``licence``).
    """
    ready(SYSTEMS[DAVS])


def aligning(landmarks: Floats) -> Floats:
    """(2, 3) float64: the turn, size and shift that bring eyes and mouth of (68, 2 or more) points to `ALIGNED`."""
    points = np.asarray(landmarks, np.float64)[:, :2]
    eyes_and_mouth = np.stack(
        [points[36:42].mean(axis=0), points[42:48].mean(axis=0), points[[48, 54]].mean(axis=0)]
    )
    middle, wanted = eyes_and_mouth.mean(axis=0), ALIGNED.mean(axis=0)
    one = (eyes_and_mouth - middle) @ (1, 1j)
    other = (ALIGNED - wanted) @ (1, 1j)
    turn = np.vdot(one, other)
    turn *= np.linalg.norm(other) / max(float(np.linalg.norm(one)), 1e-9) / max(abs(turn), 1e-12)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, wanted - linear @ middle])


def _box_of(mask: Flags) -> Box:
    """The box around what is set of a mask (H, W); empty for none."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return Box(0, 0, 0, 0)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def _soft(side: int) -> Floats:
    """(side, side) how much of the square is seen: all of it but near its edges."""
    place = np.arange(side, dtype=np.float32) + 0.5
    edge = np.clip(np.minimum(place, side - place) / (_SOFT * side), 0, 1)
    return np.asarray(edge[:, None] * edge, np.float32)
