"""Every module that reads a format is reached by a reader of `readers.READERS`, or says why it needs none."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Final

import pytest

pytest.importorskip("hypothesis", reason="draws the damage; it is among the developers' packages")

from .readers import READERS
from .readers_in_source import readers_in

ROOT: Final = Path(__file__).resolve().parent.parent.parent

READ_BY: Final = {
    "blender_addon/characters/drawing_mappings.py": "mapped drawings",
    "blender_addon/characters/mapping.py": "preset",
    "blender_addon/engine_process/process.py": "answers",
    "blender_addon/inputs/picture_ends.py": "end of BMP",
    "blender_addon/inputs/picture_headers.py": "header",
    "blender_addon/keys/key_record.py": "record of keys",
    "inference/batch/done.py": "done line",
    "inference/capture/decoded.py": "decoded film",
    "inference/capture/video.py": "film",
    "inference/commands/portrait.py": "picture of a portrait",
    "inference/face/animation.py": "motion",
    "inference/face/array_files.py": "motion",
    "inference/face/face_picture.py": "face picture",
    "inference/face/gif.py": "picture of few colours",
    "inference/face/json_text.py": "style",
    "inference/face/live_frames.py": "live frames",
    "inference/face/result_files.py": "motion",
    "inference/face/retargeting/own_shapes.py": "own shapes",
    "inference/face/spreadsheet.py": "line table",
    "inference/face/wav_layout.py": "recording",
    "inference/hearing/backends/weights.py": "network",
    "inference/hearing/sources.py": "recording",
    "inference/looks/network.py": "look",
    "inference/motion/manner/personal.py": "person",
    "inference/motion/manner/styles.py": "style",
    "inference/pictures/given_points.py": "points",
    "inference/pictures/image_files.py": "picture",
    "inference/portrait/content_credentials.py": "note of a video",
    "inference/portrait/film_packets.py": "note of a video",
    "inference/portrait/own_renderer.py": "personal renderer",
    "inference/portrait/refiner.py": "refined mouth",
    "inference/portrait/sound.py": "voice of a video",
    "inference/published/licence.py": "accepted licence",
    "inference/published/pickle_survey.py": "checkpoint",
    "inference/published/stored.py": "checkpoint",
    "inference/published/style_avatar_files.py": "style codes",
    "inference/published/unpickle.py": "checkpoint",
    "inference/worker.py": "request",
}
"""Module → the reader, of `readers.READERS`, that reads as it does."""

NEEDS_PACKAGES: Final = {"film", "note of a video", "voice of a video"}
"""Readers that are there where PyAV is."""
_OWN: Final = "a process of the product wrote it a moment before, into a folder of its own, and only that"
_SHIPPED: Final = "it ships with the product"
NEEDS_NONE: Final = {
    "blender_addon/engine_process/cache.py": "Blender has it: tests/blender/jobs/test_damaged_motion.py",
    "blender_addon/faces/finding.py": _OWN,
    "blender_addon/host/engine_folder.py": _SHIPPED,
    "blender_addon/inputs/films.py": _OWN,
    "blender_addon/inputs/pictures_aside.py": _OWN,
    "blender_addon/jobs/portrait/drawing.py": _OWN,
    "blender_addon/jobs/portrait/plan.py": _OWN,
    "blender_addon/talking/playback.py": "Blender has it: tests/blender/talking/test_damaged_in_files.py",
    "blender_addon/targets/grease_pencil/drawing.py": "Blender has it: tests/blender/talking/test_damaged_in_files.py",
    "inference/batch/processes.py": _OWN,
    "inference/capture/overlay.py": "it only writes",
    "inference/commands/landmarks.py": _OWN,
    "inference/detection/networks.py": _SHIPPED,
    "inference/face/dials.py": _SHIPPED,
    "inference/face/shape_table.py": _SHIPPED,
    "inference/face/shipped_pictures.py": _SHIPPED,
    "inference/face/wav_files.py": "it only writes",
    "inference/motion/manner/persons.py": _SHIPPED,
    "inference/motion/manner/style_code.py": _SHIPPED,
    "inference/pictures/template.py": _SHIPPED,
    "inference/portrait/crew.py": "a pipe from the process that started it, which alone writes to it",
    "inference/portrait/film.py": "it only writes",
}
"""Module → why nobody else can have made what it reads."""


@pytest.fixture(scope="module")
def readings() -> dict[str, str]:
    """Module → one call in it that reads a format."""
    packages: tuple[tuple[str, tuple[str, ...]], ...] = (("blender_addon", ()), ("inference", ("training",)))
    return {module: call for package, but in packages for module, call in readers_in(ROOT / package, but)}


def test_a_module_that_reads_is_known(readings: dict[str, str]) -> None:
    unknown = {module: call for module, call in readings.items() if module not in {*READ_BY, *NEEDS_NONE}}
    assert not unknown, (
        f"{unknown} call what reads a format, and no test gives them damaged files: add a Reader to tests/fuzz/readers.py that "
        "reads as each does, and a row to READ_BY here; where nobody else can have made that, a row to NEEDS_NONE says why."
    )


def test_all_that_is_known_is_there(readings: dict[str, str]) -> None:
    told = sorted({*READ_BY, *NEEDS_NONE} - set(readings))
    assert not told, f"take the rows of {told} away: they read nothing any more"
    assert not set(READ_BY) & set(NEEDS_NONE)


@cache
def modules_that_run(name: str) -> frozenset[str]:
    """The product's modules in which a function runs while a reader reads a whole file."""
    seen: set[str] = set()

    def called(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            seen.add(frame.f_code.co_filename)

    reader = READERS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{reader.suffix}"
        path.write_bytes(reader.good())
        before = sys.getprofile()
        sys.setprofile(called)
        try:
            reader.read(path)
        finally:
            sys.setprofile(before)
    paths = (Path(file) for file in seen)
    return frozenset(path.relative_to(ROOT).as_posix() for path in paths if ROOT in path.parents)


@pytest.mark.parametrize(("module", "name"), READ_BY.items())
def test_a_reader_reaches_its_module(module: str, name: str) -> None:
    if name not in READERS and name in NEEDS_PACKAGES:
        pytest.skip("its package is not installed")
    assert module in modules_that_run(name), f"the reader '{name}' does not run {module}"


def test_a_new_reader_is_found(tmp_path: Path) -> None:
    package = tmp_path / "package"
    (package / "left_out").mkdir(parents=True)
    (package / "new.py").write_text(
        "import numpy\ndef f(path):\n    return numpy.lib.format.read_array(path)\n"
    )
    (package / "own.py").write_text("from pickle import Unpickler\nclass Mine(Unpickler): ...\n")
    (package / "handed.py").write_text("import json, functools\nread = functools.partial(json.loads)\n")
    (package / "none.py").write_text("import json\njson.dumps({})\n")
    (package / "left_out" / "other.py").write_text("import json\njson.loads('')\n")
    found = {module for module, _ in readers_in(package, ("left_out",))}
    assert found == {"package/new.py", "package/own.py", "package/handed.py"}
