"""Each reader is given damaged files: it reads them or says in one sentence what is wrong, and never takes the machine down."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("hypothesis", reason="draws the damage; it is among the developers' packages")

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .limits import limited
from .readers import READERS, SENTENCES

CORPUS = Path(__file__).parent / "corpus"
"""Files that once were not told apart from whole ones: corpus/KIND/NAME, read first in every run."""
LONG = "FUZZ_INPUTS" in os.environ
"""Whether new damage is drawn each time, and made as small as it can be; else it is the same each time."""
INPUTS = int(os.environ.get("FUZZ_INPUTS", 12 * len(READERS)))
"""In all."""
_LONGEST = 600
ENDLESS = Path("/dev/zero")


def try_file(name: str, data: bytes) -> None:
    """Read the bytes as a file of a kind, within the limits; what is raised must be a sentence."""
    reader = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{reader.suffix}"
        path.write_bytes(data)
        try:
            with limited():
                reader.read(path)
        except SENTENCES as error:
            told = str(error)
            assert told.endswith((".", "?")), told
            assert "\n" not in told and len(told) < _LONGEST and told.isprintable(), told
            assert "Error" not in told and "Traceback" not in told, told


@pytest.mark.parametrize("name", READERS)
def test_a_whole_file_is_read(name: str, tmp_path: Path) -> None:
    reader = READERS[name]
    path = tmp_path / f"file{reader.suffix}"
    path.write_bytes(reader.good())
    with limited():
        reader.read(path)


@pytest.mark.parametrize("name", READERS)
def test_damaged_files(name: str) -> None:
    reader = READERS[name]
    good = reader.good()

    @settings(
        max_examples=INPUTS // len(READERS),
        derandomize=not LONG,
        phases=tuple(Phase) if LONG else (Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def damage(data: st.DataObject) -> None:
        try_file(name, reader.damage(data.draw, good))

    damage()


HANDED = {
    "motion in a file",
    "preset",
    "header",
    "request",
    "live frames",
    "record of keys",
    "mapped drawings",
    "answers",
    "note of a video",
}
"""Readers that are given what a file holds, not the file."""


@pytest.mark.skipif(not ENDLESS.exists(), reason="this system has no such device")
@pytest.mark.parametrize(
    "name", [name for name in READERS if name not in HANDED and not name.startswith("end of ")]
)
def test_a_device_is_not_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{READERS[name].suffix}"
    path.symlink_to(ENDLESS)
    try:
        with limited():
            READERS[name].read(path)
    except SENTENCES as error:
        assert str(error).endswith((".", "?")) and "\n" not in str(error)


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_files_that_once_failed(path: Path) -> None:
    try_file(path.parent.name.replace("_", " "), path.read_bytes())
