"""The level that speech has, moment by moment."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.loudness import KEPT, sounding_stretches, speech_level

ROOM = -60.0


def syllables(seconds: float, loudest: float) -> np.ndarray:
    """(T,) dB at 100 Hz of speech in which a syllable rises and falls five times a second."""
    time = np.arange(round(seconds * 100)) / 100
    return loudest - 18 * np.abs(np.cos(np.pi * 5 * time))


def room(seconds: float) -> np.ndarray:
    return np.full(round(seconds * 100), ROOM)


@pytest.mark.parametrize("softer", [0.0, 20.0, 40.0])
@pytest.mark.parametrize("pause", [0.4, 3.0, 60.0])
def test_each_line_has_its_own_level(softer: float, pause: float) -> None:
    soft = syllables(4, 20 - softer)
    level = speech_level(np.concatenate([syllables(4, 20), room(pause), soft]))
    alone = speech_level(soft)
    assert np.abs(level[:400] - 20).max() < 3
    assert (level[-350:] - alone[-350:]).max() <= KEPT + 1.5


@pytest.mark.parametrize("around", [0.0, 57.0, 300.0])
def test_silence_around_a_line_changes_nothing(around: float) -> None:
    line = syllables(5, -10)
    level = speech_level(np.concatenate([room(around), line, room(around)]))
    first = round(around * 100)
    np.testing.assert_allclose(level[first : first + len(line)], speech_level(line), atol=0.5)


def test_a_softer_end_of_the_sentence_stays_softer() -> None:
    level = speech_level(np.concatenate([syllables(1, 0), syllables(1, -6)]))
    assert np.ptp(level) < 1


@pytest.mark.parametrize(
    "level", [np.full(1, -80.0), np.full(300, -100.0), np.full(5, 10.0), syllables(0.1, 0)]
)
def test_nothing_and_next_to_nothing_have_a_level(level: np.ndarray) -> None:
    assert np.isfinite(speech_level(level)).all() and len(speech_level(level)) == len(level)


def test_a_knock_is_no_stretch() -> None:
    level = room(4)
    level[200:204] = 10
    assert sounding_stretches(level) == []


def test_a_whisper_after_an_hour_of_shouts() -> None:
    level = np.concatenate([syllables(3600, 60), room(1), syllables(2, -30)])
    assert speech_level(level)[-100] < -20
