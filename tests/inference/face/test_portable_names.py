"""Names of files on Windows, told on any system."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from inference.errors import EngineError
from inference.face import portable_names
from inference.face.result_files import refuse_special

HIDDEN, DEVICE, SHORTENED = (
    "would be hidden behind another file",
    "is the name of a device",
    "would lose its end",
)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("line.npz", ""),
        (r"C:\voices\line 1.npz", ""),
        ("C:line.npz", ""),
        (r"\\host\share\line.npz", ""),
        (r"..\.\line.npz", ""),
        (r"C:\consul\com10\nulls.npz", ""),
        ("C:\\" + "a" * 300 + ".npz", ""),
        (r"\\?\C:\voices\line.npz. ", ""),
        (r"\\?\C:\voices\CON", ""),
        ("CON", DEVICE),
        ("nul.npz", DEVICE),
        (r"C:\voices\Com1.tar.gz", DEVICE),
        (r"C:\aux\line.npz", DEVICE),
        ("LPT\N{SUPERSCRIPT TWO}.csv", DEVICE),
        ("CONOUT$", DEVICE),
        ("nul .npz", DEVICE),
        ("line.npz.", SHORTENED),
        ("line.npz ", SHORTENED),
        (r"C:\voices. \line.npz", SHORTENED),
        ("line.npz:hidden", HIDDEN),
        (r"C:\voices\line.npz:hidden:$DATA", HIDDEN),
        (r"\\host\share\line:1.npz", HIDDEN),
    ],
)
def test_what_windows_makes_of_a_path(path: str, told: str) -> None:
    changed = portable_names.changed_by_windows(PureWindowsPath(path))
    assert told in changed and bool(told) == bool(changed)
    assert portable_names.changed_by_windows(PurePosixPath(path)) == ""
    if told:
        with pytest.raises(EngineError, match=told) as error:
            refuse_special(PureWindowsPath(path))
        assert error.value.code == "output_unwritable" and error.value.message.endswith(".")


@pytest.mark.parametrize(
    "name",
    [
        "CON",
        "nul.wav",
        "a:b",
        "line. ",
        "..",
        "C:\\x",
        "\\\\host\\share",
        "com\N{SUPERSCRIPT ONE}",
        "é" * 300,
        "a\nb",
        '?*|<>"',
    ],
)
@pytest.mark.parametrize("suffix", [".mp4", ".wav", ".json"])
def test_a_name_that_people_give_becomes_one_of_a_file(name: str, suffix: str) -> None:
    made = portable_names.stem(name, "video") + suffix
    for kind in (PureWindowsPath, PurePosixPath):
        path: PurePath = kind(made)
        assert path.name == made and len(path.parts) == 1 and len(made) <= 65
    assert portable_names.changed_by_windows(PureWindowsPath(made)) == ""
