"""Filmed faces to learn from: how the lips and jaw of each clip move from its shut mouth, with its sound and its phones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.landmarks import JAW, LIPS, mouth_opening
from inference.training.disturbances import augment
from inference.training.filmed_corpora.corpus import Clip, load_clip, split
from inference.training.whole_files import opened_arrays

POINTS = np.concatenate([JAW, LIPS])
"""What the content branch moves; the rest of the face is another branch's."""
PLACE = {int(point): index for index, point in enumerate(POINTS)}
"""Landmark → its place among :data:`POINTS`."""
FPS = 25
VIDEO_FRAMES = 75
AUDIO_FRAMES = 299
_PAUSE = 15  # hundredths of a second at a clip's end that sound like its room


@dataclass(frozen=True)
class Example:
    """One clip.

    Attributes:
        name, speaker: whose it is.
        spectrum: (N, 257) magnitudes at 100 Hz.
        displacement: (T, 37, 3) from the speaker's shut mouth at 25 fps.
        labels: (N',) phone indices at 100 Hz, −1 or nothing where they are not known.
    """

    name: str
    speaker: str
    spectrum: NDArray[np.float16]
    displacement: NDArray[np.float32]
    labels: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))

    def delayed(self, frames: int) -> Example:
        """The clip with its sound so many hundredths of a second later."""

        def later(values: NDArray[Any]) -> NDArray[Any]:
            return values[np.clip(np.arange(len(values)) - frames, 0, max(len(values) - 1, 0))]

        return replace(self, spectrum=later(self.spectrum), labels=later(self.labels))

    def spoken_at(self, speed: float) -> Example:
        """The clip so many times as fast, lips and all, in the same time: cut where it is slower, a pause behind it where faster.

        Labels stay as they are.
        """
        sound = np.arange(len(self.spectrum)) * speed
        beyond = np.maximum(sound - (len(self.spectrum) - 1), 0)
        rows = np.where(beyond > 0, len(self.spectrum) - 1 - beyond % _PAUSE, sound).astype(int)
        picture = np.minimum(np.arange(len(self.displacement)) * speed, len(self.displacement) - 1)
        first = picture.astype(int)
        share = (picture - first).astype(np.float32)[:, None, None]
        second = np.minimum(first + 1, len(self.displacement) - 1)
        motion = self.displacement[first] * (1 - share) + self.displacement[second] * share
        return replace(self, spectrum=self.spectrum[rows], displacement=motion)


@dataclass(frozen=True)
class Filmed:
    """The filmed faces of a training.

    Attributes:
        examples: what is trained on; every speaker's motion is scaled to the same spread of the mouth's opening, since how
            far a mouth works is manner, not content.
        weights: (N,) how often each is drawn.
        validation: s1's clips to validate on.
        others: s4's.
    """

    examples: list[Example]
    weights: NDArray[np.float64]
    validation: list[Example]
    others: list[Example]


def neutral_of(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """(68, 3) the clip's face with its mouth shut: median of the most closed frames, of those at its ends if they are."""
    opening = mouth_opening(landmarks)
    ends = np.r_[0 : min(6, len(opening)), max(len(opening) - 5, 0) : len(opening)]
    shut = ends[opening[ends] < np.percentile(opening, 30)]
    if len(shut) < 3:
        shut = np.argsort(opening)[: max(8, len(opening) // 6)]
    return np.asarray(np.median(landmarks[shut], axis=0), np.float32)


def example_of(clip: Clip) -> Example:
    """A clip as the decoder learns it, without labels."""
    displacement = (clip.landmarks - neutral_of(clip.landmarks))[:, POINTS]
    return Example(clip.name, clip.speaker, augment.magnitudes(clip.audio), displacement.astype(np.float32))


def load_examples(paths: list[Path]) -> list[Example]:
    """Clips of 25 fps that have sound for three seconds; others are left out, and how many is printed."""
    examples = _of_the_rate(paths)
    long = [
        e for e in examples if len(e.displacement) >= VIDEO_FRAMES and len(e.spectrum) >= AUDIO_FRAMES - 4
    ]
    if len(long) < len(examples):
        print(
            f"{len(examples) - len(long)} clips are left out: they have less than three seconds.", flush=True
        )
    return long


def _of_the_rate(paths: list[Path]) -> list[Example]:
    """The clips that were filmed at the rate of all that is learned; how many were not is printed."""
    clips = [clip for clip in map(load_clip, paths) if abs(clip.fps - FPS) < 0.01]
    if len(clips) < len(paths):
        print(
            f"{len(paths) - len(clips)} clips are left out: they were not filmed at {FPS} pictures a second.",
            flush=True,
        )
    return [example_of(clip) for clip in clips]


def opening_of(points: Any) -> Any:
    """(…, 37, 3) → (…, 3): height between the three inner lip pairs."""
    upper, lower = [PLACE[p] for p in (61, 62, 63)], [PLACE[p] for p in (67, 66, 65)]
    return points[..., upper, 1] - points[..., lower, 1]


def width_of(points: Any) -> Any:
    """(…, 37, 3) → (…, 2): distance of the outer and inner corners."""
    right, left = [PLACE[p] for p in (54, 64)], [PLACE[p] for p in (48, 60)]
    return points[..., right, 0] - points[..., left, 0]


def filmed_faces(corpus: Path, labels: Path, s4_weight: float, leave_out: str = "") -> Filmed:
    """Reads the training parts of a prepared GRID corpus.

    Args:
        corpus: see :mod:`inference.training.filmed_corpora.corpus`.
        labels: folder with ``grid_s1.npz`` and ``grid_s4.npz``, phone times of the clips.
        s4_weight: how often a clip of s4 is drawn against one of s1.
        leave_out: ``s4`` trains on s1 alone and validates on s4's training clips too, to choose settings by; ``s1`` leaves s1's
            validation clips out; empty trains on all of them.

    Raises:
        EngineError: there are none to train on (code ``no_clips``).
    """
    times = {key: value for speaker in ("s1", "s4") for key, value in _phone_times(labels, speaker).items()}
    first, fourth = split(corpus, "s1"), split(corpus, "s4")
    examples, validation, others = (
        [replace(e, labels=times.get((e.speaker, e.name), e.labels)) for e in load_examples(paths)]
        for paths in (first["train"], first["validation"], fourth["train"])
    )
    weights = [1.0] * len(examples)
    if leave_out != "s4":
        if not leave_out:
            examples, weights = examples + validation, weights + [1.0] * len(validation)
        examples, weights = examples + others, weights + [s4_weight] * len(others)
    if not examples:
        raise _nothing_filmed(corpus)
    spread = {
        speaker: float(
            np.mean([opening_of(e.displacement)[:, 1].std() for e in examples if e.speaker == speaker])
        )
        for speaker in {e.speaker for e in examples}
    }
    common = float(np.mean(list(spread.values())))
    scaled = [
        replace(e, displacement=e.displacement * np.float32(common / spread[e.speaker])) for e in examples
    ]
    return Filmed(scaled, np.array(weights, np.float64), validation, others)


def voted_faces(corpus: Path) -> list[Example]:
    """The clips that decoders with one vote a speaker are trained on: the training parts of s1 and s4, all of everybody else.

    Args:
        corpus: see :mod:`inference.training.filmed_corpora.corpus`; speakers are its folders.

    Raises:
        EngineError: there are none (code ``no_clips``).
    """
    speakers = sorted(folder.name for folder in corpus.iterdir() if folder.is_dir())
    paths = [path for speaker in speakers for path in voted_part(corpus, speaker)]
    examples = _of_the_rate(paths)
    if not examples:
        raise _nothing_filmed(corpus)
    return examples


def _nothing_filmed(corpus: Path) -> EngineError:
    """That a corpus has nothing to learn a face from (code ``no_clips``)."""
    return EngineError(
        f"{corpus} holds no clips to learn from, a folder for each speaker, filmed at {FPS} pictures a second: run "
        "`prepare video` first.",
        "no_clips",
    )


def voted_part(corpus: Path, speaker: str) -> list[Path]:
    """One speaker's clips in :func:`voted_faces`."""
    parts = split(corpus, speaker)
    return parts["train"] + parts["validation"] or parts["test"]


def _phone_times(labels: Path, speaker: str) -> dict[tuple[str, str], NDArray[np.int8]]:
    """(speaker, clip) → (N,) phone indices at 100 Hz."""
    with opened_arrays(labels / f"grid_{speaker}.npz") as data:
        starts, values = data["label_start"], data["labels"]
        return {
            (speaker, str(name)): values[starts[index] : starts[index + 1]]
            for index, name in enumerate(data["names"])
        }
