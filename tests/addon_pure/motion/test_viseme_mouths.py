"""Mouths of visemes, vowels and mouth shapes: which of them, and how far they open."""

from __future__ import annotations

import numpy as np
import pytest
from counting import lines_run

from blender_addon.contract import VISEMES
from blender_addon.motion import viseme_mouths
from blender_addon.rigs.face_shapes.convention import CHANNELS


@pytest.mark.parametrize(
    "channels",
    [
        [f"viseme:{name}" for name in VISEMES],
        [f"vowel:{name}" for name in "AIUEO"],
        [f"mouth:{name}" for name in "ABCDEFGHX"],
    ],
    ids=["visemes", "vowels", "mouth shapes"],
)
def test_weights_are_shares_and_an_hour_runs_no_more_python_than_a_second(channels):
    rng = np.random.default_rng(0)
    visemes = rng.dirichlet(np.ones(15) * 0.2, 3000).astype(np.float32)
    opening = rng.uniform(0, 0.3, 3000).astype(np.float32)
    weights = viseme_mouths.mouth_weights(channels, visemes, opening)
    assert weights.shape == (3000, len(channels))
    assert weights.min() >= 0 and weights.max() <= 1 and weights.sum(axis=1).max() < 1.0001
    short, long = (
        lines_run(lambda n=count: viseme_mouths.mouth_weights(channels, visemes[:n], opening[:n]))
        for count in (25, 3000)
    )
    assert long < 1.05 * short


def test_closures_shut_and_vowels_open():
    channels = [f"viseme:{name}" for name in VISEMES]
    visemes = np.zeros((3, 15), np.float32)
    visemes[0, VISEMES.index("PP")] = visemes[1, VISEMES.index("aa")] = visemes[2, 0] = 1
    weights = viseme_mouths.mouth_weights(channels, visemes, np.float32([0, 0.2, 0]))
    assert weights[0].argmax() == VISEMES.index("PP") and weights[0].max() > 0.9
    assert weights[1].argmax() == VISEMES.index("aa") and weights[1].max() > 0.9
    assert weights[2].argmax() == 0
    # The opening is met whatever the sound: an "ee" spoken wide, a "p" that is heard early.
    visemes[:] = 0
    visemes[:, VISEMES.index("I")] = visemes[1, VISEMES.index("PP")] = 0.5
    opening = np.float32([0.15, 0.08, 0.02])
    weights = viseme_mouths.mouth_weights(channels, visemes, opening)
    opens = viseme_mouths.channel_openings(channels)
    assert weights @ opens * viseme_mouths.OPEN_REFERENCE == pytest.approx(opening, abs=2e-3)


def test_shapes_that_a_character_lacks_are_replaced_by_the_most_similar():
    channels = ["viseme:PP", "viseme:aa", "viseme:I", "viseme:U"]
    table = viseme_mouths.shares(channels)
    assert table[VISEMES.index("O")].argmax() == channels.index("viseme:U")
    assert table[VISEMES.index("E")].argmax() == channels.index("viseme:I")
    assert table[0].sum() == 0  # silence needs no shape
    assert set(viseme_mouths.SHAPES) == {name for name in CHANNELS if ":" in name}
