"""The hidden Blender ends with the one that started it, however that ended."""

from __future__ import annotations

import bpy
import pytest
from waiting import HUNG, eventually, holds

from blender_addon.inputs import hidden_blender

WAITING = """
import sys, time
from pathlib import Path
Path(sys.argv[sys.argv.index("--") + 1]).write_text("begun", encoding="utf-8")
time.sleep(3600)
"""


@pytest.mark.parametrize("how", ["this one is gone", "it is ended"])
def test_it_ends_with_the_one_that_started_it(tmp_path, monkeypatch, how):
    script, told = tmp_path / "wait é.py", tmp_path / "told.txt"
    script.write_text(WAITING, encoding="utf-8")
    if bpy.app.binary_path and how == "it is ended":
        pytest.skip("one start of this Blender is enough")
    running = hidden_blender.start(script, [str(told)])
    if how == "it is ended":
        hidden_blender.end(running)
        assert running.returncode
    else:
        assert eventually(lambda: holds(told, "begun") or running.poll() is not None)
        assert running.poll() is None
        running.stdin.close()  # as the system does with all that a process that was killed had open
        assert running.wait(HUNG) == 1
    hidden_blender.end(running)  # again is nothing


def test_it_is_refused_connections_too(tmp_path):
    """As every other process that tests start."""
    told, script = tmp_path / "told.txt", tmp_path / "asks.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "guarded = sys.modules.get('no_connection')\n"
        "Path(sys.argv[-1]).write_text('guarded' if guarded is not None else 'free')\n"
    )
    running = hidden_blender.start(script, [str(told)])
    try:
        assert running.wait(HUNG) == 0
    finally:
        hidden_blender.end(running)
    assert told.read_text() == "guarded"
