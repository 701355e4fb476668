# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives mouths that have visemes, mouth shapes or vowels only, so that they open as far as the landmarks do. No bpy.

The engine's visemes are probabilities: they say which sound it is, hardly ever reach 1 and know nothing of how far this
speaker opens the mouth. The landmarks know that. Both meet in a closed form, one row a frame:

1. Probabilities, sharpened, are shared out to the shapes that the character has: the *mix*, which adds up to 1 in speech
   and to 0 in silence.
2. Each shape opens the mouth by its own amount, measured on the mesh (`targets.lip_seam`) or taken from a table.
3. Where the mix would open less than the landmarks, it gives way to the widest shape until it opens as far; where it
   would open more, the shapes that open are scaled down. Shapes that shut or press the lips (p, b, m; f, v) stay.

So the opening follows the landmarks and the shape follows the sound, with weights that never add up to more than 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ..contract import VISEMES

if TYPE_CHECKING:
    from ..contract import arrays

# Opening (of the widest shape's) and rounding (−1 spread … 1 round) of each shape of a well-made set.
SHAPES: Final[dict[str, tuple[float, float]]] = {
    "viseme:sil": (0.0, 0.0), "viseme:PP": (0.0, 0.0), "viseme:FF": (0.06, 0.0), "viseme:TH": (0.2, 0.0),
    "viseme:DD": (0.2, -0.2), "viseme:kk": (0.25, 0.0), "viseme:CH": (0.2, 0.6), "viseme:SS": (0.12, -0.5),
    "viseme:nn": (0.22, -0.1), "viseme:RR": (0.25, 0.5), "viseme:aa": (1.0, 0.0), "viseme:E": (0.6, -0.6),
    "viseme:I": (0.35, -1.0), "viseme:O": (0.6, 0.8), "viseme:U": (0.25, 1.0),
    "vowel:A": (1.0, 0.0), "vowel:I": (0.3, -1.0), "vowel:U": (0.2, 1.0), "vowel:E": (0.5, -0.6),
    "vowel:O": (0.6, 0.8), "vowel:N": (0.0, 0.0),
    "mouth:A": (0.0, 0.0), "mouth:B": (0.15, -0.4), "mouth:C": (0.55, -0.3), "mouth:D": (1.0, 0.0),
    "mouth:E": (0.45, 0.5), "mouth:F": (0.2, 1.0), "mouth:G": (0.06, 0.0), "mouth:H": (0.6, -0.2), "mouth:X": (0.0, 0.0),
}  # fmt: skip

# Viseme → shares of the five vowels. Consonants take the vowel whose lips they resemble; p, b and m shut them.
VOWEL_SHARES: Final[dict[str, dict[str, float]]] = {
    "PP": {"vowel:N": 1}, "FF": {"vowel:U": 0.5}, "TH": {"vowel:E": 0.5, "vowel:I": 0.3},
    "DD": {"vowel:I": 0.5, "vowel:E": 0.3}, "kk": {"vowel:E": 0.5, "vowel:I": 0.2}, "CH": {"vowel:U": 0.6, "vowel:I": 0.3},
    "SS": {"vowel:I": 0.8}, "nn": {"vowel:E": 0.4, "vowel:I": 0.4}, "RR": {"vowel:O": 0.4, "vowel:U": 0.5},
    "aa": {"vowel:A": 1}, "E": {"vowel:E": 1}, "I": {"vowel:I": 1}, "O": {"vowel:O": 1}, "U": {"vowel:U": 1},
}  # fmt: skip

# Viseme → shares of the mouth shapes, after https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
MOUTH_SHARES: Final[dict[str, dict[str, float]]] = {
    "sil": {"mouth:X": 1}, "PP": {"mouth:A": 1}, "FF": {"mouth:G": 1}, "TH": {"mouth:B": 0.6, "mouth:H": 0.4},
    "DD": {"mouth:B": 1}, "kk": {"mouth:B": 0.7, "mouth:C": 0.3}, "CH": {"mouth:B": 0.5, "mouth:F": 0.5},
    "SS": {"mouth:B": 1}, "nn": {"mouth:B": 0.5, "mouth:H": 0.5}, "RR": {"mouth:E": 1}, "aa": {"mouth:D": 1},
    "E": {"mouth:C": 1}, "I": {"mouth:B": 1}, "O": {"mouth:E": 0.7, "mouth:F": 0.3}, "U": {"mouth:F": 1},
}  # fmt: skip

OPEN_REFERENCE: Final = 0.2
"""Opening of the lips (outer eye-corner distances) that the widest shape of a set shows: a clear "ah" in conversation."""
JAW_REFERENCE: Final = 0.425
"""Opening that ARKit's jawOpen shows at 1 (checkpoints/arkit_basis.npz)."""

_APART = 0.04  # outer eye-corner distances from which on lips are meant to be apart
_SHARPNESS = 1.5
_SHUT = 0.04  # a shape that opens less of the widest is a closure, which no opening scales down
_KNEE = 0.8  # share of the widest shape from which wider openings are rounded off instead of cut
_MEASURED_RANGE = (-0.25, 1.5)  # of what a table says; a measured opening beyond is not this shape's


def mouth_weights(
    channels: Sequence[str],
    visemes: arrays.Floats,
    opening: arrays.Floats,
    measured: Mapping[str, float] | None = None,
    strength: float = 1.0,
) -> arrays.Floats:
    """Weights of the shapes of one set (visemes, mouth shapes or vowels).

    Args:
        channels: the K channels that the character has, all of one set, such as ``viseme:aa``.
        visemes: (T, 15) probabilities, Oculus' order.
        opening: (T,) of the lips, outer eye-corner distances.
        measured: how far each channel opens this character's lips, in any unit; None where that is not known.
        strength: 0…1: how strongly the sounds shape the lips beyond opening them.

    Returns:
        (T, K) float32 in 0…1; a row adds up to 1 at most.
    """
    import numpy as np

    opens = channel_openings(channels, measured)
    widest = int(np.argmax(opens))
    wanted = _rounded_off(opening.astype(np.float64) / OPEN_REFERENCE)
    # 1. the mix
    sharp = np.clip(visemes.astype(np.float64), 0, None) ** _SHARPNESS
    silence = np.clip(visemes[:, 0].astype(np.float64), 0, 1)
    sharp[:, 0] = 0
    total = sharp.sum(axis=1, keepdims=True)
    sharp *= (1 - silence[:, None]) / np.maximum(total, 1e-3)
    mix = sharp @ shares(channels) * strength
    # 3. its opening
    shut = opens <= _SHUT
    closed_part = mix @ np.where(shut, opens, 0)
    open_part = mix @ np.where(shut, 0, opens)
    scale = np.clip((wanted - closed_part) / np.maximum(open_part, 1e-6), 0, 1)
    weights: arrays.Floats = mix * np.where(shut[None, :], 1.0, scale[:, None])
    # Where the sound says shut and the lips are open, the closure gives way as well.
    now = weights @ opens
    towards = np.clip((wanted - now) / np.maximum(opens[widest] - now, 1e-6), 0, 1)
    weights *= (1 - towards)[:, None]
    weights[:, widest] += towards
    for rest in ("viseme:sil", "mouth:X"):
        if rest in channels:
            weights[:, channels.index(rest)] = silence * np.clip(1 - weights.sum(axis=1), 0, 1)
    return np.clip(weights, 0, 1).astype(np.float32)


def channel_openings(channels: Sequence[str], measured: Mapping[str, float] | None = None) -> arrays.Floats:
    """How far each channel opens the lips, the widest 1: (K,) float64, from measurements where there are any."""
    import numpy as np

    table = np.array([SHAPES[name][0] for name in channels])
    if measured is None or not all(name in measured for name in channels):
        return np.asarray(table / max(table.max(), 1e-6))
    openings = np.array([measured[name] for name in channels])
    if openings.max() <= 0:
        return np.asarray(table / max(table.max(), 1e-6))
    low, high = _MEASURED_RANGE
    return np.asarray(np.clip(openings / openings.max(), low, high))


def shares(channels: Sequence[str]) -> arrays.Floats:
    """What of each viseme each channel takes: (15, K) float64; what a character lacks goes to the most similar shape."""
    import numpy as np

    kind = channels[0].partition(":")[0]
    result = np.zeros((len(VISEMES), len(channels)))
    for row, viseme in enumerate(VISEMES):
        if kind == "viseme":
            wanted: Mapping[str, float] = {f"viseme:{viseme}": 1.0}
        else:
            wanted = (VOWEL_SHARES if kind == "vowel" else MOUTH_SHARES).get(viseme, {})
        for name, share in wanted.items():
            present = name if name in channels else _similar(name, channels)
            if present is not None:
                result[row, channels.index(present)] += share
    return result


def _similar(name: str, channels: Sequence[str]) -> str | None:
    """The channel whose lips look most like another's; None for a shape of shut lips, which is the face at rest."""
    opening, rounding = SHAPES[name]
    if opening <= _SHUT:
        return None
    candidates = [channel for channel in channels if SHAPES[channel][0] > _SHUT]
    if not candidates:
        return None
    return min(
        candidates,
        key=lambda channel: (
            2 * abs(SHAPES[channel][0] - opening) + 0.5 * abs(SHAPES[channel][1] - rounding),
            channel,
        ),
    )


def _rounded_off(values: arrays.Floats) -> arrays.Floats:
    import numpy as np

    over = (values - _KNEE) / (1 - _KNEE)
    return np.where(values < _KNEE, np.maximum(values, 0), _KNEE + (1 - _KNEE) * np.tanh(np.maximum(over, 0)))


def corrected_jaw(
    jaw: arrays.Floats,
    predicted: arrays.Floats,
    opening: arrays.Floats,
    jaw_opens: float,
    key_opens: float,
    limit: float = 1.0,
) -> arrays.Floats:
    """A jaw key's weights with which the lips open as far as the landmarks, whatever the other shapes do.

    For expression sets that lack shapes of ARKit's, so that the sum of the others opens too far or not far enough.

    Args:
        jaw: (T,) weights of the key that opens the jaw.
        predicted: (T,) opening that all weights together make, in the mesh's unit.
        opening: (T,) of the landmarks' lips, outer eye-corner distances.
        jaw_opens: opening in the mesh's unit that jawOpen makes at 1.
        key_opens: opening that the key alone makes at 1.
        limit: the key's largest value.

    Returns:
        (T,) float32, 0…limit.
    """
    import numpy as np

    wanted = jaw_opens * opening / JAW_REFERENCE
    return np.clip(jaw + (wanted - predicted) / key_opens, 0, limit).astype(np.float32)


def further_jaw(
    jaw: arrays.Floats, predicted: arrays.Floats, opening: arrays.Floats, key_opens: float, limit: float
) -> arrays.Floats:
    """A jaw key's weights with which a mouth that opens less than most opens as far as the landmarks.

    Where the lips are to be shut the jaw only ever shuts them further.

    Args:
        jaw: (T,) weights of the key that opens the jaw.
        predicted: (T,) opening that all weights together make, outer eye-corner distances of this face.
        opening: (T,) of the landmarks' lips, in the same unit.
        key_opens: opening that the key makes at 1, in the same unit.
        limit: the key's largest value.

    Returns:
        (T,) float32, 0…limit.
    """
    import numpy as np

    lack = opening - predicted
    return np.clip(jaw + np.where(lack > 0, lack * apart(opening), lack) / key_opens, 0, limit).astype(
        np.float32
    )


def apart(opening: arrays.Floats) -> arrays.Floats:
    """How clearly lips are apart, (T,) float32: 0 where they are shut, 1 from a small opening on (outer eye-corner distances)."""
    import numpy as np

    from ..contract.curves import smooth_step

    return np.asarray(smooth_step(opening / _APART), np.float32)
