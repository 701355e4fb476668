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


_KINDS = {"string": str, "int32": int, "float": float, "bool": bool}
_SUBTYPES = {None, "file_path", "dir_path", "file_name", "hashed_file_path"}
"""What Flamenco 3's documentation of job types allows."""


def _compiled(tmp_path, **chosen):
    ran = _run(tmp_path, {"program": str(ROOT), "python": sys.executable, **chosen})
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def _run(tmp_path, settings):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed: apt-get install nodejs")
    script = tmp_path / "manager.js"
    script.write_text(_SCRIPT.read_text(encoding="utf-8") + _MANAGER, encoding="utf-8")
    return subprocess.run([node, script, json.dumps(settings)], capture_output=True, text=True, check=False)


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


def test_what_is_left_out_is_as_described_and_all_that_is_run_is_text(tmp_path):
    """Whoever submits without Blender's add-on leaves defaults out; a worker takes text alone."""
    (one, other) = _compiled(tmp_path, table="t.csv", rows=6)["tasks"]
    assert [one["name"], other["name"]] == ["rows-1-5", "rows-6-6"] and one["type"] == "misc"
    args = one["commands"][0]["parameters"]["args"]
    assert all(isinstance(part, str) for part in args) and args[-2:] == ["--blender", "{blender}"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"table": "t.csv", "rows": 0}, "how many rows"),
        ({"table": "t.csv", "rows": -3}, "how many rows"),
        ({"rows": 4}, "table is missing"),
        ({"table": "t.csv"}, "rows is missing"),
    ],
)
def test_a_job_that_would_make_nothing_is_refused(tmp_path, settings, told):
    ran = _run(tmp_path, {"program": "p", **settings})
    assert ran.returncode and told in ran.stderr


def test_every_setting_is_described(tmp_path):
    kind = _compiled(tmp_path, table="t.csv", rows=1, rows_per_task=1)["type"]
    assert {setting["key"] for setting in kind["settings"]} >= {"table", "rows", "program", "python"}
    assert all(setting["description"] for setting in kind["settings"])
    for setting in kind["settings"]:
        assert setting.get("subtype") in _SUBTYPES
        assert setting.get("required") or isinstance(setting["default"], _KINDS[setting["type"]])
