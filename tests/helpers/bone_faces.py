"""Characters with face bones, made by code: a skinned face whose mouth and eyes are slits, under any convention's names."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from inference.face.landmarks import NEUTRAL_FACE

MOUTH_Y, MOUTH_HALF = -0.84, 0.26
EYE_X, EYE_HALF, EYE_Z = 0.345, 0.155, -0.1
FPS = 25.0


# -- what is said --------------------------------------------------------------------------------------


def speech(frames: int = 60, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks (T, 68, 3) of a mouth that opens, shuts and purses, and a blink (T,)."""
    random = np.random.default_rng(seed)
    knots = random.uniform(0.0, 1.0, frames // 5 + 2)
    knots[::3] = 0.0
    time = np.arange(frames) / 5
    opening = 0.24 * np.interp(time, np.arange(len(knots)), knots)
    width = 0.05 * np.sin(np.arange(frames) / 7.0)
    landmarks = np.repeat(NEUTRAL_FACE[None].astype(np.float64), frames, axis=0)
    lower = [55, 56, 57, 58, 59, 65, 66, 67]
    upper = [49, 50, 51, 52, 53, 61, 62, 63]
    profile = {55: 0.6, 59: 0.6, 65: 0.8, 67: 0.8, 49: 0.6, 53: 0.6, 61: 0.8, 63: 0.8}
    for index in lower:
        landmarks[:, index, 1] -= 0.8 * profile.get(index, 1.0) * opening
    for index in upper:
        landmarks[:, index, 1] += 0.2 * profile.get(index, 1.0) * opening
    landmarks[:, 5:12, 1] -= 0.5 * opening[:, None]
    for index, sign in ((48, -1), (60, -1), (54, 1), (64, 1)):
        landmarks[:, index, 0] += sign * width
        landmarks[:, index, 1] -= 0.25 * opening
    landmarks[:, 17:27, 1] += 0.06 * np.sin(np.arange(frames) / 9.0)[:, None]
    blink = np.zeros(frames)
    blink[30:36] = (0.4, 1.0, 1.0, 1.0, 0.6, 0.2)
    return landmarks, blink


def animation(yaw: float = 0.0, **changes: Any) -> Any:
    """A `FaceAnimation` of `speech`."""
    from face_animations import face_animation

    landmarks, blink = speech()
    rows = len(landmarks)
    arkit = np.zeros((rows, 52), np.float32)
    arkit[:, 0] = arkit[:, 7] = blink
    eyes = np.zeros((rows, 2), np.float32)
    eyes[:, 0] = yaw
    visemes = np.zeros((rows, 15), np.float32)
    visemes[:, 3] = 0.8 * (landmarks[:, 62, 1] - landmarks[:, 66, 1] > 0.1)
    fields = {
        "eye_rotation": eyes,
        "landmarks": landmarks.astype(np.float32),
        "neutral": NEUTRAL_FACE.astype(np.float32),
        "visemes": visemes,
    }
    return face_animation(FPS, arkit, **{**fields, **changes})


# -- the skin ------------------------------------------------------------------------------------------


def depth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far the skin stands before the eye corners."""
    return 0.35 - 0.55 * x**2 - 0.12 * (y + 0.7) ** 2


@dataclass
class Skin:
    """Vertices of a face, in face coordinates, and where its landmarks are.

    Attributes:
        points: (N, 3).
        faces: quads.
        below: (N,) which vertices lie under the mouth's slit, counting its lower rim.
        lid: (N,) 1 upper, -1 lower lid, 0 neither, with the side in `side`.
        side: (N,) 1 the character's left eye, -1 its right, 0 neither.
        lips: upper and lower vertex of the mouth's middle.
        rims: side → upper and lower vertex of the eye's middle.
    """

    points: np.ndarray
    faces: list[tuple[int, int, int, int]]
    below: np.ndarray
    lid: np.ndarray
    side: np.ndarray
    lips: tuple[int, int]
    rims: dict[str, tuple[int, int]]


def skin() -> Skin:
    """A bent sheet with a slit for the mouth and an opening for each eye."""
    xs = np.linspace(-0.8, 0.8, 49)
    ys = np.concatenate(
        [np.linspace(-1.5, MOUTH_Y, 14), np.linspace(MOUTH_Y, 0.0, 21)[1:], np.linspace(0.0, 0.6, 13)[1:]]
    )
    mouth_row, eye_row = 13, 33
    keys: dict[tuple[int, int, int], int] = {}
    points: list[tuple[float, float]] = []
    below, lids, sides = [], [], []

    def slit(row: int, column: int) -> bool:
        if row == mouth_row:
            return abs(xs[column]) < MOUTH_HALF
        return row == eye_row and abs(abs(xs[column]) - EYE_X) < EYE_HALF - 0.01

    def vertex(row: int, column: int, under: bool) -> int:
        split = slit(row, column)
        key = (row, column, int(under) if split else 0)
        if key not in keys:
            keys[key] = len(points)
            x, y = float(xs[column]), float(ys[row])
            from_eye = (abs(x) - EYE_X) / EYE_HALF
            near = max(0.0, 1.0 - from_eye**2)
            is_lower = under if split else y < 0
            lid = 0
            if abs(y) < 0.16 and near > 0:
                lid = -1 if is_lower else 1
                y += (-0.05 if is_lower else 0.05) * near * (1 - abs(ys[row]) / 0.16)
            points.append((x, y))
            below.append(row < mouth_row or (row == mouth_row and (under if split else True)))
            lids.append(lid)
            sides.append(int(np.sign(x)) if lid else 0)
        return keys[key]

    faces = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            faces.append(
                (
                    vertex(row, column, False),
                    vertex(row, column + 1, False),
                    vertex(row + 1, column + 1, True),
                    vertex(row + 1, column, True),
                )
            )
    flat = np.array(points)
    z = depth(flat[:, 0], flat[:, 1])
    middle = int(np.abs(xs).argmin())
    rims = {}
    for name, sign in (("left", 1), ("right", -1)):
        column = int(np.abs(xs - sign * EYE_X).argmin())
        rims[name] = (keys[eye_row, column, 0], keys[eye_row, column, 1])
    lips = (keys[mouth_row, middle, 0], keys[mouth_row, middle, 1])
    return Skin(
        np.stack([flat[:, 0], flat[:, 1], z], axis=1), faces, np.array(below), np.array(lids), np.array(sides), lips, rims
    )  # fmt: skip


# -- the bones -----------------------------------------------------------------------------------------


def places(role: str, index: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Head and tail of a bone that plays a role, in face coordinates; `index` of `count` over the mouth, brow or lid."""
    sign = -1.0 if role.endswith("right") else 1.0
    part = role.partition(".")[0]
    forward = np.array([0.0, 0.0, 0.12])
    if part == "jaw":
        return np.array([0.0, -0.45, -0.75]), np.array([0.0, -1.3, 0.1])
    if part in ("lip_upper", "lip_lower"):
        x = 0.0 if count == 1 else (index / (count - 1) - 0.5) * 1.5 * MOUTH_HALF
        y = MOUTH_Y + (0.03 if part == "lip_upper" else -0.03)
        tip = np.array([x, y, depth(np.array(x), np.array(y))])
        return tip - forward, tip
    if part == "lip_corner":
        tip = np.array([sign * MOUTH_HALF, MOUTH_Y, depth(np.array(MOUTH_HALF), np.array(MOUTH_Y))])
        return tip - forward, tip
    if part == "eye":
        centre = np.array([sign * EYE_X, 0.0, EYE_Z])
        return centre, centre + 2 * forward
    if part in ("lid_upper", "lid_lower"):
        centre = np.array([sign * EYE_X, 0.0, EYE_Z])
        y = 0.05 if part == "lid_upper" else -0.05
        return centre, np.array([sign * EYE_X, y, 0.3])
    if part == "brow":
        x = sign * (0.4 if count == 1 else 0.2 + 0.4 * index / (count - 1))
        tip = np.array([x, 0.28, depth(np.array(x), np.array(0.28))])
        return tip - forward, tip
    if part == "cheek":
        tip = np.array([sign * 0.5, -0.4, depth(np.array(0.5), np.array(-0.4))])
        return tip - forward, tip
    if part == "tongue":
        return np.array([0.0, -0.9, -0.3 + 0.12 * index]), np.array([0.0, -0.9, -0.18 + 0.12 * index])
    if part == "eye_target":
        return np.array([0.0, 0.0, 2.0]), np.array([0.0, 0.0, 2.2])
    raise KeyError(role)


@dataclass
class Face:
    """A skinned face.

    Attributes:
        rig, mesh: the objects.
        skin: where the landmarks are.
        to_armature: face coordinates → the armature's space.
        unit: outer eye-corner distance in the armature's space.
    """

    rig: Any
    mesh: Any
    skin: Skin
    to_armature: Matrix
    unit: float

    def now(self) -> np.ndarray:
        """(N, 3) the deformed vertices in face coordinates."""
        evaluated = self.mesh.evaluated_get(bpy.context.evaluated_depsgraph_get())
        flat = np.empty(3 * len(evaluated.data.vertices), np.float32)
        evaluated.data.vertices.foreach_get("co", flat)
        place = np.array(
            self.to_armature.inverted() @ self.rig.matrix_world.inverted() @ self.mesh.matrix_world
        )
        return flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3]


def build(
    roles: dict[str, list[str]],
    *,
    turned: Matrix | None = None,
    scale: float = 0.1,
    rolls: int | None = None,
    connected: bool = False,
    mode: str = "QUATERNION",
    skinned: bool = True,
) -> Face:
    """A face that looks along -Y with Z up, its neutral 1.5 above the ground.

    Args:
        roles: role → names of its bones, from the picture's left, the brow's inner end or the tongue's root.
        turned: 3×3 rotation of the whole character as it was modelled.
        scale: outer eye-corner distance.
        rolls: seed of random rolls; None for none.
        connected: hang lips and brows on bones of their own that they are connected to, so that they can only turn.
        mode: rotation mode of all bones.
        skinned: whether there is a mesh.
    """
    upright = Matrix(((1, 0, 0), (0, 0, -1), (0, 1, 0)))
    to_armature = (
        (turned or Matrix.Identity(3)).to_4x4()
        @ Matrix.Translation((0, 0, 15 * scale))
        @ Matrix.Scale(scale, 4)
        @ upright.to_4x4()
    )

    def place(point: np.ndarray) -> Any:
        from mathutils import Vector

        return to_armature @ Vector([float(value) for value in point])

    random = np.random.default_rng(rolls or 0)
    data = bpy.data.armatures.new("Rig")
    rig = bpy.data.objects.new("Rig", data)
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")

    def bone(name: str, head: np.ndarray, tail: np.ndarray, parent: str = "", connect: bool = False) -> None:
        made = data.edit_bones.new(name)
        made.head, made.tail = place(head), place(tail)
        made.roll = float(random.uniform(-math.pi, math.pi)) if rolls is not None else 0.0
        if parent:
            made.parent = data.edit_bones[parent]
            made.use_connect = connect

    head_name, neck_name = roles.get("head", ["head"])[0], roles.get("neck", ["neck"])[0]
    bone(neck_name, np.array([0, -2.4, -0.9]), np.array([0, -1.2, -0.8]))
    bone(head_name, np.array([0, -1.2, -0.8]), np.array([0, 1.0, -0.6]), neck_name)
    jaws = roles.get("jaw", [])
    for name in jaws:
        bone(name, *places("jaw", 0, 1), head_name)
    before = ""
    for role, names in roles.items():
        if role in ("jaw", "head", "neck"):
            continue
        for index, name in enumerate(names):
            parent = head_name
            if jaws and role in ("lip_lower", "tongue"):
                parent = jaws[0]
            if role == "tongue" and index:
                parent = before
            head, tail = places(role, index, len(names))
            hangs = connected and role.startswith(("lip", "brow"))
            if hangs:
                bone(f"base {name}", head + (0, 0, -0.3), head, parent)
                parent = f"base {name}"
            bone(name, head, tail, parent, hangs)
            before = name
    bpy.ops.object.mode_set(mode="OBJECT")
    for item in rig.pose.bones:
        item.rotation_mode = mode
    shape = skin()
    mesh = None
    if skinned:
        mesh = _mesh(rig, shape, roles, head_name, place)
    bpy.context.view_layer.update()
    return Face(rig, mesh, shape, to_armature, scale)


def _mesh(rig: Any, shape: Skin, roles: dict[str, list[str]], head: str, place: Any) -> Any:
    data = bpy.data.meshes.new("Face")
    data.from_pydata([place(point) for point in shape.points], [], shape.faces)
    mesh = bpy.data.objects.new("Face", data)
    bpy.context.scene.collection.objects.link(mesh)
    paint(mesh, weights(shape, roles, head))
    mesh.parent = rig
    mesh.modifiers.new("Armature", "ARMATURE").object = rig
    return mesh


def paint(mesh: Any, table: dict[str, np.ndarray]) -> None:
    """Give a mesh vertex groups."""
    for name, values in table.items():
        group = mesh.vertex_groups.new(name=name)
        for index in np.flatnonzero(values > 1e-3):
            group.add([int(index)], float(values[index]), "REPLACE")


def weights(shape: Skin, roles: dict[str, list[str]], head: str) -> dict[str, np.ndarray]:
    """Bone → (N,) weights: soft around the bones, the two lips and lids apart."""
    points = shape.points
    rest = np.ones(len(points))
    table: dict[str, np.ndarray] = {}

    def take(name: str, values: np.ndarray) -> None:
        nonlocal rest
        given = np.clip(values, 0, 1) * rest
        table[name] = table.get(name, 0.0) + given
        rest = rest - given

    for sign, side in ((1, "left"), (-1, "right")):
        for part, lid in (("lid_upper", 1), ("lid_lower", -1)):
            names = roles.get(f"{part}.{side}", [])
            inside = (shape.lid == lid) & (shape.side == sign)
            fade = np.clip(1.4 * (1 - np.abs(points[:, 1]) / 0.2), 0, 1)
            for name in names:
                take(name, inside * fade / len(names))
        names = roles.get(f"brow.{side}", [])
        for index, name in enumerate(names):
            tip = places(f"brow.{side}", index, len(names))[1]
            take(name, 0.9 * np.exp(-(((points - tip)[:, :2] / (0.15, 0.09)) ** 2).sum(axis=1)))
        for name in roles.get(f"lip_corner.{side}", []):
            tip = places(f"lip_corner.{side}", 0, 1)[1]
            take(name, 0.8 * np.exp(-(((points - tip)[:, :2] / (0.07, 0.07)) ** 2).sum(axis=1)))
    for role, mask in (("lip_upper", ~shape.below), ("lip_lower", shape.below)):
        names = roles.get(role, [])
        near = np.stack(
            [
                np.exp(-(((points - places(role, index, len(names))[1])[:, 0] / 0.12) ** 2))
                for index in range(len(names))
            ]
            or [np.zeros(len(points))]
        )
        over = np.exp(-(((points[:, 1] - MOUTH_Y) / 0.13) ** 2)) * np.exp(
            -((points[:, 0] / (1.1 * MOUTH_HALF)) ** 6)
        )
        total = near.sum(axis=0) + 1e-9
        shares = [values / total for values in near]
        given = np.clip(0.9 * over * mask, 0, 1) * rest
        for name, share in zip(names, shares):
            table[name] = table.get(name, 0.0) + given * share
        if names:
            rest = rest - given
    for name in roles.get("jaw", []):
        beside = np.clip((np.abs(points[:, 0]) - 0.2) / 0.4, 0, 1)
        soft = np.clip((MOUTH_Y + 0.25 - points[:, 1]) / 0.5, 0, 1)
        take(name, np.where(shape.below, 1.0, 0.0) * (1 - beside) + soft * beside)
    table[head] = rest
    return table


def add_bones(face: Face, names: list[str], parent: str, along: np.ndarray | None = None) -> None:
    """Give a face's rig more bones, over its mouth.

    Args:
        face: the face.
        names: of the bones, from the picture's left.
        parent: the bone that they hang on.
        along: where each is, face coordinates (N, 3); None for a row over the mouth.
    """
    from mathutils import Vector

    if along is None:
        x = np.linspace(-MOUTH_HALF, MOUTH_HALF, len(names))
        along = np.stack([x, np.full(len(names), MOUTH_Y), depth(x, np.full(len(names), MOUTH_Y))], axis=1)
    bpy.context.view_layer.objects.active = face.rig
    bpy.ops.object.mode_set(mode="EDIT")
    edit = face.rig.data.edit_bones
    for name, place in zip(names, along.tolist()):
        made = edit.new(name)
        made.head = face.to_armature @ Vector(place)
        made.tail = face.to_armature @ Vector((place[0], place[1], place[2] + 0.1))
        made.parent = edit[parent]
    bpy.ops.object.mode_set(mode="OBJECT")


def hide_bones(face: Face, names: list[str]) -> None:
    """Put bones where an animator does not see them: a hidden collection, before Blender 4 a hidden layer.

    Args:
        face: the face.
        names: those that are hidden; all others are shown.
    """
    data = face.rig.data
    if hasattr(data, "layers"):
        for bone in data.bones:
            bone.layers = [number == (8 if bone.name in names else 0) for number in range(32)]
        data.layers = [number == 0 or (number == 8 and not names) for number in range(32)]
        return
    for collection in list(data.collections):
        data.collections.remove(collection)
    hidden, shown = data.collections.new("behind"), data.collections.new("shown")
    for bone in data.bones:
        (hidden if bone.name in names else shown).assign(bone)
    hidden.is_visible = not names
