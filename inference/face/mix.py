"""One face out of several animations: the lips of one, the head, eyes and brows of another.

A voice's lips on a filmed head, or a filmed mouth on a generated head. What is added follows the lips' timeline: it is cut
where it is longer, and where it is shorter it plays to and fro or settles and holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .animation import FRAME_SHAPES, FaceAnimation
from .arrays import Floats, Indices
from .errors import EngineError
from .landmarks import BROWS, LEFT_EYE, RIGHT_EYE, eye_opening
from .names import ARKIT_NAMES, FILLS, FRAME_RATES
from .resampling import read
from .smoothing import moving_average

_TURN_SECONDS = 0.5  # how long playing to and fro takes to turn round
_SETTLE_SECONDS = 0.5  # how long what is cut or held takes to come to rest
_LIDS_OPEN_SECONDS = 0.2


def mix(
    lips_from: FaceAnimation,
    head_from: FaceAnimation,
    *,
    eyes_from: FaceAnimation | None = None,
    brows_from: FaceAnimation | None = None,
    fps: float | None = None,
    fill: str = "loop",
) -> FaceAnimation:
    """Put one animation together from parts of several.

    Args:
        lips_from: gives lips, jaw, cheeks and nose, visemes and cues, the neutral face, and the length.
        head_from: gives head rotation and translation.
        eyes_from: gives blinks, lids and gaze; `head_from` by default, whose gaze fits its head.
        brows_from: gives the brows; `head_from` by default.
        fps: frames per second of the result; that of ``lips_from`` by default.
        fill: for parts that are shorter than the lips: ``loop`` plays them to and fro, ``hold`` lets them come to rest and
            stay.

    Returns:
        A new animation; a part taken from ``lips_from`` itself is unchanged.

    Raises:
        EngineError: an animation has no frames, or ``fill`` or ``fps`` is none of what is allowed (code ``bad_request``).
    """
    eyes_from, brows_from = eyes_from or head_from, brows_from or head_from
    parts = {"lips": lips_from, "head": head_from, "eyes": eyes_from, "brows": brows_from}
    rate = lips_from.fps if fps is None else float(fps)
    _check(parts, rate, fill)
    base = lips_from if rate == lips_from.fps else lips_from.resampled(rate)
    head = _on_timeline(head_from, lips_from, base, fill)
    eyes = _on_timeline(eyes_from, lips_from, base, fill)
    brows = _on_timeline(brows_from, lips_from, base, fill)
    landmarks, arkit = base.landmarks.copy(), base.arkit.copy()
    if eyes_from is not lips_from:
        for points in (LEFT_EYE, RIGHT_EYE):
            moved = eyes.landmarks[:, points] - eyes.neutral[points]
            landmarks[:, points] = base.neutral[points] + moved * _lid_ratio(base, eyes, points)
        arkit[:, _columns("eye")] = eyes.arkit[:, _columns("eye")]
    if brows_from is not lips_from:
        landmarks[:, BROWS] = base.neutral[BROWS] + brows.landmarks[:, BROWS] - brows.neutral[BROWS]
        arkit[:, _columns("brow")] = brows.arkit[:, _columns("brow")]
    return replace(
        base,
        landmarks=landmarks,
        arkit=arkit,
        head_rotation=head.head_rotation,
        head_translation=head.head_translation,
        eye_rotation=eyes.eye_rotation,
        blink=eyes.blink,
        source=_source(parts, fill),
    )


def _check(parts: dict[str, FaceAnimation], rate: float, fill: str) -> None:
    """Raise EngineError (code ``bad_request``) for what cannot be mixed."""
    if fill not in FILLS:
        raise EngineError(
            f"Shorter parts can be filled by {' or '.join(FILLS)}, not {fill!r}.", "bad_request"
        )
    if not all(len(part) for part in parts.values()):
        raise EngineError("An animation without frames cannot be mixed: generate it again.", "bad_request")
    lowest, highest = FRAME_RATES
    if not lowest <= rate <= highest:
        raise EngineError(f"The frame rate must be {lowest:g} to {highest:g}, not {rate}.", "bad_request")


def _source(parts: dict[str, FaceAnimation], fill: str) -> dict[str, Any]:
    """What the mixture was made of; a video's camera does not see another face."""
    lips = parts["lips"]
    if all(part is lips for part in parts.values()):
        return dict(lips.source)
    source = {key: value for key, value in lips.source.items() if key != "camera"}
    told = [sentence for part in parts.values() for sentence in part.warnings]
    source["warnings"] = list(dict.fromkeys([*lips.warnings, *told]))
    return {**source, "mixed": {name: part.source for name, part in parts.items()}, "fill": fill}


def _columns(*prefixes: str) -> Sequence[int]:
    """The ARKit shapes whose names begin so."""
    return [index for index, name in enumerate(ARKIT_NAMES) if name.startswith(prefixes)]


def _lid_ratio(base: FaceAnimation, eyes: FaceAnimation, points: Indices) -> Floats:
    """(3,) how much farther the lids of one face have to go than those of the other: both must shut wholly."""
    side = 0 if points is LEFT_EYE else 1
    ratio = float(eye_opening(base.neutral)[side] / max(float(eye_opening(eyes.neutral)[side]), 1e-3))
    width = np.ptp(base.neutral[points, 0]) / max(float(np.ptp(eyes.neutral[points, 0])), 1e-3)
    return np.array([1, ratio * width, ratio * width], np.float32)


def _on_timeline(part: FaceAnimation, lips: FaceAnimation, base: FaceAnimation, fill: str) -> FaceAnimation:
    """A part's frames at the instants of ``base``, complete and with a clean end."""
    if part is lips:
        return base
    frames, fps = len(base), base.fps
    moment = np.arange(frames) / fps
    if part.duration >= base.duration - 0.5 / fps:
        place = moment if part.duration <= base.duration + 0.5 / fps else _settled(moment, float(moment[-1]))
    elif fill == "hold":
        place = _settled(moment, part.duration)
    else:
        place = _to_and_fro(frames, fps, part.duration)
    taken = _at(part, place, fps)
    if part.duration > base.duration + 0.5 / fps:
        _open_lids(taken, float(moment[-1]))
    elif fill == "hold" and part.duration < base.duration - 0.5 / fps:
        _open_lids(taken, part.duration)
    return taken


def _settled(moment: Floats, end: float) -> Floats:
    """Instants that run as time does and come to rest, without a jerk, `_SETTLE_SECONDS` around the end."""
    length = min(_SETTLE_SECONDS, end)
    if length <= 0:
        return np.zeros_like(moment)
    # Speed falls evenly from 1 to 0 within the last part, which therefore covers half of its length.
    late = np.clip((moment - (end - length)) / length, 0, 1)
    return np.asarray(np.minimum(moment, end - length) + length * (late - late * late / 2))


def _to_and_fro(frames: int, fps: float, duration: float) -> Floats:
    """Instants of a clip of that duration played forwards and backwards, turning round softly."""
    if duration <= 0:
        return np.zeros(frames)
    reach = round(_TURN_SECONDS * fps)
    moment = np.arange(-reach, frames + reach) / fps
    wave = duration - np.abs(np.mod(moment, 2 * duration) - duration)
    # Time before the clip's start is not turned round: its first frames stay its own.
    wave = np.where(moment < 0, moment, wave)
    softened = moving_average(wave, min(round(_TURN_SECONDS * fps), max(1, round(duration * fps / 2))))
    return np.asarray(np.clip(softened[reach : reach + frames], 0, duration))


def _at(part: FaceAnimation, place: Floats, fps: float) -> FaceAnimation:
    """The part's frames at any instants (T,) in seconds, linear between neighbours."""
    positions = np.clip(place * part.fps, 0, len(part) - 1)
    arrays: dict[str, Any] = {name: read(getattr(part, name), positions) for name in FRAME_SHAPES}
    return replace(part, fps=fps, **arrays)


def _open_lids(part: FaceAnimation, end: float) -> None:
    """Let a blink that the end cut through open again before it (in place), and stay open."""
    moment = np.arange(len(part)) / part.fps
    first = int(np.searchsorted(moment, end - _LIDS_OPEN_SECONDS))
    if first >= len(part):
        return
    shut = np.clip((end - moment[first:]) / _LIDS_OPEN_SECONDS, 0, 1).astype(np.float32)
    part.blink[first:] *= shut[:, None]
    for points in (LEFT_EYE, RIGHT_EYE):
        moved = part.landmarks[first:, points] - part.neutral[points]
        part.landmarks[first:, points] = part.neutral[points] + moved * shut[:, None, None]
    part.arkit[first:, _columns("eyeBlink")] *= shut[:, None]
