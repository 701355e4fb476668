"""The motion travels in the .blend file: dials work on another computer, and after the cache was cleared."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions
from blender_addon.motion import stored_motion


def keys_of(mesh):
    (action,) = actions.own_actions(mesh.data.shape_keys)
    curves = animation_data.curve_set(action, mesh.data.shape_keys)
    return {path: animation_data.key_values(curve) for path, curve in sorted(curves.by_path().items())}


def clear(tmp_path):
    for path in (tmp_path / "cache").iterdir():
        path.unlink()


def carriers():
    return [action for action in bpy.data.actions if actions.kept_motion(action)]


def test_a_dial_moves_the_same_keys_without_the_cache(fake, voice, tmp_path):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    api.apply_dials(mesh, api.Dials(lips=0.5))
    expected = keys_of(mesh)
    api.apply_dials(mesh, api.Dials())
    clear(tmp_path)
    api.apply_dials(mesh, api.Dials(lips=0.5))
    for path, keys in keys_of(mesh).items():
        np.testing.assert_allclose(keys, expected[path], atol=1e-3)


def test_it_is_saved_opened_and_appended(fake, voice, tmp_path):
    _, mesh = characters.rigged()
    name = mesh.name
    api.generate(mesh, voice, start_frame=1)
    path = str(tmp_path / "talking.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    clear(tmp_path)
    bpy.ops.wm.open_mainfile(filepath=path)
    api.apply_dials(bpy.data.objects[name], api.Dials(lips=0.5))
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    with bpy.data.libraries.load(path) as (there, here):
        here.objects = list(there.objects)
    for item in here.objects:
        bpy.context.scene.collection.objects.link(item)
    assert api.apply_dials(bpy.data.objects[name], api.Dials(lips=0.2)) > 0


def test_one_copy_a_character_and_none_after_remove(fake, voice):
    rig, mesh = characters.rigged()
    for seed in (1, 2):
        api.generate(mesh, voice, start_frame=1, seed=seed)
        assert len(carriers()) == 1
    api.generate(mesh, voice, start_frame=1, keep_motion=False)
    assert carriers() == []
    api.generate(rig, voice, start_frame=1)
    api.remove(rig)
    assert carriers() == []


def test_what_is_too_long_is_left_out(fake, voice, monkeypatch):
    monkeypatch.setattr(stored_motion, "_LONGEST", 1.0)
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    assert carriers() == []


@pytest.mark.parametrize("packed", [b"\0", b"PK\x03\x04 cut", "text", 7, [1, 2, 3]])
def test_a_damaged_copy_is_told(fake, voice, tmp_path, packed):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    (action,) = carriers()
    action["talking_animation_motion"] = packed
    clear(tmp_path)
    with pytest.raises(TalkingAnimationError, match=r"no longer in the cache|is damaged"):
        api.apply_dials(mesh, api.Dials(lips=0.5))
