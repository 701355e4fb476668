#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which room imports which, read from the code without running it.

    python tools/rooms.py            of this copy
    python tools/rooms.py FOLDER     of any other one, so that before and after can be compared

A room is what lies directly in a package's folder: a folder, or a module that lies there alone. An arrow goes from a room
to one that it imports, also where the import stands in a function or under TYPE_CHECKING. A room's floor is how many rooms
lie below it, one upon the other.
"""

from __future__ import annotations

import ast
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("blender_addon", "inference")
_WITH_STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)
"""What an import may be, or lie in: expressions, most of a module's nodes, hold none."""
_TRIED = 7  # rooms of a circle whose every order is tried


@dataclass(frozen=True)
class Import:
    """One import of one name.

    Attributes:
        module: dotted name of the module that imports.
        target: dotted name of the module that is imported, as far as files tell; else as it is written.
        line: where it stands.
        at_once: whether it is carried out when the module is loaded: not in a function, not for types alone.
    """

    module: str
    target: str
    line: int
    at_once: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


@dataclass(frozen=True)
class Package:
    """A package's modules and what they import.

    Attributes:
        name: of the package.
        modules: dotted names.
        imports: all of them, in the package and beyond it.
    """

    name: str
    modules: frozenset[str]
    imports: tuple[Import, ...]

    def room(self, dotted: str) -> str:
        """The room that a module of the package lies in; the package itself is ``__init__``; "" for what lies outside."""
        first, _, rest = dotted.partition(".")
        if first != self.name:
            return ""
        return rest.partition(".")[0] or "__init__"

    @property
    def rooms(self) -> list[str]:
        """All rooms, in alphabetical order."""
        return sorted({self.room(module) for module in self.modules})

    def arrows(self) -> dict[tuple[str, str], list[Import]]:
        """(room, room that it imports) → the imports."""
        imports: dict[tuple[str, str], list[Import]] = {}
        for one in self.imports:
            ends = self.room(one.module), self.room(one.target)
            if ends[1] and ends[0] != ends[1]:
                imports.setdefault(ends, []).append(one)
        return imports


# -- reading ---------------------------------------------------------------------------------------------


def read(root: Path, name: str) -> Package:
    """Read a package of a copy of this repository."""
    files = {}
    for path in sorted((root / name).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    imports = [one for module, path in files.items() for one in _imports_of(module, path, files)]
    return Package(name, frozenset(files), tuple(imports))


def _imports_of(module: str, path: Path, files: Mapping[str, Path]) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node, at_once in _import_nodes(tree, True):
        if isinstance(node, ast.Import):
            targets = [name.name for name in node.names]
        else:
            base = _base(node, package)
            names = [f"{base}.{name.name}" for name in node.names]
            targets = [name if name in files else base for name in names]
        for target in dict.fromkeys(targets):
            yield Import(module, target, node.lineno, at_once)


def _base(node: ast.ImportFrom, package: str) -> str:
    """What the names of a ``from … import`` are imported from, without leading dots."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


def _import_nodes(node: ast.AST, at_once: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """All imports below a node, each with whether it is carried out when the module is loaded."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, at_once
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        for statement in node.body:
            yield from _import_nodes(statement, False)
        for statement in node.orelse:
            yield from _import_nodes(statement, at_once)
    else:
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for below in ast.iter_child_nodes(node):
            if isinstance(below, _WITH_STATEMENTS):
                yield from _import_nodes(below, at_once and not later)


# -- circles and floors ----------------------------------------------------------------------------------


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of two and more that all lead to one another, by Tarjan's algorithm.

    Args:
        arrows: each → what it leads to.
    """
    place: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(one: str) -> None:
        place[one] = lowest[one] = len(place)
        stack.append(one)
        for other in sorted(arrows.get(one, ())):
            if other not in place:
                visit(other)
                lowest[one] = min(lowest[one], lowest[other])
            elif other in stack:
                lowest[one] = min(lowest[one], place[other])
        if lowest[one] == place[one]:
            group = stack[stack.index(one) :]
            del stack[stack.index(one) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for one in sorted(arrows):
        if one not in place:
            visit(one)
    return groups


def as_graph(package: Package) -> dict[str, set[str]]:
    """Each room → the rooms that it imports."""
    graph: dict[str, set[str]] = {room: set() for room in package.rooms}
    for one, other in package.arrows():
        graph.setdefault(one, set()).add(other)
    return graph


def module_graph(package: Package) -> dict[str, set[str]]:
    """Each module → the modules of the package that it loads when it is loaded itself."""
    graph: dict[str, set[str]] = {module: set() for module in package.modules}
    for one in package.imports:
        if one.at_once and one.target in package.modules and one.target != one.module:
            graph[one.module].add(one.target)
    return graph


def floors(graph: Mapping[str, set[str]]) -> dict[str, int]:
    """Each room → its floor, from 0; rooms of a circle lie on one floor."""
    circle_of = {room: group for group in circles(graph) for room in group}
    levels: dict[str, int] = {}

    def floor_of(room: str) -> int:
        if room not in levels:
            group = circle_of.get(room, [room])
            below = {other for one in group for other in graph.get(one, ())} - set(group)
            level = max((floor_of(other) + 1 for other in below), default=0)
            levels.update(dict.fromkeys(group, level))
        return levels[room]

    for room in graph:
        floor_of(room)
    return levels


def running_up(package: Package) -> dict[tuple[str, str], list[Import]]:
    """The arrows that close circles: turned round, they would leave rooms that stand upon one another."""
    arrows = package.arrows()
    closing = {}
    for ring in circles(as_graph(package)):
        place = {room: number for number, room in enumerate(_downwards(ring, arrows))}
        closing.update(
            {
                ends: imports
                for ends, imports in arrows.items()
                if place.get(ends[0], 0) > place.get(ends[1], -1) >= 0
            }
        )
    return closing


def _downwards(ring: list[str], arrows: Mapping[tuple[str, str], list[Import]]) -> Sequence[str]:
    """The rooms of a circle in the order that the fewest imports run against."""
    inside = {ends: len(imports) for ends, imports in arrows.items() if ends[0] in ring and ends[1] in ring}
    if len(ring) > _TRIED:  # too many orders to try each: those that import most come first
        weight = {
            room: sum(count * ((one == room) - (other == room)) for (one, other), count in inside.items())
            for room in ring
        }
        return sorted(ring, key=lambda room: -weight[room])

    def against(order: Sequence[str]) -> int:
        return sum(count for (one, other), count in inside.items() if order.index(one) > order.index(other))

    return min(itertools.permutations(ring), key=against)


# -- telling ---------------------------------------------------------------------------------------------


def describe(package: Package) -> str:
    """Rooms by floors, and what is wrong with them."""
    graph = as_graph(package)
    level = floors(graph)
    up, rings = running_up(package), circles(graph)
    lines = [
        f"{package.name}: {len(graph)} rooms, {len(package.modules)} modules, {len(set(level.values()))} floors, "
        f"{sum(map(len, graph.values()))} arrows, {len(up)} run up, {len(rings)} circles"
    ]
    for floor in sorted(set(level.values()), reverse=True):
        lines.append(
            f"  {floor:2}  {', '.join(sorted(room for room, number in level.items() if number == floor))}"
        )
    lines += [f"  up: {one} → {other} ({imports[0]})" for (one, other), imports in sorted(up.items())]
    lines += [f"  circle: {', '.join(ring)}" for ring in rings]
    modules = circles(module_graph(package))
    lines += [f"  circle of modules: {', '.join(ring)}" for ring in modules]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Tell of both packages of a copy of the repository."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        if (root / name).is_dir():
            print(describe(read(root, name)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
