# SPDX-License-Identifier: GPL-3.0-or-later
"""WAV files that the engine reads itself, and parts of them. No bpy."""

from __future__ import annotations

import struct
from pathlib import Path

from ..contract.wav_layout import WavLayout, wav_layout

__all__ = ["TO_THE_END", "WavLayout", "cut", "wav_layout"]

TO_THE_END = 0xFFFFFFFF  # what a size can say; of the samples it means that they run to the file's end


def cut(path: str, layout: WavLayout, begin: float, seconds: float | None, target: Path) -> bool:
    """Copy part of a WAV file, sample for sample; False where nothing of it is left.

    Args:
        path: the WAV file.
        layout: see `wav_layout`.
        begin, seconds: the part; None for all that follows.
        target: the file to write.
    """
    first = min(layout.frames, round(begin * layout.rate))
    last = layout.frames
    if seconds is not None:
        last = min(last, first + round(seconds * layout.rate))
    if last <= first:
        return False
    remaining = (last - first) * layout.block
    with open(path, "rb") as stream, open(target, "wb") as output:
        form = layout.format_chunk + b"\0" * (len(layout.format_chunk) & 1)
        riff = 4 + 8 + len(form) + 8 + remaining
        output.write(b"RIFF" + struct.pack("<I", min(riff, TO_THE_END)) + b"WAVE")
        output.write(b"fmt " + struct.pack("<I", len(layout.format_chunk)) + form)
        output.write(b"data" + struct.pack("<I", min(remaining, TO_THE_END)))
        stream.seek(layout.data + first * layout.block)
        while remaining:
            block = stream.read(min(remaining, 1 << 20))
            if not block:
                break
            output.write(block)
            remaining -= len(block)
    return True
