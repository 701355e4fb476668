"""The names of pictures that ship, in whole copies of the add-on and in damaged ones; one more is a file and a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import shipped_pictures as shipped

ROW = {
    "name": "owl",
    "title": "Owl",
    "file": "owl.png",
    "points": "owl.json",
    "kind": "drawing",
    "source": "CC0",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(shipped, "_FOLDERS", (tmp_path / "nowhere", tmp_path))
    shipped.shipped_pictures.cache_clear()
    yield tmp_path
    shipped.shipped_pictures.cache_clear()


def table(folder: Path, rows: object) -> None:
    (folder / "pictures.json").write_text(json.dumps({"pictures": rows}), encoding="utf-8")


def test_one_more_is_a_file_and_a_row(folder):
    (folder / "owl.json").write_text('{"points": [[1, 2], [3, 4.5], [5, 6], [7, 8]]}', encoding="utf-8")
    table(folder, [ROW, {**ROW, "name": "Élan vital", "file": "b.jpg", "kind": "photo"}])
    one, other = shipped.shipped_pictures()
    assert (one.points, one.path, one.kind) == ((1, 2, 3, 4.5, 5, 6, 7, 8), folder / "owl.png", "drawing")
    assert shipped.called(" OWL ") is one and shipped.called("élan VITAL") is other
    shipped.check_name("owl")
    with pytest.raises(
        TalkingAnimationError, match=r"named 'bat': choose one that ships \(owl, Élan vital\)"
    ):
        shipped.check_name("bat")


@pytest.mark.parametrize("name", [None, 3, b"owl", Path("owl"), "", "   ", "owl.png", "./owl", "owls"])
def test_what_is_no_name(folder, name):
    table(folder, [{key: value for key, value in ROW.items() if key != "points"}])
    assert shipped.called(name) is None


@pytest.mark.parametrize("path", ["bat.png", "a/bat", "/bat", "//bat", "", " "])
def test_paths_are_left_to_those_who_read_them(folder, path):
    table(folder, [{key: value for key, value in ROW.items() if key != "points"}])
    shipped.check_name(path)


@pytest.mark.parametrize(
    "rows",
    [None, {}, [{}], [ROW], "owl", [None]],
    ids=["none", "object", "empty row", "no points", "text", "null"],
)
def test_a_damaged_copy_has_none_and_goes_on(folder, rows):
    table(folder, rows)
    assert shipped.shipped_pictures() == () and shipped.called("owl") is None
    shipped.check_name("bat")  # then a path says what is wrong


def test_a_table_that_is_no_json(folder):
    (folder / "pictures.json").write_bytes(b"\xff\xfe{")
    assert shipped.shipped_pictures() == ()


def test_a_copy_without_them(folder):
    assert shipped.shipped_pictures() == ()
