"""Scenes are deleted by `remove_scene` alone: Blender 4.3 crashes in the plain way while it runs a command."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

_PLAIN = {("scenes", "remove"), ("scene", "delete")}


def plain_removals(source: str) -> Iterator[int]:
    """Lines in which something is removed from `….scenes`, or the present scene is deleted."""
    for node in ast.walk(ast.parse(source)):
        owner = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(owner, ast.Attribute) and (owner.attr, node.attr) in _PLAIN:
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        "bpy.data.scenes.remove(scene)",
        "away = data.scenes.remove",
        "for one in all:\n bpy.ops.scene.delete()",
    ],
)
def test_a_plain_removal_is_seen(source):
    assert list(plain_removals(source))


@pytest.mark.parametrize(
    "source", ['"""bpy.data.scenes.remove"""', "bpy.data.objects.remove(scene)", "remove_scene(x)"]
)
def test_what_is_none_is_left_alone(source):
    assert not list(plain_removals(source))


def test_no_scene_is_removed_in_the_plain_way(root):
    plain = [
        f"{path.relative_to(root).as_posix()}:{line}"
        for path in sorted((root / "blender_addon").rglob("*.py"))
        for line in plain_removals(path.read_text(encoding="utf-8"))
    ]
    assert not plain, "use host.blender_versions.scenes.remove_scene: " + ", ".join(plain)
