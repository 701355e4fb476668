"""Sound that moves no mouth is told, and only that."""

from __future__ import annotations

import numpy as np
import pytest

from inference.motion.lips.unmoved import unmoved_sounds, unmoved_warning

FPS = 50


def curve(*parts: tuple[float, float]) -> np.ndarray:
    """(seconds, value) one after the other."""
    return np.concatenate([np.full(round(seconds * FPS), value) for seconds, value in parts])


def test_music_between_two_lines_is_told() -> None:
    sounds = curve((2, 1), (1, 0), (3, 1), (1, 0), (2, 1)) > 0
    speaking = curve((2.2, 1), (4.6, 0), (2.2, 1))
    assert unmoved_sounds(sounds, speaking, np.zeros(len(sounds)), FPS) == [(3.0, 6.0)]


@pytest.mark.parametrize(
    ("seconds", "likely", "told"), [(0.5, 0.0, 0), (0.5, 0.3, 1), (0.1, 0.9, 0), (2.0, 0.0, 1)]
)
def test_a_breath_is_none_and_a_word_is_one(seconds: float, likely: float, told: int) -> None:
    sounds = curve((1, 0), (seconds, 1), (1, 0)) > 0
    spans = unmoved_sounds(sounds, np.zeros(len(sounds)), np.full(len(sounds), likely), FPS)
    assert len(spans) == told


def test_neighbours_are_told_as_one() -> None:
    sounds = curve((2, 1), (0.5, 0), (2, 1), (5, 0), (2, 1)) > 0
    still = np.zeros(len(sounds))
    assert unmoved_sounds(sounds, still, still, FPS) == [(0.0, 4.5), (9.5, 11.5)]


def test_the_moment_in_which_lips_move_all_the_same_is_left_out() -> None:
    speaking = curve((10, 0), (1, 0.6), (6, 0))
    spans = unmoved_sounds(np.ones(len(speaking), bool), speaking, np.zeros(len(speaking)), FPS)
    assert spans == [(0.0, 10.0), (11.0, 17.0)]


def test_single_frames_that_move_hide_no_long_sound() -> None:
    speaking = np.zeros(round(4.2 * FPS))
    speaking[::70] = 0.6
    spans = unmoved_sounds(np.ones(len(speaking), bool), speaking, np.zeros(len(speaking)), FPS)
    assert len(spans) == 3 and spans[-1][1] == pytest.approx(4.2)


def test_the_sentence_names_file_and_times() -> None:
    spans = [(0.0, 4.5), (72.0, 75.04), (100, 101), (200, 201), (300, 301)]
    told = unmoved_warning("line.wav", spans)
    assert told.startswith(
        "line.wav: the sound from 0:00.0 to 0:04.5, 1:12.0 to 1:15.0, 1:40.0 to 1:41.0 and 2 more moves no mouth"
    )
