"""The zip that users get, in every Blender there is: installed, put to work on two characters, looked at."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tools import blenders, package
from tools.environments import ENV, python_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ICT = ROOT.parent / "shared" / "assets" / "ict_face_model.npz"
FPS = 25
# Wide vowels, as flite names them, and where the voice rests.
WIDE = {"aa", "ay", "ae", "ah", "ow", "oy", "eh", "ey"}
SHORT = 0.07
CLOSED = {"m", "b", "p"}


@dataclass
class Speech:
    """Where the sample voice has vowels, closed lips and silence, as frame numbers from 1."""

    vowels: list[int]
    closures: list[int]
    silence: list[int]


@dataclass
class Performance:
    opening: Any
    weights: Any
    rotation: Any
    dark: dict[int, int]
    facts: dict[str, Any]
    folder: Path


def frame_at(seconds: float) -> int:
    return 1 + round(seconds * FPS)


@pytest.fixture(scope="module")
def speech() -> Speech:
    timings = json.loads((ROOT / "demo" / "hello.json").read_text(encoding="utf-8"))
    phones = timings["phones"]
    vowels = [frame_at((a + b) / 2) for name, a, b in phones if name in WIDE and b - a > SHORT]
    closures = [frame_at((a + b) / 2) for name, a, b in phones if name in CLOSED]
    ends = [(a[2], b[1]) for a, b in zip(phones, phones[1:])]
    begin, end = max(ends, key=lambda gap: gap[1] - gap[0])
    assert end - begin > 0.5
    middle = (begin + end) / 2
    silence = list(range(frame_at(middle - 0.1), frame_at(middle + 0.1) + 1))
    return Speech(vowels, closures, silence)


def every_blender() -> list[Any]:
    choices = []
    for number in blenders.WHEELS.values():
        program = python_of(ENV / f"bpy-{number}")
        major, minor, patch = map(int, number.split("."))
        blender = blenders.Blender((major, minor, patch), program, wheel=True)
        missing = not program.exists()
        choices.append(
            pytest.param(
                blender,
                id=blender.slug,
                marks=pytest.mark.skipif(
                    missing, reason=f"there is no .env/bpy-{number}: `python build.py test` makes it"
                ),
            )
        )
    real = blenders.installed()
    if real is None:
        choices.append(
            pytest.param(None, id="blender", marks=pytest.mark.skip(reason="there is no blender on PATH"))
        )
    else:
        choices.append(pytest.param(real, id=real.slug))
    return choices


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package.build(tmp_path_factory.mktemp("dist"))


CHARACTERS = [
    "demo",
    pytest.param(
        "ict",
        marks=pytest.mark.skipif(not ICT.exists(), reason="../shared/assets/ict_face_model.npz is absent"),
    ),
]


@pytest.fixture(scope="module", params=every_blender())
def blender(request: pytest.FixtureRequest) -> blenders.Blender:
    found: blenders.Blender = request.param
    return found


@pytest.fixture(scope="module")
def performed(
    blender: blenders.Blender, zipped: Path, speech: Speech, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """One run inside each Blender, with a folder for each character."""
    folder = tmp_path_factory.mktemp(blender.slug)
    pictures = picked(speech)
    arguments: list[str | Path] = ["--zip", zipped, "--voice", ROOT / "demo" / "hello.wav", "--out", folder]
    arguments += ["--pictures", ",".join(map(str, pictures))]
    if ICT.exists():
        arguments += ["--ict", ICT]
    told = subprocess.run(
        blender.command(HERE / "perform_inside.py", *arguments),
        env=blender.environment(folder / "user"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=900,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-6000:]
    return folder


@pytest.fixture(scope="module", params=CHARACTERS)
def performance(request: pytest.FixtureRequest, performed: Path, speech: Speech) -> Performance:
    """What a run left of one character; the tests below look at it."""
    folder = performed / request.param
    with np.load(folder / "measured.npz", allow_pickle=False) as measured:
        return Performance(
            measured["opening"],
            measured["weights"],
            measured["rotation"],
            dict(zip(picked(speech), measured["dark"].tolist())),
            json.loads((folder / "facts.json").read_text(encoding="utf-8")),
            folder,
        )


def picked(speech: Speech) -> list[int]:
    """Three vowels and the middle of the silence."""
    vowels = speech.vowels
    return [
        vowels[len(vowels) // 6],
        vowels[len(vowels) // 2],
        vowels[-2],
        speech.silence[len(speech.silence) // 2],
    ]


def test_the_addon_runs_from_where_the_zip_was_installed(
    performance: Performance, blender: blenders.Blender
) -> None:
    expected = "bl_ext.user_default.talking_animation" if blender.extensions else "talking_animation"
    assert performance.facts["module"] == expected


def test_the_mouth_is_open_in_vowels_and_shut_in_silence(performance: Performance, speech: Speech) -> None:
    opening = performance.opening - performance.opening.min()
    silence = opening[[frame - 1 for frame in speech.silence]]
    vowels = np.array([opening[frame - 3 : frame + 2].max() for frame in speech.vowels])
    widest = np.sort(vowels)[-3:].mean()
    assert silence.max() < 0.12 * widest
    assert np.median(vowels) > 0.3 * widest
    assert (vowels > 2 * silence.max()).mean() >= 0.9


def test_the_lips_come_together_in_p_b_and_m(performance: Performance, speech: Speech) -> None:
    opening = performance.opening - performance.opening.min()
    vowels = np.array([opening[frame - 3 : frame + 2].max() for frame in speech.vowels])
    closures = np.array([opening[frame - 3 : frame + 2].min() for frame in speech.closures])
    assert np.median(closures) < 0.3 * np.median(vowels)


def test_pixels_show_the_same(performance: Performance, speech: Speech) -> None:
    *vowels, silence = [performance.dark[frame] for frame in picked(speech)]
    assert max(vowels) > 150, "no dark inside of a mouth is seen in any vowel"
    assert np.median(vowels) > 2 * silence + 60


def test_curves_are_bounded_and_smooth(performance: Performance) -> None:
    weights = performance.weights
    assert np.isfinite(weights).all()
    assert weights.min() >= 0.0 and weights.max() <= 1.0
    assert np.abs(np.diff(weights, axis=0)).max() < 0.75
    moving = [name for name, span in zip(performance.facts["names"], np.ptp(weights, axis=0)) if span > 0.02]
    assert len(moving) >= 15, f"only these shapes move: {moving}"
    assert any(name.lower().startswith("eyeblink") for name in moving)


def test_the_head_moves_a_little(performance: Performance) -> None:
    span = np.degrees(np.ptp(np.unwrap(performance.rotation, axis=0), axis=0))
    assert 0.5 < span.max() < 45
