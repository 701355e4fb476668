# SPDX-License-Identifier: MIT
"""What a whole scene costs: one headless command over many sound strips, with an engine process killed in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import wave
from pathlib import Path
from typing import Any

from tools import blenders
from tools.environments import ROOT
from tools.terminal import BuildError, run

LINES = 100
CHARACTERS = ("Alice", "Bob", "Carol", "Dave")
SECONDS = 6.0
LIMIT = 900  # seconds after which the command counts as hung


def measure(blender: blenders.Blender, speech: Path, addon: Path, work: Path) -> dict[str, Any]:
    """Animate the scene twice: as it is, and again from the cache.

    Args:
        blender: which; it must have sound strips.
        speech: a WAV of at least LINES × SECONDS.
        addon: the zip.
        work: a folder for all that is made.

    Returns:
        ``seconds`` of the first run and ``again`` of the second (wall clock of the whole command, from Blender's start to
        the saved file), ``lost`` lines of the first, ``peak_mib`` of Blender, ``saved_mib`` of the file.
    """
    folder = work / f"scene-{blender.slug}"
    shutil.rmtree(folder, ignore_errors=True)
    voices = folder / "voices"
    voices.mkdir(parents=True)
    cut(speech, voices)
    variables = blender.environment(folder / "user")
    scene, saved = folder / "scene.blend", folder / "talking.blend"
    words: list[str | Path] = ["--zip", addon, "--voices", voices, "--seconds", str(SECONDS), "--save", scene]
    run(
        blender.command(ROOT / "demo" / "measure_scene.py", *words),
        what="Building the scene",
        environment=variables,
        log=folder / "build.log",
        timeout=LIMIT,
    )
    if not scene.exists():
        raise BuildError(f"The scene was not saved; the log is {folder / 'build.log'}.")
    first = animate(blender, variables, scene, saved, folder, kill_at=LINES // 2)
    again = animate(blender, variables, scene, saved, folder, kill_at=None)
    return {
        "seconds": first["seconds"],
        "lost": first["lost"],
        "killed": first["killed"],
        "peak_mib": first["peak_mib"],
        "again": again["seconds"],
        "lost_again": again["lost"],
        "saved_mib": round(saved.stat().st_size / 2**20, 1),
    }


def cut(speech: Path, folder: Path) -> None:
    """Cut a recording into lines, the characters taking turns."""
    with wave.open(str(speech)) as source:
        form, count = source.getparams(), round(SECONDS * source.getframerate())
        for number in range(LINES):
            data = source.readframes(count)
            if len(data) < count * form.sampwidth * form.nchannels:
                raise BuildError(f"{speech} is shorter than {LINES * SECONDS:.0f} s.")
            name = CHARACTERS[number % len(CHARACTERS)]
            with wave.open(str(folder / f"{name}_{number:03}.wav"), "wb") as target:
                target.setparams(form)
                target.writeframes(data)


def animate(
    blender: blenders.Blender,
    variables: dict[str, str],
    scene: Path,
    saved: Path,
    folder: Path,
    kill_at: int | None,
) -> dict[str, Any]:
    """Run the command once; one of its engine processes is killed when so many lines are done."""
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    command = blender.command(
        ROOT / "examples" / "generate.py", scene, "--scene", "--save", saved, "--json", answer
    )
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    killed = False
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if kill_at is not None and not killed and line.startswith(f"{kill_at} of {LINES} lines"):
            killed = kill_engine(process.pid)
        if time.perf_counter() - begin > LIMIT:
            process.kill()
    peak = float("nan")
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode, peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024
    else:
        process.wait()
    seconds = time.perf_counter() - begin
    (folder / "animate.log").write_text("".join(said), encoding="utf-8")
    if not answer.exists() or not saved.exists():
        raise BuildError(f"The scene was not animated; the log is {folder / 'animate.log'}.")
    told = json.loads(answer.read_text(encoding="utf-8"))
    if told["done"] + told["failed"] != LINES or len(told["characters"]) != len(CHARACTERS):
        raise BuildError(f"Not all lines were found: {told['message']}")
    return {
        "seconds": round(seconds, 2),
        "lost": told["failed"],
        "killed": int(killed),
        "peak_mib": round(peak, 1),
    }


def kill_engine(parent: int) -> bool:
    """Kill one engine process that a process has started; False where there is no /proc to find it in."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes()
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        if above == parent and (b"inference.worker" in words or b"worker.py" in words):
            os.kill(int(entry.name), signal.SIGKILL)
            return True
    return False
