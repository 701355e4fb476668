"""A layout that records what panels draw, where Blender has no window."""

from __future__ import annotations

from types import SimpleNamespace

import bpy


class Layout:
    """Records what a panel draws; knows every property and operator it is asked for."""

    def __init__(self, said=None):
        self.said = [] if said is None else said

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)

    def _child(self, *_, **__):
        return Layout(self.said)

    row = column = box = split = _child

    def label(self, text="", icon="NONE", translate=True):
        known = bpy.types.UILayout.bl_rna.functions["label"].parameters["icon"].enum_items.keys()
        assert icon in known, icon
        self.said.append(text)

    def prop(self, owner, name, **options):
        known = (
            getattr(owner, "rna_type", None) or owner.bl_rna
        )  # a button's bl_rna has none of its own properties
        assert name in known.properties, name
        self.said.append(name)

    def operator(self, name, **options):
        module, _, function = name.partition(".")
        assert hasattr(getattr(bpy.ops, module), function)
        known = bpy.types.UILayout.bl_rna.functions["operator"].parameters["icon"].enum_items.keys()
        assert options.get("icon", "NONE") in known, options
        self.said.append(name)
        return SimpleNamespace()

    def menu(self, name, **options):
        assert hasattr(bpy.types, name), name
        self.said.append(name)

    def template_list(self, name, *_, **__):
        assert hasattr(bpy.types, name), name
        self.said.append(name)

    def separator(self, *_, **__):
        pass

    def progress(self, factor=0.0, text=""):
        assert 0 <= factor <= 1
        self.said.append(text)
