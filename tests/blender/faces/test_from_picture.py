"""A picture as a character: it looks as the picture does at rest, moves, and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace

import bpy
import numpy as np
import pytest
from blender_addon.contract.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture
from picture_characters import add, contract_picture, face_of, noise
from rendering import rendered

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


@pytest.mark.parametrize("engine", ["BLENDER_WORKBENCH", "CYCLES"])
@pytest.mark.parametrize("pictured", [0.0, 5.0])
def test_at_rest_it_is_the_picture(pictured, engine):
    picture = contract_picture(pictured)
    add(picture)
    assert difference(picture, engine) == 0


@pytest.mark.parametrize("size", [(61, 97), (640, 37), (16, 16), (511, 700)])
def test_any_size_is_shown_pixel_for_pixel(size):
    picture = noise(*size)
    add(picture)
    assert difference(picture) == 0


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


def test_two_faces_of_one_picture_are_two_characters_in_one_picture():
    picture = contract_picture()
    relief = picture.layers[1]
    still = np.hypot(relief.points[:, 0] - 24, relief.points[:, 1] - 48) > 30
    other = replace(
        picture,
        layers=[
            replace(relief, head=np.where(still, 0, 1).astype(np.float32), shapes=relief.shapes * 0),
        ],
    )
    roots = add(picture, other)
    assert len(roots) == 2 and len({api.describe(root).root for root in roots}) == 2
    assert len(face_of(roots[1]).data.polygons) < len(face_of(roots[0]).data.polygons)
    assert roots[1].location.y < roots[0].location.y
    assert difference(picture) == 0
    roots[1].pose.bones["head"].location = (0, 0.05, 0)
    assert difference(picture) > 0  # it is the one that is seen


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
