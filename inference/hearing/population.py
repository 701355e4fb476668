"""The speakers that a voice is compared with: percentiles of what was measured on them, kept as data with the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Population:
    """What a number of speakers are like.

    Attributes:
        percentiles: by name of a measure, (N,) values at equal steps from the lowest speaker to the highest.
        evidence: by name of a measure, how many syllables of a recording tell as much as knowing the population does: the
            variance within a speaker of that measure on a single syllable over the variance between speakers.
        registers: Hz, the medians of pitch between ``low`` and ``middle`` and between ``middle`` and ``high``.
    """

    percentiles: Mapping[str, np.ndarray]
    evidence: Mapping[str, float]
    registers: tuple[float, float]

    def rank(self, name: str, value: float, syllables: int) -> float:
        """Where a value lies among the speakers, 0…1, 0.5 as their median.

        Args:
            name: of a measure.
            value: measured.
            syllables: on how many. The fewer, the nearer to 0.5 (the best linear guess from a noisy measurement, Kelley 1927).
        """
        table = self.percentiles[name]
        place = float(np.interp(value, table, np.linspace(0, 1, len(table))))
        return 0.5 + (place - 0.5) * syllables / (syllables + self.evidence[name])

    def register(self, hertz: float) -> str:
        """``low``, ``middle`` or ``high`` for a median of pitch; ``middle`` for 0, which is no pitch at all."""
        if hertz <= 0:
            return "middle"
        low, high = self.registers
        return "low" if hertz < low else "high" if hertz > high else "middle"

    def as_json(self) -> dict[str, Any]:
        """What JSON can hold."""
        return {
            "percentiles": {
                name: [round(float(v), 4) for v in values] for name, values in self.percentiles.items()
            },
            "evidence": {name: round(float(value), 2) for name, value in self.evidence.items()},
            "registers": list(self.registers),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Population:
        """What `as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        low, high = content["registers"]
        return cls(
            {name: np.array(values, np.float64) for name, values in content["percentiles"].items()},
            {name: float(value) for name, value in content["evidence"].items()},
            (float(low), float(high)),
        )
