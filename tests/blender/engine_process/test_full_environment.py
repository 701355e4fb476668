"""The full engine's own environment: made, replaced, given up and removed, without a network.

Making a real one takes half a minute and has nothing to do with which Blender asks for it, so only one Blender does. In
every Blender a double stands in for `venv` and `pip`.
"""

from __future__ import annotations

import subprocess
import time
import zipfile
from types import SimpleNamespace

import bpy
import pytest
from places import ROOT
from programs import PYTHON

from blender_addon.engine_process import full_environment
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host.blender_versions import interface

ONE_BLENDER = (4, 5)
DOUBLE = ROOT / "tests" / "helpers" / "fake_pip.py"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A data folder of its own, and online access."""
    monkeypatch.setattr(full_environment, "folder", lambda: tmp_path / "full")
    monkeypatch.setattr(interface, "online_access", lambda: True)
    return tmp_path / "full"


@pytest.fixture
def doubled(place, monkeypatch):
    """The commands go to a double that does at once what they would do."""

    def popen(command, **options):
        return subprocess.Popen([PYTHON, "-IS", str(DOUBLE), *command], **options)

    double = SimpleNamespace(
        Popen=popen,
        PIPE=subprocess.PIPE,
        STDOUT=subprocess.STDOUT,
        DEVNULL=subprocess.DEVNULL,
        TimeoutExpired=subprocess.TimeoutExpired,
    )
    monkeypatch.setattr(full_environment, "subprocess", double)
    monkeypatch.setattr(full_environment, "_base_python", lambda: "python")
    return place


def finish(setup, until=lambda: False, seconds=600):
    stages = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if setup.poll() or until():
            return stages
        if setup.stage not in stages:
            stages.append(setup.stage)
        time.sleep(0.02)
    raise AssertionError("it took too long")


def remove():
    """As the button in the preferences does."""
    assert bpy.ops.talking_animation.remove_full_engine.poll()
    assert bpy.ops.talking_animation.remove_full_engine() == {"FINISHED"}
    assert full_environment.python() == ""
    assert not bpy.ops.talking_animation.remove_full_engine.poll()


def test_the_full_engines_packages_are_those_of_the_project():
    wanted = full_environment.requirements()
    assert any(item.startswith("torch==") for item in wanted)
    assert any(item.startswith("mediapipe==") and "3.13" in item for item in wanted)
    assert str(full_environment.folder()) in full_environment.warning() and "GB" in full_environment.warning()


def test_it_is_made_and_removed(doubled):
    setup = full_environment.Setup(["torch", "numpy"])
    assert setup.stage == "Making the environment" and full_environment.python() == ""
    finish(setup)
    assert setup.fraction == 1.0 and setup.poll()
    assert full_environment.python() == setup.report == str(full_environment.python_of(doubled))
    assert "Collecting torch" in setup.log and (doubled / "ready.txt").read_text() == "torch\nnumpy"
    remove()
    assert not doubled.exists()


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("there-is-no-such-package", "could not be made .No matching distribution"),
        ("too-large", "The disk is full"),
        ("no-network", "pypi.org cannot be reached"),
        ("no-numpy", "could not be made .exit code 1"),
    ],
)
def test_what_fails_leaves_the_one_before(doubled, wanted, says):
    with pytest.raises(TalkingAnimationError, match=says):
        finish(full_environment.Setup([wanted]))
    assert not doubled.exists() and full_environment.python() == ""
    before = full_environment.Setup(["numpy"])
    finish(before)
    (doubled / "mine.txt").write_text("kept")
    with pytest.raises(TalkingAnimationError, match=says):
        finish(full_environment.Setup([wanted]))
    assert full_environment.python() == before.report and (doubled / "mine.txt").exists()
    assert not doubled.with_name("full.old").exists()
    finish(full_environment.Setup(["numpy"]))
    assert not (doubled / "mine.txt").exists() and not doubled.with_name("full.old").exists()


def test_cancelling_leaves_the_one_before(doubled):
    before = full_environment.Setup(["numpy"])
    finish(before)
    setup = full_environment.Setup(["never-ends"])
    finish(setup, until=lambda: setup.stage == "Looking for never-ends")
    assert full_environment.python() == ""
    setup.cancel()
    assert full_environment.python() == before.report and not doubled.with_name("full.old").exists()
    with pytest.raises(Cancelled):
        setup.poll()


def tiny_package(folder):
    """A wheel named numpy, so that nothing has to be downloaded."""
    name = folder / "numpy-9.9.9-py3-none-any.whl"
    info = "numpy-9.9.9.dist-info"
    with zipfile.ZipFile(name, "w") as wheel:
        wheel.writestr("numpy/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: numpy\nVersion: 9.9.9\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def offline(place, tmp_path, monkeypatch):
    """pip that finds one small package on disk and nothing else."""
    probe = [full_environment._base_python(), "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this Python cannot make environments")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    tiny_package(tmp_path)
    return place


@pytest.mark.skipif(bpy.app.version[:2] != ONE_BLENDER, reason="half a minute: one Blender is enough")
def test_a_real_environment_is_made_kept_and_removed(offline):
    setup = full_environment.Setup(["numpy"])
    stages = finish(setup)
    assert stages[0] == "Making the environment" and setup.fraction == 1.0
    assert full_environment.python() == setup.report
    told = subprocess.run(
        [setup.report, "-c", "import numpy, sys; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == str(offline)
    with pytest.raises(TalkingAnimationError, match="could not be made"):
        finish(full_environment.Setup(["there-is-no-such-package"]))
    assert full_environment.python() == setup.report, "the one that works is kept"
    assert not offline.with_name("full.old").exists()
    remove()
    assert not offline.exists()
