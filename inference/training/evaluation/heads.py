"""Heads of captured people beside heads that the engine makes: for their voices, and for voices of nobody who was filmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.imitation.example import Voice, hear, read_example
from inference.motion.assemble import landmarks_alone
from inference.motion.manner.choice import choose_manner
from inference.motion.performance import act

from ..filmed_corpora.utterances import utterance_files
from .head_charts import DrawnHead, draw_heads
from .head_table import LEAST_SECONDS, HeadFigures, head_figures, head_table

CLIPS = (".npz", ".mp4", ".mov", ".mkv", ".avi", ".webm", ".mpg", ".m4v")
SPEAKERS, SECONDS = 20, 30.0
"""How many speakers of speechocean762 are heard, and how long each line of theirs is, joined of several utterances."""
DRAWN = 5
"""How many voices are drawn."""
AMOUNTS = ("nod std", "turn std", "tilt std", "blinks a minute")
"""What two takes, two lines and two voices are compared by."""


def take(voice: Voice, style: str = "auto", seed: int = 0) -> FaceAnimation:
    """What the engine makes of a voice, as ``animate`` does; without ARKit weights, visemes and cues."""
    manner = choose_manner(style, None).for_voice(voice.samples, voice.f0)
    content = replace(voice.content, displacement=voice.content.displacement.copy())
    return landmarks_alone(content, act(content, voice.prosody, manner.style, seed, manner.person))


def evaluate_clips(
    folder: Path, style: str = "auto", report: Callable[[str], None] = print
) -> dict[str, list[HeadFigures]]:
    """The table of a folder of clips: the people in them, and what the engine makes of their voices where they have sound.

    Args:
        folder: with talking faces: videos, or what ``capture`` made of them.
        style: in which the engine speaks.
        report: told each clip that is passed over, and why.

    Raises:
        EngineError: where the folder holds no clip that can be measured (code ``no_clips``).
    """
    columns: dict[str, list[HeadFigures]] = {"people": []}
    for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.suffix.lower() in CLIPS)):
        try:
            example = read_example(path)
            if example.animation.duration < LEAST_SECONDS:
                raise EngineError(f"{path} is shorter than {LEAST_SECONDS:g} s.", "too_short")
        except EngineError as error:
            report(f"passed over: {error.message}")
            continue
        voice = example.voice
        columns["people"].append(head_figures(example.animation, voice.prosody if voice else None))
        if voice is not None:
            columns.setdefault("made", []).append(head_figures(take(voice, style, number), voice.prosody))
    if not columns["people"]:
        raise EngineError(
            f"{folder} holds no clip of {LEAST_SECONDS:g} s or more: give a folder of videos or captured .npz files.",
            "no_clips",
        )
    return columns


def lines_of(
    speech: Path, part: str = "test", speakers: int = SPEAKERS, each: int = 2
) -> dict[str, list[Voice]]:
    """Up to so many lines of `SECONDS` or a little more of each of some speakers of speechocean762, spread evenly over them."""
    files = utterance_files(speech, part)
    people = sorted(files)[:: max(len(files) // speakers, 1)][:speakers]
    lines: dict[str, list[Voice]] = {}
    for person in people:
        pieces: list[NDArray[np.float32]] = []
        for path in files[person]:
            pieces.append(read_recording(path).samples)
            if sum(map(len, pieces)) > SECONDS * SAMPLE_RATE:
                lines.setdefault(person, []).append(hear(np.concatenate(pieces)))
                pieces = []
                if len(lines[person]) == each:
                    break
    return lines


def evaluate_voices(lines: dict[str, list[Voice]], style: str = "auto") -> list[str]:
    """Lines: the table of what the engine makes of voices; how alike two takes are, and two lines of one voice."""
    number = {person: count for count, person in enumerate(lines)}
    figures = {
        person: [head_figures(take(voice, style, number[person]), voice.prosody) for voice in voices]
        for person, voices in lines.items()
    }
    others = {
        person: head_figures(take(voices[0], style, number[person] + 1000), voices[0].prosody)
        for person, voices in lines.items()
    }
    told = head_table({style: [several[0] for several in figures.values()]})
    first = {person: several[0].values for person, several in figures.items()}
    for name in AMOUNTS:
        ratios = [others[person].values[name] / max(first[person][name], 1e-9) for person in first]
        low, middle, high = np.percentile(ratios, (5, 50, 95))
        told.append(f"another take, {name}: {middle:.2f} ({low:.2f} to {high:.2f}) times the first")
    amounts = {
        person: [np.log([max(one.values[name], 0.1) for name in AMOUNTS]) for one in several]
        for person, several in figures.items()
    }
    nearer = [
        np.linalg.norm(own[0] - own[1]) < np.linalg.norm(own[0] - other[0])
        for person, own in amounts.items()
        if len(own) > 1
        for name, other in amounts.items()
        if name != person
    ]
    if nearer:
        told.append(
            f"two lines of a voice nearer to each other than two voices: {np.mean(nearer):.2f} of {len(nearer)}"
        )
    apart = [np.abs(one[0] - two[0]) for one, two in combinations(amounts.values(), 2)]
    if apart:
        ratios = np.exp(np.median(apart, axis=0))
        told.append(
            "two voices, median ratio: "
            + ", ".join(f"{name} {ratio:.2f}" for name, ratio in zip(AMOUNTS, ratios))
        )
    return told


def draw_voices(lines: dict[str, list[Voice]], path: Path, style: str = "auto") -> None:
    """Draw the heads of `DRAWN` voices, and another take of the first one's, as `head_charts.draw_heads` does."""
    chosen = list(lines)[:DRAWN]
    heads = [
        DrawnHead.of(f"speaker {person}", take(lines[person][0], style, number))
        for number, person in enumerate(chosen)
    ]
    if chosen:
        heads.insert(
            1, DrawnHead.of(f"speaker {chosen[0]}, another take", take(lines[chosen[0]][0], style, 1000))
        )
    draw_heads(heads, path)
