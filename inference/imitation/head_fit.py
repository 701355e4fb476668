"""Fit of `personal.HeadModel`: how one person's head moves with the voice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..motion.manner.personal import AXES, RATE, TAPS, HeadModel, generate_pose, respond

Example = tuple[np.ndarray, np.ndarray]
"""(N, 6) pose and (N, 2) voice curves of one clip, both at `personal.RATE`."""

FREQUENCIES = np.geomspace(0.05, RATE / 2, 18)
"""Hz at which the power spectrum is learned."""

_RIDGES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)  # of the voice curves' mean power
_FOLDS = 5
_SEGMENT_SECONDS = 20.0
_ROUNDS, _TAKES = 6, 4
_LEAST_FRAMES = 16
_MODULATION = (-1.0, 2.5)
_MOST_BURST = 0.3  # more, and a few seconds of a take may have none of them
_SHRINK = 0.1
_NOTHING = 1e-30  # of power: an axis that keeps still has none, and none is to be made


def fit_head(clips: list[Example]) -> HeadModel:
    """Learn how a head moves.

    The response to the voice is a ridge regression whose ridge is chosen by leaving clips (or fifths of one) out. What it leaves
    is noise; its spectrum and its growth with loudness are then corrected until generated motion for the same voices measures
    as the real one does: power in every band, and correlation of the head's speed with loudness.

    Args:
        clips: of one person; each pose is taken about its own mean.

    Raises:
        ValueError: where there is less than `_LEAST_FRAMES` frames.
    """
    centred = [(pose - pose.mean(axis=0), voice) for pose, voice in clips if len(pose) >= _LEAST_FRAMES]
    if not centred:
        raise ValueError("a head cannot be learned from less than a second")
    response = _response(centred)
    residuals = [pose - respond(response, voice) for pose, voice in centred]
    deviation = np.concatenate(residuals).std(axis=0)
    correlation = (
        np.corrcoef(np.concatenate(residuals).T + 1e-12) if (deviation > 1e-9).all() else np.eye(AXES)
    )
    correlation = (1 - _SHRINK) * correlation + _SHRINK * np.eye(AXES)
    model = HeadModel(
        response=response,
        frequencies=FREQUENCIES,
        spectrum=power_spectrum(residuals),
        mixing=np.linalg.cholesky(correlation),
        modulation=0.0,
    )
    return _corrected(model, centred)


def power_spectrum(curves: list[np.ndarray]) -> np.ndarray:
    """(F, N) one-sided power density at `FREQUENCIES`, unit²/Hz: Welch's method on each (T, N) curve, Hann windows of up to 20 s.

    Between the lines that a short window resolves it is smoothed over neighbours, below the lowest it is held.
    """
    total, weight = np.zeros((len(FREQUENCIES), curves[0].shape[1])), np.zeros((len(FREQUENCIES), 1))
    for curve in curves:
        length = min(len(curve), int(_SEGMENT_SECONDS * RATE))
        window = np.hanning(length + 2)[1:-1]
        for start in range(0, len(curve) - length + 1, max(length // 2, 1)):
            piece = curve[start : start + length]
            piece = (piece - piece.mean(axis=0)) * window[:, None]
            density = 2 * np.abs(np.fft.rfft(piece, axis=0)) ** 2 / (RATE * (window**2).sum())
            lines = np.fft.rfftfreq(length, 1 / RATE)
            near = np.log(FREQUENCIES[:, None] / np.maximum(lines[None, 1:], lines[1]))
            share = np.exp(-0.5 * (near / np.log(FREQUENCIES[1] / FREQUENCIES[0])) ** 2)
            below = lines[1] > FREQUENCIES
            share[below] = 0
            share[below, 0] = 1
            total += (share / np.maximum(share.sum(axis=1, keepdims=True), 1e-9)) @ density[1:] * length
            weight += length
    return total / weight


def speed_loudness_correlation(poses: list[np.ndarray], voices: list[np.ndarray]) -> float:
    """Pearson's r of the head's angular speed with the loudness of the voice, over the frames of all clips.

    Args:
        poses: (N, 6) of each clip, rotation in degrees first.
        voices: (N, 2) voice curves.
    """
    speed = np.concatenate([_speed(pose) for pose in poses])
    loudness = np.concatenate([voice.sum(axis=1) for voice in voices])
    if speed.std() < 1e-9 or loudness.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(speed, loudness)[0, 1])


def evenness(poses: list[np.ndarray]) -> float:
    """Mean of the rotation's speeds over their root mean square, over clips and axes: 0.8 for normal noise, less for bursts.

    Clip by clip, for that one clip is livelier than another is no burst.
    """
    ratios = []
    for pose in poses:
        speeds = np.abs(np.diff(pose[:, :3], axis=0))
        ratios.append(speeds.mean(axis=0) / np.maximum(np.sqrt((speeds**2).mean(axis=0)), 1e-12))
    return float(np.mean(ratios))


def _speed(pose: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.gradient(pose[:, :3], axis=0), axis=1) * RATE


def _response(clips: list[Example]) -> np.ndarray:
    """(TAPS, 2, 6) by ridge regression."""
    pieces = clips if len(clips) >= _FOLDS else [
        (pose, voice)
        for whole, heard in clips
        for pose, voice in zip(np.array_split(whole, _FOLDS), np.array_split(heard, _FOLDS))
    ]  # fmt: skip
    products = [_products(pose, voice) for pose, voice in pieces]
    gram, cross = (np.sum([product[part] for product in products], axis=0) for part in (0, 1))
    scale = np.trace(gram) / len(gram)
    if scale < 1e-12:  # nobody speaks
        return np.zeros((TAPS, 2, AXES))
    power = np.maximum(np.concatenate([pose for pose, _ in clips]).var(axis=0), 1e-12)
    errors = np.zeros(len(_RIDGES))
    for fold in range(_FOLDS):
        left = list(range(fold, len(pieces), _FOLDS))
        known_gram = gram - sum(products[index][0] for index in left)
        known_cross = cross - sum(products[index][1] for index in left)
        for number, ridge in enumerate(_RIDGES):
            guess = np.linalg.solve(known_gram + ridge * scale * np.eye(len(gram)), known_cross)
            guess = guess.reshape(TAPS, 2, AXES)
            for index in left:
                pose, voice = pieces[index]
                wrong = _centred(pose - respond(guess, voice))
                errors[number] += (wrong**2 / power).sum()
    ridge = _RIDGES[int(errors.argmin())]
    return np.linalg.solve(gram + ridge * scale * np.eye(len(gram)), cross).reshape(TAPS, 2, AXES)


def _centred(values: np.ndarray) -> np.ndarray:
    return np.asarray(values - values.mean(axis=0))


def _products(pose: np.ndarray, voice: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    padded = np.pad(voice, ((TAPS // 2, TAPS // 2), (0, 0)))
    windows = (
        np.lib.stride_tricks.sliding_window_view(padded, TAPS, 0).transpose(0, 2, 1).reshape(len(voice), -1)
    )
    windows = _centred(windows)
    return windows.T @ windows, windows.T @ _centred(pose)


def _corrected(model: HeadModel, clips: list[Example]) -> HeadModel:
    """The model with spectrum, modulation and burst corrected until generated motion measures as the real one."""
    voices = [voice for _, voice in clips]
    real = [pose for pose, _ in clips]
    wanted, wanted_correlation = power_spectrum(real), speed_loudness_correlation(real, voices)
    wanted_evenness = evenness(real)
    if not wanted_evenness:  # a head that never moves
        return model
    explained = power_spectrum([_centred(respond(model.response, voice)) for voice in voices])
    for round_number in range(_ROUNDS):
        generated = [
            _centred(generate_pose(model, voice, seed * 1000 + index))
            for seed in range(_TAKES)
            for index, voice in enumerate(voices)
        ]
        reached = power_spectrum(generated)
        missing = np.maximum(wanted - explained, 0.05 * wanted) / np.maximum(
            np.maximum(reached - explained, 0.05 * reached), _NOTHING
        )
        correlation = speed_loudness_correlation(generated, voices * _TAKES)
        modulation = model.modulation + (wanted_correlation - correlation) * (
            2.5 if round_number < 3 else 1.2
        )
        # A normal variable whose size varies log-normally by σ has a mean size that is exp(-σ²/2) times as large for its power.
        uneven = model.burst**2 + 2 * np.log(evenness(generated) / wanted_evenness)
        model = replace(
            model,
            burst=float(np.sqrt(np.clip(uneven, 0, _MOST_BURST**2))),
            spectrum=model.spectrum * np.clip(missing, 0.3, 3.0) ** 0.8,
            modulation=float(np.clip(modulation, *_MODULATION)),
        )
    return model
