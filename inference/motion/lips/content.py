"""The content branch: what is said moves lips and jaw, whoever says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ...face.curves import ramp, smooth_step
from ...face.landmarks import NEUTRAL_FACE
from ...face.smoothing import largest_around, moving_average
from ...hearing.backends import hear
from ...hearing.clicks import clicks_removed
from ...hearing.clipping import crests_restored
from ...hearing.features import FEATURE_RATE, breadth, mel_power
from ...hearing.infrasound import infrasound_removed
from ...hearing.known_voices import for_speaker
from ...hearing.loudness import Levels
from ...hearing.reverberation import echo, echoes_lowered
from ...hearing.vocal_tract import as_of_people
from .as_written import as_written
from .lasting import same_sound, still_a_voice
from .lip_closure import close_lips
from .unclear import is_dull, unclear_parts
from .unmoved import Spans, unmoved_sounds

if TYPE_CHECKING:
    from ...hearing.backends import Backend
    from ...hearing.backends.weights import Heard

# Silence and the ARPAbet without stress: https://en.wikipedia.org/wiki/ARPABET
PHONES: tuple[str, ...] = (
    "SIL", "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY",
    "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH",
)  # fmt: skip

CONTENT_RATE = FEATURE_RATE / 2  # frames a second

_OPEN_BEFORE_SECONDS = 0.18  # from silence to sound: lips part just before the first word
_CLOSE_AFTER_SECONDS = 0.08  # and rest soon after the last, before they part for the next
_READY_SECONDS = 1.0  # lips take their place this long before a sound and leave it this long after
_REST_SECONDS = 0.42  # how gently they come to rest in a pause
_CONTEXT_SECONDS = 0.5  # a voice vouches for this much on either side
_BINOMIAL = np.array([1, 2, 1], np.float32) / 4  # a Gaussian of 14 ms
_PER_DECIBEL, _EFFORT_RANGE = 0.008, (0.88, 1.15)  # how much wider a mouth works where it is louder
_VOICE_SECONDS = 0.6  # what sounds within it is judged together
_VOICE = (0.2, 0.4)  # share of it that has to be a voice: nothing, all of the motion
_PHONE = (0.22, 0.34)  # the same of the likeliest phone's posterior, of what may be a breath
_CERTAIN = (0.6, 0.8)  # share of a voice that needs no phone: what is sung has hardly any
_PART = 0.25  # of the loudest 0.6 s nearby: what sounds less tells nothing of partials
_PARTIALS = (6.5, 8.0)  # mel bands within 40 dB of the loudest: a whistle, a beep, a sweep, and any throat
_WIDE_VOWELS = [PHONES.index(name) for name in ("AA", "AE", "AO", "EH", "OW")]
_HELD_SECONDS = 1.0
_HELD = (
    0.65,
    0.75,
)  # their posteriors over so long: what hardly any instrument has, and what a held vowel has
_BROAD = (13, 17)  # mel bands within 40 dB of the loudest: two tones or an organ's key, and a throat
_SIBILANTS = [PHONES.index(name) for name in ("S", "Z", "SH", "ZH", "CH", "JH")]
_HISSED_SECONDS = 0.3
_HISSED = 0.4, 0.6  # their posteriors over so long: noise has 0.1 at most, and "shh" far more
_LONGEST_HISS = 3.0  # s: what lasts longer is steam, or a machine
_NOSE = 6  # mel bands, up to 440 Hz: a hum has most there; the first resonance of an open mouth lies above
_DARK = (
    -12.5,
    -14.0,
)  # dB of all above beside these: what may be an open mouth, and no vowel but *ee* and *oo*
_HUMMED_SECONDS = 0.46  # the longest such m or n of 106 recordings of people lasts 0.4
_HUM_LEVEL = -25.0  # dB beside the speech level
_OPEN = [*_WIDE_VOWELS, *(PHONES.index(name) for name in ("AH", "AW", "AY"))]
_OPEN_HEARD = (0.15, 0.3)  # their posteriors over 0.3 s, which cannot be in what is so dark


@dataclass(frozen=True)
class ContentMotion:
    """What the words do to the face.

    Attributes:
        fps: frames per second.
        displacement: (T, 68, 3) float32 from the neutral face, unit outer eye-corner distance; only jaw and lips move.
        neutral: (68, 3) float32, an average face with its mouth shut.
        phones: (T, P) float32 posteriors of `PHONES`.
        energy: (T,) float32 loudness, 0 silent to about 1 at the speech level nearby.
        unmoved: (start, end) seconds of each sound that moves no mouth, as music does.
        unclear: seconds in which words are heard badly, as in a crowd.
        strained: the same where it is the voice that is unlike others, as in a shout.
        thinned: the same where much of the sound was taken out, as by strong compression.
        dull: whether hardly anything is heard above 2 kHz.
        text_left_out: why a text that was given is not used, see `as_written`; "" where it is, or there is none.
        text_unfit: seconds in which it is not used, though elsewhere it is.
    """

    fps: float
    displacement: np.ndarray
    neutral: np.ndarray
    phones: np.ndarray
    energy: np.ndarray
    unmoved: Spans = field(default_factory=list)
    unclear: Spans = field(default_factory=list)
    strained: Spans = field(default_factory=list)
    thinned: Spans = field(default_factory=list)
    dull: bool = False
    text_left_out: str = ""
    text_unfit: Spans = field(default_factory=list)


def content_motion(
    samples: np.ndarray, backend: Backend, progress: Callable[[float], None] | None = None, text: str = ""
) -> ContentMotion:
    """Lips and jaw of a recording: what `listen` hears, as `motion_of` it.

    Args:
        samples: (N,) float32 at 16 kHz.
        backend: runs the network.
        progress: told 0…1.
        text: what is said, where that is known.
    """
    report = progress or (lambda fraction: None)
    restored = crests_restored(samples, lambda done: report(0.2 * done))
    motion = motion_of(listen(restored, backend, report), text)
    report(1.0)
    return motion


@dataclass(frozen=True)
class Listened:
    """What was heard of a recording, whose samples are no longer needed: of an hour they are a quarter of a gigabyte.

    Attributes:
        heard: T frames at 50 Hz.
        basis: `Weights.basis` of the network that heard it.
        power, levels: of the sound that the network was told, at 100 Hz: 2 T frames, or one less.
        echoes: whether a long echo was lowered in them.
    """

    heard: Heard
    basis: np.ndarray
    power: np.ndarray
    levels: Levels
    echoes: bool = False


def listen(samples: np.ndarray, backend: Backend, progress: Callable[[float], None]) -> Listened:
    """Hear a recording; where the network knows whose voice it is, with what it knows of them.

    Args:
        samples: (N,) float32 at 16 kHz, with its crests.
        backend: runs the network.
        progress: told 0.2…0.8, after what restoring crests tells.
    """
    samples = infrasound_removed(clicks_removed(samples))
    power = mel_power(samples)
    backend = for_speaker(backend, power)
    levels = Levels(power)
    echoing = echo(power, levels)
    progress(0.3)
    dry, levels, heard = _heard(samples, power, levels, echoing, backend)
    sized = as_of_people(
        samples, power, echoing, levels, heard, backend, lambda done: progress(0.5 + 0.2 * done)
    )
    if sized is not power:
        del power, dry, levels, heard  # of an hour they are a tenth of a gigabyte
        dry, levels, heard = _heard(samples, sized, Levels(sized), echoing, backend)
    progress(0.8)
    return Listened(heard, backend.weights.basis, dry, levels, echoing > 0)


def motion_of(listened: Listened, text: str = "") -> ContentMotion:
    """Lips and jaw of what was heard.

    Args:
        listened: of `listen`.
        text: what is said, where that is known.

    Returns:
        Frames that cover the whole recording; at rest where nobody speaks for a while. It may start and end with an open
        mouth, as the recording does: whoever writes keys eases in and out.
    """
    heard, power, levels = listened.heard, listened.power, listened.levels
    motion = said(heard, power, levels, listened.basis)
    moving = motion.energy > 0
    unclear, strained, thinned = unclear_parts(heard.phones, power, levels, moving, listened.echoes)
    dull = is_dull(heard.phones, power, levels, moving)
    motion = replace(motion, unclear=unclear, strained=strained, thinned=thinned, dull=dull)
    if text.strip():
        phones, left_out, unfit = as_written(motion.phones, PHONES, text)
        motion = replace(motion, phones=phones, text_left_out=left_out, text_unfit=unfit)
    close_lips(motion.displacement, NEUTRAL_FACE, motion.phones, PHONES)
    return motion


def _heard(
    samples: np.ndarray, power: np.ndarray, levels: Levels, echoing: float, backend: Backend
) -> tuple[np.ndarray, Levels, Heard]:
    """What the network hears in a recording's power, whose levels are given, without long echoes; with the power it was told."""
    dry = echoes_lowered(power, echoing)
    if dry is not power:
        levels = Levels(dry)
    return dry, levels, hear(samples, backend, dry, levels)


def said(heard: Heard, power: np.ndarray, levels: Levels, basis: np.ndarray) -> ContentMotion:
    """What was heard as motion, at rest where nobody speaks; its lips do not meet yet, see `lip_closure.close_lips`.

    Args:
        heard: T frames at 50 Hz.
        power, levels: of the same sound, at 100 Hz: 2 T frames, or one less.
        basis: `Weights.basis`.
    """
    audible = levels.sounding[::2]
    energy = levels.loudness[::2] * audible
    likely = 1 / (1 + np.exp(-np.clip(heard.voice, -30, 30)))
    lasts = same_sound(power[::2], levels.reference[::2])
    likely = still_a_voice(likely, lasts)
    broad = breadth(power[::2])
    voice = _voice(likely, heard.phones[:, 1:].max(axis=1), energy, broad)
    voice = np.maximum(voice, _vowel_held(heard.phones, broad))
    hush, steam = _hissed(heard.phones, broad, lasts)
    voice = np.maximum(voice, hush) * (1 - steam)
    phones = np.where(audible[:, None], heard.phones, np.eye(len(PHONES), dtype=np.float32)[0])
    phones *= voice[:, None]
    phones[:, 0] += 1 - voice
    _shut_for(phones, _hummed(heard.phones, power[::2], levels.relative[::2]), voice)
    displacement = np.tensordot(_calm(heard.motion), basis, axes=1)
    speaking = _speaking(phones[:, 0]) * _near_sound(audible) * voice
    displacement *= (speaking * _wide_by(levels.effort[::2]))[:, None, None]
    return ContentMotion(
        fps=CONTENT_RATE,
        displacement=displacement,
        neutral=NEUTRAL_FACE,
        phones=phones,
        energy=energy * (speaking > 0.05),
        unmoved=unmoved_sounds(levels.standing_out[::2], speaking, likely, CONTENT_RATE),
    )


def _calm(values: np.ndarray) -> np.ndarray:
    """(T, K) float32 without the tremor from frame to frame that a network has and lips have not."""
    reach = len(_BINOMIAL) // 2
    around = np.pad(values, ((reach, reach), (0, 0)), mode="edge")
    return np.asarray(sum(share * around[i : i + len(values)] for i, share in enumerate(_BINOMIAL)))


def _speaking(silence: np.ndarray) -> np.ndarray:
    """(T,) 0…1: 0 where the network hears nobody for a while, with soft edges.

    Lips prepare a sound long before it is heard (Bell-Berti and Harris, 1981), so only long silences are put to rest.
    """
    speech = np.clip((moving_average(1.0 - silence, 3) - 0.15) / 0.35, 0, 1)
    soft = moving_average(_around(speech, _READY_SECONDS), round(_REST_SECONDS * CONTENT_RATE))
    return smooth_step(soft).astype(np.float32)


def _wide_by(effort: np.ndarray) -> np.ndarray:
    """(T,) what a mouth's motion is multiplied by where somebody speaks up or softly, (T,) dB (Schulman 1989: shouts open it)."""
    low, high = _EFFORT_RANGE
    return np.clip(1 + _PER_DECIBEL * moving_average(effort, round(CONTENT_RATE)), low, high).astype(
        np.float32
    )


def _voice(likely: np.ndarray, phone: np.ndarray, energy: np.ndarray, broad: np.ndarray) -> np.ndarray:
    """(T,) float32 0…1: 0 where what sounds nearby is no voice: music, machines, applause, breath, a single tone.

    Judged over what sounds and not over time, so that a word alone is as good as a sentence.

    Args:
        likely: (T,) 0…1, how likely the network hears one.
        phone: (T,) 0…1, posterior of the likeliest phone.
        energy: (T,) loudness, 0 silent to about 1.
        broad: (T,) of `features.breadth`; a tone that glides is as lively as a voice, but has no partials.
    """
    weight = energy * energy
    width = round(_VOICE_SECONDS * CONTENT_RATE)
    sounding = np.maximum(moving_average(weight, width), 1e-3)
    whole = sounding > _PART * _around(sounding, _CONTEXT_SECONDS)  # not the click with which a tone begins

    def share(witness: np.ndarray) -> np.ndarray:
        return moving_average(weight * witness, width) / sounding

    heard, voiced = _around(share(phone), _CONTEXT_SECONDS), _around(share(likely), _CONTEXT_SECONDS)
    said = np.maximum(ramp(heard, *_PHONE), ramp(voiced, *_CERTAIN))
    throat = ramp(_around(share(broad) * whole, _CONTEXT_SECONDS), *_PARTIALS)
    return (ramp(voiced, *_VOICE) * said * throat).astype(np.float32)


def _vowel_held(phones: np.ndarray, broad: np.ndarray) -> np.ndarray:
    """(T,) float32 0…1: 1 where a wide vowel is heard for a second, however still it is held.

    What stands as still as a machine is none to the voice network; but few machines say *ah* for so long, and those that do
    have few partials.

    Args:
        phones: (T, P) posteriors.
        broad: (T,) of `features.breadth`.
    """
    width = round(_HELD_SECONDS * CONTENT_RATE)
    heard = moving_average(phones[:, _WIDE_VOWELS].sum(axis=1), width)
    throat = ramp(moving_average(broad, width), *_BROAD)
    return np.asarray(_around(ramp(heard, *_HELD) * throat, _HELD_SECONDS / 2), np.float32)


def _hissed(phones: np.ndarray, broad: np.ndarray, lasts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where somebody hushes, which no voice takes part in, and where steam does, which nobody says.

    Args:
        phones: (T, P) posteriors.
        broad: (T,) of `features.breadth`: a whistle is heard as *s*, too, but is a tone.
        lasts: (T,) bool, of `lasting.same_sound`: some steam is heard as *s* at its ends alone, where it is told from the room.

    Returns:
        (T,) float32 0…1 each. Steam that has nothing in a voice's lower bands is a voice to the network of voices.
    """
    width = round(_HISSED_SECONDS * CONTENT_RATE)
    heard = moving_average(phones[:, _SIBILANTS].sum(axis=1), width)
    noise = ramp(moving_average(broad, width), *_PARTIALS)
    hissed = _around(ramp(heard, *_HISSED) * noise, _HISSED_SECONDS / 2)
    long = np.maximum(
        _longer_than(_LONGEST_HISS, hissed),
        _around(_longer_than(_LONGEST_HISS, lasts.astype(np.float32)), _HISSED_SECONDS),
    )
    return np.asarray(hissed * (1 - long), np.float32), np.asarray(hissed * long, np.float32)


def _hummed(phones: np.ndarray, power: np.ndarray, level: np.ndarray) -> np.ndarray:
    """(T,) float32 0…1: 1 in a hum behind shut lips, in which the encoder may hear vowels after another person's sentence.

    Args:
        phones: (T, P) posteriors.
        power: (T, 40) mel power.
        level: (T,) dB beside the speech level.
    """
    nose = power[:, :_NOSE].sum(axis=1)
    above = 10 * np.log10((power[:, _NOSE:].sum(axis=1) + 1e-10) / (nose + 1e-10))
    open_vowel = moving_average(phones[:, _OPEN].sum(axis=1), round(_HISSED_SECONDS * CONTENT_RATE))
    dark = ramp(above, *_DARK) * ramp(open_vowel, *_OPEN_HEARD) * (level > _HUM_LEVEL)
    return np.asarray(_longer_than(_HUMMED_SECONDS, dark), np.float32)


def _shut_for(phones: np.ndarray, hum: np.ndarray, voice: np.ndarray) -> None:
    """Let (T, P) posteriors say m, in place, as far as (T,) 0…1 is a hum, of somebody's voice as far as (T,) 0…1 is one."""
    phones *= (1 - hum)[:, None]
    phones[:, 0] += hum * (1 - voice)
    phones[:, PHONES.index("M")] += hum * voice


def _longer_than(seconds: float, values: np.ndarray) -> np.ndarray:
    """(T,) 0…1 of what lasts so long of (T,) 0…1; beyond the ends, none is heard: it may be all of a recording."""
    reach = round(seconds / 2 * CONTENT_RATE)
    silent = largest_around(1 - np.pad(values, reach), reach, reach)[reach : reach + len(values)]
    return largest_around(1 - silent, reach, reach)


def _near_sound(sounding: np.ndarray) -> np.ndarray:
    """(T,) 0…1: 0 where a clean recording is silent and no sound is near, with soft edges.

    The speakers of the training corpus open their lips up to half a second before the first word, into the noise of
    their room. In the silence of a studio, that reads as a mouth that hangs open.

    Args:
        sounding: (T,) bool, frames that are not digitally silent.
    """
    near = _around(sounding.astype(np.float32), _OPEN_BEFORE_SECONDS, past=_CLOSE_AFTER_SECONDS)
    soft = moving_average(near, round(_OPEN_BEFORE_SECONDS * CONTENT_RATE))
    return smooth_step(soft).astype(np.float32)


def _around(values: np.ndarray, seconds: float, past: float | None = None) -> np.ndarray:
    """(T,) the largest value within so many seconds on either side, or so many to come and ``past`` gone by."""
    reach = round((seconds if past is None else past) * CONTENT_RATE), round(seconds * CONTENT_RATE)
    return largest_around(values, *reach)
