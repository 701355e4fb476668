"""Folders for temporary files: gone with their process, also with one that was killed; never another one's."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from places import ROOT

from blender_addon.host import temporary_files

HOLDS = """
import sys
from blender_addon.host import temporary_files
folder = temporary_files.new_folder()
(folder / "motion.npz").write_bytes(b"half")
print(folder.parent, flush=True)
sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def another() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str], kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there Blender's own rules for open files hold")
def test_what_a_killed_process_left_goes_and_what_lives_stays(place: Path) -> None:
    users = place / "talking_animation_of_mine"
    users.mkdir()
    (users / "notes.txt").write_text("mine")
    killed, left = another()
    living, kept = another()
    try:
        end(killed, kill=True)
        assert (left / "in_use").exists()
        own = temporary_files.new_folder()
        assert own.is_dir() and not any(own.iterdir())
        assert not left.exists() and list(kept.rglob("motion.npz")) and (users / "notes.txt").exists()
    finally:
        end(living, kill=False)
    assert not kept.exists()
    temporary_files.close()
    assert list(place.iterdir()) == [users]


def test_a_folder_that_somebody_cleared_away_is_made_anew(place: Path) -> None:
    first = temporary_files.new_folder()
    for path in (first, first.parent / "in_use", first.parent):
        path.rmdir() if path.is_dir() else path.unlink()
    assert temporary_files.new_folder().is_dir()
    temporary_files.close()
    assert not any(place.iterdir())
