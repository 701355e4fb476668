"""How well captured animations fit their videos, and how fast they are made.

Run as ``python -m inference.capture.measure VIDEO_OR_FOLDER… [--clips N] [--tracker NAME]``. The landmarks of the *finished*
animation (filtered, split into head and face, as written to the file) are projected back and compared with what the tracker
saw; or, with ``--beside NAME``, its curves with those that another tracker gives.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.animation import FaceAnimation
from ..face.landmarks import INNER_LIP, OUTER_LIP
from .clip import Captured, capture_clip
from .finders import AUTO, MODELS
from .neutral import REST_GAP, lip_gap
from .overlay import projected
from .video import VIDEO_SUFFIXES


@dataclass(frozen=True)
class Fit:
    """Figures of one clip.

    Attributes:
        error: mean distance of the projected landmarks from the tracker's, in per cent of the outer eye-corner distance.
        worst: the 99th percentile of the same.
        closures: frames in which the tracker's inner lips touch, and those of them in which the animation's do.
        jitter: tremor of landmarks and head that is left, as a share of the tracker's, in the stillest half second.
        opening_lost: mean share of the mouth's opening that is missing where it is widest.
        speed: pictures per second, decoding included.
    """

    error: float
    worst: float
    closures: tuple[int, int]
    jitter: float
    opening_lost: float
    speed: float


def measure(captured: Captured, seconds: float) -> Fit:
    """Figures of one capture that took so many seconds, at the video's own rate."""
    animation, points = captured.animation, captured.points
    if animation.fps != captured.fps:
        animation = animation.resampled(captured.fps, len(points))
    error = np.linalg.norm(projected(animation) - points, axis=-1)
    unit = np.linalg.norm(points[:, 45] - points[:, 36], axis=-1).mean()
    before, after = lip_gap(captured.raw_landmarks), lip_gap(animation.landmarks)
    touching = before < REST_GAP
    peaks = 1 + np.flatnonzero(
        (before[1:-1] > before[:-2]) & (before[1:-1] >= before[2:]) & (before[1:-1] > 4 * REST_GAP)
    )
    return Fit(
        error=float(100 * error.mean() / unit),
        worst=float(100 * np.percentile(error, 99) / unit),
        closures=(int(touching.sum()), int((touching & (after < REST_GAP)).sum())),
        jitter=_tremor_left(captured.points, projected(animation), animation.fps),
        opening_lost=float(np.mean(1 - after[peaks] / before[peaks])) if len(peaks) else 0.0,
        speed=len(points) / seconds,
    )


@dataclass(frozen=True)
class Likeness:
    """How alike two captures of one clip are: correlations over its frames, NaN where one of them never moves.

    Attributes:
        opening, width: of the lips.
        blink: of the lids, both eyes together.
        head: the least of the three angles'.
    """

    opening: float
    width: float
    blink: float
    head: float


def likeness(first: FaceAnimation, second: FaceAnimation) -> Likeness:
    """Compare two captures of the same clip."""

    def lips(animation: FaceAnimation) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        upper, lower = animation.landmarks[:, INNER_LIP[2]], animation.landmarks[:, INNER_LIP[6]]
        left, right = animation.landmarks[:, OUTER_LIP[0]], animation.landmarks[:, OUTER_LIP[6]]
        return upper[:, 1] - lower[:, 1], np.asarray(np.linalg.norm(right - left, axis=1))

    (opening, width), (opening_again, width_again) = lips(first), lips(second)
    return Likeness(
        _correlation(opening, opening_again),
        _correlation(width, width_again),
        _correlation(first.blink.ravel(), second.blink.ravel()),
        min(_correlation(*pair) for pair in zip(first.head_rotation.T, second.head_rotation.T, strict=True)),
    )


def _correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    if first.std() < 1e-9 or second.std() < 1e-9:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _tremor_left(before: NDArray[np.float64], after: NDArray[np.float64], fps: float) -> float:
    """Root mean square of the second differences, after by before, in the stillest half second of (T, 68, 2) tracks."""
    bends = [np.square(np.diff(track, 2, axis=0)).mean(axis=(1, 2)) for track in (before, after)]
    length = min(max(3, round(fps / 2)), len(bends[0]))
    mean = [np.convolve(bend, np.full(length, 1 / length), "valid") for bend in bends]
    stillest = int(mean[0].argmin())
    return float(np.sqrt(mean[1][stillest] / max(mean[0][stillest], 1e-12)))


def videos_below(paths: Sequence[Path]) -> list[Path]:
    """Video files that are named, or lie at any depth below a named folder, sorted."""
    videos: list[Path] = []
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        videos.extend(path for path in inside if path.suffix.lower() in VIDEO_SUFFIXES)
    return sorted(videos)


def report_line(name: str, fit: Fit) -> str:
    """One row of the table."""
    return (
        f"{name:<16} {fit.error:6.2f} %   {fit.worst:6.2f} %   {fit.closures[1]:4d} of {fit.closures[0]:<4d}"
        f"   {fit.jitter:6.0%}   {fit.opening_lost:6.1%}   {fit.speed:6.0f}"
    )


HEADING = f"{'clip':<16} {'error':>8}   {'worst 1%':>8}   {'lips shut':>11}   {'tremor':>6}   {'opening':>6}   {'fps':>6}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="inference.capture.measure", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("videos", type=Path, nargs="+", help="videos, or folders of them")
    parser.add_argument("--clips", type=int, default=0, help="so many at most, evenly spread (default: all)")
    parser.add_argument("--tracker", choices=(AUTO, *MODELS), default=AUTO, help="what finds the face")
    parser.add_argument(
        "--beside", choices=tuple(MODELS), help="compare the curves with those of this tracker instead"
    )
    options = parser.parse_args(arguments)
    clips = videos_below(options.videos)
    if not clips:
        print("No video was found there.")
        return 1
    if options.clips:
        chosen = np.unique(np.linspace(0, len(clips) - 1, min(options.clips, len(clips))).round().astype(int))
        clips = [clips[index] for index in chosen]
    if options.beside:
        return _compare(clips, options.tracker, options.beside)
    return _fit_all(clips, options.tracker)


def _captured(clip: Path, tracker: str) -> Captured | None:
    """A clip's capture; None, and a line that says why, where there is none."""
    try:
        return capture_clip(clip, tracker=tracker)
    except EngineError as error:
        print(f"{clip.stem:<16} {error.message}")
        return None


def _fit_all(clips: Sequence[Path], tracker: str) -> int:
    print(HEADING)
    fits: list[Fit] = []
    for clip in clips:
        started = time.perf_counter()
        captured = _captured(clip, tracker)
        if captured is None:
            continue
        fits.append(measure(captured, time.perf_counter() - started))
        print(report_line(clip.stem, fits[-1]), flush=True)
    if len(fits) > 1:
        means = [
            float(np.mean([getattr(fit, name) for fit in fits]))
            for name in ("error", "worst", "jitter", "opening_lost", "speed")
        ]
        shut = (sum(fit.closures[0] for fit in fits), sum(fit.closures[1] for fit in fits))
        print(report_line("mean", Fit(means[0], means[1], shut, *means[2:])))
    return 0 if fits else 1


def _compare(clips: Sequence[Path], tracker: str, other: str) -> int:
    names = ("opening", "width", "blink", "head")
    print(f"{'clip':<16}" + "".join(f"{name:>10}" for name in names))
    rows: list[list[float]] = []
    for clip in clips:
        both = [_captured(clip, name) for name in (tracker, other)]
        if both[0] is None or both[1] is None:
            continue
        alike = likeness(both[0].animation, both[1].animation)
        rows.append([getattr(alike, name) for name in names])
        print(f"{clip.stem:<16}" + "".join(f"{value:10.4f}" for value in rows[-1]), flush=True)
    for title, summary in (("least", np.nanmin), ("median", np.nanmedian)):
        if len(rows) > 1:
            print(f"{title:<16}" + "".join(f"{summary(column):10.4f}" for column in np.array(rows).T))
    return 0 if rows else 1


if __name__ == "__main__":
    raise SystemExit(main())
