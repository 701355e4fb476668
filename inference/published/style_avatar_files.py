"""What style_avatar needs beside its network: letters heard, style codes, and the face model whose expression it moves. No torch.

Its codes and ours measure the same: how far an expression goes and how quickly, and how quickly a head moves; theirs on 64
coefficients of a face model, ours on landmarks (`motion.manner.style_code`). The model's landmarks lead from one to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..errors import EngineError
from ..face.animation import FaceAnimation
from ..face.array_files import read_array
from ..face.errors import Damaged
from ..face.input_files import ordinary
from ..motion.manner.style_code import EXPRESSION, POSE, RATE, expression
from .files import PublishedFile
from .unpickle import arrays, read_container

LETTERS: Final = 29
"""Characters that DeepSpeech 0.9 hears."""
LETTER_RATE: Final = 50.0
COEFFICIENTS: Final = 64
CODE_SIZE: Final = 2 * COEFFICIENTS + 7
LANDMARKS: Final = 68

NETWORK = PublishedFile("backbone.pkl", "the network StyleFusionModel")
FACE_MODEL = PublishedFile(
    "BFM_model_front.mat", "the Basel Face Model with expressions, as Deep3DFaceReconstruction makes it"
)
EXPRESSION_SCALE = PublishedFile(
    "exp_mean_std.pkl", "mean and deviation of the expression's part of a code", required=False
)
POSE_SCALE = PublishedFile(
    "pose_mean_std.pkl", "mean and deviation of the head's part of a code", required=False
)
FILES = (NETWORK, FACE_MODEL, EXPRESSION_SCALE, POSE_SCALE)

_OFF_SECONDS, _OFF_SHARE = 0.5, 0.05
_NOISE: Final = 0.005
"""Eye distances by which a landmark may be wrong, where coefficients of about 1 are sought that explain it."""
_LEAST: Final = 1e-9


@dataclass(frozen=True)
class FaceModel:
    """The landmarks of the face model.

    Attributes:
        mean: (68, 3) float64 face at rest, x to the picture's right, y up, z to the viewer, in units of the model.
        basis: (64, 68, 3) float64: what 1 of each coefficient moves.
        eye_distance: between the outer eye corners.
    """

    mean: np.ndarray
    basis: np.ndarray

    @property
    def eye_distance(self) -> float:
        """Between the outer eye corners, in units of the model."""
        return float(np.linalg.norm(self.mean[45] - self.mean[36]))

    def displacement(self, coefficients: np.ndarray) -> np.ndarray:
        """(T, 64) → (T, 68, 3) float32 in outer eye-corner distances."""
        moved = np.einsum("tk,kpc->tpc", coefficients.astype(np.float64), self.basis)
        return (moved / self.eye_distance).astype(np.float32)

    def coefficients(self, displacement: np.ndarray) -> np.ndarray:
        """(T, 68, 3) in outer eye-corner distances → (T, 64) float64 that come nearest, none of them far from 0."""
        basis = self.basis.reshape(COEFFICIENTS, -1) / self.eye_distance
        moved = displacement.reshape(len(displacement), -1).astype(np.float64)
        inner = basis @ basis.T + _NOISE**2 * np.eye(COEFFICIENTS)
        return np.asarray(np.linalg.solve(inner, basis @ moved.T).T)


@dataclass(frozen=True)
class Scale:
    """What codes are z-scored with: (135,) means and (135,) deviations, in the order of a code."""

    mean: np.ndarray
    deviation: np.ndarray


def read_letters(path: Path, seconds: float) -> np.ndarray:
    """(L, 29) float32 probabilities of a ``.npy`` file that the user made with DeepSpeech, 50 a second.

    Args:
        path: the file.
        seconds: how long the recording lasts that they are of.

    Raises:
        EngineError: it is missing, no such array, not finite, no probabilities, or of another length (code ``bad_features``).
    """
    letters = _read_npy(path)
    if letters.ndim != 2 or letters.shape[1] != LETTERS or not len(letters):
        raise EngineError(
            f"{path} holds an array of the shape {letters.shape} instead of (rows, {LETTERS}): save DeepSpeech's probabilities "
            "of the letters, one row for every 20 ms.",
            "bad_features",
        )
    if not np.isfinite(letters).all():
        raise EngineError(
            f"{path} holds numbers that are not finite: make it again with DeepSpeech.", "bad_features"
        )
    if (letters < -1e-3).any() or np.abs(letters.sum(axis=1) - 1).max() > 0.02:
        raise EngineError(
            f"{path} holds no probabilities, whose rows add up to 1: save what DeepSpeech says after its softmax.",
            "bad_features",
        )
    told = len(letters) / LETTER_RATE
    if abs(told - seconds) > max(_OFF_SECONDS, _OFF_SHARE * seconds):
        raise EngineError(
            f"{path} holds {told:.1f} s of letters at {LETTER_RATE:g} a second, but the recording lasts {seconds:.1f} s: make it "
            "of this recording.",
            "bad_features",
        )
    return letters.astype(np.float32)


def code_file(place: str) -> tuple[str, str]:
    """``FILE:NUMBER`` → the file and the number, "" where there is none."""
    before, colon, after = place.rpartition(":")
    if colon and after.isascii() and after.isdecimal() and not Path(place).is_file():
        return before, after
    return place, ""


def read_code(place: str) -> np.ndarray:
    """(135,) float64 style code of a ``.npy`` file: the file alone where it holds one, else ``FILE:NUMBER``, counted from 0.

    Raises:
        EngineError: it is missing, no such array, or there is no code of that number (code ``bad_style``).
    """
    name, row = code_file(place)
    held = _read_npy(Path(name), "bad_style")
    codes = held[None] if held.ndim == 1 else held
    if codes.ndim != 2 or codes.shape[1] != CODE_SIZE or not len(codes):
        raise EngineError(
            f"{name} holds an array of the shape {held.shape} instead of style codes of {CODE_SIZE} numbers: choose a code of "
            "style_avatar's.",
            "bad_style",
        )
    if not row and len(codes) > 1:
        raise EngineError(
            f"{name} holds {len(codes)} styles: add which, from {name}:0 to {name}:{len(codes) - 1}.",
            "bad_style",
        )
    if int(row or 0) >= len(codes):
        raise EngineError(
            f"{name} holds {len(codes)} styles, counted from 0: there is no {row}.", "bad_style"
        )
    code = codes[int(row or 0)].astype(np.float64)
    if not np.isfinite(code).all():
        raise EngineError(f"{place} is no style: its numbers are not finite.", "bad_style")
    return code


def read_face_model(path: Path) -> FaceModel:
    """The landmarks of ``BFM_model_front.mat``.

    Raises:
        EngineError: it is missing, damaged or another model (code ``bad_weights``).
    """
    from scipy.io import loadmat

    try:
        whole = loadmat(str(ordinary(path)), variable_names=["meanshape", "exBase", "keypoints"])
        mean = np.asarray(whole["meanshape"], np.float64).reshape(-1, 3)
        basis = np.asarray(whole["exBase"], np.float64)
        points = np.asarray(whole["keypoints"]).astype(np.int64).ravel() - 1
        basis = basis.reshape(len(mean), 3, COEFFICIENTS)
        if points.shape != (LANDMARKS,) or points.min() < 0:
            raise ValueError("other landmarks")
        model = FaceModel(mean[points], basis[points].transpose(2, 0, 1))
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read ({error.strerror or 'it is cut short'}): make it again.", "bad_weights"
        ) from error
    except Exception as error:
        # A damaged file can end in anything.
        raise EngineError(
            f"{path} is not the face model that Deep3DFaceReconstruction makes: it needs meanshape, exBase with {COEFFICIENTS} "
            f"expressions and {LANDMARKS} keypoints.",
            "bad_weights",
        ) from error
    if not (np.isfinite(model.mean).all() and np.isfinite(model.basis).all() and model.eye_distance > _LEAST):
        raise EngineError(f"{path} holds a face that is none: make it again.", "bad_weights")
    return model


def read_scale(folder: Path) -> Scale:
    """What a folder's ``exp_mean_std.pkl`` and ``pose_mean_std.pkl`` say.

    Raises:
        EngineError: one of them is missing, damaged or of another kind (code ``bad_weights``).
    """
    parts = []
    for file, count, keys in (
        (EXPRESSION_SCALE, COEFFICIENTS, (("s_m", "s_s"), ("d_s_m", "d_s_s"))),
        (POSE_SCALE, CODE_SIZE - 2 * COEFFICIENTS, (("d_s_m", "d_s_s"),)),
    ):
        path = file.path(folder)
        held = arrays(read_container(path), path)
        for pair in keys:
            if any(held.get(key, np.zeros(0)).size != count for key in pair):
                raise EngineError(
                    f"{path} holds no {count} numbers each for {' and '.join(pair)}: it is another file than style_avatar's.",
                    "bad_weights",
                )
            parts.append(np.stack([held[key].reshape(-1).astype(np.float64) for key in pair]))
    mean, deviation = np.concatenate(parts, axis=1)
    if not (np.isfinite(mean).all() and np.isfinite(deviation).all() and (deviation > 0).all()):
        raise EngineError(
            f"{folder} holds a mean or a deviation that is none: download it again.", "bad_weights"
        )
    return Scale(mean, deviation)


def code_of(animation: FaceAnimation, model: FaceModel, scale: Scale) -> np.ndarray:
    """(135,) float64 style code of a motion, generated or captured, at least two frames of it."""
    clip = animation if animation.fps == RATE else animation.resampled(RATE)
    moved = model.coefficients(clip.landmarks - clip.neutral)
    half = clip.head_rotation.astype(np.float64) / 2
    cosine, sine = np.cos(half), np.sin(half)
    # About x, then y, then z.
    turned = np.stack(
        [
            cosine[:, 0] * cosine[:, 1] * cosine[:, 2] + sine[:, 0] * sine[:, 1] * sine[:, 2],
            sine[:, 0] * cosine[:, 1] * cosine[:, 2] - cosine[:, 0] * sine[:, 1] * sine[:, 2],
            cosine[:, 0] * sine[:, 1] * cosine[:, 2] + sine[:, 0] * cosine[:, 1] * sine[:, 2],
            cosine[:, 0] * cosine[:, 1] * sine[:, 2] - sine[:, 0] * sine[:, 1] * cosine[:, 2],
        ],
        axis=1,
    )
    head = np.concatenate([turned, clip.head_translation * model.eye_distance], axis=1)
    measured = [moved.std(axis=0), np.diff(moved, axis=0).std(axis=0), np.diff(head, axis=0).std(axis=0)]
    return np.asarray((np.concatenate(measured) - scale.mean) / scale.deviation)


def statistics_of(code: np.ndarray, model: FaceModel, scale: Scale) -> dict[str, float]:
    """The numbers of `style_code.CODE_NAMES` that a code stands for, as if its coefficients moved each on its own.

    Deviations in outer eye-corner distances, speeds in these or degrees a second.
    """
    deviations = np.maximum(code * scale.deviation + scale.mean, 0)
    extent, speed, head = np.split(deviations, [COEFFICIENTS, 2 * COEFFICIENTS])
    rest = model.mean[None] / model.eye_distance
    moved = expression(rest + model.basis / model.eye_distance) - expression(rest)
    told = {
        f"{name} deviation": value
        for name, value in zip(EXPRESSION, np.sqrt((moved**2 * extent[:, None] ** 2).sum(axis=0)))
    }
    told |= {
        f"{name} speed": value * RATE
        for name, value in zip(EXPRESSION, np.sqrt((moved**2 * speed[:, None] ** 2).sum(axis=0)))
    }
    turns = np.degrees(2 * head[1:4]) * RATE
    travels = head[4:] / model.eye_distance * RATE
    told |= {f"{name} speed": value for name, value in zip(POSE, (*turns, *travels))}
    return {name: float(value) for name, value in told.items()}


def _read_npy(path: Path, code: str = "bad_features") -> np.ndarray:
    try:
        with ordinary(path).open("rb") as stream:
            values = read_array(stream, path.stat().st_size)
    except FileNotFoundError:
        raise EngineError(f"{path} does not exist: name a .npy file.", code) from None
    except OSError as error:
        raise EngineError(f"{path} cannot be read ({error.strerror}): name a .npy file.", code) from error
    except (ValueError, EOFError, Damaged) as error:
        raise EngineError(
            f"{path} is no .npy file of numbers, or is damaged: save it again.", code
        ) from error
    if values.dtype.kind not in "fiu":
        raise EngineError(f"{path} holds no numbers: save it again.", code)
    return values
