"""Blender registers a class whose properties it cannot read all the same, with no more than a line in the console."""

from __future__ import annotations

import typing

import bpy

from blender_addon import registration


def test_every_property_that_a_class_declares_is_one():
    declared = 0
    for cls in registration.CLASSES:
        for base in cls.__mro__:
            if not base.__module__.startswith("blender_addon."):
                continue
            names = [
                name
                for name, kind in vars(base).get("__annotations__", {}).items()
                if "Property(" in str(kind) or hasattr(kind, "keywords")  # as text, or as Blender has read it
            ]
            declared += len(names)
            assert set(names) <= set(rna_of(cls).properties.keys()), (cls, names)
    assert declared > 100


def rna_of(cls: type) -> typing.Any:
    """What Blender knows of a class: of an operator, by its name."""
    if issubclass(cls, bpy.types.Operator):
        module, _, name = cls.bl_idname.partition(".")
        return getattr(getattr(bpy.ops, module), name).get_rna_type()
    return cls.bl_rna
