"""Makes lines in processes of this machine; one that dies or hangs costs its own line only, which is tried once more."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

from ..face.cores import ONE_THREAD
from ..face.errors import Damaged
from ..face.json_text import json_object
from ..paths import ENGINE_ROOT
from .lines import Line

WORKER: Final = (sys.executable, "-m", "inference.worker")
SILENT_SECONDS: Final = 600.0
"""A process that says nothing for so long counts as hung."""
_TRIES: Final = 2
_TOLD: Final = 400
"""Letters of Blender's last words in a sentence."""


@dataclass(frozen=True)
class Outcome:
    """What became of a line.

    Attributes:
        line: which.
        problem: why it was not made, one sentence; "" where it was.
        warnings: sentences that people should read.
    """

    line: Line
    problem: str = ""
    warnings: tuple[str, ...] = ()


class Lost(Exception):
    """A process ended or fell silent while it worked."""


def engine_variables() -> dict[str, str]:
    """The environment of an engine of its own."""
    path = os.pathsep.join(part for part in (str(ENGINE_ROOT), os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, **ONE_THREAD, "PYTHONPATH": path}


class Engine:
    """An engine's process, for one line after the other; a context."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self._over = False

    def __enter__(self) -> Engine:
        """The engine, which starts with its first line."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process; what it has not finished it puts away."""
        self.end()

    def make(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Make one line; returns the engine's last word, a result or an error.

        Args:
            payload: `Line.payload`.

        Raises:
            Lost: where the process ended or fell silent, or the engine is at its `end`.
        """
        if not isinstance(payload["command"], str):
            return self._by_blender(payload["command"])
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(payload) + "\n")
            process.stdin.flush()
            while text := self._next_text(process):
                message = _message(text)
                if message.get("type") in ("result", "error") and message.get("id") == payload.get("id"):
                    return message
        except OSError as error:
            raise Lost from error
        raise Lost

    def stop(self) -> None:
        """End what runs, gently first. Safe to call from another thread, and more than once."""
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # what was still to be said to a process that has ended
                    pass
        self._process = None

    def end(self) -> None:
        """End what runs, for good: nothing is started any more. Safe to call from another thread, and more than once."""
        with self._starting:
            self._over = True
        self.stop()

    def _running(self) -> subprocess.Popen[str]:
        process = self._process
        if process is None or process.poll() is not None:
            self.stop()
            process = self._started(WORKER, subprocess.DEVNULL)
        return process

    def _started(self, command: Sequence[str], errors: int) -> subprocess.Popen[str]:
        """A process, which `stop` knows from now on. Raises Lost after the `end`, OSError where it cannot be run."""
        with self._starting:  # else it could start behind the back of whoever ends this engine
            if self._over:
                raise Lost
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=engine_variables(),
                text=True, encoding="utf-8", errors="backslashreplace",
            )  # fmt: skip
            return self._process

    def _next_text(self, process: subprocess.Popen[str]) -> str:
        """The next thing that the process prints; "" once it has ended or was ended since it said nothing for too long."""
        assert process.stdout is not None
        guard = threading.Timer(SILENT_SECONDS, process.kill)
        guard.daemon = True
        guard.start()
        try:
            return process.stdout.readline()
        finally:
            guard.cancel()

    def _by_blender(self, command: Sequence[str]) -> dict[str, Any]:
        self.stop()
        try:
            process = self._started(command, subprocess.STDOUT)
        except OSError as error:
            return _error(
                f"{command[0]} cannot be run ({error.strerror}): name Blender's program with --blender."
            )
        last: list[str] = []
        while text := self._next_text(process):
            last = [*last[-9:], text.strip()]
        if process.wait() == 0:
            return {"type": "result", "warnings": []}
        if process.returncode < 0:
            raise Lost
        told = next((text for text in reversed(last) if "rror" in text), last[-1] if last else "")
        return _error(
            told.removeprefix("Error: ")[:_TOLD] or "Blender failed without a word: run this line by itself."
        )


def _error(sentence: str) -> dict[str, Any]:
    return {"type": "error", "message": sentence}


def _message(text: str) -> dict[str, Any]:
    """The JSON object in a printed line; nothing where it is something else."""
    try:
        return json_object(text)
    except Damaged:
        return {}


def outcome(line: Line, message: Mapping[str, Any] | None) -> Outcome:
    """What became of a line, by the engine's last word; None where the process was lost each time."""
    if message is None:
        return Outcome(line, f"The process that made it ended {_TRIES} times: try this line by itself.")
    if message["type"] == "error":
        return Outcome(line, str(message["message"]))
    return Outcome(line, warnings=tuple(message.get("warnings", ())))


def make_alone(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """Make one line in a process of its own, tried again once where that is lost; None where it was lost each time."""
    with Engine() as engine:
        return _tried(engine, payload)


def _tried(engine: Engine, payload: Mapping[str, Any]) -> dict[str, Any] | None:
    for _ in range(_TRIES):
        try:
            return engine.make(payload)
        except Lost:
            engine.stop()  # it may not know yet that it has ended
    return None


class Processes:
    """So many processes of this machine.

    Args:
        count: from 1 on.
    """

    def __init__(self, count: int) -> None:
        self._count = count

    def outcomes(self, lines: Sequence[Line]) -> Iterator[Outcome]:
        """Make lines; yields what became of each as it ends. Whoever stops listening stops the processes."""
        waiting: queue.SimpleQueue[Line] = queue.SimpleQueue()
        for line in lines:
            waiting.put(line)
        ended: queue.SimpleQueue[Outcome | BaseException] = queue.SimpleQueue()
        engines = [Engine() for _ in range(min(self._count, len(lines)))]
        stopping = threading.Event()

        def work(engine: Engine) -> None:
            try:
                while not stopping.is_set():
                    line = waiting.get_nowait()
                    ended.put(outcome(line, _tried(engine, line.payload())))
            except queue.Empty:
                pass
            except BaseException as error:  # handed to whoever listens, else it would wait for ever
                ended.put(error)

        threads = [threading.Thread(target=work, args=(engine,), daemon=True) for engine in engines]
        for thread in threads:
            thread.start()
        try:
            for _ in lines:
                news = ended.get()
                if isinstance(news, BaseException):
                    raise news
                yield news
        finally:
            stopping.set()
            for engine in engines:
                engine.end()
