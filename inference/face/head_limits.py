"""How far a head is turned that is a picture: a relief is seen to be one where it turns too far. numpy only."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from .arrays import Floats

PICTURE_HEAD_LIMIT: Final = math.radians(10.0)
"""How far a relief can turn, nod or tilt before it is seen to be one, radians."""


def softly_limited(values: Floats, limit: float) -> Floats:
    """Values that keep below a limit: as they are up to half of it, then ever less far beyond. Any shape and unit."""
    knee = limit / 2
    over = np.abs(values) - knee
    bent = np.sign(values) * (knee + knee * np.tanh(np.maximum(over, 0) / knee))
    return np.asarray(np.where(over > 0, bent, values))
