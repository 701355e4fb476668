"""Landmarks of a clip that is tracked several times, turned and mirrored, and averaged.

A face mesh of a picture carries the noise of its sampling and a bias to one side, which is most of what it says of the mouth's
width. Both are different in a picture that is turned or mirrored: averaging over views is test-time augmentation
(Krizhevsky et al. 2012, *ImageNet classification with deep convolutional neural networks*, section 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.capture.needs import load_package
from inference.capture.video import Picture
from inference.detection.mesh_points import MESH_TO_IBUG
from inference.face.landmarks import MIRROR

TURNS = (6.0, -6.0)
"""Degrees by which the pictures are turned; each both as filmed and mirrored."""

_MARGIN = 0.5  # of the face's size, left around it in a view


def averaged_points(pictures: Iterable[Picture], points: NDArray[np.floating]) -> NDArray[np.float64]:
    """The landmarks of a clip as the mean over its turned and mirrored views.

    A view in which the face is lost in some picture is left out, since the views differ by a constant too.

    Args:
        pictures: T pictures (H, W, 3) RGB.
        points: (T, 68, 3) pixels as one pass found them, x right, y up (negative below the upper edge), z to the viewer; they
            say where the face is.

    Returns:
        (T, 68, 3) in the same coordinates; ``points`` themselves where no view has the face throughout.
    """
    corners = np.stack([points[..., :2].min(axis=(0, 1)), points[..., :2].max(axis=(0, 1))]) * (1, -1)
    size = int(np.ceil((1 + 2 * _MARGIN) * np.abs(corners[1] - corners[0]).max()))
    with ExitStack() as stack:
        views = [
            _View(stack, corners.mean(axis=0), size, turn, flip) for turn in TURNS for flip in (False, True)
        ]
        for picture in pictures:
            views = [view for view in views if view.follow(picture)]
    return np.mean([view.points for view in views], axis=0) if views else np.asarray(points, np.float64)


class _View:
    """A square cut out of all pictures, turned and perhaps mirrored, and the landmarks (68, 3) found in it.

    Args:
        stack: closes the tracker.
        centre: (2,) of the face, pixels, y down.
        size: height and width of the square, pixels.
        turn: degrees.
        flip: whether it is mirrored.
    """

    def __init__(
        self, stack: ExitStack, centre: NDArray[np.float64], size: int, turn: float, flip: bool
    ) -> None:
        self._cv2: Any = load_package("cv2")
        self._there = self._cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), turn, 1.0)
        self._there[:, 2] += size / 2 - centre
        self._back = self._cv2.invertAffineTransform(self._there)
        self._size, self._flip = size, flip
        meshes = load_package("mediapipe").solutions.face_mesh
        self._mesh = stack.enter_context(meshes.FaceMesh(max_num_faces=1, refine_landmarks=True))
        self.points: list[NDArray[np.float64]] = []

    def follow(self, picture: Picture) -> bool:
        """Finds the landmarks in the next picture; False where there is no face in it."""
        cv2, size = self._cv2, self._size
        cut = cv2.warpAffine(
            picture, self._there, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        faces = self._mesh.process(
            np.ascontiguousarray(cut[:, ::-1]) if self._flip else cut
        ).multi_face_landmarks
        if not faces:
            return False
        seen = np.array([(point.x, point.y, point.z) for point in faces[0].landmark])[MESH_TO_IBUG] * size
        if self._flip:
            seen = seen[MIRROR] * (-1, 1, 1) + (size, 0, 0)
        place = seen[:, :2] @ self._back[:, :2].T + self._back[:, 2]
        self.points.append(np.stack([place[:, 0], -place[:, 1], -seen[:, 2]], axis=1))
        return True
