"""Dials change how strongly and when a finished animation moves; whatever they say, closed lips stay closed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counting import lines_run

from inference.cli import main
from inference.face import dials as module
from inference.face.animation import FaceAnimation
from inference.face.dial_curves import delayed, dialled_visemes, dialled_weights, smoothed
from inference.face.dial_strengths import strengths
from inference.face.dialled import dialled
from inference.face.dials import Dials, KeyedDials
from inference.face.landmarks import mouth_opening, mouth_width
from inference.face.lids_and_lips import INNER_PAIRS, inner_lip_gap
from inference.face.names import ARKIT_INDEX, ARKIT_NAMES, VISEMES
from inference.face.retargeting.arkit import landmark_displacement, load_basis
from inference.face.shape_effects import TOUCH, closed_frames, lip_gap, shapes
from inference.pipeline import Settings, animate

ROOT = Path(__file__).resolve().parents[3]
ROUNDING = 1e-6


@pytest.fixture(scope="module")
def speech() -> FaceAnimation:
    return animate(ROOT / "demo" / "hello.wav", Settings(fps=30.0)).animation


def repeated(animation: FaceAnimation, frames: int) -> FaceAnimation:
    rows = np.resize(np.arange(len(animation)), frames)
    names = (
        "landmarks", "head_rotation", "head_translation", "eye_rotation", "blink", "arkit", "visemes",
    )  # fmt: skip
    return replace(animation, **{name: getattr(animation, name)[rows] for name in names})


def extremes() -> Iterator[Dials]:
    """Every corner of the dials that shape the lips, and random values between."""
    for lips, across, up_down, closing, smoothing in product(
        (0.0, 1.0, 2.0), (0.0, 1.0, 5.0), (0.0, 1.0, 5.0), (0.0, 1.0, 2.0), (0.0, 0.2)
    ):
        yield Dials(
            lips=lips, lips_across=across, lips_up_down=up_down, mouth_closing=closing, smoothing=smoothing
        )
    random = np.random.RandomState(3)
    for _ in range(40):
        yield Dials(
            lips=random.uniform(0, 2),
            lips_across=random.uniform(0, 5),
            lips_up_down=random.uniform(0, 5),
            mouth_closing=random.uniform(0, 2),
            lips_shut=random.choice([0.0, random.uniform(0, 1), 1.0]),
            smoothing=random.choice([0.0, random.uniform(0, 1)]),
        )


def unruly_weights(frames: int, seed: int) -> np.ndarray:
    """Weights as no speech makes them; half of the frames are closed by mouthClose as the retargeting closes them."""
    random = np.random.RandomState(seed)
    weights = (random.rand(frames, 52) ** 3).astype(np.float32)
    opening = shapes().opening
    close = ARKIT_INDEX["mouthClose"]
    closed = random.rand(frames) < 0.5
    gap = weights @ opening
    wanted = np.clip(weights[:, close] + gap / -opening[close], 0, 1)
    weights[:, close] = np.where(closed, wanted, weights[:, close])
    return weights


@pytest.mark.parametrize("row", module.rows(), ids=lambda row: row["name"])
def test_a_dial_changes_something_and_is_told(row: dict[str, Any], speech: FaceAnimation) -> None:
    changed = dialled(speech, replace(Dials(), **{row["name"]: row["maximum"]}))
    shown = ("arkit", "blink", "eye_rotation", "head_rotation")
    assert not all(np.array_equal(getattr(changed, name), getattr(speech, name)) for name in shown)
    guide = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    table = guide[guide.index("| dial | range |") : guide.index("**Dials with keys.**")]
    told = [name.strip() for line in table.splitlines() if line for name in line.split("|")[1].split(",")]
    assert row["label"] in told, "the table of dials in docs/user-guide.md lacks it"


def test_the_table_is_about_the_engines_own_shapes_and_dials() -> None:
    rows = module.table()
    assert [row["name"] for row in rows["dials"]] == [field.name for field in fields(Dials)]
    for row in rows["dials"]:
        assert row["default"] == getattr(Dials(), row["name"])
        assert row["minimum"] <= row["default"] <= row["soft_maximum"] <= row["maximum"]
    assert tuple(rows["visemes"]) == VISEMES
    known = shapes()
    basis = load_basis()
    with np.load(ROOT / "checkpoints" / "arkit_basis.npz") as data:
        assert tuple(data["names"]) == ARKIT_NAMES
    assert known.jaw == ARKIT_INDEX["jawOpen"] and known.close == ARKIT_INDEX["mouthClose"]
    assert known.opening[known.jaw] == pytest.approx(
        basis.deltas[known.jaw, 62, 1] - basis.deltas[known.jaw, 66, 1]
    )
    assert known.across[ARKIT_INDEX["mouthStretchLeft"]] > 0.7 > 0.1 > known.across[known.jaw]


@pytest.mark.parametrize("seed", range(3))
def test_no_dial_opens_closed_lips_or_lets_them_cross(seed: int, speech: FaceAnimation) -> None:
    for weights in (unruly_weights(200, seed), speech.arkit):
        before = lip_gap(weights)
        shut = before <= TOUCH
        assert 10 < shut.sum() < len(shut)
        for dials in extremes():
            after_weights = dialled_weights(weights, 30.0, dials)
            after = lip_gap(after_weights)
            assert (after[shut] <= np.maximum(before[shut], 0) + ROUNDING).all(), dials
            assert (after >= np.minimum(before, 0) - ROUNDING).all(), dials
            assert after_weights.min() >= 0 and after_weights.max() <= 1


def test_no_dial_opens_closed_landmarks_or_lets_them_cross(speech: FaceAnimation) -> None:
    pairs = np.array(INNER_PAIRS)
    before = speech.landmarks[:, pairs[:, 0], 1] - speech.landmarks[:, pairs[:, 1], 1]
    touching = before <= 1e-4
    assert 10 < touching.all(axis=1).sum() < len(speech) / 2
    for dials in extremes():
        points = dialled(speech, dials).landmarks
        after = points[:, pairs[:, 0], 1] - points[:, pairs[:, 1], 1]
        assert after[touching].max() <= 1e-4 + ROUNDING, dials
        assert after.min() >= min(before.min(), 0) - 1e-5, dials


def test_an_open_neutral_face_is_no_way_around(speech: FaceAnimation) -> None:
    """Where the face at rest has its lips apart, gains of the displacement alone would open closed frames."""
    gaping = speech.neutral.copy()
    gaping[[65, 66, 67], 1] -= 0.05
    open_mouthed = replace(speech, neutral=gaping)
    touching = mouth_opening(speech.landmarks) <= 1e-4
    for gain in (0.0, 0.3, 3.0):
        points = dialled(open_mouthed, Dials(lips_up_down=gain)).landmarks
        gap = points[:, 62, 1] - points[:, 66, 1]
        assert gap[touching].max() <= 1e-4 and gap.min() >= -1e-5


def test_default_dials_change_nothing(speech: FaceAnimation) -> None:
    same = dialled(speech, Dials())
    for name in ("arkit", "visemes", "blink", "eye_rotation", "head_rotation"):
        np.testing.assert_array_equal(getattr(same, name), getattr(speech, name))
    np.testing.assert_allclose(same.landmarks, speech.landmarks, atol=1e-6)
    assert same.cues == speech.cues


def test_each_dial_moves_its_own_part(speech: FaceAnimation) -> None:
    half = dialled(speech, Dials(head=0.5))
    np.testing.assert_allclose(half.head_rotation, speech.head_rotation / 2, atol=1e-6)
    np.testing.assert_array_equal(half.arkit, speech.arkit)
    still = dialled(speech, Dials(blinks=0))
    assert still.blink.max() == 0 and speech.blink.max() > 0.9
    assert still.arkit[:, ARKIT_INDEX["eyeBlinkLeft"]].max() == 0
    lids = still.landmarks[:, [37, 38, 43, 44], 1]
    assert np.ptp(lids, axis=0).max() < 1e-5 < np.ptp(speech.landmarks[:, [37, 43], 1], axis=0).max()
    assert dialled(speech, Dials(gaze=0)).eye_rotation.max() == 0
    raised = dialled(speech, Dials(brows=2))
    moved = (speech.landmarks - speech.neutral)[:, 17:27]
    np.testing.assert_allclose((raised.landmarks - speech.neutral)[:, 17:27], 2 * moved, atol=1e-5)


def test_lips_up_down_opens_the_mouth_as_far_as_it_says(speech: FaceAnimation) -> None:
    result = dialled(speech, Dials(lips_up_down=1.5))
    was, now = mouth_opening(speech.landmarks), mouth_opening(result.landmarks)
    wide = was > 0.04
    assert (now[wide] / was[wide]) == pytest.approx(1.5, abs=0.08)
    assert mouth_width(result.landmarks) == pytest.approx(mouth_width(speech.landmarks), abs=0.03)
    shapes_opening = lip_gap(result.arkit)[wide] / np.maximum(lip_gap(speech.arkit)[wide], 1e-6)
    assert np.median(shapes_opening) == pytest.approx(1.5, abs=0.15)


def test_lips_across_widens_and_narrows(speech: FaceAnimation) -> None:
    result = dialled(speech, Dials(lips_across=2.0))
    rest = np.linalg.norm(speech.neutral[48] - speech.neutral[54])
    was, now = mouth_width(speech.landmarks) - rest, mouth_width(result.landmarks) - rest
    assert np.polyfit(was, now, 1)[0] == pytest.approx(2.0, abs=0.15)
    opening = mouth_opening(speech.landmarks)
    assert mouth_opening(result.landmarks) == pytest.approx(opening, abs=0.01)


@pytest.mark.parametrize(
    "dials", [Dials(lips_across=2), Dials(lips_up_down=1.6), Dials(lips=0.5), Dials(lips_up_down=0.4)]
)
def test_shapes_and_landmarks_still_tell_the_same(speech: FaceAnimation, dials: Dials) -> None:
    """The shapes on the head that they were measured on follow the dialled landmarks as well as they did before."""
    result = dialled(speech, dials)

    def agreement(animation: FaceAnimation) -> tuple[float, float]:
        face = landmark_displacement(animation.arkit) + load_basis().neutral
        return (
            float(np.corrcoef(mouth_opening(face), mouth_opening(animation.landmarks))[0, 1]),
            float(np.corrcoef(mouth_width(face), mouth_width(animation.landmarks))[0, 1]),
        )

    opening, width = agreement(result)
    opening_before, width_before = agreement(speech)
    assert opening > min(0.97, opening_before - 0.01)
    assert width > width_before - 0.1


def test_mouth_closing(speech: FaceAnimation) -> None:
    firm = dialled(speech, Dials(mouth_closing=2))
    count = closed_frames(speech.arkit).sum()
    assert closed_frames(firm.arkit).sum() > 1.1 * count
    wide = lip_gap(speech.arkit) > 0.09
    np.testing.assert_allclose(firm.arkit[wide], speech.arkit[wide], atol=0.15)
    pressed = speech.arkit.copy()
    press = [ARKIT_INDEX["mouthPressLeft"], ARKIT_INDEX["mouthRollLower"]]
    pressed[:, press] = 0.3
    assert dialled_weights(pressed, 30.0, Dials(mouth_closing=0))[:, press].max() == 0
    assert dialled_weights(pressed, 30.0, Dials(mouth_closing=1))[:, press].min() == pytest.approx(0.3)


def test_lips_held_shut_meet_in_all_that_shows_a_mouth(speech: FaceAnimation) -> None:
    shut = dialled(speech, Dials(lips_shut=1))
    assert closed_frames(shut.arkit).all() and not closed_frames(speech.arkit).all()
    assert inner_lip_gap(shut.landmarks).max() < TOUCH and (lip_gap(shut.arkit) >= -ROUNDING).mean() > 0.9
    assert shut.arkit[:, ARKIT_INDEX["jawOpen"]].max() < 0.35 * speech.arkit[:, ARKIT_INDEX["jawOpen"]].max()
    assert shut.visemes[:, VISEMES.index("PP")].min() == 1 and np.allclose(shut.visemes.sum(axis=1), 1)
    assert [shape for _, _, shape in shut.cues] == ["A"] and shut.cues[0][0] == speech.cues[0][0]
    wide = lip_gap(speech.arkit) > 0.09
    half = lip_gap(dialled(speech, Dials(lips_shut=0.5)).arkit)[wide] / lip_gap(speech.arkit)[wide]
    assert half.min() > 0.2 and half.max() < 0.6


def test_keys_shut_the_lips_for_a_moment(speech: FaceAnimation) -> None:
    widest = int(np.argmax(lip_gap(speech.arkit)))
    track = np.zeros(len(speech))
    track[widest - 1 : widest + 2] = 1
    dials = KeyedDials.of(Dials(), {"lips_shut": tuple(track)})
    result = dialled(speech, dials)
    assert closed_frames(result.arkit)[widest - 1 : widest + 2].all()
    others = track == 0
    for name in ("landmarks", "arkit", "visemes"):
        np.testing.assert_allclose(
            getattr(result, name)[others], getattr(speech, name)[others], atol=TOUCH / 2
        )
    at = widest / speech.fps
    assert [shape for start, stop, shape in result.cues if start <= at < stop] == ["A"]
    assert [cue[1] for cue in result.cues[:-1]] == [cue[0] for cue in result.cues[1:]]
    later = dialled(speech, replace(dials, offset=0.2))
    assert [shape for start, stop, shape in later.cues if start <= at < stop] == [
        "A"
    ]  # the key stays where it is
    assert closed_frames(later.arkit)[widest]


def test_visemes_follow_and_closures_stay(speech: FaceAnimation) -> None:
    closure, rest = VISEMES.index("PP"), VISEMES.index("sil")
    for dials in extremes():
        result = dialled_visemes(speech.visemes, speech.arkit, 30.0, dials)
        assert result.min() >= 0 and result.max() <= 1
        assert (result[:, closure] >= speech.visemes[:, closure] - ROUNDING).all()
    quiet = dialled_visemes(speech.visemes, speech.arkit, 30.0, Dials(lips=0))
    others = [index for index in range(15) if index not in (closure, rest)]
    assert quiet[:, others].max() == 0
    assert (quiet[:, rest] >= speech.visemes[:, rest] - ROUNDING).all()
    wide = lip_gap(speech.arkit) > 0.05
    up = dialled_visemes(speech.visemes, speech.arkit, 30.0, Dials(lips_up_down=1.5))
    ah = VISEMES.index("aa")
    np.testing.assert_allclose(up[wide, ah], np.clip(1.5 * speech.visemes[wide, ah], 0, 1), atol=1e-5)


def test_smoothing_takes_the_jitter_and_leaves_blinks(speech: FaceAnimation) -> None:
    result = dialled(speech, Dials(smoothing=0.2))
    jaw = ARKIT_INDEX["jawOpen"]
    assert np.abs(np.diff(result.arkit[:, jaw])).mean() < 0.7 * np.abs(np.diff(speech.arkit[:, jaw])).mean()
    np.testing.assert_array_equal(result.blink, speech.blink)
    np.testing.assert_array_equal(result.arkit[:, 0], speech.arkit[:, 0])
    assert (closed_frames(result.arkit) >= closed_frames(speech.arkit)).all()


def test_smoothing_is_a_gaussian_of_that_width() -> None:
    impulse = np.zeros((201, 1), np.float32)
    impulse[100] = 1
    curve = smoothed(impulse, 100.0, 0.2)[:, 0]
    assert curve.sum() == pytest.approx(1, abs=1e-4)
    assert curve[90] == pytest.approx(curve[100] / 2, rel=0.01)
    np.testing.assert_array_equal(smoothed(impulse, 100.0, 0.0), impulse)
    assert smoothed(np.full((5, 2), 3.0), 25.0, 1.0) == pytest.approx(3.0)


@pytest.mark.parametrize("offset", [-0.2, 0.1, 0.35])
def test_offset_moves_everything_by_whole_frames(speech: FaceAnimation, offset: float) -> None:
    frames = round(offset * 30)
    result = dialled(speech, Dials(offset=offset))
    for name in ("arkit", "landmarks", "blink", "head_rotation", "visemes"):
        np.testing.assert_allclose(
            getattr(result, name), delayed(getattr(speech, name), frames), atol=1e-6, err_msg=name
        )
    assert len(result) == len(speech)
    times = [cue[:2] for cue in result.cues]
    assert times[0][0] == speech.cues[0][0] and times[-1][1] == pytest.approx(speech.cues[-1][1])
    assert all(before[1] == pytest.approx(after[0]) for before, after in zip(times, times[1:]))
    middle = speech.cues[len(speech.cues) // 2]
    assert any(cue[0] == pytest.approx(middle[0] + frames / 30, abs=1e-6) for cue in result.cues)


def test_a_minute_runs_no_more_python_than_six_seconds(speech: FaceAnimation) -> None:
    """Nothing is done frame by frame: a minute takes a sixtieth of a second."""
    dials = Dials(1.3, 0.5, 1.5, 0.8, 0.7, 1.4, 1.2, 1.5, 0.1, -0.05)
    dialled(repeated(speech, 30), dials)  # tables that are read once
    short, long = (lines_run(lambda n=30 * length: dialled(repeated(speech, n), dials)) for length in (6, 60))
    assert 1000 < long < 1.05 * short


def test_the_command(speech: FaceAnimation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored, output = tmp_path / "in.npz", tmp_path / "out.npz"
    speech.save(stored)
    assert main(["dials", str(stored), "-o", str(output), "--lips-up-down", "0.5", "--offset", "0.1"]) == 0
    assert f"{len(speech)} frames" in capsys.readouterr().out
    result = FaceAnimation.load(output)
    expected = dialled(speech, Dials(lips_up_down=0.5, offset=0.1))
    np.testing.assert_allclose(result.arkit, expected.arkit, atol=1e-6)
    assert result.source["dials"] == [asdict(Dials(lips_up_down=0.5, offset=0.1))]
    assert main(["dials", str(output), "-o", str(tmp_path / "out.tsv")]) == 0
    assert (tmp_path / "out.tsv").read_text().splitlines()[0].startswith("0.00\t")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["IN", "-o", "OUT", "--lips-up-down", "7"], "--lips-up-down must be 0 to 5"),
        (["IN", "-o", "OUT", "--smoothing", "nan"], "--smoothing must be 0 to 1, not nan"),
        (["IN", "-o", "OUT", "--brow=-1.01"], "--brow must be -1 to 1, not -1.01"),
        (["nowhere.npz", "-o", "OUT"], "nowhere.npz does not exist"),
        (["IN", "-o", "OUT.txt"], "no known format"),
    ],
)
def test_a_wrong_request_is_one_sentence(
    speech: FaceAnimation, tmp_path: Path, arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = tmp_path / "in.npz"
    speech.save(stored)
    paths = {"IN": str(stored), "OUT": str(tmp_path / "out.npz"), "OUT.txt": str(tmp_path / "out.txt")}
    assert main(["dials", *(paths.get(argument, argument) for argument in arguments)]) == 1
    assert word in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


@pytest.mark.parametrize("values", [(1, 1, 1), (0.3, 2.5, 0.4), (2, 0, 1), (0, 5, 2), (1.7, 0.9, 0)])
def test_the_whole_gain_of_the_opening_is_the_one_that_is_applied(values: tuple[float, ...]) -> None:
    """What drawings ask is what shapes get: lips x up and down, and half of the energy."""
    dials = Dials(**dict(zip(("lips", "lips_up_down", "energy"), values)))
    lips, up_down, energy = values
    assert dials.up_down == pytest.approx(lips * up_down * (0.5 + energy / 2))
    assert strengths(dials, 1).up_down.item() == pytest.approx(dials.up_down, rel=1e-6)


def test_dials_exist_without_numpy() -> None:
    """The add-on's panel shows the dials in a Blender that has no numpy."""
    script = (
        "import sys; sys.modules['numpy'] = None\n"
        "from inference.face.dials import Dials, table\n"
        "import json; print(json.dumps([Dials().lips, len(table()['dials'])]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [1.0, len(fields(Dials))]
