"""Lines on a Ray cluster: one of two workers is killed, and everything is there as one process makes it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from inference import cli
from inference.batch.cluster import Cluster
from inference.errors import EngineError

_WORKERS = "ray::make_alone"


def test_without_ray_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError, match="pip install ray"):
        Cluster("auto")


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "nowhere.invalid:6379"])
def test_a_cluster_that_nobody_answers_for(address):
    pytest.importorskip("ray", reason="ray is not installed: pip install ray")
    with pytest.raises(EngineError, match=r"cannot be used .*ray start --head"):
        Cluster(address)


def _kill_a_worker() -> bool:
    """Kill the first process of the cluster that makes a line; False where none does yet."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if place.read_bytes().startswith(_WORKERS.encode()):
                os.kill(int(place.parent.name), signal.SIGKILL)
                return True
        except OSError:
            continue
    return False


def test_a_worker_that_is_killed_costs_nothing(tmp_path, word, monkeypatch):
    ray = pytest.importorskip("ray", reason="ray is not installed: pip install ray")
    rows = "".join(f"{word.name},{number},{number}.npz\n" for number in range(4))
    (tmp_path / "t.csv").write_text("voice,seed,output\n" + rows, encoding="utf-8")
    assert cli.main(["batch", str(tmp_path / "t.csv"), "-o", str(tmp_path / "one"), "--processes", "1"]) == 0

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("ray", path=str(Path(sys.executable).parent)) or "ray"
    start = [program, "start", "--head", "--num-cpus=2", "--include-dashboard=false", f"--port={port}"]
    subprocess.run([*start, "--object-store-memory=100000000"], capture_output=True, check=True)
    killed = []
    wait = ray.wait

    def wait_and_kill(running, **options):
        while not killed:
            ended, left = wait(running, num_returns=1, timeout=0.1)
            if _kill_a_worker():
                killed.append(True)
            elif ended:
                return ended, left
        return wait(running, **options)

    monkeypatch.setattr(ray, "wait", wait_and_kill)
    try:
        options = ["-o", str(tmp_path / "cluster"), "--ray", f"127.0.0.1:{port}"]
        assert cli.main(["batch", str(tmp_path / "t.csv"), *options]) == 0
    finally:
        subprocess.run([program, "stop", "--force"], capture_output=True, check=False)
    assert killed
    for number in range(4):
        made = (tmp_path / "cluster" / f"{number}.npz").read_bytes()
        assert made == (tmp_path / "one" / f"{number}.npz").read_bytes()
