"""How good are the lips? One table, one JSON, each metric with its source.

Everything is measured on what the engine makes (:func:`inference.motion.content.content_motion`), post-processing included.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.backends import Backend
from inference.landmarks import LIPS, mouth_area, mouth_opening, mouth_width
from inference.motion.content import content_motion
from inference.training.corpus import Clip, load_clip, split
from inference.training.decoder import neutral_of

MAX_LAG = 6
"""Frames that a best lag is looked for on either side."""
CLOSURES = {"p", "b", "m"}


def at_times(values: NDArray[Any], fps: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T, …) values at ``fps`` read at ``times`` in seconds, linearly between frames."""
    place = np.clip(times * fps, 0, len(values) - 1)
    low = np.minimum(place.astype(int), max(len(values) - 2, 0))
    high = np.minimum(low + 1, len(values) - 1)
    share = (place - low).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(values[low] * (1 - share) + values[high] * share)


def correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Pearson's r; 0 where one of the two does not move."""
    if first.std() < 1e-9 or second.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def best_lag(guess: NDArray[Any], truth: NDArray[Any], fps: float) -> tuple[float, float]:
    """(r, lag in ms) at the lag within ±6 frames where r is highest; positive where the guess is late."""
    results = []
    for lag in range(-MAX_LAG, MAX_LAG + 1):
        moved = guess[max(lag, 0) : len(guess) + min(lag, 0)]
        still = truth[max(-lag, 0) : len(truth) + min(-lag, 0)]
        results.append((correlation(moved, still), lag / fps * 1000))
    return max(results)


def clip_figures(clip: Clip, backend: Backend) -> dict[str, float]:
    """Figures of one clip against its tracked landmarks.

    ``opening``/``width``: Pearson's r of |62-66| and |48-54| frame by frame at lag 0; ``…_best`` and ``…_lag`` (ms) at the best
    lag. ``d_ll``, ``d_vl``: mean distance of the lip landmarks and of their velocities, in percent of the mean lip width;
    ``d_a``: mean difference of the open-mouth area in percent of the largest area (Zhou et al. 2020, *MakeItTalk*, arXiv
    2004.12992, section 6), the prediction put on the clip's own neutral face, as there. ``gain``: spread of the predicted
    opening over that of the true one.
    """
    motion = content_motion(clip.audio, backend)
    times = np.arange(len(clip)) / clip.fps
    displacement = at_times(motion.displacement, motion.fps, times)
    average_face = motion.neutral + displacement
    opening, width = mouth_opening(average_face), mouth_width(average_face)
    true_opening, true_width = mouth_opening(clip.landmarks), mouth_width(clip.landmarks)
    own = neutral_of(clip.landmarks) + displacement
    lips, true_lips = own[:, LIPS], clip.landmarks[:, LIPS].astype(np.float64)
    lip_width = float(true_width.mean())
    area, true_area = mouth_area(own), mouth_area(clip.landmarks)
    opening_best, opening_lag = best_lag(opening, true_opening, clip.fps)
    width_best, width_lag = best_lag(width, true_width, clip.fps)
    return {
        "opening": correlation(opening, true_opening),
        "opening_best": opening_best,
        "opening_lag": opening_lag,
        "width": correlation(width, true_width),
        "width_best": width_best,
        "width_lag": width_lag,
        "d_ll": 100 * float(np.linalg.norm(lips - true_lips, axis=-1).mean()) / lip_width,
        "d_vl": 100
        * float(np.linalg.norm(np.diff(lips, axis=0) - np.diff(true_lips, axis=0), axis=-1).mean())
        / lip_width,
        "d_a": 100 * float(np.abs(area - true_area).mean() / max(float(true_area.max()), 1e-9)),
        "gain": float(opening.std() / max(float(true_opening.std()), 1e-9)),
    }


def summary(rows: list[dict[str, float]]) -> dict[str, float]:
    """Mean over clips; the median for lags; and how many clips."""
    result = {
        key: float(
            np.median([row[key] for row in rows])
            if key.endswith("_lag")
            else np.mean([row[key] for row in rows])
        )
        for key in rows[0]
    }
    result["clips"] = len(rows)
    return result


def closures(
    backend: Backend, voices: tuple[str, ...], sentences: tuple[str, ...], share: float = 0.1
) -> dict[str, float]:
    """Recall, precision and lag of lip closures on flite speech with exact phone times (see ``synthesis``).

    A lip closure is a run of frames (at 100 Hz, interpolated) whose opening is below ``share`` of the 95th percentile of the
    sentence's openings. Recall: share of p/b/m phones with a closure in their time ±20 ms. Precision: share of closures
    within speech (not in pauses, nor within 60 ms of one) that meet a p/b/m ±40 ms. Lag: median time from the middle of
    the phone to the middle of the closure that meets it, ms, positive where the lips are late.
    """
    from inference.training.synthesis import speak

    said = met = found = right = 0
    lags: list[float] = []
    for voice in voices:
        for sentence in sentences:
            samples, phones = speak(sentence, voice)
            motion = content_motion(samples, backend)
            times = np.arange(0, len(samples) / 16000, 0.01)
            opening = mouth_opening(at_times(motion.neutral + motion.displacement, motion.fps, times))
            shut = opening < share * np.percentile(opening, 95)
            edges = np.flatnonzero(np.diff(np.r_[0, shut.astype(int), 0]))
            runs = [(start * 0.01, stop * 0.01) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
            wanted = [(start, end) for name, start, end in phones if name in CLOSURES]
            pauses = [(start, end) for name, start, end in phones if name == "pau"]
            for start, end in wanted:
                said += 1
                hits = [run for run in runs if run[0] < end + 0.02 and run[1] > start - 0.02]
                met += bool(hits)
                if hits:
                    middle = (start + end) / 2
                    lags.append(min((sum(run) / 2 - middle for run in hits), key=abs) * 1000)
            for low, high in runs:
                if any(low < end + 0.06 and high > start - 0.06 for start, end in pauses):
                    continue
                found += 1
                right += any(low < end + 0.04 and high > start - 0.04 for start, end in wanted)
    return {
        "closure_recall": met / max(said, 1),
        "closure_precision": right / max(found, 1),
        "closure_lag": float(np.median(lags)) if lags else 0.0,
        "closures": said,
    }


def stillness(backend: Backend, seed: int = 0) -> dict[str, float]:
    """What moves where nobody speaks, in outer eye-corner distances.

    ``silence``: standard deviation of the opening over 1 s of digital silence; ``white``, ``pink``, ``brown``: mean opening over
    5 s of noise at −30 dBFS.
    """
    random = np.random.default_rng(seed)
    result = {"silence": float(_opening(np.zeros(16000, np.float32), backend).std())}
    for name, slope in (("white", 0.0), ("pink", 1.0), ("brown", 2.0)):
        spectrum = random.normal(size=40001) + 1j * random.normal(size=40001)
        sound = np.fft.irfft(spectrum * np.maximum(np.fft.rfftfreq(80000, 1 / 16000), 20) ** (-slope / 2))
        sound = sound / sound.std() * 10 ** (-30 / 20)
        result[name] = float(_opening(sound.astype(np.float32), backend).mean())
    return result


def _opening(samples: NDArray[np.float32], backend: Backend) -> NDArray[np.float64]:
    motion = content_motion(samples, backend)
    return mouth_opening(motion.neutral + motion.displacement)


def evaluate(
    corpus: Path, backend: Backend, speech: bool = True, report: Callable[[str], None] = print
) -> dict[str, dict[str, float]]:
    """All figures of a model: every speaker's held-out part of ``corpus``, flite closures, stillness.

    Args:
        corpus: a prepared corpus; s1 and s4 are split as :func:`inference.training.corpus.split` says, all others are
            taken whole.
        backend: the model.
        speech: whether to speak the flite sentences.
        report: called with each line of the table.
    """
    figures: dict[str, dict[str, float]] = {}
    shown = ("opening", "opening_best", "opening_lag", "width", "width_best", "d_ll", "d_vl", "d_a", "gain")
    report("speaker   clips  " + "  ".join(f"{name:>12}" for name in shown))
    for folder in sorted(p for p in corpus.iterdir() if p.is_dir()):
        rows = [clip_figures(load_clip(path), backend) for path in split(corpus, folder.name)["test"]]
        if rows:
            figures[folder.name] = mean = summary(rows)
            report(
                f"{folder.name:<8} {int(mean['clips']):>6}  "
                + "  ".join(f"{mean[name]:>12.3f}" for name in shown)
            )
    if speech:
        from inference.training.synthesis import TEST_SENTENCES, VOICES

        figures["flite"] = closures(backend, VOICES, TEST_SENTENCES)
        report("flite     " + "  ".join(f"{key} {value:.3f}" for key, value in figures["flite"].items()))
    figures["still"] = stillness(backend)
    report("still     " + "  ".join(f"{key} {value:.4f}" for key, value in figures["still"].items()))
    return figures


def write_json(figures: dict[str, dict[str, float]], path: Path) -> None:
    """Writes the figures, four decimals."""
    rounded = {part: {key: round(value, 4) for key, value in row.items()} for part, row in figures.items()}
    path.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def plot_clips(paths: list[Path], backend: Backend, target: Path) -> None:
    """Draws predicted against true opening and width of some clips, each scaled to its own spread."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(paths), 2, figsize=(13, 2.3 * len(paths)), squeeze=False)
    for row, path in zip(axes, paths, strict=True):
        clip = load_clip(path)
        motion = content_motion(clip.audio, backend)
        times = np.arange(len(clip)) / clip.fps
        face = motion.neutral + at_times(motion.displacement, motion.fps, times)
        for axis, measure in zip(row, (mouth_opening, mouth_width), strict=True):
            truth, guess = measure(clip.landmarks), measure(face)
            axis.plot(times, truth, "k", label="tracked")
            axis.plot(
                times,
                guess - (guess.mean() - truth.mean() if measure is mouth_width else 0),
                "r",
                label="predicted",
            )
            axis.set_title(
                f"{clip.speaker}/{clip.name} {measure.__name__} r = {correlation(guess, truth):.2f}",
                fontsize=9,
            )
        row[0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(target, dpi=80)
    pyplot.close(figure)
