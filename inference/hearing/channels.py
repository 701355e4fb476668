"""Which channels of a recording hold the voice, and how they become one.

What becomes of several channels is always a sum of them with fixed shares. The shares are found on the loudest parts of each
channel: channels that hold the same, whatever their gain and sign, are one voice (their shares are the first principal component,
which weighs a channel by its gain, as maximum ratio combining does; Brennan 1959). Where channels hold different things, the
content network says in which of them somebody speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import EngineError
from ..face.names import CHANNELS
from .audio import SAMPLE_RATE, SILENCE_PEAK
from .backends import Backend, hear, load_backend
from .features import FEATURE_RATE, levels, mel_power
from .resampling import resample
from .sources import BLOCK, Source

_AUTO, _MIX = CHANNELS

_PART_SECONDS = 2.0
_PARTS = 6  # of each of two channels; fewer of each of many
_LEAST_PARTS = 3
_MUTE = -40.0  # dB beside the loudest channel: no voice, but what its cable picked up
_RUMBLE = SAMPLE_RATE // 100  # samples: a mean of so many is what is below a voice
_ALIGNED = 0.7  # correlation from which on a sum of two channels is better than one of them
_SAME_WAVE = 0.5  # correlation, and
_SAME_SOUND = 0.6  # correlation of the spectra in dB, from which on two channels hold the same
_STEADY = (
    4.5  # dB, see `_unsteadiness`: one voice has 3 at most, two people with a microphone each 6 and more
)
_ACTIVE = -20.0  # dB beside the speech level: frames that count for it
_HALF_SECOND = round(FEATURE_RATE / 2)
_SPECTRUM_FLOOR = 1e-5  # of the power in the mean: -50 dB
_MOVES = 1.5  # dB: a spectrum that changes by less is a steady sound's, and its changes are chance
_DELAYS = range(-3, 4)  # frames of 10 ms between two microphones
_SPEECH = (
    0.42  # see `speech_likeness`: drums have 0.38, speech in 10 dB of noise 0.44, clean speech 0.52 to 0.75
)
_FEWEST_CHANGES = 3  # from one phone to the next: a tone that lasts is nobody who speaks
_HEARD = 0.1  # of the time, by a network that takes some noise for a breath
_SPEECH_BESIDE = 0.65  # of the most speech-like channel's
_LOUDER = 3.0  # dB from which on one of two voices is the one that is meant
_LOUDEST = "{}: {} used, since several hold a voice and this is the loudest; choose another with Channel."
_ALL_EQUALLY = "{}: {} mixed, since different voices are equally loud in them; choose one with Channel."


def shares_of(source: Source, channel: str, name: str) -> tuple[np.ndarray, list[str]]:
    """How much of each channel makes the one that is listened to.

    Args:
        source: the recording.
        channel: ``auto``, ``mix`` or a number from 1, see `messages.AnimateOptions`.
        name: how to speak of the recording.

    Returns:
        (channels,) float32 shares, whose absolute values add up to 1, and sentences about what was left out.

    Raises:
        EngineError: there is no channel of that number (code ``bad_channel``).
    """
    count = source.channels
    if channel not in CHANNELS:
        if int(channel) > count:
            known = "only one channel" if count == 1 else f"{count} channels"
            raise EngineError(
                f"{name} has {known}, and no channel {channel}: choose another one, or auto.", "bad_channel"
            )
        return _equal([int(channel) - 1], count), []
    if count == 1:
        return _equal([0], 1), []
    powers, peaks = _survey(source)
    audible = [int(number) for number in np.flatnonzero(peaks > SILENCE_PEAK)]
    if channel == _MIX or len(audible) < 2:
        return _equal(audible or [0], count), []
    return _Listening(source, powers, audible).chosen(name)


def speech_likeness(samples: np.ndarray, backend: Backend) -> float:
    """How sure the content network is of the phones that a voice says, 0…1; 0 where it hears none.

    Args:
        samples: (N,) float32 at 16 kHz.
        backend: hears it.
    """
    content = hear(samples, backend)
    phones = content.phones
    heard = (1 - phones[:, 0]) / (1 + np.exp(-np.clip(content.voice, -30, 30)))
    said = phones[heard > 0.5].argmax(axis=1)
    if heard.mean() < _HEARD or np.count_nonzero(np.diff(said)) < _FEWEST_CHANGES:
        return 0.0
    return float(phones[:, 1:].max(axis=1) @ heard / heard.sum())


def _equal(numbers: list[int], count: int) -> np.ndarray:
    """Equal shares of some of the channels, counted from 0."""
    shares = np.zeros(count, np.float32)
    shares[numbers] = 1 / len(numbers)
    return shares


def _survey(source: Source) -> tuple[np.ndarray, np.ndarray]:
    """(parts, channels) mean power of every `_PART_SECONDS`, and (channels,) peaks."""
    length = max(1, round(_PART_SECONDS * source.rate))
    peaks = np.zeros(source.channels)
    rows = []
    for block in source.blocks(max(1, BLOCK // (source.channels * length)) * length):
        peaks = np.maximum(peaks, np.abs(block).max(axis=0))
        rows += [
            np.mean(np.square(block[first : first + length], dtype=np.float64), axis=0)
            for first in range(0, len(block), length)
        ]
    return np.array(rows), peaks


@dataclass(frozen=True)
class _Voice:
    """Channels that hold the same.

    Attributes:
        members: their numbers, from 0.
        shares: (channels,) how they are made one.
        level: dB, of the loudest parts.
        likeness: see `speech_likeness`.
    """

    members: list[int]
    shares: np.ndarray
    level: float
    likeness: float


class _Listening:
    """Compares the channels of a recording on the loudest parts of each."""

    def __init__(self, source: Source, powers: np.ndarray, audible: list[int]) -> None:
        self._source = source
        most = max(_LEAST_PARTS, 2 * _PARTS // len(audible))
        self._loudest = {number: np.argsort(-powers[:, number], kind="stable")[:most] for number in audible}
        power = {number: powers[parts, number].mean() for number, parts in self._loudest.items()}
        self._levels = {number: float(10 * np.log10(value)) for number, value in power.items()}
        top = max(self._levels.values())
        self._audible = [number for number in audible if self._levels[number] > top + _MUTE]

    def chosen(self, name: str) -> tuple[np.ndarray, list[str]]:
        """Shares and warnings, see `shares_of`."""
        groups = self._groups()
        if len(groups) == 1:
            return self._combined(groups[0]), []
        voices = [self._voice(group) for group in groups]
        voices.sort(key=lambda voice: -voice.level)
        least = max(_SPEECH, _SPEECH_BESIDE * max(voice.likeness for voice in voices))
        speaking = [voice for voice in voices if voice.likeness >= least]
        if not speaking:
            return _mixed(voices), []
        if len(speaking) == 1:
            used, told = speaking, "{}: {} used, where somebody speaks; choose another with Channel."
        elif speaking[0].level >= speaking[1].level + _LOUDER:
            used, told = speaking[:1], _LOUDEST
        else:
            used, told = speaking, _ALL_EQUALLY
        return _mixed(used), [told.format(name, self._named(used))]

    def _named(self, voices: list[_Voice]) -> str:
        """How to speak of channels: one "is", several "are"."""
        members = sorted(number for voice in voices for number in voice.members)
        numbers = [str(number + 1) for number in members]
        if len(numbers) == 1:
            return f"channel {numbers[0]} of {self._source.channels} is"
        return f"channels {', '.join(numbers[:-1])} and {numbers[-1]} of {self._source.channels} are"

    @cached_property
    def _backend(self) -> Backend:
        """Loaded only where channels differ."""
        return load_backend("numpy")

    @cached_property
    def _parts(self) -> dict[int, np.ndarray]:
        """Number of a part → (channels, samples) at 16 kHz, without rumble."""
        rate = self._source.rate
        length = max(1, round(_PART_SECONDS * rate))
        result = {}
        for part in sorted({int(part) for parts in self._loudest.values() for part in parts}):
            block = self._source.read(part * length, min((part + 1) * length, self._source.frames))
            columns = [resample(np.ascontiguousarray(column), rate, SAMPLE_RATE) for column in block.T]
            result[part] = np.stack([_without_rumble(column) for column in columns])
        return result

    def _sound(self, channels: list[int]) -> np.ndarray:
        """(channels, samples): all channels on the loudest parts of some."""
        parts = sorted({int(part) for number in channels for part in self._loudest[number]})
        return np.concatenate([self._parts[part] for part in parts], axis=1)

    def _groups(self) -> list[list[int]]:
        """The channels, those together that hold the same."""
        groups: list[list[int]] = []
        for number in self._audible:
            same = [group for group in groups if any(self._alike(number, other) for other in group)]
            groups = [group for group in groups if group not in same]
            groups.append(sorted([number, *(other for group in same for other in group)]))
        return groups

    def _alike(self, first: int, second: int) -> bool:
        """Whether two channels hold the same, whatever gain, sign and distance of their microphones."""
        one, other = self._sound([first, second])[[first, second]]
        wave = abs(_correlation(one, other))
        if wave >= _ALIGNED:
            return True
        powers = [mel_power(one), mel_power(other)]
        if _unsteadiness(*powers) > _STEADY:
            return False
        spectra = _spectrum(powers[0]), _spectrum(powers[1])
        alike = max(_shifted_correlation(*spectra, delay) for delay in _DELAYS)
        return wave >= _SAME_WAVE or alike >= _SAME_SOUND

    def _combined(self, members: list[int]) -> np.ndarray:
        """Shares that make channels one which hold the same."""
        loudest = max(members, key=lambda number: self._levels[number])
        sound = self._sound(members)
        aligned = [m for m in members if abs(_correlation(sound[m], sound[loudest])) >= _ALIGNED]
        _, axes = np.linalg.eigh(np.cov(sound[aligned]) if len(aligned) > 1 else np.eye(1))
        axis = axes[:, -1] * np.sign(axes[aligned.index(loudest), -1])
        # Rounded, so that what differs by a dither only is shared equally.
        parts = np.round(axis / np.abs(axis).sum(), 2)
        shares = np.zeros(self._source.channels, np.float32)
        shares[aligned] = parts / np.abs(parts).sum()
        return shares

    def _voice(self, members: list[int]) -> _Voice:
        """What a group of channels holds."""
        shares = self._combined(members)
        sound = shares @ self._sound(members)
        level = max(self._levels[number] for number in members)
        return _Voice(members, shares, level, speech_likeness(sound, self._backend))


def _mixed(voices: list[_Voice]) -> np.ndarray:
    """Equal shares of several."""
    total = np.sum([voice.shares for voice in voices], axis=0)
    return (total / np.abs(total).sum()).astype(np.float32)


def _without_rumble(samples: np.ndarray) -> np.ndarray:
    """The samples less a running mean: without what is too low for a voice."""
    sums = np.cumsum(np.pad(samples, (_RUMBLE // 2 + 1, _RUMBLE - _RUMBLE // 2 - 1)), dtype=np.float64)
    padded = np.pad(sums, (_RUMBLE, 0))[: len(sums)]
    mean = (sums - padded)[_RUMBLE - 1 :][: len(samples)] / _RUMBLE
    return (samples[: len(mean)] - mean).astype(np.float32)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """−1…1; 0 where either is silent."""
    norms = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.dot(one, other)) / norms if norms > 0 else 0.0


def _unsteadiness(one: np.ndarray, other: np.ndarray) -> float:
    """By how many dB it changes which of two channels is louder, from one half second to the next.

    One voice is always as much louder in one channel as its microphone is nearer; of two people who wear microphones that hear
    both, each is louder in their own.

    Args:
        one, other: (T, 40) mel power of each.
    """
    first, second = levels(one)[0], levels(other)[0]
    difference = np.clip(first - second, -20, 20)[np.maximum(first, second) > _ACTIVE]
    if len(difference) <= _HALF_SECOND:
        return 0.0
    return float(np.convolve(difference, np.full(_HALF_SECOND, 1 / _HALF_SECOND), "valid").std())


def _spectrum(power: np.ndarray) -> np.ndarray:
    """(T, 40) mel power → in dB, without its own colour."""
    decibels = 10 * np.log10(power + _SPECTRUM_FLOOR * (power.sum(axis=1).mean() + 1e-20))
    return decibels - decibels.mean(axis=0)


def _shifted_correlation(one: np.ndarray, other: np.ndarray, delay: int) -> float:
    """The correlation of two spectra of which the second comes so many frames after the first."""
    count = len(one) - abs(delay)
    if count < 1:
        return 0.0
    first, second = max(0, -delay), max(0, delay)
    parts = one[first : first + count], other[second : second + count]
    if min(float(part.std()) for part in parts) < _MOVES:
        return 0.0
    return _correlation(parts[0].ravel(), parts[1].ravel())
