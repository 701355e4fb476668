"""One person's own manner, learned from video: the head as that person moves it, generated from the voice or replayed.

The published system (Yi et al., *Audio-driven Talking Face Video Generation with Learning-based Personalized Head Pose*, 2020)
fine-tunes a network on 12 s of a person. Twelve seconds hold little more than second-order statistics, so that is what is learned
here, and it is matched exactly: a linear response of the six pose values to the loudness of the voice, and, for what the voice
does not explain, noise with the person's own power spectrum and correlation between the axes, larger where the voice is louder.
Published too: replaying the clip's own poses. numpy only; fitting is in ``inference/imitation``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import EngineError
from ...face.array_files import Arrays, read_arrays
from ...face.curves import catmull_rom, smooth_step
from ...face.errors import Damaged
from ...face.json_text import json_object
from ...face.noise import ease, even, generator, smooth_noise
from ...face.result_files import write_whole
from ..prosody import Prosody
from .styles import Style, style_of

RATE = 25.0
"""Frames a second that the head is learned and generated at."""
TAPS = 21
"""Frames of the response to the voice, half of them before and half after the instant."""
AXES = 6
"""Rotation (nod, turn, tilt; degrees) and translation (side, up, depth; outer eye-corner distances)."""
VERSION = 1

_KERNEL_SECONDS = 20.0
_SLOW, _QUICK = 0.5, 1.0  # Hz: below, motion is posture, which loudness does not enlarge
_CROSSFADE_SECONDS = 0.6
_BURST_SECONDS = 0.5  # between changes of how large quick motion is


@dataclass(frozen=True)
class HeadModel:
    """How a head moves with a voice.

    Attributes:
        response: (TAPS, 2, 6) of the pose to the two curves of `voice_curves`, at `RATE`.
        frequencies: (F,) Hz, increasing.
        spectrum: (F, 6) one-sided power density of what the voice does not explain, unit²/Hz.
        mixing: (6, 6) lower triangle that gives independent noise the correlation between the axes.
        modulation: how much larger quick motion is where the voice is loud: its size is exp(modulation * loudness).
        burst: how unevenly quick motion comes, in short moves with holds between them: the standard deviation of the
            logarithm of its size from moment to moment; 0 in files of earlier versions.
    """

    response: np.ndarray
    frequencies: np.ndarray
    spectrum: np.ndarray
    mixing: np.ndarray
    modulation: float
    burst: float = 0.0


@dataclass(frozen=True)
class Track:
    """The pose, lids, eyes and brows of the clip itself, to be replayed.

    Attributes:
        pose: (T, 6) degrees and outer eye-corner distances, at `RATE`.
        blink: (T, 2), as in `FaceAnimation`.
        eye_rotation: (T, 2) radians.
        brows: (T, 10) upward displacement of the points 17-26, outer eye-corner distances.
    """

    pose: np.ndarray
    blink: np.ndarray
    eye_rotation: np.ndarray
    brows: np.ndarray


@dataclass(frozen=True)
class Person:
    """What is known of one person.

    Attributes:
        name: from the first clip's file name, or as given.
        style: the manner of mouth, brows, lids and eyes.
        head: how the head moves with the voice.
        track: the clip's own motion.
        embedding: (D,) of the voice, empty where the clips have no sound; see `voice.same_speaker`.
        encoder: what made the embedding.
        seconds: how much video it was learned from.
    """

    name: str
    style: Style
    head: HeadModel
    track: Track
    embedding: np.ndarray
    encoder: str
    seconds: float


def save_person(person: Person, path: str | Path) -> None:
    """Write a person's file, complete or not at all.

    Raises:
        EngineError: where the folder is missing or cannot be written to (code ``output_unwritable``).
    """
    style = {key: getattr(person.style, key) for key in ("name", "label", "description")}
    style |= person.style.as_settings()  # type: ignore[arg-type]
    style |= {"statistics": dict(person.style.statistics), "code": list(person.style.code)}  # type: ignore[dict-item]
    arrays = {
        "version": np.int64(VERSION),
        "name": np.array(person.name),
        "style": np.array(json.dumps(style, ensure_ascii=False)),
        "embedding": person.embedding.astype(np.float32),
        "encoder": np.array(person.encoder),
        "seconds": np.float64(person.seconds),
        **{f"head_{key}": np.asarray(value, np.float32) for key, value in vars(person.head).items()},
        **{f"track_{key}": np.asarray(value, np.float32) for key, value in vars(person.track).items()},
    }
    write_whole(path, lambda stream: np.savez_compressed(stream, **arrays))  # type: ignore[arg-type]


def load_person(path: str | Path) -> Person:
    """Read a person's file.

    Raises:
        EngineError: where it is missing, damaged, no person's file or a newer one (code ``bad_style``).
    """
    try:
        return read_arrays(path, lambda arrays: _person_of(arrays, path))
    except FileNotFoundError as error:
        raise EngineError(f"{path} does not exist: check the path.", "bad_style") from error
    except Damaged as error:
        raise EngineError(
            f"{path} is not a person's file or is damaged: make it again with 'inference personalize'.",
            "bad_style",
        ) from error


def _person_of(arrays: Arrays, path: str | Path) -> Person:
    """The person in the arrays of a file."""
    if "head_spectrum" not in arrays:
        raise EngineError(
            f"{path} is not a person's file: make one with 'inference personalize CLIP -o {Path(path).name}'.",
            "bad_style",
        )
    if int(arrays["version"]) > VERSION:
        raise EngineError(
            f"{path} was written by a newer version of Talking Animation: update to read it.", "bad_style"
        )
    head = {
        name: arrays[f"head_{name}"] for name in HeadModel.__dataclass_fields__ if f"head_{name}" in arrays
    }
    numbers: dict[str, Any] = {name: float(head[name]) for name in ("modulation", "burst") if name in head}
    return Person(
        name=str(arrays["name"]),
        style=style_of(json_object(str(arrays["style"])), str(path)),
        head=HeadModel(**{**head, **numbers}),
        track=Track(**{name: arrays[f"track_{name}"] for name in Track.__dataclass_fields__}),
        embedding=arrays["embedding"],
        encoder=str(arrays["encoder"]),
        seconds=float(arrays["seconds"]),
    )


def voice_curves(prosody: Prosody, frames: int, fps: float) -> np.ndarray:
    """(N, 2) at `RATE`: the loudness of the syllables, and that of the phrases.

    Args:
        prosody: of the voice.
        frames, fps: its length and rate.
    """
    count = int(np.floor((frames - 1) / fps * RATE + 1e-6)) + 1
    moment, stamps = np.arange(count) / RATE, np.arange(frames) / fps
    curves = (prosody.syllables, ease(prosody.activity, fps, 0.3))
    return np.stack([np.interp(moment, stamps, curve) for curve in curves], axis=1)


def generate_pose(model: HeadModel, voice: np.ndarray, seed: int) -> np.ndarray:
    """(N, 6) pose at `RATE` for (N, 2) `voice_curves`.

    Each take has the person's amounts; of a few seconds, what of them is to be expected.
    """
    explained = respond(model.response, voice)
    slow, quick = coloured_noise(model, len(voice), seed)
    loudness = voice[:, 0] + voice[:, 1]
    bursts = smooth_noise(generator(seed, "burst"), len(voice), RATE, _BURST_SECONDS)
    size = np.exp(model.modulation * (loudness - loudness.mean()) + model.burst * bursts)
    uneven = quick * size[:, None]
    # As much power as without: bursts may otherwise fall where the noise is small, or leave a short take without any.
    uneven *= np.sqrt(np.mean(quick**2, axis=0) / np.maximum(np.mean(uneven**2, axis=0), 1e-12))
    return explained + slow + uneven


def respond(response: np.ndarray, voice: np.ndarray) -> np.ndarray:
    """(N, 6) what (TAPS, 2, 6) makes of (N, 2) voice curves."""
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(voice, ((TAPS // 2, TAPS // 2), (0, 0))), TAPS, 0
    )
    return np.einsum("nct,tca->na", windows, response)


def coloured_noise(model: HeadModel, frames: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two (N, 6) parts, slow and quick, of noise with the model's spectrum and correlation."""
    length = int(_KERNEL_SECONDS * RATE)
    white = generator(seed, "person").standard_normal((frames + length, AXES)) @ model.mixing.T
    frequency = np.fft.rfftfreq(length, 1 / RATE)
    # Straight lines in the logarithms: a spectrum falls by powers of the frequency, and chords of it would lie too high.
    near = np.log(np.maximum(frequency, frequency[1]))
    known = np.log(model.spectrum + 1e-12)
    density = np.exp([np.interp(near, np.log(model.frequencies), known[:, axis]) for axis in range(AXES)]).T
    density[0] = 0  # a head has a place to be
    share = np.clip(np.log(np.maximum(frequency, 1e-6) / _SLOW) / np.log(_QUICK / _SLOW), 0, 1)[:, None]
    amplitude = np.sqrt(density * RATE / 2)
    size = 1 << int(np.ceil(np.log2(len(white) + length)))
    spectrum = np.fft.rfft(white, size, axis=0)
    parts = []
    for part in (np.sqrt(1 - share), np.sqrt(share)):
        kernel = np.roll(np.fft.irfft(amplitude * part, length, axis=0), length // 2, axis=0)
        whole = np.fft.irfft(spectrum * np.fft.rfft(kernel, size, axis=0), size, axis=0)
        deviation = np.maximum(np.sqrt((kernel**2).sum(axis=0)), 1e-12)
        curves = whole[length // 2 : length // 2 + frames]
        parts.append(even(curves / deviation, np.ones(frames), RATE) * deviation)
    return parts[0], parts[1]


def person_head(
    person: Person, prosody: Prosody, frames: int, fps: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (T, 3) radians and translation (T, 3) generated from the voice.

    A person is never quite at rest: the first and the last frame are as the rest, and whoever writes keys eases in and out.
    """
    return _head(_resample(generate_pose(person.head, voice_curves(prosody, frames, fps), seed), frames, fps))


@dataclass(frozen=True)
class Performance:
    """What a face does besides speaking; fields as in `FaceAnimation`.

    Attributes:
        head_rotation: (T, 3) float32 radians.
        head_translation: (T, 3) float32, outer eye-corner distances.
        blink: (T, 2) float32.
        eye_rotation: (T, 2) float32 radians.
        brows: (T, 10) float32 upward displacement of the points 17-26, outer eye-corner distances.
    """

    head_rotation: np.ndarray
    head_translation: np.ndarray
    blink: np.ndarray
    eye_rotation: np.ndarray
    brows: np.ndarray


def replay(person: Person, frames: int, fps: float, seed: int) -> Performance:
    """The clip's own motion, looped without a seam; the seed chooses where it starts.

    Args:
        person: whose track.
        frames, fps: length and rate of the animation.
        seed: which start.
    """
    track = person.track
    everything = np.concatenate([track.pose, track.blink, track.eye_rotation, track.brows], axis=1)
    loop = seamless(everything)
    start = generator(seed, "replay").randint(len(loop))
    count = int(np.ceil(frames / fps * RATE)) + 2
    motion = _resample(loop[(start + np.arange(count)) % len(loop)], frames, fps)
    rotation, translation = _head(motion[:, :AXES])
    return Performance(
        head_rotation=rotation,
        head_translation=translation,
        blink=np.clip(motion[:, 6:8], 0, 1).astype(np.float32),
        eye_rotation=motion[:, 8:10].astype(np.float32),
        brows=motion[:, 10:].astype(np.float32),
    )


def seamless(motion: np.ndarray) -> np.ndarray:
    """(T, N) → (T - X, N) whose end leads into its start: the last X frames fade into the first ones."""
    overlap = min(round(_CROSSFADE_SECONDS * RATE), len(motion) // 3)
    if overlap < 2:
        return motion
    share = smooth_step(np.linspace(0, 1, overlap))[:, None]
    loop = motion[: len(motion) - overlap].copy()
    loop[:overlap] = motion[len(motion) - overlap :] * (1 - share) + motion[:overlap] * share
    return loop


def _head(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.radians(pose[:, :3]).astype(np.float32), pose[:, 3:].astype(np.float32)


def _resample(values: np.ndarray, frames: int, fps: float) -> np.ndarray:
    """(N, …) at `RATE` → (T, …) at ``fps`` by Catmull-Rom curves, so that speeds have no corners either."""
    place = np.arange(frames) * (RATE / fps)
    index = np.minimum(place.astype(np.int64), len(values) - 1)
    share = (place - index).reshape(-1, *[1] * (values.ndim - 1))
    knots = (values[np.clip(index + offset, 0, len(values) - 1)] for offset in (-1, 0, 1, 2))
    return catmull_rom(knots, share)
