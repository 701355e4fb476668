# SPDX-License-Identifier: MIT
"""`build.py demo`: from nothing to a talking character, with the zip that a user would install."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import blenders, package
from tools.blenders import Blender
from tools.environments import ENV, OUT, ROOT, environment, interpreter
from tools.terminal import BuildError, counted, run, say

SCRIPTS = ROOT / "demo"
WORK = ENV / "demo"
STANDSTILL_SECONDS = 180


def demo(options: argparse.Namespace) -> int:
    """Make out/demo.mp4, out/demo.blend and out/demo.png, reusing what an earlier run left."""
    begin = time.monotonic()
    voice = (options.voice or SCRIPTS / "hello.wav").resolve()
    if not voice.is_file():
        raise BuildError(f"There is no recording {voice}.")
    say("Talking Animation demo: looking for Blender")
    blender = blenders.for_demo(options.blender)
    say(f"Using {blender.name}: {blender.program}")
    picture = environment("picture", ["picture"], interpreter((3, 11), (3, 12), (3, 10), (3, 13)))
    if options.fresh:
        shutil.rmtree(WORK, ignore_errors=True)
    zipped = package.build()
    say(f"Built the add-on: {zipped.relative_to(ROOT)}, {zipped.stat().st_size / 1e6:.1f} MB")

    OUT.mkdir(exist_ok=True)
    blend = OUT / "demo.blend"
    facts = _performed(blender, zipped, voice, blend, options)
    frames, key = _frames_of(blender, facts)
    wanted = range(int(str(facts["first"])), int(str(facts["last"])) + 1)
    render(blender, blend, frames, wanted, options.jobs)
    _assembled(picture, frames, voice, WORK / blender.slug / "performance.npz", key)
    say(f"Done in {time.monotonic() - begin:.0f} s:")
    for name in ("demo.mp4", "demo.blend", "demo.png"):
        path = OUT / name
        print(f"       {path}  ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


def _performed(
    blender: Blender, zipped: Path, voice: Path, blend: Path, options: argparse.Namespace
) -> dict[str, object]:
    """The facts about out/demo.blend, which is made where an earlier run did not leave just that."""
    key = _hash(
        package.sha256(zipped, voice, SCRIPTS / "perform.py", SCRIPTS / "inside.py"),
        blender.name,
        str(options.style),
        str(options.seed),
    )
    folder = WORK / blender.slug
    facts_path = folder / "performance.json"
    facts = _read(facts_path)
    if facts.get("key") == key and blend.exists() and package.sha256(blend) == facts.get("blend"):
        say("The character has already performed this: using out/demo.blend as it is")
        return facts
    say(f"Installing {zipped.name} into {blender.name}; the demo character listens and speaks")
    facts = perform(blender, folder, zipped, voice, blend, options.style, options.seed)
    say(
        f"{facts['curves']} curves on frames {facts['first']}–{facts['last']} at {facts['fps']:g} fps, "
        f"written {facts['seconds']:.1f} s after the click"
    )
    facts |= {"key": key, "blend": package.sha256(blend)}
    facts_path.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return facts


def _frames_of(blender: Blender, facts: dict[str, object]) -> tuple[Path, str]:
    """The folder of this performance's frames, emptied of another one's, and what the frames are made of."""
    frames = WORK / "frames"
    key = _hash(facts["blend"], package.sha256(SCRIPTS / "render.py"), blender.name)
    if _read(frames / "rendered.json").get("key") != key:
        shutil.rmtree(frames, ignore_errors=True)
        frames.mkdir(parents=True)
        (frames / "rendered.json").write_text(json.dumps({"key": key}), encoding="utf-8")
    return frames, key


def _assembled(picture: Path, frames: Path, voice: Path, measured: Path, key: str) -> None:
    """Make out/demo.mp4 and out/demo.png of the frames, where they are not yet made of just these."""
    made = WORK / "assembled.json"
    key = _hash(key, package.sha256(voice, SCRIPTS / "assemble.py", measured))
    results = [OUT / "demo.mp4", OUT / "demo.png"]
    if all(path.exists() for path in results) and _read(made) == {
        "key": key,
        "made": package.sha256(*results),
    }:
        say("out/demo.mp4 and out/demo.png are already made of them")
        return
    say("Assembling out/demo.mp4 and the contact sheet, and checking both")
    told = run(
        [picture, SCRIPTS / "assemble.py", frames, voice, measured, OUT],
        what="Assembling the video",
        timeout=600,
    )
    print(told, end="")
    made.write_text(json.dumps({"key": key, "made": package.sha256(*results)}), encoding="utf-8")


def perform(
    blender: Blender, folder: Path, zipped: Path, voice: Path, blend: Path, style: str | None, seed: int = 0
) -> dict[str, object]:
    """Install the zip into a fresh settings folder, generate, save the .blend; returns the facts about it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    arguments: list[str | Path] = [
        "--zip",
        zipped,
        "--voice",
        voice,
        "--work",
        folder,
        "--save",
        blend,
    ]
    arguments += ["--seed", str(seed)]
    if style:
        arguments += ["--style", style]
    run(
        blender.command(SCRIPTS / "perform.py", *arguments),
        what="The performance in Blender",
        environment=blender.environment(folder / "user"),
        log=folder / "perform.log",
        timeout=600,
    )
    facts = _read(folder / "performance.json")
    if not facts:
        raise BuildError(f"Blender ended without saying what it made; its log is {folder / 'perform.log'}.")
    return facts


def render(
    blender: Blender,
    blend: Path,
    frames: Path,
    wanted: Sequence[int],
    jobs: int | None,
    arguments: Sequence[str | Path] = (),
) -> None:
    """Render those of the wanted frames that are missing, several Blender processes side by side.

    Args:
        blender: what renders.
        blend: the scene.
        frames: the folder that the pictures go to.
        wanted: frame numbers.
        jobs: processes; None for as many as there are cores.
        arguments: more of them for demo/render.py.
    """
    missing = [frame for frame in wanted if not _picture(frames, frame).exists()]
    total = len(wanted)
    if not missing:
        say(f"All {total} frames are already rendered")
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = max(1, min(jobs or min(cores, 8), len(missing)))
    say(f"Rendering {len(missing)} frames of {total} in {count} Blender process{'es' if count > 1 else ''}")
    begin = time.monotonic()
    running: list[Renderer] = []
    try:
        for index in range(count):
            running.append(Renderer.start(blender, blend, frames, missing[index::count], index, arguments))
        _wait_for(running, lambda: sum(_picture(frames, frame).exists() for frame in missing), len(missing))
    finally:
        for each in running:
            if each.process.poll() is None:
                each.process.kill()
                each.process.wait()
    lost = [frame for frame in missing if not _picture(frames, frame).exists()]
    if lost:
        raise BuildError(f"{len(lost)} frames are missing after rendering, the first of them {lost[0]}.")
    spent = time.monotonic() - begin
    say(f"Rendered in {spent:.0f} s, {spent / len(missing):.2f} s a frame")


@dataclass(frozen=True)
class Renderer:
    """A Blender process that renders some of the frames."""

    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(
        cls,
        blender: Blender,
        blend: Path,
        frames: Path,
        wanted: Sequence[int],
        index: int,
        arguments: Sequence[str | Path],
    ) -> Renderer:
        """Start one; its log and its settings folder carry the index."""
        log = frames.parent / f"render-{index}.log"
        given: list[str | Path] = [
            "--blend",
            blend,
            "--frames",
            ",".join(map(str, wanted)),
            "--folder",
            frames,
        ]
        with log.open("wb") as handle:
            process = subprocess.Popen(
                blender.command(SCRIPTS / "render.py", *given, *arguments),
                env=blender.environment(frames.parent / f"user-{index}"),
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
            )
        return cls(process, log)

    def check(self) -> None:
        """Say what went wrong, with its log's last lines, where it has failed."""
        if self.process.poll() not in (None, 0):
            tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            text = "\n".join(f"    {line}" for line in tail)
            raise BuildError(f"Rendering failed (exit code {self.process.returncode}).\n{text}")


def _wait_for(running: Sequence[Renderer], done_so_far: Callable[[], int], total: int) -> None:
    """Count the frames until all processes have ended; one that fails, or no frame for minutes, ends all."""
    begin = moved = time.monotonic()
    seen = 0
    while True:
        alive = [each for each in running if each.process.poll() is None]
        done = done_so_far()
        if done > seen:
            moved, seen = time.monotonic(), done
            counted("frames", done, total, begin, last=done == total)
        for each in running:
            each.check()
        if not alive:
            return
        if time.monotonic() - moved > STANDSTILL_SECONDS:
            raise BuildError(f"Rendering has stood still for three minutes; see {running[0].log}.")
        time.sleep(0.25)


def _picture(frames: Path, frame: int) -> Path:
    return frames / f"{frame:04d}.jpg"


def _read(path: Path) -> dict[str, object]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
