"""What the dials do to the arrays of an animation: weights, visemes, landmarks, curves.

They act on finished arrays alone, in milliseconds, so that neither a network nor the retargeting has to run again.
"""

from __future__ import annotations

import numpy as np

from .arrays import Floats
from .curves import ramp
from .dial_strengths import Strengths, strengths
from .dials import Dials, table
from .expressions import expressed
from .landmarks import BROWS, EYES, LIPS
from .lids_and_lips import INNER_PAIRS, shut_lids, shut_lips
from .shape_effects import TOUCH, Shapes, lip_gap, shapes
from .shape_table import load_basis

_APART = (
    0.02  # gap from which lips are free to move as the dials say; between the two they are held ever less
)
_NEAR = 0.03  # gap that the strongest mouth closing still closes
_CHIN = slice(4, 13)  # the part of the contour that goes with the jaw
_JAW_GIVES = 0.7  # so much of the jaw's and the lips' motion goes where lips are held shut; the lips meet over the rest
_FWHM = 2.3548  # full width at half maximum of a Gaussian, in standard deviations


def dialled_weights(arkit: Floats, fps: float, dials: Dials) -> Floats:
    """ARKit weights as the dials want them, but for the offset.

    Two things hold for any dials: lips that touch (gap up to `TOUCH`) are not further apart afterwards, and lips are never
    pressed through each other further than they were. Where gains of lips and jaw would break that, ``mouthClose`` takes the
    gap away, up to ``jawOpen`` as Apple defines the shape, then the shapes that open the lips give way, then the jaw.
    Lips that are held shut meet the same way, with less of a jaw.

    Args:
        arkit: (T, 52) weights in 0…1, Apple's order.
        fps: frames per second.
        dials: what to change.

    Returns:
        (T, 52) float32 in 0…1.
    """
    known, by = shapes(), _strengths(dials, len(arkit), fps)
    gap = lip_gap(arkit)
    weights = np.array(arkit, np.float32)
    weights *= _gains(by, known)
    np.clip(weights, 0.0, 1.0, out=weights)
    weights = expressed(weights, by)
    if dials.smoothing > 0:
        steady = np.array([group in ("lips", "brows") for group in known.groups])
        weights[:, steady] = smoothed(weights[:, steady], fps, dials.smoothing)
    if by.shut.any():
        weights[:, known.opening > 0] *= 1 - _JAW_GIVES * by.shut
    if by.shapes_lips:
        _hold_lips(weights, gap, by, known)
    return weights


def _strengths(dials: Dials, frames: int, fps: float) -> Strengths:
    return strengths(dials, frames, offset_frames(dials, fps))


def _gains(by: Strengths, known: Shapes) -> Floats:
    """(1 or T, 52) factor of each shape; one that moves lips both ways gets the mean of both gains, weighted by its shares."""
    gains = known.across * by.across + (1 - known.across) * by.up_down
    groups = np.array(known.groups)
    for group in sorted(set(known.groups) - {"lips"}):
        columns, gain = groups == group, by.gain(group)
        if len(gain) > len(gains):
            gains = np.repeat(gains, len(gain), axis=0)
        gains[:, columns] = gain
    pressed = np.where(known.pressing, by.closing, np.float32(1.0))
    return np.asarray(gains * pressed, np.float32)


def _hold_lips(weights: Floats, before: Floats, by: Strengths, known: Shapes) -> None:
    """Keep lips shut that were shut, and from crossing (in place).

    Args:
        weights: (T, 52) after the gains.
        before: (T,) gap before the gains.
        by: for how firmly the mouth closes.
        known: the shapes.
    """
    gap = weights @ known.opening
    held = ramp(before, _APART, TOUCH)
    widest = np.maximum(before, 0) * np.minimum(by.up_down[:, 0], 1.0)
    allowed = gap - held * np.maximum(gap - widest, 0)
    near = _near(by)
    allowed = np.where(allowed > 0, allowed * _beyond(allowed, near) * (1 - by.shut[:, 0]), allowed)
    opening = np.maximum(known.opening, 0)
    opening[known.jaw] = 0
    excess = np.maximum(gap - allowed, 0)
    room = np.minimum(weights[:, known.jaw], 1) - weights[:, known.close]
    weights[:, known.close] += np.clip(excess / -known.opening[known.close], 0, np.maximum(room, 0))
    excess = np.maximum(weights @ known.opening - allowed, 0)
    _give_way(weights, opening, excess)
    excess = np.maximum(weights @ known.opening - allowed, 0)
    weights[:, known.jaw] -= np.minimum(excess / known.opening[known.jaw], weights[:, known.jaw])

    lowest = np.minimum(before, 0) * np.minimum(by.closing[:, 0], 1.0)
    missing = np.maximum(lowest - weights @ known.opening, 0)
    close = weights[:, known.close]
    close -= np.minimum(missing / -known.opening[known.close], close)
    closing = np.maximum(-known.opening, 0)
    closing[known.close] = 0
    _give_way(weights, closing, np.maximum(lowest - weights @ known.opening, 0))


def _near(by: Strengths) -> Floats:
    """(1 or T,) gap that the mouth closing still closes."""
    return np.float32(_NEAR) * np.maximum(by.closing[:, 0] - 1.0, 0.0)


def _beyond(gap: Floats, near: Floats) -> Floats:
    """0 for gaps up to `near` to 1 for those twice as wide, of the same shape; 1 everywhere where nothing is near."""
    return np.where(near > 0, np.clip((gap - near) / np.maximum(near, 1e-9), 0, 1), 1.0)


def _give_way(weights: Floats, effect: Floats, surplus: Floats) -> None:
    """Scale the shapes with an effect down until (T,) so much of their joint effect is gone, or all of it (in place)."""
    acting = effect > 0
    share = weights[:, acting] @ effect[acting]
    weights[:, acting] *= (1 - np.clip(surplus / np.maximum(share, 1e-9), 0, 1))[:, None]


def dialled_visemes(visemes: Floats, arkit: Floats, fps: float, dials: Dials) -> Floats:
    """Viseme weights as the dials want them, but for the offset.

    Where the lips touch, no viseme gets stronger, and the one of p, b and m no weaker: dials never open a closure. Where they are
    held shut, that one takes over.

    Args:
        visemes: (T, 15) weights in 0…1, Oculus order.
        arkit: (T, 52) weights of the same frames before any dial.
        fps: frames per second.
        dials: what to change.

    Returns:
        (T, 15) float32 in 0…1.
    """
    rows = table()["visemes"]
    names = list(rows)
    moving = [index for index, name in enumerate(names) if rows[name] is not None]
    closure, silence = names.index("PP"), names.index("sil")
    across = np.array([rows[names[index]] for index in moving], np.float32)
    by = _strengths(dials, len(visemes), fps)
    gains = across * by.across + (1 - across) * by.up_down
    weights = np.array(visemes, np.float32)
    if not by.shapes_lips:
        return weights
    if dials.smoothing > 0:
        weights = smoothed(weights, fps, dials.smoothing)
        weights[:, closure] = np.maximum(weights[:, closure], visemes[:, closure])
    held = ramp(lip_gap(arkit), _APART, TOUCH)[:, None]
    free = weights[:, moving] * gains
    kept = np.minimum(free, visemes[:, moving])
    weights[:, moving] = np.clip(free * (1 - held) + kept * held, 0, 1)
    # What the mouth no longer does is rest: weights that added up to 1 still do.
    lost = np.maximum(visemes[:, moving].sum(axis=1) - weights[:, moving].sum(axis=1), 0)
    weights[:, silence] = np.clip(weights[:, silence] + lost * (1 - weights[:, closure]), 0, 1)
    if by.shut.any():
        weights *= 1 - by.shut
        weights[:, closure] += by.shut[:, 0]
    return weights


def dialled_landmarks(
    landmarks: Floats, neutral: Floats, blink: Floats, arkit: Floats, fps: float, dials: Dials
) -> Floats:
    """Landmarks as the dials want them, but for the offset.

    Lip points move as MakeItTalk's ``amp_lip_x`` and ``amp_lip_y`` move them (displacement times gain), with the chin following
    the lips up and down. Inner lip pairs that touch keep touching, lips that are held shut meet, and lips never cross.

    Args:
        landmarks: (T, 68, 3), unit outer eye-corner distance.
        neutral: (68, 3) the face they move from.
        blink: (T, 2) 0 open to 1 shut, left and right, before any dial.
        arkit: (T, 52) weights of the same frames before any dial.
        fps: frames per second.
        dials: what to change.

    Returns:
        (T, 68, 3) float32.
    """
    by = _strengths(dials, len(landmarks), fps)
    displacement = (landmarks - neutral).astype(np.float32)
    held = np.clip(2 - _gaps(landmarks) / (TOUCH / 2), 0, 1).astype(np.float32)
    displacement[:, LIPS, 0] *= by.across
    displacement[:, LIPS, 1] *= by.up_down
    displacement[:, LIPS, 2] *= (by.across + by.up_down) / 2
    displacement[:, _CHIN, 1] *= by.up_down
    displacement[:, BROWS] *= by.brows[:, :, None]
    if by.brow.any() or by.smile.any():
        displacement += np.tensordot(expressed(arkit, by) - arkit, load_basis().deltas, 1)
    if dials.smoothing > 0:
        lids = displacement[:, EYES].copy()
        flat = displacement.reshape(len(displacement), -1)
        displacement = smoothed(flat, fps, dials.smoothing).reshape(displacement.shape)
        displacement[:, EYES] = lids
    if by.shut.any():
        displacement[:, LIPS, 1] *= 1 - _JAW_GIVES * by.shut
        displacement[:, _CHIN, 1] *= 1 - _JAW_GIVES * by.shut
    if by.shapes_lips:
        shut_lips(displacement, neutral, np.maximum(held, by.shut))
        near = _near(by)[:, None]
        if near.any():
            strength = 1 - _beyond(_gaps(displacement + neutral), near)
            shut_lips(displacement, neutral, strength.astype(np.float32))
    result = (displacement + neutral).astype(np.float32)
    if (by.blinks != 1.0).any():
        shut_lids(result, (np.clip(blink * by.blinks, 0, 1) - blink).astype(np.float32), neutral)
    return result


def _gaps(landmarks: Floats) -> Floats:
    """(T, 3) height of the gaps between the inner lip pairs."""
    return np.stack([landmarks[:, upper, 1] - landmarks[:, lower, 1] for upper, lower in INNER_PAIRS], axis=1)


def smoothed(values: Floats, fps: float, seconds: float) -> Floats:
    """Centred Gaussian average along time, edges repeated.

    Args:
        values: (T, N).
        fps: frames per second.
        seconds: full width at half maximum; 0 changes nothing.

    Returns:
        (T, N) float32.
    """
    sigma = seconds * fps / _FWHM
    reach = int(np.ceil(3 * sigma))
    if reach < 1 or len(values) < 2:
        return np.array(values, np.float32)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(np.asarray(values, np.float32), ((reach, reach), (0, 0)), mode="edge")
    result = np.zeros(values.shape, np.float32)
    for start, share in enumerate(kernel):
        result += np.float32(share) * padded[start : start + len(values)]
    return result


def delayed(values: Floats, frames: int) -> Floats:
    """(T, …) values that come so many frames later (earlier where negative); the first or last one fills the rest."""
    if frames == 0 or not len(values):
        return values
    return np.asarray(values[np.clip(np.arange(len(values)) - frames, 0, len(values) - 1)])


def offset_frames(dials: Dials, fps: float) -> int:
    """The offset in whole frames: between two frames lips that touch in one of them would be half open."""
    return round(dials.offset * fps)
