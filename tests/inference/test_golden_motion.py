"""The engine says the same of the sample voice as when tests/golden/hello.npz was made.

At its own rate everywhere, at other rates but around closures of the lips and blinks.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "golden"))

import golden_file
from waiting import HUNG

MOST_EXEMPT = 0.4
TAKES = ("auto 0", "lively 3")
golden = lru_cache(maxsize=1)(golden_file.load)


def animated(folder: Path, take: str, fps: float) -> dict[str, np.ndarray]:
    """The arrays of the sample voice's animation at a rate, one row a frame and one column a curve."""
    style, seed = take.split()
    output = folder / "hello.npz"
    command = [sys.executable, "-m", "inference", "animate", "demo/hello.wav", "-o", str(output)]
    command += ["--fps", str(fps), "--style", style, "--seed", seed, "--backend", "numpy"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=HUNG)
    with np.load(output, allow_pickle=False) as data:
        return {name: data[name].reshape(len(data[name]), -1) for name in golden_file.ARRAYS}


def columns(name: str, values: np.ndarray) -> list[str]:
    """What the columns of an array are called."""
    return [f"{name} {column}" for column in range(values.shape[1])]


@pytest.mark.parametrize("take", TAKES)
def test_the_same_motion_at_the_engines_own_rate(tmp_path, take):
    known = golden()[0][take]
    found = animated(tmp_path, take, golden_file.NATIVE_RATE)
    assert set(golden()[0]) == set(TAKES) and len(known.arrays) >= 6
    for name, values in known.arrays.items():
        nothing = np.zeros(len(values), bool)
        assert found[name].shape == values.shape
        told = golden_file.difference(found[name], values, nothing, columns(name, values))
        print(f"{take} {name}: {told}")
        assert told.worst <= 1, told


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0])
@pytest.mark.parametrize("take", TAKES)
def test_other_rates_are_read_off_that_motion(tmp_path, take, fps):
    known = golden()[0][take]
    found = animated(tmp_path, take, fps)
    count = len(found["arkit"])
    last = len(known.closed) - 1
    assert count == int(last / golden_file.NATIVE_RATE * fps + 1e-6) + 1
    place = np.arange(count) * golden_file.NATIVE_RATE / fps
    exempt = golden_file.exempt_frames(known, fps, count)
    for name, values in known.arrays.items():
        read = np.stack([np.interp(place, np.arange(last + 1), column) for column in values.T], axis=1)
        told = golden_file.difference(found[name], read, exempt, columns(name, values))
        print(f"{take} {name} at {fps:g}: {told}")
        assert told.share <= MOST_EXEMPT and told.worst <= 1, told


def test_the_exempt_frames_are_those_around_closures_and_blinks():
    closed = np.zeros(200, bool)
    closed[[*range(10), *range(40, 42), *range(100, 140), *range(190, 200)]] = True
    take = golden_file.Take({"blink": np.zeros((200, 2))}, closed, closed)
    exempt = golden_file.exempt_frames(take, 25.0, 100)
    edges = np.array([9.5, 39.5, 41.5, 99.5, 139.5, 189.5]) / 2
    near = np.abs(np.arange(100)[:, None] - edges).min(axis=1) <= 1.5 + 0.25
    assert (exempt == near).all() and not exempt[[0, 1, 60, 99]].any() and exempt[[19, 20, 21, 22]].all()
    take.arrays["blink"][150:153, 1] = 1.0
    assert golden_file.exempt_frames(take, 25.0, 100)[74:78].all()
    delayed = golden_file.exempt_frames(take, 25.0, 100, delay=4)
    assert (delayed[4:] == golden_file.exempt_frames(take, 25.0, 96)).all()
    held = golden_file.exempt_frames(take, 25.0, 100, hold=2).reshape(-1, 2)
    assert (held[:, 0] == held[:, 1]).all()
