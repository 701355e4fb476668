"""A talking style from a short clip: which amounts make the engine move as the person does, said of the same words.

The engine speaks the clip's own sound in a first guess of the style; where its motion measures less or more than the person's,
the amounts are corrected, and so on. What the words alone do cancels out, so five seconds go far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..motion.manner.style_code import Statistics, expression, measure, style_code
from ..motion.manner.styles import DEFAULT, LIMITS, Style, shipped_styles
from .example import Example, Voice

_ROUNDS = 4
_SEEDS = (0, 1, 2)
_TEMPOS = (0.5, 0.7, 1.0, 1.4, 2.0)
_AXES = ("nod", "turn", "tilt")
_TRAVEL = ("side", "up", "depth")
_SPEED_WEIGHT = 4.0  # the style code knows of the pose its speed alone
# A clip of seconds says little of what happens every few seconds: usual rates count as this much of listening.
_PRIOR_MINUTES = 0.25
_BLINKS = (10.0, 25.0)
_LIPS = (0.4, 2.0)  # beyond this, tracker and engine disagree rather than the speaker
_USUAL_HEAD = 4.0


def imitate(examples: list[Example], name: str, description: str = "") -> Style:
    """The style of one person.

    Args:
        examples: clips of that person.
        name, description: of the style.

    Returns:
        With ``statistics`` and ``code`` of the clips themselves.
    """
    real = measure(*(example.animation for example in examples))
    voices = [example.voice for example in examples if example.voice is not None]
    style = replace(shipped_styles()[DEFAULT], name=name, label="", description=description)
    if voices:
        for _ in range(_ROUNDS):
            style = _head(style, real, voices)
            generated = _measured(style, voices)
            style = _lips(_brows(style, real, generated), real, generated, _leaning(examples))
            style = _eyes(style, real, generated)
    else:  # nothing to compare with but what the usual style measures on speech in general
        usual = Statistics(dict(style.statistics), real.seconds)
        style = _lips(_brows(style, real, usual), real, usual, _leaning(examples))
        style = _eyes(_whole_head(style, real, usual), real, usual)
    return replace(style, statistics=real.values, code=tuple(float(value) for value in style_code(real)))


def from_measures(measures: Mapping[str, float], name: str, description: str = "") -> Style:
    """A style of which only the numbers of `style_code.CODE_NAMES` are known; what they do not say is as usual.

    Args:
        measures: those numbers, by their names.
        name, description: of the style.
    """
    style = replace(shipped_styles()[DEFAULT], name=name, label="", description=description)
    usual = Statistics(dict(style.statistics), 0.0)
    least = {name: 0.05 * value for name, value in usual.values.items()}
    known = {name: max(value, least[name]) for name, value in measures.items()}
    real = Statistics({**usual.values, **known}, 0.0)
    style = _lips(_brows(_whole_head(style, real, usual), real, usual), real, usual, leaning=1.0)
    return replace(style, statistics=real.values, code=tuple(float(value) for value in style_code(real)))


def _measured(style: Style, voices: list[Voice]) -> Statistics:
    return measure(*(voice.take(style, seed) for voice in voices for seed in _SEEDS))


def _ratio(real: Statistics, generated: Statistics, name: str) -> float:
    return real.values[name] / max(generated.values[name], 1e-9)


def _lips(style: Style, real: Statistics, generated: Statistics, leaning: float) -> Style:
    opening = _ratio(real, generated, "opening deviation")
    corners = generated.values["corner height deviation"]
    beyond = max(
        real.values["corner difference deviation"] ** 2 - _symmetric_difference(generated, style) ** 2, 0.0
    )
    return style.changed(
        {
            "lips_up_down": np.clip(style.lips_up_down * opening, *_LIPS),
            "lips_across": np.clip(style.lips_across * _ratio(real, generated, "width deviation"), *_LIPS),
            "corners": np.clip(
                style.corners * _ratio(real, generated, "corner height deviation") / opening, *_LIPS
            ),
            "asymmetry": np.clip(leaning * np.sqrt(beyond) / (2 * max(corners, 1e-6)), -0.6, 0.6),
        }
    )


def _symmetric_difference(generated: Statistics, style: Style) -> float:
    """How much the corners would differ in a style without asymmetry."""
    own = 2 * abs(style.asymmetry) * generated.values["corner height deviation"]
    return float(np.sqrt(max(generated.values["corner difference deviation"] ** 2 - own**2, 0.0)))


def _leaning(examples: list[Example]) -> float:
    """1 where the character's left half of the mouth works more, else -1."""
    total = 0.0
    for example in examples:
        curves = expression(example.animation.landmarks)
        height, difference = curves[:, 2], curves[:, 3]
        total += float(((height - height.mean()) * (difference - difference.mean())).sum())
    return 1.0 if total >= 0 else -1.0


def _brows(style: Style, real: Statistics, generated: Statistics) -> Style:
    inner = _ratio(real, generated, "inner brow height deviation")
    outer = _ratio(real, generated, "outer brow height deviation")
    difference = _ratio(real, generated, "brow difference deviation")
    names = ("inner brow height", "outer brow height", "brow difference")
    quickness = [
        _ratio(real, generated, f"{name} speed") / _ratio(real, generated, f"{name} deviation")
        for name in names
    ]
    return style.changed(
        {
            "brows": style.brows * inner,
            "brow_outer": style.brow_outer * outer / inner,
            "brow_slant": style.brow_slant * difference / inner,
            "brow_tempo": style.brow_tempo * float(np.exp(np.mean(np.log(quickness)))),
        }
    )


def _head(style: Style, real: Statistics, voices: list[Voice]) -> Style:
    """Amounts of slow and quick motion for each axis, and their tempo; then how far the head travels with them."""
    flat = dict.fromkeys(("head", "sway", "nod", "beat", "tempo"), 1.0)
    flat |= {f"{part}_{axis}": 1.0 for part in ("head", "beat") for axis in _AXES}
    flat |= {f"travel_{axis}": 1.0 for axis in _TRAVEL}
    beats = _measured(style.changed({**flat, "sway": 0.0, "nod": 0.0}), voices)
    best: tuple[float, Style] | None = None
    for tempo in _TEMPOS:
        slow = _measured(style.changed({**flat, "beat": 0.0, "tempo": tempo}), voices)
        amounts, wrong = {**flat, "tempo": tempo}, 0.0
        for axis in _AXES:
            parts = np.array(
                [
                    [part.values[f"{axis} {what}"] ** 2 for part in (slow, beats)]
                    for what in ("deviation", "speed")
                ]
            )
            wanted = np.array([real.values[f"{axis} {what}"] ** 2 for what in ("deviation", "speed")])
            shares, miss = _shares(parts, wanted)
            amounts[f"head_{axis}"], amounts[f"beat_{axis}"] = np.sqrt(shares)
            wrong += miss
        if best is None or wrong < best[0]:
            best = wrong, style.changed(amounts)
    assert best is not None
    generated = _measured(best[1], voices)
    return best[1].changed({f"travel_{axis}": _ratio(real, generated, f"{axis} speed") for axis in _TRAVEL})


def _shares(parts: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, float]:
    """Two amounts ≥ 0 of two parts whose powers add up to what is wanted, and how far off they are.

    Args:
        parts: (2, 2) deviation² and speed² of the slow and of the quick part.
        wanted: (2,) deviation² and speed².
    """
    weight = np.array([1.0, _SPEED_WEIGHT])
    grid = np.geomspace(1e-3, 1e3, 121)
    slow_share = np.concatenate([[0.0, 1.0], grid / (1 + grid)])
    mixed = parts @ np.stack([slow_share, 1 - slow_share])
    # For each mixture the size that suits best in the logarithm, then the mixture that is least wrong.
    off = np.log(np.maximum(wanted, 1e-12))[:, None] - np.log(np.maximum(mixed, 1e-12))
    size = (weight @ off) / weight.sum()
    wrong = weight @ (off - size) ** 2
    best = int(wrong.argmin())
    return np.exp(size[best]) * np.array([slow_share[best], 1 - slow_share[best]]), float(wrong[best])


def _whole_head(style: Style, real: Statistics, usual: Statistics) -> Style:
    amounts: dict[str, float] = {}
    for axis in _AXES:
        amount = np.clip(_ratio(real, usual, f"{axis} speed"), 0, _USUAL_HEAD)
        amounts |= {f"head_{axis}": amount, f"beat_{axis}": amount}
    return style.changed(amounts)


def _eyes(style: Style, real: Statistics, generated: Statistics) -> Style:
    minutes = real.seconds / 60
    usual = shipped_styles()[DEFAULT]

    def rate(name: str, expected: float) -> float:
        count = real.values[name] * minutes
        return (count + expected * _PRIOR_MINUTES) / (minutes + _PRIOR_MINUTES)

    amounts = {
        "blinks_per_minute": np.clip(rate("blinks per minute", usual.blinks_per_minute), *_BLINKS),
        "gaze_shifts": style.gaze_shifts
        * rate("gaze shifts per minute", generated.values["gaze shifts per minute"])
        / max(generated.values["gaze shifts per minute"], 2.0),
    }
    if real.values["blink seconds"] > 0 and generated.values["blink seconds"] > 0:
        amounts["blink_seconds"] = style.blink_seconds * _ratio(real, generated, "blink seconds")
    if real.values["gaze seconds"] > 0 and generated.values["gaze seconds"] > 0:
        low, high = LIMITS["gaze_seconds"]
        amounts["gaze_seconds"] = np.clip(
            style.gaze_seconds * _ratio(real, generated, "gaze seconds"), low, high
        )
    return style.changed(amounts)
