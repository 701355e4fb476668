"""Whether a video still holds what was encoded when it was made: a hash of its pictures and its voice, kept in its own note.

Names and tags outlive editing, for FFmpeg keeps them; what is encoded does not. It tells an edited video, not a forged one:
anybody can compute it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Final

PACKETS: Final = "packets"
"""Of a note: the hash."""
UNKNOWN: Final = "0" * 64
"""Stands in a note until the video is written, as long as a hash."""
_TAIL: Final = 1 << 20
"""Bytes at a file's end among which its tags are: they are written last."""


def packets_of(container: Any) -> str:
    """SHA-256, in hexadecimal, over the encoded pictures and the encoded sound of an open PyAV container, and when each is shown.

    Nothing is decoded; in which order the file interleaves them makes no difference.
    """
    streams = [stream for stream in container.streams if stream.type in ("video", "audio")]
    digests = {stream.index: hashlib.sha256(stream.type.encode("ascii")) for stream in streams}
    for packet in container.demux(streams) if streams else ():
        if packet.size and packet.pts is not None:
            digest = digests[packet.stream.index]
            digest.update(f"{packet.pts * packet.time_base} {packet.size} ".encode("ascii"))
            digest.update(packet)
    return hashlib.sha256(b"".join(digest.digest() for digest in digests.values())).hexdigest()


def note_packets(av: ModuleType, stream: IO[bytes]) -> None:
    """Put the hash of a complete video in place of `UNKNOWN` in its tags.

    Args:
        av: PyAV.
        stream: the video's file, still open for writing.

    Raises:
        OSError: it cannot be read or written.
    """
    stream.flush()
    path = Path(stream.name)
    with path.open("rb") as written:
        with av.open(written) as container:
            digest = packets_of(container)
        start = max(0, written.seek(0, 2) - _TAIL)
        written.seek(start)
        place = written.read().rfind(UNKNOWN.encode("ascii"))
    if place >= 0:
        stream.seek(start + place)
        stream.write(digest.encode("ascii"))
