"""Another network's opinion on where a face's landmarks are: face-alignment's 3-D FAN, where its user has it.

Bulat and Tzimiropoulos 2017, arXiv 1703.07332. The package and its weights are used where both are present already; nothing is
ever installed or fetched: while its networks are loaded, connections are refused.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from .crops import Picture
from .mesh_points import MESH_TO_IBUG

_NETWORKS = ("3DFAN", "depth")
"""What the names of its two weights files begin with."""
_EYES = (36, 45)
APART = 0.12
"""Eyes' distances between two networks' landmarks from which on one of them is wrong."""
_OUTLINE = 17
"""Landmarks of the outline come first; each network puts them elsewhere."""


class Opinion(Protocol):
    """Whoever finds landmarks a second time."""

    def landmarks(
        self, picture: Picture, box: tuple[float, float, float, float]
    ) -> NDArray[np.float32] | None:
        """(68, 3) of the face in a box (left, top, right, bottom), pixels of an (H, W, 3) picture; None where it sees none."""


def disagreement(points: NDArray[Any], landmarks: NDArray[Any]) -> float:
    """How far a mesh's (478, 3) points lie from (68, 3) landmarks that another network found: the median, in eyes' distances."""
    own, other = points[MESH_TO_IBUG, :2].astype(np.float64), landmarks[:, :2].astype(np.float64)
    eyes = max(float(np.linalg.norm(own[_EYES[0]] - own[_EYES[1]])), 1e-6)
    return float(np.median(np.linalg.norm(own - other, axis=1)[_OUTLINE:])) / eyes


def apart(opinion: Opinion, picture: Picture, points: NDArray[Any]) -> float:
    """As `disagreement`, of a face's (478, 3) points in a picture and what another network sees there; infinite if nothing."""
    flat = points[:, :2]
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    landmarks = opinion.landmarks(picture, (float(left), float(top), float(right), float(bottom)))
    return np.inf if landmarks is None else disagreement(points, landmarks)


@lru_cache(maxsize=1)
def second_opinion() -> Opinion | None:
    """The other network; None where its package or its weights are missing, or it cannot be loaded without fetching anything."""
    if find_spec("face_alignment") is None or find_spec("torch") is None or not _has_weights():
        return None
    try:
        with _no_connections():
            return _Fan()
    except Exception as error:  # another version of the package, other weights: there is no opinion then
        print(f"face-alignment cannot be used: {error}", file=sys.stderr)
        return None


def _has_weights() -> bool:
    """Whether both networks lie where torch keeps what was fetched before."""
    import torch

    folder = Path(torch.hub.get_dir()) / "checkpoints"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return all(any(name.startswith(network) for name in names) for network in _NETWORKS)


@contextlib.contextmanager
def _no_connections() -> Iterator[None]:
    def refused(*_: Any, **__: Any) -> Any:
        raise OSError("weights are missing, and nothing is fetched")

    with mock.patch.object(socket, "create_connection", refused):
        yield


class _Fan:
    """face-alignment, told where the face is, so that no detector of its own is needed."""

    def __init__(self) -> None:
        import face_alignment

        kinds = face_alignment.LandmarksType
        kind = getattr(kinds, "THREE_D", None) or kinds._3D  # since version 1.4, and before
        self._network = face_alignment.FaceAlignment(
            kind, device="cpu", flip_input=False, face_detector="folder"
        )

    def landmarks(
        self, picture: Picture, box: tuple[float, float, float, float]
    ) -> NDArray[np.float32] | None:
        faces = self._network.get_landmarks_from_image(picture, detected_faces=[np.array([*box, 1.0])])
        if not faces or np.shape(faces[0]) != (68, 3) or not np.isfinite(faces[0]).all():
            return None
        return np.asarray(faces[0], np.float32)
