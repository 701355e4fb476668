"""A picture as a character: it looks as the picture does at rest, moves, and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from blender_addon.contract.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture, Layer
from picture_characters import add, contract_picture, face_of, noise
from rendering import rendered
from versions import ends

from blender_addon import api
from blender_addon.characters.pictures import HEAD_LIMIT, origin_of
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces import landmarks
from blender_addon.faces.from_picture import build


def difference(picture: FacePicture, engine: str = "BLENDER_WORKBENCH") -> int:
    """The largest difference between what the scene's camera sees and the picture, of any value of any pixel."""
    shown = rendered(bpy.context.scene, engine)
    wanted = picture.textures[PICTURE]
    assert shown.shape[:2] == wanted.shape[:2]
    return int(np.abs(shown[..., :3].astype(int) - wanted[..., :3]).max())


@ends
@pytest.mark.parametrize("engine", ["BLENDER_WORKBENCH", "CYCLES"])
@pytest.mark.parametrize("pictured", [0.0, 5.0])
def test_at_rest_it_is_the_picture(pictured, engine):
    picture = contract_picture(pictured)
    add(picture)
    assert difference(picture, engine) == 0


@ends
@pytest.mark.parametrize("size", [(61, 97), (640, 37), (16, 16), (511, 700)])
def test_any_size_is_shown_pixel_for_pixel(size):
    picture = noise(*size)
    add(picture)
    assert difference(picture) == 0


def test_half_a_pixel_aside_it_is_about_as_sharp_as_the_picture():
    picture = noise(80, 60, seed=2)
    (root,) = add(picture)
    pixel = 2.0 / 80
    scene = bpy.context.scene
    scene.camera.parent = None
    root.location.x += pixel / 2
    root.location.z += pixel / 2
    inner = (slice(15, 45), slice(20, 60), slice(0, 3))
    grain = [np.std(pixels[inner]) for pixels in (rendered(scene), picture.textures[PICTURE])]
    assert 0.7 < grain[0] / grain[1] < 1.08
    images = [
        node.image
        for material in face_of(root).data.materials
        for node in material.node_tree.nodes
        if node.type == "TEX_IMAGE"
    ]
    assert (240, 180) in [tuple(image.size) for image in images]


def test_it_is_shown_in_the_file_that_is_opened_later_and_wherever_it_stands(tmp_path):
    picture = noise(90, 70, seed=3)
    bpy.ops.mesh.primitive_cube_add(location=(0, -7, 0))
    bpy.context.scene.cursor.location = (3, 5, -2)
    (root,) = add(picture, name="Bild\nñ 日本.png")
    assert root.location.y < -8
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "file.blend"))
    assert difference(picture) == 0


def test_what_is_clear_in_the_picture_is_clear():
    picture = noise(40, 40, alpha=True)
    picture = replace(picture, layers=picture.layers[1:])  # nothing behind it
    add(picture)
    scene = bpy.context.scene
    scene.render.film_transparent = True
    for engine in ("BLENDER_WORKBENCH", "CYCLES"):
        shown, wanted = rendered(scene, engine), picture.textures[PICTURE]
        clear = wanted[..., 3] == 0
        assert (shown[clear][:, 3] == 0).all() and (shown[~clear][:, 3] == 255).all()


def test_it_is_an_ordinary_character():
    (root,) = add(contract_picture(4.0))
    character = api.describe(face_of(root))
    assert character.root == root and character.head == "head" and not character.problem
    assert character.summary == "52 of 52 ARKit shapes on 1 mesh, head bone 'head'"
    (mesh,) = character.meshes
    assert [block.name for block in mesh.key.key_blocks] == ["Basis", *SHAPE_NAMES]
    assert [block.value for block in mesh.key.key_blocks][1:] == [0.0] * 52 + [1.0]
    assert origin_of(root).name == "made.png" and origin_of(root).head_limit == HEAD_LIMIT
    assert not character.neck and character.mouth == "EXPRESSIONS"


def test_shut_lips_need_no_shape_of_their_own():
    (root,) = add(contract_picture(0.0))
    assert PICTURED not in face_of(root).data.shape_keys.key_blocks


def test_the_head_bone_moves_each_vertex_by_its_share():
    picture = contract_picture()
    (root,) = add(picture)
    bone = root.pose.bones["head"]
    bone.location = (0.1, 0.0, 0.0)
    shares = np.concatenate([layer.head for layer in picture.layers])
    item = face_of(root)

    def points():
        evaluated = item.evaluated_get(bpy.context.evaluated_depsgraph_get())
        return np.array([vertex.co[:] for vertex in evaluated.data.vertices])

    bpy.context.view_layer.update()
    moved = points()
    bone.location = (0.0, 0.0, 0.0)
    bpy.context.view_layer.update()
    shift = np.linalg.norm(moved - points(), axis=1)
    assert np.abs(shift - 0.1 * shares).max() < 2e-4


def counts() -> dict[str, int]:
    kinds = ("objects", "meshes", "armatures", "cameras", "images", "materials", "shape_keys", "collections")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def test_deleting_the_collection_leaves_nothing():
    before = counts()
    (root,) = add(contract_picture())
    for item in list(root.users_collection[0].objects):
        bpy.data.objects.remove(item)
    bpy.data.collections.remove(bpy.data.collections["made"])
    bpy.data.orphans_purge(do_recursive=True)
    assert counts() == before


def test_a_second_one_has_its_own_data_and_stands_beside():
    picture = contract_picture()
    (first,) = add(picture)
    once = counts()
    (second,) = add(picture)
    assert counts() == {kind: 2 * count for kind, count in once.items()}
    assert second.location.x > first.location.x + 1.5
    assert difference(picture) == 0


def test_the_scene_keeps_its_camera_and_its_frame():
    scene = bpy.context.scene
    before = (
        scene.camera,
        scene.render.resolution_x,
        scene.render.engine,
        scene.view_settings.view_transform,
    )
    active = bpy.context.view_layer.objects.active
    build.build([contract_picture()], scene, "x")
    after = (scene.camera, scene.render.resolution_x, scene.render.engine, scene.view_settings.view_transform)
    assert after == before and bpy.context.view_layer.objects.active == active


def group_photo(*centres: int) -> list[FacePicture]:
    """A wide picture with a face at each of these columns, each of which moves all of the picture, the less the farther."""
    made = contract_picture()
    random = np.random.RandomState(4)
    pixels = random.randint(60, 256, (96, 240, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    rows, columns = 13, 31
    y, x = (grid.ravel() for grid in np.mgrid[0 : 96 : rows * 1j, 0 : 240 : columns * 1j])
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    triangles = np.concatenate(
        [
            np.stack([first, first + columns, first + 1], 1),
            np.stack([first + 1, first + columns, first + columns + 1], 1),
        ]
    ).astype(np.int32)
    faces = []
    for centre in centres:
        near = np.exp(-np.hypot(x - centre, y - 48) / 40)
        shapes = np.zeros((len(SHAPE_NAMES), len(x), 3), np.float16)
        shapes[SHAPE_NAMES.index("jawOpen"), :, 1] = 6 * near
        points = np.stack([x, y, 20 * near], 1).astype(np.float32)
        layer = Layer(
            "relief", PICTURE, points, points[:, :2].copy(), triangles, shapes, near.astype(np.float32)
        )
        landmarks = np.tile(np.float32([centre, 48, 0]), (68, 1))
        pivot = np.float32([centre, 80, -10])
        faces.append(
            replace(
                made,
                layers=[layer],
                textures={PICTURE: pixels},
                landmarks=landmarks,
                pivot=pivot,
                eye_distance=30.0,
            )
        )
    return faces


def test_faces_of_one_picture_are_characters_that_leave_each_other_alone():
    centres = (40, 120, 200)
    faces = group_photo(*centres)
    roots = add(*faces)
    assert len({api.describe(root).root for root in roots}) == 3
    assert [root.location.y for root in roots] == sorted((root.location.y for root in roots), reverse=True)
    assert difference(faces[0]) == 0
    picture = faces[0].textures[PICTURE][..., :3].astype(int)
    for number, root in enumerate(roots):
        root.pose.bones["head"].location = (0.03, 0, 0)
        face_of(root).data.shape_keys.key_blocks["jawOpen"].value = 1
        changed = np.abs(rendered(bpy.context.scene)[..., :3] - picture).max(-1) > 0
        for other, centre in enumerate(centres):
            face = changed[33:63, centre - 15 : centre + 15]
            assert face.mean() > 0.9 if other == number else not face.any(), (number, other)
        root.pose.bones["head"].location = (0, 0, 0)
        face_of(root).data.shape_keys.key_blocks["jawOpen"].value = 0


def test_a_damaged_face_is_refused_and_adds_nothing():
    picture = contract_picture()
    points = picture.layers[1].points.copy()
    points[7] = np.nan
    before = counts()
    with pytest.raises(TalkingAnimationError, match="damaged"):
        add(replace(picture, layers=[replace(picture.layers[1], points=points)]))
    with pytest.raises(TalkingAnimationError, match="No face"):
        add()
    assert counts() == before


def test_the_landmarks_of_a_real_face_are_known():
    """Where each landmark lies on a vertex, lips that touch are told apart by the jaw."""
    picture = contract_picture()
    upper = np.flatnonzero(picture.layers[1].points[:, 1] == picture.layers[1].points[11 * 13, 1])
    spots = picture.landmarks.copy()
    middle = [number for number in upper if picture.layers[1].points[number, 0] == 48]
    spots[61:64] = spots[65:68] = picture.layers[1].points[middle[0]]
    (root,) = add(replace(picture, landmarks=spots))
    known = landmarks.load(face_of(root))
    assert known is not None and known.confidence == 1
    inside = len(picture.layers[0].points)
    assert set(known.nearest[61:64] - inside) == {middle[0]}
    assert set(known.nearest[65:68] - inside) == {middle[1]}
