# SPDX-License-Identifier: GPL-3.0-or-later
"""How loud a recording is from frame to frame, to be shown beside what it made move."""

from __future__ import annotations

import os
from typing import Any, Final

import bpy
import numpy as np

from ..host import file_names
from ..host.blender_versions import sequencer

LONGEST: Final = 600.0
"""Seconds of a recording that are looked at; decoding more would hold the window up."""
_RATE: Final = 8000


def peaks(path: str, begin: float, lead: float, count: int, fps: float) -> Any:
    """The furthest sample of each frame of a recording.

    Args:
        path: the file; "//" means beside the .blend file.
        begin: seconds of it that are left out before.
        lead: seconds of silence before it.
        count: frames.
        fps: frames per second.

    Returns:
        (count,) float32 from 0 to 1; zeros where the file is gone, or this Blender cannot decode it.
    """
    result = np.zeros(count, np.float32)
    full = bpy.path.abspath(path)
    aud = sequencer.aud_module()
    if aud is None or not path or not os.path.isfile(full):
        return result
    try:
        with file_names.usual(full) as readable:
            sound = aud.Sound.file(readable)
            _ = sound.specs  # raises where the file is no sound: `data` would end Blender with an abort there
            end = begin + min(count / fps, LONGEST)
            samples = np.asarray(sound.limit(begin, end).resample(_RATE, False).data(), np.float32)
    except Exception:  # aud.error, which some versions do not export
        return result
    loud = (
        np.nan_to_num(np.abs(samples.reshape(len(samples), -1)).max(axis=1, initial=0.0))
        if len(samples)
        else samples
    )
    frames = np.floor((np.arange(len(loud)) / _RATE + lead) * fps).astype(int)
    within = frames < count
    np.maximum.at(result, frames[within], np.minimum(loud[within], 1.0))
    return result
