# SPDX-License-Identifier: MIT
"""`build.py styles`: the demo character says the same sentence in every style; pictures for the docs and a video."""

from __future__ import annotations

import argparse
import json
import shutil
import time
from pathlib import Path

from tools import blenders, package
from tools.demo import SCRIPTS, perform, render
from tools.environments import ENV, OUT, ROOT, environment, interpreter
from tools.terminal import BuildError, run, say
from tools.turns import turn

WORK = ENV / "styles"
IN_VIDEO = ("calm", "lively", "serious", "storyteller")
STILLS = 3
VIDEO_SIZE = ("540", "606")
STILL_SIZE = ("640", "720")


def styles(options: argparse.Namespace) -> int:
    """Make out/styles/<style>.png for every shipped style, and out/styles/side_by_side.mp4 of four of them."""
    with turn(ENV / "turns" / "styles", "the styles"):
        return _styles(options)


def _styles(options: argparse.Namespace) -> int:
    begin = time.monotonic()
    voice = (options.voice or SCRIPTS / "hello.wav").resolve()
    if not voice.is_file():
        raise BuildError(f"There is no recording {voice}.")
    rows = json.loads((ROOT / "inference" / "motion" / "manner" / "styles.json").read_text(encoding="utf-8"))
    blender = blenders.for_demo(options.blender)
    picture = environment("picture", ["picture"], interpreter((3, 11), (3, 12), (3, 10), (3, 13)))
    zipped = package.build()
    target = OUT / "styles"
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    zipped = Path(shutil.copy(zipped, WORK))  # whoever packages meanwhile does not change what is shown
    for row in rows:
        name = row["name"]
        folder = WORK / name
        blend = WORK / f"{name}.blend"
        facts = perform(blender, folder, zipped, voice, blend, name)
        first, last = int(str(facts["first"])), int(str(facts["last"]))
        stills = [first + round((last - first) * (index + 0.5) / STILLS) for index in range(STILLS)]
        for size, wanted, kind in (
            (STILL_SIZE, stills, "stills"),
            (VIDEO_SIZE, range(first, last + 1) if name in IN_VIDEO else (), "video"),
        ):
            pictures = folder / kind
            pictures.mkdir()
            render(blender, blend, pictures, wanted, options.jobs, ("--size", *size))
        say(f"{row['label']}: performed and rendered")
    told = run(
        [picture, SCRIPTS / "gallery.py", WORK, voice, target, ",".join(IN_VIDEO)],
        what="Assembling the pictures",
        timeout=900,
    )
    print(told, end="")
    say(f"Done in {time.monotonic() - begin:.0f} s: {target}")
    return 0
