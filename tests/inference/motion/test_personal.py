"""A person's head: learned statistics come back, files are safe, replays loop without a seam."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.noise import ease, smooth_noise
from inference.imitation.head_fit import evenness, fit_head, power_spectrum, speed_loudness_correlation
from inference.motion.manner.choice import choose_manner
from inference.motion.manner.personal import (
    RATE,
    Person,
    Track,
    generate_pose,
    load_person,
    replay,
    respond,
    save_person,
    seamless,
    voice_curves,
)
from inference.motion.manner.styles import Style
from inference.motion.performance import perform
from inference.motion.prosody import Prosody, analyse

CLIPS, FRAMES = 12, 150


def speech(seed: int, frames: int = 2 * FRAMES) -> Prosody:
    """Syllables with pauses at 50 fps, different for each seed."""
    random = np.random.RandomState(seed)
    time = np.arange(frames) / 50
    energy = np.clip(np.sin(2 * np.pi * 2 * time + random.uniform(0, 6)), 0, 1) * (
        np.sin(0.9 * time + seed) > -0.4
    )
    return analyse(energy.astype(np.float32), np.where(energy > 0.2, 120.0, 0.0), 50.0)


def somebody() -> list[tuple[np.ndarray, np.ndarray]]:
    """Clips of a head that nods with the syllables, wanders slowly and moves quickly where it is loud."""
    clips = []
    for seed in range(CLIPS):
        random = np.random.RandomState(100 + seed)
        voice = voice_curves(speech(seed), 2 * FRAMES, 50.0)
        slow = np.cumsum(random.normal(0, 0.12, (len(voice), 6)), axis=0) * (1, 2, 0.5, 0.02, 0.02, 0.02)
        quick = random.normal(0, 0.15, (len(voice), 6)) * (1, 1, 1, 0.02, 0.02, 0.02)
        quick *= np.exp(0.8 * voice.sum(axis=1, keepdims=True))
        pose = slow + quick
        pose[:, 0] += 1.2 * voice[:, 0]
        clips.append((pose, voice))
    return clips


@pytest.fixture(scope="module")
def person() -> Person:
    clips = somebody()
    random = np.random.RandomState(5)
    track = Track(
        np.cumsum(random.normal(0, 0.1, (400, 6)), axis=0),
        np.clip(random.normal(0, 0.3, (400, 2)), 0, 1),
        random.normal(0, 0.02, (400, 2)),
        random.normal(0, 0.01, (400, 10)),
    )
    embedding = random.normal(size=32).astype(np.float32)
    return Person(
        "Ada",
        Style("Ada").changed({"lips": 1.3}),
        fit_head(clips),
        track,
        embedding,
        "test-1",
        FRAMES * CLIPS / RATE,
    )


def test_generated_motion_measures_as_the_person(person: Person) -> None:
    clips = somebody()
    voices = [voice for _, voice in clips]
    real = [pose - pose.mean(axis=0) for pose, _ in clips]
    made = [generate_pose(person.head, voice, 50 + index) for index, voice in enumerate(voices)]
    made = [pose - pose.mean(axis=0) for pose in made]
    spread = np.sqrt([np.mean(np.concatenate(curves) ** 2, axis=0) for curves in (made, real)])
    assert (np.abs(spread[0] / spread[1] - 1) < 0.25).all()
    speeds = [
        np.sqrt(np.mean(np.concatenate([np.diff(c, axis=0) for c in cs]) ** 2, axis=0)) for cs in (made, real)
    ]
    assert (np.abs(speeds[0] / speeds[1] - 1) < 0.25).all()
    density = power_spectrum(made)[2:].sum(axis=1) / power_spectrum(real)[2:].sum(axis=1)
    assert (np.abs(density - 1) < 0.4).all()
    found, wanted = speed_loudness_correlation(made, voices), speed_loudness_correlation(real, voices)
    assert wanted > 0.2
    assert found == pytest.approx(wanted, abs=0.1)


def test_the_response_to_the_voice_is_found(person: Person) -> None:
    voice = voice_curves(speech(77), 2 * FRAMES, 50.0)
    nod = respond(person.head.response, voice)[:, 0]
    quick = nod - ease(nod, RATE, 0.8)
    wanted = 1.2 * (voice[:, 0] - ease(voice[:, 0], RATE, 0.8))
    assert np.corrcoef(quick, wanted)[0, 1] > 0.8
    assert quick.std() / wanted.std() == pytest.approx(1, abs=0.4)


def test_seeds_are_takes_and_longer_recordings_go_the_same_way(person: Person) -> None:
    voice = np.zeros((500, 2))
    first = generate_pose(person.head, voice, 1)
    np.testing.assert_array_equal(first, generate_pose(person.head, voice, 1))
    assert np.abs(first - generate_pose(person.head, voice, 2)).max() > 0.1
    longer = generate_pose(person.head, np.zeros((900, 2)), 1)[:500]
    for axis in range(6):
        assert np.corrcoef(longer[:, axis], first[:, axis])[0, 1] > 0.9


@pytest.mark.parametrize("uneven", [0.0, 0.4])
def test_moves_come_as_unevenly_as_the_person_s(uneven: float) -> None:
    clips = []
    for seed in range(6):
        random = np.random.RandomState(seed)
        voice = voice_curves(speech(seed, 3000), 3000, 50.0)
        size = np.exp(uneven * smooth_noise(random, len(voice), RATE, 0.5))
        clips.append((random.normal(0, 0.4, (len(voice), 6)) * size[:, None], voice))
    model = fit_head(clips)
    made = [generate_pose(model, voice, 9 + index) for index, (_, voice) in enumerate(clips)]
    assert evenness(made) == pytest.approx(evenness([pose for pose, _ in clips]), abs=0.05)
    assert (model.burst > 0.2) == (uneven > 0)


def test_another_take_has_the_person_s_amounts(person: Person) -> None:
    voice = voice_curves(speech(3, 1500), 1500, 50.0)
    spreads = np.array([generate_pose(person.head, voice, seed).std(axis=0) for seed in range(8)])
    assert (spreads.std(axis=0) < 0.12 * spreads.mean(axis=0)).all()


def test_a_person_of_before_bursts_is_read(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "ada.npz"
    save_person(person, path)
    with np.load(path) as data:
        np.savez(path, **{name: data[name] for name in data if name != "head_burst"})
    assert load_person(path).head.burst == 0


def test_an_hour_does_not_drift(person: Person) -> None:
    pose = generate_pose(person.head, np.zeros((90000, 2)), 0)
    minutes = pose.reshape(60, -1, 6).mean(axis=1)
    assert (minutes.std(axis=0) < 0.5 * pose.std(axis=0)).all()


def test_a_replay_loops_without_a_seam(person: Person) -> None:
    loop = seamless(np.concatenate([person.track.pose, person.track.blink], axis=1))
    steps = np.abs(np.diff(loop[:, :6], axis=0))
    seam = np.abs(loop[0, :6] - loop[-1, :6])
    assert (seam <= steps.max(axis=0)).all()
    long = replay(person, 3000, 50.0, seed=3)
    assert np.abs(np.diff(np.degrees(long.head_rotation), axis=0)).max() <= steps[:, :3].max() * 0.8
    assert long.blink.min() >= 0
    assert long.blink.max() <= 1


@pytest.mark.parametrize("pose", ["generated", "replayed", "still"])
def test_a_person_drives_every_kind_of_pose(person: Person, pose: str) -> None:
    found = perform(speech(1), 300, 50.0, person.style, 0, person, pose)
    assert found.head_rotation.shape == (300, 3)
    assert (np.abs(found.head_rotation).max() == 0) == (pose == "still")
    assert found.brows.shape == (300, 10)


def test_only_a_person_can_be_replayed() -> None:
    with pytest.raises(EngineError, match=r"person's \.npz"):
        perform(speech(1), 300, 50.0, Style("x"), 0, None, "replayed")


def test_a_person_survives_its_file(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "ada.npz"
    save_person(person, path)
    again = load_person(path)
    assert (again.name, again.style, again.encoder) == ("Ada", person.style, "test-1")
    np.testing.assert_allclose(again.head.spectrum, person.head.spectrum, rtol=1e-6)
    np.testing.assert_allclose(again.track.brows, person.track.brows, rtol=1e-6)
    assert choose_manner(str(path), None).person is not None
    with np.load(path, allow_pickle=False) as data:
        assert all(data[name].dtype.kind != "O" for name in data)


@pytest.mark.parametrize("content", [b"", b"no archive", None, "other"])
def test_a_bad_person_is_told_in_one_sentence(tmp_path: Path, content: bytes | str | None) -> None:
    path = tmp_path / "person.npz"
    if content == "other":
        np.savez(path, version=np.int64(1))
    elif content is not None:
        path.write_bytes(content)  # type: ignore[arg-type]
    with pytest.raises(EngineError) as caught:
        load_person(path)
    assert caught.value.code == "bad_style"
    assert str(path) in caught.value.message


def test_a_speaker_that_is_neither_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="auto, none or a folder"):
        choose_manner("natural", "somebody")
    with pytest.raises(EngineError, match="no person"):
        choose_manner("natural", str(tmp_path))
