"""All characters of a scene, in the real window of a Blender application under Xvfb."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.test_window import FAKE, ROOT, SECONDS, _blender, _engine

SCRIPT = Path(__file__).with_name("scene_inside.py")
SIZE = (1280, 1160)  # so high that the button and what came of it are in the picture


def test_a_whole_scene_in_the_window(tmp_path: Path) -> None:
    blender = _blender()
    if _engine(tmp_path):
        pytest.skip("numpy is missing, without which the engine does not run")
    result, picture = tmp_path / "result.json", tmp_path / "panel.png"
    slow = [sys.executable, str(FAKE), "slow"]
    arguments = [str(ROOT), str(result), str(picture), str(tmp_path), slow]
    screen = f"-screen 0 {SIZE[0]}x{SIZE[1]}x24 +extension GLX"
    command = ["xvfb-run", "-a", "-s", screen, blender, "--factory-startup"]
    command += ["--window-geometry", "0", "0", str(SIZE[0]), str(SIZE[1])]
    command += ["--python", str(SCRIPT), "--", json.dumps(arguments)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert result.is_file(), run.stdout[-3000:] + run.stderr[-3000:]
    found = json.loads(result.read_text(encoding="utf-8"))
    assert not found.get("error"), found["error"]
    assert found["pressed"] == ["RUNNING_MODAL"]
    assert any("lines" in stage for stage in found["stages"]) and "Writing keys" in found["stages"]
    assert len(set(found["percents"])) > 5 and found["percents"] == sorted(found["percents"])
    assert found["message"].startswith("3 of 4 lines on 2 characters") and "left out" in found["message"]
    ((name, reason),) = found["failures"]
    assert name == "Alice_and_Bob" and "several characters" in reason
    assert len(found["actions"]) == 4
    assert found["longest"] < 2.0, "the window must not freeze"
    assert found["undone"], "one undo must take all of it away"
    assert found["was_running"] and found["cancelled"] == ["Cancelled: nothing was changed.", []]
    assert picture.stat().st_size > 20_000
    wanted = os.environ.get("TALKING_ANIMATION_SCENE_PICTURE")
    if wanted:
        shutil.copyfile(picture, ROOT / wanted)
