# SPDX-License-Identifier: GPL-3.0-or-later
"""The first minute, walked in Blender's real window: install the zip, open the tab, demo character, Generate, Play; undo all.

    python -m tools.walk [--pictures docs/images/walk] [--blender blender] [--size 1280x800] [--shown ~/blender]

Needs `xvfb-run` and `xdotool`. It builds the zip, opens Blender's start-up file in a window that nobody sees, and presses the
buttons with the mouse. It fails where that takes more than four clicks after the tab is open, where the face is not on screen
after one of them, where nothing plays, or where four undos do not give the start-up scene back.

Pictures of the panel for docs/images, made small by `convert -dither None -colors 256`:

    python -m tools.walk --size 1280x1200 --shown ~/blender
    TALKING_ANIMATION_SCENE_PICTURE=out/scene.png python build.py test tests/end_to_end/test_scene_window.py

The first gives out/walk: panel.png, heard.png (cut: no sidebar), four of the first minute; the second whole-scene.png (cut out).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from . import blenders, package

ROOT: Final = Path(__file__).resolve().parent.parent
MOST_CLICKS: Final = 4
_SECONDS: Final = 500


def walked(blender: str, pictures: Path, size: str, shown: str = "") -> dict[str, Any]:
    """Walk; returns what `tools/walk_inside.py` tells.

    Args:
        blender: the application.
        pictures: an existing folder for the screenshots.
        size: of the window, "1600x1000".
        shown: a folder to which two more pictures are due; its path is seen on them. It gets a .blend file and a recording.
    """
    program = shutil.which(blender)
    if program is None or shutil.which("xvfb-run") is None or shutil.which("xdotool") is None:
        return {"error": f"{blender}, xvfb-run and xdotool are needed: install what is missing."}
    with tempfile.TemporaryDirectory() as place:
        user = shown or place
        zipped = package.build(Path(place) / "dist")
        result = Path(place) / "told.json"
        environment = blenders.Blender((0, 0, 0), Path(program), wheel=False).plain_environment()
        for name in ("CONFIG", "SCRIPTS", "DATAFILES", "EXTENSIONS"):
            (Path(user) / name.lower()).mkdir(parents=True, exist_ok=True)
            environment[f"BLENDER_USER_{name}"] = str(Path(user) / name.lower())
        width, height = size.split("x")
        command = [
            "xvfb-run",
            "-a",
            "-s",
            f"-screen 0 {size}x24",
            program,
            "--factory-startup",
            "--no-window-focus",
        ]
        command += ["--window-geometry", "0", "0", width, height]
        command += ["--python", str(ROOT / "tools" / "walk_inside.py"), "--"]
        command += [json.dumps([str(zipped), str(pictures.resolve()), str(result), shown])]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        if not result.is_file():
            return {"error": (done.stdout + done.stderr)[-2000:]}
        told: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return told


def faults(told: dict[str, Any]) -> list[str]:
    """What was not as it has to be, a sentence each."""
    if told.get("error"):
        return [str(told["error"])]
    sentences = []
    if len(told["clicks"]) > MOST_CLICKS:
        sentences.append(f"It took {len(told['clicks'])} clicks, more than {MOST_CLICKS}.")
    sentences += [f"The face is not on screen: {step}." for step, seen in told["faces"].items() if not seen]
    if not told["playing"]:
        sentences.append("Nothing plays.")
    left = told["undone"][-1] if told["undone"] else ["nothing was undone"]
    sentences += [f"Not as it was after {len(told['undone'])} undos: {difference}." for difference in left]
    return sentences


def main() -> int:
    """Walk, and say how it went."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.walk", description="The first minute in Blender's window."
    )
    parser.add_argument(
        "--pictures", type=Path, default=ROOT / "out" / "walk", help="folder for the screenshots"
    )
    parser.add_argument("--blender", default="blender", help="the application")
    parser.add_argument("--size", default="1280x800", help="of the window, in pixels")
    parser.add_argument(
        "--shown", default="", metavar="FOLDER", help="also make the pictures of the user guide, there"
    )
    options = parser.parse_args()
    options.pictures.mkdir(parents=True, exist_ok=True)
    told = walked(options.blender, options.pictures, options.size, options.shown)
    for fault in faults(told):
        print(fault, file=sys.stderr)
    if not faults(told):
        print(
            f"{len(told['clicks'])} clicks after the tab was open: {', '.join(told['clicks'])}. {told['message']}"
        )
    return 1 if faults(told) else 0


if __name__ == "__main__":
    raise SystemExit(main())
