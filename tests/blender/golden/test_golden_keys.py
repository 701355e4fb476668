"""The sample voice gives the same keys as when tests/golden/hello.npz was made, but around closures of the lips and blinks."""

from __future__ import annotations

import sys
from functools import lru_cache

import numpy as np
import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "tests" / "golden"))

import golden_cases
import golden_file

golden = lru_cache(maxsize=1)(golden_file.load)
cases = pytest.mark.parametrize("name", golden_cases.SCENES)


@lru_cache(maxsize=1)
def performed() -> dict[str, golden_file.Case]:
    """All cases, made by the first test that asks: they share its cache, and so two runs of the engine."""
    return {name: golden_cases.perform(name) for name in golden_cases.SCENES}


def exempt_of(name: str) -> np.ndarray:
    """(T,) frames of a case that may differ."""
    takes, known = golden()
    scene = golden_cases.SCENES[name]
    return golden_file.exempt_frames(
        takes[scene.take], scene.fps, len(known[name].values), scene.delay, scene.hold
    )


def test_the_golden_file_has_every_case():
    assert list(golden()[1]) == list(golden_cases.SCENES)


@cases
def test_the_same_curves_in_the_same_places(name):
    found, known = performed()[name], golden()[1][name]
    assert found.names == known.names
    assert found.start == known.start and found.values.shape == known.values.shape
    assert {**found.facts, "keys": 0} == {**known.facts, "keys": 0}
    if golden_cases.SCENES[name].tolerance:
        assert found.facts["keys"] == pytest.approx(known.facts["keys"], rel=0.1)
    else:
        differ = (found.keyed != known.keyed).any(axis=1)
        assert not differ[~exempt_of(name)].any()


@cases
def test_the_same_values_in_every_frame_that_is_compared(name):
    found, known = performed()[name], golden()[1][name]
    scene, exempt = golden_cases.SCENES[name], exempt_of(name)
    allowed = golden_file.tolerances(known.values)
    if scene.tolerance:
        # A closure that is kept adds keys, and others may do with fewer then: both are within the tolerance of the same motion.
        shapes = np.array(["key_blocks[" in text for text in known.names])
        allowed = allowed + 2 * scene.tolerance * np.where(shapes, 1.0, known.range)
    told = golden_file.difference(found.values, known.values, exempt, known.names, allowed)
    print(f"{name}: {told}")
    assert told.share <= scene.most_exempt and told.moving >= 0.75, told
    assert told.worst <= 1, told
    assert told.off <= (0.05 * told.compared if scene.tolerance else 0), told
