"""What every naming convention of face bones has to hold. A new one is tested by being in `face_bones/order.py`."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from places import ROOT

from blender_addon.rigs import face_bones
from blender_addon.rigs.face_bones import CONVENTIONS, ROLES, SIDES, Convention, recognise_names
from blender_addon.rigs.face_bones.convention import MIDDLE_ROLES, SIDE_ROLES
from blender_addon.rigs.face_bones.order import MODULES

FOLDER = Path(face_bones.__file__).parent
every_convention = pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda one: one.identifier)
NO_CONVENTIONS = {"__init__", "convention", "generic", "order", "recognition"}


def sided(pattern: str, convention: Convention) -> list[str]:
    """A name, or the two that it stands for; of alternatives the first that may be there."""
    first = next(name for name in pattern.split("|") if name not in convention.absent)
    return [first.replace("{side}", side) for side in convention.sides] if "{side}" in first else [first]


def own_names(convention: Convention) -> list[str]:
    """The bones of an armature that has exactly this convention's names."""
    patterns = [*convention.signature, *(name for names in convention.bones.values() for name in names)]
    return list(dict.fromkeys(name for pattern in patterns for name in sided(pattern, convention)))


@pytest.mark.parametrize("module", sorted({path.stem for path in FOLDER.glob("*.py")} - NO_CONVENTIONS))
def test_its_module_is_in_the_order(module):
    assert MODULES.count(module) == 1, "face_bones/order.py lists every module once"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_where_its_names_are_from(module):
    assert "https://" in (import_module(f"{face_bones.__name__}.{module}").__doc__ or "")


def test_identifiers_are_unique():
    identifiers = [convention.identifier for convention in CONVENTIONS]
    assert len(set(identifiers)) == len(identifiers) and not {"user", "generic"} & set(identifiers)


@every_convention
def test_its_data_is_sound(convention):
    assert re.fullmatch("[a-z0-9_]+", convention.identifier) and convention.title and convention.signature
    assert len(convention.sides) == len(set(convention.sides)) == len(SIDES)
    assert set(convention.bones) <= {*MIDDLE_ROLES, *SIDE_ROLES}
    for role, patterns in convention.bones.items():
        for name in [name for pattern in patterns for name in pattern.split("|")]:
            assert name and name == name.strip(), role
            assert "{" not in name.replace("{side}", ""), name
            assert role not in SIDE_ROLES or "{side}" in name, f"{role}: {name} is one bone for both sides"
    assert not set(own_names(convention)) & set(convention.absent)


@every_convention
def test_it_is_recognised_from_its_own_names(convention):
    found = recognise_names("Rig", own_names(convention))
    assert found.convention == convention.identifier and not found.note
    assert all(match.confidence == 1.0 and match.role in ROLES for match in found.matches)
    for role, patterns in convention.bones.items():
        roles = [f"{role}.{side}" for side in SIDES] if role in SIDE_ROLES else [role]
        wanted = {name for pattern in patterns for name in sided(pattern, convention)}
        assert set(found.bones(*roles)) == wanted, role
        if role in SIDE_ROLES:
            for side, token in zip(SIDES, convention.sides):
                named = {pattern.split("|")[0].replace("{side}", token) for pattern in patterns}
                assert set(found.bones(f"{role}.{side}")) == named, f"{role}.{side}"


@every_convention
def test_it_is_recognised_behind_a_namespace_and_in_any_case(convention):
    names = own_names(convention)
    for spelled in ([f"Fred:{name}" for name in names], [name.swapcase() for name in names]):
        found = recognise_names("Rig", spelled)
        assert found.convention == convention.identifier and 0 < found.matches[0].confidence < 1


@every_convention
def test_without_its_signature_it_is_another(convention):
    for pattern in convention.signature:
        gone = set(sided(pattern, convention))
        rest = [name for name in own_names(convention) if name not in gone]
        assert recognise_names("Rig", rest).convention != convention.identifier


@every_convention
def test_the_table_of_rigs_names_it(convention):
    text = (ROOT / "docs" / "rigs.md").read_text(encoding="utf-8")
    table = text[text.index("| convention | bones") : text.index("Of a rig with controls only")]
    examples = {name.casefold() for name in re.findall("`(.+?)`", table)}
    known = {name.casefold() for name in own_names(convention)}
    assert examples & known, f"the table of conventions has no example of {convention.title}'s bones"
