"""What panels cost while nothing changes: a redraw looks through no scene, and what takes long to find is kept for longer."""

from __future__ import annotations

import bpy
import characters
import pytest
from counting import lines_run
from layout import Layout
from versions import ends

from blender_addon import api, registration
from blender_addon.api import faces
from blender_addon.characters import controls
from blender_addon.ui import lookup

PANELS = [
    cls for cls in registration.CLASSES if issubclass(cls, bpy.types.Panel) and cls.bl_space_type == "VIEW_3D"
]
MORE = 150
"""Objects that are added to a scene."""


class Polling(Layout):
    """Asks each button whether it can be pressed, as Blender does when it draws one."""

    _child = row = column = box = split = lambda self, *_, **__: Polling(self.said)
    operator_menu_enum = menu = lambda self, *_, **__: Polling(self.said)

    def operator(self, name, **options):
        owner, _, function = name.partition(".")
        if owner == "talking_animation":
            getattr(bpy.ops.talking_animation, function).poll()
        return Polling(self.said)


def draw_all():
    """Draw every panel of the tab, also those that are closed at first."""
    for cls in PANELS:
        if not hasattr(cls, "poll") or cls.poll(bpy.context):
            panel = type(
                "Drawn", (), {name: getattr(cls, name) for name in dir(cls) if name.startswith("_draw")}
            )
            panel.layout = property(lambda _: Polling())
            cls.draw(panel(), bpy.context)


def plain():
    bpy.ops.mesh.primitive_cube_add()
    return bpy.context.object


def driven():
    """A face all of whose shapes follow bones."""
    rig, face = characters.rigged()
    rig.pose.bones["head"].rotation_mode = "XYZ"
    for block in face.data.shape_keys.key_blocks[1:]:
        driver = block.driver_add("value").driver
        variable = driver.variables.new()
        variable.name, variable.type = "var", "TRANSFORMS"
        target = variable.targets[0]
        target.id, target.bone_target, target.transform_type = rig, "head", "LOC_X"
        target.transform_space = "LOCAL_SPACE"
        driver.expression = "var"
    return rig


@pytest.fixture
def clock(monkeypatch):
    """The time that the look-ups see, in a list; it stands still."""
    now = [100.0]
    monkeypatch.setattr(lookup.time, "monotonic", lambda: now[0])
    lookup.forget()
    yield now
    lookup.forget()


def fill_scene():
    """Many more objects: meshes with shape keys elsewhere, and what has no shape."""
    mesh = characters.face_mesh("Elsewhere")
    mesh.location.x = 100.0
    for number in range(MORE):
        data = mesh.data.copy() if number % 10 == 0 else None
        other = bpy.data.objects.new(f"Thing {number}", data)
        other.location.x = 200.0 + 3.0 * number
        bpy.context.scene.collection.objects.link(other)
    bpy.context.view_layer.update()


@ends
@pytest.mark.parametrize("kind", ["talks", "driven", "plain"])
def test_a_redraw_looks_through_no_scene(kind, request, clock):
    if kind == "talks":
        rig, _ = request.getfixturevalue("talker")
    else:
        rig = {"driven": driven, "plain": plain}[kind]()
    bpy.context.view_layer.objects.active = rig
    bpy.context.scene.talking_animation.character = rig
    draw_all()
    few = lines_run(draw_all)
    fill_scene()
    draw_all()
    assert lines_run(draw_all) < few + MORE / 10


def test_a_redraw_finds_the_character_once(talker, clock, monkeypatch):
    found = []
    usual = api.describe
    monkeypatch.setattr(api, "describe", lambda *asked: found.append(asked) or usual(*asked))
    bpy.context.view_layer.objects.active = talker[0]
    draw_all()
    draw_all()
    assert len(found) == 1


def test_what_takes_long_is_kept_for_longer(clock):
    found = []

    def finds(seconds):
        def find():
            clock[0] += seconds
            found.append(seconds)

        return find

    for seconds, kept_for in ((0.001, 0.5), (0.2, 2.0), (0.9, 5.0)):
        kept = lookup._Kept()
        kept.of("it", finds(seconds))
        clock[0] += kept_for - 0.01
        kept.of("it", finds(seconds))
        assert found == [seconds]
        clock[0] += 0.02
        kept.of("it", finds(seconds))
        assert found == [seconds, seconds]
        kept.clear()
        kept.of("it", finds(seconds))
        assert len(found) == 3
        found.clear()


@ends
def test_what_comes_and_goes_is_seen_at_once(talker, clock):
    rig, face = talker
    assert lookup.talks(rig) and lookup.guide_of(rig) is None
    api.remove(rig)
    assert not lookup.talks(rig)
    guide = bpy.data.objects.new("Guide", None)
    guide[faces.GUIDE] = face.name
    assert lookup.guide_of(rig) == guide
    bpy.data.objects.remove(guide)
    assert lookup.guide_of(rig) is None


def test_a_character_that_talks_since_is_seen_at_once(fake, voice, clock):
    rig, _ = characters.rigged()
    assert not lookup.talks(rig)
    api.generate(rig, voice)
    assert lookup.talks(rig)


def test_problems_are_sought_in_each_object_a_few_times(talker):
    rig, _ = talker
    few = lines_run(lambda: api.check(rig, at_a_glance=True))
    fill_scene()
    assert lines_run(lambda: api.check(rig, at_a_glance=True)) - few < 40 * MORE


def test_a_rig_of_many_drivers_is_looked_through_once():
    rig = driven()
    character = api.describe(rig)
    few = lines_run(lambda: controls.control_owners(character))
    for number in range(50):
        rig[f"follows {number}"] = 0.0
        rig.driver_add(f'["follows {number}"]')
    assert lines_run(lambda: controls.control_owners(character)) - few < 50 * 10


def test_controls_are_tried_once_and_anew_where_anything_changed(monkeypatch):
    character = api.describe(driven())
    mesh = character.meshes[0]
    tried = []
    usual = controls.driver_expressions.evaluated
    monkeypatch.setattr(
        controls.driver_expressions, "evaluated", lambda *asked: tried.append(asked) or usual(*asked)
    )
    first = controls.controls_of(character)[mesh.key]
    tried.clear()
    again = controls.controls_of(character)[mesh.key]
    assert again.keys() == first.keys() and len(first) == 52 and not tried
    curve = mesh.key.animation_data.drivers[0]
    block = mesh.key.path_resolve(curve.data_path.rpartition(".")[0])
    block.slider_max = 0.5
    assert (
        controls.controls_of(character)[mesh.key][curve.data_path].weights[-1] == pytest.approx(0.5, abs=0.05)
        and tried
    )
    curve.driver.expression = "0 * var"
    assert curve.data_path not in controls.controls_of(character)[mesh.key]
