"""A mouth's memory draws what the film showed, in the picture's light, and only where it knows the mouth's shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_face_picture import made_face_picture
from meshed_face import meshed_face

pytest.importorskip("cv2", reason="opencv is needed to keep films")

from filmed_mouth import GREEN, Light, filmed, jaw_pose, material, shot_of

from inference.errors import EngineError
from inference.face.face_picture import PICTURE, FacePicture
from inference.imitation.mouth import personal
from inference.imitation.mouth.material import Shot, Stretch
from inference.imitation.mouth.remembering import Filmed, places_in, remembered, seen_in, uncovered
from inference.pictures.draw import rest_weights
from inference.pictures.filling import blurred, luminance
from inference.pictures.indices import LIP_RINGS, OUTER_LIPS
from inference.portrait import remembered as drawing
from inference.portrait.boxes import Box
from inference.portrait.film_of_person import encoded
from inference.portrait.likeness import proportions
from inference.portrait.mouth_memory import CONTROL, KEY, Carried, MouthMemory, key_of
from inference.portrait.own_renderer import load_personal, own_renderer
from inference.portrait.remembered import RememberedRenderer
from inference.portrait.renderers import Stage
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Pose, WarpRenderer

STILL = np.zeros(3, np.float32)


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return meshed_face()


def seen(shots: Sequence[Shot]) -> Filmed:
    return seen_in(places_in(shots))


@pytest.fixture(scope="module")
def memory() -> MouthMemory:
    return remembered(seen([shot_of(13), shot_of(11, 0.6)]), 0.3, {"person": "Ada"})


def stage_of(face: FacePicture, view: Box | None = None, clear: bool = False, cv: bool = True) -> Stage:
    return Stage(face, clear, view or Box(0, 0, *face.size), Sampler(cv), "cpu")


def drawn(
    face: FacePicture, memory: MouthMemory, pose: Pose, clear: bool = False, cv: bool = True
) -> np.ndarray:
    return RememberedRenderer(stage_of(face, clear=clear, cv=cv), memory).draw_all([pose])[0]


@pytest.mark.parametrize("cv", [True, False])
@pytest.mark.parametrize("jaw", [0.25, 0.55])
def test_the_mouth_looks_as_filmed_where_the_warp_shows_teeth(
    face: FacePicture, memory: MouthMemory, jaw: float, cv: bool
) -> None:
    pose, film = jaw_pose(jaw), filmed(jaw_pose(jaw)).astype(float)
    green = (film == GREEN).all(axis=-1)
    warp = WarpRenderer(face, sampler=Sampler(cv)).draw(pose)[..., :3]
    own = drawn(face, memory, pose, cv=cv)
    before, after = (((one - film)[green] ** 2).mean() for one in (warp, own))
    assert green.sum() > 20 and after < 0.15 * before
    untouched = np.abs(own.astype(int) - warp).max(axis=-1) > 2
    rows, columns = np.nonzero(untouched)
    assert rows.min() > 60 and columns.min() > 25 and columns.max() < 95  # around the mouth alone


def test_a_mouth_is_found_by_the_mesh_and_by_shapes_that_miss_it(face: FacePicture) -> None:
    """A film's own mesh lies beside what 52 shapes make of it: both ask for the same looks."""
    shot = shot_of(13)
    lips = np.unique(LIP_RINGS)
    points = shot.stretch.points.copy()
    points[:, lips, 0] += 4.0 * np.sin(np.arange(len(lips)))  # pixels
    memory = remembered(seen([replace(shot, stretch=replace(shot.stretch, points=points))]), 0.0, {})
    by_mesh, by_shapes = places_in([shot])[10:12]
    missed = places_in([replace(shot, stretch=replace(shot.stretch, points=points))])[10].points
    assert np.abs(missed - by_shapes.points).max() > 0.02 > np.abs(by_mesh.points - by_shapes.points).max()
    (one, sure), (other, also) = (memory.look(points) for points in (by_shapes.points, missed))
    assert sure == also == 1
    inner = memory.opening[..., 0] > 0.9
    for look in (one, other):
        assert np.abs(look[inner].mean(axis=0) - GREEN).max() < 40


def test_a_memory_of_before_is_asked_by_all_numbers_of_a_shape(memory: MouthMemory, tmp_path: Path) -> None:
    """Format 1 had a bell and no measure: it draws as it did."""
    path = tmp_path / "ada.npz"
    memory.save(path)
    with np.load(path) as data:
        arrays = dict(data)
    keys = np.random.RandomState(2).uniform(-0.1, 0.1, (len(memory.keys), KEY)).astype(np.float32)
    del arrays["measure"]
    header = {**json.loads(str(arrays["header"])), "format": 1, "reach": 0.5}
    del header["falling"]
    np.savez(path, **{**arrays, "keys": keys, "header": np.array(json.dumps(header))})
    read = load_personal(path)
    assert isinstance(read, MouthMemory)
    points = places_in([shot_of(13)])[0].points
    away = ((keys - (key_of(points) - read.middle)) ** 2).sum(axis=1)
    change = np.tensordot(np.exp(-away / 0.5) @ read.pull, read.looks, axes=1)
    assert np.abs(read.look(points)[0] - read.mean - change).max() < 0.01


def test_at_rest_the_picture_stays(face: FacePicture, memory: MouthMemory) -> None:
    pose = Pose(rest_weights(), STILL, STILL)
    assert np.array_equal(drawn(face, memory, pose), face.textures[PICTURE][..., :3])


def test_a_shape_that_was_never_seen_is_left_to_the_warp(face: FacePicture, memory: MouthMemory) -> None:
    renderer = RememberedRenderer(stage_of(face), memory)
    pose = jaw_pose(1.2)
    points = renderer._points(pose, renderer._crop.placement(pose))
    known = memory.look(renderer._points(jaw_pose(0.5), renderer._crop.placement(pose)))[1]
    assert known == 1 and memory.look(points * np.float32(2))[1] == 0
    narrow = remembered(seen([shot_of(13, 0.1)]), 0.0, {})
    assert np.array_equal(drawn(face, narrow, pose), WarpRenderer(face).draw(pose)[..., :3])


def test_a_picture_in_another_light_keeps_it(face: FacePicture, memory: MouthMemory) -> None:
    dark = face.textures[PICTURE].copy()
    dark[..., :3] //= 2
    pose = jaw_pose(0.5)
    green = (filmed(pose) == GREEN).all(axis=-1)
    darker = replace(face, textures={**face.textures, PICTURE: dark})
    bright, dim = (drawn(one, memory, pose)[green].mean(axis=0) for one in (face, darker))
    assert dim == pytest.approx(bright / 2, abs=12)


@pytest.mark.parametrize("tint", [(1.0, 1.0, 1.0), (1.0, 0.8, 0.6)])
def test_a_picture_in_one_colour_keeps_it(
    face: FacePicture, memory: MouthMemory, tint: tuple[float, ...]
) -> None:
    """Grey or sepia, while the film was in colour."""
    plain = face.textures[PICTURE].copy()
    plain[..., :3] = np.rint(luminance(plain)[..., None] * np.array(tint)).clip(0, 255)
    shown = drawn(replace(face, textures={**face.textures, PICTURE: plain}), memory, jaw_pose(0.5))
    mouth = (filmed(jaw_pose(0.5)) == GREEN).all(axis=-1)
    other = filmed(jaw_pose(0.5), painted=False)[mouth]
    off = np.abs(shown[mouth] - luminance(shown[mouth])[:, None] * np.array(tint) / luminance(np.array(tint)))
    assert off.mean() < 6 and np.abs(shown[mouth].astype(float) - other).mean() > 15


def test_teeth_of_an_orange_film_are_not_violet_in_a_grey_picture() -> None:
    teeth, lips = np.array([[[220.0, 180.0, 90.0]]]), np.array([[[120.0, 60.0, 26.0]]])
    gain = np.array([0.75, 0.9, 2.4])
    edge = np.array([[[220.0, 150.0, 80.0]]])  # of teeth and lip: else it would have a violet rim
    assert drawing.in_light(edge, gain, np.array([110.0, 90.0, 80.0]))[0, 0, 2] == pytest.approx(142.5)
    for skin, most in (((110.0, 90.0, 80.0), 1.0), ((80.0, 90.0, 112.5), 1.25)):  # the second: in blue light
        light = drawing.Light(gain, np.array(skin), 1.0, np.zeros(3), 0.0)
        assert np.array_equal(light.of(teeth), drawing.in_light(teeth, gain, np.array(skin)))  # as is learnt
        red, green, blue = light.of(teeth)[0, 0]
        assert (red, green) == (165, 162) and blue == pytest.approx(162.75 * most)
        assert light.of(lips)[0, 0] == pytest.approx(lips[0, 0] * gain)  # not that far off
    violet = np.array([[[100.0, 90.0, 150.0]]])  # filmed so
    even = drawing.Light(np.ones(3), np.array([110.0, 90.0, 80.0]), 1.0, np.zeros(3), 0.0)
    assert even.of(violet) == pytest.approx(violet)


@pytest.mark.parametrize("light", [0.85, 0.45, (1.0, 0.9, 0.5)])
def test_films_in_another_light_are_brought_to_one(face: FacePicture, light: Light) -> None:
    mixed = remembered(seen([shot_of(13), shot_of(13), shot_of(13, light=light)]), 0.0, {})
    same = remembered(seen([shot_of(13), shot_of(13), shot_of(13)]), 0.0, {})
    assert len(mixed.keys) == len(same.keys)
    assert np.abs(mixed.mean * (same.skin / mixed.skin) - same.mean).mean() < 3


def test_a_shot_in_the_dark_teaches_nothing(face: FacePicture) -> None:
    mixed = remembered(seen([shot_of(13), shot_of(13), shot_of(13, light=0.2)]), 0.0, {})
    assert len(mixed.keys) == 2 * 24  # by the mesh found, and by the shapes


def covered_shot(rows: range) -> Shot:
    """A shot in some of whose pictures a hand is before the mouth."""
    shot = shot_of(13)
    pictures = [shot.stretch.picture(row).copy() for row in range(13)]
    for row in rows:
        lips = shot.stretch.points[row][OUTER_LIPS, :2]
        (left, top), (right, bottom) = lips.min(axis=0).astype(int) - 5, lips.max(axis=0).astype(int) + 5
        pictures[row][top:bottom, left:right] = (150, 95, 70)
    return replace(shot, stretch=replace(shot.stretch, pictures=[encoded(one) for one in pictures]))


def test_pictures_with_a_hand_before_the_mouth_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    every = seen([shot_of(13, 0.7), covered_shot(range(5, 9)), shot_of(13, 0.6, light=0.8)])
    kept = uncovered(every)
    assert len(every.places) == 2 * 36 and kept.looks.shape[0] == kept.skins.shape[0] == len(kept.places)
    left_out = [place.row for place in every.places if all(place is not one for one in kept.places)]
    assert left_out == [5, 5, 6, 6, 7, 7, 8, 8]
    given = replace(
        material(), shots=[shot_of(13, 0.7), covered_shot(range(5, 9)), shot_of(13), shot_of(13, 0.65)]
    )
    monkeypatch.setattr(personal, "material_of", lambda *_: given)
    learnt = personal.learn_renderer([Path("ada.mp4")], "Ada", lambda *_: None)
    assert len(learnt.memory.keys) == 2 * 44 and learnt.refined > learnt.drawn + 5
    assert learnt.warnings == (
        "Something is before the mouth in 4 of 48 pictures: nothing was learnt from those.",
    )


def test_a_picture_with_little_detail_gets_more_of_it(face: FacePicture, memory: MouthMemory) -> None:
    """Else how sharp a mouth becomes would go by the picture that talks, not by the film."""
    plain = face.textures[PICTURE].copy()
    plain[..., :3] = np.rint(blurred(plain[..., :3].astype(np.float32), 1.5))
    soft = replace(face, textures={**face.textures, PICTURE: plain})
    grains = [RememberedRenderer(stage_of(one), memory)._light.grain for one in (soft, face)]
    assert grains[0] > 1.1 * grains[1] > 0
    before = replace(memory, detail=0.0)  # a file that did not keep it
    assert RememberedRenderer(stage_of(soft), before)._light.grain == memory.grain


def test_a_frame_that_the_warp_draws_sharper_has_less_of_its_detail(
    face: FacePicture, memory: MouthMemory
) -> None:
    """Lips that are pressed together have finer detail than the picture, wide ones less: both are to be as sharp as filmed."""
    renderer = RememberedRenderer(stage_of(face), memory)
    usual = renderer._strength_at_rest
    assert usual > 0 and renderer._evened(usual) == 1
    assert 0.5 <= renderer._evened(1.4 * usual) < 0.8 and 1.3 < renderer._evened(0.8 * usual) <= 2
    assert renderer._evened(1e6) == 0.5 and renderer._evened(1e-6) == 2 and renderer._evened(0.0) == 1


def test_detail_is_measured_in_the_light_in_which_it_is_compared() -> None:
    """Else a film that is darker for a part of it would make every mouth softer."""
    dark = remembered(seen([shot_of(13), shot_of(13, light=0.6), shot_of(13, light=0.6)]), 0.0, {})
    bright = remembered(seen([shot_of(13), shot_of(13), shot_of(13, light=0.6)]), 0.0, {})
    level = float((dark.skin / bright.skin).mean())
    assert level < 0.7 and dark.detail / bright.detail == pytest.approx(level, rel=0.1)


def test_every_picture_is_read_once_for_all_that_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    shown = Stretch.picture
    monkeypatch.setattr(Stretch, "picture", lambda self, row: (read.append(row), shown(self, row))[1])
    every = seen([shot_of(13)])
    clear = uncovered(every)
    remembered(clear.of(np.arange(len(clear.places)) < 9), 0.0, {})
    assert len(remembered(clear, 0.0, {}).keys) == 2 * 12
    assert sorted(read) == list(range(1, 13))


def test_light_that_changes_all_the_time_is_a_sentence() -> None:
    flickering = [(level,) * 3 for level in (1.0, 0.9, 0.5, 0.3, 0.9, 0.5, 0.25, 0.9, 0.5)]
    with pytest.raises(EngineError, match=r"The light in ada\.mp4 changes too much") as caught:
        remembered(seen([shot_of(9, light=flickering)]), 0.0, {})
    assert caught.value.code == "bad_video"


def test_a_view_is_drawn_as_the_whole_is(face: FacePicture, memory: MouthMemory) -> None:
    pose, view = jaw_pose(0.5), Box(30, 50, 100, 140)
    part = RememberedRenderer(stage_of(face, view), memory).draw_all([pose])[0]
    whole = drawn(face, memory, pose)[view.slices]
    assert np.abs(part.astype(int) - whole).max() <= 3


def test_transparency_stays(face: FacePicture, memory: MouthMemory) -> None:
    pose = jaw_pose(0.5)
    clear = drawn(face, memory, pose, clear=True)
    warp = WarpRenderer(face, True).draw(pose)
    assert clear.shape[2] == 4 and np.array_equal(clear[..., 3], warp[..., 3])
    assert not np.array_equal(clear, warp)


def test_a_drawing_is_a_sentence(memory: MouthMemory) -> None:
    with pytest.raises(EngineError, match="draws the mouth of a photo, and this picture is a drawing"):
        RememberedRenderer(stage_of(replace(made_face_picture(), kind="drawing")), memory)


def test_a_kept_memory_draws_the_same(face: FacePicture, memory: MouthMemory, tmp_path: Path) -> None:
    path = tmp_path / "ada.npz"
    known = [1.3 * float(value) for value in proportions(face)]
    replace(memory, metadata={"person": "Ada", "proportions": known}).save(path)
    assert path.stat().st_size < 4_000_000
    renderer = own_renderer(stage_of(face), path)
    pose = jaw_pose(0.4)
    kept = renderer.draw_all([pose])[0].astype(int)
    assert np.abs(kept - drawn(face, memory, pose)).max() <= 2
    assert "films of Ada, and this picture shows somebody else" in renderer.told[0]


def _other_size(arrays: dict[str, np.ndarray]) -> None:
    arrays["looks"] = arrays["looks"][:, :-1]


def _no_numbers(arrays: dict[str, np.ndarray]) -> None:
    arrays["pull"][0, 0] = np.nan


def _no_pictures(arrays: dict[str, np.ndarray]) -> None:
    for name in ("mean", "looks", "share", "opening"):
        arrays[name] = arrays[name][..., :0, :, :]


def _no_reach(arrays: dict[str, np.ndarray]) -> None:
    arrays["header"] = np.array(json.dumps({**json.loads(str(arrays["header"])), "reach": 0}))


def _another_way(arrays: dict[str, np.ndarray]) -> None:
    arrays["measure"] = arrays["measure"][:, :-1]


def _no_fall(arrays: dict[str, np.ndarray]) -> None:
    arrays["header"] = np.array(json.dumps({**json.loads(str(arrays["header"])), "falling": 0}))


def _nameless(arrays: dict[str, np.ndarray]) -> None:
    del arrays["outline"]


@pytest.mark.parametrize(
    "harm", [_other_size, _no_numbers, _no_pictures, _no_reach, _another_way, _no_fall, _nameless]
)
def test_a_damaged_memory_is_a_sentence(
    memory: MouthMemory, harm: Callable[[dict[str, np.ndarray]], None], tmp_path: Path
) -> None:
    path = tmp_path / "ada.npz"
    memory.save(path)
    with np.load(path) as data:
        arrays = dict(data)
    harm(arrays)
    np.savez(path, **arrays)
    with pytest.raises(EngineError, match=r"ada\.npz is no renderer or look, or is damaged") as caught:
        load_personal(path)
    assert caught.value.code == "bad_renderer"


def test_a_newer_memory_asks_for_an_update(memory: MouthMemory, tmp_path: Path) -> None:
    path = tmp_path / "ada.npz"
    memory.save(path)
    with np.load(path) as data:
        arrays = dict(data)
    arrays["header"] = np.array(json.dumps({**json.loads(str(arrays["header"])), "format": 99}))
    np.savez(path, **arrays)
    with pytest.raises(EngineError, match="needs a newer Talking Animation: update it"):
        load_personal(path)


def test_points_are_carried_and_what_lies_between_follows(memory: MouthMemory) -> None:
    outline = memory.outline
    assert len(outline) == len(CONTROL)
    moved = outline @ np.array([[1.1, 0.1], [-0.05, 0.9]], np.float32) + np.float32(0.02)
    carried = Carried(outline, moved)
    assert np.abs(carried.of(outline) - moved).max() < 0.002
    between = (outline[:-1] + outline[1:]) / 2
    assert np.abs(carried.of(between) - (moved[:-1] + moved[1:]) / 2).max() < 0.002
