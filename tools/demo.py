# SPDX-License-Identifier: MIT
"""`build.py demo`: from nothing to a talking character, with the zip that a user would install."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.face.cores import cores
from tools import blenders, package
from tools.blenders import Blender
from tools.environments import ENV, OUT, ROOT, environment, interpreter
from tools.terminal import BuildError, counted, run, say
from tools.turns import turn

SCRIPTS = ROOT / "demo"
WORK = ENV / "demo"
STANDSTILL_SECONDS = 180


@dataclass(frozen=True)
class Show:
    """Who speaks in a demo, and where things of it lie.

    Attributes:
        picture: the name of a picture that ships, or a file; "" for another character.
        drawing: the name of an example of a drawn character; "" for another one.
        name: of its files in out/.
        folder: what is kept between runs.
    """

    picture: str
    name: str
    folder: Path
    drawing: str = ""

    @property
    def results(self) -> tuple[Path, Path, Path]:
        """The film, the scene and the contact sheet."""
        return OUT / f"{self.name}.mp4", OUT / f"{self.name}.blend", OUT / f"{self.name}.png"


def shipped_pictures() -> tuple[str, ...]:
    """The names of the pictures that ship; none where the folder is not whole."""
    try:
        table = json.loads((SCRIPTS / "pictures" / "pictures.json").read_text(encoding="utf-8"))
        return tuple(str(row["name"]) for row in table["pictures"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def drawings() -> tuple[str, ...]:
    """The examples of drawn and built characters, by their names: what `examples/drawn_stage.py` lets perform."""
    scripts = sorted((ROOT / "examples").glob("*.py"))
    return tuple(path.stem for path in scripts if "drawn_stage.perform(" in path.read_text(encoding="utf-8"))


def show_of(picture: str, drawing: str = "") -> Show:
    """The demo of a picture, by its name or its file, of a drawn character, or of the demo character where both are "".

    Raises:
        BuildError: there is neither such a picture nor such a file, or no such drawing, or both are asked for.
    """
    if drawing:
        name = drawing.casefold().replace("-", "_")
        if picture or name not in drawings():
            raise BuildError(
                "Choose either a picture or a drawing."
                if picture
                else f"There is no drawing {drawing}: choose one of {', '.join(drawings())}."
            )
        plain = name.replace("_", "-")
        return Show("", f"demo-{plain}", WORK / f"drawing-{plain}", name)
    if not picture:
        return Show("", "demo", WORK)
    known = {name.casefold(): name for name in shipped_pictures()}
    path = Path(picture)
    if picture.casefold() in known:
        picture = name = known[picture.casefold()]
    elif path.is_file():
        name, picture = path.stem, str(path.resolve())
    else:
        raise BuildError(
            f"There is no picture {picture}: choose one that ships ({', '.join(known.values())}), or a file with a face."
        )
    plain = "".join(sign if sign.isalnum() else "-" for sign in name)
    return Show(picture, f"demo-{plain}", WORK / f"picture-{plain}")


def demo(options: argparse.Namespace) -> int:
    """Make the film, the scene and the contact sheet in out/, reusing what an earlier run left."""
    with turn(ENV / "turns" / "demo", "the demo"):
        return _demo(options)


def _demo(options: argparse.Namespace) -> int:
    begin = time.monotonic()
    voice = (options.voice or SCRIPTS / "hello.wav").resolve()
    if not voice.is_file():
        raise BuildError(f"There is no recording {voice}.")
    show = show_of(options.picture, options.drawing)
    say("Talking Animation demo: looking for Blender")
    blender = blenders.for_demo(options.blender)
    say(f"Using {blender.name}: {blender.program}")
    python = environment("picture", ["picture"], interpreter((3, 11), (3, 12), (3, 10), (3, 13)))
    if options.fresh:
        shutil.rmtree(show.folder, ignore_errors=True)
    zipped = package.build()
    say(f"Built the add-on: {zipped.relative_to(ROOT)}, {zipped.stat().st_size / 1e6:.1f} MB")

    OUT.mkdir(exist_ok=True)
    facts = _performed(blender, zipped, voice, show, options)
    frames, key = _frames_of(blender, show, facts)
    wanted = range(int(str(facts["first"])), int(str(facts["last"])) + 1)
    render(blender, show.results[1], frames, wanted, options.jobs)
    _assembled(python, frames, voice, show, show.folder / blender.slug / "performance.npz", key)
    say(f"Done in {time.monotonic() - begin:.0f} s:")
    for path in show.results:
        print(f"       {path}  ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


def _performed(
    blender: Blender, zipped: Path, voice: Path, show: Show, options: argparse.Namespace
) -> dict[str, object]:
    """The facts about the scene, which is made where an earlier run did not leave just that."""
    blend = show.results[1]
    shown = Path(show.picture)
    key = _hash(
        package.sha256(zipped, voice, SCRIPTS / "perform.py", SCRIPTS / "inside.py"),
        blender.name,
        str(options.style),
        str(options.seed),
        *([package.sha256(shown) if shown.is_file() else show.picture] if show.picture else []),
        *([package.sha256(*_drawn_by(show.drawing))] if show.drawing else []),
    )
    folder = show.folder / blender.slug
    facts_path = folder / "performance.json"
    facts = _read(facts_path)
    if facts.get("key") == key and blend.exists() and package.sha256(blend) == facts.get("blend"):
        say(f"The character has already performed this: using out/{blend.name} as it is")
        return facts
    who = (
        f"the picture {shown.name}"
        if show.picture
        else show.drawing.replace("_", " ") or "the demo character"
    )
    say(f"Installing {zipped.name} into {blender.name}; {who} listens and speaks")
    shows = ["--picture", show.picture] if show.picture else []
    shows += ["--drawing", show.drawing] if show.drawing else []
    facts = perform(blender, folder, zipped, voice, blend, options.style, options.seed, shows)
    say(
        f"{facts['curves']} curves on frames {facts['first']}–{facts['last']} at {facts['fps']:g} fps, "
        f"written {facts['seconds']:.1f} s after the click"
    )
    facts |= {"key": key, "blend": package.sha256(blend)}
    facts_path.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return facts


def _drawn_by(drawing: str) -> tuple[Path, Path]:
    """The scripts that build a drawn character."""
    return ROOT / "examples" / f"{drawing}.py", ROOT / "examples" / "drawn_stage.py"


def _frames_of(blender: Blender, show: Show, facts: dict[str, object]) -> tuple[Path, str]:
    """The folder of this performance's frames, emptied of another one's, and what the frames are made of."""
    frames = show.folder / "frames"
    key = _hash(facts["blend"], package.sha256(SCRIPTS / "render.py"), blender.name)
    if _read(frames / "rendered.json").get("key") != key:
        shutil.rmtree(frames, ignore_errors=True)
        frames.mkdir(parents=True)
        (frames / "rendered.json").write_text(json.dumps({"key": key}), encoding="utf-8")
    return frames, key


def _assembled(python: Path, frames: Path, voice: Path, show: Show, measured: Path, key: str) -> None:
    """Make the film and the contact sheet of the frames, where they are not yet made of just these."""
    made = show.folder / "assembled.json"
    key = _hash(key, package.sha256(voice, SCRIPTS / "assemble.py", measured))
    film, _, contact_sheet = show.results
    results = [film, contact_sheet]
    if all(path.exists() for path in results) and _read(made) == {
        "key": key,
        "made": package.sha256(*results),
    }:
        say(f"out/{film.name} and out/{contact_sheet.name} are already made of them")
        return
    say(f"Assembling out/{film.name} and the contact sheet, and checking both")
    told = run(
        [python, SCRIPTS / "assemble.py", frames, voice, measured, OUT, show.name],
        what="Assembling the video",
        timeout=600,
    )
    print(told, end="")
    made.write_text(json.dumps({"key": key, "made": package.sha256(*results)}), encoding="utf-8")


def perform(
    blender: Blender,
    folder: Path,
    zipped: Path,
    voice: Path,
    blend: Path,
    style: str | None,
    seed: int = 0,
    shows: Sequence[str] = (),
) -> dict[str, object]:
    """Install the zip into a fresh settings folder, generate, save the .blend; returns the facts about it.

    `shows` says who speaks, as options of perform.py; the demo character where there are none.
    """
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
    arguments += shows
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
    count = max(1, min(jobs or min(cores(), 8), len(missing)))
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
