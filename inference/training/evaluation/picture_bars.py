"""What can be told of one picture that talks without a film: its lips and lids, its sharpness, what folds, what stays still."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from inference.face.animation import FaceAnimation
from inference.face.arrays import Flags, Floats
from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture, Layer
from inference.face.retargeting.own_shapes import fitted, fitted_motion
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import grown, inside, pixel_centres
from inference.pictures.indices import FACE_OVAL, LOWER_INNER, LOWER_LIDS, SIDES, UPPER_INNER, UPPER_LIDS
from inference.pictures.own_shapes import own_shapes_of, relief_of, upright
from inference.pictures.raster import rasterise
from inference.pictures.refine import TWICE, areas

from .picture_films import laplacian

_STILL = np.zeros(3)
_MIDDLE = 5
_MOVED, _STRETCHED = 0.05, 0.05
"""Pixels from which on skin counts as moved, and the share of its area up to which it counts as not stretched."""
_TURNED = (np.radians([6.0, 8.0, 3.0]), np.radians([-5.0, -8.0, -2.0]))
_MOVING = (
    {"jawOpen": 0.3},
    {"mouthSmileLeft": 0.7, "mouthSmileRight": 0.7},
    {"browInnerUp": 0.7, "browOuterUpLeft": 0.5, "browOuterUpRight": 0.5},
    {"mouthPucker": 0.6, "jawOpen": 0.1},
)
"""Looks whose sharpness is measured."""


@dataclass(frozen=True)
class PictureFigures:
    """What one picture measures.

    Attributes:
        at_rest: largest difference between picture and drawing at rest, 0 to 255.
        gap_correlation: of the lips' gap on the picture with the animation's, over time.
        gap_error: mean distance of the two, share of the eye distance.
        shut_gap: largest gap on the picture where the animation's lips touch; share of the eye distance.
        shut_frames: how many frames that are.
        blink_left: share of the eyes' opening that a full blink leaves, the worse eye.
        sharpness: Laplacian energy of the face by that of the same places in the picture, the least of a few looks.
        changed: share of the pixels out of the head's reach that change while it talks and turns.
        folded: share of the face's area that faces away at twice the weight of any shape.
        skin_sharpness: as `sharpness`, where skin moves and is hardly stretched, mouth and eyes left out.
    """

    at_rest: int
    gap_correlation: float
    gap_error: float
    shut_gap: float
    shut_frames: int
    blink_left: float
    sharpness: float
    changed: float
    folded: float
    skin_sharpness: float = float("nan")


def measure_picture(face: FacePicture, animation: FaceAnimation) -> PictureFigures:
    """Measure a picture, with the motion that a voice gave."""
    correlation, error, shut, frames = _gaps(face, animation)
    return PictureFigures(
        at_rest=rest_difference(face),
        gap_correlation=correlation,
        gap_error=error,
        shut_gap=shut,
        shut_frames=frames,
        blink_left=blink_left(face),
        sharpness=sharpness(face),
        changed=changed(face),
        folded=folded_share(face),
        skin_sharpness=skin_sharpness(face),
    )


def rest_difference(face: FacePicture) -> int:
    """The largest difference of what is drawn at rest from the picture itself, 0 to 255."""
    drawn = draw(face, rest_weights(), _STILL)
    return int(np.abs(drawn.astype(np.int16) - face.textures[PICTURE]).max())


def _gaps(face: FacePicture, animation: FaceAnimation) -> tuple[float, float, float, int]:
    """Correlation, mean error, largest gap where the lips shall touch, and in how many frames."""
    wanted = wanted_gaps(face, animation)
    relief = relief_of(face)
    weights = fitted(animation, own_shapes_of(face)).arkit
    drawn = np.array([_gap(face, relief, np.append(frame, 0)) for frame in weights])
    shut = animation.closed
    largest = float(drawn[shut].max()) if shut.any() else float("nan")
    return (
        float(np.corrcoef(drawn, wanted)[0, 1]),
        float(np.abs(drawn - wanted.clip(0)).mean()),
        largest,
        int(shut.sum()),
    )


def wanted_gaps(face: FacePicture, animation: FaceAnimation) -> Floats:
    """(T,) how far an animation opens the lips of a face picture, share of the eye distance; below 0 where they are pressed."""
    motion = fitted_motion(animation, own_shapes_of(face).neutral)
    apart = animation.neutral[62] - animation.neutral[66] + motion[:, 62] - motion[:, 66]
    return np.asarray(apart[:, 1])


def _gap(face: FacePicture, relief: Layer, weights: Floats) -> float:
    points = upright(face, posed(face, relief, weights.astype(np.float32), _STILL))
    apart = points[LOWER_INNER[_MIDDLE], 1] - points[UPPER_INNER[_MIDDLE], 1]
    return max(float(apart), 0.0) / face.eye_distance


def blink_left(face: FacePicture) -> float:
    """Share of an eye's opening that a full blink leaves, the worse eye; nan where the eyes are no openings."""
    relief = relief_of(face)
    left = []
    for eye, side in enumerate(SIDES):
        shut = rest_weights()
        shut[SHAPE_NAMES.index(f"eyeBlink{side}")] = 1
        if not relief.shapes[SHAPE_NAMES.index(f"eyeBlink{side}")].any():
            continue
        openings = []
        for weights in (rest_weights(), shut):
            points = upright(face, posed(face, relief, weights, _STILL))
            apart = (points[LOWER_LIDS[eye], 1] - points[UPPER_LIDS[eye], 1])[1:-1]
            openings.append(float(apart.clip(0).mean()))
        left.append(openings[1] / max(openings[0], 1e-6))
    return max(left, default=float("nan"))


def sharpness(face: FacePicture) -> float:
    """Laplacian energy of the face by that of the very places in the picture, the least of a few looks; what rests counts too."""
    return _least_sharp(face, np.ones(face.size[::-1], bool), skin_alone=False)


def skin_sharpness(face: FacePicture) -> float:
    """As `sharpness`, but only what is moved and hardly stretched counts: stretched skin is softer by nature."""
    return _least_sharp(face, _skin(face), skin_alone=True)


def _least_sharp(face: FacePicture, where: Flags, skin_alone: bool) -> float:
    """Laplacian energy by that of the very places in the picture, the least of a few looks.

    Args:
        face: the picture.
        where: (H, W) what may count.
        skin_alone: whether only what moves without being stretched does.
    """
    relief = relief_of(face)
    alone = replace(face, layers=[relief])
    width, height = face.size
    own = laplacian(face.textures[PICTURE]) ** 2
    places = pixel_centres(0, 0, width, height)
    least = np.inf
    for look in _MOVING:
        weights = rest_weights()
        for name, value in look.items():
            weights[SHAPE_NAMES.index(name)] = value
        seen = rasterise(posed(face, relief, weights, _STILL), relief.triangles, face.size)
        origin = np.full((height * width, 2), np.nan)
        origin[seen.pixels] = seen.of(relief.uv, relief.triangles)
        origin = origin.reshape(height, width, 2)
        counts = where & grown(~np.isnan(origin[..., 0]), -2)
        if skin_alone:
            down, across = np.gradient(origin, axis=0), np.gradient(origin, axis=1)
            area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
            counts &= np.abs(area - 1) < _STRETCHED
            counts &= np.linalg.norm(origin - places, axis=-1) > _MOVED
        column, row = np.nan_to_num(origin[counts]).astype(int).T
        before = own[row.clip(0, height - 1), column.clip(0, width - 1)]
        if before.any():
            drawn = laplacian(draw(alone, weights, _STILL)) ** 2
            least = min(least, float(drawn[counts].mean() / before.mean()))
    return float(least) if np.isfinite(least) else float("nan")


def _skin(face: FacePicture) -> Flags:
    """(H, W) the face but for mouth and eyes, and what is near them."""
    relief = relief_of(face)
    rest = relief.at_rest
    width, height = face.size
    places = pixel_centres(0, 0, width, height)
    skin = inside(rest[FACE_OVAL, :2], places)
    rows = [np.concatenate([UPPER_INNER, LOWER_INNER[::-1]])]
    rows += [np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye][::-1]]) for eye in range(2)]
    for ring in rows:
        middle, half = (
            rest[ring, :2].mean(axis=0),
            np.ptp(rest[ring, :2], axis=0) / 2 + 0.2 * face.eye_distance,
        )
        skin &= (((places - middle) / half) ** 2).sum(axis=-1) > 1
    return np.asarray(skin)


def changed(face: FacePicture) -> float:
    """Share of pixels out of the head's reach that differ from the picture while the face talks and the head turns."""
    out = unreached(face)
    if not out.any():
        return float("nan")
    weights = rest_weights()
    weights[SHAPE_NAMES.index("jawOpen")] = 0.6
    weights[SHAPE_NAMES.index(PICTURED)] = 0
    differ = [
        (draw(face, weights, turn) != face.textures[PICTURE]).any(axis=-1)[out].mean() for turn in _TURNED
    ]
    return float(max(differ))


def unreached(face: FacePicture) -> Flags:
    """(H, W) what neither shapes nor the head move."""
    relief = relief_of(face)
    width, height = face.size
    seen = rasterise(relief.at_rest, relief.triangles, (width, height))
    moves = np.abs(relief.shapes.astype(np.float32)).max(axis=(0, 2)) > 0.02
    reached = (relief.head > 0) | moves
    still = np.zeros(height * width, bool)
    still[seen.pixels] = ~reached[relief.triangles[seen.triangles]].any(axis=1)
    # What moves may cover a neighbour that does not.
    return np.asarray(grown(still.reshape(height, width), -round(0.2 * face.eye_distance)))


def folded_share(face: FacePicture) -> float:
    """Share of the area of the picture's mesh that faces away at twice the weight of a shape, the worst one."""
    relief = relief_of(face)
    rest = areas(relief.at_rest.astype(np.float64), relief.triangles)
    worst = 0.0
    for shape in relief.shapes.astype(np.float32):
        moved = areas(relief.points + np.float32(TWICE) * shape, relief.triangles)
        worst = max(worst, float(np.abs(rest[moved * rest < 0]).sum()))
    return worst / float(np.abs(rest).sum())
