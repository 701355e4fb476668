"""Torch is asked for CUDA only where a driver is: its import takes longer than all else that the engine does at its start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import HUNG

from inference.hearing import backends
from inference.hearing.backends import graphics


def lacking(name: str) -> object:
    raise OSError(f"{name}: cannot open shared object file")


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin", "freebsd14"])
def test_no_driver_no_graphics_processor(platform: str, tmp_path: Path) -> None:
    (tmp_path / "d3d12.dll").touch()
    assert not graphics.may_be_there(platform, lacking, tmp_path / "kfd", tmp_path)


@pytest.mark.parametrize("name", ["nvcuda.dll", "amdhip64_7.dll", "amdhip64.dll"])
def test_drivers_of_windows(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert graphics.may_be_there("win32", lacking, system=tmp_path)


def test_drivers_of_linux(tmp_path: Path) -> None:
    asked: list[str] = []
    assert graphics.may_be_there("linux", asked.append, tmp_path / "kfd") and asked == ["libcuda.so.1"]
    (tmp_path / "kfd").touch()
    assert graphics.may_be_there("linux", lacking, tmp_path / "kfd")


@pytest.fixture
def no_torch() -> Iterator[None]:
    """As if torch had not been imported yet."""
    known = sys.modules.pop("torch", None)
    yield
    sys.modules.pop("torch", None)
    if known is not None:
        sys.modules["torch"] = known


@pytest.mark.usefixtures("no_torch")
@pytest.mark.parametrize("driver", [True, False])
@pytest.mark.parametrize("cuda", [True, False])
def test_both_must_say_so(driver: bool, cuda: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A driver alone is no torch that was built for it."""
    (tmp_path / "torch.py").write_text(f"class cuda:\n    is_available = staticmethod(lambda: {cuda})\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(graphics, "may_be_there", lambda: driver)
    told = backends.available_devices.__wrapped__()
    assert told == (["cpu", "cuda"] if driver and cuda else ["cpu"])
    assert ("torch" in sys.modules) == driver


@pytest.mark.skipif(graphics.may_be_there(), reason="this machine has a graphics driver")
def test_a_worker_starts_without_torch(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch belongs to the full engine")
    program = "import sys\nfrom inference import worker\nworker.main()\nprint('torch' in sys.modules, file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", program], input="", capture_output=True, text=True, timeout=HUNG, check=True
    )
    assert '"devices": ["cpu"]' in told.stdout and told.stderr.strip().endswith("False")
