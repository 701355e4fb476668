"""`FacePicture`: a picture that became a face which can talk, between whoever finds the face and whoever draws it.

Written by `inference.pictures`, read by Blender (`blender_addon/faces/from_picture`) and by the video renderer. The file is
described field by field in ``docs/architecture.md``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .arrays import Floats
from .json_text import json_object
from .names import ARKIT_NAMES, PICTURE_KINDS
from .result_files import read_npz, write_npz, write_whole

FORMAT_VERSION = 1

PICTURE = "picture"
"""The texture that is the picture itself, every picture has it."""
RELIEF = "relief"
"""The layer that is the picture as a mesh; the face mesh's points are its first."""
BACKGROUND = "background"
"""The layer and the texture that lie behind everything, where a picture has them."""
PICTURED = "pictured"
"""The shape that takes the neutral face, lips closed, back to what the picture shows; at rest its weight is 1."""
SHAPE_NAMES = (*ARKIT_NAMES, PICTURED)
INKED = "inked"
"""Whether a photo was drawn anew in a look, in a face picture's `source`: the edges of what is drawn are as hard as ink's."""
KINDS = PICTURE_KINDS

_PARTS = {
    "points": np.float32,
    "uv": np.float32,
    "triangles": np.int32,
    "shapes": np.float16,
    "head": np.float32,
}


@dataclass(frozen=True)
class Layer:
    """A part of the face as a textured mesh of N vertices; whoever is nearer to the viewer (larger z) covers what lies behind.

    Attributes:
        name: what it is, unique in its picture: ``relief`` (the picture as a mesh), ``eyes``, ``upper_teeth``, ``tongue`` …
        texture: the name of the texture that it shows.
        points: (N, 3) float32, the neutral face; pixels of the picture: x to the right and y down from its top left corner,
            z to the viewer, 0 in the depth of the outer eye corners.
        uv: (N, 2) float32, the place in the texture; pixels of the texture, x to the right and y down.
        triangles: (M, 3) int32, counter-clockwise as the viewer sees them.
        shapes: (53, N, 3) float16, how far each of `SHAPE_NAMES` moves the points at weight 1; pixels.
        head: (N,) float32, 0 to 1: how far a vertex goes with the head's turning; 0 stays in the picture.
    """

    name: str
    texture: str
    points: Floats
    uv: Floats
    triangles: np.ndarray[Any, np.dtype[np.int32]]
    shapes: np.ndarray[Any, np.dtype[np.float16]]
    head: Floats

    def __post_init__(self) -> None:
        """Raise ValueError where a field does not have the documented shape."""
        count = len(self.points)
        wanted = {
            "points": (count, 3),
            "uv": (count, 2),
            "shapes": (len(SHAPE_NAMES), count, 3),
            "head": (count,),
        }
        for name, shape in wanted.items():
            given = getattr(self, name).shape
            if given != shape:
                raise ValueError(f"{name} of layer {self.name} must have shape {shape}, not {given}")
        if self.triangles.ndim != 2 or self.triangles.shape[1] != 3:
            raise ValueError(
                f"triangles of layer {self.name} must have shape (M, 3), not {self.triangles.shape}"
            )
        if self.triangles.size and not 0 <= self.triangles.min() <= self.triangles.max() < count:
            raise ValueError(f"triangles of layer {self.name} name vertices that are not there")

    @property
    def at_rest(self) -> Floats:
        """(N, 3): where the points are in the picture, with `PICTURED` at weight 1."""
        return np.asarray(
            self.points + self.shapes[SHAPE_NAMES.index(PICTURED)].astype(np.float32), np.float32
        )


@dataclass(frozen=True)
class FacePicture:
    """A face in a picture, ready to talk with ARKit's 52 shapes. At rest it looks exactly as the picture does.

    Attributes:
        layers: from the back to the front.
        textures: name → (h, w, 4) uint8, RGBA, sRGB with straight alpha; `PICTURE` is the picture itself, turned upright.
        landmarks: (68, 3) float32, iBUG 68 order, of the neutral face; pixels as `Layer.points`.
        pivot: (3,) float32, about which the head turns; same.
        eye_distance: between the outer eye corners in pixels, > 0: what FaceAnimation's unit is here.
        kind: one of `KINDS`.
        matte: (h, w) uint8, 255 where the person is, of the picture's size; or (0, 0) where it is not known.
        palette: (P, 3) uint8, sRGB: the colours that a drawing is made of, the most frequent first; may be empty.
        source: the picture's name and SHA-256, how the face was found, the confidence 0 to 1, the yaw in degrees, and `warnings`.
    """

    layers: Sequence[Layer]
    textures: Mapping[str, np.ndarray[Any, np.dtype[np.uint8]]]
    landmarks: Floats
    pivot: Floats
    eye_distance: float
    kind: str = "photo"
    matte: np.ndarray[Any, np.dtype[np.uint8]] = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    palette: np.ndarray[Any, np.dtype[np.uint8]] = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    source: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError where a field is not as documented."""
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind}")
        if self.landmarks.shape != (68, 3) or self.pivot.shape != (3,):
            raise ValueError("landmarks must have shape (68, 3) and pivot (3,)")
        if not self.eye_distance > 0:
            raise ValueError(f"eye_distance must be positive, not {self.eye_distance}")
        if len({layer.name for layer in self.layers}) != len(self.layers):
            raise ValueError("two layers have one name")
        missing = {PICTURE, *(layer.texture for layer in self.layers)} - set(self.textures)
        if missing:
            raise ValueError(f"textures lack {', '.join(sorted(missing))}")
        for name, texture in self.textures.items():
            if texture.ndim != 3 or texture.shape[2] != 4 or texture.dtype != np.uint8:
                raise ValueError(f"texture {name} must be (h, w, 4) uint8")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        height, width = self.textures[PICTURE].shape[:2]
        return width, height

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that the user should read: ``source["warnings"]``."""
        return tuple(str(sentence) for sentence in self.source.get("warnings", ()))

    def save(self, path: str | os.PathLike[str], level: int | None = 1) -> None:
        """Write an ``.npz``; a file of that name is replaced only once all is written.

        Args:
            path: the file.
            level: how hard to compress, 0 to 9; pictures hardly get smaller by more.

        Raises:
            EngineError: where the folder is missing or cannot be written to (code ``output_unwritable``).
        """
        arrays: dict[str, Any] = {
            "version": np.int64(FORMAT_VERSION),
            "kind": np.array(self.kind),
            "landmarks": self.landmarks.astype(np.float32),
            "pivot": self.pivot.astype(np.float32),
            "eye_distance": np.float64(self.eye_distance),
            "matte": self.matte,
            "palette": self.palette,
            "source": np.array(json.dumps(self.source, sort_keys=True, ensure_ascii=False)),
            "shape_names": np.array(SHAPE_NAMES),
            "layer_names": np.array([layer.name for layer in self.layers], "<U64"),
            "layer_textures": np.array([layer.texture for layer in self.layers], "<U64"),
            "texture_names": np.array(list(self.textures), "<U64"),
        }
        for number, layer in enumerate(self.layers):
            arrays.update(
                {f"layer_{number}_{part}": getattr(layer, part).astype(kind) for part, kind in _PARTS.items()}
            )
        arrays.update({f"texture_{number}": texture for number, texture in enumerate(self.textures.values())})
        write_whole(path, lambda stream: write_npz(stream, arrays, level))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> FacePicture:
        """Read an ``.npz`` file of this or an older format version.

        Raises:
            EngineError: where the file is missing, damaged, no FacePicture (code ``bad_face_picture``)
                or of a newer format (code ``newer_format``).
        """
        return read_npz(
            path,
            FORMAT_VERSION,
            "a talking picture",
            "make it again from the picture",
            "bad_face_picture",
            cls._read,
        )

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> FacePicture:
        if [str(name) for name in data["shape_names"]] != list(SHAPE_NAMES):
            raise ValueError("other shapes")
        textures = {str(name): data[f"texture_{number}"] for number, name in enumerate(data["texture_names"])}
        layers = [
            Layer(
                str(name),
                str(texture),
                **{part: data[f"layer_{number}_{part}"].astype(kind) for part, kind in _PARTS.items()},
            )
            for number, (name, texture) in enumerate(zip(data["layer_names"], data["layer_textures"]))
        ]
        return cls(
            layers=layers,
            textures=textures,
            landmarks=data["landmarks"].astype(np.float32),
            pivot=data["pivot"].astype(np.float32),
            eye_distance=float(data["eye_distance"]),
            kind=str(data["kind"]),
            matte=data["matte"].astype(np.uint8),
            palette=data["palette"].astype(np.uint8),
            source=json_object(str(data["source"])),
        )
