"""Lines on a Ray cluster: one of two workers is killed, and everything is there as one process makes it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import no_connection
import pytest

from inference import cli
from inference.batch.cluster import Cluster
from inference.errors import EngineError

_WORKERS = "ray::make_alone"
_PATIENCE = 300.0
"""Seconds in which a cluster has to begin to answer."""


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


@contextmanager
def _cluster() -> Iterator[str]:
    """The address of a cluster of two workers, on a port that was free; only what was started here is ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("ray", path=str(Path(sys.executable).parent)) or "ray"
    start = [
        program,
        "start",
        "--head",
        "--num-cpus=2",
        "--include-dashboard=false",
        f"--port={port}",
        "--node-ip-address=127.0.0.1",
        "--block",
    ]
    # Its dashboard would tell its makers even that it may tell them nothing: that is refused, and no fault of ours.
    quiet = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", no_connection.ASKED: os.devnull}
    head = subprocess.Popen(
        [*start, "--object-store-memory=100000000"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=quiet,
    )
    healthy = [program, "health-check", "--address", f"127.0.0.1:{port}"]
    try:
        until = time.monotonic() + _PATIENCE
        while socket.socket().connect_ex(("127.0.0.1", port)):
            assert head.poll() is None and time.monotonic() < until
            time.sleep(0.2)
        # It listens before it answers.
        while subprocess.run(healthy, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            assert head.poll() is None and time.monotonic() < until
        yield f"127.0.0.1:{port}"
    finally:
        head.terminate()
        head.wait()


def test_a_worker_that_is_killed_costs_nothing(tmp_path, word, monkeypatch):
    ray = pytest.importorskip("ray", reason="ray is not installed: pip install ray")
    rows = "".join(f",{word.name},{number},{number}.npz\n" for number in range(4))
    rows += f"fox,{word.name},1,fox\n"
    (tmp_path / "t.csv").write_text("picture,voice,seed,output\n" + rows, encoding="utf-8")
    assert cli.main(["batch", str(tmp_path / "t.csv"), "-o", str(tmp_path / "one"), "--processes", "1"]) == 0

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
    with _cluster() as address:
        options = ["-o", str(tmp_path / "cluster"), "--ray", address]
        assert cli.main(["batch", str(tmp_path / "t.csv"), *options]) == 0
    assert killed
    one, many = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*.[np][pn]*")
            if path.is_file()
        }
        for folder in (tmp_path / "one", tmp_path / "cluster")
    )
    assert len(one) > 4 + 10 and many == one
