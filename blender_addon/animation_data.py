# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the `FaceAnimation` files that the engine writes (docs/architecture.md) and applies the dials.

Needs numpy, which is imported only when a file is read: the panel must draw without it.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .errors import TalkingAnimationError
from .rigs.arkit import ARKIT_NAMES, dial_of

if TYPE_CHECKING:
    import numpy as np

FORMAT_VERSION = 1
NO_NUMPY = (
    "This Blender has no numpy, which Talking Animation computes with: "
    "install it (on Debian and Ubuntu: the package python3-numpy) and restart Blender."
)


@dataclass(frozen=True)
class Dials:
    """How strongly each part moves: 0 still, 1 as generated, 2 twice."""

    lips: float = 1.0
    head: float = 1.0
    brows: float = 1.0
    blinks: float = 1.0
    gaze: float = 1.0


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
    """

    fps: float
    arkit: np.ndarray
    head_rotation: np.ndarray
    head_translation: np.ndarray
    eye_rotation: np.ndarray
    source: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of frames."""
        return int(self.arkit.shape[0])

    def resampled(self, fps: float) -> Animation:
        """The same motion at another rate, linear between neighbouring frames."""
        import numpy as np

        if len(self) < 2 or abs(fps - self.fps) < 1e-9:
            return replace(self, fps=fps)
        frames = int(np.floor((len(self) - 1) / self.fps * fps + 1e-6)) + 1
        position = np.clip(np.arange(frames) * (self.fps / fps), 0, len(self) - 1)
        before = np.minimum(position.astype(np.int64), len(self) - 2)
        part = (position - before).astype(np.float32)[:, None]

        def at(values: np.ndarray) -> np.ndarray:
            return values[before] * (1 - part) + values[before + 1] * part

        return replace(
            self,
            fps=fps,
            arkit=at(self.arkit),
            head_rotation=at(self.head_rotation),
            head_translation=at(self.head_translation),
            eye_rotation=at(self.eye_rotation),
        )

    def scaled(self, dials: Dials) -> Animation:
        """The same motion with each part scaled by its dial; shapes stay within 0 to 1.

        What is still stays still: a dial multiplies and never adds. Jaw and lip shapes share one dial, so that
        lips that meet over an open jaw still meet.
        """
        import numpy as np

        gains = np.array([getattr(dials, dial_of(name)) for name in ARKIT_NAMES], np.float32)
        return replace(
            self,
            arkit=np.clip(self.arkit * gains, 0.0, 1.0),
            head_rotation=self.head_rotation * np.float32(dials.head),
            head_translation=self.head_translation * np.float32(dials.head),
            eye_rotation=self.eye_rotation * np.float32(dials.gaze),
        )


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
            )
    except FileNotFoundError as error:
        raise TalkingAnimationError(
            "The generated motion is no longer in the cache folder: press Generate talking animation again."
        ) from error
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise TalkingAnimationError(
            f"{os.path.basename(path)} is damaged: press Generate talking animation again."
        ) from error
    if len({len(animation.arkit), len(animation.head_rotation), len(animation.eye_rotation)}) != 1:
        raise TalkingAnimationError(
            f"{os.path.basename(path)} is damaged: press Generate talking animation again."
        )
    return animation


def _frames(values: Any, columns: int) -> Any:
    import numpy as np

    if values.ndim != 2 or values.shape[1] != columns or not len(values):
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
