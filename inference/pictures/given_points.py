"""Points of a face that a person gives: four clicks, iBUG's 68 landmarks, or a whole mesh."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..errors import EngineError
from ..face.arrays import Floats
from ..face.input_files import ordinary
from ..face.json_text import json_value
from ..face.names import LANDMARK_COUNT
from .frame import similarity
from .indices import IRISES, LIP_RINGS, LOWER_LIDS, UPPER_INNER, UPPER_LIDS
from .plane_spline import spline_values, spline_weights
from .template import POINTS, load_template

_CORNERS = (UPPER_INNER[0], UPPER_INNER[-1])
_LEAST_BELOW = 0.05
"""Of the eyes' distance, how far the mouth is from the line through them at least."""
COUNTS = (4, LANDMARK_COUNT, POINTS, POINTS + 10)
"""How many points may be given."""


def read_points(path: Path) -> tuple[float, ...]:
    """What a points file says: JSON, a list of [x, y] in pixels, or an object that has such a list as ``points``.

    Raises:
        EngineError: the file is missing or holds no points (code ``bad_points``).
    """
    try:
        given: Any = json_value(ordinary(path).read_bytes())
        pairs = given["points"] if isinstance(given, dict) else given
        numbers = tuple(float(number) for x, y, *_ in pairs for number in (x, y))
    except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise EngineError(
            f"{path} holds no points: give a JSON list of [x, y] in pixels, as docs/pictures.md shows.",
            "bad_points",
        ) from error
    return numbers


def mesh_of(numbers: tuple[float, ...], size: tuple[int, int]) -> Floats:
    """(478, 3) float32 mesh points of what was given: x right, y down, z smaller is nearer; pixels.

    Args:
        numbers: x and y of 4, 68, 468 or 478 points, one after the other. Four: the middles of the eyes and the corners of
            the mouth, each pair in any order.
        size: width and height of the picture.

    Raises:
        EngineError: there are other numbers of points, or they lie outside the picture or all in one place (code
            ``bad_points``).
    """
    points = np.array(numbers, np.float64)
    if len(points) % 2 or len(points) // 2 not in COUNTS or not np.isfinite(points).all():
        raise EngineError(
            f"The points of the face are not {COUNTS[0]}, {COUNTS[1]} or {COUNTS[2]} pairs of numbers: give both eyes and "
            "both corners of the mouth.",
            "bad_points",
        )
    points = points.reshape(-1, 2)
    if ((points.max(axis=0) < 0) | (points.min(axis=0) > size)).any() or np.ptp(points, axis=0).max() < 4:
        raise EngineError(
            "The points of the face lie outside the picture or in one place: give both eyes and both corners of the mouth.",
            "bad_points",
        )
    if len(points) == COUNTS[0]:
        if np.linalg.norm(points[1] - points[0]) < 4:
            raise EngineError(
                "Both eyes of the face lie in one place: put a point on each eye and on each corner of the mouth.",
                "bad_points",
            )
        return _of_four(points)
    if len(points) == COUNTS[1]:
        return _of_landmarks(points)
    flat = _with_depth(points[:POINTS])
    return flat if len(points) == POINTS else _with_irises(flat, points[POINTS:])


def _whole() -> Floats:
    """(478, 2) the template from the front, y down, eye units."""
    return np.asarray(_with_irises_of(load_template().points[:, :2].astype(np.float64)) * [1, -1])


def _with_irises_of(flat: Floats) -> Floats:
    rows = [flat]
    for eye in range(len(IRISES)):
        middle = flat[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]])].mean(axis=0)
        width = np.linalg.norm(flat[UPPER_LIDS[eye][0]] - flat[UPPER_LIDS[eye][-1]]) / 2
        around = np.array([(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1)])
        rows.append(middle + around * 0.42 * width)
    return np.concatenate(rows)


def _of_four(clicks: Floats) -> Floats:
    """The template under four clicks: turned, resized and sheared until eyes and mouth lie there, the mouth as wide as that."""
    eyes, mouth = _in_order(clicks)
    whole = _whole()
    middles = np.stack([whole[IRISES[eye][0]] for eye in range(2)])
    corners = whole[list(_CORNERS)]
    source = np.array([middles[0], middles[1], corners.mean(axis=0)])
    target = np.array([eyes[0], eyes[1], mouth.mean(axis=0)])
    linear = np.linalg.solve(np.column_stack([source, np.ones(3)]), target)
    placed = whole @ linear[:2] + linear[2]
    # The mouth's own width and slant, fading out around it.
    wanted, is_now = mouth[1] - mouth[0], placed[_CORNERS[1]] - placed[_CORNERS[0]]
    if np.linalg.norm(wanted) > 1:
        lips = whole[np.unique(LIP_RINGS)]
        off = np.linalg.norm(whole[:, None] - lips[None], axis=-1).min(axis=1)
        share = np.exp(-((off / 0.15) ** 2))[:, None]
        along = (placed - mouth.mean(axis=0)) @ is_now / (is_now @ is_now)
        placed = placed + share * along[:, None] * (wanted - is_now)
    return _with_depth(placed[:POINTS], placed[POINTS:])


def _in_order(clicks: Floats) -> tuple[Floats, Floats]:
    """(2, 2) eyes and (2, 2) corners of the mouth of four clicks, the character's right first.

    Faces may lie or be upside down, but none is a mirror image.
    """
    eyes, mouth = clicks[:2], clicks[2:]
    across, down = eyes[1] - eyes[0], mouth.mean(axis=0) - eyes.mean(axis=0)
    below = float(across[0] * down[1] - across[1] * down[0])
    if abs(below) < _LEAST_BELOW * float(across @ across):
        raise EngineError(
            "The mouth of the face lies between its eyes: put a point on each eye and on each corner of the mouth.",
            "bad_points",
        )
    if below < 0:
        eyes, across = eyes[::-1], -across
    return eyes, mouth if float((mouth[1] - mouth[0]) @ across) >= 0 else mouth[::-1]


def _of_landmarks(landmarks: Floats) -> Floats:
    """The template drawn over 68 landmarks by a thin plate, Bookstein 1989."""
    whole = _whole()
    source = whole[MESH_TO_IBUG]
    distance = np.linalg.norm(source[:, None] - source[None], axis=-1)

    def bend(r: Floats) -> Floats:
        return np.asarray(r**2 * np.log(np.maximum(r, 1e-9)))

    weights = spline_weights(bend(distance) + 1e-4 * np.eye(len(source)), source, landmarks)
    reach = np.linalg.norm(whole[:, None] - source[None], axis=-1)
    placed = spline_values(bend(reach), whole, weights)
    return _with_depth(placed[:POINTS], placed[POINTS:])


def _with_depth(flat: Floats, irises: Floats | None = None) -> Floats:
    """(478, 3) of (468, 2) points, with the template's depth."""
    template = load_template().points
    upright = np.column_stack([flat * [1, -1], np.zeros(len(flat))])
    base = np.column_stack([template[:, :2], np.zeros(len(template))]).astype(np.float64)
    _, scale, _ = similarity(base, upright)
    points = np.column_stack([flat, -scale * template[:, 2]])
    if irises is None:
        irises = _with_irises_of(flat)[POINTS:]
    return _with_irises(points, irises)


def _with_irises(points: Floats, irises: Floats) -> Floats:
    depth = np.repeat(points[[159, 386], 2], 5)
    return np.concatenate([points[:POINTS], np.column_stack([irises[:, :2], depth])]).astype(np.float32)
