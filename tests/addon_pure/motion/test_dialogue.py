"""Many lines of one character as one motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from blender_addon.contract.runs import runs_of
from blender_addon.contract.turns import Turn, View
from fake_engine import synthetic

from blender_addon.contract import FaceAnimation, shape_effects
from blender_addon.errors import TalkingAnimationError
from blender_addon.motion import dialogue, stored_motion
from blender_addon.motion.dialogue import Hearing, Part, merged, spoken_turns

FPS = 25.0
JAW, CLOSE, BLINK = 17, 18, [0, 7]


def motion(seconds: float, seed: int = 0, closures: tuple[int, ...] = ()) -> FaceAnimation:
    """A line in which the mouth moves all the time, and the lips touch at these frames."""
    fields = synthetic(seconds, FPS)
    time = np.arange(len(fields["arkit"])) / FPS
    arkit = fields["arkit"]
    arkit[:] = 0
    arkit[:, JAW] = 0.4 + 0.1 * np.sin(2 * np.pi * (2 + seed) * time)
    for frame in closures:
        arkit[frame, JAW] = 0
    return FaceAnimation(
        fps=FPS,
        arkit=arkit,
        head_rotation=np.full((len(arkit), 3), 0.1 * (seed + 1), np.float32),
        head_translation=np.zeros((len(arkit), 3), np.float32),
        eye_rotation=np.full((len(arkit), 2), 0.05, np.float32),
        landmarks=np.full((len(arkit), 68, 3), 0.01 * (seed + 1), np.float32),
        neutral=np.zeros((68, 3), np.float32),
        visemes=np.eye(15, dtype=np.float32)[np.full(len(arkit), 10)],
        blink=np.zeros((len(arkit), 2), np.float32),
        cues=((0.0, 0.2, "B"), (0.2, seconds, "D")),
    )


def listening(seconds: float = 8.0) -> FaceAnimation:
    """Idle motion: a slow sway, a blink every second, and a mouth that must not be taken over."""
    count = round(seconds * FPS)
    time = np.arange(count) / FPS
    idle = motion(seconds)
    blink = np.exp(-((((time % 1.0) - 0.5) / 0.05) ** 2)).astype(np.float32)
    idle.arkit[:, BLINK] = blink[:, None]
    idle.blink[:] = blink[:, None]
    idle.head_rotation[:] = 0.02 * np.sin(2 * np.pi * time / seconds)[:, None]
    idle.neutral[:] = 0.5  # its own rest, which is nothing to others
    idle.landmarks[:] = 0.53
    return idle


def test_each_line_is_untouched_at_its_place():
    first, second = motion(2.0, 0, (10, 11, 30)), motion(1.0, 1, (5,))
    found = merged([Part(second, 200), Part(first, 101)], FPS, (101, 300))
    assert found.first == 101 and not found.cut
    for part, start in ((first, 101), (second, 200)):
        rows = slice(start - found.first, start - found.first + len(part))
        for name in ("arkit", "head_rotation", "eye_rotation", "landmarks", "visemes", "blink"):
            np.testing.assert_array_equal(getattr(found.motion, name)[rows], getattr(part, name), name)
    between = slice(151 - found.first + 20, 200 - found.first - 20)
    assert not found.motion.arkit[between].any() and not found.motion.head_rotation[between].any()
    assert (found.motion.visemes[between, 0] == 1).all()
    gaps = shape_effects.lip_gap(found.motion.arkit)
    for frame in (101 + 10, 101 + 30, 205):
        assert gaps[frame - found.first] <= shape_effects.TOUCH
    # The mouth is on its way before the sound begins, and nothing jumps.
    jaw = found.motion.arkit[:, JAW]
    assert 0 < jaw[199 - found.first] < 0.4 and np.abs(np.diff(found.motion.head_rotation[:, 0])).max() < 0.03


def test_a_line_that_interrupts_another_has_the_face():
    long, short = motion(4.0, 0), motion(1.0, 1)
    found = merged([Part(long, 1), Part(short, 51)], FPS, (1, 101))
    assert found.cut == ((0, 1, 50),)
    rows = slice(50, 75)
    np.testing.assert_array_equal(found.motion.arkit[rows], short.arkit)
    np.testing.assert_array_equal(found.motion.arkit[: 50 - 2], long.arkit[: 50 - 2])
    assert not found.motion.arkit[90:].any(), "what was interrupted does not go on"
    assert [cue[2] for cue in found.motion.cues] == ["B", "D", "B", "D", "X"]
    again = merged([Part(long, 1), Part(short, 1)], FPS, (1, 101))
    assert again.cut == ((0, 1, 100),) and (again.motion.arkit[:25] == short.arkit).all()


def test_cues_follow_each_other_without_gaps():
    found = merged([Part(motion(2.0), 101), Part(motion(1.0), 200)], FPS, (1, 300))
    cues = found.motion.cues
    assert [cue[2] for cue in cues] == ["X", "B", "D", "X", "B", "D", "X"]
    assert cues[0][0] == 0 and all(a[1] == pytest.approx(b[0]) for a, b in zip(cues, cues[1:]))
    assert cues[1][0] * FPS + found.first == pytest.approx(101)
    assert cues[-1][1] == pytest.approx(len(found.motion) / FPS)


def test_listening():
    idle = listening()
    parts = [Part(motion(2.0), 301), Part(motion(1.0, 1), 600)]
    found = merged(parts, FPS, (1, 1001), idle)
    assert found.first == 1 and len(found.motion) == 1000
    np.testing.assert_array_equal(found.motion.arkit[300:350], parts[0].motion.arkit)
    quiet = np.r_[0:280, 380:580, 660:1000]
    assert not found.motion.arkit[quiet, JAW].any() and not found.motion.landmarks[quiet, 48:].any()
    np.testing.assert_allclose(found.motion.landmarks[quiet, 17:27], 0.03, atol=1e-6)  # brows and lids do not
    np.testing.assert_allclose(found.motion.landmarks[quiet, 36:48], 0.03, atol=1e-6)
    blinks = found.motion.blink[:, 0] > 0.5
    assert blinks[0:280].any() and blinks[400:560].any() and blinks[700:].any()
    # It repeats itself without a jump, and no blink is cut in half by a line.
    assert np.abs(np.diff(found.motion.head_rotation[:280, 0])).max() < 0.002
    assert np.abs(np.diff(found.motion.head_rotation[700:, 0])).max() < 0.002
    for first, last in (runs_of(found.motion.blink[:, 0] > 0.01) - (0, 1)).tolist():
        assert found.motion.blink[first : last + 1].max() > 0.8
    np.testing.assert_array_equal(found.motion.blink[:, 0], found.motion.arkit[:, 0])


def test_faster_and_slower():
    line = motion(2.0, closures=(20,))
    fast = dialogue.at_speed(line, 2.0).resampled(FPS)
    assert len(fast) == 25 and fast.cues[-1][1] == pytest.approx(1.0)
    assert fast.arkit[10, JAW] == line.arkit[20, JAW] == 0
    assert dialogue.at_speed(line, 1.0) is line


def test_silence():
    line = motion(1.0)
    assert not dialogue.is_silent(line)
    line.arkit[:, 14:] = 0
    assert not dialogue.is_silent(line), "its cues speak"
    cues = replace(line, cues=[(0.0, 1.0, "X")])
    assert dialogue.is_silent(cues)


def test_a_performance_is_kept_as_the_engine_keeps_its_own(tmp_path):
    found = merged([Part(motion(2.0), 101), Part(motion(1.0), 200)], FPS, (1, 300)).motion
    stored_motion.save(found, tmp_path / "all.npz")
    again = stored_motion.load(str(tmp_path / "all.npz"))
    for name in (
        "arkit",
        "head_rotation",
        "head_translation",
        "eye_rotation",
        "landmarks",
        "visemes",
        "blink",
    ):
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))
    assert [cue[2] for cue in again.cues] == [cue[2] for cue in found.cues] and again.source == {"lines": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["all.npz"]
    with pytest.raises(TalkingAnimationError, match="cannot be written"):
        stored_motion.save(found, tmp_path / "all.npz" / "more.npz")  # a file, where a folder would be
    stored_motion.save(found, tmp_path / "cleared meanwhile" / "all.npz")


# -- what is heard of the others ---------------------------------------------------------------------------

SEEN = (View(2.0, 0.6, 0.0),)


def hearing(*phrases: tuple[float, float], amount: float = 1.0) -> Hearing:
    return Hearing((Turn(phrases, SEEN),), amount, 3)


def test_phrases_of_lines_in_a_conversation():
    line = replace(motion(2.0), cues=[(0.0, 0.4, "X"), (0.4, 1.0, "B"), (1.0, 1.5, "X"), (1.5, 2.0, "D")])
    turns = spoken_turns([Part(line, 301), Part(line, 101), Part(line, 131)], FPS, 51)
    # The first is interrupted by the second after 1.2 s: its last phrase is not heard.
    assert turns == [
        tuple((pytest.approx(start), pytest.approx(end)) for start, end in phrases)
        for phrases in (((2.4, 3.0), (3.6, 4.2), (4.7, 5.2)), ((10.4, 11.0), (11.5, 12.0)))
    ]


def test_a_listener_turns_and_its_own_line_wins():
    own = motion(2.0, closures=(20,))
    heard = hearing((2.0, 10.0), (11.0, 20.0))
    found = merged([Part(own, 301)], FPS, (1, 701), None, heard)
    silent = merged([Part(own, 301)], FPS, (1, 701), None)
    assert found.first == 1 and len(found.motion) == 700, "all of the conversation"
    rows = slice(300, 350)
    for name in ("arkit", "head_rotation", "eye_rotation", "landmarks", "visemes", "blink"):
        np.testing.assert_array_equal(getattr(found.motion, name)[rows], getattr(own, name), name)
    turn = found.motion.head_rotation[:, 1]
    assert turn[200:280].min() > 0.25 and turn[380:480].min() > 0.25, "before its own line and after it"
    assert np.abs(np.diff(turn)).max() < 0.06, "it goes over softly"
    assert not found.motion.arkit[np.r_[0:280, 380:700], JAW].any(), "the mouth rests"
    spoken = [cue[2] for cue in silent.motion.cues if cue[2] != "X"]
    assert [cue[2] for cue in found.motion.cues] == ["X", *spoken, "X"]


def test_listening_comes_on_top_of_idle_motion():
    idle, own = listening(), motion(1.0)
    without = merged([Part(own, 601)], FPS, (1, 701), idle)
    heard = merged([Part(own, 601)], FPS, (1, 701), idle, hearing((2.0, 10.0)))
    far = heard.motion.head_rotation[:, 1] - without.motion.head_rotation[:, 1]
    assert 0.25 < far[150] < 0.5 and np.abs(far[:50]).max() < 1e-3
    assert (heard.motion.blink >= without.motion.blink - 1e-6)[:560].all()
    assert np.abs(heard.motion.eye_rotation - without.motion.eye_rotation)[100:200].max() > 0.1


@pytest.mark.parametrize("idle", [None, listening()])
def test_without_it_nothing_is_other_than_before(idle):
    parts = [Part(motion(2.0), 101), Part(motion(1.0, 1), 200)]
    plain = merged(parts, FPS, (1, 301), idle)
    for heard in (hearing((1.0, 9.0), amount=0.0), Hearing((), 1.0, 3)):
        other = merged(parts, FPS, (1, 301), idle, heard)
        first = plain.first - other.first
        for name in ("arkit", "head_rotation", "eye_rotation", "landmarks", "visemes", "blink"):
            whole = getattr(other.motion, name)
            np.testing.assert_array_equal(
                whole[first : first + len(plain.motion)], getattr(plain.motion, name)
            )
