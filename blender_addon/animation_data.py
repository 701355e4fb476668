# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the `FaceAnimation` files that the engine writes (docs/architecture.md) and applies the dials.

Needs numpy, which is imported only when a file is read: the panel must draw without it.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from . import dials as dials_module
from .dials import Dials
from .errors import TalkingAnimationError
from .rigs.arkit import ARKIT_NAMES

if TYPE_CHECKING:
    import numpy as np

FORMAT_VERSION = 1
Cue = tuple[float, float, str]
_FRAME_ARRAYS = (
    "arkit",
    "head_rotation",
    "head_translation",
    "eye_rotation",
    "landmarks",
    "visemes",
    "blink",
)
_BLINK_COLUMNS = [ARKIT_NAMES.index("eyeBlinkLeft"), ARKIT_NAMES.index("eyeBlinkRight")]
NO_NUMPY = (
    "This Blender has no numpy, which Talking Animation computes with: "
    "install it (on Debian and Ubuntu: the package python3-numpy) and restart Blender."
)


@dataclass(frozen=True)
class Animation:
    """The part of a `FaceAnimation` that is written to a scene.

    Attributes:
        fps: frames per second; row i is the instant i / fps.
        arkit: (T, 52) float32, 0 to 1, Apple's order.
        head_rotation: (T, 3) float32 radians, XYZ Euler: nod (positive down), turn (positive to the picture's
            right, which is the character's left), tilt (positive counter-clockwise in the picture).
        head_translation: (T, 3) float32 in outer eye-corner distances: picture's right, up, to the viewer.
        eye_rotation: (T, 2) float32 radians: yaw (positive to the picture's right), pitch (positive up).
        source: what it was made of.
        landmarks: (T, 68, 3) float32, iBUG 68 order, outer eye-corner distances; None where the file holds none.
        neutral: (68, 3) float32: the face that `landmarks` move from.
        visemes: (T, 15) float32, 0 to 1, Oculus' order (`rigs.oculus.VISEMES`).
        blink: (T, 2) float32, 0 open to 1 shut: the character's own left and right eye.
        cues: mouth cues (start s, end s, shape A-H or X) that follow each other.
    """

    fps: float
    arkit: np.ndarray
    head_rotation: np.ndarray
    head_translation: np.ndarray
    eye_rotation: np.ndarray
    source: dict[str, Any] = field(default_factory=dict)
    landmarks: np.ndarray | None = None
    neutral: np.ndarray | None = None
    visemes: np.ndarray | None = None
    blink: np.ndarray | None = None
    cues: tuple[Cue, ...] = ()
    _dialled: dict[Dials, Animation] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        """Number of frames."""
        return int(self.arkit.shape[0])

    @property
    def closed(self) -> np.ndarray:
        """(T,) bool: frames in which the lips touch."""
        found: np.ndarray = dials_module.curves().closed_frames(self.arkit)
        return found

    def _with_frames(self, change: Callable[[np.ndarray], np.ndarray], **others: Any) -> Animation:
        """A copy in which every array with a row for each frame is changed."""
        arrays = {name: getattr(self, name) for name in _FRAME_ARRAYS}
        changed: dict[str, Any] = {
            name: None if values is None else change(values) for name, values in arrays.items()
        }
        return replace(self, _dialled={}, **changed, **others)

    def resampled(self, fps: float) -> Animation:
        """The same motion at another rate, linear between neighbouring frames; no closure of the lips is lost."""
        import numpy as np

        if len(self) < 2 or abs(fps - self.fps) < 1e-9:
            return replace(self, fps=fps, _dialled={})
        frames = int(np.floor((len(self) - 1) / self.fps * fps + 1e-6)) + 1
        position = dials_module.curves().sampling_positions(self.closed, frames, self.fps / fps)
        before = np.minimum(position.astype(np.int64), len(self) - 2)
        part = (position - before).astype(np.float32)

        def at(values: np.ndarray) -> np.ndarray:
            share = part.reshape(-1, *[1] * (values.ndim - 1))
            return np.asarray(values[before] * (1 - share) + values[before + 1] * share)

        return self._with_frames(at, fps=fps)

    def scaled(self, dials: Dials) -> Animation:
        """The same motion as the dials want it; shapes stay within 0 to 1, and lips that touch still do.

        The last result is kept, since every target asks for it.
        """
        if dials not in self._dialled:
            self._dialled.clear()
            self._dialled[dials] = self._scaled(dials)
        return self._dialled[dials]

    def _scaled(self, dials: Dials) -> Animation:
        import numpy as np

        curves = dials_module.curves()
        fps, steady = self.fps, dials.smoothing
        blink = self.blink if self.blink is not None else self.arkit[:, _BLINK_COLUMNS]
        result = replace(
            self,
            _dialled={},
            arkit=curves.dialled_weights(self.arkit, fps, dials),
            head_rotation=curves.smoothed(self.head_rotation * np.float32(dials.head), fps, steady),
            head_translation=curves.smoothed(self.head_translation * np.float32(dials.head), fps, steady),
            eye_rotation=self.eye_rotation * np.float32(dials.gaze),
            blink=np.clip(blink * np.float32(dials.blinks), 0, 1),
            visemes=None
            if self.visemes is None
            else curves.dialled_visemes(self.visemes, self.arkit, fps, dials),
            landmarks=None
            if self.landmarks is None
            else curves.dialled_landmarks(self.landmarks, self.neutral, blink, fps, dials),
        )
        frames = curves.offset_frames(dials, fps)
        if not frames:
            return result
        cues = tuple((begin + frames / fps, end + frames / fps, shape) for begin, end, shape in self.cues)
        return result._with_frames(lambda values: curves.delayed(values, frames), cues=cues)


def require_numpy() -> None:
    """Raise TalkingAnimationError where this Blender's Python has no numpy."""
    try:
        import numpy  # noqa: F401
    except Exception as error:
        raise TalkingAnimationError(NO_NUMPY) from error


def load(path: str) -> Animation:
    """Read a `FaceAnimation` file.

    Raises:
        TalkingAnimationError: where it is missing, damaged or of a newer format, or numpy is missing.
    """
    require_numpy()
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as data:
            if int(data["version"]) > FORMAT_VERSION:
                raise TalkingAnimationError(
                    f"{os.path.basename(path)} was made by a newer Talking Animation: update the add-on."
                )
            animation = Animation(
                fps=float(data["fps"]),
                source=json.loads(str(data["source"])),
                **{
                    name: _frames(data[name], columns)
                    for name, columns in (
                        ("arkit", 52),
                        ("head_rotation", 3),
                        ("head_translation", 3),
                        ("eye_rotation", 2),
                    )
                },
                landmarks=_landmarks(data["landmarks"]),
                neutral=np.nan_to_num(data["neutral"].astype(np.float32)),
                visemes=_frames(data["visemes"], 15),
                blink=_frames(data["blink"], 2),
                cues=tuple(
                    (float(begin), float(end), str(shape))
                    for (begin, end), shape in zip(data["cue_times"], data["cue_shapes"])
                ),
            )
    except FileNotFoundError as error:
        raise TalkingAnimationError(
            "The generated motion is no longer in the cache folder: press Generate talking animation again."
        ) from error
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise TalkingAnimationError(
            f"{os.path.basename(path)} is damaged: press Generate talking animation again."
        ) from error
    rows = (animation.arkit, animation.head_rotation, animation.eye_rotation, animation.blink)
    if len({len(values) for values in (*rows, animation.landmarks, animation.visemes)}) != 1:  # type: ignore[arg-type]
        raise TalkingAnimationError(
            f"{os.path.basename(path)} is damaged: press Generate talking animation again."
        )
    return animation


def _frames(values: Any, columns: int) -> Any:
    import numpy as np

    if values.ndim != 2 or values.shape[1] != columns or not len(values):
        raise ValueError("wrong shape")
    return np.nan_to_num(values.astype(np.float32))


def _landmarks(values: Any) -> Any:
    import numpy as np

    if values.shape[1:] != (68, 3):
        raise ValueError("wrong shape")
    return np.nan_to_num(values.astype(np.float32))


def eased(values: np.ndarray, fps: float, ease_in: float, ease_out: float) -> np.ndarray:
    """Let motion grow out of rest (zero) and come back to it.

    Args:
        values: (T, N) motion relative to rest.
        fps: frames per second.
        ease_in: seconds at the beginning over which the motion fades in.
        ease_out: seconds after the end over which it fades out.

    Returns:
        (T + E, N): the first and the last row are zero.
    """
    import numpy as np

    frames_in = max(1, min(round(ease_in * fps), len(values) - 1))
    frames_out = max(1, round(ease_out * fps))
    tail = np.repeat(values[-1:], frames_out, axis=0)
    result = np.concatenate([values, tail]).astype(np.float32)
    rise = np.linspace(0.0, 1.0, frames_in + 1, dtype=np.float32)[:-1, None]
    result[:frames_in] *= rise * rise * (3 - 2 * rise)
    fall = np.linspace(1.0, 0.0, frames_out + 1, dtype=np.float32)[1:, None]
    result[-frames_out:] *= fall * fall * (3 - 2 * fall)
    return result
