# SPDX-License-Identifier: GPL-3.0-or-later
"""What an editor made of a video's strips stays when they show another video: trims, cuts, places, sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..host.blender_versions import sequencer
from ..host.blender_versions.sequencer import Piece

_REMEMBERED: Final = "talking_animation_video"
"""Custom property of a strip: the frame at which its video was laid, its frames, width and height."""
_SAME_SHAPE: Final = 0.01
"""Share by which the sides of two videos may differ, relative to each other, and show the same: a row more or less."""


@dataclass(frozen=True)
class Video:
    """A video, or its sound: the scene frame of its line, its frames, width and height (0 of a sound)."""

    start: int
    frames: int
    width: int = 0
    height: int = 0


def remember(strip: Any, video: Video) -> None:
    """Let a strip know what it shows, so that what is made of it from then on can be told."""
    strip[_REMEMBERED] = [video.start, video.frames, video.width, video.height]


def remembered(strip: Any) -> Video | None:
    """What a strip was laid with; None of those that were before this was remembered."""
    kept = strip.get(_REMEMBERED)
    try:
        return Video(*(int(part) for part in kept))
    except TypeError:  # none, or somebody wrote something else there
        return None


def fits(strip: Any, video: Video) -> bool:
    """Whether a video has the shape of the one that a strip shows, so that it may lie where that one does."""
    before = remembered(strip)
    width, height = (before.width, before.height) if before is not None else sequencer.movie_size(strip)
    if min(width, height, video.width, video.height) <= 0:
        return False
    shape = (video.width * height) / (video.height * width)
    return abs(shape - 1) <= _SAME_SHAPE


def resize(strip: Any, video: Video) -> None:
    """Let a video that `fits` be as large on the screen as the one before."""
    before = remembered(strip)
    if before is None or (before.width, before.height) == (video.width, video.height):
        return
    across, down = before.width / video.width, before.height / video.height
    strip.transform.scale_x *= across
    strip.transform.scale_y *= down
    for side, share in (("min_x", across), ("max_x", across), ("min_y", down), ("max_y", down)):
        setattr(strip.crop, side, round(getattr(strip.crop, side) / share))


def keep_speed(strip: Any, video: Video) -> None:
    """Let a video, or its sound, that a strip shows now be played as fast as the one before."""
    before = remembered(strip)
    if before is not None and before.frames > 0:
        sequencer.keep_speed(strip, video.frames / before.frames)


def laid_anew(strips: Sequence[Any], video: Video) -> list[tuple[Any, Piece]]:
    """What each strip of a video shall show of the next one; without those of which nothing is left.

    A strip that was moved by hand stays, every other one goes with the line. What was cut off stays cut off, and what went to
    the end goes to the new one. A strip that is retimed keeps its place in its content.
    """
    pieces = [(strip, _piece(strip, video)) for strip in strips]
    left = [
        (strip, piece)
        for strip, piece in pieces
        if piece.first < min(piece.end, video.frames) or sequencer.is_retimed(strip)
    ]
    if not left:  # all of it was beyond the new end
        strip, piece = pieces[0]
        left = [(strip, Piece(piece.begin, 0, video.frames))]
    return left


def _piece(strip: Any, video: Video) -> Piece:
    before = remembered(strip)
    if before is None:
        return Piece(video.start, 0, video.frames)
    piece = sequencer.piece_of(strip)
    begin = video.start if piece.begin == before.start else piece.begin
    if sequencer.is_retimed(strip):  # a frame of the scene is none of the file
        return Piece(begin, piece.first, piece.end)
    beyond = piece.end - before.frames
    if beyond >= 0:
        return Piece(begin, piece.first, video.frames + max(0, beyond))
    return Piece(begin, piece.first, min(piece.end, video.frames))


def told_of(pieces: Sequence[tuple[Any, Piece]], video: Video) -> str:
    """A sentence where what an editor made of the strips no longer is what it was, "" where it is."""
    before = remembered(pieces[0][0])
    if before is None:
        return ""
    if video.frames != before.frames and any(sequencer.is_retimed(strip) for strip, _ in pieces):
        return (
            f"The strip of the video is played faster or slower, and the new video has {video.frames} frames, not "
            f"{before.frames}: see whether the strip ends where it should."
        )
    shown = {
        frame for _, piece in pieces for frame in range(max(0, piece.first), min(piece.end, video.frames))
    }
    if video.frames != before.frames and len(shown) < video.frames:
        return f"The strip of the video stays cut as it was: {len(shown)} of its {video.frames} frames are shown."
    begins = pieces[0][1].begin
    if video.start != before.start and begins != video.start:
        return (
            f"The strip of the video stays where it was moved to: it begins at frame {begins}, the line at frame "
            f"{video.start}."
        )
    return ""
