"""Head, brows, blinks, gaze and styles: human rates, deterministic, at rest where they must be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.lids_and_lips import shut_lids
from inference.motion.head_and_eyes.blink import blink_curves, blink_times
from inference.motion.head_and_eyes.gaze import gaze_motion
from inference.motion.head_and_eyes.head import brow_motion, head_motion
from inference.motion.manner.styles import Style, load_style, shipped_styles
from inference.motion.prosody import Prosody, analyse

FPS = 50.0


def voice(seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Energy and F0 of syllables at 4 Hz in phrases of 2 s with pauses of 0.8 s; every fourth syllable is stressed."""
    time = np.arange(int(seconds * FPS)) / FPS
    within = (time % 2.8) < 2.0
    syllable = np.sin(np.pi * ((time * 4) % 1)) ** 2
    stressed = (time * 4).astype(int) % 4 == 1
    energy = within * syllable * np.where(stressed, 0.9, 0.5)
    f0 = np.where(energy > 0.15, np.where(stressed, 240.0, 190.0), 0.0)
    return energy.astype(np.float32), f0


def silent(frames: int) -> Prosody:
    return analyse(np.zeros(frames, np.float32), np.zeros(frames), FPS)


@pytest.fixture(scope="module")
def prosody() -> Prosody:
    return analyse(*voice(120), FPS)


def test_phrases_and_pauses_are_found(prosody: Prosody) -> None:
    assert len(prosody.phrases) == pytest.approx(120 / 2.8, abs=2)
    for start, end in prosody.phrases:
        assert start % 2.8 < 0.3
        assert end - start == pytest.approx(2.0, abs=0.35)


def test_stresses_lie_on_the_stressed_syllables(prosody: Prosody) -> None:
    strong = prosody.strengths > 0.5
    assert strong.sum() > 50
    assert ((prosody.stresses[strong] * 4).astype(int) % 4 == 1).mean() > 0.9


def test_silence_has_no_phrases() -> None:
    silent = analyse(np.zeros(500, np.float32), np.zeros(500), FPS)
    assert silent.phrases == []
    assert len(silent.stresses) == 0


def test_the_head_moves_as_people_do(prosody: Prosody) -> None:
    rotation, translation = head_motion(prosody, 6000, FPS, load_style("natural"), seed=1)
    deviation = np.degrees(rotation.std(axis=0))
    assert (deviation > 0.5).all()
    assert (deviation < 5).all()
    speed = np.abs(np.diff(np.degrees(rotation), axis=0)).max() * FPS
    assert speed < 90  # degrees a second: no jumps
    assert np.abs(rotation[[0, -1]]).max() < 1e-6
    assert np.abs(translation).max() < 0.3


def test_stressed_syllables_move_the_head_more(prosody: Prosody) -> None:
    rotation, _ = head_motion(prosody, 6000, FPS, Style("nods only", sway=0), seed=1)
    speed = np.abs(np.diff(rotation[:, 0]))
    near = np.zeros(5999, bool)
    for time in prosody.stresses:
        near[int((time - 0.25) * FPS) : int((time + 0.35) * FPS)] = True
    assert speed[near].mean() > 2 * speed[~near].mean()


@pytest.mark.parametrize("part", ["head", "brows", "gaze", "blink"])
def test_one_seed_is_one_take(prosody: Prosody, part: str) -> None:
    style = load_style("natural")
    still = np.zeros((6000, 3), np.float32)
    make = {
        "head": lambda seed: head_motion(prosody, 6000, FPS, style, seed)[0],
        "brows": lambda seed: brow_motion(prosody, 6000, FPS, style, seed),
        "gaze": lambda seed: gaze_motion(prosody, still, np.zeros(0), FPS, style, seed),
        "blink": lambda seed: blink_curves(blink_times(prosody, 120, style, seed), 6000, FPS, style, seed),
    }[part]
    np.testing.assert_array_equal(make(3), make(3))
    assert np.abs(make(3) - make(4)).max() > 0.001


def test_styles_change_how_much_the_head_moves(prosody: Prosody) -> None:
    calm, natural, lively = (
        head_motion(prosody, 6000, FPS, load_style(name), 1)[0].std()
        for name in ("calm", "natural", "lively")
    )
    assert natural > 1.5 * calm
    assert lively > 1.3 * natural


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_each_axis_of_the_head_has_its_own_amounts(prosody: Prosody, axis: int) -> None:
    name = ("nod", "turn", "tilt")[axis]
    still = Style("still").changed({f"head_{name}": 0, f"beat_{name}": 0})
    moved = head_motion(prosody, 6000, FPS, still, 1)[0].std(axis=0)
    assert moved[axis] == 0
    assert (np.delete(moved, axis) > np.radians(0.3)).all()


def test_the_head_beats_with_the_syllables(prosody: Prosody) -> None:
    beats = Style("beats").changed({"sway": 0, "nod": 0, "beat": 1})
    nod = head_motion(prosody, 6000, FPS, beats, 1)[0][:, 0]
    assert np.corrcoef(nod, prosody.syllables)[0, 1] > 0.95


def test_tempo_quickens_the_head(prosody: Prosody) -> None:
    quickness = []
    for tempo in (0.5, 1.0, 2.0):
        rotation = head_motion(prosody, 6000, FPS, Style("t").changed({"tempo": tempo, "beat": 0}), 1)[0]
        quickness.append(np.diff(rotation, axis=0).std() / rotation.std())
    assert quickness[0] < 0.75 * quickness[1] < 0.6 * quickness[2]


def test_a_longer_recording_begins_in_the_same_way() -> None:
    short, long = (analyse(*voice(seconds), FPS) for seconds in (28.0, 56.0))
    style = Style("sway").changed({"nod": 0, "beat": 0})
    first = head_motion(short, 1400, FPS, style, 3)[0]
    whole = head_motion(long, 2800, FPS, style, 3)[0]
    for axis in range(3):
        assert np.corrcoef(first[:1200, axis], whole[:1200, axis])[0, 1] > 0.95


def test_longer_blinks_last_longer(prosody: Prosody) -> None:
    shut = []
    for seconds in (0.15, 0.27, 0.33):
        style = Style("blinks").changed({"blink_seconds": seconds})
        curves = blink_curves(np.array([5.0, 15.0, 25.0]), 3000, FPS, style, 0)
        lengths = np.diff(np.flatnonzero(np.diff((curves[:, 0] > 0).astype(int))))[::2] / FPS
        assert ((lengths >= 0.1) & (lengths <= 0.4)).all()
        shut.append(lengths.mean())
    assert shut[0] < shut[1] < shut[2]


def test_brows_rise_more_than_they_fall(prosody: Prosody) -> None:
    motion = brow_motion(prosody, 6000, FPS, load_style("natural"), seed=1)
    assert motion.shape == (6000, 10)
    assert motion.max() > 0.03
    assert motion.min() > -0.03


@pytest.mark.parametrize("seed", range(5))
def test_blinks_have_human_rates_and_lengths(prosody: Prosody, seed: int) -> None:
    times = blink_times(prosody, 120, load_style("natural"), seed)
    assert 10 <= len(times) / 2 <= 25
    curves = blink_curves(times, 6000, FPS, Style("blinks"), seed)
    assert curves[: int(0.3 * FPS)].max() == 0
    assert curves[[0, -1]].max() == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], curves[:, 0] > 0.02, [False]]).astype(int)))
    lengths = (edges[1::2] - edges[::2]) / FPS
    assert (lengths >= 0.1).all()
    assert (lengths <= 0.4).all()


def test_every_blink_is_shut_in_some_frame_at_film_rate(prosody: Prosody) -> None:
    times = blink_times(prosody, 120, load_style("natural"), 2)
    curves = blink_curves(times, 6000, FPS, Style("blinks"), 2)
    film = np.interp(np.arange(120 * 24) / 24, np.arange(6000) / FPS, curves[:, 0])
    for time in times:
        assert film[int((time - 0.1) * 24) : int((time + 0.15) * 24)].max() > 0.95


def test_blinks_are_drawn_to_the_ends_of_phrases(prosody: Prosody) -> None:
    ends = np.array([end for _, end in prosody.phrases])
    hits = [
        np.abs(ends - time).min() < 0.15
        for seed in range(10)
        for time in blink_times(prosody, 120, load_style("natural"), seed)
    ]
    assert np.mean(hits) > 0.3  # by chance: 0.3 s of every 2.8 s


def test_a_shut_lid_meets_the_other() -> None:
    from inference.face.landmarks import REFERENCE_FACE, eye_opening, to_face_units

    face = to_face_units(REFERENCE_FACE).astype(np.float32)
    shut = face[None].copy()
    shut_lids(shut, np.ones((1, 2), np.float32), face)
    assert np.max(eye_opening(shut)) < 0.02 + 0.1 * np.max(eye_opening(face[None]))


def test_the_eyes_hold_the_viewer_while_the_head_turns() -> None:
    head = np.zeros((200, 3), np.float32)
    head[:, 1] = 0.15
    quiet = silent(200)
    eyes = gaze_motion(quiet, head, np.zeros(0), FPS, Style("steady", gaze=0), seed=0)
    assert eyes[100, 0] == pytest.approx(-0.85 * 0.15, abs=0.02)


def test_gaze_returns_to_the_viewer(prosody: Prosody) -> None:
    eyes = gaze_motion(prosody, np.zeros((6000, 3), np.float32), np.zeros(0), FPS, load_style("natural"), 1)
    distance = np.degrees(np.linalg.norm(eyes, axis=1))
    assert distance[-10:].max() < 0.01
    assert np.median(distance) < 2  # mostly at the viewer
    assert distance.max() > 4  # but not always


def test_every_shipped_style_loads_and_says_what_it_is() -> None:
    assert len(shipped_styles()) >= 4
    for style in shipped_styles().values():
        assert style.label
        assert style.description


def test_a_style_file(tmp_path: Path) -> None:
    path = tmp_path / "robot.json"
    path.write_text(json.dumps({"head": 0.2, "blinks_per_minute": 0}))
    style = load_style(str(path))
    assert (style.name, style.head, style.lips) == ("robot", 0.2, 1.0)
    quiet = silent(500)
    assert len(blink_times(quiet, 10, style, 0)) == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_style_file_as_editors_of_windows_save_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "own.json"
    path.write_bytes('{"lips": 1.2, "label": "Älter"}'.encode(encoding))
    assert load_style(str(path)).lips == 1.2


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"heads": 1}', '{"head": "much"}', '{"head": -1}', '{"head": NaN}', '{"lips": true}', None],
)
def test_a_bad_style_file_is_told_in_one_sentence(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "style.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(EngineError) as caught:
        load_style(str(path))
    assert caught.value.code == "bad_style"
    assert str(path) in caught.value.message


def test_an_unknown_style_lists_the_known_ones() -> None:
    with pytest.raises(EngineError, match="natural, calm"):
        load_style("nautral")
