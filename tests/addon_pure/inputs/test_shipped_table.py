"""The pictures that ship: files and rows that fit together, small, of known origin, and drawn by what says that it draws them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools import package

FOLDER = Path(__file__).resolve().parents[3] / "demo" / "pictures"
ROWS = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))["pictures"]
MOST_BYTES, MOST_OF_THE_ZIP = 300_000, 15_000_000


def test_every_file_has_its_row_and_every_row_its_files():
    named = {
        "pictures.json",
        *(row["file"] for row in ROWS),
        *(row["points"] for row in ROWS if "points" in row),
    }
    assert {path.name for path in FOLDER.iterdir()} == named
    names = [row["name"] for row in ROWS]
    assert len(set(map(str.casefold, names))) == len(names) == 8


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_row_says_what_is_needed(row):
    assert row["kind"] in ("photo", "drawing") and row["title"] and row["name"].isidentifier()
    assert any(word in row["source"] for word in ("public domain", "CC0"))
    assert (FOLDER / row["file"]).stat().st_size <= MOST_BYTES
    if row["kind"] == "drawing":  # which are often not found
        points = json.loads((FOLDER / row["points"]).read_text(encoding="utf-8"))["points"]
        assert len(points) in (4, 68)


def test_they_are_in_the_zip_which_stays_small():
    contents = package.contents()
    for path in FOLDER.iterdir():
        assert contents[f"talking_animation/sample/pictures/{path.name}"] == path
    assert sum(path.stat().st_size for path in contents.values()) < MOST_OF_THE_ZIP


def test_the_drawings_are_what_the_code_draws():
    image = pytest.importorskip("PIL.Image")
    import numpy as np

    from tools.puppets import PUPPETS, Sheet

    drawn = {row["name"]: row for row in ROWS if row["kind"] == "drawing"}
    assert [puppet.name for puppet in PUPPETS] == list(drawn)
    for puppet in PUPPETS:
        sheet = Sheet(pixels=160)
        puppet.draw(sheet)
        row = drawn[puppet.name]
        with image.open(FOLDER / row["file"]) as shipped:
            small = np.asarray(shipped.convert("RGB").resize((160, 160), image.Resampling.BOX), float)
        assert np.abs(small - sheet.picture()).mean() < 5, puppet.name
        points = json.loads((FOLDER / row["points"]).read_text(encoding="utf-8"))["points"]
        assert points == [list(place) for place in puppet.points]
