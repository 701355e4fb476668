"""A training corpus: one ``.npz`` (no pickles) per clip, and the splits that figures are quoted on.

Layout of a corpus folder: ``<speaker>/<clip>.npz`` and ``report.json``. Keys of a clip: ``points`` (T, 68, 3) float32,
pixels of the picture with y and z negated (x right, y up, z to the viewer); ``iris`` (T, 10, 3) float32, same; ``tracked``
(T,) bool, False where the frame was filled in from its neighbours; ``fps`` float64; ``audio`` (N,) int16 at 16 kHz, first
sample at the instant of frame 0; ``landmarks``, ``head_rotation``, ``head_translation`` as
:func:`inference.face.landmarks.register` gives them; ``blink`` (T, 2); ``gaze`` (T, 2); ``source`` text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.capture.eyes import blink_weight
from inference.errors import EngineError
from inference.face.landmarks import register
from inference.training.whole_files import opened_arrays, save_arrays

SAMPLE_RATE = 16000
_MOST_FPS: Final = 1000.0


@dataclass(frozen=True)
class Clip:
    """One clip of a corpus; see the module's docstring for the fields."""

    name: str
    speaker: str
    fps: float
    audio: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    head_rotation: NDArray[np.float32]
    head_translation: NDArray[np.float32]
    blink: NDArray[np.float32]
    gaze: NDArray[np.float32]
    tracked: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.landmarks)


def gaze_angles(points: NDArray[np.float32], iris: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 2) radians yaw (to the picture's right), pitch (up), from the irises' place between the eye corners; a guess
    with the eyeball's radius as half of the eye's width, good for statistics and not for measuring."""
    angles = []
    for corners, centre in (((36, 39), 0), ((42, 45), 5)):
        first, second = points[:, corners[0], :2], points[:, corners[1], :2]
        axis = second - first
        width = np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-6)
        axis = axis / width
        offset = (iris[:, centre, :2] - 0.5 * (first + second)) / (0.5 * width)
        along = (offset * axis).sum(axis=1)
        across = offset[:, 1] * axis[:, 0] - offset[:, 0] * axis[:, 1]
        angles.append(np.stack([along, across], axis=1))
    return np.arcsin(np.clip(np.mean(angles, axis=0), -0.9, 0.9)).astype(np.float32)


def save_clip(
    path: Path,
    points: NDArray[np.float32],
    iris: NDArray[np.float32],
    tracked: NDArray[np.bool_],
    fps: float,
    audio: NDArray[np.float32],
    source: str,
) -> None:
    """Registers a clip and writes it, complete or not at all."""
    face = register(points)
    save_arrays(
        path,
        points=points.astype(np.float32),
        iris=iris.astype(np.float32),
        tracked=tracked,
        fps=np.float64(fps),
        audio=np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16),
        landmarks=face.landmarks,
        head_rotation=face.head_rotation,
        head_translation=face.head_translation,
        blink=blink_weight(face.landmarks),
        gaze=gaze_angles(points, iris),
        source=np.array(source),
    )


def load_clip(path: Path) -> Clip:
    """Reads one clip; registration is done again from the points, so a corpus outlives a change of the reference.

    Raises:
        EngineError: it is no clip or is damaged, or is shorter than a second, which figures need (code ``bad_corpus``).
    """
    with opened_arrays(path) as data:
        fps, points = float(data["fps"]), data["points"]
        if not (1.0 <= fps <= _MOST_FPS and np.isfinite(points).all()):
            raise ValueError(fps)
        if len(points) < round(fps):
            raise EngineError(
                f"{path} is shorter than a second ({len(points)} frames): take it out.", "bad_corpus"
            )
        face = register(points)
        return Clip(
            name=path.stem,
            speaker=path.parent.name,
            fps=fps,
            audio=data["audio"].astype(np.float32) / 32768.0,
            landmarks=face.landmarks,
            head_rotation=face.head_rotation,
            head_translation=face.head_translation,
            blink=blink_weight(face.landmarks),
            gaze=data["gaze"],
            tracked=data["tracked"],
        )


def clip_paths(corpus: Path, speaker: str | None = None) -> list[Path]:
    """All clips of a corpus (of one speaker), sorted by speaker and name."""
    return sorted((corpus / speaker).glob("*.npz") if speaker else corpus.glob("*/*.npz"))


def all_names(corpus: Path, speaker: str) -> list[str]:
    """Names of all of a speaker's source clips, skipped ones too, sorted: what the splits count through."""
    report = corpus / "report.json"
    names = {path.stem for path in clip_paths(corpus, speaker)}
    if report.is_file():
        skipped = json.loads(report.read_text(encoding="utf-8"))["skipped"]
        names |= {Path(entry["clip"]).name for entry in skipped if entry["clip"].split("/")[0] == speaker}
    return sorted(names)


_LEARNT: dict[str, Callable[[int], bool]] = {
    "s1": lambda index: index % 10 != 9,
    "s4": lambda index: index < 25,
}
"""Speakers of whom some clips are learnt from and the others held out → whether a clip is one of the first."""
VALIDATED: Final = 100
"""Clips of s1 that validate."""


def is_divided(speaker: str) -> bool:
    """Whether some of a speaker's clips are learnt from and the others held out: so it is of s1 and s4."""
    return speaker in _LEARNT


def learnt(speaker: str, index: int) -> bool:
    """Whether a clip may be learnt from, in the project's split.

    Of s1 every tenth clip is held out, of s4 all after the first 25, and every other speaker whole.

    Args:
        speaker: name of the folder, ``s1`` and the like.
        index: from 0 on, of the clip among all of the speaker's, sorted by name.
    """
    return is_divided(speaker) and _LEARNT[speaker](index)


def spread(data: Path, speaker: str, clips: Sequence[Path], most: int) -> list[Path]:
    """At most so many of a speaker's films, evenly spread; in the large version where there is one.

    Args:
        data: folder with ``grid/<speaker>/*.mp4``, and ``grid_hq`` where there is a finer version.
        speaker: name of the folder.
        clips: films to choose from; [] gives [].
        most: from 1 on.
    """
    if not clips:
        return []
    chosen = [clips[place] for place in np.unique(np.linspace(0, len(clips) - 1, most).astype(int))]
    large = [data / "grid_hq" / speaker / clip.name for clip in chosen]
    return [fine if fine.is_file() else clip for fine, clip in zip(large, chosen)]


def split(corpus: Path, speaker: str) -> dict[str, list[Path]]:
    """The project's split of one speaker into ``train`` and ``test`` (and ``validation``, the end of ``train``).

    See `learnt`; of s1 the last `VALIDATED` learnt ones validate. Counted over the source's names, skipped clips included.
    """
    names = all_names(corpus, speaker)
    train = [name for index, name in enumerate(names) if learnt(speaker, index)]
    validation = train[-VALIDATED:] if speaker == "s1" else []
    groups = {
        "train": [name for name in train if name not in set(validation)],
        "validation": validation,
        "test": sorted(set(names) - set(train)),
    }
    paths = {key: [corpus / speaker / f"{name}.npz" for name in group] for key, group in groups.items()}
    return {key: [path for path in group if path.is_file()] for key, group in paths.items()}
