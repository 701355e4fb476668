"""The job type for Flamenco: its tasks make every row of a table once. Needs Node, in place of Flamenco's own JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from places import ROOT

_SCRIPT = ROOT / "examples" / "flamenco" / "talking_animation.js"
_MANAGER = """
const tasks = [];
const author = {
    Task: (name, type) => ({ name, type, commands: [], addCommand(command) { this.commands.push(command); } }),
    Command: (name, parameters) => ({ name, parameters }),
};
compileJob({ settings: JSON.parse(process.argv[2]), addTask: (task) => tasks.push(task) });
console.log(JSON.stringify({ type: JOB_TYPE, tasks }));
"""


def _compiled(tmp_path, **chosen):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed: apt-get install nodejs")
    script = tmp_path / "manager.js"
    script.write_text(_SCRIPT.read_text(encoding="utf-8") + _MANAGER, encoding="utf-8")
    settings = {
        "program": str(ROOT),
        "python": sys.executable,
        "blender": "{blender}",
        "output": "",
        **chosen,
    }
    told = subprocess.run(
        [node, script, json.dumps(settings)], capture_output=True, text=True, check=True
    ).stdout
    return json.loads(told)


@pytest.mark.parametrize(
    ("rows", "step", "told"), [(7, 3, ["1-3", "4-6", "7-7"]), (2, 9, ["1-2"]), (1, 0, ["1-1"])]
)
def test_every_row_is_in_one_task(tmp_path, rows, step, told):
    tasks = _compiled(tmp_path, table="t.csv", rows=rows, rows_per_task=step)["tasks"]
    assert [task["name"] for task in tasks] == [f"rows-{name}" for name in told]
    assert all(command["name"] == "exec" for task in tasks for command in task["commands"])


def test_what_a_worker_runs_makes_the_rows(tmp_path, word):
    table = tmp_path / "t.csv"
    table.write_text(f"voice,output\n{word.name},a.npz\n{word.name},b.npz\n", encoding="utf-8")
    (task,) = _compiled(tmp_path, table=str(table), rows=1, rows_per_task=1, output=str(tmp_path / "out"))[
        "tasks"
    ]
    (command,) = task["commands"]
    run = [command["parameters"]["exe"], *command["parameters"]["args"]]
    told = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert [path.name for path in (tmp_path / "out").glob("*.npz")] == ["a.npz"]


def test_every_setting_is_described(tmp_path):
    kind = _compiled(tmp_path, table="t.csv", rows=1, rows_per_task=1)["type"]
    assert {setting["key"] for setting in kind["settings"]} >= {"table", "rows", "program", "python"}
    assert all(setting["description"] for setting in kind["settings"])
