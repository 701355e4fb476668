"""A voice is a person: always the same one, another for another voice, spread as people are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.motion.manner.persons import (
    TRAITS,
    Directions,
    as_person,
    directions,
    draw,
    traits,
)
from inference.motion.manner.styles import LIMITS, load_style, shipped_styles
from inference.motion.manner.voice import Voice, VoiceStatistics

COUNT = 8
KNOWN = Directions("ear-1", np.zeros(COUNT), np.eye(COUNT))


def voice(numbers: np.ndarray, syllables: int = 1000, encoder: str = "ear-1", f0: float = 150.0) -> Voice:
    return Voice(numbers.astype(np.float32), encoder, VoiceStatistics(median_f0=f0, syllables=syllables))


def people(count: int = 4000) -> dict[str, np.ndarray]:
    numbers = np.clip(np.random.RandomState(1).standard_normal((count, COUNT)), -3, 3)
    drawn = [traits(draw(voice(row), KNOWN)) for row in numbers]
    return {name: np.array([person[name] for person in drawn]) for name in drawn[0]}


def test_the_same_voice_is_the_same_person_and_a_near_one_a_similar_person() -> None:
    numbers = np.random.RandomState(2).standard_normal(COUNT)
    one, again, near = (traits(draw(voice(value), KNOWN)) for value in (numbers, numbers, numbers + 0.02))
    assert one == again
    other = traits(draw(voice(-numbers), KNOWN))
    for name in TRAITS:
        assert abs(near[name] - one[name]) < 0.25 * max(abs(other[name] - one[name]), 0.2)


def test_people_differ_as_people_do() -> None:
    amounts = people()
    # quartiles over filmed people: nod 2.11 to 4.07, turn 1.68 to 4.04, tilt 1.18 to 3.38 degrees, blinks 12 to 41 a minute
    for name, low, high in (
        ("head_nod", 2.11, 4.07),
        ("head_turn", 1.68, 4.04),
        ("head_tilt", 1.18, 3.38),
        ("blinks_per_minute", 12, 41),
    ):
        quarter, three = np.percentile(amounts[name], (25, 75))
        assert np.log(three / quarter) == pytest.approx(np.log(high / low), rel=0.35), name


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("head_turn", "head_tilt", 0.60),
        ("head_nod", "head_turn", 0.43),
        ("head_nod", "head_tilt", 0.45),
        ("head_tilt", "blinks_per_minute", 0.45),
        ("head_turn", "blinks_per_minute", 0.42),
    ],
)
def test_a_lively_person_is_lively_in_everything_but_not_equally(one: str, other: str, wanted: float) -> None:
    amounts = people()
    ranks = [np.argsort(np.argsort(amounts[name])) for name in (one, other)]
    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize("unknown", ["another encoder", "nothing voiced"])
def test_who_is_not_known_is_the_median_person(unknown: str) -> None:
    numbers = np.full(COUNT, 1.5)
    stranger = voice(numbers, encoder="ear-2") if unknown == "another encoder" else voice(numbers, f0=0.0)
    assert (draw(stranger, KNOWN) == 0).all()
    person = traits(draw(stranger, KNOWN))
    assert all(person[name] == pytest.approx(trait.middle) for name, trait in TRAITS.items())


def test_one_word_says_less_of_who_it_is_than_a_speech() -> None:
    numbers = np.full(COUNT, 1.0)
    sizes = [np.abs(draw(voice(numbers, syllables), KNOWN)).max() for syllables in (0, 1, 5, 100)]
    assert sizes[0] == 0
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0.9


def test_an_extreme_voice_is_still_a_person() -> None:
    for number in (-1e6, 1e6):
        person = as_person(load_style("natural"), traits(draw(voice(np.full(COUNT, number)), KNOWN)))
        assert 0.1 < person.head_tilt < 4
        assert 3 < person.blinks_per_minute <= LIMITS["blinks_per_minute"][1]
        assert abs(person.lean_tilt) < 5


@pytest.mark.parametrize("name", [name for name in shipped_styles() if name != "natural"])
def test_styles_keep_their_order_whoever_speaks(name: str) -> None:
    person = traits(np.random.RandomState(3).standard_normal(COUNT))
    styles = [load_style("natural"), load_style(name)]
    persons = [as_person(style, person) for style in styles]
    for amount in ("head", "head_nod", "head_turn", "head_tilt", "sway", "nod", "brows"):
        plain, changed = ([getattr(style, amount) for style in several] for several in (styles, persons))
        assert np.sign(plain[1] - plain[0]) == np.sign(changed[1] - changed[0]), amount


def test_a_still_head_leans_nowhere() -> None:
    still = replace(load_style("natural"), head=0.0)
    person = as_person(still, traits(np.full(COUNT, 1.5)))
    assert person.lean_nod == person.lean_turn == person.lean_tilt == 0


def test_what_ships_fits_the_encoder_that_ships() -> None:
    from inference.hearing.speaker_encoder import load_speaker_encoder

    known = directions()
    assert known.encoder == load_speaker_encoder().model_id
    assert known.matrix.shape == (len(known.mean), COUNT)
    assert max(trait.direction for trait in TRAITS.values()) < COUNT
