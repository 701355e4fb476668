"""Whatever an animator does in whatever order, what is the animator's own stays bit for bit the same.

A seeded walk over what the add-on does (generate, dials, takes, cues, NLA, remove) and what animators do between (edit, rename,
duplicate, link and override, delete, another scene, undo, redo, save, open again). After each step every character and scene is
compared with what the animator last made of it. `STEPS=5000` walks farther than the usual run, `SEED=7` walks elsewhere.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import bpy
import characters
import numpy as np
import users_data
from tones import write_wav
from users_data import Values

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys.ownership import is_own

STEPS = int(os.environ.get("STEPS", 500))
SEED = int(os.environ.get("SEED", 1))
SHAPES = ("jawOpen", "mouthClose", "mouthFunnel", "mouthSmileLeft", "eyeBlinkLeft", "browInnerUp")
ANY = "whatever Blender shows"
MOST = 4
"""Characters at a time."""
OVERRIDDEN = frozenset({"is_editable", "library", "name", "name_full", "user", "data", "shape_keys"})
"""What a library override of a linked mesh changes, which the add-on makes where it is needed, and says so."""
DEEPEST = 8
"""Steps back that are tried; Blender keeps 32."""
OVERRIDE = 0
_MARK = "animators number"


@dataclass
class World:
    """What an animator made: by number of the character or the scene."""

    people: dict[int, Values] = field(default_factory=dict)
    scenes: dict[int, Values] = field(default_factory=dict)
    loose: set[int] = field(default_factory=set)
    """Scenes from which a character that talks was deleted, so that nobody could give back their end."""

    def copy(self) -> World:
        """One that changes by itself; the values within are never changed, but replaced."""
        people = {number: dict(values) for number, values in self.people.items()}
        return World(
            people, {number: dict(values) for number, values in self.scenes.items()}, set(self.loose)
        )


def marked(kind: Any) -> dict[int, Any]:
    """Objects or scenes by their number; the one library override, which keeps no property of its own, has `OVERRIDE`."""
    numbered = {each[_MARK]: each for each in kind if _MARK in each.keys()}  # noqa: SIM118  (no dict)
    overrides = [(OVERRIDE, each) for each in kind if each.override_library is not None]
    return numbered | dict(overrides)


def mesh_of(rig: Any) -> Any:
    return next(child for child in rig.children if child.type == "MESH")


def objects_at_hand() -> list[Any]:
    return [item for item in bpy.data.objects if item.type == "ARMATURE" and item.users_scene]


class Walk:
    """One walk, and what the animator's own data must be at each step."""

    def __init__(self, seed: int, folder: Any) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.voices = [str(write_wav(folder / f"line{number}.wav", 0.4 + 0.2 * number)) for number in (1, 2)]
        self.numbers = 0
        self.library = self.make_library()
        self.saved: World | None = None
        self.world = World()
        self.add_character()
        self.forget_history()

    # what is there

    def rigs(self) -> dict[int, Any]:
        return marked(objects_at_hand())

    def pick(self) -> tuple[int, Any] | None:
        """A character of the present scene."""
        here = {
            number: rig
            for number, rig in sorted(self.rigs().items())
            if rig.name in bpy.context.scene.objects
        }
        return self.random.choice(list(here.items())) if here else None

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    # the animator's own steps

    def take_note(self, number: int) -> None:
        """What the animator just made of a character is the animator's; what the add-on moves, stays as it was before."""
        rig = self.rigs()[number]
        moving = users_data.animated_places(rig, mesh_of(rig))
        before = self.world.people.get(number, {})
        now = self.values(rig)
        played = users_data.played_places(rig, mesh_of(rig)) & moving  # without the add-on Blender decides
        self.world.people[number] = {
            place: ANY if place in played else before.get(place, value) if place in moving else value
            for place, value in now.items()
        }

    def values(self, rig: Any) -> Values:
        return users_data.character_values(rig, mesh_of(rig))

    def add_character(self) -> None:
        if len(self.rigs()) >= MOST:
            return
        rig, mesh = characters.rigged()
        for name in [block.name for block in mesh.data.shape_keys.key_blocks[1:]]:
            if name not in SHAPES:
                mesh.shape_key_remove(mesh.data.shape_keys.key_blocks[name])
        mesh.shape_key_add(name="My own", from_mix=False).value = 0.25
        mesh.data.shape_keys.key_blocks["mouthSmileLeft"].value = 0.37
        rig.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
        rig.pose.bones["neck"]["twist"] = 0.5
        rig.pose.bones["spine"].constraints.new("LIMIT_ROTATION").max_x = 0.25
        number = self.next_number()
        rig[_MARK] = number
        self.note_scene()
        bpy.context.scene.frame_set(1)
        self.take_note(number)

    def note_scene(self) -> None:
        scene = bpy.context.scene
        if _MARK not in scene.keys():  # noqa: SIM118  (no dict)
            scene[_MARK] = self.next_number()
            self.world.scenes[scene[_MARK]] = users_data.scene_values(scene)

    def edit(self) -> None:
        picked = self.pick()
        if picked is None:
            return
        number, rig = picked
        mesh = mesh_of(rig)
        value = self.random.random()
        if rig.override_library is not None:
            rig.pose.bones["spine"].location[0] = value
        else:
            self.random.choice(self.edits())(rig, mesh, value)
        bpy.context.scene.frame_set(1)
        self.take_note(number)

    def edits(self) -> list[Callable[[Any, Any, float], None]]:
        return [
            self.edit_value,
            self.edit_action,
            self.edit_strip,
            self.edit_driver,
            self.edit_modifier,
            self.edit_shape,
            self.edit_bone,
        ]

    def edit_value(self, rig: Any, mesh: Any, value: float) -> None:
        mesh.data.shape_keys.key_blocks["My own"].value = value
        rig.pose.bones["spine"].location[1] = value
        rig["mood"] = value

    def edit_action(self, rig: Any, mesh: Any, value: float) -> None:
        path = 'pose.bones["spine"].location'
        data = rig.animation_data_create()
        if is_own(data.action):
            return
        if data.action is None:
            mine = animation_data.new_curve_set("Mine", rig)
            animation_data.set_active_action(data, mine.action, mine.slot)
        curves = animation_data.curve_set(data.action, rig)
        curve = curves.by_path().get((path, 2)) or curves.new(path, 2, "Mine")
        curve.keyframe_points.insert(self.random.randrange(1, 40), value)

    def edit_strip(self, rig: Any, mesh: Any, value: float) -> None:
        key = mesh.data.shape_keys
        mine = animation_data.new_curve_set("Smile", key)
        name = self.random.choice(["My own", "mouthSmileLeft"])
        animation_data.write_keys(
            mine.new(f'key_blocks["{name}"].value', 0, ""), np.array([[1, value], [9, 0.5]], np.float32)
        )
        track = key.animation_data_create().nla_tracks.new()
        track.name = "my own"
        start = self.random.randrange(1, 60)
        animation_data.new_nla_strip(track, mine, "Smile", start, "REPLACE", hold=False)

    def edit_driver(self, rig: Any, mesh: Any, value: float) -> None:
        key = mesh.data.shape_keys
        path = 'key_blocks["My own"].value'
        if key.animation_data is None or not key.animation_data.drivers:
            driver = key.driver_add(path).driver
            variable = driver.variables.new()
            variable.targets[0].id = rig
            variable.targets[0].data_path = "location.x"
            driver.expression = f"{variable.name} + {value:.3f}"
        else:
            key.driver_remove(path)

    def edit_modifier(self, rig: Any, mesh: Any, value: float) -> None:
        mesh.modifiers.new("Mine", "WELD").merge_threshold = value
        mesh.vertex_groups.new(name="mine").add([1, 2], value, "REPLACE")

    def edit_shape(self, rig: Any, mesh: Any, value: float) -> None:
        block = mesh.data.shape_keys.key_blocks[self.random.choice(SHAPES[:1])]
        block.data[2].co.x += value / 100
        block.slider_max = 1.0 + value

    def edit_bone(self, rig: Any, mesh: Any, value: float) -> None:
        rig.pose.bones["neck"].rotation_mode = self.random.choice(["XYZ", "QUATERNION"])
        rig.pose.bones["neck"]["twist"] = value
        rig.data.bones["spine"].use_deform = value > 0.5

    def rename(self) -> None:
        picked = self.pick()
        if picked is None or picked[1].override_library is not None:
            return
        number, rig = picked
        mesh = mesh_of(rig)
        fresh = f"Ann {self.next_number()} é"
        kind = self.random.choice(["objects", "shape", "bone"])
        values = self.world.people[number]
        if kind == "objects":
            rig.name, mesh.name, mesh.data.name = fresh, f"{fresh} face", f"{fresh} mesh"
        elif kind == "shape":
            renamed = "mouthSmileLeft"
            block = mesh.data.shape_keys.key_blocks.get(renamed)
            if block is None:
                return
            block.name = fresh
            self.renamed(values, "keys", f'key_blocks["{renamed}"]', f'key_blocks["{block.name}"]')
        else:
            bone = rig.data.bones.get("neck")
            if bone is None:
                return
            bone.name = "Neck"
            mesh.update_tag()
            self.renamed(values, "rig", 'pose.bones["neck"]', 'pose.bones["Neck"]')
            bone.name = "neck"
            self.renamed(values, "rig", 'pose.bones["Neck"]', 'pose.bones["neck"]')
        bpy.context.scene.frame_set(1)
        self.take_note(number)
        self.note_names()

    @staticmethod
    def renamed(values: Values, part: str, before: str, after: str) -> None:
        for place in [place for place in values if place[0] == part and before in place[1]]:
            values[part, place[1].replace(before, after)] = values.pop(place)

    def note_names(self) -> None:
        """A new name also shows wherever another datablock points to the one that was renamed."""
        for number in self.rigs():
            self.take_note(number)

    def duplicate(self) -> None:
        picked = self.pick()
        if picked is None or len(self.rigs()) >= MOST or picked[1].override_library is not None:
            return
        number, rig = picked
        before = set(self.rigs().values())
        scene = bpy.context.scene
        for item in bpy.context.view_layer.objects:
            item.select_set(item in (rig, mesh_of(rig)))
        bpy.context.view_layer.objects.active = rig
        bpy.ops.object.duplicate()
        (twin,) = (item for item in scene.objects if item.type == "ARMATURE" and item.select_get())
        assert twin not in before
        fresh = self.next_number()
        twin[_MARK] = fresh
        self.world.people[fresh] = dict(self.world.people[number])
        scene.frame_set(1)
        self.take_note(fresh)

    def make_library(self) -> str:
        self.world = World()
        self.add_character()
        rig = next(iter(self.rigs().values()))
        del rig[_MARK]
        actor = bpy.data.collections.new("Actor")
        bpy.context.scene.collection.children.link(actor)
        for item in (mesh_of(rig), rig):
            bpy.context.scene.collection.objects.unlink(item)
            actor.objects.link(item)
        path = str(self.folder / "actor.blend")
        bpy.ops.wm.save_as_mainfile(filepath=path)
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        return path

    def link_and_override(self) -> None:
        if len(self.rigs()) >= MOST or any(rig.override_library for rig in objects_at_hand()):
            return
        with bpy.data.libraries.load(self.library, link=True) as (_, wanted):
            wanted.collections = ["Actor"]
        scene = bpy.context.scene
        (linked,) = (each for each in bpy.data.collections if each.library and each.name == "Actor")
        scene.collection.children.link(linked)
        linked.override_hierarchy_create(scene, bpy.context.view_layer, do_fully_editable=True)
        for collection in list(scene.collection.children):
            if collection.library:
                scene.collection.children.unlink(collection)
        bpy.context.view_layer.update()
        scene.frame_set(1)
        self.take_note(OVERRIDE)

    def delete(self) -> None:
        picked = self.pick()
        if picked is None or len(self.rigs()) < 2:
            return
        number, rig = picked
        if users_data.animated_places(rig, mesh_of(rig)):
            self.world.loose |= {scene[_MARK] for scene in rig.users_scene}
        if rig.override_library is not None:
            for collection in list(rig.users_collection):
                bpy.data.collections.remove(collection)
        mesh = mesh_of(rig)
        data = [(bpy.data.meshes, mesh.data), (bpy.data.armatures, rig.data)]
        for item in (mesh, rig):
            bpy.data.objects.remove(item)
        for collection, datablock in data:
            if not datablock.users:
                collection.remove(datablock)
        for action in [action for action in bpy.data.actions if is_own(action) and not action.users]:
            bpy.data.actions.remove(action)  # as Blender does with what nobody uses when it saves
        del self.world.people[number]
        self.note_names()

    def other_scene(self) -> None:
        window = bpy.context.window
        others = [scene for scene in bpy.data.scenes if scene != bpy.context.scene]
        if not others:
            picked = self.pick()
            other = bpy.data.scenes.new("Elsewhere")
            if picked is not None and picked[1].override_library is None:
                for item in (picked[1], mesh_of(picked[1])):
                    other.collection.objects.link(item)
            others = [other]
        window.scene = others[0]
        self.note_scene()

    def edit_scene(self) -> None:
        scene = bpy.context.scene
        scene.timeline_markers.new(f"mine {self.next_number()}", frame=self.random.randrange(200))
        self.world.scenes[scene[_MARK]]["scene", "markers"] = self.markers(scene)

    @staticmethod
    def markers(scene: Any) -> list[tuple[str, int]]:
        return [(marker.name, marker.frame) for marker in scene.timeline_markers]

    # what the add-on does

    def on_character(self, act: Callable[[Any], object]) -> None:
        picked = self.pick()
        if picked is None:
            return
        bpy.context.scene.frame_set(self.random.randrange(1, 80))
        try:
            act(self.random.choice([picked[1], mesh_of(picked[1])]))
        except TalkingAnimationError as error:
            sentence = str(error)
            assert sentence.endswith((".", "?")) and "\n" not in sentence, sentence

    def generate(self) -> None:
        self.on_character(
            lambda character: api.generate(
                character,
                self.random.choice(self.voices),
                start_frame=self.random.choice([1, 1, 17, 300]),
                placement=self.random.choice(["NLA", "NLA", "ACTION"]),
                seed=self.random.randrange(2),
                keep_motion=self.random.random() < 0.5,
            )
        )

    def dials(self) -> None:
        dials = api.Dials(lips=self.random.choice([0.0, 0.5, 1.5]), head=self.random.choice([0.0, 1.0, 2.0]))
        self.on_character(lambda character: api.apply_dials(character, dials))

    def slider(self) -> None:
        """As the panel's slider does."""

        def slide(character: Any) -> None:
            api.describe(character).root.talking_animation.brows = self.random.random()

        self.on_character(slide)

    def key_style(self) -> None:
        style = api.KeyStyle(self.random.choice(["FRAMES", "LINEAR", "BEZIER", "STEPPED"]))
        self.on_character(lambda character: api.apply_key_style(character, style))

    def push_to_nla(self) -> None:
        self.on_character(lambda character: api.push_to_nla(character, self.random.choice([0.0, 5.0]), 10.0))

    def cues(self) -> None:
        def change(character: Any) -> None:
            if api.has_cues(character):
                api.remove_cues(character)
            elif api.has_animation(character):
                api.add_cues(character, "MARKERS")

        self.on_character(change)

    def write_again(self) -> None:
        self.on_character(api.write_again)

    def remove(self) -> None:
        self.on_character(api.remove)

    def look(self) -> None:
        """Asking changes nothing."""
        self.on_character(api.check)

    # Blender's own

    def forget_history(self) -> None:
        bpy.ops.ed.undo_push(message="start")
        self.history, self.now = [self.world.copy()], 0

    def remember(self, name: str) -> None:
        bpy.ops.ed.undo_push(message=name)
        self.history[self.now + 1 :] = [self.world.copy()]
        self.history = self.history[-DEEPEST:]
        self.now = len(self.history) - 1

    def undo(self) -> None:
        if self.now > 0:
            bpy.ops.ed.undo()
            self.now -= 1
            self.world = self.history[self.now].copy()

    def redo(self) -> None:
        if self.now + 1 < len(self.history):
            bpy.ops.ed.redo()
            self.now += 1
            self.world = self.history[self.now].copy()

    def save(self) -> None:
        bpy.ops.wm.save_as_mainfile(filepath=str(self.folder / "scene.blend"))
        self.saved = self.world.copy()

    def open_again(self) -> None:
        if self.saved is not None:
            bpy.ops.wm.open_mainfile(filepath=str(self.folder / "scene.blend"))
            self.world = self.saved.copy()
            self.forget_history()

    # walking

    PLAIN = ("undo", "undo", "redo", "save", "open_again")
    OTHERS = (
        "generate", "generate", "generate", "dials", "slider", "key_style", "push_to_nla", "cues", "write_again",
        "remove", "remove", "look", "edit", "edit", "edit", "edit_scene", "add_character", "rename", "duplicate",
        "link_and_override", "delete", "other_scene",
    )  # fmt: skip

    def step(self) -> str:
        name = self.random.choice(self.PLAIN + self.OTHERS)
        getattr(self, name)()
        if name in self.OTHERS:
            self.remember(name)
        return name

    def differences(self) -> list[str]:
        """What is not as the animator made it."""
        rigs = self.rigs()
        if set(rigs) != set(self.world.people):
            return [f"characters {sorted(rigs)}, not {sorted(self.world.people)}"]
        bpy.context.scene.frame_set(1)
        found = []
        talking = set()
        for number, rig in rigs.items():
            moving = users_data.animated_places(rig, mesh_of(rig))
            talking |= {scene for scene in rig.users_scene if moving}
            now = self.values(rig)
            if rig.override_library is not None:
                moving |= {place for place in now if place[1] in OVERRIDDEN}
            found += unlike(self.world.people[number], now, moving, f"character {number}")
        for number, scene in marked(bpy.data.scenes).items():
            own = {("scene", name) for name in ("frame_end", "sync_mode", "use_audio_scrub", "markers")}
            left_out = own if scene in talking or number in self.world.loose else set()
            found += unlike(
                self.world.scenes[number], users_data.scene_values(scene), left_out, f"scene {number}"
            )
        return found

    def left_over(self) -> list[str]:
        """The add-on's own things that nobody uses."""
        return [action.name for action in bpy.data.actions if is_own(action) and not action.users]


def unlike(wanted: Values, now: Values, left_out: set[users_data.Place], whose: str) -> list[str]:
    nothing = object()
    changed = [place for place, value in now.items() if wanted.get(place, nothing) != value]
    changed += [place for place in wanted if place not in now]
    return [
        f"{whose}: {place} was {wanted.get(place, 'nothing')!r:.200}, is {now.get(place, 'nothing')!r:.200}"
        for place in sorted(changed)
        if place not in left_out and wanted.get(place) != ANY
    ]


def test_what_is_the_animators_stays_so(fake: Any, tmp_path: Any) -> None:
    walk = Walk(SEED, tmp_path)
    names = []
    for _ in range(STEPS):
        names.append(walk.step())
        differences = walk.differences() + walk.left_over()
        assert not differences, f"seed {SEED}, step {len(names)} {names[-12:]}:\n" + "\n".join(
            differences[:20]
        )
    for number, rig in walk.rigs().items():
        api.remove(rig)
        assert not api.has_animation(rig), number
    differences = walk.differences()
    assert not differences, f"seed {SEED}, all removed after {names}:\n" + "\n".join(differences[:20])
