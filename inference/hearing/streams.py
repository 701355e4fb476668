"""The streams of a container that can be decoded; those of a kind that FFmpeg does not know lack what PyAV promises of them."""

from __future__ import annotations

from typing import Any


def sound_of(container: Any) -> Any | None:
    """The first sound of an open PyAV container that can be decoded; None where there is none."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def pictures_of(container: Any) -> Any | None:
    """The best moving picture of an open PyAV container, not a recording's cover; None where none can be decoded."""
    stream = container.streams.best("video")
    return stream if stream is not None and stream.codec_context is not None else None
