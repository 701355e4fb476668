"""What to know of clips that a person is learned from: what was seen of their faces, and whose voices they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..face.landmarks import mouth_opening
from ..hearing.audio import SAMPLE_RATE
from ..hearing.features import mel_power
from .example import Example

_SAME = 0.75  # of the encoder's threshold: clips of seconds say less of a voice than recordings of a day
_STILL_HEAD = 0.05  # degrees: of people who read to a camera it is 0.3 and more
_STILL_MOUTH = 0.002  # outer eye-corner distances
_LEAST_VOICE = 1.0  # s of sound that tell whose it is


def doubts(examples: Sequence[Example]) -> tuple[str, ...]:
    """Sentences about clips that are learned from; each once, with the clip's name.

    Args:
        examples: clips that are to be of one person.
    """
    told = [
        text if example.name in text else f"{example.name}: {text}"
        for example in examples
        for text in example.animation.warnings
    ]
    return tuple(dict.fromkeys([*told, *_still(examples), *_strangers(examples)]))


def _still(examples: Sequence[Example]) -> list[str]:
    """Sentences about what keeps still in all clips, as in a picture that is shown for a while: it will in what is learned."""
    animations = [example.animation for example in examples]
    head = max(float(np.degrees(one.head_rotation.std(axis=0)).max()) for one in animations)
    mouth = max(float(mouth_opening(one.landmarks).std()) for one in animations)
    still = [
        name
        for name, moved, least in (("head", head, _STILL_HEAD), ("mouth", mouth, _STILL_MOUTH))
        if moved < least
    ]
    where = examples[0].name if len(examples) == 1 else "all clips"
    return [f"The {name} keeps still in {where}, and so it will in what is learned of it." for name in still]


def _strangers(examples: Sequence[Example]) -> list[str]:
    """A sentence where a clip's voice is like none of those that most clips have."""
    from ..hearing.speaker_encoder import load_speaker_encoder

    heard = [
        (example.name, example.voice.samples)
        for example in examples
        if example.voice is not None and len(example.voice.samples) >= _LEAST_VOICE * SAMPLE_RATE
    ]
    if len(heard) < 2:
        return []
    encoder = load_speaker_encoder()
    voices = np.stack([encoder.embed([mel_power(samples)], [samples]) for _, samples in heard])
    groups = _groups(voices @ voices.T >= _SAME * encoder.threshold)
    usual = max(groups, key=len)
    others = [heard[place][0] for place in range(len(heard)) if place not in usual]
    if not others:
        return []
    clips = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return [
        f"The voice in {clips} is another than in {heard[min(usual)][0]}: leave out what is not of this person."
    ]


def _groups(alike: np.ndarray) -> list[set[int]]:
    """Who hangs together, by (N, N) bool of who is like whom."""
    groups: list[set[int]] = []
    for place in range(len(alike)):
        mine = {place, *np.flatnonzero(alike[place]).tolist()}
        joined = [group for group in groups if group & mine]
        groups = [group for group in groups if not group & mine]
        groups.append(mine.union(*joined))
    return groups
