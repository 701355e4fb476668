"""A track as it was filmed → meshes at a steady rate, without holes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.runs import runs_of
from .tracker import Track

FEWEST_PICTURES = 5

_COMMON_RATES = (24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48.0, 50.0, 60000 / 1001, 60.0)
_RATE_TOLERANCE, _ROUNDED = 0.004, 0.03
_LATE = 0.3  # of a frame: a picture that is farther from its place than this makes the rate a variable one
_FEW_MISSING = 0.2  # of those that are there: with more, nobody thinks of a steady rate
_SHORT_GAP_SECONDS = 0.5
_MOST_MISSING = 0.5
_TOLD_GAPS = 3
_JUMP = 0.05  # of a face's width, by which it moves farther than just before and after: a shaken head reaches 0.011
_ABRUPT = 2.0  # times as far as just before and after: a tracker takes a picture or two to settle


def steady_rate(times: NDArray[np.float64]) -> tuple[float, bool]:
    """Frames per second of pictures at these (T,) seconds, and whether all stand at their place of that rate."""
    usual = 1 / float(np.median(np.diff(times)))
    average = (len(times) - 1) / float(times[-1] - times[0])
    # Containers round their time stamps to milliseconds or worse: the whole clip tells more than one picture.
    fps = _usual_rate(average if abs(average / usual - 1) < _ROUNDED else usual)
    if np.abs((times - times[0]) * fps - np.arange(len(times))).max() < _LATE:
        return fps, True
    with_holes = _usual_rate(usual)
    return (with_holes if _missing(times, with_holes) else fps), False


def _usual_rate(fps: float) -> float:
    """The rate that cameras have, where one is so near that it must be meant."""
    nearest = min(_COMMON_RATES, key=lambda rate: abs(rate - fps))
    return nearest if abs(nearest / fps - 1) < _RATE_TOLERANCE else fps


def _missing(times: NDArray[np.float64], fps: float) -> int:
    """How many pictures are missing between those of a steady rate; 0 where they do not stand at its places."""
    places = (times - times[0]) * fps
    if np.abs(places - np.rint(places)).max() >= _LATE:
        return 0
    return int(np.rint(places[-1])) + 1 - len(times)


def fill_gaps(track: Track, video: Path, warnings: list[str]) -> NDArray[np.float64]:
    """(T, 478, 3) meshes, straight from neighbour to neighbour where no face was found; tells where that was.

    Raises:
        EngineError: no face (code ``no_face``), or one in too little of the clip (``face_lost``).
    """
    tracked = track.tracked
    if not tracked.any():
        raise EngineError(
            f"No face was found in {video}: choose a video in which one face is seen from the front, at least 5 % of the "
            "picture wide.",
            "no_face",
        )
    if tracked.mean() < 1 - _MOST_MISSING:
        raise EngineError(
            f"A face is seen in only {tracked.mean():.0%} of {video}: cut the video to the part that shows the face.",
            "face_lost",
        )
    if tracked.all():
        return track.points
    spans = [
        (track.times[first], track.times[min(last, len(tracked) - 1)]) for first, last in runs_of(~tracked)
    ]
    told = ", ".join(f"{start:.2f}-{end:.2f} s" for start, end in spans[:_TOLD_GAPS])
    more = _more(len(spans) - _TOLD_GAPS)
    longest = max(end - start for start, end in spans)
    what = "was filled in" if longest <= _SHORT_GAP_SECONDS else "was filled in and should be looked at"
    warnings.append(f"The face was lost at {told}{more}: the motion there {what}.")
    return _interpolate(track.points[tracked], track.times[tracked], track.times)


def _more(times: int) -> str:
    """How often something is beyond what was told, to go on with behind it."""
    return "" if times < 1 else " and once more" if times == 1 else f" and {times} more times"


def tell_cuts(track: Track, video: Path, warnings: list[str]) -> None:
    """Tell where the face jumps from one picture to the next as no head does: another shot, perhaps of somebody else."""
    points = track.points[..., :2]
    if len(points) < FEWEST_PICTURES or not track.tracked.any():
        return
    width = float(np.median(np.ptp(points[track.tracked][..., 0], axis=1)))
    moved = np.median(np.linalg.norm(np.diff(points, axis=0), axis=-1), axis=-1) / max(width, 1.0)
    steps = np.diff(track.times)
    moved /= np.maximum(
        steps / max(float(np.median(steps)), 1e-6), 1.0
    )  # in a time without pictures a head goes on
    moved = np.pad(moved, 1, constant_values=np.nan)  # what is not known is no jump
    around = np.maximum(moved[:-2], moved[2:])
    jumps = np.flatnonzero((moved[1:-1] > around + _JUMP) & (moved[1:-1] > _ABRUPT * around))
    if not len(jumps):
        return
    told = ", ".join(f"{track.times[after]:.2f}" for after in jumps[:_TOLD_GAPS] + 1)
    more = f" s{_more(len(jumps) - _TOLD_GAPS)}"
    warnings.append(
        f"The face in {video.name} jumps at {told}{more}, as where a film is cut: capture each shot by itself, as the face at "
        "rest is one for all of them."
    )


def at_steady_rate(
    points: NDArray[np.float64], times: NDArray[np.float64], warnings: list[str]
) -> tuple[NDArray[np.float64], float]:
    """Meshes (T, 478, 3) at steady times from zero on, and their frames per second.

    Raises:
        ValueError: fewer than `FEWEST_PICTURES`.
    """
    forward = np.concatenate([[True], times[1:] > np.maximum.accumulate(times)[:-1]])
    points, times = points[forward], times[forward] - times[0]
    if len(times) < FEWEST_PICTURES:
        raise ValueError(f"only {len(times)} pictures")
    fps, regular = steady_rate(times)
    if regular:
        return points, fps
    missing = _missing(times, fps)
    if 0 < missing <= _FEW_MISSING * len(times):
        first = times[np.argmax(np.diff(times))]
        lacks = "a picture" if missing == 1 else f"{missing} pictures, the most of them"
        warnings.append(f"The video lacks {lacks} after {first:.2f} s: the motion there was filled in.")
    else:
        warnings.append(f"The video's frame rate varies: the motion was put on {fps:.4g} frames per second.")
    wanted = np.arange(int(np.floor(times[-1] * fps + 1e-6)) + 1) / fps
    return _interpolate(points, times, wanted), fps


def _interpolate(
    points: NDArray[np.float64], times: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linear between neighbours, constant beyond the ends."""
    if len(times) == 1:
        return np.repeat(points, len(wanted), axis=0)
    after = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
    part = np.clip((wanted - times[after - 1]) / (times[after] - times[after - 1]), 0, 1)[:, None, None]
    return np.asarray(points[after - 1] * (1 - part) + points[after] * part)
