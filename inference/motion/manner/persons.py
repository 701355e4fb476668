"""Which plausible person a voice belongs to: how much, how quickly and with which habits this one moves.

Who moves how is hardly in the sound of a voice (on twenty filmed speakers no correlation worth the name was found between
what their heads do and what their voices are); that voices *differ*, each always in its own way, is what can be had. So a
person is drawn from the population that filmed people make, and the draw is the voice's own: a few directions of the speaker
embedding in which voices differ most, each scaled to deviation 1 over speakers. The same voice is the same person whatever it
says, and similar voices are similar persons. numpy only; the directions are learned by ``inference measure-persons``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .styles import Style
from .voice import Voice

DIRECTIONS = Path(__file__).with_name("persons.json")
_FARTHEST = 1.4  # standard deviations: about the liveliest and the calmest of a dozen people
_SURE_SYLLABLES = 4.0  # heard: of fewer, an embedding says little of the voice


@dataclass(frozen=True)
class Trait:
    """How one amount of a style differs from person to person.

    Attributes:
        spread: standard deviation over people; of the natural logarithm where ``factor``, else in the amount's own unit.
        lively: −1…1, its correlation with how lively the person is in everything.
        direction: which of the voice's directions is its own part.
        middle: the median person's, as a factor of the style's amount or added to it.
        factor: whether it multiplies the style's amount; else it is added.
    """

    spread: float
    lively: float
    direction: int
    middle: float = 1.0
    factor: bool = True


LIVELY = 0
"""The direction that makes a person lively in everything."""
TRAITS: dict[str, Trait] = {
    "head_nod": Trait(0.48, 0.57, 1),
    "head_turn": Trait(0.72, 0.75, 2),
    "head_tilt": Trait(0.72, 0.80, 3, middle=0.95),
    "blinks_per_minute": Trait(0.88, 0.55, 4, middle=1.4),
    "tempo": Trait(0.1, 0.0, 5),
    "brows": Trait(0.35, 0.5, 6),
    "gaze": Trait(0.25, 0.6, 2),
    "lean_nod": Trait(1.2, 0.0, 5, middle=0.0, factor=False),
    "lean_turn": Trait(1.5, 0.0, 6, middle=0.0, factor=False),
    "lean_tilt": Trait(1.8, 0.0, 7, middle=0.0, factor=False),
    "tilt_with_turn": Trait(0.3, 0.0, 7, middle=0.0, factor=False),
}
"""Spreads and correlations of nod, turn, tilt and blinks: people's quartiles and rank correlations (turn with tilt 0.60, nod with
turn 0.43, nod with tilt 0.45, tilt with blinks 0.52). Those of tempo, brows, gaze and of how a head is held are our choice."""
ALONG = {"head_nod": "beat_nod", "head_turn": "beat_turn", "head_tilt": "beat_tilt"}
"""Amounts that change as others do."""


@dataclass(frozen=True)
class Directions:
    """Where in the speaker embedding voices differ most.

    Attributes:
        encoder: the embedding's, see `Voice.encoder`.
        mean: (D,) of all speakers.
        matrix: (D, K): an embedding less the mean, times it, has deviation 1 over speakers in each column.
    """

    encoder: str
    mean: np.ndarray
    matrix: np.ndarray


@lru_cache(maxsize=1)
def directions() -> Directions:
    """The directions that come with the engine."""
    row: dict[str, Any] = json.loads(DIRECTIONS.read_text(encoding="utf-8"))
    return Directions(row["encoder"], np.array(row["mean"]), np.array(row["matrix"]))


def draw(voice: Voice, known: Directions | None = None) -> np.ndarray:
    """(K,) a voice's own standard normal numbers: the person that it is.

    All 0, the median person, where nothing is voiced or the embedding is another encoder's; drawn to 0 where little was heard.
    """
    known = known or directions()
    count = known.matrix.shape[1]
    if voice.encoder != known.encoder or voice.median_f0 <= 0:
        return np.zeros(count)
    heard = voice.statistics.syllables
    numbers = (voice.embedding - known.mean) @ known.matrix * (heard / (heard + _SURE_SYLLABLES))
    return np.asarray(np.clip(numbers, -_FARTHEST, _FARTHEST))


def traits(numbers: Sequence[float] | np.ndarray) -> dict[str, float]:
    """Each of `TRAITS`, and of those that go along, for a person's (K,) numbers: factors, or what is added."""
    person: dict[str, float] = {}
    for name, trait in TRAITS.items():
        own = np.sqrt(1 - trait.lively**2)
        number = np.clip(
            trait.lively * numbers[LIVELY] + own * numbers[trait.direction], -_FARTHEST, _FARTHEST
        )
        change = trait.spread * float(number)
        person[name] = trait.middle * float(np.exp(change)) if trait.factor else trait.middle + change
    return person | {other: person[name] for name, other in ALONG.items()}


def as_person(style: Style, person: Mapping[str, float]) -> Style:
    """The style as this person has it: amounts multiplied, habits added, each kept in its range.

    Habits are as much of a person as the style moves the head: a still head leans nowhere.
    """
    added = {name for name, trait in TRAITS.items() if not trait.factor}
    amounts = {
        name: getattr(style, name) + value * min(style.head, 1.0)
        if name in added
        else getattr(style, name) * value
        for name, value in person.items()
    }
    return style.changed(amounts)
