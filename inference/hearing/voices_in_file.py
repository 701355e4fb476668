"""Several people in one recording: who speaks when, and one of them alone.

Stretches of speech of about a second and a half are embedded by the speaker encoder and joined, the most alike first, as long
as they may be one person's (agglomerative clustering, the usual way to tell speakers apart; Park et al. 2022). Then every
stretch goes to the nearest voice, where changing the voice costs something in the midst of a phrase and little after a pause
(Viterbi). Voices are counted in the order in which they are first heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..face.names import ALL_VOICES, MOST_VOICES
from .audio import SAMPLE_RATE
from .features import FEATURE_RATE, HOP, mel_power
from .loudness import Levels
from .speaker_encoder import SpeakerEncoder, load_speaker_encoder, unit

_ACTIVE = -30.0  # dB beside the speech level, or
_ABOVE_ROOM = 8.0  # dB above the room where that is louder, but
_LEAST_DISTANCE = -12.0  # dB: what is louder than that is speech in any room
_ROOM_PERCENTILE = 10
_PAUSE = 0.25  # s: what is shorter is no pause
_LEAST_SOUND = 0.12  # s: what is shorter is no speech
_STRETCH = 1.5  # s of speech that are embedded together, about
_COMPARED = 0.6  # s: a shorter stretch says too little to found a voice
_MOST_COMPARED = (
    400  # stretches that are joined one by one; the others of a long recording go to the nearest voice
)
_LEAST_VOICE = 2.0  # s that somebody has to speak to be counted
_CHANGE, _CHANGE_AFTER_PAUSE = 0.35, 0.08  # cosine that another voice must be nearer by
_CLEAR = 0.63  # see `Voices.clear`: below it nobody can be told from anybody
_EDGE = 0.02  # s in which a voice fades in and out

# Seconds of speech → share of the encoder's threshold. That is made for recordings of different days; within one, a voice is more
# like itself, and short stretches are less like anything. Chosen on dialogues of test speakers of speechocean762.
_SECONDS = (1.0, 1.5, 2.0, 3.0, 10.0)
_SHARE = (0.55, 0.65, 0.70, 0.75, 0.75)
_DOUBLE = 0.85  # of that threshold: two voices that are as much alike are one
_APART = 0.7  # see `Voices.clear`: voices that are as distinct are two, however much alike
_ROUNDS = 6  # of assigning stretches to voices

ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Voices:
    """Who speaks when.

    Attributes:
        count: how many voices there are, at least 1.
        owner: (T,) int at `features.FEATURE_RATE`: whose turn it is, from 0 in the order of their first words.
        clear: 0…1, how much nearer stretches are to their own voice than to another, where 1 would be all of the distance; 1 for
            a single voice.
    """

    count: int
    owner: np.ndarray
    clear: float


@dataclass(frozen=True)
class _Stretch:
    """Some speech of one person, supposedly.

    Attributes:
        first, last: its frames, the last one excluded.
        seconds: how long.
        embedding: (D,) unit norm.
        pause: whether there is a pause before it.
    """

    first: int
    last: int
    seconds: float
    embedding: np.ndarray
    pause: bool


def one_voice(samples: np.ndarray, voice: str, name: str) -> tuple[np.ndarray, list[str]]:
    """A recording with one of its voices alone, the others silenced.

    Args:
        samples: (N,) float32 at 16 kHz.
        voice: ``all`` or a number from 1, see `messages.AnimateOptions`.
        name: how to speak of the recording.

    Returns:
        (N,) float32 and sentences about what could not be done; where the voices cannot be told apart, all stay.

    Raises:
        EngineError: the speaker encoder's weights are missing or damaged (code ``bad_weights``).
    """
    if voice == ALL_VOICES:
        return samples, []
    number = int(voice)
    heard = voices_in(samples)
    if heard.count == 1:
        return samples, [f"{name}: only one voice could be told apart, so all that is said is used."]
    if heard.clear < _CLEAR:
        return samples, [
            f"{name}: the voices are too much alike to be told apart, so all that is said is used."
        ]
    if number > heard.count:
        return samples, [
            f"{name}: only {heard.count} voices could be told apart and there is no {ORDINALS[number - 1]}, so all that is said "
            "is used."
        ]
    return _alone(samples, heard.owner == number - 1), []


def voices_in(samples: np.ndarray, encoder: SpeakerEncoder | None = None) -> Voices:
    """Tell the people of a recording apart.

    Args:
        samples: (N,) float32 at 16 kHz.
        encoder: what knows voices; the one that ships by default.
    """
    encoder = encoder or load_speaker_encoder()
    power = mel_power(samples)
    stretches = _stretches(power, samples, encoder)
    nobody = Voices(1, np.zeros(len(power), int), 1.0)
    if len(stretches) < 2:
        return nobody
    voices = _settled(stretches, _joined(stretches, encoder.threshold), encoder.threshold)
    if len(voices) < 2:
        return nobody
    owners = _assigned(stretches, voices)
    order = list(dict.fromkeys(owners.tolist()))
    if len(order) < 2:
        return nobody
    ranks = np.array([order.index(owner) for owner in owners])
    return Voices(len(order), _turns(stretches, ranks, len(power)), _distinct(stretches, voices[order]))


def _stretches(power: np.ndarray, samples: np.ndarray, encoder: SpeakerEncoder) -> list[_Stretch]:
    """The speech of a recording in pieces."""
    level = Levels(power).relative
    room = float(np.percentile(level, _ROOM_PERCENTILE)) + _ABOVE_ROOM
    active = level > min(max(_ACTIVE, room), _LEAST_DISTANCE)
    result = []
    for begin, end in _runs(active):
        count = max(1, round((end - begin) / FEATURE_RATE / _STRETCH))
        edges = np.linspace(begin, end, count + 1).astype(int)
        for number, (first, last) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
            sounds = [samples[first * HOP : last * HOP]]
            seconds = float(active[first:last].sum()) / FEATURE_RATE
            embedding = encoder.embed([power[first:last]], sounds)
            result.append(_Stretch(int(first), int(last), seconds, embedding, pause=number == 0))
    return result


def _runs(active: np.ndarray) -> list[tuple[int, int]]:
    """First frame and the one after the last of every phrase."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], active.astype(np.int8), [0]])))
    result: list[tuple[int, int]] = []
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if result and begin - result[-1][1] < _PAUSE * FEATURE_RATE:
            result[-1] = (result[-1][0], end)
        else:
            result.append((begin, end))
    return [(begin, end) for begin, end in result if end - begin >= _LEAST_SOUND * FEATURE_RATE]


def _needed(seconds: np.ndarray, threshold: float) -> np.ndarray:
    """The cosine from which on speech of so many seconds is taken for one person's."""
    return threshold * np.interp(seconds, _SECONDS, _SHARE)


def _joined(stretches: Sequence[_Stretch], threshold: float) -> np.ndarray:
    """(K, D) embeddings of the voices, unit norm, the one that is heard most first."""
    compared = [stretch for stretch in stretches if stretch.seconds >= _COMPARED]
    compared = compared or [max(stretches, key=lambda stretch: stretch.seconds)]
    every = -(-len(compared) // _MOST_COMPARED)
    chosen = compared[::every]
    seconds = np.array([stretch.seconds for stretch in chosen])
    sums = np.stack([stretch.embedding * stretch.seconds for stretch in chosen])
    while len(sums) > 2:
        directions = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        needed = np.sqrt(_needed(seconds, threshold))
        surplus = directions @ directions.T - np.outer(needed, needed)
        surplus[np.diag_indices(len(sums))] = -np.inf
        one, other = sorted(np.unravel_index(int(surplus.argmax()), surplus.shape))
        if surplus[one, other] <= 0:
            break
        sums[one] += sums[other]
        seconds[one] += seconds[other]
        sums, seconds = np.delete(sums, other, axis=0), np.delete(seconds, other)
    order = np.argsort(-seconds, kind="stable")
    counted = [index for index in order if seconds[index] * every >= _LEAST_VOICE] or [order[0]]
    return np.stack([unit(sums[index]) for index in counted[:MOST_VOICES]])


def _settled(stretches: Sequence[_Stretch], voices: np.ndarray, threshold: float) -> np.ndarray:
    """(K, D) the voices by what is assigned to them, without those that have too little or are another's double."""
    for _ in range(_ROUNDS):
        voices = _founded(stretches, _assigned(stretches, voices), len(voices))
        alike = voices @ voices.T - 2 * np.eye(len(voices))
        one, other = sorted(np.unravel_index(int(alike.argmax()), alike.shape))
        if alike[one, other] >= _DOUBLE * threshold and _distinct(stretches, voices[[one, other]]) < _APART:
            voices[one] = unit(voices[one] + voices[other])
            voices = np.delete(voices, other, axis=0)
    return voices


def _assigned(stretches: Sequence[_Stretch], voices: np.ndarray) -> np.ndarray:
    """(stretches,) the voice of each: the nearest, changing it as rarely as that allows."""
    weights = np.array([min(1.0, stretch.seconds / _STRETCH) for stretch in stretches])
    near = np.stack([voices @ stretch.embedding for stretch in stretches]) * weights[:, None]
    best, before = near[0].copy(), []
    for stretch, row in zip(stretches[1:], near[1:], strict=True):
        cost = _CHANGE_AFTER_PAUSE if stretch.pause else _CHANGE
        moves = best[None, :] - cost * (1 - np.eye(len(voices)))
        before.append(moves.argmax(axis=1))
        best = moves.max(axis=1) + row
    owners = [int(best.argmax())]
    for step in reversed(before):
        owners.append(int(step[owners[-1]]))
    return np.array(owners[::-1])


def _founded(stretches: Sequence[_Stretch], owners: np.ndarray, count: int) -> np.ndarray:
    """(K, D) the voices anew, of what was assigned to each; without those that have too little."""
    result = []
    for voice in range(count):
        own = [stretch for stretch, owner in zip(stretches, owners, strict=True) if owner == voice]
        if sum(stretch.seconds for stretch in own) >= _LEAST_VOICE:
            result.append(unit(np.sum([stretch.embedding * stretch.seconds for stretch in own], axis=0)))
    return np.stack(result) if result else np.stack([stretches[0].embedding])


def _distinct(stretches: Sequence[_Stretch], voices: np.ndarray) -> float:
    """How far voices (K, D) are apart beside how far each is from itself, see `Voices`."""
    near = np.stack([voices @ stretch.embedding for stretch in stretches])
    seconds = np.array([stretch.seconds for stretch in stretches])
    owners = near.argmax(axis=1)
    own = near.max(axis=1)
    near[np.arange(len(near)), owners] = -np.inf
    other = near.max(axis=1)
    shares = []
    for voice in range(len(voices)):
        mine = owners == voice
        if not mine.any():
            return 0.0
        shares.append(float(((own - other) * seconds)[mine].sum() / ((1 - other) * seconds)[mine].sum()))
    return float(np.mean(shares))


def _turns(stretches: Sequence[_Stretch], owners: np.ndarray, frames: int) -> np.ndarray:
    """(frames,) whose turn it is: from the middle of the pause before somebody's first word to that after the last."""
    result = np.full(frames, owners[0])
    for before, after, owner in zip(stretches[:-1], stretches[1:], owners[1:], strict=True):
        result[(before.last + after.first) // 2 :] = owner
    return result


def _alone(samples: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The samples with silence where it is another's turn, with soft edges."""
    kept = np.repeat(wanted, HOP)[HOP // 2 : HOP // 2 + len(samples)]
    kept = np.pad(kept, (0, len(samples) - len(kept)), mode="edge").astype(np.float32)
    reach = int(_EDGE * SAMPLE_RATE)
    soft = np.convolve(
        np.pad(kept, (reach // 2, reach - 1 - reach // 2), mode="edge"), np.full(reach, 1 / reach), "valid"
    )
    return (samples * soft).astype(np.float32)
