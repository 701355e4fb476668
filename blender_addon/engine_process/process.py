# SPDX-License-Identifier: GPL-3.0-or-later
"""Find, start, ask and stop the engine, which is always a process of its own. Standard library and the contract only.

The protocol is in `contract.messages`. Nothing here blocks: `poll` takes what has arrived.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..contract import EngineError, messages
from ..errors import TalkingAnimationError

START_TIMEOUT = 60.0  # seconds until the next way is tried, or it is told that the last one takes long
_CREATE_NO_WINDOW = 0x08000000
_LOG_LINES = 60


class SlowStart(TalkingAnimationError):
    """The engine takes long to start and goes on with it: what was asked may be asked again."""


@dataclass(frozen=True)
class Candidate:
    """One way of running the engine.

    Attributes:
        command: the command line.
        title: how to speak of it.
        extra_path: further folders for its PYTHONPATH.
        only: whether the user chose it, so that no other may stand in for it.
        variables: further environment variables for it.
    """

    command: list[str]
    title: str
    extra_path: tuple[str, ...] = ()
    only: bool = False
    variables: tuple[tuple[str, str], ...] = ()


def candidates(
    root: Path, binary: str = "", chosen_python: str = "", executable: str | None = None
) -> list[Candidate]:
    """The ways of running the engine, best first.

    Args:
        root: see `find_root`.
        binary: Blender's own binary (`bpy.app.binary_path`); "" where Blender is a Python module.
        chosen_python: the Python that the user chose in the preferences; "" for none.
        executable: the running Python (`sys.executable`).
    """
    worker = ["-s", "-u", "-X", "utf8", "-m", "inference.worker"]
    if chosen_python:
        return [Candidate([chosen_python, *worker], f"the chosen Python {chosen_python}", only=True)]
    programs = []
    executable = sys.executable if executable is None else executable
    # sys.executable may name Blender itself, which would open a window.
    if executable and "blender" not in Path(executable).stem.casefold() and executable != binary:
        programs.append(Candidate([executable, *worker], f"Python {executable}"))
    if binary:
        script = str(root / "inference" / "worker.py")
        command = [
            binary,
            "-b",
            "--factory-startup",
            "-noaudio",
            "--python-exit-code",
            "1",
            "--python",
            script,
        ]
        programs.append(Candidate(command, f"Blender {binary}", extra_path=_numpy_folder()))
    return programs


def _numpy_folder() -> tuple[str, ...]:
    """The folder of this Python's numpy: Blender's binary, run again, must find the same one."""
    numpy = sys.modules.get("numpy")
    path = getattr(numpy, "__file__", None)
    return (str(Path(path).parent.parent),) if path else ()


def child_environment(root: Path, extra_path: Sequence[str] = ()) -> dict[str, str]:
    """This process' environment without what would lead another Python astray."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONWARNINGS"}
    }
    env["PYTHONPATH"] = os.pathsep.join([str(root), *extra_path])
    env["PYTHONNOUSERSITE"] = "1"
    env["PYTHONUTF8"] = "1"
    env["PYTHONIOENCODING"] = "utf-8"
    return env


@dataclass
class _Process:
    """A running engine and what its two reader threads have brought."""

    candidate: Candidate
    popen: subprocess.Popen[bytes]
    lines: queue.Queue[dict[str, Any] | None]
    started: float = field(default_factory=time.monotonic)
    late: bool = False
    """It was told that this one takes long; it goes on starting."""


class Engine:
    """One engine process, used for one request after the other; starts when first asked.

    Use it as a context manager, or call `close`.

    Args:
        root: see `find_root`.
        ways: see `candidates`.
    """

    def __init__(self, root: Path, ways: Sequence[Candidate]) -> None:
        self.root = root
        self.capabilities: messages.Capabilities | None = None
        self.known_capabilities: messages.Capabilities | None = None
        """What a process of this engine last said it can do; kept when it ends."""
        self.has_answered = False
        """Whether a process of this engine ever said what it can do."""
        self.log: deque[str] = deque(maxlen=_LOG_LINES)
        self.ways = list(ways)
        self._way = 0
        self._process: _Process | None = None
        self._request: messages.Request | None = None
        self._sent = False
        self._ids = 0
        self._refusal = ""

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.popen.poll() is None

    @property
    def pid(self) -> int | None:
        """Process id, where it runs."""
        return self._process.popen.pid if self._process is not None else None

    @property
    def title(self) -> str:
        """What runs the engine, for diagnostics."""
        return self._process.candidate.title if self._process is not None else "not started"

    def submit(self, request: messages.Request) -> None:
        """Ask for something; the answers come from `poll`. A request under way is stopped."""
        if self._request is not None or not self.alive:
            self.close()
        self._ids += 1
        self._request = request
        self._sent = False
        if self._process is None:
            self._way = 0
            self._start()
        elif self.capabilities is not None:
            self._send()
        else:
            self._process.started = time.monotonic()

    def poll(self) -> list[messages.Answer]:
        """Progress, result and failure of the present request, as far as they have arrived since the last call.

        Raises:
            TalkingAnimationError: where the engine cannot be started, takes long to, has died, or says what is not of this
                protocol.
        """
        answers: list[messages.Answer] = []
        while self._process is not None:
            process = self._process
            try:
                message = process.lines.get_nowait()
            except queue.Empty:
                if self.capabilities is None and time.monotonic() - process.started > START_TIMEOUT:
                    self._takes_long(process)
                break
            if message is None:
                self._died()
                continue
            if self.capabilities is None:
                if message.get("type") in (messages.Capabilities.type, messages.Failure.type):
                    self._started(self._understood(message))
                continue
            if self._request is None or message.get("id") != self._ids:
                continue
            answer = self._understood(message, self._request)
            answers.append(answer)
            if not isinstance(answer, messages.Progress):
                self._request = None
        return answers

    def _understood(
        self, message: dict[str, Any], request: messages.Request | None = None
    ) -> messages.Answer:
        """What a line says. An engine that this add-on does not understand is ended."""
        try:
            answer = messages.answer_of(message, request)
        except EngineError as error:
            raise self._failed(error.message) from error
        if isinstance(answer, messages.Progress):
            return replace(answer, fraction=min(1.0, max(0.0, answer.fraction)))
        return answer

    def _started(self, answer: messages.Answer) -> None:
        """Take the first thing that the engine says: what it can do, or why it can do nothing."""
        if isinstance(answer, messages.Failure):  # such as a Python without numpy
            self._refusal = answer.message
            self._next_way(self._refusal)
        elif isinstance(answer, messages.Capabilities):
            self.capabilities = self.known_capabilities = answer
            self.has_answered = True
            if self._request is not None and not self._sent:
                self._send()

    def withdraw(self) -> bool:
        """Take back a request that was not sent, since the process still starts, which goes on.

        Returns:
            Whether there was one.
        """
        if self._request is None or self._sent:
            return False
        self._request = None
        return True

    def cancel(self) -> None:
        """Stop what is under way; the process ends with it and starts anew when next asked.

        One that takes long to start, which ended what was under way, goes on.
        """
        if self._request is None and self._process is not None and self._process.late:
            return
        self._request = None
        self.close()

    def close(self) -> None:
        """End the process: politely, then by force. Safe to call at any time."""
        process, self._process = self._process, None
        self.capabilities = None
        self._request = None
        if process is None:
            return
        popen = process.popen
        with contextlib.suppress(OSError):
            popen.terminate()
        try:
            popen.wait(2.0)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                popen.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                popen.wait(2.0)
        if popen.stdin is not None:
            with contextlib.suppress(OSError):
                popen.stdin.close()

    def _start(self) -> None:
        candidate = self.ways[self._way] if self._way < len(self.ways) else None
        if candidate is None:
            raise self._failed(
                "No Python was found that runs the engine: choose one in the add-on's preferences."
            )
        flags = {"creationflags": _CREATE_NO_WINDOW} if os.name == "nt" else {}
        try:
            popen = subprocess.Popen(
                candidate.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=str(self.root),
                env={**child_environment(self.root, candidate.extra_path), **dict(candidate.variables)},
                **flags,  # type: ignore[call-overload]
            )
        except OSError as error:
            self.log.append(f"{candidate.title}: {error}")
            self._process = None
            self._next_way(str(error))
            return
        lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = _Process(candidate, popen, lines)
        self.capabilities = None
        for target, arguments in (
            (_read_lines, (popen.stdout, lines)),
            (_read_log, (popen.stderr, self.log)),
        ):
            threading.Thread(
                target=target, args=arguments, name="talking-animation-engine", daemon=True
            ).start()

    def _takes_long(self, process: _Process) -> None:
        """It says nothing, which is no sign of what is wrong: the next way may do better, the last one is left to start."""
        if self._way + 1 < len(self.ways):
            self._next_way("it did not answer")
            return
        self.log.append(
            f"{process.candidate.title} did not answer within {START_TIMEOUT:.0f} s; it goes on starting"
        )
        process.late, self._request = True, None
        raise SlowStart(
            f"The engine has not started within {START_TIMEOUT:.0f} seconds, as on a slow or busy computer: it goes on "
            "starting, so try again to wait for it."
        )

    def _next_way(self, reason: str) -> None:
        """The present candidate cannot run the engine: try the one after it."""
        request, candidate = self._request, self.ways[self._way]
        self.log.append(f"{candidate.title} cannot run the engine: {reason}")
        self.close()
        self._request, self._sent = request, False
        self._way += 1
        if candidate.only:
            raise self._failed(
                self._refusal
                or f"{candidate.command[0]} cannot run the engine: choose another Python in the "
                "add-on's preferences, or none."
            )
        if self._way >= len(self.ways):
            raise self._failed(
                self._refusal
                or "The engine could not be started: press Copy Diagnostics in the add-on's preferences "
                "and report it."
            )
        self._start()

    def _died(self) -> None:
        assert self._process is not None
        code = self._process.popen.poll()
        if code is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.popen.wait(2.0)
        if self.capabilities is None:
            self._next_way(f"it ended with {code}")
            return
        busy = self._request is not None
        self.log.append(f"the engine ended with {code}")
        self.close()
        if busy:
            raise self._failed(
                "The engine stopped unexpectedly, perhaps for want of memory: generate again, and if it "
                "happens again press Copy Diagnostics in the add-on's preferences and report it."
            )

    def _failed(self, sentence: str) -> TalkingAnimationError:
        self.close()
        return TalkingAnimationError(sentence)

    def _send(self) -> None:
        assert self._process is not None and self._process.popen.stdin is not None
        assert self._request is not None
        self._sent = True
        line = json.dumps(self._request.as_message(self._ids), ensure_ascii=False) + "\n"
        # What is no character in a file's name becomes JSON's own escape.
        data = line.encode("utf-8", "backslashreplace")
        # A process that has just died is noticed when its output ends.
        with contextlib.suppress(OSError):
            self._process.popen.stdin.write(data)
            self._process.popen.stdin.flush()


def _read_lines(stream: Any, lines: queue.Queue[dict[str, Any] | None]) -> None:
    """Thread: put each JSON object of the engine's output on the queue, None at its end."""
    with contextlib.suppress(OSError, ValueError):
        for raw in stream:
            text = raw.decode("utf-8", "replace").strip()
            if text.startswith("{"):
                with contextlib.suppress(ValueError):
                    message = json.loads(text)
                    if isinstance(message, dict):
                        lines.put(message)
    lines.put(None)
    with contextlib.suppress(OSError):
        stream.close()


def _read_log(stream: Any, log: deque[str]) -> None:
    """Thread: keep the last lines of the engine's error output."""
    with contextlib.suppress(OSError, ValueError):
        for raw in stream:
            log.append(raw.decode("utf-8", "replace").rstrip())
    with contextlib.suppress(OSError):
        stream.close()
