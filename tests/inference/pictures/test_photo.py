"""A photo that talks: at rest it is the photo, lips and lids do what the weights say, and nothing folds or shows through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.errors import EngineError
from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.behind import covered_at_rest
from inference.pictures.build import build_photo
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import grown, inside, pixel_centres
from inference.pictures.frame import face_frame
from inference.pictures.indices import INNER_LIPS, LIP_RINGS, LOWER_INNER, LOWER_LIDS, UPPER_INNER, UPPER_LIDS
from inference.pictures.mouth import OWN_MOUTH, STANDING, _without_the_cast, softness
from inference.pictures.own_shapes import relief_of
from inference.pictures.refine import areas
from inference.pictures.seams import reach_of, sigma_of
from tools.picture_figures import lip_gap

STILL = np.zeros(3, np.float32)


def weights(at_rest: bool = False, **given: float) -> np.ndarray:
    result = rest_weights() if at_rest else np.zeros(len(SHAPE_NAMES), np.float32)
    for name, value in given.items():
        result[SHAPE_NAMES.index(name)] = value
    return result


def built(unit=90.0, middle=(160, 150), size=(320, 400), **face) -> FacePicture:
    return build_photo(noise_picture(*size), face_points(unit, middle, **face), {})


CASES = {
    "plain": {},
    "smiling with parted lips": {
        "weights": {"jawOpen": 0.2, "mouthSmileLeft": 0.6, "mouthSmileRight": 0.6, "mouthUpperUpLeft": 0.3}
    },
    "mouth wide open": {"weights": {"jawOpen": 0.8}},
    "turned and tilted": {"rotation": (0.1, 0.3, -0.2)},
    "at the border": {"middle": (52, 130)},
    "larger than the picture": {"unit": 250.0, "middle": (160, 150)},
    "tiny": {"unit": 14.0, "middle": (200, 220)},
    "squinting": {"weights": {"eyeBlinkLeft": 0.9, "eyeSquintRight": 1.0}},
}


@pytest.fixture(scope="module")
def faces() -> dict[str, FacePicture]:
    return {name: built(**case) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_at_rest_it_is_the_picture(name, faces):
    face = faces[name]
    assert (draw(face, rest_weights(), STILL) == face.textures["picture"]).all()


def gap(face: FacePicture, given: np.ndarray) -> float:
    """Eye units between the inner lips in the middle."""
    relief = relief_of(face)
    points = posed(face, relief, given, STILL)
    return float(points[LOWER_INNER[5], 1] - points[UPPER_INNER[5], 1]) / face.eye_distance


@pytest.mark.parametrize("name", ["plain", "smiling with parted lips", "mouth wide open"])
def test_the_neutral_lips_touch_and_the_jaw_parts_them(name, faces):
    face = faces[name]
    assert abs(gap(face, weights())) < 0.02
    opened = [gap(face, weights(jawOpen=value)) for value in (0.25, 0.5, 1.0)]
    assert opened == sorted(opened) and opened[2] == pytest.approx(0.36, abs=0.06)
    assert abs(gap(face, weights(jawOpen=0.6, mouthClose=0.6))) < 0.03


@pytest.mark.parametrize("above", [0.0, 2.7])
def test_parted_lips_meet_up_to_corners_that_lie_beside_their_line(above):
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.25})
    for corner, beside in ((0, 1), (10, 9)):
        across, down = (
            0.65 * points[UPPER_INNER[beside]]
            + 0.35 * points[LOWER_INNER[beside]]
            - points[UPPER_INNER[corner]]
        )[:2]
        points[np.unique(LIP_RINGS[:, corner])] += [across / 2, down - above, 0]
    face = build_photo(noise_picture(320, 400), points, {})
    for given in (weights(), weights(jawOpen=0.3, mouthClose=0.3)):
        assert lip_gap(face, relief_of(face), given) < 0.002


def test_lips_follow_the_engines_own_animation(faces):
    from pathlib import Path

    from inference.pipeline import Settings, animate

    voice = Path(__file__).resolve().parents[3] / "demo" / "hello.wav"
    animation = animate(str(voice), Settings()).animation
    wanted = animation.landmarks[:, 62, 1] - animation.landmarks[:, 66, 1]
    for name in ("plain", "smiling with parted lips"):
        shown = np.array(
            [gap(faces[name], np.append(frame, 0).astype(np.float32)) for frame in animation.arkit]
        )
        assert np.corrcoef(shown, wanted)[0, 1] > 0.95
        assert shown[wanted < 1e-3].max(initial=0) < 0.03


def opening(face: FacePicture, given: np.ndarray, eye: int) -> float:
    points = posed(face, relief_of(face), given, STILL)
    return float((points[LOWER_LIDS[eye], 1] - points[UPPER_LIDS[eye], 1])[1:-1].clip(0).mean())


@pytest.mark.parametrize("name", CASES)
def test_a_blink_shuts_its_eye(name, faces):
    face = faces[name]
    for eye, side in enumerate(("Right", "Left")):
        shut = weights(True, **{f"eyeBlink{side}": 1})
        assert opening(face, shut, eye) <= 0.2 * max(opening(face, rest_weights(), eye), 0.1)
        assert opening(face, shut, 1 - eye) == pytest.approx(opening(face, rest_weights(), 1 - eye), abs=0.1)


@pytest.mark.parametrize("name", ["plain", "smiling with parted lips", "turned and tilted"])
def test_nothing_that_can_be_seen_folds_at_twice_the_weights(name, faces):
    face = faces[name]
    relief = relief_of(face)
    rest = areas(relief.at_rest, relief.triangles) / face.eye_distance**2
    folded = 0.0
    for shape in relief.shapes.astype(np.float32):
        twice = areas(relief.points + 2 * shape, relief.triangles)
        folded = max(folded, float(np.abs(rest[(twice * rest < 0)]).sum() / np.abs(rest).sum()))
    assert folded < 1e-4


def test_whatever_the_mouth_does_nothing_inside_shows_through(faces):
    """What is drawn without the inner layers is the same but in the openings of mouth and eyes, and at their edges."""
    for name in ("plain", "smiling with parted lips"):
        face = faces[name]
        alone = replace(face, layers=[relief_of(face)])
        around = reach_of(sigma_of(face))  # there the edges are softened
        for given in (
            weights(jawOpen=1.2, mouthSmileLeft=1.5, mouthSmileRight=1.5),
            weights(mouthPucker=1.5),
            weights(mouthLeft=1.5, jawOpen=0.3),
            weights(jawOpen=1.5),
        ):
            whole, relief = draw(face, given, STILL), draw(alone, given, STILL)
            covered = ~grown(relief[..., 3] == 0, around)
            assert (whole[covered] == relief[covered]).all(axis=-1).mean() > 0.9999
            assert (whole[..., 3] > 0).mean() > 0.9999  # and the openings are filled


def test_the_head_turns_about_its_pivot_and_leaves_the_border_alone(faces):
    face = faces["plain"]
    relief = relief_of(face)
    turned = posed(face, relief, weights(), np.array([0, 0.17, 0]))
    moved = np.linalg.norm((turned - relief.points)[:, :2], axis=1) / face.eye_distance
    assert moved[4] > 0.05  # the tip of the nose
    whole = draw(face, rest_weights(), np.array([0.17, 0.17, 0.1]))
    assert (whole[..., 3] > 0).all()


@pytest.mark.parametrize("middle", [(160, 150), (130, 170)])
def test_a_head_that_is_shifted_leaves_the_border_and_the_shoulders_alone(middle):
    face = built(unit=60.0, middle=middle)
    relief = relief_of(face)
    x, y = relief.points[:, 0], relief.points[:, 1]
    border = (x <= 0.5) | (y <= 0.5) | (x >= 319.5) | (y >= 399.5)
    assert not relief.head[border].any()
    assert relief.head[y > face.landmarks[8, 1] + 0.45 * face.eye_distance].max() < 0.02
    moved = posed(face, relief, rest_weights(), STILL, np.array([3.0, -2.0, 0.0])) - relief.at_rest
    assert moved[4] == pytest.approx([3, -2, 0], abs=1e-3) and not moved[border].any()


def test_the_pictures_own_mouth_hides_made_teeth_at_rest(faces):
    face = faces["smiling with parted lips"]
    assert OWN_MOUTH in [layer.name for layer in face.layers]
    near = [
        replace(layer, points=layer.points + [0, 0, 0.3 * face.eye_distance])
        if layer.name in STANDING
        else layer
        for layer in face.layers
    ]
    seen = draw(replace(face, layers=near), rest_weights(), STILL)
    assert (seen != face.textures["picture"]).any()
    frame = face_frame(face_points(90.0, (160, 150)) * [1, 1, -1])
    mended = replace(face, layers=covered_at_rest(near, OWN_MOUTH, STANDING, frame))
    assert (draw(mended, rest_weights(), STILL) == face.textures["picture"]).all()


def test_the_teeth_have_the_light_that_the_eyes_have():
    """In red light the eyes' white is red, and so are teeth; in grey light they have no colour."""
    points = face_points(90.0, (160, 150))
    shades = []
    for colour in ((230, 150, 110), (180, 180, 180)):
        picture = noise_picture(320, 400)
        picture[..., :3] = (picture[..., :3] / 255 * colour).astype(np.uint8)
        teeth = build_photo(picture, points, {}).textures["upper_teeth"]
        solid = teeth[teeth[..., 3] == 255][:, :3].astype(float)
        bright = solid[solid.sum(axis=1) > np.percentile(solid.sum(axis=1), 80)].mean(axis=0)
        shades.append(bright[0] / bright[2])
    assert shades[0] > 1.4 and shades[1] == pytest.approx(1, abs=0.12)


@pytest.mark.parametrize(("skin", "lips"), [((190, 150, 120), (150, 95, 90)), ((90, 60, 45), (80, 55, 50))])
def test_what_is_between_the_lips_is_no_brighter_than_they_are_by_much_nor_black(skin, lips):
    """People who talk before a camera have teeth about as bright as their lips, in the shade of these."""
    points = face_points(90.0, (160, 150))
    picture = np.empty((400, 320, 4), np.uint8)
    picture[...] = (*skin, 255)
    lip_rows = points[LIP_RINGS.ravel(), 1]
    picture[int(lip_rows.min()) : int(lip_rows.max()) + 1, :, :3] = lips
    picture[-20:, :, :3], picture[:8, :, :3] = 12, 235  # as dark and as bright as photos are somewhere
    face = build_photo(picture, points, {})
    drawn = draw(face, weights(jawOpen=0.5), STILL).astype(np.float32)
    relief = relief_of(face)
    moved = posed(face, relief, weights(jawOpen=0.5), STILL)
    top, bottom = moved[UPPER_INNER[5], 1], moved[LOWER_INNER[5], 1]
    opening = drawn[int(top) + 2 : int(bottom) - 1, 140:180, :3] @ [0.299, 0.587, 0.114]
    bright = float(np.dot(lips, [0.299, 0.587, 0.114]))
    assert 0.38 * bright < opening.min() and opening.max() < 1.3 * bright
    assert np.ptp(opening) > 0.15 * bright


@pytest.mark.parametrize("haze", [0.0, 0.8])
def test_what_is_between_the_lips_is_no_darker_than_a_hazy_picture_is(haze):
    picture, points = noise_picture(320, 400), face_points(90.0, (160, 150))
    picture[:40, :, :3], picture[-40:, :, :3] = 20, 235
    picture[..., :3] = np.rint(haze * 130 + (1 - haze) * picture[..., :3]).astype(np.uint8)
    textures = build_photo(picture, points, {}).textures
    made = np.concatenate([textures[name].reshape(-1, 4) for name in ("mouth", "lips", "upper_teeth")])
    made = made[made[:, 3] == 255, :3] @ [0.299, 0.587, 0.114]
    darkest, brightest = np.percentile(picture[..., :3] @ [0.299, 0.587, 0.114], (1, 99))
    assert darkest - 8 < made.min() and made.max() < brightest + 8
    assert made.min() < darkest + 0.5 * (brightest - darkest)


def test_a_tongue_is_round_and_no_edge_of_it_is_cut_out_of_the_hollow(faces):
    tongue, hollow = (faces["plain"].textures[name].astype(float) for name in ("tongue", "mouth"))
    seen = tongue[..., 3] > 0
    edge = seen & ~grown(seen, -1)
    darkest = np.median(hollow[..., :3].sum(axis=-1))
    bright = tongue[..., :3].sum(axis=-1)
    assert np.abs(bright[edge] / darkest - 1).max() < 0.12
    assert bright[seen].max() > 1.4 * darkest


def test_the_inside_of_the_lips_grows_as_they_part(faces):
    """A face mesh's inner edges lie outside of what is seen open: the more so, the wider a mouth opens."""
    face = faces["plain"]
    tall = []
    for jaw in (0.0, 0.6):
        lining = next(layer for layer in face.layers if layer.name == "lower_lip_inside")
        places = posed(face, lining, weights(jawOpen=jaw), STILL).reshape(3, 11, 3)
        tall.append(float(np.abs(places[0, 5, 1] - places[1, 5, 1])) / face.eye_distance)
    assert tall[1] > 1.5 * tall[0]


def test_where_the_picture_shows_teeth_little_of_the_lips_inside_is_seen():
    """Teeth reach up to the lips there: a broad lining would be taken for the lip, and the mouth for half shut."""
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.35})
    outline = points[INNER_LIPS, :2]
    mouth = inside(outline, pixel_centres(0, 0, 320, 400))
    tall = []
    for shade in (20, 235):
        picture = noise_picture(320, 400)
        picture[mouth, :3] = shade
        face = build_photo(picture, points, {})
        assert ("upper_teeth" in face.textures) == (shade == 20)
        lining = next(layer for layer in face.layers if layer.name == "lower_lip_inside")
        places = posed(face, lining, weights(jawOpen=0.6), STILL).reshape(3, 11, 3)
        tall.append(float(np.abs(places[0, 5, 1] - places[1, 5, 1])) / face.eye_distance)
    assert tall[1] < 0.65 * tall[0]


@pytest.mark.parametrize("lamp", [(1.0, 1.0, 1.0), (1.0, 0.85, 0.5), (1.0, 0.75, 0.3)])
def test_teeth_are_seen_in_the_light_of_a_lamp_too_and_tongues_are_none(lamp):
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.35})
    mouth = inside(points[INNER_LIPS, :2], pixel_centres(0, 0, 320, 400))
    for skin in ((212, 161, 125), (139, 100, 72)):
        for between, teeth in (((190, 175, 150), True), ((150, 80, 70), False)):
            picture = noise_picture(320, 400)
            picture[..., :3] = np.array(skin) * (0.85 + 0.15 * picture[..., :1] / 255.0)
            picture[mouth, :3] = between
            picture[..., :3] = np.rint(picture[..., :3] * np.array(lamp))
            made = build_photo(picture, points, {}).textures
            assert ("upper_teeth" not in made) == teeth


@pytest.mark.parametrize(
    ("skin", "teeth", "seen"),
    [((200, 80, 0), (240, 130, 40), True), ((255, 0, 0), (255, 0, 0), False), ((0, 0, 0), (0, 0, 0), False)],
)
def test_a_light_that_leaves_a_channel_of_the_skin_empty_hides_no_teeth(skin, teeth, seen):
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.35})
    mouth = inside(points[INNER_LIPS, :2], pixel_centres(0, 0, 320, 400))
    picture = noise_picture(320, 400)
    picture[..., :3] = np.array(skin)
    picture[mouth, :3] = teeth
    with np.errstate(all="raise"):
        cast = _without_the_cast(np.array(skin, np.float32))
    assert np.isfinite(cast).all() and 0.25 <= cast.min() <= cast.max() <= 4
    assert ("upper_teeth" not in build_photo(picture, points, {}).textures) == seen


def test_teeth_are_as_soft_as_the_lips_of_the_picture():
    points = face_points(90.0, (160, 150))
    picture = noise_picture(320, 400)
    soft = picture.astype(np.float32)
    for _ in range(8):
        soft = sum(np.roll(soft, (dx, dy), (0, 1)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)) / 9
    assert softness(soft.astype(np.uint8), points[:468]) > 1.3 * softness(picture, points[:468])
    assert softness(picture[:3], points[:468]) > 0


def test_the_picture_below_the_chin_does_not_go_with_the_jaw(faces):
    face = faces["plain"]
    relief = relief_of(face)
    far = relief.points[:, 1] > face.landmarks[8, 1] + 0.85 * face.eye_distance
    assert far.any() and not relief.shapes[SHAPE_NAMES.index("jawOpen")][far].any()


def test_a_face_that_looks_aside_moves_in_the_picture_only_or_is_refused():
    face = built(rotation=(0, 0.65, 0))
    assert (
        "aside" in face.warnings[0] and (draw(face, rest_weights(), STILL) == face.textures["picture"]).all()
    )
    with pytest.raises(EngineError, match="both eyes") as refused:
        built(rotation=(0, -1.0, 0))
    assert refused.value.code == "face_turned"


def test_gaze_moves_the_iris_and_not_the_lids(faces):
    face = faces["plain"]
    names = [layer.name for layer in face.layers]
    eye = face.layers[names.index("eye_left")]
    moved = eye.shapes[SHAPE_NAMES.index("eyeLookOutLeft")].astype(np.float32)
    assert moved[:, 0].max() > 0.06 * face.eye_distance and abs(moved[:, 1]).max() < 1
    assert not eye.shapes[SHAPE_NAMES.index("eyeLookOutRight")].any()


@pytest.mark.parametrize("name", ["plain", "turned and tilted", "squinting"])
@pytest.mark.parametrize("way", ["Left", "Right"])
def test_wherever_eyes_look_nothing_of_them_is_seen_through_the_skin(name, way, faces):
    other = "Right" if way == "Left" else "Left"
    face = faces[name]
    looking = weights(at_rest=True, **{f"eyeLookOut{way}": 1.2, f"eyeLookIn{other}": 1.2})
    # Eyes in a colour of their own are seen between the lids alone.
    marked = {
        key: np.full_like(texture, (0, 255, 0, 255)) if key.startswith("eye_") else texture
        for key, texture in face.textures.items()
    }
    seen = (draw(replace(face, textures=marked), looking, STILL)[..., :3] == (0, 255, 0)).all(axis=-1)
    relief = posed(face, relief_of(face), looking, STILL)
    y, x = np.nonzero(seen)
    between = np.zeros(len(x), bool)
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS):
        outline = np.concatenate([relief[upper], relief[lower][::-1]])[:, :2]
        low, high = outline.min(axis=0) - 3, outline.max(axis=0) + 3
        between |= (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    assert len(x) and between.all()


def test_it_is_the_same_every_time_and_survives_its_file(tmp_path):
    one, two = built(), built()
    one.save(tmp_path / "one.npz")
    loaded = FacePicture.load(tmp_path / "one.npz")
    for first, second, third in zip(one.layers, two.layers, loaded.layers):
        assert (first.points == second.points).all() and (first.shapes == third.shapes).all()
    assert (draw(loaded, weights(jawOpen=0.5), STILL) == draw(one, weights(jawOpen=0.5), STILL)).all()
