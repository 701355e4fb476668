"""``landmarks``: the 68 landmarks of a picture of a face, or of each of several views."""

from __future__ import annotations

from ..errors import EngineError
from ..face.messages import LandmarksRequest, LandmarksResult
from ..face.outputs import keep_apart
from ..progress import Progress


def answer(request: LandmarksRequest, progress: Progress) -> LandmarksResult:
    """Find the landmarks: (68, 3) of one picture (H, W, 3); of views (V, H, W, 3) those of each, (V, 68, 3), NaN where no face
    is seen, with (V,) `confidence` beside them.

    Raises:
        EngineError: the file is damaged (code ``bad_picture``), no face is seen in it (``no_face``), or the
            result would replace the picture (``output_is_input``).
    """
    import numpy as np

    from ..capture.still import landmarks_of, landmarks_of_views
    from ..face.array_files import read_arrays

    keep_apart([request.output], [request.picture])
    try:
        picture = read_arrays(request.picture, lambda arrays: arrays["picture"])
        if picture.ndim not in (3, 4) or picture.shape[-1] != 3 or picture.dtype != np.uint8:
            raise ValueError("not a picture")
    except (OSError, ValueError) as error:
        raise EngineError(
            "The picture of the character's front view cannot be read: look for its landmarks again.",
            "bad_picture",
        ) from error
    if picture.ndim == 4:
        views, sure = landmarks_of_views(picture)
        np.savez(request.output, landmarks=views.astype(np.float32), confidence=sure.astype(np.float32))
        return LandmarksResult(request.output)
    landmarks = landmarks_of(np.ascontiguousarray(picture))
    if landmarks is None:
        raise EngineError(
            "No face was seen in the character's front view: place the landmarks by hand.", "no_face"
        )
    np.savez(request.output, landmarks=landmarks.astype(np.float32))
    return LandmarksResult(request.output)
