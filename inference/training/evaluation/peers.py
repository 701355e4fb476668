"""Other systems' lips, read from the files that they write, so that they are measured by the same code as ours.

========================================  ==========================================================  ====================
file                                      what it is                                                  landmarks
========================================  ==========================================================  ====================
``.json`` with ``mouthCues``, ``.tsv``    Rhubarb's mouth cues A-H, X                                 no
``.csv``, ``.tsv``, ``.json`` of ARKit    ``Timecode,BlendShapeCount,EyeBlinkLeft,…`` as Live Link    through our basis
names                                     Face writes it, or ``time,jawOpen,…``
the same of Oculus' viseme names          ``time,sil,PP,…``, a weight each                            no
``.npz``                                  our own ``FaceAnimation``                                   yes
========================================  ==========================================================  ====================

A table's columns may come in any order and case, unknown ones are passed over. A ``.json`` table is a list of objects, one a
frame, or an object of equally long lists; either may stand under ``frames``. A table without times needs a rate.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import NEUTRAL_FACE, mouth_opening, mouth_width
from inference.face.names import ARKIT_NAMES, VISEMES
from inference.face.retargeting.arkit import landmark_displacement
from inference.motion.lips.content import ContentMotion
from inference.training.evaluation.metrics import sampled

SUFFIXES = (".npz", ".csv", ".json", ".tsv")
"""What a peer's file may end in."""

WIDE_OPEN = 0.15
"""Opening of a wide-open mouth in speech, outer eye-corner distances: 99th percentile of tracked GRID speakers s1 and s4."""

CUE_MOUTHS: dict[str, tuple[float, float]] = {
    "A": (0.00, 0.00), "B": (0.20, 0.03), "C": (0.55, 0.01), "D": (1.00, 0.00), "E": (0.45, -0.04),
    "F": (0.25, -0.08), "G": (0.12, 0.00), "H": (0.70, 0.01), "X": (0.00, 0.00),
}  # fmt: skip
"""Mouth cue → (opening as a share of :data:`WIDE_OPEN`, width less the width at rest in outer eye-corner distances).

This project's reading of https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes: A and X shut; B slightly open, teeth
clenched; C open; D wide open; E slightly rounded, not wider open than C; F puckered; G teeth on the lower lip; H at least as
far open as C, not quite as D. Correlations hang on the order and spacing of the numbers, not on their scale.
"""

VISEME_MOUTHS: dict[str, tuple[float, float]] = {
    "sil": (0.00, 0.00), "PP": (0.00, 0.00), "FF": (0.12, 0.00), "TH": (0.25, 0.01), "DD": (0.25, 0.01),
    "kk": (0.30, 0.01), "CH": (0.25, -0.05), "SS": (0.15, 0.03), "nn": (0.25, 0.01), "RR": (0.25, -0.03),
    "aa": (1.00, 0.00), "E": (0.60, 0.03), "I": (0.35, 0.05), "O": (0.60, -0.05), "U": (0.30, -0.08),
}  # fmt: skip
"""Viseme → the same as :data:`CUE_MOUTHS`; weights add up. This project's reading of the pictures at
https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference
"""

_CUE_STEP = 1e-4  # s: how fast a mouth cue gives way to the next
_TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class MouthTrack:
    """A mouth over time, linear between its instants and still outside them.

    Attributes:
        times: (N,) s from the recording's first sample, strictly increasing, N ≥ 1.
        displacement: (N, 68, 3) landmarks from the neutral face, unit outer eye-corner distance; None where the system
            does not tell so much.
        mouth: (N, 2) opening and width, same unit, where there is no displacement.
    """

    times: NDArray[np.float64]
    displacement: NDArray[Any] | None = None
    mouth: NDArray[np.float64] | None = None

    @classmethod
    def of_motion(cls, motion: ContentMotion) -> MouthTrack:
        """What our content network makes."""
        return cls(np.arange(len(motion.displacement)) / motion.fps, motion.displacement)

    def displacement_at(self, times: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """(T,) s → (T, 68, 3) or None."""
        return None if self.displacement is None else sampled(self.displacement, self.times, times)

    def mouth_at(self, times: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(T,) s → (T,) opening and (T,) width on the average face, outer eye-corner distances."""
        displacement = self.displacement_at(times)
        if displacement is not None:
            return mouth_opening(NEUTRAL_FACE + displacement), mouth_width(NEUTRAL_FACE + displacement)
        assert self.mouth is not None
        values = sampled(self.mouth, self.times, times)
        return values[:, 0], values[:, 1]

    def opening_at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """(T,) s → (T,) opening."""
        return self.mouth_at(times)[0]


@dataclass(frozen=True)
class Peer:
    """A system whose output lies in files.

    Attributes:
        name: what its rows are called.
        path: a folder with one file a clip, named ``<clip>.<ext>``, ``<speaker>/<clip>.<ext>`` or
            ``<speaker>_<clip>.<ext>``; or the one file, where one clip is measured.
        fps: frames per second of tables without times and of timecodes; None to take the timecodes' own.
    """

    name: str
    path: Path
    fps: float | None = None

    def find(self, speaker: str, clip: str, shared: bool = False) -> Path | None:
        """The file of a clip, or None.

        Args:
            speaker: the clip's.
            clip: its name.
            shared: whether another speaker has a clip of the same name, so that the name alone does not do.

        Raises:
            EngineError: where two files could be meant (code ``bad_peer``).
        """
        if self.path.is_file():
            return self.path
        plain = [self.path / clip]
        full = [self.path / speaker / clip, self.path / f"{speaker}_{clip}"]
        for stems in (full, plain):
            names = [stem.with_name(stem.name + suffix) for stem in stems for suffix in SUFFIXES]
            files = [path for path in names if path.is_file()]
            if len(files) > 1:
                raise _bad(files[0], f"and {files[1].name} are both there for one clip", "keep one of them")
            if files and shared and stems is plain:
                raise _bad(files[0], "could be of several speakers", f"name it {speaker}_{files[0].name}")
            if files:
                return files[0]
        return None

    def track(self, speaker: str, clip: str, shared: bool = False) -> MouthTrack | None:
        """The mouth that the peer made for a clip, None where it made none. Arguments and errors: see :meth:`find`."""
        path = self.find(speaker, clip, shared)
        return None if path is None else read_track(path, self.fps)


def peer_of(text: str, fps: float | None = None) -> Peer:
    """``NAME=PATH`` or ``PATH`` (called as its last part) → the peer.

    Raises:
        EngineError: where the path does not exist (code ``peer_missing``).
    """
    name, equals, place = text.partition("=")
    if not equals or Path(text).exists():
        name, place = Path(text).stem, text
    path = Path(place)
    if not path.exists() or not name:
        raise EngineError(
            f"{path} does not exist: give --against NAME=FOLDER with one file for each clip.", "peer_missing"
        )
    return Peer(name, path, fps)


def read_track(path: Path, fps: float | None = None) -> MouthTrack:
    """Reads any of the formats that the module's docstring lists.

    Args:
        path: the file.
        fps: frames per second of a table without times or of its timecodes.

    Raises:
        EngineError: where the file is missing, damaged or of no known format (codes ``bad_peer``, ``bad_animation``).
    """
    if path.suffix == ".npz":
        animation = FaceAnimation.load(path)
        if not len(animation):
            raise _bad(path, "has no frames", "generate it again")
        return MouthTrack(np.arange(len(animation)) / animation.fps, animation.landmarks - animation.neutral)
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".json":
            data = json.loads(text)
            if isinstance(data, dict) and "mouthCues" in data:
                return _cue_track([(cue["start"], cue["value"]) for cue in data["mouthCues"]], path)
            return _table_track(*_json_table(data, path), path, fps)
        rows = list(csv.reader(text.splitlines(), delimiter="\t" if path.suffix == ".tsv" else ","))
        rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
        if rows and len(rows[0]) == 2 and rows[0][1] in CUE_MOUTHS:
            return _cue_track([(start, shape) for start, shape in rows], path)
        return _table_track(rows[0] if rows else [], rows[1:], path, fps)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise _bad(path, f"cannot be read ({error})", "export it again") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _bad(path, f"is damaged ({error})", "export it again") from error


def _bad(path: Path, problem: str, remedy: str) -> EngineError:
    return EngineError(f"{path} {problem}: {remedy}.", "bad_peer")


def _cue_track(cues: list[tuple[Any, str]], path: Path) -> MouthTrack:
    """(start s, shape) in order → each shape held until the next begins."""
    starts = np.array([float(start) for start, _ in cues], np.float64)
    unknown = [shape for _, shape in cues if shape not in CUE_MOUTHS]
    if unknown:
        raise _bad(path, f"has a mouth cue {unknown[0]!r}", "only A-H and X are known")
    if not len(cues) or not np.isfinite(starts).all() or (np.diff(starts) < 0).any():
        raise _bad(path, "has no mouth cues or they are not in order", "export it again")
    last = np.r_[np.diff(starts) > _CUE_STEP, True]  # of cues at one instant, the last holds
    starts = starts[last]
    mouths = _mouths(np.array([CUE_MOUTHS[shape] for _, shape in cues])[last])
    ends = np.r_[starts[1:] - _CUE_STEP / 2, starts[-1] + 1]
    return MouthTrack(np.stack([starts, ends], axis=1).ravel(), mouth=np.repeat(mouths, 2, axis=0))


def _mouths(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) as in the tables → (N, 2) opening and width in outer eye-corner distances."""
    return parts * (WIDE_OPEN, 1) + (0, float(mouth_width(NEUTRAL_FACE)))


def _json_table(data: Any, path: Path) -> tuple[list[str], list[list[Any]]]:
    """A table in JSON → (names, rows)."""
    if isinstance(data, dict) and "frames" in data:
        data = data["frames"]
    if isinstance(data, list) and data and all(isinstance(row, dict) for row in data):
        names = list(data[0])
        return names, [[row[name] for name in names] for row in data]
    if isinstance(data, dict):
        columns = {name: values for name, values in data.items() if isinstance(values, list)}
        if columns and len({len(values) for values in columns.values()}) == 1:
            return list(columns), [list(row) for row in zip(*columns.values())]
    raise _bad(
        path, "is no table", "a list of objects, one a frame, or an object of equally long lists is known"
    )


def _table_track(names: list[str], rows: list[list[Any]], path: Path, fps: float | None) -> MouthTrack:
    """A table with a name for each column → the mouth, by what the names are."""
    # Viseme shapes often carry a prefix (Ready Player Me), Live Link Face writes a capital first letter.
    keys = [name.strip().lower().removeprefix("viseme_") for name in names]
    arkit = [key for key in map(str.lower, ARKIT_NAMES) if key in keys]
    visemes = [key for key in map(str.lower, VISEMES) if key in keys]
    if "jawopen" not in arkit and not {"pp", "aa"} <= set(visemes):
        raise _bad(
            path,
            "has neither ARKit names (jawOpen), nor Oculus' viseme names (PP, aa), nor Rhubarb's mouth cues",
            "export it in one of these formats",
        )
    if "blendshapecount" in keys:  # 0 where Live Link Face saw no face
        count = keys.index("blendshapecount")
        rows = [row for row in rows if len(row) > count and float(row[count]) > 0]
    for number, row in enumerate(rows, 1):
        if len(row) != len(keys):
            raise _bad(path, f"has {len(row)} values in row {number}, not {len(keys)}", "export it again")
    if not rows:
        raise _bad(path, "has no frames", "export it again")
    times = _times(keys, rows, path, fps)
    wanted = [keys.index(key) for key in (arkit if "jawopen" in arkit else visemes)]
    weights = np.array([[float(row[column]) for column in wanted] for row in rows], np.float64)
    if not np.isfinite(weights).all():
        raise _bad(path, "has a value that is no finite number", "export it again")
    kept = np.r_[True, np.diff(times) > 0]  # two rows of one instant: the first
    times, weights = times[kept], weights[kept]
    if "jawopen" in arkit:
        every = np.zeros((len(weights), len(ARKIT_NAMES)))
        every[:, [i for i, name in enumerate(ARKIT_NAMES) if name.lower() in arkit]] = weights
        return MouthTrack(times, _lips_met(landmark_displacement(every)))
    table = np.array([mouth for name, mouth in VISEME_MOUTHS.items() if name.lower() in visemes])
    return MouthTrack(times, mouth=_mouths(weights @ table))


def _times(keys: list[str], rows: list[list[Any]], path: Path, fps: float | None) -> NDArray[np.float64]:
    """(N,) s of a table's rows, never falling."""
    if "time" in keys:
        column = keys.index("time")
        times = np.array([float(row[column]) for row in rows], np.float64)
    elif "timecode" in keys:
        times = _timecode_seconds([str(row[keys.index("timecode")]) for row in rows], path, fps)
    elif fps:
        times = np.arange(len(rows)) / fps
    else:
        raise _bad(path, "has no column time or Timecode", "give its frames per second with --fps")
    if not np.isfinite(times).all() or (np.diff(times) < 0).any():
        raise _bad(path, "has times that are not in order", "export it again")
    return times


def _timecode_seconds(codes: list[str], path: Path, fps: float | None) -> NDArray[np.float64]:
    """``hh:mm:ss:ff.fraction`` → (N,) s from the first. The rate is that at which the frame number starts again."""
    matches = [_TIMECODE.fullmatch(code) for code in codes]
    wrong = [code for code, match in zip(codes, matches) if match is None]
    if wrong:
        raise _bad(path, f"has the timecode {wrong[0]!r}", "hh:mm:ss:ff.fraction is known")
    parts = np.array([[float(part) for part in match.groups()] for match in matches if match], np.float64)
    seconds, frames = parts[:, :3] @ (3600, 60, 1), parts[:, 3]
    if not fps:
        steps, over = np.diff(frames), np.diff(seconds)
        within, across = steps[(over == 0) & (steps > 0)], -steps[over == 1]
        if not len(within) or not len(across):
            raise _bad(path, "is too short to tell its rate from the timecodes", "give it with --fps")
        fps = max(round(float(np.median(across) + np.median(within))), int(frames.max()) + 1)
    times = seconds + frames / fps
    return np.asarray(times - times[0])


def _lips_met(displacement: NDArray[Any]) -> NDArray[np.float64]:
    """Where blendshapes would push the lips through each other, they meet in the middle instead, as on a rigged face."""
    moved = np.array(displacement, np.float64)
    for upper, lower in ((61, 67), (62, 66), (63, 65)):
        gap = (NEUTRAL_FACE[upper, 1] + moved[:, upper, 1]) - (NEUTRAL_FACE[lower, 1] + moved[:, lower, 1])
        crossed = np.minimum(gap, 0) / 2
        moved[:, upper, 1] -= crossed
        moved[:, lower, 1] += crossed
    return moved
