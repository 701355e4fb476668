# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn and built characters checked in every Blender that is here: the opening of cut-outs' mouths, and what *Remove* leaves.

    python -m tools.drawing_checks [--only TEXT]     a column for each: `blender`, and the bpy wheels that are in .env/
    blender -b --factory-startup --python tools/drawing_checks.py            in that Blender alone
    python tools/drawing_checks.py --here            in this Python's bpy

All say the sample voice. Of a cut-out the height (jaw: the place) of the evaluated plane in the picture is held against how far
the voice opens the mouth. For *Remove*, all data of the file are read before and after, value by value: Generate and one undo,
Generate twice and Remove, and one undo of that. Where something differs it is named and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

ROOT: Final = Path(__file__).resolve().parent.parent
for _folder in (ROOT / "tests" / "helpers", ROOT / "examples", ROOT):
    sys.path.insert(0, str(_folder))

_LEAST: Final = 0.98  # correlation of a mouth's opening with what is said
_MARK: Final = "drawing checks: "
_PLAIN: Final = {"BOOLEAN", "INT", "FLOAT", "STRING", "ENUM"}
_OF_THE_SESSION: Final = {
    "rna_type", "users", "tag", "session_uid", "is_evaluated", "is_runtime_data", "bl_system_properties_get",
    "original", "preview", "hash", "uv_layer_clone", "uv_layer_clone_index", "uv_layer_stencil",
    "uv_layer_stencil_index", "use_extra_user", "use_nodes",
}  # fmt: skip
_OURS: Final = {"talking_animation", "talking_drawing"}  # what was chosen stays
_LISTS: Final = (
    "objects", "meshes", "armatures", "actions", "materials", "node_groups", "collections", "shape_keys",
    "grease_pencils", "grease_pencils_v3", "images", "lights", "cameras",
)  # fmt: skip


# -- what is in a file -----------------------------------------------------------------------------------


def contents(data: Any) -> dict[str, Any]:
    """All values of all that characters are made of, by the path to each; numbers as they are to the last bit."""
    values: dict[str, Any] = {}
    for name in _LISTS:
        for block in getattr(data, name, ()):
            values.update(_values(block, f"{name}[{block.name!r}]", set()))
            values[f"{name}[{block.name!r}] custom"] = sorted(key for key in block.keys() if key not in _OURS)  # noqa: SIM118 - an ID
    return values


def _values(owner: Any, path: str, seen: set[tuple[int, str]]) -> Iterator[tuple[str, Any]]:
    mark = owner.as_pointer(), owner.bl_rna.identifier
    if mark in seen:
        return
    seen.add(mark)
    for row in owner.bl_rna.properties:
        name = row.identifier
        if name in _OF_THE_SESSION | _OURS:
            continue
        try:
            value = getattr(owner, name)
        except Exception:
            continue
        where = f"{path}.{name}"
        if row.type in _PLAIN:
            yield where, _plain(row, value)
        elif row.type == "COLLECTION":
            yield where, len(value)
            for number, obj in enumerate(value):
                if obj is not None and hasattr(obj, "bl_rna"):
                    yield from _referred(obj, f"{where}[{number}]", seen)
        elif value is not None:
            yield from _referred(value, where, seen)


def _referred(value: Any, path: str, seen: set[tuple[int, str]]) -> Iterator[tuple[str, Any]]:
    embedded = getattr(value, "is_embedded_data", False)  # a material's nodes
    if hasattr(value, "session_uid") or hasattr(value, "name_full"):
        yield path, value.name_full
        if not embedded:
            return
    yield from _values(value, path, seen)


def _plain(row: Any, value: Any) -> Any:
    if getattr(row, "is_array", False):
        return np.array(value).ravel().tolist()
    return sorted(value) if isinstance(value, set) else value


def difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The first value that is not the same; "" where all are."""
    for path in [*before, *(path for path in after if path not in before)]:
        one, other = before.get(path, "nothing"), after.get(path, "nothing")
        if one != other and not (one != one and other != other):
            return f"{path}: {one} is {other}"
    return ""


# -- characters ------------------------------------------------------------------------------------------


def _blender() -> Any:
    """Blender's module; its stubs know nothing of the add-on."""
    import bpy

    return bpy


def _scene() -> Any:
    bpy = _blender()

    return bpy.context.scene


def _drawn_face(way: str) -> Callable[[], Any]:
    def build() -> Any:
        from blender_addon.api import grease_pencil as drawn_faces

        face = drawn_faces.add_face(_scene())
        face.vertex_groups.new(name="Mine")
        face.talking_drawing.way = way
        return face

    return build


def _frames_of_a_layer() -> Any:
    from blender_addon.api import charts
    from blender_addon.api import grease_pencil as drawn_faces

    return charts.chart_from(drawn_faces.add_face(_scene()), _scene())


def _hidden(kind: str) -> Callable[[], Any]:
    def build() -> Any:
        from drawn_characters import pencil

        from blender_addon.api import drawings
        from blender_addon.contract import MOUTH_SHAPES
        from blender_addon.host.blender_versions import grease_pencil

        face = pencil("Face", [f"mouth_{shape}" for shape in MOUTH_SHAPES])
        if kind == "MATERIALS":
            for letter in "ADX":
                face.data.materials.append(grease_pencil.new_material(f"Ink {letter}", (0, 0, 0, 1), None))
            drawings.by_names(face, "mouth", kind, {letter: f"Ink {letter}" for letter in "ADX"})
        return face

    return build


def _objects() -> Any:
    from blender_addon.demo_character.mouth_chart import build_mouth_chart

    return build_mouth_chart(_scene())


def _sprites() -> Any:
    from blender_addon.api import charts

    return charts.add_sprite_chart(_scene())


def _whole_number() -> Any:
    from drawn_characters import empty

    from blender_addon.api import drawings

    puppet = empty("Puppet")
    puppet["mouth"] = 3
    drawings.by_numbers(puppet, "mouth", "PROPERTY", puppet, '["mouth"]', {"A": 0, "C": 1, "D": 2, "X": 3})
    return puppet


def _slots() -> Any:
    bpy = _blender()
    from drawn_characters import linked

    from blender_addon.api import drawings

    mesh = bpy.data.meshes.new("Head")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
    for name in ("Shut", "Open"):
        mesh.materials.append(bpy.data.materials.new(name))
    head = linked(bpy.data.objects.new("Head", mesh))
    drawings.by_slots(head, "mouth", {"A": "Shut", "D": "Open", "X": "Shut"})
    return head


def _example(name: str) -> Callable[[], Any]:
    def build() -> Any:
        return __import__(name).build(_scene())

    return build


def _bones() -> Any:
    bpy = _blender()
    from drawn_characters import linked

    from blender_addon.api import drawings
    from blender_addon.api.drawings import Move
    from blender_addon.host.blender_versions import bones

    rig = linked(bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig")))
    with bones.editing(rig) as edited:
        for name in ("boca", "cabeza"):
            edited.new(name).tail = (0.0, 0.0, 0.3)
    drawings.map_part(rig, "mouth", rig, "boca", {"tall": Move("opening", 2.0)})
    return rig


CHARACTERS: Final[dict[str, Callable[[], Any]]] = {
    "Grease Pencil, bones": _drawn_face("BONES"),
    "Grease Pencil, drawn anew": _drawn_face("DRAWINGS"),
    "frames of a layer": _frames_of_a_layer,
    "layers": _hidden("LAYERS"),
    "materials": _hidden("MATERIALS"),
    "objects": _objects,
    "sprite sheets": _sprites,
    "a whole number": _whole_number,
    "material slots": _slots,
    "cut-out": _example("cut_out"),
    "bones of a cut-out": _bones,
    "any property": _example("robot"),
}


# -- Remove ----------------------------------------------------------------------------------------------


def given_back(build: Callable[[], Any]) -> str:
    """What is not as it was after Remove and after undo; "" where all is."""
    bpy = _blender()

    _empty_file()
    name = build().name
    bpy.context.view_layer.update()
    _scene().frame_set(1)
    chosen = _scene().talking_animation
    chosen.audio, chosen.character = _voice(), bpy.data.objects[name]
    bpy.ops.ed.undo_push(message="before")
    before = contents(bpy.data)
    _run(bpy.ops.talking_animation.generate)
    talking = contents(bpy.data)
    if not difference(before, talking):
        return "nothing was generated"
    bpy.ops.ed.undo()
    told = difference(before, contents(bpy.data))
    if told:
        return f"undo of Generate: {told}"
    for _ in range(2):
        _run(bpy.ops.talking_animation.generate)
    talking = contents(bpy.data)
    _run(bpy.ops.talking_animation.remove)
    told = difference(before, contents(bpy.data))
    if told:
        return f"Remove: {told}"
    bpy.ops.ed.undo()
    told = difference(talking, contents(bpy.data))
    return f"undo of Remove: {told}" if told else ""


def _run(operator: Any) -> None:
    done = operator("EXEC_DEFAULT", True)
    if done != {"FINISHED"}:
        raise RuntimeError(f"{operator.idname_py()}: {done}")


def _empty_file() -> None:
    bpy = _blender()

    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    _scene().render.fps = 24


def _voice() -> str:
    from blender_addon import api

    return str(api.sample_voice())


# -- cut-outs --------------------------------------------------------------------------------------------


def _puppet(flat: int, prepare: Callable[[Any, Any, Any], None]) -> Callable[[], tuple[Any, Any]]:
    """A mouth and a head below an empty, in the plane across an axis."""

    def build() -> tuple[Any, Any]:
        bpy = _blender()
        from drawn_characters import empty, linked

        root = empty("Puppet")
        planes = []
        for name in ("Head", "Mouth"):
            square = np.insert(
                np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]), flat, 0, axis=1
            )
            mesh = bpy.data.meshes.new(name)
            mesh.from_pydata(square.tolist(), [], [(0, 1, 2, 3)])
            planes.append(linked(bpy.data.objects.new(name, mesh), root))
        prepare(root, *planes)
        bpy.context.view_layer.update()
        return root, planes[1]

    return build


def _mirrored(root: Any, head: Any, mouth: Any) -> None:
    mouth.scale = (-1.0, 1.0, -0.4)


def _slanted(root: Any, head: Any, mouth: Any) -> None:
    root.scale, head.rotation_euler[1] = (2.0, 1.0, 0.5), 0.5
    mouth.parent = head


def _turned(root: Any, head: Any, mouth: Any) -> None:
    root.rotation_euler[2] = 0.7
    mouth.delta_scale, mouth.rotation_mode = (2.0, 1.0, 0.5), "QUATERNION"


def _as_it_is(root: Any, head: Any, mouth: Any) -> None:
    pass


def _bear(part: str) -> Callable[[], tuple[Any, Any]]:
    def build() -> tuple[Any, Any]:
        bpy = _blender()

        return _example("cut_out")(), bpy.data.objects[part]

    return build


CUT_OUTS: Final[dict[str, Callable[[], tuple[Any, Any]]]] = {
    "the bear's mouth": _bear("Mouth"),
    "the bear's jaw": _bear("Jaw"),
    "a plane in the front view": _puppet(1, _as_it_is),
    "in the top view": _puppet(2, _as_it_is),
    "in the side view": _puppet(0, _as_it_is),
    "of negative scale": _puppet(1, _mirrored),
    "below a sheared parent": _puppet(1, _slanted),
    "in a turned puppet, with a delta scale": _puppet(1, _turned),
}


def opening(build: Callable[[], tuple[Any, Any]]) -> float:
    """Correlation of what the evaluated plane shows with how far the motion opens the mouth."""
    bpy = _blender()

    from blender_addon import api
    from blender_addon.motion import face_channels
    from blender_addon.talking.carried import motion_of

    _empty_file()
    root, part = build()
    head = part if part.parent == root else part.parent
    report = api.generate(root, _voice(), start_frame=1)
    wanted = face_channels.channel("opening", motion_of(api.describe(root), _scene()))
    seen = []
    for frame in range(1, report.end + 1):
        _scene().frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        shown, over = part.evaluated_get(graph), head.evaluated_get(graph)
        corners = np.array([vertex.co for vertex in shown.data.vertices])
        if head != part:  # a head that turns turns what is below it
            matrix = np.array(over.matrix_world.inverted() @ shown.matrix_world)
        else:
            matrix = np.array(shown.matrix_world)
        places = corners @ matrix[:3, :3].T + matrix[:3, 3]
        tall = np.ptp(places, axis=0)
        seen.append(-places[:, 2].mean() if part.name == "Jaw" else _height(tall))
    count = min(len(seen), len(wanted))
    return float(np.corrcoef(seen[:count], wanted[:count])[0, 1])


def _height(tall: np.ndarray) -> float:
    """Of a plane that is wide in one, tall in another way: up is z, unless that is what it faces along."""
    return float(tall[2] if tall[2] > 1e-4 else tall[1])


# -- commands --------------------------------------------------------------------------------------------


def check(only: str = "") -> dict[str, str]:
    """Row of the table → what this Blender gives; of those in whose title a text is."""
    bpy = _blender()

    import blender_addon
    from blender_addon import api
    from blender_addon.host import settings

    bpy.ops.wm.read_factory_settings(use_empty=True)
    blender_addon.register()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        settings.fallback.cache_folder = folder
        for title, build in CUT_OUTS.items():
            if only not in title:
                continue
            followed = opening(build)
            rows[f"opening, {title}: r"] = (
                f"{followed:.4f}" if followed >= _LEAST else f"MISSED: {followed:.4f}"
            )
        for title, made in CHARACTERS.items():
            if only not in title:
                continue
            told = given_back(made)
            rows[f"removed and undone: {title}"] = f"MISSED: {told}" if told else "as before"
            print(f"{title}: {told or 'as before'}", file=sys.stderr, flush=True)
        api.close_engine()
    return rows


def table(columns: dict[str, dict[str, str]]) -> str:
    """Columns by Blender as a table in Markdown."""
    rows = list(dict.fromkeys(row for column in columns.values() for row in column))
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[row, *(column.get(row, "–") for column in columns.values())] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _here() -> list[Any]:
    from tools import blenders
    from tools.environments import ENV, python_of

    there = [blenders.installed()]
    for number in blenders.WHEELS.values():
        program = python_of(ENV / f"bpy-{number}")
        if program.exists():
            major, minor, patch = map(int, number.split("."))
            there.append(blenders.Blender((major, minor, patch), program, wheel=True))
    return [blender for blender in there if blender is not None]


def everywhere(only: str) -> int:
    """The table of all Blenders that are here, its rows as `check` has them; returns the exit status."""
    columns = {}
    status = 0
    for blender in _here():
        with tempfile.TemporaryDirectory() as user:
            done = subprocess.run(
                blender.command(Path(__file__).resolve(), "--only", only),
                env=blender.environment(Path(user)),
                stdout=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                timeout=1800,
                check=False,
            )
        said = [line[len(_MARK) :] for line in done.stdout.splitlines() if line.startswith(_MARK)]
        if not said:
            print(done.stdout[-3000:], file=sys.stderr)
        columns[blender.name] = json.loads(said[0]) if said else {}
        status |= done.returncode
    print(table(columns))
    return status


def main() -> int:
    """Check here or everywhere; returns the exit status."""
    inside = "bpy" in sys.modules or "--" in sys.argv
    given = [] if inside else sys.argv[1:]
    parser = argparse.ArgumentParser(prog="drawing_checks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--here", action="store_true", help="in this Python's bpy")
    parser.add_argument("--only", default="", help="rows in whose title this is")
    options = parser.parse_args(sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else given)
    if not (inside or options.here):
        return everywhere(options.only)
    rows = check(options.only)
    bpy = _blender()

    print(table({f"Blender {bpy.app.version_string}": rows}))
    print(_MARK + json.dumps(rows), flush=True)
    return int(any(value.startswith("MISSED") for value in rows.values()))


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    if "bpy" in sys.modules:
        os._exit(code)  # the wheels of Blender 4 may hang where they end
    sys.exit(code)
