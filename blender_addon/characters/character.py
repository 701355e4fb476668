# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character is: its meshes with face shapes, its armature, its head, neck and eye bones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import bpy

from ..contract import ARKIT_NAMES
from ..errors import TalkingAnimationError
from ..host.blender_versions import bones as shown_bones
from ..rigs import cut_out_parts, head_bones
from ..rigs.face_bones import ROLES, FaceBones
from ..rigs.face_shapes import recognition
from ..rigs.face_shapes.recognition import MeshNames, Recognition
from ..rigs.matching import match_bones
from ..rigs.table import MappingRow
from . import drawings, mapping, named_controls, registry, shape_reach, vrm_expressions
from .constraints import is_held
from .keyed_head import keyed_head
from .named_controls import NamedControls
from .related import (
    armature_below,
    armature_of,
    cache_of,
    can_override_mesh,
    exists,
    has_shapes,
    is_editable,
    key_of,
    related_objects,
    shape_keys_of_no_mesh,
    value_path,
)
from .riders import face_bones_of
from .target import Target

ROLE: Final = "talking_animation_points"
"""Custom property of the objects that were added to a scene for a character: what they are for."""
ALONE: Final = "alone"
"""The role of an object that is a character of its own; every other one belongs to what it hangs below."""

_LINKED = (
    "is linked from another file and cannot be animated here: "
    "make a library override of the character first (Object > Library Override > Make)."
)


@dataclass
class FaceMesh:
    """A mesh with face shapes.

    Attributes:
        object: the mesh object.
        key: its shape keys (a Key datablock).
        shapes: ARKit name → names of the shape keys that stand for it alone: one, or its two halves.
        channels: channel (see `rigs.convention`) → (shape key, gain) of all that it drives.
    """

    object: Any
    key: Any
    shapes: dict[str, tuple[str, ...]]
    channels: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @property
    def value_paths(self) -> set[str]:
        """Data paths of the shape keys that its channels drive."""
        return {value_path(name) for drives in self.channels.values() for name, _ in drives}


@dataclass
class Character:
    """What was found of a character.

    Attributes:
        root: the object that stands for it: its armature, else the object picked.
        objects: all objects that belong to it, the picked one first.
        meshes: its meshes with face shapes, those whose shapes move the lips first, the one with most shapes before
            others; a Key datablock that two objects share appears once.
        armature: its armature object, if it has one.
        head, neck: names of the pose bones that turn the head and the neck; "" where there is none.
        eyes: names of the pose bones that turn the character's own left and right eye, if it has both.
        linked: sentences about parts that cannot be animated.
        conventions: identifiers of the naming conventions that were recognised, the one with most channels first.
        mouth: which of `recognition.SYSTEMS` moves the mouth; "" where no shape key does.
        rows: the mapping table: what each channel drives, also the rows that are left alone.
        notes: sentences about choices that were made.
        recognised: what the shape keys were recognised as; None where there are none.
        face_bones: the bones of the face, as their names and the person's choices say.
        named: controls with the names of face shapes, where no shape key moves the mouth, and those that a person chose.
        targets: what of it can be moved, in the order of writing.
    """

    root: Any
    objects: list[Any] = field(default_factory=list)
    meshes: list[FaceMesh] = field(default_factory=list)
    armature: Any = None
    head: str = ""
    neck: str = ""
    eyes: tuple[str, str] | None = None
    linked: list[str] = field(default_factory=list)
    conventions: tuple[str, ...] = ()
    mouth: str = ""
    rows: list[MappingRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recognised: Recognition | None = None
    face_bones: FaceBones = field(default_factory=lambda: FaceBones(""))
    named: NamedControls = field(default_factory=NamedControls)
    targets: tuple[Target, ...] = ()
    _body: Any = None
    _parts: tuple[Any, ...] = ()
    _stamp: Any = None

    def is_current(self) -> bool:
        """Whether it is still as it was found: the same objects, shape keys, bones and choices."""
        try:
            if self._stamp != _stamp_of(self, _related_to(self._parts)):
                return False
            return self.targets == tuple(target for target in registry.targets() if target.present(self))
        except ReferenceError:  # an object is gone, or an undo made it anew
            return False

    @property
    def shapes(self) -> set[str]:
        """The ARKit shapes that at least one mesh has."""
        return {name for mesh in self.meshes for name in mesh.channels if name in _ARKIT}

    @property
    def has_gaze_shapes(self) -> bool:
        """Whether shape keys, or controls with their names, turn the eyes."""
        return any(name.startswith("eyeLook") for name in (*self.shapes, *self.named.channels))

    @property
    def has_mouth(self) -> bool:
        """Whether shape keys, controls with their names or bones move its mouth: then none is looked for among drawings."""
        return bool(self.mouth or self.named.mouth or self.face_bones.talks)

    @cached_property
    def read_by_drivers(self) -> list[Any]:
        """What drivers of its objects read, also where they are muted, as it was when it was first asked."""
        return named_controls.read_by(self.objects)

    def is_part(self, obj: Any) -> bool:
        """Whether one of its objects is no other character, such as a rider on a horse: by itself it would be this one, too."""
        obj = _owner(obj)
        stands = obj if obj.get(ROLE) == ALONE else armature_of(obj) or obj
        return stands in (self.root, self._body)

    @property
    def stands_alone(self) -> bool:
        """Whether it was added to the scene as a character of its own."""
        return bool(self.root.get(ROLE) == ALONE)

    @property
    def mouths(self) -> list[Target]:
        """The targets that can talk."""
        return [target for target in self.targets if target.talks(self)]

    @property
    def summary(self) -> str:
        """What was found, in one line: the mouth, the head and the like, then what else talks."""
        mouths = self.mouths
        if not mouths:
            return "No face shapes found"
        others = [target for target in self.targets if target not in mouths]
        first = [target.summary(self) for target in (mouths[0], *others)]
        further = [target.summary(self) for target in mouths[1:]]
        return "; ".join([", ".join(filter(None, first)), *filter(None, further)])

    @property
    def adjustments(self) -> list[str]:
        """How the keys are adjusted to this character, a sentence each without full stop; [] where nothing is."""
        return [text for target in self.targets if (text := target.adjustment(self))]

    @property
    def problem(self) -> str:
        """Why nothing can be generated, in one sentence; "" where all is well."""
        if self.mouths:
            return ""
        if self.linked:
            return self.linked[0]
        told = next(
            (
                text
                for target in dict.fromkeys((*self.targets, *registry.targets()))
                if (text := target.why_not(self))
            ),
            "",
        )
        if told:
            return told
        name = self.root.name
        instance = _instance_with_a_face(self.root)
        if instance:
            return instance
        still = [row for row in self.rows if not row.moves]
        if still:
            return (
                f"The shape keys of '{name}' whose names are known, such as '{still[0].targets[0]}', move nothing: bring "
                "the character in again with its shapes' motion, or choose other shape keys under Face > Mapping."
            )
        if any(has_shapes(key_of(other)) for other in self.objects):
            return (
                f"None of the shape keys of '{name}' has a name that is known, such as jawOpen, viseme_aa or あ: "
                "choose them under Face > Mapping, or pick another character."
            )
        cached = next((other for other in self.objects if cache_of(other) is not None), None)
        if cached is not None:
            return (
                f"'{cached.name}' is shaped by a cache file (Alembic or USD), which no keys can move: bring the character in as "
                "FBX or glTF with its shape keys, or apply the cache modifier and make the mesh talk-ready."
            )
        if self.is_flat:
            return self._without_a_mouth()
        if self.armature is not None:
            return (
                f"'{name}' has no shape keys on its meshes, and no bone that is known to open a mouth: make its head's mesh "
                "talk-ready (Make It Talk-Ready), or choose a jaw bone or a control under Face > Mapping."
            )
        other = shape_keys_of_no_mesh(self.objects)
        if other is not None:
            return (
                f"The shape keys of '{other.name}' are a {other.type.lower()}'s, not a mesh's: right-click the value of each "
                "that is to talk and choose Talk with This Property."
            )
        return f"'{name}' has no shape keys: pick the character's head mesh or its armature."

    @property
    def is_flat(self) -> bool:
        """Whether it is drawn on planes: whatever of it is a mesh or a picture is flat."""
        shown = [
            obj
            for obj in self.objects
            if drawings.is_flat(obj) or (obj.type == "MESH" and len(obj.data.vertices))
        ]
        return bool(shown) and all(drawings.is_flat(obj) for obj in shown)

    def _without_a_mouth(self) -> str:
        """Why no plane of a character that is drawn on planes is a mouth or a jaw."""
        name = self.root.name
        planes = cut_out_parts.alike(obj.name for obj in self.objects if drawings.is_flat(obj))
        many = next(
            (known for part in ("mouth", "jaw") if cut_out_parts.is_many(known := planes.get(part, []))), None
        )
        if many is not None:
            return (
                f"{len(many)} planes of '{name}' are named alike, such as '{many[0]}', so none of them moves by itself: say with "
                "Map Drawings which mouth each is, or with Map Part which one moves."
            )
        return (
            f"'{name}' has no shape keys, and no part with a name that is known, such as Mouth or Jaw: say with Map Part what "
            "each plane is, or with Map Drawings which mouth."
        )

    @property
    def missing(self) -> list[str]:
        """Channels that no mesh shows: of what moves the mouth, and ARKit's for the rest of the face."""
        if self.recognised is None:
            return list(ARKIT_NAMES)
        return recognition.missing_channels(self.recognised)


_ARKIT = frozenset(ARKIT_NAMES)


def _instance_with_a_face(obj: Any) -> str:
    """Why an instance of a collection with a character in it cannot talk; "" where the object is none."""
    collection = obj.instance_collection if obj.instance_type == "COLLECTION" else None
    if collection is None or not any(
        has_shapes(key_of(part)) or part.type == "ARMATURE" for part in collection.all_objects
    ):
        return ""
    remedy = (
        "make a library override of it (Object > Library Override > Make)"
        if collection.library is not None
        else "make it real (Object > Apply > Make Instances Real)"
    )
    return (
        f"'{obj.name}' shows the collection '{collection.name}', whose objects are not its own: {remedy}, and pick "
        "the character."
    )


def override_meshes(character: Character) -> list[str]:
    """Make library overrides of the linked meshes of an overridden character, so that their shapes can be keyed.

    Returns:
        A sentence about each.
    """
    told = []
    for mesh in character.meshes:
        mesh_object = mesh.object
        if mesh.key.library is not None and can_override_mesh(mesh_object):
            override = mesh_object.data.override_create(remap_local_usages=False)
            if override is None:
                continue
            mesh_object.data = override
            told.append(
                f"The mesh of '{mesh_object.name}' was linked and now has a library override, to carry the keys."
            )
    return told


def describe(obj: Any, head_bone: str | None = None) -> Character:
    """What the character is that an object belongs to.

    Args:
        obj: any object of the character; or a character that was found before, which is taken as it is while it is current.
        head_bone: name of the pose bone that turns the head; "" to find it by its name alone, None for the character's setting.

    Returns:
        Its `summary` is for people, its `problem` says why nothing can be generated ("" if all is well).

    Raises:
        TalkingAnimationError: there is no bone of that name, or no object was given.
    """
    # By its type: what was removed cannot be asked for its class in 3.4.
    if not issubclass(type(obj), (Character, bpy.types.Object)):
        raise TalkingAnimationError(
            f"A character is an object, such as bpy.data.objects['Rig'], not {obj!r}: check its name where a script asks for it."
        )
    if type(obj) is Character:
        if obj.is_current() and head_bone is None:
            return obj
        obj = obj.root
    if not exists(obj):
        raise TalkingAnimationError("The object was removed from the file: pick the character again.")
    obj = _whom_it_carries(_owner(obj))
    armature = body = armature_of(obj) if obj.get(ROLE) != ALONE else None
    character = _with_shapes(armature or obj, armature, (obj,))
    if armature is not None and not character.mouth:
        face_armature = _armature_of_the_face(armature, character.objects)
        if face_armature != armature:
            armature = face_armature
            character = _with_shapes(armature, armature, (obj, armature))
    character._body = body
    if head_bone and (armature is None or head_bone not in armature.pose.bones):
        raise TalkingAnimationError(
            f"'{character.root.name}' has no bone '{head_bone}' to turn its head with: correct its name, or let one be found."
        )
    may_be_renamed = head_bone is None
    if head_bone is None:
        state = getattr(character.root, "talking_animation", None)
        head_bone = str(state.head_bone) if state is not None else ""
    choices = mapping.choices_of(character.root)
    if not character.mouth or choices.controls:
        character.named = named_controls.find(character.objects, choices, character.mouth)
        character.rows += character.named.rows
        character.notes += character.named.notes
    if armature is not None:
        if is_editable(armature):
            _find_bones(character, head_bone, may_be_renamed)
            _find_face_bones(character)
        else:
            character.linked.append(f"The armature '{armature.name}' {_LINKED}")
    character.targets = tuple(target for target in registry.targets() if target.present(character))
    character._stamp = _stamp_of(character, character.objects)
    return character


def _with_shapes(root: Any, armature: Any, parts: tuple[Any, ...]) -> Character:
    """A character of whom nothing is known yet but its objects and their face shapes."""
    character = Character(root=root, armature=armature, objects=_related_to(parts), _parts=parts)
    _find_shapes(character)
    return character


def _related_to(parts: tuple[Any, ...]) -> list[Any]:
    return list(dict.fromkeys(other for part in parts for other in related_objects(part)))


def _armature_of_the_face(usual: Any, objects: list[Any]) -> Any:
    """Of several armatures that deform a character's meshes, the one whose bones move most of the face; else the usual one."""
    meshes: dict[Any, set[str]] = {usual: set()}
    for other in objects:
        for modifier in other.modifiers:
            if modifier.type == "ARMATURE" and modifier.object is not None and other.type == "MESH":
                groups = meshes.setdefault(modifier.object, set())
                groups.update(group.name for group in other.vertex_groups)
    if len(meshes) < 2:
        return usual

    def moved(armature: Any) -> int:
        if not is_editable(armature):
            return 0
        names = tuple(bone.name for bone in armature.data.bones)
        if not face_bones_of(armature.name, names, frozenset()).talks:
            return 0
        skinned = tuple(name for name in names if name in meshes[armature])
        return len(face_bones_of(armature.name, skinned, frozenset()).matches)

    return max(meshes, key=moved)


def _stamp_of(character: Character, objects: list[Any]) -> Any:
    """What recognition depends on, by the objects that belong to a character now: it changes when it is to be looked at anew."""
    root, armature = character.root, character.armature
    keys = [(obj, key, tuple(key.key_blocks.keys())) for obj in objects if (key := key_of(obj)) is not None]
    deformed = [(obj, mod.object) for obj in objects for mod in obj.modifiers if mod.type == "ARMATURE"]
    state = getattr(root, "talking_animation", None)
    return (
        bpy.data.objects.get(root.name) == root,
        objects,
        deformed,
        keys,
        (tuple(armature.data.bones.keys()), shown_bones.visibility(armature.data))
        if armature is not None
        else (),
        mapping.choices_of(root),
        drawings.stored_text(root),
        state.head_bone if state is not None else "",
        named_controls.stamp_of(objects, character.named)
        if not character.mouth or character.named.channels
        else (),
        registry.targets(),
    )


def _owner(part: Any) -> Any:
    """The object that carries what an object was added for; the object itself where it was not added for anything."""
    while part.get(ROLE, ALONE) != ALONE and part.parent is not None:
        part = part.parent
    above = part
    while above is not None and not drawings.stored_text(above):
        above = above.parent
    return (
        above or drawings.drawn_character_of(part) or part
    )  # a part of a drawn character stands for the whole


def _whom_it_carries(obj: Any) -> Any:
    """The armature that an empty stands above, so that the head turns and not all of it; the object itself where it is anything
    else, or carries an animation already.
    """
    state = getattr(obj, "talking_animation", None)
    is_plain = obj.type == "EMPTY" and ROLE not in obj and not drawings.stored_text(obj)
    if not is_plain or (state is not None and state.uid) or armature_of(obj) is not None:
        return obj
    return armature_below(obj) or obj


def _find_shapes(character: Character) -> None:
    """Fill in the meshes with face shapes and the mapping table."""
    keys: dict[Any, Any] = {}
    for other in character.objects:
        key = key_of(other)
        if key is None or key in keys:
            continue
        if len(
            other.data.vertices
        ):  # Blender gives the shape keys of an empty mesh a length that is not theirs
            keys[key] = other
        else:
            character.linked.append(
                f"The mesh '{other.name}' has shape keys but no vertices that they could move: pick another character."
            )
    choices = mapping.choices_of(character.root)
    # What a control shows no shape key does.
    choices = replace(choices, rows={**choices.rows, **dict.fromkeys(choices.controls, ())})
    chosen = {name for names in choices.rows.values() for name in names}
    chosen.update(
        name for names in vrm_expressions.bound_keys(character.armature)[1].values() for name in names
    )
    names = [_mesh_names(other, key, chosen) for key, other in keys.items()]
    if not names:
        return
    recognised, bound = _with_vrm_expressions(character, names, choices)
    character.recognised = recognised
    character.conventions, character.mouth = recognised.conventions, recognised.mouth
    if bound:
        character.conventions = (bound, *(name for name in recognised.conventions if name != bound))
    character.notes = list(recognised.notes)
    lips: dict[str, float] = {}
    for (key, other), of_mesh, rows in zip(keys.items(), names, recognised.rows):
        channels = {row.channel: row.drives for row in rows if row.driven}
        if channels and not (is_editable(key) or can_override_mesh(other)):
            character.linked.append(f"The mesh '{other.name}' {_LINKED}")
            continue
        character.rows += rows
        if channels:
            lips[other.name] = recognition.mouth_reach(of_mesh, [row for row in rows if row.driven])
            character.meshes.append(FaceMesh(other, key, _own_shapes(channels), channels))
    least = recognition.LIPS_SHARE * max(lips.values(), default=0.0)
    character.meshes.sort(key=lambda mesh: (lips[mesh.object.name] < least, -len(mesh.channels)))


def _with_vrm_expressions(
    character: Character, names: list[MeshNames], choices: mapping.Choices
) -> tuple[Recognition, str]:
    """What names say, and for what they leave open what the character's VRM expressions say; "" where these say nothing."""
    recognised = recognition.recognise(names, choices)
    convention, bound = vrm_expressions.bound_keys(character.armature)
    known = {row.channel for rows in recognised.rows for row in rows if row.moves}
    known |= {channel for channel in bound if recognised.mouth and channel.startswith("vowel:")}
    keys = {name for mesh in names for name in mesh.keys}
    fills = {
        channel: tuple(name for name in targets if name in keys)
        for channel, targets in bound.items()
        if channel not in known and channel not in choices.rows and keys.intersection(targets)
    }
    if not fills:
        return recognised, ""
    recognised = recognition.recognise(names, mapping.merged(mapping.Choices(fills), choices))
    rows = tuple(
        tuple(replace(row, convention=convention) if row.channel in fills else row for row in rows)
        for rows in recognised.rows
    )
    return replace(recognised, rows=rows), convention


def _mesh_names(obj: Any, key: Any, chosen: set[str]) -> MeshNames:
    """The shape keys of a mesh, and how far around each of those moves it that a convention knows or a person chose."""
    keys = tuple(block.name for block in key.key_blocks if block != key.reference_key)
    looked_at = {*recognition.known_names(keys), *chosen.intersection(keys)}
    reached = shape_reach.reaches(obj, [name for name in keys if name in looked_at])
    size = abs(obj.matrix_world.determinant()) ** (1 / 3)
    # In the scene's unit, and as numbers that do not differ where the object was turned.
    reaches = tuple(float(f"{reached.get(name, 1.0) * (size or 1.0):.3g}") for name in keys)
    return MeshNames(obj.name, keys, reaches)


def _own_shapes(channels: dict[str, tuple[tuple[str, float], ...]]) -> dict[str, tuple[str, ...]]:
    """ARKit name → shape keys that show this channel and no other: a blink of both eyes is no left eye's blink."""
    users: dict[str, int] = {}
    for drives in channels.values():
        for name, gain in drives:
            users[name] = users.get(name, 0) + (gain > 0)
    own = {
        channel: tuple(name for name, gain in drives if gain > 0 and users[name] == 1)
        for channel, drives in channels.items()
        if channel in _ARKIT
    }
    return {channel: names for channel, names in own.items() if names}


def _find_bones(character: Character, head_bone: str, may_be_renamed: bool) -> None:
    pose = character.armature.pose
    if pose is None:
        return
    names = [bone.name for bone in pose.bones]
    if head_bone in pose.bones:
        character.head = head_bone
    else:
        known = _first_free(pose, match_bones(names, head_bones.HEAD, head_bones.PREFIXES))
        character.head = known or (keyed_head(character.armature, head_bone) if may_be_renamed else "")
    if character.head:
        above = {bone.name for bone in pose.bones[character.head].parent_recursive}
        necks = match_bones([name for name in names if name in above], head_bones.NECK, head_bones.PREFIXES)
        character.neck = _first_free(pose, necks, fallback=False)
    for left, right in head_bones.EYES:
        lefts = match_bones(names, (left,), head_bones.PREFIXES)
        rights = match_bones(names, (right,), head_bones.PREFIXES)
        if lefts and rights:
            character.eyes = (lefts[0], rights[0])
            break


def _find_face_bones(character: Character) -> None:
    armature = character.armature
    by_name = face_bones_of(
        armature.name,
        tuple(bone.name for bone in armature.data.bones),
        shown_bones.hidden_bones(armature.data),
    )
    chosen = mapping.choices_of(character.root).bones
    present = {channel: bone for channel, bone in chosen.items() if not bone or bone in armature.data.bones}
    for channel, bone in chosen.items():
        if channel not in present:
            character.notes.append(
                f"The bone '{bone}' that was chosen for {channel} is not on this character."
            )
    rows = [
        MappingRow(channel, "BONE", armature.name, (bone,) if bone else (), recognition.USER, 1.0)
        for channel, bone in present.items()
    ]
    moved = named_controls.led_roles(character.named)
    led = (
        MappingRow(f"bone:{role}", "BONE", armature.name, (), recognition.USER, 1.0)
        for role in ROLES
        if role.partition(".")[0] in moved
    )
    character.face_bones = by_name.overridden(led).overridden(rows)
    for row in character.face_bones.rows():
        if row.channel in present:
            row = replace(row, convention=recognition.USER)
        character.rows.append(row)
    if character.face_bones.note:
        character.notes.append(character.face_bones.note)


def _first_free(pose: Any, names: list[str], fallback: bool = True) -> str:
    """The first bone that no constraint turns; else the first, where `fallback`."""
    for name in names:
        if not is_held(pose.bones[name], "rotation"):
            return name
    return names[0] if names and fallback else ""
