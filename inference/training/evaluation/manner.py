"""Figures of the speaker-aware motion: the corpus that style codes are z-scored over, and how well styles and persons are met.

Corpus: the training clips of GRID (as `corpus.split` says), captured, and one take of every shipped style on utterances of
speechocean762's training speakers; both halves count the same, so that the mean lies between readers who hardly move and the
liveliest style.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.animation import FaceAnimation
from inference.face.landmarks import rotation_matrix
from inference.face.runs import runs_of
from inference.hearing.audio import read_recording
from inference.imitation.example import Example, Voice, hear, read_example
from inference.imitation.head_fit import FREQUENCIES, power_spectrum, speed_loudness_correlation
from inference.imitation.imitate import imitate
from inference.imitation.personalize import personalize
from inference.motion.manner import style_code
from inference.motion.manner.personal import RATE, Person, person_head
from inference.motion.manner.style_code import CODE_NAMES, Statistics, measure, similarity
from inference.motion.manner.styles import SHIPPED, Style, shipped_styles

from ..filmed_corpora.corpus import split
from ..recipes.speaker import utterance_files
from .metrics import correlation

Array = NDArray[np.float64]

_SPEAKERS = 8
_SECONDS = 12.0  # of each speaker's speech
_SEEDS = (0, 1)
_REAL_CLIPS = 30  # of each GRID speaker
_BANDS = ((0.33, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0))
_ROTATION = slice(0, 3)


def captured(video: Path, cache: Path) -> Example:
    """A clip, captured once: the animation is kept as ``cache/<speaker>/<clip>.npz``."""
    kept = cache / video.parent.name / f"{video.stem}.npz"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        read_example(video).animation.save(kept)
    return Example(video.name, FaceAnimation.load(kept), hear(read_recording(video).samples))


def clips(grid: Path, corpus: Path, speaker: str, part: str, count: int) -> list[Path]:
    """Evenly spread videos of a speaker's ``train`` or ``test`` part."""
    names = [path.stem for path in split(corpus, speaker)[part]]
    chosen = names[:: max(len(names) // count, 1)][:count]
    return [grid / speaker / f"{name}.mp4" for name in chosen]


def voices(speech: Path, part: str, speakers: int = _SPEAKERS) -> list[Voice]:
    """About `_SECONDS` of speech of each of some speakers of speechocean762, spread evenly over them."""
    files = utterance_files(speech, part)
    people = sorted(files)
    heard = []
    for person in people[:: max(len(people) // speakers, 1)][:speakers]:
        pieces: list[NDArray[np.float32]] = []
        for path in files[person]:
            pieces.append(read_recording(path).samples)
            if sum(len(piece) for piece in pieces) > _SECONDS * 16000:
                break
        heard.append(hear(np.concatenate(pieces)))
    return heard


def takes(style: Style, heard: Iterable[Voice], seeds: Iterable[int] = _SEEDS) -> Statistics:
    """The statistics of a style over several voices and seeds."""
    return measure(*(voice.take(style, seed) for voice in heard for seed in seeds))


def measure_styles(grid: Path, corpus: Path, speech: Path, cache: Path) -> None:
    """Write ``style_corpus.json``, and each shipped style's statistics and code into ``styles.json``."""
    heard = voices(speech, "train")
    styles = shipped_styles()
    statistics = {name: takes(style, heard) for name, style in styles.items()}
    real = [
        measure(captured(video, cache).animation).raw_code()
        for speaker in ("s1", "s4")
        for video in clips(grid, corpus, speaker, "train", _REAL_CLIPS)
    ]
    made = [takes(style, [voice]).raw_code() for style in styles.values() for voice in heard]
    mean = (np.mean(real, axis=0) + np.mean(made, axis=0)) / 2
    spread = np.sqrt((((real - mean) ** 2).mean(axis=0) + ((made - mean) ** 2).mean(axis=0)) / 2)
    style_code.CORPUS.write_text(
        json.dumps(
            {
                "about": "Mean and standard deviation of the logarithms of a style code's numbers; made by "
                "'python -m inference measure-styles'.",
                "names": list(CODE_NAMES),
                "mean": mean.round(4).tolist(),
                "deviation": spread.round(4).tolist(),
            },
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )
    style_code._corpus.cache_clear()
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    for row in rows:
        found = statistics[row["name"]]
        row["statistics"] = {key: _brief(value) for key, value in found.values.items()}
        row["code"] = [round(float(value), 2) for value in style_code.style_code(found)]
    SHIPPED.write_text(
        "[\n" + ",\n".join(" " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n",
        encoding="utf-8",
    )
    shipped_styles.cache_clear()


def _brief(value: float) -> float:
    return float(f"{value:.3g}")


def nearest(code: Array, others: dict[str, Array]) -> tuple[str, float]:
    """The name and the cosine of the code that is nearest."""
    return max(((name, similarity(code, other)) for name, other in others.items()), key=lambda item: item[1])


def evaluate_styles(heard: list[Voice]) -> list[str]:
    """Lines: shipped style → take → style of the take → take on other speech: whose code is it nearest to?

    The first two voices are learned from, the others are the other speech.
    """
    first, second = heard[:2], heard[2:]
    codes = {name: np.array(style.code) for name, style in shipped_styles().items()}
    lines, right = [], 0
    for name, style in shipped_styles().items():
        clip = [Example(name, voice.take(style, 11), voice) for voice in first]
        copied = imitate(clip, "copy")
        wanted = np.array(copied.code)
        result = style_code.style_code(takes(copied, second, (21,)))
        own = similarity(result, wanted)
        other, cosine = nearest(result, {key: code for key, code in codes.items() if key != name})
        right += own > cosine
        lines.append(f"  {name:12} to its clip {own:5.2f}, nearest other style {other} {cosine:.2f}")
    return [
        f"styles copied from a clip and measured on other speech: {right} of {len(codes)} nearest to it",
        *lines,
    ]


def evaluate_copies(grid: Path, corpus: Path, cache: Path, heard: list[Voice], count: int = 10) -> list[str]:
    """Lines: real held-out clip → style → take on other speech: nearer to the clip than to every shipped style?"""
    codes = {name: np.array(style.code) for name, style in shipped_styles().items()}
    lines, right = [], 0
    videos = [
        video
        for speaker, n in (("s1", 4), ("s4", 3), ("s26", 3))
        for video in clips(grid, corpus, speaker, "test", n)
    ][:count]
    for video in videos:
        copied = imitate([captured(video, cache)], video.stem)
        result = style_code.style_code(takes(copied, heard, (21,)))
        own = similarity(result, np.array(copied.code))
        other, cosine = nearest(result, codes)
        right += own > cosine
        lines.append(
            f"  {video.parent.name}/{video.stem} to itself {own:5.2f}, nearest shipped {other} {cosine:.2f}"
        )
    return [
        f"styles of real held-out clips, on other speech: {right} of {len(videos)} nearest to the clip",
        *lines,
    ]


def evaluate_contrast(heard: list[Voice]) -> list[str]:
    """Lines: the same voices in every two styles: opening correlation, closures, head rotation."""
    styles = list(shipped_styles().values())
    gaps = {style.name: [_gap(voice.take(style, 0)) for voice in heard] for style in styles}
    rotation = {style.name: takes(style, heard).values for style in styles}
    worst, different, factors = 1.0, 0, []
    for one in styles:
        for two in styles:
            for first, second in zip(gaps[one.name], gaps[two.name]):
                worst = min(worst, correlation(first, second))
                different += int(((first < 1e-5) != (second < 1e-5)).sum())
            stated = _rotation(one.statistics) / _rotation(two.statistics)
            if stated >= 1.5:
                factors.append(_rotation(rotation[one.name]) / _rotation(rotation[two.name]) / stated)
    frames = sum(len(gap) for gap in gaps[styles[0].name])
    return [
        f"opening in two styles: lowest r {worst:.3f}; {different} of {frames} frames with other closures",
        f"head rotation, found over stated factor where that is 1.5 or more: {min(factors):.2f} to {max(factors):.2f} "
        f"({len(factors)} pairs)",
    ]


def _gap(animation: FaceAnimation) -> Array:
    y = animation.landmarks[:, :, 1].astype(np.float64)
    return np.asarray(y[:, 61:64].mean(axis=1) - y[:, 65:68].mean(axis=1))


def _rotation(values: object) -> float:
    return float(np.linalg.norm([values[f"{axis} deviation"] for axis in ("nod", "turn", "tilt")]))  # type: ignore[index]


def evaluate_person(name: str, persons: list[Person], examples: list[Example]) -> list[str]:
    """Lines: generated head motion on held-out clips against the person's own; one learned person for each clip."""
    pairs = [item.pose_and_voice() for item in examples]
    made = []
    for seed, (item, person, (pose, _)) in enumerate(zip(examples, persons, pairs)):
        assert item.voice is not None
        made.append(style_code.pose(_with_head(item.voice, person, seed).resampled(RATE))[: len(pose)])
    real = [_centred(pose[: len(take)]) for (pose, _), take in zip(pairs, made)]
    made = [_centred(take) for take in made]
    loud = [heard[: len(take)] for (_, heard), take in zip(pairs, made)]
    lines = [f"{name}: {len(examples)} held-out clips, {persons[0].seconds:.0f} s learned from (made / real)"]
    for title, found, wanted in (("deviation", made, real), ("speed", _speeds(made), _speeds(real))):
        ratios = np.sqrt(_power(found) / _power(wanted))
        whole = np.sqrt(_power(found).sum() / _power(wanted).sum())
        lines.append(
            f"  rotation {title}: {whole:.2f} (nod, turn, tilt {', '.join(f'{r:.2f}' for r in ratios)})"
        )
    densities = [power_spectrum(curves)[:, _ROTATION].sum(axis=1) for curves in (made, real)]
    bands = []
    for low, high in _BANDS:
        inside = (low <= FREQUENCIES) & (high > FREQUENCIES)
        bands.append(densities[0][inside].sum() / densities[1][inside].sum())
    lines.append(
        "  power " + ", ".join(f"{low:g}-{high:g} Hz {r:.2f}" for (low, high), r in zip(_BANDS, bands))
    )
    lines.append(
        f"  r of head speed with loudness: made {speed_loudness_correlation(made, loud):.2f}, "
        f"real {speed_loudness_correlation(real, loud):.2f}"
    )
    return lines + evaluate_distances(persons, examples)


def _centred(pose: Array) -> Array:
    return np.asarray(pose - pose.mean(axis=0))


def _speeds(poses: list[Array]) -> list[Array]:
    return [np.diff(pose, axis=0) * RATE for pose in poses]


def _power(curves: list[Array]) -> Array:
    """(3,) mean square of nod, turn and tilt."""
    return np.asarray(np.mean(np.concatenate(curves)[:, _ROTATION] ** 2, axis=0))


def evaluate_persons(grid: Path, corpus: Path, cache: Path) -> list[str]:
    """Lines for s1, s4 and s26: learned from some clips, held to others of the same person.

    Of s1 and s4, 25 training clips are learned from and up to 25 held-out ones measured. s26, whose 11 clips are all held out of
    the training of the networks, is learned from ten and measured on the eleventh, eleven times over.
    """
    lines: list[str] = []
    for speaker in ("s1", "s4", "s26"):
        held = [captured(video, cache) for video in clips(grid, corpus, speaker, "test", 25)]
        if speaker == "s26":
            persons = [personalize([other for other in held if other is not item], speaker) for item in held]
        else:
            known = [captured(video, cache) for video in clips(grid, corpus, speaker, "train", 25)]
            persons = [personalize(known, speaker)] * len(held)
        lines += evaluate_person(speaker, persons, held)
    return lines


def evaluate_distances(persons: list[Person], examples: list[Example]) -> list[str]:
    """Lines: MakeItTalk's measures of the whole head (Zhou et al. 2020, section 6), ours against the person's own clips.

    D-L and D-V are the mean distance of the landmarks and of their velocities after the head's motion is put back, in percent
    of the face's width (points 0 to 16); D-Rot and D-Pos the mean differences of the head's rotation in degrees and of its place
    in percent of that width. Both about the clip's own mean, as two cameras are never in the same place.
    """

    def posed(animation: FaceAnimation, neutral: Array) -> tuple[Array, Array, Array]:
        moved = neutral + (animation.landmarks - animation.neutral)
        rotation = animation.head_rotation - animation.head_rotation.mean(axis=0)
        place = animation.head_translation - animation.head_translation.mean(axis=0)
        whole = np.einsum("tij,tkj->tki", rotation_matrix(rotation), moved) + place[:, None]
        return whole, np.degrees(rotation), place

    rows = []
    for seed, (item, person) in enumerate(zip(examples, persons)):
        assert item.voice is not None
        real = item.animation.resampled(RATE)
        made = _with_head(item.voice, person, seed).resampled(RATE)
        count = min(len(real), len(made))
        neutral = real.neutral.astype(np.float64)
        width = float(np.linalg.norm(neutral[16] - neutral[0]))
        (a, rot_a, pos_a), (b, rot_b, pos_b) = posed(real, neutral), posed(made, neutral)
        a, b = a[:count], b[:count]
        speed = np.linalg.norm(np.diff(a, axis=0) - np.diff(b, axis=0), axis=2).mean()
        rows.append(
            [
                100 * np.linalg.norm(a - b, axis=2).mean() / width,
                100 * speed / width,
                np.linalg.norm(rot_a[:count] - rot_b[:count], axis=1).mean(),
                100 * np.linalg.norm(pos_a[:count] - pos_b[:count], axis=1).mean() / width,
            ]
        )
    d_l, d_v, d_rot, d_pos = np.mean(rows, axis=0)
    return [f"  D-L {d_l:.1f} %, D-V {d_v:.2f} %, D-Rot {d_rot:.2f} degrees, D-Pos {d_pos:.1f} %"]


def _with_head(voice: Voice, person: Person, seed: int) -> FaceAnimation:
    take = voice.take(person.style, seed)
    rotation, translation = person_head(person, voice.prosody, len(take), take.fps, seed)
    return replace(take, head_rotation=rotation, head_translation=translation)


def evaluate_blinks(heard: list[Voice]) -> list[str]:
    """Lines: rates and lengths of blinks in every style, over several voices."""
    lines = []
    for style in shipped_styles().values():
        found = [voice.take(style, seed) for voice in heard for seed in range(5)]
        count = sum(len(runs_of(item.blink.max(axis=1) > 0.5)) for item in found)
        minutes = sum(item.duration for item in found) / 60
        early = max(float(item.blink[: int(0.3 * item.fps)].max()) for item in found)
        lengths = np.concatenate([np.diff(runs_of(item.blink[:, 0] > 0.01)) for item in found])
        spans = f"{1000 * lengths.min() / 50:.0f} to {1000 * lengths.max() / 50:.0f} ms"
        lines.append(
            f"  {style.name:12} {count / minutes:4.1f} a minute, {spans}, first 0.3 s at most {early:.2f}"
        )
    return ["blinks", *lines]
