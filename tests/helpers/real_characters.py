"""Real characters of shared/assets, which are not part of the repository: the ICT head and the MakeHuman body."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from places import ASSETS

ICT_HEAD = ASSETS / "ict_face_model.npz"
MAKEHUMAN = ASSETS / "makehuman"

_BODY_GROUPS = (
    "body",
    "helper-l-eye",
    "helper-r-eye",
    "helper-upper-teeth",
    "helper-lower-teeth",
    "helper-tongue",
)
_PERSON = ("caucasian-female-young", "universal-female-young-averagemuscle-averageweight")


def require(path: Path) -> None:
    """Skip the test where an asset is not here."""
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")


@dataclass(frozen=True)
class RealCharacter:
    """A mesh object with shape keys, and the vertices of its inner lips' middles."""

    object: Any
    upper: int
    lower: int


def _object(name: str, points: np.ndarray, faces: list[Any]) -> Any:
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points.tolist(), [], faces)
    item = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(item)
    item.shape_key_add(name="Basis", from_mix=False)
    return item


def _add_key(item: Any, name: str, points: np.ndarray) -> None:
    block = item.shape_key_add(name=name, from_mix=False)
    block.value = 0.0
    block.data.foreach_set("co", points.astype(np.float32).ravel())


def ict_head() -> RealCharacter:
    """USC ICT's head with its 53 shapes, in metres, Z up, looking along -Y."""
    require(ICT_HEAD)
    with np.load(ICT_HEAD, allow_pickle=False) as data:
        points, faces = data["vertices"].astype(np.float64), data["faces"]
        names, deltas = data["expression_names"], data["expression_deltas"].astype(np.float64)
        landmarks = data["landmark68"]

    def upright(values: np.ndarray) -> np.ndarray:
        return np.stack([values[:, 0], -values[:, 2], values[:, 1]], axis=1) / 100

    item = _object("ICT head", upright(points), [[i for i in face if i >= 0] for face in faces.tolist()])
    for name, delta in zip(names, deltas):
        _add_key(item, str(name), upright(points + delta))
    return RealCharacter(item, int(landmarks[62]), int(landmarks[66]))


def _target(name: str, count: int) -> np.ndarray:
    offsets = np.zeros((count, 3))
    for line in (MAKEHUMAN / f"{name}.target").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            index, *values = line.split()
            offsets[int(index)] = [float(value) for value in values]
    return offsets


@functools.lru_cache(maxsize=1)
def makehuman_body() -> tuple[np.ndarray, list[list[int]]]:
    """Of one person (N, 3) all vertices in MakeHuman's file, decimetres with Y up, and the faces of what is seen of them."""
    points, faces, group = [], [], ""
    for line in (MAKEHUMAN / "base.obj").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            points.append([float(value) for value in rest.split()[:3]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f" and group in _BODY_GROUPS:
            faces.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    base = np.array(points)
    for name in _PERSON:
        base = base + _target(name, len(base))
    return base, faces


@functools.lru_cache(maxsize=1)
def _makehuman_arrays() -> tuple[np.ndarray, list[list[int]], dict[str, np.ndarray]]:
    base, faces = makehuman_body()
    keep = np.array(sorted({index for face in faces for index in face}))
    place = {int(old): new for new, old in enumerate(keep)}
    units = {
        path.stem: _target(path.stem, len(base))[keep]
        for path in sorted(MAKEHUMAN.glob("*.target"))
        if path.stem not in _PERSON
    }
    return base[keep], [[place[i] for i in face] for face in faces], units


def makehuman_with_units(prefix: str = "") -> RealCharacter:
    """MakeHuman's body with its expression units as shape keys, in metres."""
    require(MAKEHUMAN / "base.obj")
    points, faces, units = _makehuman_arrays()

    def upright(values: np.ndarray) -> np.ndarray:
        return np.stack([values[:, 0], -values[:, 2], values[:, 1]], axis=1) / 10

    item = _object("Human", upright(points), faces)
    for name, offsets in units.items():
        _add_key(item, prefix + name, upright(points + offsets))
    # The middles of the inner lips: where mouth-open parts what lies together, on the middle line.
    drop = -units["mouth-open"][:, 1]
    middle = np.flatnonzero(np.abs(points[:, 0]) < 1e-3)
    lower = middle[drop[middle] > 0.7 * drop.max()]
    upper = middle[(drop[middle] < 0.1 * drop.max()) & (points[middle, 2] > 1.0)]
    gaps = np.linalg.norm(points[lower][:, None] - points[upper][None], axis=2)
    a, b = np.unravel_index(gaps.argmin(), gaps.shape)
    return RealCharacter(item, int(upper[b]), int(lower[a]))
