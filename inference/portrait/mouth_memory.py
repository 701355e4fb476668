"""How one person's mouth looks in each of its shapes, remembered from film.

Every remembered picture was moved by its face mesh onto one even mouth, so that all of them differ in what is seen there
alone: an active appearance model (Cootes, Edwards, Taylor 2001). Kept are their main components, and how a mesh asks for them:
the mean of a Gaussian process, which takes more of what was seen in shapes that are nearer. How near two shapes are is measured
along the main ways in which the person's mouth changes, small ways counting more than they are long.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EngineError
from ..face.array_files import Arrays
from ..face.arrays import Floats
from ..face.errors import Damaged
from ..face.result_files import write_whole
from ..pictures.filling import blurred, luminance
from ..pictures.indices import LIP_RINGS, LOWER_INNER, UPPER_INNER
from ..pictures.plane_spline import spline_values, spline_weights
from ..pictures.template import POINTS

FORMAT_VERSION = 2
KIND = "memory"
"""What a file's header says it is."""
SIDE = 192
"""Pixels of the square (see `mouth_crop.MouthCrop`) in which looks are remembered; only a box of it is kept."""
_AROUND = np.array([
    0, 2, 17, 18, 32, 43, 57, 83, 91, 92, 106, 135, 140, 148, 152, 164, 165, 167, 169, 171, 175, 176, 182, 186, 187, 194,
    199, 200, 201, 202, 204, 205, 207, 208, 210, 211, 212, 214, 216, 262, 273, 287, 313, 322, 335, 364, 369, 377, 391, 393,
    394, 396, 400, 406, 410, 411, 416, 418, 421, 422, 424, 425, 427, 428, 430, 431, 432, 434, 436,
])  # fmt: skip
"""Mesh points of chin, cheeks and nose that carry a picture along beside the lips'."""
_LIPS = np.unique(LIP_RINGS)
CONTROL = np.unique(np.concatenate([_LIPS, _AROUND]))
"""Mesh points that carry a picture along."""
_NOSE, _JAW = 2, np.array([152, 17, 200, 199])
_JAW_COUNTS = 0.5
"""How much the jaw, and where the mouth is, count beside the lips' shape."""
KEY = 2 * len(_LIPS) + len(UPPER_INNER) + 2 * len(_JAW) + 2
"""Numbers by which a mouth's shape is known."""
_STIFF = 0.5 / SIDE
"""Share of the square's side by which a point may be missed, so that the picture between them stays smooth."""
_SURE, _UNSURE = 0.5, 0.25
"""How near the nearest remembered shape is, 0 to 1, from which on its looks count wholly, and up to which not at all."""


@dataclass(frozen=True)
class MouthMemory:
    """What is remembered. Places are shares of the square's side.

    Attributes:
        corner: (2,) where the kept box begins.
        outline: (`CONTROL`, 2) the even mouth.
        mean: (h, w, 3) 0 to 255, the mean of all pictures; a pixel is 1 / `SIDE` wide.
        looks: (K, h, w, 3) main components.
        share: (h, w, 1) 0 to 1, how much of what is there is mouth.
        opening: (h, w, 1) 0 to 1, how much of it lies between the lips.
        measure: (`KEY`, M) by what shapes are told apart: their numbers, less `middle`, times this.
        keys: (N, M) the remembered shapes.
        middle: (`KEY`,).
        reach: how far a remembered shape counts, as the square of a distance between keys.
        falling: power of that square with which it counts less: 1 for a bell, 0.5 for a peak.
        pull: (N, K) how much of each component a shape near to a remembered one takes.
        skin: (3,) 0 to 255, colour around the mouth.
        fineness: share of the square's side that a pixel of the film was wide.
        grain: how much of the finest detail of what is drawn stays around the opening, which a mean of pictures lacks.
        finest: pixels of the film below which detail counts as the finest.
        detail: how strong that was in the film around the opening, see `fine_detail`; 0 where it was not kept.
        metadata: whose it is, and how it did.
    """

    corner: Floats
    outline: Floats
    mean: Floats
    looks: Floats
    share: Floats
    opening: Floats
    measure: Floats
    keys: Floats
    middle: Floats
    reach: float
    falling: float
    pull: Floats
    skin: Floats
    fineness: float
    grain: float
    finest: float
    detail: float
    metadata: dict[str, Any]

    @cached_property
    def _flat(self) -> Floats:
        return np.ascontiguousarray(self.looks.reshape(len(self.looks), -1), np.float32)

    def look(self, points: Floats) -> tuple[Floats, float]:
        """(h, w, 3) 0 to 255 how the even mouth looks in a shape, and how sure that is, 0 to 1.

        Args:
            points: (468, 2) the face mesh in the square.
        """
        key = (key_of(points) - self.middle) @ self.measure
        away = ((self.keys - key) ** 2).sum(axis=1) / self.reach
        change = (nearness(away, self.falling) @ self.pull).astype(np.float32) @ self._flat
        nearest = float(np.exp(-away.min(initial=np.inf)))
        sure = float(np.clip((nearest - _UNSURE) / (_SURE - _UNSURE), 0, 1))
        return self.mean + change.reshape(self.mean.shape), sure

    def save(self, path: Path) -> None:
        """Write the file, complete or not at all, without pickle; pictures in half precision.

        Raises:
            EngineError: it cannot be written (code ``output_unwritable``).
        """
        header = {
            "kind": KIND,
            "format": FORMAT_VERSION,
            "reach": self.reach,
            "falling": self.falling,
            "fineness": self.fineness,
            "grain": self.grain,
            "finest": self.finest,
            "detail": self.detail,
            "metadata": self.metadata,
        }
        arrays: dict[str, Any] = {"header": np.array(json.dumps(header, sort_keys=True))}
        arrays |= {name: np.asarray(getattr(self, name), np.float16) for name in _COARSE}
        arrays |= {name: np.asarray(getattr(self, name), np.float32) for name in _FINE}
        write_whole(path, lambda stream: np.savez_compressed(stream, **arrays))


_COARSE = ("mean", "looks", "share", "opening")
_FINE = ("corner", "outline", "measure", "keys", "middle", "pull", "skin")


def memory_of(arrays: Arrays, header: dict[str, Any], path: Path) -> MouthMemory:
    """What a file holds.

    Raises:
        Damaged: something else.
        KeyError: some of it is missing.
        EngineError: the format is newer (code ``bad_weights``).
    """
    if header["format"] > FORMAT_VERSION:
        raise EngineError(f"The model {path} needs a newer Talking Animation: update it.", "bad_weights")
    first = header["format"] < 2  # whose shapes are told apart by all their numbers
    read = {
        name: np.eye(KEY, dtype=np.float32)
        if name == "measure" and first
        else arrays[name].astype(np.float32)
        for name in (*_COARSE, *_FINE)
    }
    numbers = {name: float(header[name]) for name in ("reach", "fineness", "grain")}
    numbers["falling"] = 1.0 if first else float(header["falling"])
    numbers["finest"] = float(header.get("finest", 1.0))  # files of before have none
    numbers["detail"] = float(header.get("detail", 0.0))
    parts: dict[str, Any] = {**read, **numbers}
    memory = MouthMemory(**parts, metadata=dict(header["metadata"]))
    height, width = memory.mean.shape[:2]
    count, components = memory.pull.shape
    ways = memory.measure.shape[-1]
    wanted = {
        "corner": (2,), "outline": (len(CONTROL), 2), "mean": (height, width, 3),
        "looks": (components, height, width, 3), "share": (height, width, 1),
        "opening": (height, width, 1), "measure": (KEY, ways), "keys": (count, ways), "middle": (KEY,),
        "skin": (3,),
    }  # fmt: skip
    if any(read[name].shape != shape for name, shape in wanted.items()) or not 0 < height * width <= SIDE**2:
        raise Damaged("its parts do not fit together")
    if not all(np.isfinite(values).all() for values in (*read.values(), *map(np.asarray, numbers.values()))):
        raise Damaged("it holds values that are no numbers")
    if not (
        memory.reach > 0
        and 0 < memory.falling <= 1
        and 0 < memory.fineness < 1
        and 0 <= memory.grain <= 4
        and 0 < memory.finest <= 4
        and 0 <= memory.detail <= 255
        and (memory.skin > 0).all()
    ):
        raise Damaged("it holds values that cannot be")
    return memory


def fine_detail(colours: Floats, around: Floats, pixels: float) -> float:
    """How strong the detail of an even mouth is that is finer than so many of its pixels, levels of 255.

    Args:
        colours: (h, w, 3) the mouth.
        around: (h, w, 1) how much each pixel counts.
        pixels: of `SIDE`.
    """
    bright = luminance(colours)[..., None]
    finest = (bright - blurred(bright, pixels)) ** 2
    return float(np.sqrt((finest * around).sum() / max(float(around.sum()), 1e-6)))


def nearness(away: Floats, falling: float) -> Floats:
    """(…) 0 to 1, how much a remembered shape counts.

    Args:
        away: (…) squares of distances between keys, by `MouthMemory.reach`.
        falling: see `MouthMemory`.
    """
    return np.asarray(np.exp(-(away**falling)))


def key_of(points: Floats) -> Floats:
    """(`KEY`,) what tells a mouth's shape: the lips' points about their middle, the gap between them, jaw and place.

    Args:
        points: (468, 2) the face mesh in the square.
    """
    lips = points[_LIPS]
    middle = lips.mean(axis=0)
    gap = points[LOWER_INNER, 1] - points[UPPER_INNER, 1]
    jaw = (points[_JAW] - points[_NOSE]).ravel()
    place = middle - points[_NOSE]
    return np.concatenate([(lips - middle).ravel(), gap, _JAW_COUNTS * jaw, _JAW_COUNTS * place])


@dataclass(frozen=True)
class Carried:
    """Where places lie once points are moved elsewhere, smoothly: a spline of distances (Duchon 1977).

    Args:
        points: (N, 2).
        moved: (N, 2) where they are moved to.
    """

    points: Floats
    moved: Floats

    @cached_property
    def _weights(self) -> Floats:
        points = self.points.astype(np.float64)
        return spline_weights(
            _distances(points, points) - _STIFF * np.eye(len(points)), points, self.moved - points
        )

    def of(self, places: Floats) -> Floats:
        """(…, 2) places → where they lie then."""
        flat = places.reshape(-1, 2).astype(np.float64)
        away = spline_values(_distances(flat, self.points.astype(np.float64)), flat, self._weights)
        return np.asarray((flat + away).reshape(places.shape), np.float32)


def _distances(some: Floats, others: Floats) -> Floats:
    return np.asarray(np.linalg.norm(some[:, None] - others[None], axis=-1))


def square_points(points: Floats) -> Floats:
    """(468, 2) the face mesh's points that keys and carrying go by, of a relief's in the square (N, 2), pixels of `SIDE`."""
    return np.asarray(points[:POINTS, :2] / np.float32(SIDE), np.float32)
