"""The directions that persons are drawn in: one number says nothing of the pitch, and one speaker stays one person."""

from __future__ import annotations

import numpy as np
import pytest
from recordings import wav_bytes

from inference.training.recipes.persons import COUNT, learn_directions, passages

SPEAKERS, DIMENSIONS = 80, 24


def embeddings() -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Speakers apart in every dimension, most in the first, which is the pitch; passages of one near each other."""
    random = np.random.RandomState(0)
    spread = np.linspace(1.5, 0.5, DIMENSIONS)
    centres = random.standard_normal((SPEAKERS, DIMENSIONS)) * spread
    known = {
        f"{number:03}": centre + 0.1 * random.standard_normal((3, DIMENSIONS))
        for number, centre in enumerate(centres)
    }
    return known, {
        f"{number:03}": 150 * float(np.exp(0.3 * centre[0])) for number, centre in enumerate(centres)
    }


def test_numbers_are_standard_independent_and_not_the_pitch() -> None:
    known, pitches = embeddings()
    mean, matrix = learn_directions(known, pitches)
    numbers = np.array([(several.mean(axis=0) - mean) @ matrix for several in known.values()])
    np.testing.assert_allclose(numbers.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(numbers.std(axis=0), 1, atol=1e-6)
    together = np.corrcoef(numbers.T)
    assert np.abs(together - np.eye(COUNT)).max() < 0.15
    height = np.log(list(pitches.values()))
    assert max(abs(np.corrcoef(number, height)[0, 1]) for number in numbers.T) < 0.05


def test_a_speaker_stays_the_same_person() -> None:
    known, pitches = embeddings()
    mean, matrix = learn_directions(known, pitches)
    inside = np.mean([((several - mean) @ matrix).std(axis=0) for several in known.values()])
    assert inside < 0.25


def test_the_same_speakers_give_the_same_directions() -> None:
    known, pitches = embeddings()
    first, second = learn_directions(known, pitches), learn_directions(known, pitches)
    np.testing.assert_array_equal(first[1], second[1])


@pytest.mark.parametrize("count", [2, 4])
def test_as_many_numbers_as_wanted(count: int) -> None:
    known, pitches = embeddings()
    assert learn_directions(known, pitches, count)[1].shape == (DIMENSIONS, count)


def test_what_is_left_over_is_dropped(tmp_path) -> None:
    paths = []
    for number in range(5):
        path = tmp_path / f"{number}.wav"
        path.write_bytes(wav_bytes(np.full(16000, 0.01), 16000))
        paths.append(path)
    assert [len(part) for part in passages(paths, 1.5)] == [32000, 32000]
