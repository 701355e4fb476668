"""What every naming convention of face shapes has to hold. A new one is tested by being in `face_shapes/order.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from places import ROOT

from blender_addon.rigs import face_shapes
from blender_addon.rigs.face_shapes.convention import CHANNELS, Convention, parse
from blender_addon.rigs.face_shapes.order import MODULES
from blender_addon.rigs.face_shapes.recognition import CONVENTIONS, MeshNames, Recognition, recognise
from blender_addon.rigs.matching import PREFIXED, NameIndex

FOLDER = Path(face_shapes.__file__).parent
every_convention = pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda one: one.identifier)
NO_CONVENTIONS = {"__init__", "convention", "order", "recognition"}
SIDE = re.compile(r"[._\- ]?(Left|Right)$|[._\- ][LR]$|(?<=[a-z])[LR]$")


def own_names(convention: Convention) -> tuple[str, ...]:
    """The shape keys of a character that has exactly this convention's names: of each recipe the first alternative."""
    return tuple(
        dict.fromkeys(name for recipe in convention.channels.values() for name, _ in parse(recipe)[0])
    )


def recognised(names: tuple[str, ...]) -> Recognition:
    return recognise([MeshNames("Face", names)])


@pytest.mark.parametrize("module", sorted({path.stem for path in FOLDER.glob("*.py")} - NO_CONVENTIONS))
def test_its_module_is_in_the_order(module):
    assert MODULES.count(module) == 1, "face_shapes/order.py lists every module once"


def test_identifiers_are_unique():
    identifiers = [convention.identifier for convention in CONVENTIONS]
    assert len(set(identifiers)) == len(identifiers) and "user" not in identifiers


@every_convention
def test_its_data_is_sound(convention):
    assert re.fullmatch("[a-z0-9_]+", convention.identifier) and convention.title
    assert convention.source.startswith("https://")
    assert set(convention.channels) <= set(CHANNELS)
    assert 1 <= convention.minimum <= len(convention.channels)
    assert convention.unverified <= set(convention.names)
    assert all(prefix == prefix.casefold() for prefix in convention.prefixes)
    for left in [name for name in convention.channels if name.endswith("Left")]:
        assert left[:-4] + "Right" in convention.channels, f"{left} has no other side"


@every_convention
def test_its_recipes_can_be_read(convention):
    for channel, recipe in convention.channels.items():
        for alternative in parse(recipe):
            names = [name for name, _ in alternative]
            assert len(set(names)) == len(names), f"{channel} names a shape twice"
            assert all(name and name == name.strip() and not set(name) & set("{}*|+") for name in names), (
                channel
            )
            assert all(-1 <= gain <= 1 and gain for _, gain in alternative), channel


@every_convention
def test_it_is_recognised_from_its_own_names(convention):
    found = recognised(own_names(convention))
    assert found.conventions == (convention.identifier,), "no other convention claims its names"
    rows = {row.channel: row for row in found.rows[0]}
    assert set(rows) == set(convention.channels)
    for channel, recipe in convention.channels.items():
        wanted = parse(recipe)[0]
        assert rows[channel].drives == wanted
        unsure = any(name in convention.unverified for name, _ in wanted)
        assert rows[channel].confidence == (0.8 if unsure else 1.0)
    assert any(row.driven for row in rows.values())


@every_convention
def test_it_is_recognised_behind_its_prefixes(convention):
    for prefix in convention.prefixes:
        names = tuple(prefix + name for name in own_names(convention))
        assert recognised(names).conventions[:1] == (convention.identifier,), prefix


@every_convention
def test_its_names_are_found_in_other_spellings(convention):
    for name in convention.names:
        spellings = [f" {name} ", *(name.replace("_", separator) for separator in (" ", ".", "-", ""))]
        side = SIDE.search(name)
        if side:
            plain, letter = name[: side.start()], side.group().strip("_.- ")[0]
            word = {"L": "Left", "R": "Right"}[letter]
            spellings += [plain + ending for ending in (word, f"_{word}", f"_{letter}", f".{letter.lower()}")]
        for spelling in spellings:
            matches = NameIndex([spelling]).find(name, convention.prefixes, convention.whole)
            assert matches and matches[0].confidence >= PREFIXED, spelling


@every_convention
def test_too_few_names_are_no_character_of_it(convention):
    """Shapes are taken one after the other, in the convention's own order, until it is recognised."""
    names = own_names(convention)
    for count in range(len(names) + 1):
        shown = {
            channel
            for channel, recipe in convention.channels.items()
            if any(name in names[:count] for alternative in parse(recipe) for name, _ in alternative)
        }
        if len(shown) < convention.minimum:
            assert convention.identifier not in recognised(names[:count]).conventions, names[:count]


@every_convention
def test_the_table_of_rigs_names_it(convention):
    text = (ROOT / "docs" / "rigs.md").read_text(encoding="utf-8")
    table = text[text.index("| convention | shape keys") : text.index("Case, separators,")]
    examples = [word for span in re.findall("`(.+?)`", table) for word in (span, *span.split())]
    index = NameIndex(examples)
    assert any(index.find(name, convention.prefixes, convention.whole) for name in convention.names), (
        f"the table of conventions in docs/rigs.md has no example of the names of '{convention.title}'"
    )
