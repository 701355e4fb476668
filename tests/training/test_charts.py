"""The pictures are written and show something; the mouths in them are those of the phones."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from inference.face.landmarks import NEUTRAL_FACE, mouth_opening, mouth_width
from inference.hearing.backends import load_backend
from inference.motion.lips.content import PHONES, ContentMotion
from inference.training.evaluation import charts
from inference.training.evaluation.charts import (
    EXAMPLES,
    MOUTH_CLASSES,
    MedianClip,
    draw_curves,
    draw_phones,
    phone_mouths,
)
from inference.training.filmed_corpora.corpus import Clip

FEW = (
    "Bob may buy a pumpkin pie.", "Many people prefer simple problems.", "Pam put the empty cup back.",
    "My father calls the cat.", "Who knew that the new shoes were blue?",
)  # fmt: skip


@pytest.fixture(scope="module")
def mouths() -> dict[str, np.ndarray]:
    """The mouths of a few sentences by one voice."""
    pytest.importorskip("av", reason="the training room needs PyAV")
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    return phone_mouths(load_backend("numpy"), ("slt",), FEW)


def median() -> MedianClip:
    """A second of a mouth that opens twice, without and with what is said."""
    times = np.arange(25) / 25
    opening = 0.1 * np.sin(2 * np.pi * times) ** 2
    landmarks = np.repeat(NEUTRAL_FACE[None], 25, axis=0)
    landmarks[:, 65:68, 1] -= opening[:, None].astype(np.float32)
    sound = np.sin(np.arange(16000) * 0.1).astype(np.float32) * 0.1
    empty = np.zeros((25, 3), np.float32)
    clip = Clip(
        "a", "s9", 25.0, sound, landmarks, empty, empty, empty[:, :2], empty[:, :2], np.ones(25, bool)
    )
    words, phones = [("bob", 0.2, 0.6)], [("B", 0.2, 0.3), ("AA", 0.3, 0.5), ("B", 0.5, 0.6)]
    return MedianClip(clip, 0.8 * opening, 0.5 + 0.1 * opening, 0.9, 0.8, 3, 0, words, phones)


def painted(path: Path) -> float:
    """Share of a picture that is not its commonest colour."""
    image = pytest.importorskip("PIL.Image")
    pixels = np.asarray(image.open(path).convert("L"))
    assert pixels.shape[1] >= 1000
    return 1 - np.bincount(pixels.ravel()).max() / pixels.size


def test_every_phone_has_one_place_and_an_example() -> None:
    placed = [phone for phones in MOUTH_CLASSES.values() for phone in phones]
    assert sorted(placed) == sorted(PHONES[1:]) and len(placed) == 39
    assert set(EXAMPLES) == set(placed)


def test_the_sentences_say_every_phone() -> None:
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    from inference.training.filmed_corpora.labelled import phone_index
    from inference.training.synthetic_speech.synthesis import speak

    said = {
        PHONES[phone_index(name)] for text in charts.PHONE_SENTENCES for name, _, _ in speak(text, "slt")[1]
    }
    assert said >= set(PHONES[1:])


def test_a_mouth_is_that_of_the_middle_third_of_its_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    phones = [("pau", 0.0, 0.3), ("p", 0.3, 0.6), ("ax", 0.6, 0.9), ("p", 0.9, 1.2), ("ay", 1.2, 1.5)]
    times = np.arange(76) / 50
    shut = (np.abs(times - 0.45) < 0.06) | (
        np.abs(times - 1.05) < 0.06
    )  # open until, and from, its outer thirds
    displacement = np.zeros((76, 68, 3), np.float32)
    displacement[~shut, 65:68, 1] = -0.1
    displacement[times > 1.2, 65:68, 1] = -0.2
    monkeypatch.setattr(charts, "speak", lambda text, voice: (np.zeros(24000, np.float32), phones))
    motion = ContentMotion(50.0, displacement, NEUTRAL_FACE, np.zeros((76, 40)), np.zeros(76))
    monkeypatch.setattr(charts, "content_motion", lambda samples, backend: motion)
    found = phone_mouths(load_backend("numpy"), ("slt", "rms"), ("one", "two"))
    assert {phone: round(float(mouth_opening(face)), 4) for phone, face in found.items()} == {
        "P": 0,
        "AH": 0.1,
        "AY": 0.2,
    }


def test_lips_are_shut_at_p_b_m_and_open_at_open_vowels(mouths: dict[str, np.ndarray]) -> None:
    opening = {phone: float(mouth_opening(face)) for phone, face in mouths.items()}
    vowels = [opening[phone] for phone in ("AA", "AE", "AY")]
    shut = [opening[phone] for phone in MOUTH_CLASSES["bilabial"]]
    assert min(vowels) > 0.07
    assert np.mean(shut) < 0.25 * np.mean(vowels) and max(shut) < 0.5 * min(vowels), opening
    assert all(mouths[phone].shape == (68, 3) for phone in mouths) and "SIL" not in mouths


def test_lips_are_narrower_at_rounded_vowels(mouths: dict[str, np.ndarray]) -> None:
    assert mouth_width(mouths["UW"]) < mouth_width(mouths["AE"])


def test_pictures_are_written_small_and_not_blank(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the pictures are drawn by matplotlib")
    draw_curves([median()], tmp_path / "curves.png")
    faces = {phone: NEUTRAL_FACE.astype(np.float64) for phone in PHONES[1:30]}  # some are missing
    draw_phones(faces, tmp_path / "phones.png")
    for name in ("curves.png", "phones.png"):
        assert (tmp_path / name).stat().st_size < 250_000
        assert painted(tmp_path / name) > 0.03


def test_clips_of_the_corpus_are_medians_and_the_charts_are_drawn(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib", reason="the pictures are drawn by matplotlib")
    pytest.importorskip("av", reason="the training room needs PyAV")
    from inference.training.evaluation.evaluate import held_out

    corpus = root / ".corpora" / "grid"
    if not (corpus / "s26").is_dir():
        pytest.skip(f"GRID is not prepared in {corpus}")
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    backend, chosen = load_backend("numpy"), held_out(corpus, ["s26"], 3)
    each = [charts.median_clip([path], backend).opening_r for path in chosen["s26"]]
    alignments = root.parent / "shared" / "data" / "grid" / "alignments"
    clip = charts.median_clip(chosen["s26"], backend, alignments)
    assert clip.opening_r == pytest.approx(float(np.median(each))) and (clip.of, clip.trained) == (3, 0)
    if alignments.is_dir():
        assert len(clip.words) == 6 and all(0 <= start < end <= 3.01 for _, start, end in clip.words)
    lines: list[str] = []
    monkeypatch.setattr(charts, "phone_mouths", lambda backend: {"AA": NEUTRAL_FACE})
    paths = charts.draw_charts(tmp_path / "images", chosen, backend, report=lines.append)
    assert [path.name for path in paths] == ["curves.png", "phones.png"]
    assert all(painted(path) > 0.03 for path in paths) and len(lines) == 2
