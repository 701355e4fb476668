"""What a picture does in each frame of its video: as Blender's keys would let it do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..face.animation import FaceAnimation
from ..face.arrays import Floats
from ..face.easing import FACE_EASE, HEAD_EASE, eased
from ..face.face_picture import PICTURED, SHAPE_NAMES, FacePicture
from ..face.head_limits import PICTURE_HEAD_LIMIT, softly_limited
from ..face.names import ARKIT_NAMES
from ..face.retargeting.own_shapes import fitted
from ..pictures.own_shapes import own_shapes_of, relief_of
from .warp import Pose

_SHIFT_LIMIT = 0.12
"""Eye distances by which the head is moved at most: what lies beside it is stretched for it."""
_DOWN = np.array([1.0, -1.0, 0.0], np.float32)


@dataclass(frozen=True)
class PortraitMotion:
    """What is drawn, T frames.

    Attributes:
        fps: frames per second.
        weights: (T, 53) float32, of `SHAPE_NAMES`.
        rotation: (T, 3) float32, radians, as `FaceAnimation.head_rotation`, within what a picture can turn.
        shift: (T, 3) float32, pixels of the picture by which the head is moved, y down.
    """

    fps: float
    weights: Floats
    rotation: Floats
    shift: Floats

    def __len__(self) -> int:
        """How many frames."""
        return len(self.weights)

    def pose(self, row: int, scale: float) -> Pose:
        """The pose of a frame, of a picture that is drawn so many times as large."""
        shift = self.shift[row] * np.float32(scale)
        return Pose(self.weights[row], self.rotation[row], shift, row / self.fps)


def frame_count(seconds: float, fps: float) -> int:
    """How many frames a sound of so many seconds takes: its last one ends when the sound does, within half a frame."""
    return max(1, int(np.floor(seconds * fps + 0.5)))


def portrait_motion(
    face: FacePicture, animation: FaceAnimation, fps: float, frames: int, still: bool = False
) -> PortraitMotion:
    """What a face picture does for an animation.

    It grows out of the picture as it is: the first frame is the picture.

    Args:
        face: that talks.
        animation: what it says; where it is not fitted to own shapes yet, it is fitted to the picture's.
        fps: frames per second of the video.
        frames: how many; past the animation's end its last one stays.
        still: hold the head.
    """
    at_rate = animation.resampled(fps, frames)
    if not animation.source.get("fitted") and len(relief_of(face).points) > MESH_TO_IBUG.max():
        at_rate = fitted(at_rate, own_shapes_of(face))

    def grown(values: Floats, ease: tuple[float, float]) -> Floats:
        return eased(values.reshape(frames, -1), fps, *ease)[:frames]

    weights = np.zeros((frames, len(SHAPE_NAMES)), np.float32)
    weights[:, : len(ARKIT_NAMES)] = grown(at_rate.arkit, FACE_EASE)
    talks = grown(np.ones((frames, 1), np.float32), FACE_EASE)[:, 0] if frames > 1 else np.zeros(frames)
    weights[:, SHAPE_NAMES.index(PICTURED)] = 1 - talks
    if frames == 1:  # there is no frame to grow in
        weights[:, : len(ARKIT_NAMES)] = 0
    rotation = softly_limited(grown(at_rate.head_rotation, HEAD_EASE), PICTURE_HEAD_LIMIT)
    shift = softly_limited(grown(at_rate.head_translation, HEAD_EASE), _SHIFT_LIMIT)
    moves = np.float32(0 if still or frames == 1 else 1)
    return PortraitMotion(
        fps,
        weights,
        (rotation * moves).astype(np.float32),
        (shift * _DOWN * np.float32(face.eye_distance) * moves).astype(np.float32),
    )
