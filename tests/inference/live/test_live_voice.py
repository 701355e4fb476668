"""A voice that goes on is animated nearly as the whole recording is, block by block."""

from __future__ import annotations

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.commands.animate import shared_backend
from inference.face.animation import FaceAnimation
from inference.face.messages import AnimateOptions
from inference.face.names import ARKIT_INDEX
from inference.face.shape_effects import closed_frames
from inference.hearing.audio import read_recording
from inference.live.voice import LiveVoice
from inference.motion.manner.styles import load_style
from inference.pipeline import animate

JAW = ARKIT_INDEX["jawOpen"]
PER_FRAME = ("landmarks", "arkit", "visemes", "blink", "eye_rotation", "head_rotation", "head_translation")


def voice(style: str = "natural", look_ahead: float = 0.12) -> LiveVoice:
    return LiveVoice(shared_backend("numpy"), load_style(style), 0, look_ahead)


def told(samples: np.ndarray, sizes: list[int], **options: object) -> dict[str, np.ndarray]:
    """What comes of feeding samples in blocks of these sizes, over and over."""
    live, parts, place, turn = voice(**options), [], 0, 0  # type: ignore[arg-type]
    while place < len(samples):
        size = sizes[turn % len(sizes)]
        parts.append(live.feed(samples[place : place + size], last=place + size >= len(samples)))
        place, turn = place + size, turn + 1
    return {name: np.concatenate([getattr(part, name) for part in parts]) for name in PER_FRAME}


@pytest.fixture(scope="module")
def samples() -> np.ndarray:
    return read_recording(SAMPLE_VOICE).samples


@pytest.fixture(scope="module")
def whole() -> FaceAnimation:
    return animate(SAMPLE_VOICE, AnimateOptions(fps=None, style="natural", speaker="none")).animation


@pytest.fixture(scope="module")
def live(samples: np.ndarray) -> dict[str, np.ndarray]:
    return told(samples, [4800])


def test_the_jaw_moves_as_in_the_whole_recording(live: dict[str, np.ndarray], whole: FaceAnimation):
    count = len(live["arkit"])
    assert abs(count - len(whole)) <= 1
    assert np.corrcoef(live["arkit"][:, JAW], whole.arkit[:count, JAW])[0, 1] >= 0.95


def test_lips_are_shut_where_they_are_in_the_whole_recording(
    live: dict[str, np.ndarray], whole: FaceAnimation
):
    shut, wanted = closed_frames(live["arkit"]), closed_frames(whole.arkit[: len(live["arkit"])])
    assert (shut == wanted).mean() >= 0.92
    assert 2 * (shut & wanted).sum() >= 0.85 * (shut.sum() + wanted.sum())


def test_no_jump_where_blocks_meet(live: dict[str, np.ndarray], whole: FaceAnimation):
    for name in PER_FRAME[:2]:
        values = live[name].reshape(len(live[name]), -1)
        most = np.abs(np.diff(getattr(whole, name).reshape(len(whole), -1), axis=0)).max()
        assert np.abs(np.diff(values, axis=0)).max() <= 1.3 * most


def test_blocks_of_any_size_say_about_the_same(samples: np.ndarray, live: dict[str, np.ndarray]):
    part = samples[: 4 * 16000]
    odd = told(part, [4800, 1, 0, 7919, 160, 3000])
    count = min(len(odd["arkit"]), len(live["arkit"])) - 10
    assert np.corrcoef(odd["arkit"][:count, JAW], live["arkit"][:count, JAW])[0, 1] > 0.97


def test_every_frame_comes_once_and_is_a_face(live: dict[str, np.ndarray], samples: np.ndarray):
    assert {len(values) for values in live.values()} == {len(samples) // 320}
    assert all(np.isfinite(values).all() for values in live.values())
    assert live["arkit"].min() >= 0 and live["arkit"].max() <= 1
    assert live["blink"].max() > 0.9  # somebody who lives


def test_less_than_a_block_late(samples: np.ndarray):
    talking = voice(look_ahead=0.2)
    talking.feed(samples[: 2 * 16000])
    assert talking.given / talking.fps >= 2 - 0.2 - 0.04


@pytest.mark.parametrize("level", [0.0, 1e-3])
def test_silence_and_a_room_move_no_mouth(level: float):
    noise = np.random.RandomState(3).standard_normal(3 * 16000).astype(np.float32) * np.float32(level)
    assert told(noise, [4800])["arkit"][:, JAW].max() < 0.02


def test_an_hour_is_not_kept(samples: np.ndarray):
    talking = voice()
    quiet = np.zeros(16000, np.float32)
    for _ in range(13):
        talking.feed(quiet)
    assert len(talking._samples) < 11 * 16000
    parts = [talking.feed(samples[place : place + 4800]) for place in range(0, 32000, 4800)]
    assert np.concatenate([part.arkit for part in parts])[:, JAW].max() > 0.1


def test_what_is_no_number_is_silence():
    broken = np.full(8000, np.nan, np.float32)
    assert np.isfinite(told(broken, [4800])["landmarks"]).all()


@pytest.mark.parametrize("count", [0, 1, 319, 900])
def test_next_to_nothing(count: int):
    frames = voice().feed(np.full(count, 0.1, np.float32), last=True)
    assert len(frames) == (count + 320 - 200) // 320


def test_a_smile_stays(samples: np.ndarray):
    smiling, plain = (
        told(samples[:32000], [4800], style=style)["landmarks"] for style in ("cheerful", "natural")
    )
    corners = smiling[40:, 48, 1] - plain[40:, 48, 1]
    assert corners.mean() > 0.005


@pytest.mark.parametrize("sizes", [[64000], [16000, 96000], [300, 80000, 1600]], ids=str)
def test_a_block_of_seconds_comes_out_whole(
    sizes: list[int], samples: np.ndarray, live: dict[str, np.ndarray]
):
    talking, place = voice(), 0
    for size in sizes:
        begin, frames = talking.given, talking.feed(samples[place : place + size])
        place += size
        assert all(len(getattr(frames, name)) == talking.given - begin for name in PER_FRAME)
        assert talking.given >= min(place, len(samples)) // 320 - 8
        if len(frames) > 50:
            wanted = live["arkit"][begin : talking.given, JAW]
            assert np.corrcoef(frames.arkit[:, JAW], wanted)[0, 1] > 0.9


def test_a_clipped_microphone_is_heard_by_its_crests(samples: np.ndarray):
    part = samples[2 * 16000 : 6 * 16000]
    cut = np.clip(part / np.abs(part).max() * 4, -1, 1)
    clean, heard = (told(each, [3200])["arkit"][:, JAW] for each in (part, cut))
    assert np.corrcoef(heard, clean)[0, 1] > 0.9  # 0.8 without
