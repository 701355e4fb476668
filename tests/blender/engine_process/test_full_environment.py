"""The full engine's own environment: made, replaced, given up and removed, without a network.

Making a real one takes half a minute and has nothing to do with which Blender asks for it, so only one Blender does. In
every Blender a double stands in for `venv` and `pip`.
"""

from __future__ import annotations

import hashlib
import http.server
import os
import subprocess
import threading
import time
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from places import ONE_BLENDER, ROOT
from programs import PYTHON
from tiny_wheels import tiny_wheel
from versions import ends

from blender_addon.api import full_engine
from blender_addon.engine_process import full_environment
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host.blender_versions import interface

DOUBLE = ROOT / "tests" / "helpers" / "fake_pip.py"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A data folder of its own, and online access."""
    monkeypatch.setattr(full_environment, "folder", lambda: tmp_path / "full")
    monkeypatch.setattr(full_environment, "downloads", lambda: tmp_path / "full.downloads")
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


@pytest.fixture
def made_of(tmp_path):
    """Begins to make an environment of a list with these packages."""

    def begin(*names):
        path = tmp_path / "some.lock"
        path.write_text("".join(f"{name}==1.0\n" for name in names))
        return full_environment.Setup(path)

    return begin


def remove():
    """As the button in the preferences does."""
    assert bpy.ops.talking_animation.remove_full_engine.poll()
    assert bpy.ops.talking_animation.remove_full_engine() == {"FINISHED"}
    assert full_environment.python() == ""
    assert not bpy.ops.talking_animation.remove_full_engine.poll()


def test_the_full_engines_packages_are_those_of_the_project(monkeypatch, tmp_path):
    wanted = full_environment.lock().read_text(encoding="ascii")
    assert "\ntorch==" in wanted and "\nmediapipe==" in wanted and wanted.count("--hash=sha256:") > 300
    assert (
        str(full_environment.folder()) in full_environment.warning()[0]
        and "GB" in full_environment.warning()[0]
    )
    monkeypatch.setattr(full_environment.engine_folder, "find_root", lambda: tmp_path)
    with pytest.raises(TalkingAnimationError, match="install the add-on's zip again"):
        full_environment.lock()


def test_it_is_made_and_removed(doubled, made_of):
    setup = made_of("torch", "numpy")
    assert setup.stage == "Making the environment" and full_environment.python() == ""
    finish(setup)
    assert setup.fraction == 1.0 and setup.poll()
    assert full_environment.python() == setup.report == str(full_environment.python_of(doubled))
    assert (
        "Collecting torch" in setup.log and (doubled / "ready.txt").read_text() == "torch==1.0\nnumpy==1.0\n"
    )
    assert not full_environment.downloads().exists()
    remove()
    assert not doubled.exists()


@ends
@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("there-is-no-such-package", "could not be made .No matching distribution"),
        ("too-large", "The disk is full"),
        ("no-network", "pypi.org cannot be reached.*what has arrived is kept"),
        (
            "other-digest",
            "^other-digest did not arrive whole or is not what .* nothing was installed: try again",
        ),
        ("no-numpy", "could not be made .exit code 1"),
    ],
)
def test_what_fails_leaves_the_one_before(doubled, made_of, wanted, says):
    with pytest.raises(TalkingAnimationError, match=says):
        finish(made_of(wanted))
    assert not doubled.exists() and full_environment.python() == ""
    before = made_of("numpy")
    finish(before)
    (doubled / "mine.txt").write_text("kept")
    with pytest.raises(TalkingAnimationError, match=says):
        finish(made_of(wanted))
    assert full_environment.python() == before.report and (doubled / "mine.txt").exists()
    assert not doubled.with_name("full.old").exists()
    finish(made_of("numpy"))
    assert not (doubled / "mine.txt").exists() and not doubled.with_name("full.old").exists()


def test_what_arrived_is_kept_for_the_next_try(doubled, made_of):
    with pytest.raises(TalkingAnimationError):
        finish(made_of("torch", "no-network"))
    assert {path.name for path in full_environment.downloads().iterdir()} == {"torch", "no-network"}
    setup = made_of("torch", "numpy")
    assert "torch is here already" in finish(setup) or "Using cached" in "".join(setup.log)
    assert not full_environment.downloads().exists(), "gigabytes that nobody needs any more"


def test_a_kept_file_with_another_digest_is_asked_for_again(doubled, made_of):
    for kept in (True, False):
        with pytest.raises(TalkingAnimationError, match="did not arrive whole"):
            finish(made_of("other-digest"))
        assert full_environment.downloads().exists() == kept, "else every try would find it there"


@ends
def test_cancelling_leaves_the_one_before(doubled, made_of):
    before = made_of("numpy")
    finish(before)
    setup = made_of("never-ends")
    finish(setup, until=lambda: setup.stage == "Looking for never-ends")
    assert full_environment.python() == ""
    setup.cancel()
    assert full_environment.python() == before.report and not doubled.with_name("full.old").exists()
    with pytest.raises(Cancelled):
        setup.poll()


@ends
def test_one_that_broke_off_with_blender_costs_nothing(doubled, made_of):
    before = made_of("numpy")
    finish(before)
    broken = made_of("never-ends")
    finish(broken, until=lambda: broken.stage == "Looking for never-ends")
    broken._popen.kill()
    broken._popen.wait()  # as it is where Blender and all it has begun are killed
    assert doubled.exists() and full_environment.python() == ""
    broken._popen = None  # as in a new session
    waiting = doubled.with_name("full.old")
    assert full_environment.python() == str(full_environment.python_of(waiting))
    assert full_engine.folder() == waiting and doubled.exists()
    with pytest.raises(TalkingAnimationError):
        finish(made_of("no-network"))
    assert full_environment.python() == before.report
    doubled.rename(doubled.with_name("full.old"))
    remove()
    assert not waiting.exists() and not full_environment.is_there()


def tiny_package(name):
    """A wheel that can break off half way."""
    return tiny_wheel(name, np.random.RandomState(1).bytes(20000))


class Index(http.server.ThreadingHTTPServer):
    """Two packages, as pypi.org has them; one may break off half way, or be another than it was."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.packages = {name: tiny_package(name) for name in ("numpy", "torch")}
        self.broken, self.asked = set(), []

    def lock(self, path):
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in self.packages.items()}
        path.write_text(
            "".join(f"{name}==9.9.9 --hash=sha256:{digest}\n" for name, digest in digests.items())
        )
        return path


class Answer(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        place, name = self.path.strip("/").split("/")
        name = name.partition("-")[0]
        data = self.server.packages[name]
        if place == "simple":
            data = (
                f'<a href="/files/{name}-9.9.9-py3-none-any.whl">{name}-9.9.9-py3-none-any.whl</a>'.encode()
            )
        else:
            self.server.asked.append(name)
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if place == "simple" else "application/octet-stream")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache" if place == "simple" else "max-age=365000000, immutable")
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if place != "simple" and name in self.server.broken else data)


@pytest.fixture
def index(place, monkeypatch):
    """pip that asks an index of this machine's and nothing else."""
    probe = [full_environment._base_python(), "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("this Python cannot make environments")
    for name in [name for name in os.environ if name.startswith("PIP_") or name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with Index() as index:
        threading.Thread(target=index.serve_forever, daemon=True).start()
        settings = {"CONFIG_FILE": os.devnull, "RETRIES": "0", "TRUSTED_HOST": "127.0.0.1"}
        settings["INDEX_URL"] = f"http://127.0.0.1:{index.server_port}/simple"
        for name, value in settings.items():
            monkeypatch.setenv(f"PIP_{name}", value)
        yield index
        index.shutdown()


@pytest.mark.skipif(bpy.app.version[:2] != ONE_BLENDER, reason="half a minute: one Blender is enough")
def test_a_real_environment_is_made_kept_and_removed(index, place, tmp_path):
    path = index.lock(tmp_path / "real.lock")
    index.broken = {"torch"}
    with pytest.raises(TalkingAnimationError, match=r"^torch did not arrive whole|cannot be reached"):
        finish(full_environment.Setup(path))
    assert index.asked == ["numpy", "torch"] and not place.exists()
    index.broken = set()
    setup = full_environment.Setup(path)
    stages = finish(setup)
    assert index.asked == ["numpy", "torch", "torch"], "what had arrived whole is not downloaded again"
    assert stages[0] == "Making the environment" and setup.fraction == 1.0
    assert full_environment.python() == setup.report
    told = subprocess.run(
        [setup.report, "-c", "import numpy, sys; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == str(place)
    index.packages["numpy"] = tiny_package("numpy") + b"and more"
    with pytest.raises(
        TalkingAnimationError, match=r"^numpy did not arrive whole or is not what this add-on's"
    ):
        finish(full_environment.Setup(path))
    assert full_environment.python() == setup.report, "the one that works is kept"
    assert not place.with_name("full.old").exists()
    remove()
    assert not place.exists() and not full_environment.downloads().exists()
