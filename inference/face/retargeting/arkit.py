"""Landmark motion → Apple's 52 ARKit blendshape weights.

How each shape moves the 68 landmarks is a table measured on a real head (``checkpoints/arkit_basis.npz``). The
weights are the bounded, sparse, temporally smooth least-squares answer to "which shapes move the landmarks so?".
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats
from ..landmarks import BROWS, CHIN, LIPS
from ..names import ARKIT_INDEX, ARKIT_NAMES
from ..shape_table import ArkitBasis, load_basis

# What using a shape costs in the solution: speech is mostly jaw, funnel, pucker, stretch and the half lips;
# a shape of which two can cancel each other (left and right, shrugs) must earn its place.
MOUTH_COSTS: dict[str, float] = {
    "jawOpen": 0.02, "mouthClose": 0.05, "mouthFunnel": 0.05, "mouthPucker": 0.05, "mouthPressLeft": 0.10,
    "mouthPressRight": 0.10, "mouthStretchLeft": 0.06, "mouthStretchRight": 0.06, "mouthSmileLeft": 0.08,
    "mouthSmileRight": 0.08, "mouthFrownLeft": 0.15, "mouthFrownRight": 0.15, "mouthDimpleLeft": 0.15,
    "mouthDimpleRight": 0.15, "mouthRollLower": 0.10, "mouthRollUpper": 0.10, "mouthShrugLower": 0.15,
    "mouthShrugUpper": 0.15, "mouthLowerDownLeft": 0.05, "mouthLowerDownRight": 0.05, "mouthUpperUpLeft": 0.05,
    "mouthUpperUpRight": 0.05, "jawForward": 0.25, "jawLeft": 0.20, "jawRight": 0.20, "mouthLeft": 0.25,
    "mouthRight": 0.25,
}  # fmt: skip
BROW_COSTS: dict[str, float] = {
    "browDownLeft": 0.05, "browDownRight": 0.05, "browInnerUp": 0.03, "browOuterUpLeft": 0.05, "browOuterUpRight": 0.05,
}  # fmt: skip

# Rotation of the eye at which ARKit's eyeLook shapes reach 1.
EYE_YAW_RANGE, EYE_PITCH_RANGE = np.radians(30.0), np.radians(25.0)

_DEPTH_WEIGHT = 0.3  # depth of a landmark is the least certain of its coordinates
_JAW_WEIGHT = 0.4  # contour points slide along the skin
_GAP_WEIGHT = 4.0  # a closed mouth must be closed: the gap matters more than where the lips are
_WIDTH_WEIGHT = 2.0
_SPARSITY = 0.004
_SMOOTHNESS_SECONDS = 0.012
_ITERATIONS = 90
_BLOCK = 1 << 15  # frames whose measurements are held at a time: those of an hour are 100 MB


def arkit_weights(
    displacement: Floats,
    blink: Floats,
    eye_rotation: Floats,
    fps: float,
    basis: ArkitBasis | None = None,
) -> Floats:
    """The 52 weights that move a face as the landmarks moved.

    Args:
        displacement: (T, 68, 3) landmarks minus neutral, unit outer eye-corner distance.
        blink: (T, 2) 0 open to 1 shut, left and right.
        eye_rotation: (T, 2) radians, yaw (positive to the picture's right) and pitch (positive up).
        fps: frames per second.
        basis: by default the shipped one.

    Returns:
        (T, 52) float32 in 0…1, `ARKIT_NAMES` order.
    """
    basis = basis or load_basis()
    weights = np.zeros((len(displacement), len(ARKIT_NAMES)), np.float32)
    mouth = list(MOUTH_COSTS)
    rows = _mouth_rows(basis.deltas[_columns(mouth)])
    wanted = np.empty((len(displacement), len(mouth)), np.result_type(displacement, rows))
    for first in range(0, len(wanted), _BLOCK):
        wanted[first : first + _BLOCK] = _mouth_rows(displacement[first : first + _BLOCK]) @ rows.T
    solved = solve_weights(rows, wanted, np.array(list(MOUTH_COSTS.values())), fps)
    weights[:, _columns(mouth)] = solved
    brow_rows = basis.deltas[_columns(list(BROW_COSTS))][:, BROWS, 1]
    brow_costs = np.array(list(BROW_COSTS.values()))
    weights[:, _columns(list(BROW_COSTS))] = solve_weights(
        brow_rows, displacement[:, BROWS, 1] @ brow_rows.T, brow_costs, fps
    )
    _close_lips(weights, displacement, basis)
    look_and_blink(weights, blink, eye_rotation)
    for side in ("Left", "Right"):  # a smile lifts the cheeks, which pushes the lower lids up
        weights[:, ARKIT_INDEX["cheekSquint" + side]] = 0.4 * weights[:, ARKIT_INDEX["mouthSmile" + side]]
    return weights


def landmark_displacement(weights: Floats, basis: ArkitBasis | None = None) -> Floats:
    """(T, 52) weights → (T, 68, 3) displacement that they produce on the basis' own face."""
    basis = basis or load_basis()
    return np.tensordot(weights, basis.deltas, axes=1)


def _columns(names: list[str]) -> list[int]:
    return [ARKIT_INDEX[name] for name in names]


def _mouth_rows(motion: Floats) -> Floats:
    """(N, 68, 3) motion → (N, R) weighted measurements of the mouth that the solution has to match."""
    lips = motion[:, LIPS] * np.array([1, 1, _DEPTH_WEIGHT], np.float32)
    jaw = motion[:, CHIN, :2] * _JAW_WEIGHT
    gap = (motion[:, [61, 62, 63]] - motion[:, [67, 66, 65]])[:, :, 1] * _GAP_WEIGHT
    width = (motion[:, 54] - motion[:, 48])[:, :1] * _WIDTH_WEIGHT
    return np.concatenate([lips.reshape(len(motion), -1), jaw.reshape(len(motion), -1), gap, width], axis=1)


def solve_weights(
    shapes: Floats,
    wanted: Floats,
    costs: Floats,
    fps: float,
    sparsity: float = _SPARSITY,
    limits: tuple[Floats, Floats] | None = None,
    smoothness: float = _SMOOTHNESS_SECONDS,
    iterations: int = _ITERATIONS,
) -> Floats:
    """Bounded smooth sparse least squares, all frames at once, by accelerated projected gradient.

    Minimises within the limits: ``|S'x_t - d_t|² + Σ cost² x_t² + sparsity Σ x_t + smooth |x_t - x_(t-1)|²``.
    Source: Beck and Teboulle, *A fast iterative shrinkage-thresholding algorithm* (FISTA), 2009.

    Args:
        shapes: (S, R) measurements of each shape at weight 1.
        wanted: (T, S) the measurements to match, (T, R), times the transposed shapes.
        costs: (S,) ridge cost of each of the shapes.
        fps: frames per second; sets how much neighbouring frames hold each other.
        sparsity: what any use of a shape costs.
        limits: (S,) lowest and (S,) highest weight of each shape; 0 and 1 by default.
        smoothness: seconds over which frames hold each other.
        iterations: steps of the solver.

    Returns:
        (T, S) float32 within the limits.
    """
    low, high = limits if limits is not None else (np.float32(0), np.float32(1))
    ridge = np.asarray(costs, np.float64) ** 2
    gram = shapes.astype(np.float64) @ shapes.T + np.diag(ridge)
    smooth = float(np.mean(np.diag(gram))) * smoothness * fps
    step = np.float32(1 / (np.linalg.eigvalsh(gram)[-1] + 4 * smooth))
    gram32 = (gram * step).astype(np.float32)
    pull = ((wanted - sparsity / 2) * step).astype(np.float32)
    hold = np.float32(smooth * step)
    current = np.zeros((len(wanted), len(shapes)), np.float32)
    ahead, momentum = current, 1.0
    for _ in range(iterations):
        following = ahead + pull - ahead @ gram32
        if len(wanted) > 1:
            change = (ahead[1:] - ahead[:-1]) * hold
            following[:-1] += change
            following[1:] -= change
        np.clip(following, low, high, out=following)
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + np.float32((momentum - 1) / faster) * (following - current)
        current, momentum = following, faster
    return current


def _close_lips(weights: Floats, displacement: Floats, basis: ArkitBasis) -> None:
    """Where the landmarks' lips touch, make the shapes' lips touch too (in place).

    Least squares leaves a sliver of gap; `mouthClose` takes it away, up to `jawOpen` as Apple defines the shape, and
    the half-lip shapes give way for the rest.
    """
    rest_gap = basis.neutral[62, 1] - basis.neutral[66, 1]
    wanted = rest_gap + displacement[:, 62, 1] - displacement[:, 66, 1]
    closed = np.clip(1 - wanted / 0.02, 0, 1).astype(np.float32)  # 1 where the gap is nothing, 0 from 2 % on
    gap_of_shape = basis.deltas[:, 62, 1] - basis.deltas[:, 66, 1]
    close, jaw = ARKIT_INDEX["mouthClose"], ARKIT_INDEX["jawOpen"]
    excess = np.maximum(weights @ gap_of_shape, 0) * closed
    weights[:, close] = np.minimum(
        weights[:, close] + excess / -gap_of_shape[close], np.maximum(weights[:, jaw], 0)
    )
    excess = np.maximum(weights @ gap_of_shape, 0) * closed
    opening = (gap_of_shape > 0.01) & (np.arange(len(gap_of_shape)) != jaw)
    share = weights[:, opening] @ gap_of_shape[opening]
    weights[:, opening] *= (1 - np.clip(excess / np.maximum(share, 1e-6), 0, 1))[:, None]


def look_and_blink(weights: Floats, blink: Floats, eye_rotation: Floats) -> None:
    """Fill the blink and gaze shapes of (T, 52) weights, in place. The picture's right is the character's left.

    Args:
        weights: Apple's order; the other shapes stay.
        blink: (T, 2) 0 open to 1 shut, left and right.
        eye_rotation: (T, 2) radians, yaw (positive to the picture's right) and pitch (positive up).
    """
    yaw, pitch = eye_rotation[:, 0] / EYE_YAW_RANGE, eye_rotation[:, 1] / EYE_PITCH_RANGE
    for side, column, outward in (("Left", 0, yaw), ("Right", 1, -yaw)):
        for name, value in (
            ("eyeBlink", blink[:, column]),
            ("eyeLookOut", outward),
            ("eyeLookIn", -outward),
            ("eyeLookUp", pitch),
            ("eyeLookDown", -pitch),
        ):
            weights[:, ARKIT_INDEX[name + side]] = np.clip(value, 0, 1)
