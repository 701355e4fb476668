# SPDX-License-Identifier: GPL-3.0-or-later
"""Another, hidden Blender that reads what takes long, while this one goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import bpy

from ..engine_process import process
from ..host import engine_folder

_NO_WINDOW = 0x08000000
_ENDS_WITH_THIS_ONE = (
    "import os, threading; threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()"
)
"""What the hidden one runs first: its input ends when this Blender does, also where that crashes or is killed."""
_RUN_SCRIPT = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"


def start(script: Path, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Run a script of the add-on in another Blender, or in this Python where it is Blender itself. It ends with this one.

    Args:
        script: the file.
        arguments: what it finds behind ``--``.

    Raises:
        OSError: it cannot be started.
    """
    hidden = [
        bpy.app.binary_path,
        "-b",
        "--factory-startup",
        "-noaudio",
        "--python-exit-code",
        "1",
        "--python-expr",
        _ENDS_WITH_THIS_ONE,
        "--python",
    ]
    alone = [sys.executable, "-c", f"{_ENDS_WITH_THIS_ONE}; {_RUN_SCRIPT}"]
    return subprocess.Popen(
        [*(hidden if bpy.app.binary_path else alone), str(script), "--", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=process.child_environment(engine_folder.find_root()),
        creationflags=_NO_WINDOW if os.name == "nt" else 0,
    )


def end(running: subprocess.Popen[bytes] | None) -> None:
    """End it, if it runs."""
    if running is None:
        return
    if running.poll() is None:
        running.kill()
        running.wait()
    if running.stdin is not None:
        running.stdin.close()
