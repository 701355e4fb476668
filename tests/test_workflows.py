"""What runs on GitHub cannot run here, but what it names must exist: commands, versions, files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tools import blenders, environments
from tools.commands import COMMANDS

yaml = pytest.importorskip("yaml", reason="PyYAML comes with the documentation's tools")
FOLDER = environments.ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (FOLDER / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
# The libraries that Blender itself needs, and what its window is driven with.
PROGRAMS = {"xvfb", "xauth", "xdotool", "imagemagick"}


def load(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    # YAML 1.1 takes the key `on` for True.
    return {"on" if key is True else key: value for key, value in found.items()}


def steps(workflow: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(job, step) for job in workflow["jobs"].values() for step in job["steps"]]


def commands_of(path: Path) -> list[str]:
    return [
        line.strip()
        for _, step in steps(load(path))
        for line in step.get("run", "").splitlines()
        if line.strip()
    ]


def test_there_are_workflows_and_forms() -> None:
    assert [path.stem for path in WORKFLOWS] == ["blender", "checks", "nightly", "package"]
    assert [path.stem for path in FORMS] == ["bug", "character", "recording"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_complete(path: Path) -> None:
    workflow = load(path)
    assert (
        workflow["name"] == path.stem and workflow["on"] and workflow["permissions"] == {"contents": "read"}
    )
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 90, name
        assert job.get("needs", name) in workflow["jobs"]
        matrix = set(job.get("strategy", {}).get("matrix", {}))
        used = set(re.findall(r"\$\{\{ matrix\.(\w+) \}\}", str(job)))
        assert used == matrix, name
    for _, step in steps(workflow):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
            if step["uses"].startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_of_a_workflow_exists(path: Path) -> None:
    known = {command.name for command in COMMANDS}
    called = [
        word
        for line in commands_of(path)
        for word in re.findall(r"python build\.py (\S+?)[)\"]?(?=\s|$|\))", line)
    ]
    assert called and set(called) <= known
    for line in commands_of(path):
        for named in re.findall(r"(?<![\w/.-])(?:tests|tools|docs|demo)/[\w./-]+", line):
            assert (environments.ROOT / named).exists(), line
        for package in re.findall(r"apt-get install(?: --[\w-]+)* (.+)", line):
            wanted = {*blenders.WHEEL_LIBRARIES.values(), "libgl1-mesa-dri"}
            assert wanted <= set(package.split()) <= wanted | PROGRAMS


def test_the_blenders_are_those_that_the_product_is_tested_in() -> None:
    addon = load(FOLDER / "workflows" / "checks.yml")["jobs"]["addon"]["strategy"]["matrix"]["blender"]
    assert addon == list(blenders.WHEELS.values())
    application = load(FOLDER / "workflows" / "blender.yml")["jobs"]["application"]["strategy"]["matrix"][
        "blender"
    ]
    assert set(addon) < set(application)
    for number in application:
        major, minor, _ = map(int, number.split("."))
        assert (major, minor) >= blenders.OLDEST


def test_the_engine_is_tried_on_every_system_and_every_python() -> None:
    engine = load(FOLDER / "workflows" / "checks.yml")["jobs"]["engine"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in engine["os"]} == {"ubuntu", "windows", "macos"}
    assert engine["python"] == ["3.10", "3.11", "3.12", "3.13", "3.14"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one_that_github_takes(path: Path) -> None:
    form = load(path)
    assert {"name", "description", "body"} <= set(form) <= {"name", "description", "body", "labels"}
    identifiers = [part["id"] for part in form["body"]]
    assert len(set(identifiers)) == len(identifiers)
    for part in form["body"]:
        assert part["type"] in {"input", "textarea", "checkboxes"}
        assert part["attributes"]["label"]
        assert set(part) <= {"type", "id", "attributes", "validations"}
