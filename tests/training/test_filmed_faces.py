"""What the filmed faces of a training go through: sound moved to its picture, one spread, several views averaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is needed for training")

from made_clips import save_faces

from inference.face.landmarks import MIRROR, REFERENCE_FACE, mouth_opening, mouth_width, register
from inference.training.filmed_corpora.faces import POINTS, Example, filmed_faces, opening_of
from inference.training.filmed_corpora.sync import MOST_SECONDS, offset_of


def example(opened_before: float, first_phone: int = 60) -> Example:
    """Three seconds with a mouth that is open so far before the first phone (100 Hz) and works after it."""
    times = np.arange(75)
    opening = np.where(times < first_phone / 4, opened_before, 0.06 * (1 + np.sin(times)))
    displacement = np.zeros((75, 37, 3), np.float32)
    lower = [int(np.flatnonzero(point == POINTS)[0]) for point in (67, 66, 65)]
    displacement[:, lower, 1] = -opening[:, None]
    displacement[..., 0] = 0.02
    labels = np.r_[np.zeros(first_phone), np.full(240 - first_phone, 5), np.zeros(59)].astype(np.int8)
    spectrum = np.repeat(np.arange(299, dtype=np.float16)[:, None], 257, axis=1)
    return Example("clip", "s1", spectrum, displacement, labels)


@pytest.mark.parametrize("hundredths", [-17, -4, 0, 3, 21])
def test_a_mouth_filmed_late_is_found_late(hundredths: int) -> None:
    times = np.arange(150) / 50

    def opening(seconds: np.ndarray) -> np.ndarray:
        return np.sin(2 * np.pi * 1.3 * seconds) + 0.6 * np.sin(2 * np.pi * 3.1 * seconds + 1)

    filmed = opening(np.arange(75) / 25 - hundredths / 100)
    assert abs(offset_of(opening(times), filmed) - hundredths) <= 1
    noise = np.random.default_rng(0).normal(size=75)
    assert offset_of(opening(times), noise) == 0, "what fits nowhere is left alone"
    assert offset_of(np.zeros(150), filmed) == 0
    assert hundredths <= MOST_SECONDS * 100


def test_sound_and_labels_are_moved_together() -> None:
    clip = example(0.1)
    later, earlier = clip.delayed(7), clip.delayed(-7)
    assert np.array_equal(later.spectrum[7:], clip.spectrum[:-7]) and len(later.spectrum) == 299
    assert np.array_equal(later.labels[7:], clip.labels[:-7])
    assert np.array_equal(earlier.spectrum[:-7], clip.spectrum[7:])
    assert np.array_equal(later.displacement, clip.displacement)
    assert len(replace(clip, labels=np.zeros(0, np.int8)).delayed(7).labels) == 0


def test_filmed_faces_bring_speakers_to_one_spread_and_leave_one_out(
    filmed_corpus: tuple[Path, Path],
) -> None:
    corpus, labels = filmed_corpus
    filmed = filmed_faces(corpus, labels, 3.0)
    spread = {e.speaker: float(opening_of(e.displacement)[:, 1].std()) for e in filmed.examples}
    assert spread["s1"] == pytest.approx(spread["s4"], rel=1e-4)
    assert sorted(set(filmed.weights.tolist())) == [1.0, 3.0] and len(filmed.weights) == len(filmed.examples)
    assert all(len(e.labels) == len(example(0.03).labels) for e in (*filmed.examples, *filmed.validation))
    alone = filmed_faces(corpus, labels, 3.0, leave_out="s4")
    assert {e.speaker for e in alone.examples} == {"s1"} and len(alone.examples) == 8
    assert len(alone.validation) == 100 and len(alone.others) == 2
    assert len(filmed_faces(corpus, labels, 3.0, leave_out="s1").examples) == 10


@pytest.fixture
def filmed_corpus(tmp_path: Path) -> tuple[Path, Path]:
    """s1 and s4, whose mouths do not move alike, and their phone times."""
    corpus, labels = tmp_path / "corpus", tmp_path / "labels"
    labels.mkdir()
    for speaker, opened, count in (("s1", 0.03, 120), ("s4", 0.09, 2)):
        clip = example(opened)
        face = np.repeat(REFERENCE_FACE[None], 75, axis=0)
        face[:, POINTS] += clip.displacement * (0, 1, 1)
        noise = np.random.default_rng(0).normal(0, 0.1, 48000).astype(np.float32)
        names = [f"c{index:03d}" for index in range(count)]
        for name in names:
            save_faces(corpus / speaker / f"{name}.npz", face, noise)
        np.savez(
            labels / f"grid_{speaker}.npz", names=np.array(names),
            label_start=np.arange(count + 1) * len(clip.labels), labels=np.tile(clip.labels, count),
        )  # fmt: skip
    return corpus, labels


@pytest.fixture
def grid_clip(root: Path) -> Path:
    """A filmed clip that is never trained on."""
    stranger = root.parent / "shared" / "data" / "grid" / "s26"
    clips = sorted(stranger.glob("*.mp4"))
    if not clips:
        pytest.skip(f"{stranger} is not there")
    return clips[0]


def test_views_of_a_filmed_face_agree_and_calm_the_width(grid_clip: Path) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is needed to track faces")
    from inference.capture.tracker import track
    from inference.capture.video import decode_pictures, inspect_video
    from inference.detection.mesh_points import MESH_TO_IBUG
    from inference.training.filmed_corpora.views import averaged_points

    info = inspect_video(grid_clip, 25.0)
    pictures = [picture for _, picture in decode_pictures(grid_clip, info)][:30]
    height, width = pictures[0].shape[:2]
    once = track(enumerate(pictures)).points[:, MESH_TO_IBUG] + (width / 2, -height / 2, 0)
    several = averaged_points(pictures, once)
    face = np.ptp(once[..., 0], axis=1).mean()
    assert np.abs(several - once)[..., :2].mean() < 0.02 * face, "the same face in the same place"
    mirrored = averaged_points(
        [np.ascontiguousarray(picture[:, ::-1]) for picture in pictures], once[:, MIRROR] * (-1, 1, 1) + (width, 0, 0)
    )[:, MIRROR] * (-1, 1, 1) + (width, 0, 0)  # fmt: skip
    assert np.abs(several - mirrored).mean() < 0.01 * face
    known, other = register(several).landmarks, register(mirrored).landmarks
    assert np.corrcoef(mouth_opening(known), mouth_opening(other))[0, 1] > 0.99
    assert np.corrcoef(mouth_width(known), mouth_width(other))[0, 1] > 0.9
    dark = [np.zeros_like(picture) for picture in pictures[:2]]
    assert np.array_equal(averaged_points(dark, once[:2]), once[:2]), "no face in any view"


def test_a_folder_is_a_film_where_enough_of_its_images_are_of_one(tmp_path: Path) -> None:
    from inference.training.filmed_corpora.prepare import find_sources

    for folder, count in (("film", 5), ("no film", 3)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "voice.wav").touch()
        for number in range(count):
            for ending in ("png", "jpg"):
                (tmp_path / folder / f"a{number}.{ending}").touch()
    assert find_sources(tmp_path) == [tmp_path / "film"]
