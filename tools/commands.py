# SPDX-License-Identifier: MIT
"""build.py's command line: setup, demo, test, package, bench."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import bench, blenders, demo, gallery, package
from tools.environments import ROOT, apt_install, environment, folder_of_packages, interpreter
from tools.terminal import BuildError, say

DEVELOPER_PYTHONS = ((3, 11), (3, 12), (3, 10))
TEST_PROGRAMS = {
    "blender": "blender",
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "import": "imagemagick",
}
"""Program on PATH → the Debian package that brings it."""


def full_environment() -> Path:
    """The full engine's environment: torch, PyAV and MediaPipe (which has no build for Python 3.13)."""
    return environment("full", ["full"], interpreter((3, 11), (3, 12), (3, 10), (3, 13)))


def developer_environment() -> Path:
    """The environment that the tests, the type checker and the training run in."""
    python = interpreter(*DEVELOPER_PYTHONS)
    if python is None:
        raise BuildError(
            "The tests need Python 3.10, 3.11 or 3.12 on PATH (mediapipe has no build for others)."
        )
    return environment("dev", ["full", "training", "dev"], python)


def setup(options: argparse.Namespace) -> int:
    """`build.py setup`: install, and say how to use what was installed."""
    if options.training:
        say(f"The developer's environment is ready: {developer_environment()}")
        print("       Train and evaluate with it, for instance:")
        print(f"       {developer_environment()} -m inference.training --help")
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
    python = developer_environment()
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ready = []
    for version in blenders.WHEELS:
        found = blenders.wheel(version)
        if found is None:
            say(
                f"Blender {version[0]}.{version[1]} (bpy) is left out: it needs Python 3.11, and there is none on PATH"
            )
        else:
            ready.append(found)
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
    say(f"Testing in {', '.join(found.name for found in ready) or 'no Blender'}")
    command = [str(python), "-m", "pytest", *options.arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="build.py",
        description="Install, show, test, package and measure Talking Animation for Blender. "
        "Missing software is installed into .env/ beside build.py; system packages through apt when run as "
        "root, otherwise the exact command is printed.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    choice = (
        "the blender program to use, or “bpy” for the bpy 5.0.1 wheel (default: blender on PATH, else bpy)"
    )

    entry = commands.add_parser("demo", help="a talking character, from a bare machine to out/demo.mp4")
    entry.description = (
        "Build the zip, install that zip into Blender (with a throw-away settings folder), let the demo character "
        "speak a sample voice, and leave out/demo.mp4, out/demo.blend and out/demo.png. Under five minutes on two "
        "cores beside downloads; a second run reuses what is there."
    )
    entry.add_argument("--blender", metavar="PATH", help=choice)
    entry.add_argument(
        "--voice", metavar="FILE", type=Path, help="another recording (default: demo/hello.wav)"
    )
    entry.add_argument("--style", metavar="NAME", help="speaking style (default: the add-on's own default)")
    entry.add_argument(
        "--seed", metavar="N", type=int, default=0, help="seed of blinks and gaze (default: 0)"
    )
    entry.add_argument("--jobs", metavar="N", type=int, help="Blender processes that render side by side")
    entry.add_argument("--fresh", action="store_true", help="reuse nothing of an earlier run")
    entry.set_defaults(run=demo.demo)

    entry = commands.add_parser("styles", help="the same sentence in every style: pictures and a video")
    entry.description = (
        "Let the demo character say a sentence in every shipped style, and leave a picture of each (frames, the head's path, "
        "blinks) and a video of four side by side in out/styles."
    )
    entry.add_argument("--blender", metavar="PATH", help=choice)
    entry.add_argument(
        "--voice", metavar="FILE", type=Path, help="another recording (default: demo/hello.wav)"
    )
    entry.add_argument("--jobs", metavar="N", type=int, help="Blender processes that render side by side")
    entry.set_defaults(run=gallery.styles)

    entry = commands.add_parser("test", help="everything installed, all tests; pytest's summary last")
    entry.description = (
        "Install what the tests need (Python environments, Blender 4.2, 4.5 and 5.0 as modules, Debian's blender when "
        "root) and run them. All other arguments go to pytest: build.py test -k worker -x"
    )
    entry.set_defaults(run=test, arguments=[])

    entry = commands.add_parser("package", help="the add-on's zip and its SHA-256 in dist/")
    entry.description = (
        "Write dist/talking_animation-VERSION.zip and its .sha256: the same commit, the same bytes."
    )
    entry.set_defaults(run=lambda options: 0 if package.package() else 1)

    entry = commands.add_parser("bench", help="the speed figures, as a table and as out/bench.json")
    entry.description = (
        "Measure engine and add-on on this machine. Nothing is asserted; the bars stand beside."
    )
    entry.add_argument("--blender", metavar="PATH", help=choice)
    entry.add_argument("--quick", action="store_true", help="leave out the hour of speech")
    entry.set_defaults(run=bench.bench)

    entry = commands.add_parser("setup", help="only install")
    entry.description = "Install what the demo needs, or one of the larger environments."
    entry.add_argument(
        "--full",
        action="store_true",
        help="the full engine: torch (about 1 GB; more with CUDA), PyAV, MediaPipe",
    )
    entry.add_argument("--training", action="store_true", help="training, evaluation and developer's tools")
    entry.add_argument("--blender", metavar="PATH", help=choice)
    entry.set_defaults(run=setup)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    top = parser()
    if given[:1] == ["test"] and not {"-h", "--help"} & set(given):
        options = top.parse_args(["test"])
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
