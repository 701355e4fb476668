# SPDX-License-Identifier: GPL-3.0-or-later
"""Motion that grows out of rest and comes back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from ..contract import arrays

# Seconds over which motion grows out of rest at the start frame, and returns to it after the recording's end.
FACE_EASE: Final = (0.1, 0.3)
HEAD_EASE: Final = (0.5, 0.5)


def eased(values: arrays.Floats, fps: float, ease_in: float, ease_out: float) -> arrays.Floats:
    """Let motion grow out of rest (zero) and come back to it.

    Args:
        values: (T, N) motion relative to rest.
        fps: frames per second.
        ease_in: seconds at the beginning over which the motion fades in.
        ease_out: seconds after the end over which it fades out.

    Returns:
        (T + E, N): the first and the last row are zero.
    """
    frames_in = max(1, min(round(ease_in * fps), len(values) - 1))
    frames_out = max(1, round(ease_out * fps))
    tail = np.repeat(values[-1:], frames_out, axis=0)
    result: arrays.Floats = np.concatenate([values, tail]).astype(np.float32)
    rise = np.linspace(0.0, 1.0, frames_in + 1, dtype=np.float32)[:-1, None]
    result[:frames_in] *= rise * rise * (3 - 2 * rise)
    fall = np.linspace(1.0, 0.0, frames_out + 1, dtype=np.float32)[1:, None]
    result[-frames_out:] *= fall * fall * (3 - 2 * fall)
    return result
