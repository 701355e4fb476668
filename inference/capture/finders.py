"""What finds the faces in a film's pictures: MediaPipe where it is installed, else the same networks in numpy."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from .needs import load_package
from .video import Picture

MOST_FACES = 4
"""Faces that are followed at once; the one that counts is chosen afterwards."""

AUTO, MEDIAPIPE, NUMPY = "auto", "mediapipe", "numpy"
MODELS = {MEDIAPIPE: "mediapipe face mesh", NUMPY: "mediapipe face mesh, in numpy"}
"""Finder → how an animation's ``source`` names it."""

Finder = Callable[[Picture], list[NDArray[np.floating[Any]]]]
"""Takes a film's pictures in order and returns the faces in each: (478, 3), pixels, x right, y down, z away from the viewer."""


def chosen(name: str) -> str:
    """The finder that a name stands for, `MEDIAPIPE` or `NUMPY`.

    Raises:
        EngineError: no finder of that name (code ``bad_request``).
    """
    if name == AUTO:
        return MEDIAPIPE if find_spec("mediapipe") is not None else NUMPY
    if name not in MODELS:
        raise EngineError(
            f"There is no tracker '{name}': choose {AUTO}, {MEDIAPIPE} or {NUMPY}.", "bad_request"
        )
    return name


@contextlib.contextmanager
def finding(name: str) -> Iterator[Finder]:
    """A finder for one film.

    Raises:
        EngineError: as `chosen` does, and where MediaPipe is asked for and not installed (code ``full_engine_needed``).
    """
    if chosen(name) == NUMPY:
        from ..detection import Follower

        follower = Follower(MOST_FACES)
        yield lambda picture: [face.points for face in follower.next(picture)]
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    mediapipe: Any = load_package("mediapipe")
    with (
        _native_log_off(),
        mediapipe.solutions.face_mesh.FaceMesh(max_num_faces=MOST_FACES, refine_landmarks=True) as mesh,
    ):
        yield lambda picture: _faces(mesh, picture)


def _faces(mesh: Any, picture: Picture) -> list[NDArray[np.floating[Any]]]:
    height, width = picture.shape[:2]
    pixels = np.array([width, height, width], np.float64)
    return [
        np.array([(point.x, point.y, point.z) for point in face.landmark], np.float64) * pixels
        for face in mesh.process(picture).multi_face_landmarks or ()
    ]


@contextlib.contextmanager
def _native_log_off() -> Iterator[None]:
    """Keep what MediaPipe's native threads write to the process's standard error away; Python's own still arrives."""
    shown, kept = sys.stderr, os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if shown.fileno() == 2:
                sys.stderr = os.fdopen(
                    os.dup(kept), "w", buffering=1, encoding="utf-8", errors="backslashreplace"
                )
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
        if sys.stderr is not shown:
            sys.stderr.close()
            sys.stderr = shown
