"""Videos of faces: filmed ones (GRID), and what goes wrong with videos."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="capture needs MediaPipe (the full engine)")
pytest.importorskip("av", reason="capture needs PyAV (the full engine)")

from filmed import read_pictures, say_turned, write_video
from PIL import Image
from places import GRID
from recordings import wav_bytes

from inference.capture import Captured, capture, capture_clip
from inference.capture.measure import likeness, measure
from inference.capture.measure import main as measure_main
from inference.capture.overlay import draw_overlay
from inference.capture.video import decode_pictures, decode_sound, inspect_video
from inference.cli import main
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import mirrored
from inference.face.names import ARKIT_INDEX, ARKIT_NAMES
from inference.hearing.audio import read_recording

CLIP = GRID / "s26" / "lwwx5p.mp4"
BLINKER = GRID / "s1" / "bbaf2n.mp4"

grid = pytest.mark.skipif(not CLIP.is_file(), reason=f"GRID is not in {GRID}")


@pytest.fixture(scope="module")
def captured() -> Captured:
    return capture_clip(CLIP)


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    return read_pictures(CLIP)[:30]


@grid
def test_a_filmed_clip_fits_its_video(captured: Captured) -> None:
    fit = measure(captured, 1.0)
    assert fit.error < 1.0 and fit.worst < 4.0  # per cent of the eye distance; the bar is a mean of 3
    assert fit.closures[0] > 5 and fit.closures[0] == fit.closures[1]
    assert fit.jitter < 0.5 and fit.opening_lost < 0.04


@grid
def test_without_the_filter_it_fits_exactly() -> None:
    raw = capture_clip(CLIP, smooth=False)
    fit = measure(raw, 1.0)
    assert fit.error < 0.01 and abs(fit.jitter - 1) < 0.01


@grid
def test_everything_an_animation_promises(captured: Captured, tmp_path: Path) -> None:
    animation = captured.animation
    assert len(animation) == 75 and animation.fps == 25
    assert animation.arkit.min() >= 0 and animation.arkit.max() <= 1 and animation.arkit.max() > 0.2
    assert (
        np.abs(np.linalg.norm(animation.landmarks[:, 45] - animation.landmarks[:, 36], axis=1) - 1).max()
        < 0.05
    )
    assert animation.cues[0][0] == 0 and animation.cues[-1][1] == pytest.approx(3.0)
    assert all(
        first[1] == pytest.approx(second[0]) for first, second in zip(animation.cues, animation.cues[1:])
    )
    assert len({shape for _, _, shape in animation.cues}) >= 4
    assert animation.source["video"] == CLIP.name and animation.source["visemes"] == "sound"
    animation.save(tmp_path / "clip.npz")
    again = FaceAnimation.load(tmp_path / "clip.npz")
    assert np.array_equal(again.landmarks, animation.landmarks) and again.source == animation.source


@grid
def test_the_same_clip_gives_the_same_animation(captured: Captured) -> None:
    again = capture(CLIP)
    assert np.array_equal(again.landmarks, captured.animation.landmarks)
    assert np.array_equal(again.arkit, captured.animation.arkit)


@grid
def test_a_mirrored_clip_gives_the_mirrored_animation(tmp_path: Path) -> None:
    film = read_pictures(BLINKER)
    one = capture(write_video(tmp_path / "one.mp4", film))
    other = capture(write_video(tmp_path / "other.mp4", [picture[:, ::-1] for picture in film]))
    # The tracker itself sees a mirrored face a little otherwise: these are its own 2 to 3 degrees.
    turned = one.head_rotation * (1, -1, -1) - other.head_rotation
    assert np.degrees(np.abs(turned)).max() < 4
    assert np.abs(one.head_translation * (-1, 1, 1) - other.head_translation)[:, :2].max() < 0.03
    assert np.abs(mirrored(one.landmarks) - other.landmarks).mean() < 0.015
    assert np.degrees(np.abs(one.eye_rotation * (-1, 1) - other.eye_rotation)).mean() < 5
    assert one.blink.max() > 0.8  # he blinks
    assert np.abs(one.blink[:, ::-1] - other.blink).max() < 0.4
    swap = [
        ARKIT_INDEX[name.replace("Left", "?").replace("Right", "Left").replace("?", "Right")]
        for name in ARKIT_NAMES
    ]
    assert np.abs(one.arkit[:, swap] - other.arkit).mean() < 0.03


@grid
def test_a_track_with_known_signs_is_mirrored_by_hand(captured: Captured) -> None:
    """The head of this clip turns; which way is known by looking at it: first to the picture's right."""
    points = captured.points
    nose = (points[:, 30, 0] - points[:, [36, 45], 0].mean(axis=1)) / np.linalg.norm(
        points[:, 45] - points[:, 36], axis=1
    )
    turn = captured.animation.head_rotation[:, 1]
    assert np.corrcoef(nose, turn)[0, 1] > 0.9 and np.ptp(turn) > np.radians(3)
    line = points[:, 45] - points[:, 36]
    tilt = np.arctan2(line[:, 1], line[:, 0])
    assert np.corrcoef(tilt, captured.animation.head_rotation[:, 2])[0, 1] > 0.9
    aside = points[:, [36, 45], 0].mean(axis=1)
    assert np.corrcoef(aside, captured.animation.head_translation[:, 0])[0, 1] > 0.9


@grid
def test_other_rates(captured: Captured, tmp_path: Path) -> None:
    animation = captured.animation.resampled(60)
    faster = capture_clip(CLIP, fps=60)
    assert faster.animation.landmarks.shape == animation.landmarks.shape
    assert measure(faster, 1.0).error < 1.0
    draw_overlay(faster.animation, CLIP, tmp_path / "over.mp4")
    assert inspect_video(tmp_path / "over.mp4", 25).fps == 25


@grid
def test_progress_rises_and_can_stop_it() -> None:
    told: list[float] = []
    capture(CLIP, lambda fraction, stage: told.append(fraction))
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1 and len(told) > 50

    def stop(fraction: float, stage: str) -> None:
        if fraction > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        capture(CLIP, stop)


@grid
def test_a_silent_clip_is_read_from_the_lips(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    result = capture_clip(write_video(tmp_path / "silent.mp4", pictures))
    assert result.animation.source["visemes"] == "lips" and "no sound" in result.warnings[0]
    assert result.animation.visemes.sum(axis=1).min() > 0.5


@grid
def test_sound_that_ends_before_the_picture_is_told(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    """The last viseme stood until the end."""
    sound = read_recording(CLIP).samples[8000 : 8000 + 6400]
    result = capture_clip(write_video(tmp_path / "short.mp4", pictures, sound=sound))
    assert "ends 0.7 s before its picture" in result.warnings[0]
    assert result.animation.visemes[-5:, 0].min() > 0.9


@grid
def test_the_largest_of_two_faces(tmp_path: Path, pictures: list[np.ndarray], captured: Captured) -> None:
    others = [np.asarray(Image.fromarray(picture).resize((128, 144))) for picture in read_pictures(BLINKER)]
    beside = [
        np.concatenate([np.pad(small, ((72, 72), (0, 0), (0, 0)), mode="edge"), large], axis=1)
        for small, large in zip(others, pictures)
    ]
    result = capture_clip(write_video(tmp_path / "two.mp4", beside))
    assert "2 faces" in result.warnings[0]
    # All of it is the right one: 128 pixels of the picture lie to its left.
    moved = result.points[:, 30] - captured.points[: len(pictures), 30] - (64, 0)
    assert np.abs(moved).max() < 3


@grid
def test_a_short_loss_is_bridged(tmp_path: Path, pictures: list[np.ndarray], captured: Captured) -> None:
    hidden = [np.full_like(picture, 127) if 10 <= i < 14 else picture for i, picture in enumerate(pictures)]
    result = capture_clip(write_video(tmp_path / "hidden.mp4", hidden))
    assert "lost at 0.40-0.56 s" in result.warnings[0]
    error = np.degrees(np.abs(result.animation.head_rotation - captured.animation.head_rotation[:30]))
    assert error.mean() < 1.5


@grid
def test_phones_that_were_held_upright(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    path = write_video(tmp_path / "phone.mp4", [np.rot90(picture) for picture in pictures])
    say_turned(path)
    shown = [picture for _, picture in decode_pictures(path, inspect_video(path, 25))]
    assert shown[0].shape == pictures[0].shape
    assert np.abs(shown[0].astype(float) - pictures[0]).mean() < 4


@pytest.mark.parametrize("aspect", [Fraction(4, 3), Fraction(3, 4), Fraction(9, 1)])
def test_pixels_that_are_no_squares(tmp_path: Path, aspect: Fraction) -> None:
    flat = np.full((48, 48, 3), 90, np.uint8)
    path = write_video(tmp_path / "wide.mkv", [flat] * 5, aspect=aspect)
    _, picture = next(decode_pictures(path, inspect_video(path, 25)))
    size = {Fraction(4, 3): (48, 64, 3), Fraction(3, 4): (64, 48, 3)}  # nobody films nine times as wide
    assert picture.shape == size.get(aspect, (48, 48, 3))


def test_a_header_that_gives_its_clock_for_a_rate(tmp_path: Path) -> None:
    """As browsers' recordings do: a thousand pictures a second."""
    flat = np.full((48, 48, 3), 90, np.uint8)
    path = write_video(tmp_path / "browser.mkv", [flat] * 12, fps=1000, times=range(0, 12 * 40, 40))
    assert inspect_video(path, 25).fps == pytest.approx(25)
    fast = write_video(tmp_path / "fast.mkv", [flat] * 12, fps=500)
    assert inspect_video(fast, 25).fps == pytest.approx(500, rel=0.05)


@grid
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_faces_that_lie_on_their_side(
    quarters: int, tmp_path: Path, pictures: list[np.ndarray], captured: Captured
) -> None:
    path = write_video(tmp_path / "lying.mp4", [np.rot90(picture, quarters) for picture in pictures])
    result = capture_clip(path)
    assert "does not stand upright" in result.warnings[0]
    assert np.abs(result.animation.landmarks - captured.animation.landmarks[:30]).mean() < 0.01
    assert (
        np.degrees(np.abs(result.animation.head_rotation - captured.animation.head_rotation[:30])).max() < 3
    )
    stills = draw_overlay(result.animation, path, tmp_path / "over.mp4", stills=1)
    assert stills[0].shape[0] > stills[0].shape[1]  # drawn upright


@grid
def test_a_variable_frame_rate(tmp_path: Path, pictures: list[np.ndarray], captured: Captured) -> None:
    times = np.arange(30) * 40
    times[[3, 7, 8, 15, 20]] += [12, 15, -16, 18, -14]
    result = capture_clip(write_video(tmp_path / "phone.mp4", pictures, times=times.tolist()))
    assert result.fps == 25 and "varies" in result.warnings[0] and len(result.animation) == 30
    assert np.abs(result.animation.landmarks - captured.animation.landmarks[:30]).mean() < 0.01


@grid
def test_a_folder_of_images_with_its_sound(
    tmp_path: Path, pictures: list[np.ndarray], captured: Captured
) -> None:
    for index, picture in enumerate(pictures):
        Image.fromarray(picture).save(tmp_path / f"{index:04d}.png")
    sound = decode_sound(CLIP)
    assert sound is not None
    (tmp_path / "voice.wav").write_bytes(wav_bytes(sound, 16000))
    result = capture_clip(tmp_path, image_fps=25)
    assert result.animation.source["visemes"] == "sound" and not result.warnings
    assert np.abs(result.animation.landmarks - captured.animation.landmarks[:30]).mean() < 0.005
    assert np.abs(result.animation.visemes[:25] - captured.animation.visemes[:25]).mean() < 0.1


@grid
def test_sound_stands_where_the_picture_does() -> None:
    sound = decode_sound(CLIP)
    assert sound is not None
    later = decode_sound(CLIP, 0.5)
    assert later is not None and np.array_equal(later, sound[8000:])
    whole = read_recording(CLIP).samples
    assert abs(len(whole) - len(sound)) < 3000


def test_no_face(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (12, 96, 96, 3), dtype=np.uint8)
    with pytest.raises(EngineError) as error:
        capture(write_video(tmp_path / "noise.mp4", noise))
    assert error.value.code == "no_face" and error.value.message.count("noise.mp4") == 1


@pytest.mark.parametrize("kind", ["missing", "text", "sound", "empty folder", "short"])
def test_bad_videos_are_told_in_one_sentence(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clip.mp4"
    if kind == "text":
        path.write_text("no video")
    elif kind == "sound":
        path = tmp_path / "clip.wav"
        path.write_bytes(wav_bytes(np.zeros(16000, np.float32), 16000))
    elif kind == "empty folder":
        path.mkdir()
    elif kind == "short":
        write_video(path, [np.zeros((64, 64, 3), np.uint8)] * 2)
    assert main(["capture", str(path), "-o", str(tmp_path / "out.npz"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["type"] == "error" and path.name in told["message"] and told["message"].count(".") <= 4
    assert not (tmp_path / "out.npz").exists()


@grid
def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    output, overlay = tmp_path / "out.npz", tmp_path / "over.mp4"
    arguments = ["capture", str(CLIP), "-o", str(output), "--overlay", str(overlay), "--measure", "--json"]
    assert main(arguments) == 0
    told = capfd.readouterr()
    report = json.loads(told.out)
    assert report["frames"] == 75 and report["fit"]["error"] < 1
    assert told.err == ""  # none of MediaPipe's own messages
    assert len(FaceAnimation.load(output)) == 75
    drawn = read_pictures(overlay)
    assert len(drawn) == 75 and drawn[0].shape == (576, 512, 3)
    green = (drawn[40][..., 1] > 180) & (drawn[40][..., 0] < 140) & (drawn[40][..., 2] < 180)
    assert green.sum() > 500


@grid
def test_the_measuring_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert measure_main([str(CLIP.parent), "--clips", "1"]) == 0
    assert CLIP.parent.glob("*.mp4") and "%" in capsys.readouterr().out.splitlines()[1]
    assert measure_main([str(tmp_path)]) == 1


@grid
def test_measure_sees_a_wrong_animation(captured: Captured) -> None:
    """The measure would notice: half a frame late, or turned by two degrees."""
    good = measure(captured, 1.0).error
    turned = replace(
        captured.animation, head_rotation=captured.animation.head_rotation + np.float32(np.radians([0, 0, 2]))
    )
    assert measure(replace(captured, animation=turned), 1.0).error > good + 1


@grid
@pytest.mark.parametrize("clip", [CLIP, BLINKER], ids=lambda clip: clip.stem)
def test_the_engines_own_tracker_gives_mediapipes_curves(clip: Path) -> None:
    alike = likeness(*(capture_clip(clip, tracker=name).animation for name in ("mediapipe", "numpy")))
    assert alike.opening > 0.99 and alike.width > 0.99 and alike.head > 0.98
    assert alike.blink > 0.98 or np.isnan(alike.blink)  # who never blinks has no curve to compare
    assert clip is CLIP or not np.isnan(alike.blink)
