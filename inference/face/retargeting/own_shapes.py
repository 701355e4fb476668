"""Landmark motion → weights of one character's own shapes.

Shapes of one name move differently on every artist's character. Where it is known how each shape of a character moves its
own 68 landmarks, the weights are solved for that: first the motion is fitted to the character's proportions (mouth width, lower
face), then the bounded, sparse, smooth least squares of `arkit` finds the weights, and the lips meet where the speaker's do.

numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..animation import FaceAnimation
from ..array_files import read_arrays
from ..arrays import Flags, Floats, Indices
from ..errors import Damaged, EngineError
from ..landmarks import BROWS, CHIN, LIPS, NOSE
from ..names import ARKIT_INDEX, ARKIT_NAMES
from .arkit import BROW_COSTS, MOUTH_COSTS, solve_weights

_COST_SHARE = 0.3
"""The character's own motion is measured, so a shape costs less than where the shapes are only guessed at."""
_LEAST_COST = 0.015
_SPARSITY = 0.0003
_SMOOTHNESS_SECONDS = 0.008
_ITERATIONS = 200
_JAW_WEIGHT = 1.5
_DEPTH_WEIGHT = 0.7
_GAP_WEIGHT = 2.0
_WIDTH_WEIGHT = 1.0
_CLOSED = 0.02  # a wanted gap from which on down the lips begin to meet, face units
_LEAST_MOTION = 2e-3  # a shape that moves no landmark of the mouth or brows farther cannot be solved for
_SCALE_RANGE = (0.4, 2.5)
_LOST = "The measured shapes of the character are {}: generate again."  # the add-on's own file, whose name nobody knows
_UPPER, _LOWER = [61, 62, 63], [67, 66, 65]


@dataclass(frozen=True)
class OwnShapes:
    """How the landmarks of one character move with each of its shapes.

    Attributes:
        names: (S,) the ARKit shape that each stands for; where several shape keys share one, they are measured together.
        deltas: (S, 68, 3) float32, motion at weight 1, unit outer eye-corner distance of the character, the engine's axes.
        neutral: (68, 3) float32, the landmarks at rest, same unit, origin between the outer eye corners.
    """

    names: tuple[str, ...]
    deltas: Floats
    neutral: Floats

    @classmethod
    def load(cls, path: str | Path) -> OwnShapes:
        """Read what the add-on measured.

        Raises:
            EngineError: where the file cannot be read or does not hold what it should.
        """
        try:
            names, deltas, neutral = read_arrays(
                path,
                lambda data: (
                    tuple(str(text) for text in data["names"]),
                    data["deltas"].astype(np.float32),
                    data["neutral"].astype(np.float32),
                ),
            )
        except FileNotFoundError as error:
            raise EngineError(_LOST.format("missing"), "bad_shapes") from error
        except Damaged as error:
            raise EngineError(_LOST.format("damaged"), "bad_shapes") from error
        fits = deltas.shape == (len(names), 68, 3) and neutral.shape == (68, 3) and len(names) > 0
        finite = bool(np.isfinite(deltas).all() and np.isfinite(neutral).all())
        if not fits or not finite or not set(names) <= set(ARKIT_NAMES) or len(set(names)) != len(names):
            raise EngineError(_LOST.format("damaged"), "bad_shapes")
        return cls(names, deltas, neutral)

    def save(self, path: str | Path) -> None:
        """Write the file that `load` reads."""
        np.savez_compressed(path, names=np.array(self.names), deltas=self.deltas, neutral=self.neutral)


def fitted(animation: FaceAnimation, shapes: OwnShapes) -> FaceAnimation:
    """The same animation with ARKit weights for one character; shapes that it lacks keep theirs. Its ``source`` says "fitted"."""
    arkit = animation.arkit.copy()
    arkit[:, [ARKIT_INDEX[name] for name in shapes.names]] = own_weights(animation, shapes)
    return replace(animation, arkit=arkit, source={**animation.source, "fitted": True})


def fitted_motion(animation: FaceAnimation, neutral: Floats) -> Floats:
    """The landmarks' displacement in an animation, for a face of other proportions.

    Lips and jaw are scaled by one factor, the geometric mean of the ratios of mouth width and of the lower face's height, so
    that lips which meet still meet; brows by the ratio of their height above the eyes.

    Args:
        animation: what the engine made.
        neutral: (68, 3) the character's landmarks at rest, engine's unit and axes.

    Returns:
        (T, 68, 3) float32, unit the character's outer eye-corner distance.
    """
    displacement = (animation.landmarks - animation.neutral).astype(np.float32)
    factor = np.sqrt(_ratio(neutral, animation.neutral, 48, 54) * _ratio(neutral, animation.neutral, 33, 8))
    lower = np.r_[0:17, NOSE, LIPS]
    displacement[:, lower] *= factor
    heights = [
        float(face[BROWS, 1].mean() - face[[36, 39, 42, 45], 1].mean())
        for face in (neutral, animation.neutral)
    ]
    displacement[:, BROWS] *= np.clip(heights[0] / max(heights[1], 1e-6), *_SCALE_RANGE)
    return displacement


def own_weights(animation: FaceAnimation, shapes: OwnShapes) -> Floats:
    """The weights of a character's own shapes that make its landmarks do what the animation's do.

    Shapes that are not solved for (gaze, blinks, cheeks), and those that move no landmark, keep the animation's weights.

    Args:
        animation: what the engine made.
        shapes: the character's measured shapes.

    Returns:
        (T, S) float32 in 0…1.
    """
    motion = fitted_motion(animation, shapes.neutral)
    result = animation.arkit[:, [ARKIT_INDEX[name] for name in shapes.names]].copy()
    mouth = _solvable(shapes, MOUTH_COSTS, LIPS)
    brows = _solvable(shapes, BROW_COSTS, BROWS)
    for columns, costs, shape_rows, motion_rows in (
        (mouth, MOUTH_COSTS, _mouth_rows(shapes.deltas[mouth]), _mouth_rows(motion)),
        (brows, BROW_COSTS, shapes.deltas[brows][:, BROWS, 1], motion[:, BROWS, 1]),
    ):
        if len(columns):
            own_costs = [max(_COST_SHARE * costs[shapes.names[column]], _LEAST_COST) for column in columns]
            result[:, columns] = solve_weights(
                shape_rows, motion_rows @ shape_rows.T, np.array(own_costs), animation.fps,
                sparsity=_SPARSITY, smoothness=_SMOOTHNESS_SECONDS, iterations=_ITERATIONS,
            )  # fmt: skip
    if len(mouth):
        _meet_lips(result, animation, shapes, mouth)
    return np.asarray(np.clip(result, 0, 1))


def landmark_error(weights: Floats, motion: Floats, deltas: Floats) -> float:
    """Root mean square distance of lip and jaw landmarks from where they should be, in face units, front view and depth.

    Args:
        weights: (T, S).
        motion: (T, 68, 3) wanted displacement, see `fitted_motion`.
        deltas: (S, 68, 3).
    """
    points = np.r_[CHIN, LIPS]
    reached = np.tensordot(weights, deltas[:, points], axes=1)
    return float(np.sqrt(((reached - motion[:, points]) ** 2).sum(-1).mean()))


def own_shapes_error(take: FaceAnimation, animation: FaceAnimation, shapes: OwnShapes) -> float:
    """`landmark_error` of a take's weights for the motion of an animation, on the character whose shapes these are."""
    columns = [ARKIT_INDEX[name] for name in shapes.names]
    motion = fitted_motion(animation, shapes.neutral)
    return landmark_error(take.arkit[:, columns], motion, shapes.deltas)


def lip_gap(weights: Floats, shapes: OwnShapes) -> Floats:
    """(T,) height of the opening between the inner lips' middles on the character, face units; negative where they cross."""
    rest_gap = shapes.neutral[62, 1] - shapes.neutral[66, 1]
    return np.asarray(rest_gap + weights @ (shapes.deltas[:, 62, 1] - shapes.deltas[:, 66, 1]))


def _ratio(one: Floats, other: Floats, first: int, second: int) -> float:
    sizes = [float(np.linalg.norm(face[second] - face[first])) for face in (one, other)]
    return float(np.clip(sizes[0] / max(sizes[1], 1e-6), *_SCALE_RANGE))


def _solvable(shapes: OwnShapes, costs: dict[str, float], points: Indices) -> Indices:
    """Columns of the shapes of a table that move some landmarks."""
    moves = np.abs(shapes.deltas[:, points]).max(axis=(1, 2)) > _LEAST_MOTION
    return np.flatnonzero(moves & np.isin(shapes.names, list(costs)))


def _mouth_rows(motion: Floats) -> Floats:
    """(N, 68, 3) → (N, R) weighted measurements of lips and jaw that the solution has to match."""
    lips = motion[:, LIPS] * np.array([1, 1, _DEPTH_WEIGHT], np.float32)
    jaw = motion[:, CHIN] * (np.array([1, 1, _DEPTH_WEIGHT], np.float32) * _JAW_WEIGHT)
    gap = (motion[:, _UPPER] - motion[:, _LOWER])[:, :, 1] * _GAP_WEIGHT
    width = (motion[:, 54] - motion[:, 48])[:, :1] * _WIDTH_WEIGHT
    return np.concatenate([part.reshape(len(motion), -1) for part in (lips, jaw, gap, width)], axis=1)


def _meet_lips(weights: Floats, animation: FaceAnimation, shapes: OwnShapes, mouth: Indices) -> None:
    """Where the speaker's lips touch, make the character's touch, and never let them cross (in place).

    What gap least squares leaves, mouthClose takes away (up to jawOpen, as Apple defines it), then the shapes that open give
    way; where lips would cross, the closing shapes give way instead.
    """
    gap_of_shape = np.zeros(len(shapes.names), np.float32)
    gap_of_shape[mouth] = shapes.deltas[mouth, 62, 1] - shapes.deltas[mouth, 66, 1]
    rest_gap = float(shapes.neutral[62, 1] - shapes.neutral[66, 1])
    speaker = animation.landmarks[:, 62, 1] - animation.landmarks[:, 66, 1]
    closed = np.clip(1 - speaker / _CLOSED, 0, 1).astype(np.float32)
    if "mouthClose" in shapes.names and "jawOpen" in shapes.names:
        close, jaw = shapes.names.index("mouthClose"), shapes.names.index("jawOpen")
        if gap_of_shape[close] < -_LEAST_MOTION:
            excess = np.maximum(lip_gap(weights, shapes), 0) * closed
            room = np.maximum(weights[:, jaw] - weights[:, close], 0)
            weights[:, close] += np.minimum(excess / -gap_of_shape[close], room)
    excess = np.maximum(lip_gap(weights, shapes) - max(rest_gap, 0.0), 0) * closed
    _give_way(weights, gap_of_shape > _LEAST_MOTION, gap_of_shape, excess)
    lack = np.maximum(min(rest_gap, 0.0) - lip_gap(weights, shapes), 0)
    _give_way(weights, gap_of_shape < 0, -gap_of_shape, lack)


def _give_way(weights: Floats, which: Flags, gap_of_shape: Floats, excess: Floats) -> None:
    """Scale some shapes down until they make less of a gap by an excess (in place)."""
    share = weights[:, which] @ gap_of_shape[which]
    weights[:, which] *= (1 - np.clip(excess / np.maximum(share, 1e-6), 0, 1))[:, None]
