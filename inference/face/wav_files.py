"""16-bit WAV files as bytes: the one rounding by which engine, add-on and tools write sound. numpy and Python alone.

Which WAV files are read: `wav_layout`.
"""

from __future__ import annotations

import io
import wave
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_FULL_SCALE: Final = (
    32768  # by which 16-bit samples are read as well: what is read and written again stays the same
)


def sixteen_bits(samples: NDArray[np.floating[Any]]) -> NDArray[np.int16]:
    """Samples of full scale ±1 as whole numbers of 16 bits: the nearest (of two the even one), no further than there are.

    Args:
        samples: floats; what is louder is clipped, infinities too, and what is no number is silence.
    """
    sound = np.nan_to_num(samples.clip(-1, 1), copy=False) * _FULL_SCALE
    nearest: NDArray[np.int16] = np.rint(sound).clip(-_FULL_SCALE, _FULL_SCALE - 1).astype("<i2")
    return nearest


def wav_bytes(samples: NDArray[np.floating[Any]], rate: int) -> bytes:
    """A WAV file of 16 bits.

    Args:
        samples: (N,) or (N, channels) floats of full scale ±1; what is louder is clipped.
        rate: samples a second.
    """
    channels = samples.shape[1] if samples.ndim == 2 else 1
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((channels, 2, rate, 0, "NONE", ""))
        sound.writeframes(sixteen_bits(samples).tobytes())
    return file.getvalue()
