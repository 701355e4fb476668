"""Small videos, written for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np


def write_video(
    path: Path,
    pictures: Iterable[np.ndarray],
    fps: int = 25,
    times: Sequence[int] | None = None,
    sound: np.ndarray | None = None,
    aspect: Fraction | None = None,
) -> Path:
    """Encode (H, W, 3) RGB pictures as H.264.

    Args:
        times: milliseconds of every picture, for a variable frame rate.
        sound: (N,) float32 at 16 kHz.
        aspect: how many times as wide as high a pixel is.
    """
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "12", "preset": "ultrafast"})
        stream.pix_fmt = "yuv420p"
        voice = container.add_stream("aac", rate=16000, layout="mono") if sound is not None else None
        for index, picture in enumerate(pictures):
            if not index:
                stream.height, stream.width = picture.shape[:2]
                if aspect is not None:
                    stream.codec_context.sample_aspect_ratio = aspect
                if times is not None:
                    stream.codec_context.time_base = Fraction(1, 1000)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            if times is not None:
                frame.pts, frame.time_base = times[index], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice is not None and sound is not None:
            block = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), format="fltp", layout="mono")
            block.sample_rate = 16000
            container.mux(voice.encode(block))
            container.mux(voice.encode(None))
    return path


def read_pictures(path: Path) -> list[np.ndarray]:
    """All pictures of a video as the file stores them."""
    import av

    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def say_turned(path: Path) -> None:
    """Write into an MP4's track header that its pictures are to be shown turned by 90° clockwise, as phones do."""
    content = bytearray(path.read_bytes())
    identity = b"\0\1\0\0" + bytes(12) + b"\0\1\0\0" + bytes(12) + b"\x40\0\0\0"
    start = content.index(identity, content.index(b"tkhd"))
    turned = bytes(4) + b"\0\1\0\0" + bytes(4) + b"\xff\xff\0\0" + bytes(16) + b"\x40\0\0\0"
    content[start : start + len(identity)] = turned
    path.write_bytes(content)
