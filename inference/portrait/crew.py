"""Draws frames in several processes: threads wait for each other at Python's lock, which is taken for every triangle."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from ..errors import EngineError
from ..face.cores import ONE_THREAD, cores
from ..pictures.filling import Pixels

if sys.platform == "linux":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .renderers import Stage
    from .warp import Pose

_MOST = 4
"""Processes at most: each keeps the picture in memory."""
_BATCH_BYTES, _MOST_AT_ONCE = 1 << 22, 8
"""What is asked of a process together: pixels, and frames."""
_WORTH_IT = 60
"""Megapixels to draw from which on starting processes pays."""
_PIPE_BYTES = 1 << 20
"""What a process may have drawn before it is fetched: with the 64 KiB of Linux each frame would wait many times over."""
_ENDING = 5.0
"""Seconds that a process gets to end once nothing more is asked of it."""


def processes_for(frames: int, size: tuple[int, int]) -> int:
    """How many processes draw so many frames of a width and height; 1 where this one had better draw them itself."""
    if "bpy" in sys.modules or not sys.executable:  # its executable may be Blender
        return 1
    if frames * size[0] * size[1] < _WORTH_IT * 1_000_000:
        return 1
    return min(_MOST, cores())


class Crew:
    """A renderer (see `renderers.Renderer`) whose frames are drawn by processes of their own; the frames are the same.

    Args:
        name: of the renderer, see `renderers.RENDERERS`.
        stage: what is drawn.
        count: how many processes.
    """

    told: tuple[str, ...] = ()

    def __init__(self, name: str, stage: Stage, count: int) -> None:
        self.size = stage.size
        width, height = self.size
        self._shape = (height, width, 4 if stage.clear else 3)
        self.at_once = max(1, min(_MOST_AT_ONCE, _BATCH_BYTES // max(1, int(np.prod(self._shape)))))
        self.count = count
        task = pickle.dumps(
            (name, stage.face, stage.clear, stage.view, stage.sampler.cv is not None, stage.device),
            pickle.HIGHEST_PROTOCOL,
        )
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._members: list[subprocess.Popen[bytes]] = []
        try:
            for _ in range(count):
                member = _started()
                self._members.append(member)
                self._free.put(member)
            for member in self._members:
                with suppress(OSError):  # who ended already is noticed once it is asked for a frame
                    _pipe(member.stdin).write(task)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def draw_all(self, poses: Sequence[Pose]) -> list[Pixels]:
        """See `renderers.Renderer`.

        Raises:
            EngineError: a process has ended, for lack of memory or because somebody ended it (code ``out_of_memory``).
        """
        member = self._free.get()
        try:
            pickle.dump(list(poses), _pipe(member.stdin), pickle.HIGHEST_PROTOCOL)
            _pipe(member.stdin).flush()
            return [self._received(_pipe(member.stdout)) for _ in poses]
        except (OSError, EOFError) as error:
            raise EngineError(
                "A process that draws the video ended before its time, most likely for lack of memory: close other programs or "
                "choose a smaller size.",
                "out_of_memory",
            ) from error
        finally:
            self._free.put(member)

    def _received(self, pipe: IO[bytes]) -> Pixels:
        picture = np.empty(self._shape, np.uint8)
        if pipe.readinto(picture.reshape(-1).data) < picture.nbytes:  # type: ignore[attr-defined]
            raise EOFError
        return picture

    def close(self) -> None:
        """End the processes."""
        for member in self._members:
            for pipe in (member.stdin, member.stdout):
                with suppress(OSError):
                    _pipe(pipe).close()
        for member in self._members:
            try:
                member.wait(_ENDING)
            except subprocess.TimeoutExpired:
                member.kill()
                member.wait()


def _started() -> subprocess.Popen[bytes]:
    member = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if sys.platform == "linux":
        with suppress(OSError):  # a system may allow less to whoever has many pipes
            fcntl.fcntl(_pipe(member.stdout), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return member


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def serve(source: IO[bytes], sink: IO[bytes]) -> None:
    """Draw what is asked for until nobody asks any more: the other end of a `Crew`, which alone writes to it."""
    from .renderers import Stage, renderer_called
    from .sampling import Sampler

    name, face, clear, view, use_opencv, device = pickle.load(source)
    sampler = Sampler(use_opencv)
    if sampler.cv is not None:
        sampler.cv.setNumThreads(1)
    renderer = renderer_called(name, Stage(face, clear, view, sampler, device))
    while True:
        try:
            poses: Any = pickle.load(source)
        except EOFError:
            return
        for picture in renderer.draw_all(poses):
            sink.write(np.ascontiguousarray(picture).data)
        sink.flush()


def _main() -> None:
    import signal

    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # whoever asks ends this process, whatever the terminal sends
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    with suppress(BrokenPipeError):
        serve(source, sink)


if __name__ == "__main__":
    _main()
