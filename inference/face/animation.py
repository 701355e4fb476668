"""`FaceAnimation`: what the engine makes and everything else reads.

The file format is described field by field in ``docs/architecture.md``.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

import numpy as np

from . import resampling
from .arrays import Flags, Floats
from .json_text import json_object
from .landmarks import JAW, LEFT_EYE, LIPS, RIGHT_EYE
from .lids_and_lips import inner_lip_gap
from .names import ARKIT_INDEX
from .result_files import read_npz, write_npz, write_whole
from .shape_effects import closed_frames, lip_gap, shapes

FORMAT_VERSION = 1
_SLOWEST, _FASTEST = 0.01, 100_000.0
"""Frames per second of a file: at others it is damaged, and to resample it would take all memory."""

# Arrays with one row a frame: these are what resampling and shape checks walk over.
FRAME_SHAPES: dict[str, tuple[int, ...]] = {
    "landmarks": (68, 3),
    "head_rotation": (3,),
    "head_translation": (3,),
    "eye_rotation": (2,),
    "blink": (2,),
    "arkit": (52,),
    "visemes": (15,),
}

Cue = tuple[float, float, str]

_MOUTH = np.r_[JAW, LIPS]
_EYES = ((LEFT_EYE, "eyeBlinkLeft"), (RIGHT_EYE, "eyeBlinkRight"))


@dataclass(frozen=True)
class FaceAnimation:
    """The motion of one face, independent of any character.

    All per-frame arrays are float32 with T rows; frame i is the instant ``i / fps`` seconds.

    Attributes:
        fps: frames per second, > 0.
        landmarks: (T, 68, 3), iBUG 68 order, head-stabilised; unit outer eye-corner distance,
            x to the picture's right, y up, z to the viewer.
        neutral: (68, 3), the face that the motion is relative to; same unit.
        head_rotation: (T, 3) radians, XYZ Euler: nod (positive down), turn (positive to the
            picture's right), tilt (positive counter-clockwise in the picture).
        head_translation: (T, 3), same unit as the landmarks.
        eye_rotation: (T, 2) radians: yaw (positive to the picture's right), pitch (positive up).
        blink: (T, 2), 0 open to 1 shut; the character's own left and right eye.
        arkit: (T, 52), 0 to 1, Apple's order.
        visemes: (T, 15), 0 to 1, Oculus order.
        cues: mouth cues (start s, end s, shape A-H or X) that follow each other without gaps.
        source: what is needed to make it again: audio name and hash, model, style, seed, settings; and `warnings`.
    """

    fps: float
    landmarks: Floats
    neutral: Floats
    head_rotation: Floats
    head_translation: Floats
    eye_rotation: Floats
    blink: Floats
    arkit: Floats
    visemes: Floats
    cues: list[Cue] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    memo: dict[Any, FaceAnimation] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was last made of this animation, by what it was made with (see `dialled.dialled`)."""

    def __post_init__(self) -> None:
        """Raise ValueError where a field does not have the documented shape."""
        if not self.fps > 0:
            raise ValueError(f"fps must be positive, not {self.fps}")
        if self.neutral.shape != (68, 3):
            raise ValueError(f"neutral must have shape (68, 3), not {self.neutral.shape}")
        for name, shape in FRAME_SHAPES.items():
            given = getattr(self, name).shape
            if given != (len(self), *shape):
                raise ValueError(f"{name} must have shape {(len(self), *shape)}, not {given}")

    def __len__(self) -> int:
        """Number of frames T."""
        return int(self.landmarks.shape[0])

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the last."""
        return (len(self) - 1) / self.fps

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that the user should read: ``source["warnings"]``, which files of earlier versions lack."""
        told = self.source.get("warnings")
        return tuple(str(sentence) for sentence in told) if isinstance(told, (list, tuple)) else ()

    @property
    def closed(self) -> Flags:
        """(T,) bool: frames in which the weights let the lips touch (see `shape_effects.closed_frames`)."""
        return closed_frames(self.arkit)

    def resampled(self, fps: float, frames: int | None = None) -> FaceAnimation:
        """The same motion at another rate, linear between neighbouring frames; no closure of the lips and no blink is lost.

        Args:
            fps: the wanted frames per second, > 0.
            frames: how many frames to make; by default as many as fit in the duration.

        Returns:
            A new animation; instants past the end repeat the last frame.
        """
        count = resampling.frame_count(len(self), self.fps, fps) if frames is None else frames
        if len(self) == count and abs(fps - self.fps) < 1e-9:
            return replace(self, fps=float(fps))
        step = self.fps / fps
        even = resampling.even_positions(len(self), count, step)
        arrays: dict[str, Any] = {name: resampling.read(getattr(self, name), even) for name in FRAME_SHAPES}

        def keep(events: list[tuple[int, int]], parts: dict[str, Any]) -> None:
            """Read parts of the face (array → its columns) where they meet every one of the events."""
            positions = resampling.positions_that_keep(events, len(self), count, step)
            moved = np.flatnonzero(positions != even)
            for name, columns in parts.items():
                meeting = resampling.read(getattr(self, name), positions[moved])
                arrays[name][moved[:, None], columns] = meeting[:, columns]

        mouth = [index for index, dial in enumerate(shapes().groups) if dial == "lips"]
        keep(resampling.closures(lip_gap(self.arkit)), {"arkit": mouth, "visemes": np.arange(15)})
        keep(resampling.closures(inner_lip_gap(self.landmarks)), {"landmarks": _MOUTH})
        for eye, (points, name) in enumerate(_EYES):
            lid = {"blink": [eye], "arkit": [ARKIT_INDEX[name]], "landmarks": points}
            keep(resampling.blinks(self.blink[:, eye]), lid)
        return replace(self, fps=float(fps), **arrays)

    def save(self, path: str | os.PathLike[str], level: int = 1) -> None:
        """Write the animation as an ``.npz`` file; a file of that name is replaced only once all is written.

        Args:
            path: the file.
            level: how hard to compress, 0 to 9. zlib's own choice, 6, takes twice as long for a thirtieth less.

        Raises:
            EngineError: where the folder is missing or cannot be written to (code ``output_unwritable``).
        """
        arrays = self._arrays()
        write_whole(path, lambda stream: write_npz(stream, arrays, level))

    def _arrays(self) -> dict[str, Any]:
        """What is written, by its name in the file."""
        arrays: dict[str, Any] = {
            "version": np.int64(FORMAT_VERSION),
            "fps": np.float64(self.fps),
            "neutral": self.neutral.astype(np.float32),
            "cue_times": np.array([cue[:2] for cue in self.cues], np.float32).reshape(-1, 2),
            "cue_shapes": np.array([cue[2] for cue in self.cues], "<U1"),
            "source": np.array(json.dumps(self.source, sort_keys=True, ensure_ascii=False)),
        }
        arrays.update({name: getattr(self, name).astype(np.float32) for name in FRAME_SHAPES})
        return arrays

    def packed(self) -> bytes:
        """The animation in little room, to travel within another file: half precision, points as their way from the neutral face.

        What `unpacked` makes of it differs by less than 0.001 of each unit for motion as faces have it, and where the lips'
        weights are equal here they are there.
        """
        arrays = self._arrays()
        arrays["landmarks"] = self.landmarks - self.neutral
        arrays.update({name: arrays[name].astype(np.float16) for name in FRAME_SHAPES})
        stream = io.BytesIO()
        write_npz(stream, arrays, 9)
        return stream.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> FaceAnimation:
        """What was `packed`.

        Raises:
            EngineError: as `load`.
        """

        def read(arrays: Mapping[str, Any]) -> FaceAnimation:
            moved = cls._read(arrays)
            return replace(moved, landmarks=moved.landmarks + moved.neutral)

        return _read_animation(io.BytesIO(data), read)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> FaceAnimation:
        """Read an ``.npz`` file of this or an older format version.

        Raises:
            EngineError: where the file is missing, damaged, no FaceAnimation (code ``bad_animation``)
                or of a newer format (code ``newer_format``).
        """
        return _read_animation(path, cls._read)

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> FaceAnimation:
        names = {"neutral", *FRAME_SHAPES}
        fps = float(data["fps"])
        if not _SLOWEST <= fps <= _FASTEST:
            raise ValueError(f"{fps} frames per second")
        cues = [
            (float(start), float(end), str(shape))
            for (start, end), shape in zip(data["cue_times"], data["cue_shapes"])
        ]
        return cls(
            fps=fps,
            cues=cues,
            source=json_object(str(data["source"])),
            **{name: np.nan_to_num(data[name].astype(np.float32)) for name in names},
        )


def _read_animation(
    path: str | os.PathLike[str] | IO[bytes], read: Callable[[Mapping[str, Any]], FaceAnimation]
) -> FaceAnimation:
    return read_npz(path, FORMAT_VERSION, "a talking animation", "generate it again", "bad_animation", read)
