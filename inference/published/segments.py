"""Long recordings in segments that overlap and fade into each other, so that no border shows. numpy only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..face.curves import smooth_step


def overlapping(
    frames: int, length: int, overlap: int, align: int = 1
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Cut ``frames`` into segments of one length, each with the share that it has in every frame.

    Args:
        frames: how many there are.
        length: of a segment; fewer frames are one segment.
        overlap: frames that two neighbours have in common, at least (the last two may share more).
        align: segments start at multiples of this; then the last one may reach up to ``align - 1`` frames past the end.

    Yields:
        (start, stop, share): share (stop - start,) float32 rises smoothly from 0 and falls to 0, except at the very
        start and end, and the shares of all segments add up to 1 in every frame.
    """
    if frames <= length:
        yield 0, frames, np.ones(frames, np.float32)
        return
    last = -(-(frames - length) // align) * align
    step = (length - overlap) // align * align
    starts = [*range(0, last, step), last]
    total = np.zeros(last + length)
    raw = [_fade(start > 0, start < last, length, overlap) for start in starts]
    for start, share in zip(starts, raw):
        total[start : start + length] += share
    for start, share in zip(starts, raw):
        stop = min(start + length, frames)
        yield start, stop, (share / total[start : start + length])[: stop - start].astype(np.float32)


def _fade(begins: bool, ends: bool, length: int, overlap: int) -> np.ndarray:
    """(length,) 1 with a smooth flank at the sides where a neighbour is."""
    flank = smooth_step((np.arange(overlap) + 0.5) / overlap)
    share = np.ones(length)
    if begins:
        share[:overlap] *= flank
    if ends:
        share[-overlap:] *= flank[::-1]
    return share
