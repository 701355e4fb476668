# SPDX-License-Identifier: GPL-3.0-or-later
"""The full engine's own Python environment: made in the user's data folder, asked for, removed.

It is an ordinary virtual environment with the packages of `lock`, made of pyproject.toml's list ``full``; pip installs nothing
whose digest is not in there. Making it is the only thing in this add-on that uses the network, and only `Setup` does it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import weakref
from collections import deque
from pathlib import Path
from typing import Any, Final

import bpy

from ..errors import Cancelled, TalkingAnimationError
from ..host import engine_folder
from ..host.blender_versions import interface

FOLDER: Final = "talking_animation_full_engine"
LOCK: Final = "full-engine.lock"
SUPPORTED: Final = ((3, 10), (3, 14))
NO_MEDIAPIPE: Final = (3, 13)
_MARK = "ready.txt"
_LINES = 40
_SIZES: Final = {
    "linux": 6.0,
    "win32": 1.5,
    "darwin": 1.5,
}  # GB on disk; Linux' torch brings NVIDIA's libraries
_NO_ONLINE = "Blender's online access is off: allow it in Preferences > System > Network"
_OFFLINE = "Blender was started with --offline-mode, so nothing can be downloaded: start it without"
_OTHER = re.compile(r"DO NOT MATCH THE HASHES.*?^ +(\S+?)(?:==\S+)? from ", re.DOTALL | re.MULTILINE)
"""What pip says of a file whose digest is another; one that broke off is one, too."""
_CACHED = re.compile(r"^ *(Using cached|Downloading) ", re.MULTILINE)
_WORDS: Final = (
    (re.compile(r"^Collecting (\S+)"), "Looking for {}"),
    (re.compile(r"^\s*Using cached (?:\S*/)?([A-Za-z0-9_.]+?)-\d\S*"), "{} is here already"),
    (re.compile(r"^\s*Downloading (?:\S*/)?([A-Za-z0-9_.]+?)-\d\S*(?: \((.+?)\))?"), "Downloading {} {}"),
    (re.compile(r"^Installing collected packages"), "Installing"),
)


def folder() -> Path:
    """Where the environment is, or would be made."""
    return Path(bpy.utils.user_resource("DATAFILES", path=FOLDER))


def python_of(environment: Path) -> Path:
    """The Python of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_use() -> Path | None:
    """The environment that was made; None where there is none, and while one is made here.

    Where Blender ended while another was made, the one before still waits beside its place, and works there, too: another
    Blender may be at work in its place, so it is put back by the next `Setup` alone.
    """
    if any(setup.is_under_way for setup in _setups):
        return None
    return next((place for place in (folder(), _before()) if _is_complete(place)), None)


def python() -> str:
    """The Python of the environment that was made; "" where there is none."""
    place = in_use()
    return str(python_of(place)) if place is not None else ""


def is_there() -> bool:
    """Whether there is an environment, though it may be half made: `python` says whether one works."""
    return folder().is_dir() or _before().is_dir()


def _is_complete(environment: Path) -> bool:
    return (environment / _MARK).is_file() and python_of(environment).exists()


def lock() -> Path:
    """The list of the full engine's packages with the SHA-256 of each of their files, as pip takes it.

    Raises:
        TalkingAnimationError: where this copy of the add-on has none.
    """
    path = engine_folder.find_root() / LOCK
    if not path.is_file():
        raise TalkingAnimationError(
            "The list of the full engine's packages is missing: install the add-on's zip again."
        )
    return path


def downloads() -> Path:
    """Where pip keeps what has arrived whole until the environment is complete, so that the next try goes on from there."""
    return folder().with_name(f"{FOLDER}.downloads")


def _before() -> Path:
    """Where the environment waits that worked before, while another one is made."""
    return folder().with_name(f"{folder().name}.old")


def gigabytes() -> float:
    """How much the environment takes on disk, about."""
    return _SIZES.get(sys.platform, 1.5)


def warning() -> list[str]:
    """What making it means, to be confirmed before, in sentences."""
    told = [
        f"This downloads torch, PyAV, MediaPipe, SciPy and sounddevice from pypi.org, about {gigabytes():g} GB on disk, "
        f"into {folder()}. Nothing else of your computer changes."
    ]
    return [*told, _no_mediapipe()] if sys.version_info[:2] >= NO_MEDIAPIPE else told


def _no_mediapipe() -> str:
    return (
        f"MediaPipe has no build for Python {sys.version_info[0]}.{sys.version_info[1]}: motion, styles and persons from "
        "videos will need another Python (3.10 to 3.12), chosen as Engine Python."
    )


def obstacle() -> str:
    """Why the environment cannot be made here, without full stop; "" where it can."""
    if not interface.online_access():
        return _OFFLINE if interface.online_access_is_forced() else _NO_ONLINE
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        return f"There are no packages for Python {sys.version_info[0]}.{sys.version_info[1]}"
    if not _base_python():
        return "Blender's own Python was not found"
    return ""


def _base_python() -> str:
    """The Python that makes the environment: the one that Blender runs in."""
    names = [sys.executable, getattr(sys, "_base_executable", "")]
    names += [str(path) for path in sorted(Path(sys.prefix, "bin").glob("python3*"))]
    for name in names:
        # sys.executable may name Blender itself, which would open a window.
        if name and "blender" not in Path(name).stem.casefold() and os.access(name, os.X_OK):
            return name
    return ""


def remove() -> bool:
    """Delete the environment and what was downloaded for it; returns whether there was one."""
    there = is_there()
    for path in (folder(), _before(), downloads()):
        shutil.rmtree(path, ignore_errors=True)
    return there


class Setup:
    """Making the environment without blocking: call `poll` until it returns True, then read `report`.

    What was half made is deleted when it fails or is cancelled, but for packages that have arrived whole; an environment that
    worked before is kept until the new one is complete.

    Args:
        wanted: a list as `lock`, which is the default.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: the environment's Python; None until done.
        log: pip's last lines.
    """

    def __init__(self, wanted: Path | None = None) -> None:
        reason = obstacle()
        if reason:
            raise TalkingAnimationError(f"{reason}.")
        self.fraction, self.stage = 0.0, "Making the environment"
        self.report: str | None = None
        self.log: deque[str] = deque(maxlen=_LINES)
        self._popen: subprocess.Popen[bytes] | None = None
        self._wanted = lock() if wanted is None else wanted
        self._place = folder()
        self._old = _before()
        # Virtual environments cannot be moved, so the old one steps aside; where Blender ended while another was made, it still
        # waits there.
        half_made = self._old.exists() and not _is_complete(self._place)
        shutil.rmtree(self._place if half_made else self._old, ignore_errors=True)
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            if self._place.exists():
                self._place.rename(self._old)
        except OSError as error:
            raise TalkingAnimationError(
                f"'{self._place}' cannot be written to ({error.strerror or error}): check the folder's permissions."
            ) from error
        self._commands = [
            [_base_python(), "-m", "venv", str(self._place)],
            [
                str(python_of(self._place)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
                "--progress-bar", "off", "--require-hashes", "--only-binary", ":all:", "--cache-dir", str(downloads()),
                "-r", str(self._wanted),
            ],
            [str(python_of(self._place)), "-c", "import numpy"],
        ]  # fmt: skip
        self._steps = len(self._commands)
        _setups.add(self)
        self._lines: queue.Queue[str | None] = queue.Queue()
        try:
            self._next()
        except BaseException:
            self._give_up()
            raise

    @property
    def is_under_way(self) -> bool:
        """Whether it is being made: neither done, nor given up."""
        return self._popen is not None

    def _next(self) -> None:
        command = self._commands.pop(0)
        env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        env.setdefault(
            "PIP_RESUME_RETRIES", "10"
        )  # pip from 25.1 on goes on within a file; older ones pass this over
        flags: dict[str, Any] = {"creationflags": 0x08000000} if os.name == "nt" else {}
        self._lines = queue.Queue()
        try:
            self._popen = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=env,
                **flags,
            )  # fmt: skip
        except OSError as error:
            raise TalkingAnimationError(
                f"{command[0]} cannot be run ({error.strerror or error}): choose a Python of your own as Engine Python."
            ) from error
        reader = threading.Thread(target=_read, args=(self._popen.stdout, self._lines), daemon=True)
        reader.start()

    def poll(self) -> bool:
        """Take the news.

        Returns:
            True when the environment is ready.

        Raises:
            TalkingAnimationError: what went wrong; nothing is left behind.
        """
        if self.report is not None:
            return True
        if self._popen is None:
            raise Cancelled
        try:
            ended = self._take_lines()
            if not ended:
                return False
            code = self._popen.wait()
            if code != 0:
                raise TalkingAnimationError(self._why(code))
            if self._commands:
                self.fraction = max(self.fraction, 0.1 if len(self._commands) == 2 else 0.95)
                self.stage = "Looking for packages" if len(self._commands) == 2 else "Trying it"
                self._next()
                return False
            shutil.copyfile(self._wanted, self._place / _MARK)
        except BaseException:
            self._give_up()
            raise
        self._popen = None
        shutil.rmtree(self._old, ignore_errors=True)
        shutil.rmtree(downloads(), ignore_errors=True)
        self.fraction, self.report = 1.0, str(python_of(self._place))
        return True

    def _take_lines(self) -> bool:
        """Read what has arrived; returns whether the output has ended."""
        while True:
            try:
                line = self._lines.get_nowait()
            except queue.Empty:
                return False
            if line is None:
                return True
            self.log.append(line)
            for pattern, words in _WORDS:
                match = pattern.match(line)
                if match:
                    self.stage = words.format(*(part or "" for part in match.groups())).strip()
                    # How many packages there are in the end nobody says before: ever smaller steps.
                    self.fraction += (0.9 - self.fraction) * 0.05

    def _why(self, code: int) -> str:
        said = "\n".join(self.log)
        if "ensurepip" in said or "No module named venv" in said:
            return (
                "This Blender's Python cannot make environments: install python3-venv (Debian and Ubuntu), or choose a "
                "Python of your own as Engine Python."
            )
        if "No space left" in said or "Errno 28" in said:
            return f"The disk is full: about {gigabytes():g} GB are needed for '{self._place}'."
        other = _OTHER.search(said)
        if other:
            if _CACHED.findall(said)[-1:] == ["Using cached"]:
                shutil.rmtree(downloads(), ignore_errors=True)
            return (
                f"{other.group(1)} did not arrive whole or is not what this add-on's list names, so nothing was installed: try "
                "again, and on another network if it happens twice."
            )
        if re.search(
            r"NewConnectionError|Max retries|Temporary failure in name resolution|Read timed out|IncompleteRead",
            said,
        ):
            return "pypi.org cannot be reached: check the network and try again; what has arrived is kept."
        last = next((line for line in reversed(self.log) if line.startswith("ERROR")), f"exit code {code}")
        return f"The full engine could not be made ({last.removeprefix('ERROR: ')}): copy the diagnostics and report it."

    def cancel(self) -> None:
        """Stop; the environment before is back, if there was one. Safe to call at any time."""
        if self.report is None and self._popen is not None:
            self._give_up()

    def _give_up(self) -> None:
        popen, self._popen = self._popen, None
        if popen is not None and popen.poll() is None:
            with contextlib.suppress(OSError):
                popen.terminate()
            try:
                popen.wait(5.0)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(OSError):
                    popen.kill()
                popen.wait()
        shutil.rmtree(self._place, ignore_errors=True)
        if self._old.exists():
            with contextlib.suppress(
                OSError
            ):  # an engine that still runs from it keeps it there, where it works, too
                self._old.rename(self._place)


_setups: Final[weakref.WeakSet[Setup]] = weakref.WeakSet()
"""Those of this session."""


def _read(stream: Any, lines: queue.Queue[str | None]) -> None:
    """Thread: put each line on the queue, None at the end."""
    with contextlib.suppress(OSError, ValueError):
        for raw in stream:
            lines.put(raw.decode("utf-8", "replace").rstrip())
    lines.put(None)
    with contextlib.suppress(OSError):
        stream.close()
