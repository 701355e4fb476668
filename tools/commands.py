# SPDX-License-Identifier: MIT
"""build.py's command line: a table of commands and their options, and what installs and tests."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.face.cores import ONE_THREAD
from tools import bench, blenders, checks, demo, gallery, inside, lock, package, version
from tools.environments import (
    BYTECODE,
    ROOT,
    TESTS_STARTED,
    apt_install,
    environment,
    folder_of_packages,
    forget_temporary_bytecode,
    interpreter,
)
from tools.terminal import BuildError, say

DEVELOPER_PYTHONS = checks.PYTHONS
TEST_PROGRAMS = {
    "blender": "blender",
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "import": "imagemagick",
}
"""Program on PATH → the Debian package that brings it."""


def full_environment() -> Path:
    """The full engine's environment: torch, PyAV and MediaPipe (which has no build for Python 3.13), by the add-on's own list."""
    python = interpreter((3, 11), (3, 12), (3, 10), *((3, minor) for minor in lock.PYTHONS if minor > 12))
    if python is None:
        oldest, newest = min(lock.PYTHONS), max(lock.PYTHONS)
        raise BuildError(f"The full engine needs Python 3.{oldest} to 3.{newest} on PATH.")
    return environment("full", ["full"], python, lock.LOCK)


def developer_environment() -> Path:
    """The environment that the tests, the type checker and the training run in."""
    python = interpreter(*DEVELOPER_PYTHONS)
    if python is None:
        raise BuildError(
            "The tests need Python 3.10, 3.11 or 3.12 on PATH (mediapipe has no build for others)."
        )
    return environment("dev", ["full", "training", "dev", "checks", "docs"], python)


def setup(options: argparse.Namespace) -> int:
    """`build.py setup`: install, and say how to use what was installed."""
    if options.training:
        say(f"The developer's environment is ready: {developer_environment()}")
        print("       Train and evaluate with it, for instance:")
        print(f"       {developer_environment()} -m inference --help")
    if options.full:
        python = full_environment()
        say(f"The full engine is ready: {python}")
        print("       To use it in Blender: Edit > Preferences > Add-ons > Talking Animation > Engine: Full,")
        print(f"       and as the Python program: {python}")
    if not (options.full or options.training):
        blender = blenders.for_demo(options.blender)
        environment("picture", ["picture"], interpreter(*DEVELOPER_PYTHONS))
        say(f"Ready: {blender.name}, {blender.program}. The add-on itself needs nothing else.")
    return 0


def test(options: argparse.Namespace) -> int:
    """`build.py test`: install everything, then hand over to pytest."""
    started = str(time.monotonic())
    forget_temporary_bytecode()
    with ThreadPoolExecutor(max_workers=2) as pool:  # unpacking is most of it, and takes one core each
        developer = pool.submit(developer_environment)
        wheels = {wanted: pool.submit(blenders.wheel, wanted) for wanted in blenders.WHEELS}
        python = developer.result()
        installed = {wanted: wheel.result() for wanted, wheel in wheels.items()}
    # several processes share the cores: threads of each one's matrix products would only wait for each other
    variables = {**os.environ, **BYTECODE, TESTS_STARTED: started, **ONE_THREAD}
    ready = [wheel for wheel in installed.values() if wheel is not None]
    for wanted in (wanted for wanted, wheel in installed.items() if wheel is None):
        name = "{}.{}".format(*wanted)
        say(f"Blender {name} (bpy) is left out: it needs Python 3.11, and there is none on PATH")
    packages = [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
    if packages and shutil.which("apt-get") is not None:
        if os.geteuid() == 0:
            apt_install([*packages, "python3-numpy"], "The tests drive a real Blender in a window")
        else:
            say("Some tests will be skipped; to run them too: sudo apt-get install " + " ".join(packages))
    blender = blenders.installed()
    if blender is not None:
        blenders.ensure_libraries(blenders.LIBRARIES)
        blenders.ensure_numpy(blender)
        folder_of_packages("inside-blender", "inside-blender", python)
        ready.append(blender)
        variables["PATH"] = blender.plain_environment()["PATH"]
    else:
        say("No blender on PATH: the tests in a real Blender are skipped")
    say(f"Testing in {', '.join(each.name for each in ready) or 'no Blender'}")
    command = [str(python), "-m", "pytest", "-p", "tools.peak_memory", *options.arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


@dataclass(frozen=True)
class Option:
    """One option of a command, as argparse's `add_argument` takes it."""

    flags: tuple[str, ...]
    settings: Mapping[str, Any]


def option(*flags: str, **settings: Any) -> Option:
    """Write an option down."""
    return Option(flags, settings)


@dataclass(frozen=True)
class Command:
    """One command of build.py.

    Attributes:
        name: the word after build.py.
        help: its line in the list of commands.
        description: what its own --help says first.
        run: what it does; returns the exit code.
        options: what may follow it.
        passes_on: everything that follows goes to another program, as `options.arguments`.
    """

    name: str
    help: str
    description: str
    run: Callable[[argparse.Namespace], int]
    options: tuple[Option, ...] = ()
    passes_on: bool = False


BLENDER = option(
    "--blender",
    metavar="PATH",
    help="the blender program to use, or “bpy” for the bpy 5.0.1 wheel (default: blender on PATH, else bpy)",
)
VOICE = option("--voice", metavar="FILE", type=Path, help="another recording (default: demo/hello.wav)")
JOBS = option("--jobs", metavar="N", type=int, help="Blender processes that render side by side")
COMMANDS = (
    Command(
        "demo",
        "a talking character, from a bare machine to out/demo.mp4",
        "Build the zip, install that zip into Blender (with a throw-away settings folder), let the demo character "
        "speak a sample voice, and leave out/demo.mp4, out/demo.blend and out/demo.png. Under five minutes on two "
        "cores beside downloads; a second run reuses what is there.",
        demo.demo,
        (
            BLENDER,
            VOICE,
            option(
                "--picture",
                metavar="NAME|FILE",
                default="",
                help="let a picture talk instead of the demo character: one that ships by its name ("
                + ", ".join(demo.shipped_pictures())
                + "), or a file with a face; makes out/demo-NAME.mp4, .blend and .png",
            ),
            option(
                "--drawing",
                metavar="NAME",
                default="",
                help="let a drawn character talk instead: "
                + ", ".join(demo.drawings())
                + "; makes out/demo-NAME.mp4, .blend and .png",
            ),
            option("--style", metavar="NAME", help="speaking style (default: the add-on's own default)"),
            option("--seed", metavar="N", type=int, default=0, help="seed of blinks and gaze (default: 0)"),
            JOBS,
            option("--fresh", action="store_true", help="reuse nothing of an earlier run"),
        ),
    ),
    Command(
        "styles",
        "the same sentence in every style: pictures and a video",
        "Let the demo character say a sentence in every shipped style, and leave a picture of each (frames, the head's "
        "path, blinks) and a video of four side by side in out/styles.",
        gallery.styles,
        (BLENDER, VOICE, JOBS),
    ),
    Command(
        "test",
        "everything installed, all tests; pytest's summary last",
        "Install what the tests need (Python environments, Blender 4.2, 4.5 and 5.0 as modules, Debian's blender when "
        "root) and run them. All other arguments go to pytest: build.py test -k worker -x",
        lambda options: test(options),
        passes_on=True,
    ),
    Command(
        "quick",
        "the tests that need numpy and pytest alone",
        "Install numpy and pytest into .env/quick (seconds) and run the tests that need no Blender and no torch. All "
        "other arguments go to pytest: build.py quick -k closures, build.py quick tests/inference/hearing",
        checks.quick,
        passes_on=True,
    ),
    Command(
        "inside",
        "the add-on's tests in one Blender",
        f"Run tests/blender in one Blender: {inside.choices()}. All other arguments go to pytest: build.py inside 4.2 -k "
        "rocketbox",
        inside.inside,
        passes_on=True,
    ),
    Command(
        "lint",
        "the code's rules and its format (ruff)",
        "Run ruff check and ruff format --check on everything, with the versions that pyproject.toml pins.",
        checks.lint,
    ),
    Command(
        "types",
        "the code's types (mypy)",
        "Run mypy on engine, add-on and tools, with stubs for Blender's Python interface.",
        checks.types,
    ),
    Command(
        "docs",
        "the pages of docs/ as a site in out/site",
        "Build the documentation's site with MkDocs; a link that leads nowhere is an error.",
        checks.docs,
        (option("--serve", action="store_true", help="show it in a browser, and again at every change"),),
    ),
    Command(
        "package",
        "the add-on's zip, its SHA-256 and what it is made of, in dist/",
        "Write dist/talking_animation-VERSION.zip, its .sha256 and its bill of materials (.cdx.json, CycloneDX, with licences): "
        "the same commit and website, the same bytes.",
        lambda options: 0 if package.package(options.website) else 1,
        (
            option(
                "--website",
                metavar="URL",
                default="",
                help="where the product is at home, which Blender's Website button then opens",
            ),
        ),
    ),
    Command(
        "version",
        "say the version, or write another one everywhere",
        "Without a number, print the version. With one, write it into every file that names it.",
        version.version,
        (
            option("number", metavar="X.Y.Z", nargs="?", help="the version to write"),
            option("--notes", action="store_true", help="print what CHANGELOG.md says of it"),
        ),
    ),
    Command(
        "bench",
        "the speed figures, as a table and as out/bench.json",
        "Measure engine and add-on on this machine. Nothing is asserted; the bars stand beside.",
        bench.bench,
        (BLENDER, option("--quick", action="store_true", help="leave out the hour of speech")),
    ),
    Command(
        "setup",
        "only install",
        "Install what the demo needs, or one of the larger environments.",
        setup,
        (
            option(
                "--full",
                action="store_true",
                help="the full engine: torch, PyAV, MediaPipe and more (about 6 GB on Linux, else 1.5 GB), by the SHA-256 "
                "of each file",
            ),
            option("--training", action="store_true", help="training, evaluation and developer's tools"),
            BLENDER,
        ),
    ),
)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="build.py",
        description="Install, show, test, package and measure Talking Animation for Blender. "
        "Missing software is installed into .env/ beside build.py; system packages through apt when run as "
        "root, otherwise the exact command is printed.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        entry = commands.add_parser(command.name, help=command.help, description=command.description)
        for each in command.options:
            entry.add_argument(*each.flags, **each.settings)
        entry.set_defaults(run=command.run, arguments=[])
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # any folder's name can be printed, in any code page
    given = list(sys.argv[1:] if arguments is None else arguments)
    top = parser()
    passing = {command.name for command in COMMANDS if command.passes_on}
    if given[:1] and given[0] in passing and not {"-h", "--help"} & set(given):
        options = top.parse_args(given[:1])
        options.arguments = given[1:]
    else:
        options = top.parse_args(given)
    try:
        return int(options.run(options))
    except BuildError as problem:
        print(f"build.py {options.command}: {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nbuild.py: stopped.", file=sys.stderr)
        return 130
