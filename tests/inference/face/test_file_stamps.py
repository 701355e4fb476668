"""A file is known by its content, whatever the clock said when it was written, and whatever time somebody gave it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from inference.face.file_digests import digest, stamp

YEAR = 365 * 86400
TIMES = {"1901": -69 * YEAR, "1970": 0, "2100": 130 * YEAR, "2500": 530 * YEAR}


def replaced(path: Path, content: bytes) -> None:
    """As most programs write a file: beside it first."""
    other = path.with_name("other")
    other.write_bytes(content)
    os.replace(other, path)


def overwritten(path: Path, content: bytes) -> None:
    """In its place; the system may count the time of changes in steps of milliseconds."""
    before = path.stat().st_ctime_ns
    path.write_bytes(content)
    while os.name != "nt" and path.stat().st_ctime_ns == before:
        path.write_bytes(content)


@pytest.mark.parametrize("seconds", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("write", [replaced, overwritten])
def test_another_recording_of_the_same_length_and_time_is_another(
    write: Callable[[Path, bytes], None], seconds: int, tmp_path: Path
) -> None:
    path = tmp_path / "line 12.wav"
    path.write_bytes(b"RIFF one")
    os.utime(path, (seconds, seconds))
    before, folder = digest(path), digest(tmp_path)
    write(path, b"RIFF two")
    os.utime(path, (seconds, seconds))
    if os.name == "nt" and write is overwritten:
        pytest.skip("Windows keeps the time at which a file was made")
    assert digest(path) != before and digest(tmp_path) != folder
    replaced(path, b"RIFF one")
    assert digest(path) == before


@pytest.mark.parametrize("seconds", TIMES.values(), ids=TIMES)
def test_a_time_alone_makes_no_other_file(seconds: int, tmp_path: Path) -> None:
    path = tmp_path / "line.wav"
    path.write_bytes(b"RIFF one")
    before, known = digest(path), stamp(path)
    os.utime(path, (seconds, seconds))
    assert digest(path) == before and stamp(path) != known


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        stamp(tmp_path / "nowhere.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_what_has_no_end_has_no_content(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(OSError):
            digest(path)
