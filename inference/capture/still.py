"""The 68 landmarks of one picture of a face, such as the front view of a character that the add-on draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from .mesh import MESH_TO_IBUG
from .tracker import track


def landmarks_of(picture: NDArray[np.uint8]) -> NDArray[np.float64] | None:
    """(68, 3) landmarks: pixels from the picture's middle, x right, y up, z to the viewer; None where no face is seen.

    Args:
        picture: (H, W, 3) RGB.

    Raises:
        EngineError: MediaPipe is not installed (code ``full_engine_needed``).
    """
    found = track([(0.0, picture)])
    return found.points[0, MESH_TO_IBUG] if found.tracked.any() else None


def command(request: dict[str, Any]) -> dict[str, Any]:
    """The worker's `landmarks`: `picture` is an .npz with `picture` (H, W, 3) uint8, `output` gets `landmarks` (68, 3).

    Raises:
        EngineError: where the file is damaged, no face is seen in it, or the full engine is missing.
    """
    source, output = request.get("picture"), request.get("output")
    if not isinstance(source, str) or not isinstance(output, str):
        raise EngineError("The request names no picture or no output file: update the add-on.", "bad_request")
    try:
        with np.load(source, allow_pickle=False) as data:
            picture = data["picture"]
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
            raise ValueError("not a picture")
    except (OSError, KeyError, ValueError) as error:
        raise EngineError(
            f"The picture {Path(source).name} cannot be read: draw it again.", "bad_picture"
        ) from error
    found = landmarks_of(np.ascontiguousarray(picture))
    if found is None:
        raise EngineError(
            "No face was seen in the character's front view: place the landmarks by hand.", "no_face"
        )
    np.savez(output, landmarks=found.astype(np.float32))
    return {"type": "result", "output": output, "warnings": []}
