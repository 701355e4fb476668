"""Which room may import which: docs/architecture.md draws it, this holds the code to it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import rooms_read

from tools import rooms

ROOT = Path(__file__).resolve().parent.parent.parent

# From the top down: a room may import what stands below it, and nothing beside or above it.
ADDON = [
    ["__init__"],
    ["registration", "without_numpy"],
    ["ui"],
    ["command_line"],
    ["api"],
    ["jobs"],
    ["talking"],
    ["inputs"],
    ["targets"],
    ["faces"],
    ["characters"],
    ["keys"],
    ["engine_process"],
    ["motion"],
    ["rigs"],
    ["demo_character"],
    ["contract"],
    ["host"],
    ["errors"],
]
ENGINE = [
    ["__main__"],
    ["cli", "worker"],
    ["commands", "training"],  # training is not in the zip
    ["imitation"],
    ["batch"],
    ["portrait"],
    ["capture", "live", "published"],
    ["pipeline"],
    ["looks"],
    ["pictures"],
    ["motion"],
    ["hearing"],
    ["detection"],
    ["packages"],
    ["errors"],
    ["face"],
    ["interruption", "paths", "processor", "progress"],
    ["__init__"],  # the version
]

# Rooms, or modules of them, that may import less than what stands below them.
ONLY = {
    "__init__": {"registration", "without_numpy"},
    "ui": {"api", "errors", "host.blender_versions.interface"},
    "demo_character": {"contract", "host.blender_versions.bones"},
    "contract": {"host.engine_folder"},
    "errors": set(),
}

WITHOUT_BLENDER = (
    *("rigs", "motion", "contract", "errors", "host.engine_folder"),
    *("host.kept_values", "keys.key_record", "characters.constraints", "characters.drawing_mappings"),
)
MOST_FILES_AT_THE_ROOT = 6


ORDERS = {"blender_addon": ADDON, "inference": ENGINE}


@pytest.fixture(scope="module")
def packages() -> dict[str, rooms.Package]:
    return {name: rooms_read.package(name) for name in ORDERS}


@pytest.fixture
def addon(packages: dict[str, rooms.Package]) -> rooms.Package:
    return packages["blender_addon"]


@pytest.fixture
def engine(packages: dict[str, rooms.Package]) -> rooms.Package:
    return packages["inference"]


def told(imports: Iterable[rooms.Import]) -> str:
    return "\n".join(map(str, imports))


def lies_in(module: str, places: Iterable[str]) -> bool:
    """Whether a module is one of these, or lies in one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


@pytest.mark.parametrize("name", ORDERS)
def test_every_room_has_a_place(name: str, packages: dict[str, rooms.Package]):
    assert packages[name].rooms == sorted(room for floor in ORDERS[name] for room in floor)


@pytest.mark.parametrize("name", ORDERS)
def test_arrows_go_down(name: str, packages: dict[str, rooms.Package]):
    depth = {room: number for number, floor in enumerate(ORDERS[name]) for room in floor}
    arrows = packages[name].arrows().items()
    up = [one for (room, other), imports in arrows if depth[room] >= depth[other] for one in imports]
    assert not up, told(up)


@pytest.mark.parametrize("name", ORDERS)
def test_no_circles(name: str, packages: dict[str, rooms.Package]):
    package = packages[name]
    assert rooms.circles(rooms.as_graph(package)) == []
    assert rooms.circles(rooms.module_graph(package)) == []


@pytest.mark.parametrize("room", ONLY)
def test_what_a_room_may_import(room: str, addon: rooms.Package):
    allowed = [f"{addon.name}.{name}" for name in (room, *ONLY[room])]
    wrong = [
        one
        for one in addon.imports
        if addon.room(one.module) == room
        and addon.room(one.target)
        and one.target != one.module
        and not lies_in(one.target, allowed)
    ]
    assert not wrong, told(wrong)


@pytest.mark.parametrize("place", WITHOUT_BLENDER)
def test_what_knows_no_blender(place: str, addon: rooms.Package):
    """Neither itself, at any time, nor what is loaded with it."""
    start = [module for module in addon.modules if lies_in(module, [f"{addon.name}.{place}"])]
    assert start
    wrong = [one for one in addon.imports if one.module in start and one.target.split(".")[0] == "bpy"]
    loaded = loaded_with(start, addon)
    wrong += [
        one
        for one in addon.imports
        if one.module in loaded and one.at_once and one.target.split(".")[0] == "bpy"
    ]
    assert not wrong, told(wrong)


def loaded_with(modules: Iterable[str], package: rooms.Package) -> set[str]:
    """Modules and everything of the package that is loaded when they are, the packages that they lie in too."""
    graph = rooms.module_graph(package)
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            above = module.rpartition(".")[0]
            waiting += [*graph.get(module, ()), *([above] if above else [])]
    return found


def test_the_contract_alone_reaches_the_engine(addon: rooms.Package):
    wrong = [
        one
        for one in addon.imports
        if one.target.split(".")[0] == "inference" and addon.room(one.module) != "contract"
    ]
    assert not wrong, told(wrong)


def test_the_engine_knows_no_blender(engine: rooms.Package):
    wrong = [one for one in engine.imports if one.target.split(".")[0] in {"blender_addon", "bpy"}]
    assert not wrong, told(wrong)


def test_the_contract_needs_numpy_at_most(engine: rooms.Package):
    known = {"numpy", *sys.stdlib_module_names}
    wrong = [
        one
        for one in engine.imports
        if engine.room(one.module) == "face"
        and engine.room(one.target) != "face"
        and one.target.split(".")[0] not in known
    ]
    assert not wrong, told(wrong)


def test_the_root_of_the_addon_is_short():
    files = [path.name for path in (ROOT / "blender_addon").iterdir() if path.is_file()]
    assert len(files) <= MOST_FILES_AT_THE_ROOT, sorted(files)


# -- the tool itself -------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> rooms.Package:
    """Three rooms: top imports middle in a function, middle and bottom import each other."""
    texts = {
        "__init__.py": "",
        "top.py": "def later():\n    from .middle import part\n    import os.path\n",
        "middle/__init__.py": "from __future__ import annotations\nfrom . import part\n",
        "middle/part.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..top import later\n"
            "else:\n    from .. import bottom\n"
        ),
        "bottom.py": "import house.middle.part\n",
    }
    for name, text in texts.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return rooms.read(tmp_path, "house")


def test_imports_are_found_wherever_they_stand(small: rooms.Package):
    arrows = {ends: [(one.line, one.at_once) for one in imports] for ends, imports in small.arrows().items()}
    assert arrows == {
        ("top", "middle"): [(2, False)],
        ("middle", "top"): [(3, False)],
        ("middle", "bottom"): [(5, True)],
        ("bottom", "middle"): [(1, True)],
    }
    assert "house.top:3 imports os.path" in told(small.imports)


def test_circles_and_floors_are_found(small: rooms.Package):
    assert rooms.circles(rooms.as_graph(small)) == [["bottom", "middle", "top"]]
    assert rooms.circles(rooms.module_graph(small)) == [["house.bottom", "house.middle.part"]]
    assert len(rooms.running_up(small)) == 2  # whichever way round, two of the four arrows go up
    assert "4 arrows, 2 run up, 1 circles" in rooms.describe(small)
    assert rooms.floors({"a": {"b", "c"}, "b": {"c"}, "c": set(), "d": {"a"}}) == {
        "c": 0,
        "b": 1,
        "a": 2,
        "d": 3,
    }
