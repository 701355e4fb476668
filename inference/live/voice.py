"""A voice that is still going on: the networks hear its last seconds again with each block, and what they say is put together.

A recording is heard as a whole; here nothing is known of what comes next but a look-ahead. What was given out stays as it is.
Where two blocks meet, what the one expected goes over into what the other one hears.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..face.animation import FRAME_SHAPES, FaceAnimation
from ..face.curves import smooth_step
from ..face.landmarks import BROWS, NEUTRAL_FACE
from ..face.lids_and_lips import shut_lids
from ..face.retargeting.arkit import arkit_weights
from ..face.retargeting.visemes import viseme_weights
from ..hearing.backends import foreground_features
from ..hearing.backends.weights import STRIDE, Heard
from ..hearing.clipping import crests_restored
from ..hearing.features import FEATURE_RATE, HOP, WINDOW, mel_power
from ..hearing.infrasound import infrasound_removed
from ..hearing.loudness import Levels
from ..hearing.tones import tones
from ..motion.lips.articulation import articulate, smile
from ..motion.lips.content import CONTENT_RATE, PHONES, said
from ..motion.lips.lip_closure import close_lips
from ..motion.manner.personal import Performance
from ..motion.manner.styles import Style
from ..motion.performance import perform
from ..motion.prosody import Prosody

if TYPE_CHECKING:
    from ..hearing.backends import Backend

LOOK_AHEAD = 0.12
"""Seconds of sound that are heard beyond what is given out."""

_FRAME = HOP * STRIDE  # samples
_KEPT = round(10 * CONTENT_RATE)  # frames: the room and a speaker's loudness are told by the last ten seconds
_SHAPED = round(
    1.6 * CONTENT_RATE
)  # frames that are given a shape again with each block, the new ones included
_BEFORE = round(1.0 * CONTENT_RATE)  # frames heard before, at least, that shape those that are given out
_MEETS = round(0.08 * CONTENT_RATE)  # frames over which an expectation goes over into what is heard
_CRESTS = round(0.5 * FEATURE_RATE)  # frames heard before that tell where the waves of a block are cut off
_TONES_REACH = round(0.6 * CONTENT_RATE)  # frames about an instant that tell its tones
_SMILE_SECONDS = 0.5
_ROUND = round(120 * CONTENT_RATE)  # frames after which head and eyes begin again


@dataclass
class _Window:
    """The last seconds, frame by frame at 50 Hz; all have the same length but ``power``, which has twice as many."""

    power: np.ndarray
    phones: np.ndarray
    motion: np.ndarray
    voice: np.ndarray
    displacement: np.ndarray
    said: np.ndarray

    def without(self, frames: int) -> _Window:
        """The same without the oldest frames."""
        rest = {name: values[frames:] for name, values in vars(self).items() if name != "power"}
        return _Window(power=self.power[STRIDE * frames :], **rest)


class LiveVoice:
    """What a face does while a voice goes on.

    Args:
        backend: runs the network.
        style: how much of what.
        seed: which take of blinks, glances and the head's sway.
        look_ahead: seconds of sound that are heard beyond what is given out, 0…0.5; less is sooner, more is better.
    """

    def __init__(self, backend: Backend, style: Style, seed: int = 0, look_ahead: float = LOOK_AHEAD) -> None:
        self._backend, self._style = backend, style
        self._ahead = round(look_ahead * CONTENT_RATE)
        self._samples = np.zeros(0, np.float32)  # from frame `_first` on
        self._first = 0
        self._given = 0
        weights = backend.weights
        self._window = _Window(
            power=np.zeros((0, 40), np.float32),
            phones=np.zeros((0, len(PHONES)), np.float32),
            motion=np.zeros((0, len(weights.basis)), np.float32),
            voice=np.zeros(0, np.float32),
            displacement=np.zeros((0, *NEUTRAL_FACE.shape), np.float32),
            said=np.zeros((0, len(PHONES)), np.float32),
        )
        self._performance = perform(_nobody(_ROUND), _ROUND, CONTENT_RATE, style, seed)

    @property
    def fps(self) -> float:
        """Frames a second that are given out."""
        return CONTENT_RATE

    @property
    def given(self) -> int:
        """How many frames were given out so far."""
        return self._given

    def feed(self, samples: np.ndarray, last: bool = False) -> FaceAnimation:
        """Hear a block, and say what the face does up to the look-ahead before its end.

        Args:
            samples: (N,) float32 at 16 kHz, what follows on the block before; of any length, also 0.
            last: nothing follows: what is left comes out as well.

        Returns:
            The frames that follow on those given out before; 0 of them where too little was heard.
        """
        if last:
            samples = np.concatenate([samples, np.zeros(_FRAME, np.float32)])
        self._samples = np.concatenate([self._samples, np.nan_to_num(samples).astype(np.float32)])
        have = len(self._window.voice)
        frames = max((len(self._samples) - WINDOW // 2) // _FRAME, have)
        if frames > have:
            self._hear(have, frames)
        until = max(self._first + frames - (0 if last else self._ahead), self._given)
        result = self._shaped(until)
        self._given = until
        self._forget(len(self._window.voice) - _KEPT)
        return result

    # -- hearing -------------------------------------------------------------------------------------------

    def _hear(self, have: int, frames: int) -> None:
        """Lengthen the window from ``have`` to so many frames."""
        window = self._window
        start = max(STRIDE * have - _CRESTS, 0)
        unclipped = crests_restored(self._samples[start * HOP :])
        audible = infrasound_removed(unclipped, self._samples)
        fresh = mel_power(audible)[STRIDE * have - start : STRIDE * frames - start]
        window.power = np.concatenate([window.power, fresh])
        levels = Levels(window.power)
        settled = self._given - self._first
        heard = self._listen(settled, frames, levels)
        window.phones = np.concatenate([window.phones[:settled], heard.phones])
        window.motion = np.concatenate([window.motion[:settled], heard.motion])
        window.voice = np.concatenate([window.voice[:settled], heard.voice])
        moved = said(
            Heard(window.phones, window.motion, window.voice),
            window.power,
            levels,
            self._backend.weights.basis,
        )
        window.displacement = _met(window.displacement, moved.displacement, settled)
        window.said = _met(window.said, moved.phones, settled)

    def _listen(self, settled: int, frames: int, levels: Levels) -> Heard:
        """What the network hears in the frames from ``settled`` on."""
        begin = max(settled - self._backend.weights.margin // STRIDE, 0)
        features = foreground_features(self._window.power, levels)[STRIDE * begin :]
        if self._backend.weights.hears_tones:
            start = max(begin - _TONES_REACH, 0)
            told = tones(self._samples[start * _FRAME :])[begin - start : frames - start]
            features = np.concatenate([features, np.repeat(told, STRIDE, axis=0)], axis=1)
        heard = self._backend.run(features)
        return Heard(*(values[settled - begin :] for values in (heard.phones, heard.motion, heard.voice)))

    def _forget(self, frames: int) -> None:
        if frames > 0:
            self._window = self._window.without(frames)
            self._samples = self._samples[frames * _FRAME :]
            self._first += frames

    # -- moving --------------------------------------------------------------------------------------------

    def _shaped(self, until: int) -> FaceAnimation:
        """The face in the frames from those given out until that one."""
        if until <= self._given:
            return _no_frames()
        end = len(self._window.voice)
        # A block may be longer than what is shaped as a rule: all of it comes out.
        begin = max(min(end - _SHAPED, self._given - self._first - _BEFORE), 0)
        acted = self._acted(self._first + begin, end - begin)
        displacement, phones = self._window.displacement[begin:].copy(), self._window.said[begin:]
        close_lips(displacement, NEUTRAL_FACE, phones, PHONES)
        articulate(displacement, NEUTRAL_FACE, CONTENT_RATE, replace(self._style, smile=0.0))
        smile(displacement, NEUTRAL_FACE, self._style.smile * _risen(self._first + begin, end - begin))
        displacement[:, BROWS, 1] += acted.brows
        arkit = arkit_weights(displacement, acted.blink, acted.eye_rotation, CONTENT_RATE)
        landmarks = displacement + NEUTRAL_FACE
        shut_lids(landmarks, acted.blink, NEUTRAL_FACE)
        keep = slice(self._given - self._first - begin, until - self._first - begin)
        return FaceAnimation(
            fps=CONTENT_RATE,
            landmarks=landmarks[keep],
            neutral=NEUTRAL_FACE,
            head_rotation=acted.head_rotation[keep],
            head_translation=acted.head_translation[keep],
            eye_rotation=acted.eye_rotation[keep],
            blink=acted.blink[keep],
            arkit=arkit[keep],
            visemes=viseme_weights(phones, PHONES, CONTENT_RATE)[keep],
        )

    def _acted(self, first: int, frames: int) -> Performance:
        """What head, brows, lids and eyes do in so many frames from one on."""
        rows = np.arange(first, first + frames) % _ROUND
        whole = {name: values[rows].astype(np.float32) for name, values in vars(self._performance).items()}
        return Performance(**whole)


def _met(expected: np.ndarray, heard: np.ndarray, settled: int) -> np.ndarray:
    """What was given out, then what was expected going over into what is heard, then that alone."""
    result = heard.copy()
    result[:settled] = expected[:settled]
    meets = min(_MEETS, len(expected) - settled)
    if meets > 0:
        share = (np.arange(1, meets + 1, dtype=np.float32) / (meets + 1)).reshape(-1, *[1] * (heard.ndim - 1))
        there = slice(settled, settled + meets)
        result[there] = expected[there] * (1 - share) + heard[there] * share
    return result


def _no_frames() -> FaceAnimation:
    arrays: dict[str, Any] = {name: np.zeros((0, *shape), np.float32) for name, shape in FRAME_SHAPES.items()}
    return FaceAnimation(fps=CONTENT_RATE, neutral=NEUTRAL_FACE, **arrays)


def _nobody(frames: int) -> Prosody:
    """Nobody speaks."""
    nothing = np.zeros(0)
    return Prosody(np.zeros(frames), [], nothing, nothing, np.zeros(frames))


def _risen(first: int, frames: int) -> np.ndarray:
    """(T,) 0…1, what a smile is of itself in the frames from one on: it comes as the session begins."""
    return smooth_step(np.arange(first, first + frames) / (_SMILE_SECONDS * CONTENT_RATE)).astype(np.float32)
