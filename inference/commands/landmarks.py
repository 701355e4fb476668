"""``landmarks``: the 68 landmarks of one picture of a face."""

from __future__ import annotations

from ..errors import EngineError
from ..face.messages import LandmarksRequest, LandmarksResult
from ..face.outputs import keep_apart
from ..progress import Progress


def answer(request: LandmarksRequest, progress: Progress) -> LandmarksResult:
    """Find the landmarks.

    Raises:
        EngineError: the file is damaged (code ``bad_picture``), no face is seen in it (``no_face``), or the
            result would replace the picture (``output_is_input``).
    """
    import numpy as np

    from ..capture.still import landmarks_of

    keep_apart([request.output], [request.picture])
    try:
        with np.load(request.picture, allow_pickle=False) as data:
            picture = data["picture"]
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
            raise ValueError("not a picture")
    except (OSError, KeyError, ValueError) as error:
        raise EngineError(
            "The picture of the character's front view cannot be read: look for its landmarks again.",
            "bad_picture",
        ) from error
    landmarks = landmarks_of(np.ascontiguousarray(picture))
    if landmarks is None:
        raise EngineError(
            "No face was seen in the character's front view: place the landmarks by hand.", "no_face"
        )
    np.savez(request.output, landmarks=landmarks.astype(np.float32))
    return LandmarksResult(request.output)
