"""A few frames of a face in a line of text: how a live preview sends them."""

from __future__ import annotations

import base64
import binascii

import numpy as np

from .animation import FRAME_SHAPES, FaceAnimation
from .arrays import Floats
from .errors import EngineError
from .landmarks import NEUTRAL_FACE

_SIZES = {name: int(np.prod(shape)) for name, shape in FRAME_SHAPES.items()}


def packed(animation: FaceAnimation) -> str:
    """The motion of so many frames about `NEUTRAL_FACE`: base64 of float32, little endian, a row a frame.

    A row has the values of `FRAME_SHAPES` one after the other. Cues and source stay behind.
    """
    parts = [getattr(animation, name).reshape(len(animation), size) for name, size in _SIZES.items()]
    return base64.b64encode(np.concatenate(parts, axis=1).astype("<f4").tobytes()).decode("ascii")


def unpacked(text: str, fps: float) -> FaceAnimation:
    """The frames in a text that `packed` made.

    Args:
        text: of any number of frames, also 0.
        fps: their rate.

    Raises:
        EngineError: it is damaged (code ``bad_answer``).
    """
    values = floats(text)
    width = sum(_SIZES.values())
    if len(values) % width:
        raise _damaged()
    columns = np.split(values.reshape(-1, width), np.cumsum(list(_SIZES.values()))[:-1], axis=1)
    arrays = {
        name: part.reshape(-1, *FRAME_SHAPES[name]).astype(np.float32) for name, part in zip(_SIZES, columns)
    }
    return FaceAnimation(fps=fps, neutral=NEUTRAL_FACE, **arrays)


def packed_samples(samples: Floats) -> str:
    """(N,) samples as `messages.LiveRequest` takes them."""
    return base64.b64encode(np.asarray(samples, "<f4").tobytes()).decode("ascii")


def floats(text: str) -> Floats:
    """(N,) float32 of base64 text, what is no number as 0.

    Raises:
        EngineError: it is no such text (code ``bad_answer``).
    """
    try:
        values = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
    except (ValueError, binascii.Error) as error:
        raise _damaged() from error
    return np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)


def _damaged() -> EngineError:
    return EngineError("A block of a live preview is damaged: start it again.", "bad_answer")
