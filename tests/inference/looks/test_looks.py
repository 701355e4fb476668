"""A look draws a face picture anew: its picture, eyes, teeth and hollow; how it moves stays, and strokes go with the face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from face_points import face_points
from made_face_picture import made_face_picture
from portrait_motion import talking

from inference import cli
from inference.errors import EngineError
from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture
from inference.face.messages import PictureRequest, PortraitRequest
from inference.face.names import PORTRAIT_LOOKS
from inference.looks import canvas, cartoon, sheet
from inference.looks.apply import LOOKS, drawn_as, look_called
from inference.looks.features import features_of
from inference.looks.inside import in_picture
from inference.looks.network import holds_look, random_look
from inference.looks.sheet import sheet_of
from inference.looks.skin import skin_likeness
from inference.pictures.build import build_photo
from inference.pictures.draw import rest_weights
from inference.pictures.filling import inside, luminance, pixel_centres
from inference.pictures.indices import INNER_LIPS, LOWER_INNER, UPPER_INNER
from inference.pictures.mouth import OWN_MOUTH
from inference.portrait import warp
from inference.portrait.sampling import Sampler
from inference.portrait.sized import sized
from inference.portrait.warp import Pose, WarpRenderer

STILL = np.zeros(3, np.float32)


@pytest.fixture(scope="module")
def looks(photo: FacePicture) -> dict[str, FacePicture]:
    return {name: drawn_as(photo, look_called(name)) for name in PORTRAIT_LOOKS}


def pose(**given: float) -> Pose:
    weights = np.zeros(len(SHAPE_NAMES), np.float32) if given else rest_weights()
    for name, value in given.items():
        weights[SHAPE_NAMES.index(name)] = value
    return Pose(weights, STILL, STILL)


def test_every_name_has_a_look() -> None:
    assert tuple(LOOKS) == PORTRAIT_LOOKS
    with pytest.raises(EngineError, match="no look 'oils': choose drawing, cartoon"):
        look_called("oils")


@pytest.mark.parametrize("name", PORTRAIT_LOOKS)
def test_only_what_is_seen_changes(name: str, photo: FacePicture, looks: dict[str, FacePicture]) -> None:
    drawn = looks[name]
    assert drawn.size == photo.size and [layer.name for layer in drawn.layers] == [
        layer.name for layer in photo.layers
    ]
    for layer, other in zip(drawn.layers, photo.layers):
        assert layer.points is other.points and layer.shapes is other.shapes
        assert (drawn.textures[layer.texture] is photo.textures[layer.texture]) is False
    assert np.array_equal(drawn.textures[PICTURE][..., 3], photo.textures[PICTURE][..., 3])


def test_a_drawing_is_ink_on_paper(looks: dict[str, FacePicture]) -> None:
    grey = luminance(looks["drawing"].textures[PICTURE])
    assert (grey > 235).mean() > 0.4 and (grey < 50).mean() > 0.05
    assert ((grey > 70) & (grey < 200)).mean() < 0.25  # what is neither is the edge of a stroke
    assert (grey[:8, :8] > 240).all()  # nothing is drawn behind the person


def test_a_gloss_amid_skin_is_skin_and_bright_hair_is_not(photo: FacePicture) -> None:
    """A lamp on a scalp is greener than skin: it would be a spot of paint; hair of that colour stays hair."""
    sheet = sheet_of(photo)
    skin = np.array([140.0, 105, 75], np.float32)
    gloss = np.array([175.0, 170, 105], np.float32)
    height, width = sheet.colours.shape[:2]
    reach = max(2, round(0.1 * sheet.unit))
    amid = np.broadcast_to(skin, (height, width, 3)).copy()
    middle = (slice(height // 2 - reach, height // 2 + reach), slice(width // 2 - reach, width // 2 + reach))
    amid[middle] = gloss
    beside = np.broadcast_to(skin, (height, width, 3)).copy()
    beside[: height // 2] = gloss
    person = np.ones((height, width), np.float32)
    plain = replace(sheet, person=person, features=replace(sheet.features, skin=skin))
    inner = (height // 2, width // 2)
    assert skin_likeness(gloss, skin) < 0.1
    assert cartoon._skin_likeness(amid, plain)[inner] > 0.9
    hair = cartoon._skin_likeness(beside, plain)
    assert hair[: height // 4].max() < 0.1 and hair[height // 2 - reach, width // 2] < 0.2
    darker = amid.copy()
    darker[middle] = 0.6 * gloss  # a mole, a shadow
    alone = float(skin_likeness(0.6 * gloss, skin))
    assert cartoon._skin_likeness(darker, plain)[inner] == pytest.approx(alone, abs=0.05)


def test_a_photo_of_little_contrast_is_drawn_as_the_clear_one(
    looks: dict[str, FacePicture], photo: FacePicture
) -> None:
    """Fog would leave hair as bright as skin: no hair, no lines. A picture of one colour stays one."""
    dull = photo.textures[PICTURE].copy()
    dull[..., :3] = (110 + 0.25 * dull[..., :3]).astype(np.uint8)
    faded = replace(photo, textures={**photo.textures, PICTURE: dull})
    for name, clear in looks.items():
        drawn, wanted = (
            luminance(one.textures[PICTURE]) for one in (drawn_as(faded, look_called(name)), clear)
        )
        assert np.abs(drawn - wanted).mean() < 25 and abs((drawn < 60).mean() - (wanted < 60).mean()) < 0.08
    blank = np.full_like(sheet_of(photo).colours, 128)
    assert np.array_equal(sheet._clearer(blank)(blank), blank)


def test_a_photo_that_is_nearly_dull_is_drawn_as_one_that_just_is(photo: FacePicture) -> None:
    """How much clearer a picture is made goes up without a step, from none to all of it."""
    ramp = np.linspace(0, 1, 101, dtype=np.float32)[None, :, None] * np.ones(3, np.float32)
    times = []
    for contrast in np.arange(4.0, 200.0, 0.5):
        grey = 30 + ramp * contrast / 0.98  # from the first to the last hundredth
        times.append(float(np.ptp(sheet._clearer(grey)(grey))) / float(np.ptp(grey)))
    assert max(np.abs(np.diff(times))) < 0.6  # in half a level of 255
    assert times[0] == times[-1] == pytest.approx(1) and max(times) > 3


@pytest.mark.parametrize("name", PORTRAIT_LOOKS)
def test_teeth_of_a_dark_photo_and_of_one_in_fog_are_drawn_as_those_of_the_clear_one(
    name: str, paint: Callable[[np.ndarray], np.ndarray]
) -> None:
    """Upper teeth above a dark hollow, as a smile shows them."""
    points = face_points(60.0, (100, 115), weights={"jawOpen": 0.35})
    clear = paint(points)
    places = pixel_centres(0, 0, clear.shape[1], clear.shape[0])
    opened = inside(points[INNER_LIPS, :2], places)
    upper, lower = points[UPPER_INNER, :2], points[LOWER_INNER, :2]
    between = (upper + lower) / 2
    halves = [np.concatenate([edge, between[::-1]]) for edge in (upper, lower)]
    above = inside(halves[0], places)
    clear[opened, :3], clear[above, :3] = (40, 14, 18), (222, 210, 196)
    seen = []
    for times, light in ((1.0, 0), (0.5, 0), (0.3, 0), (0.25, 110)):
        pixels = clear.copy()
        pixels[..., :3] = (light + times * clear[..., :3]).astype(np.uint8)
        drawn = drawn_as(build_photo(pixels, points, {}), look_called(name))
        own = next(layer for layer in drawn.layers if layer.name == OWN_MOUTH)
        texture = luminance(drawn.textures[own.texture][..., :3])
        where = in_picture(own, pixel_centres(0, 0, texture.shape[1], texture.shape[0]))
        teeth, hollow = (inside(half, where) for half in halves)
        seen.append((texture[teeth].mean(), texture[hollow].mean()))
    assert seen[0][0] > 200 and seen[0][1] < 70
    np.testing.assert_allclose(seen[1:], [seen[0]] * 3, atol=5)


def test_a_cartoon_is_flat(looks: dict[str, FacePicture], photo: FacePicture) -> None:
    picture = looks["cartoon"].textures[PICTURE][..., :3]
    cheek = features_of(photo).mesh[50].astype(int)
    patch = picture[cheek[1] - 4 : cheek[1] + 4, cheek[0] - 4 : cheek[0] + 4].reshape(-1, 3)
    assert np.ptp(patch, axis=0).max() <= 3
    assert np.ptp(picture[:8, :8].reshape(-1, 3), axis=0).max() == 0


@pytest.mark.parametrize("name", PORTRAIT_LOOKS)
@pytest.mark.parametrize("times", [1.0, 1.7])
def test_eyes_lie_where_the_photos_do(name: str, times: float, photo: FacePicture) -> None:
    """Also at another size, at which the textures of the eyes keep theirs."""
    size = (round(photo.size[0] * times), round(photo.size[1] * times))
    face = sized(photo, size, Sampler(use_opencv=False))
    renderer = WarpRenderer(drawn_as(face, look_called(name)), sampler=Sampler(use_opencv=False))
    for frame in (renderer.draw(pose()), renderer.draw(pose(cheekPuff=0.01))):
        for eye in features_of(face).eyes:
            x, y = np.round(eye.iris).astype(int)
            grey = luminance(frame)
            assert grey[y, x] < 90
            aside = int(x + eye.outward * 1.6 * eye.radius)
            assert grey[y, aside] > 130


def test_lids_shut_without_a_trace_of_the_eye(looks: dict[str, FacePicture], photo: FacePicture) -> None:
    shut = WarpRenderer(looks["drawing"]).draw(pose(eyeBlinkLeft=1, eyeBlinkRight=1))
    for eye in features_of(photo).eyes:
        x, y = np.round(eye.iris).astype(int)
        assert luminance(shut)[y - 3 : y + 1, x].min() > 150


def test_an_open_mouth_is_dark_with_white_teeth(looks: dict[str, FacePicture], photo: FacePicture) -> None:
    for drawn in looks.values():
        frame = luminance(WarpRenderer(drawn).draw(pose(jawOpen=0.7)))
        left, right = features_of(photo).mesh[[78, 308], 0].astype(int)
        top = int(features_of(photo).mesh[13, 1])
        opened = frame[top : top + 14, left + 4 : right - 4]
        assert opened.min() < 60 and opened.max() > 200


def test_the_same_every_time(photo: FacePicture, looks: dict[str, FacePicture]) -> None:
    again = drawn_as(photo, look_called("drawing"))
    for name, texture in looks["drawing"].textures.items():
        assert np.array_equal(texture, again.textures[name])


ODD = {
    "no matte": lambda face: replace(face, matte=np.zeros((0, 0), np.uint8)),
    "nobody is seen": lambda face: replace(face, matte=np.zeros_like(face.matte)),
    "black": lambda face: replace(
        face, textures={**face.textures, PICTURE: face.textures[PICTURE] * np.uint8([0, 0, 0, 1])}
    ),
    "tiny": lambda face: sized(face, (22, 26), Sampler(use_opencv=False)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_drawn_too(name: str, photo: FacePicture) -> None:
    face = ODD[name](photo)
    for look in PORTRAIT_LOOKS:
        drawn = drawn_as(face, look_called(look))
        assert drawn.size == face.size


def test_a_drawing_is_refused_in_a_sentence(photo: FacePicture) -> None:
    with pytest.raises(EngineError, match=r"painted\.png is a drawing already") as caught:
        drawn_as(replace(photo, kind="drawing"), look_called("cartoon"))
    assert caught.value.code == "not_a_photo"


def test_a_face_picture_without_a_mesh_is_a_sentence() -> None:
    with pytest.raises(EngineError, match="no face mesh") as caught:
        drawn_as(made_face_picture(4.0), look_called("drawing"))
    assert caught.value.code == "bad_face_picture"


def test_the_command_draws_in_a_look(photo: FacePicture, tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from inference.pictures.image_files import read_picture

    photo.save(tmp_path / "face.npz")
    talking(4).save(tmp_path / "motion.npz")
    common = [str(tmp_path / "face.npz"), "--animation", str(tmp_path / "motion.npz"), "--size", "96"]
    assert cli.main(["portrait", *common, "-o", str(tmp_path / "ink"), "--renderer", "drawing"]) == 0
    frames = sorted((tmp_path / "ink").glob("*.png"))
    assert len(frames) == 4
    seen = read_picture(frames[-1], "frame")
    inside = seen[seen[..., 3] > 200]
    assert np.ptp(inside[:, :3].astype(int), axis=1).max() < 14  # no colour but the paper's


def test_a_learned_look_is_drawn_and_only_its_file_is_named(photo: FacePicture, tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    (tmp_path / "secret").mkdir()
    look = tmp_path / "secret" / "mine.npz"
    random_look(2).save(look)
    photo.save(tmp_path / "face.npz")
    talking(2).save(tmp_path / "motion.npz")
    common = [str(tmp_path / "face.npz"), "--animation", str(tmp_path / "motion.npz"), "--size", "64"]
    assert cli.main(["portrait", *common, "-o", str(tmp_path / "own"), "--renderer", str(look)]) == 0
    told = (tmp_path / "own" / "portrait.json").read_text(encoding="utf-8")
    assert "mine.npz" in told and "secret" not in told


def test_a_look_is_asked_for_each_part_once(photo: FacePicture, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    look = look_called("cartoon")
    for part in ("picture", "eye", "mouth"):
        answer = getattr(look, part)
        monkeypatch.setattr(
            look, part, lambda sheet, part=part, answer=answer: asked.append(part) or answer(sheet)
        )
    drawn_as(photo, look)
    assert sorted(asked) == ["eye", "mouth", "picture"]


def test_a_look_that_cannot_be_written_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"mine\.npz"):
        random_look(2).save(tmp_path / "nowhere" / "mine.npz")
    taken = tmp_path / "folder.npz"
    taken.mkdir()
    with pytest.raises(EngineError, match=r"folder\.npz"):
        random_look(2).save(taken)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.npz"]
    assert not holds_look(taken) and not holds_look(tmp_path / "nowhere.npz")


def test_an_unknown_renderer_is_a_sentence(
    photo: FacePicture, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo.save(tmp_path / "face.npz")
    talking(2).save(tmp_path / "motion.npz")
    common = [
        str(tmp_path / "face.npz"),
        "--animation",
        str(tmp_path / "motion.npz"),
        "-o",
        str(tmp_path / "o"),
    ]
    assert cli.main(["portrait", *common, "--renderer", "oils"]) == 1
    error = capsys.readouterr().err
    assert "oils" in error and "cartoon" in error and error.count("\n") == 1


def test_fields_keep_their_mean_and_their_edges() -> None:
    values = np.random.RandomState(4).rand(37, 53).astype(np.float32)
    for sigma in (0.1, 1.5, 9.0):
        assert canvas.blurred(values, sigma).mean() == pytest.approx(values.mean(), abs=0.01)
    assert canvas.resized(values, (11, 7)).mean() == pytest.approx(values.mean(), abs=1e-4)
    assert np.array_equal(canvas.resized(values, (53, 37)), values)
    step = np.zeros((20, 30), np.float32)
    step[:, 15:] = 1
    smooth = canvas.guided(step, step, 4, 0.001)
    assert smooth[10, 13] < 0.02 and smooth[10, 16] > 0.98
    assert canvas.between(np.array([0.0, 0.5, 1.0]), 1.0, 0.0).tolist() == [1, 0.5, 0]
    assert canvas.read(values, np.array([-3.0, 52.9]), np.array([0.0, 99.0])) == pytest.approx(
        [values[0, 0], values[-1, -1]], abs=2e-3
    )


def test_which_renderers_a_request_may_name() -> None:
    for name in ("warp", "cartoon", "mine.npz", "folder/Drawing.PTH", "static/cartoon.pt"):
        assert PortraitRequest("a", "b", renderer=name).renderer == name
    for name in (".npz", ".pt", "mine.png", "", "Cartoon"):
        with pytest.raises(EngineError, match=r"one of warp, .* or a file \.npz or \.pth or \.pt(?! or)"):
            PortraitRequest("a", "b", renderer=name)
    assert PictureRequest("a", "b").look == "photo"
    with pytest.raises(EngineError, match=r"one of photo, drawing, cartoon or a file \.npz"):
        PictureRequest("a", "b", look="drawing.pth")


def test_dark_colours_of_a_cartoon_are_calm_and_bright_ones_stay() -> None:
    """A photo's glimmers in dark hair are no spots of red; an orange suit and grey are as they were."""
    colours = np.array([[[70.0, 30, 10], [255, 90, 30], [40, 40, 40], [0, 0, 0], [10, 60, 20]]], np.float32)
    calm = cartoon._calm_darks(colours)
    np.testing.assert_allclose(calm[0, 1:4], colours[0, 1:4], atol=0.01)
    np.testing.assert_allclose(luminance(calm), luminance(colours), atol=0.5)
    for one in (0, 4):
        assert np.ptp(calm[0, one]) < 0.8 * np.ptp(colours[0, one])


def test_a_yellow_lamp_makes_neither_skin_nor_hair_mustard(photo: FacePicture) -> None:
    """Skin is never olive, brown hair has its light; white, red and blue cloth keep their colours, and all its brightness."""
    lamp = np.array([1.1, 1.0, 0.5], np.float32)
    skin, hair = np.array([205.0, 160, 135], np.float32) * lamp, np.array([110.0, 75, 55], np.float32) * lamp
    sheet = replace(sheet_of(photo), features=replace(sheet_of(photo).features, skin=skin))
    drawn = cartoon._skin_colour(sheet)
    assert (drawn[1] - drawn[2]) / (drawn[0] - drawn[2]) < 0.47 < (skin[1] - skin[2]) / (skin[0] - skin[2])
    cloth = np.array([[240.0, 240, 240], [220, 20, 25], [40, 70, 200], [0, 0, 0]], np.float32)
    seen = np.concatenate([hair[None], cloth])[None]
    lit = cartoon._in_white_light(seen, sheet)[0]
    np.testing.assert_allclose(lit[1:], cloth, atol=0.5)
    np.testing.assert_allclose(luminance(lit), luminance(seen[0]), atol=0.5)
    assert np.ptp(lit[0]) < 0.75 * np.ptp(hair) and lit[0, 0] > lit[0, 1] > lit[0, 2]
    greyish = cartoon._in_white_light(np.array([[[174.0, 162, 144]]], np.float32), sheet)[0, 0]
    assert greyish[0] >= greyish[1] >= greyish[2]


def test_hair_and_shades_are_never_olive(photo: FacePicture) -> None:
    """What is as green as it is red becomes brown; pale yellow and green cloth are left as they were."""
    sheet = sheet_of(photo)
    sheet = replace(sheet, features=replace(sheet.features, skin=np.array([216.0, 168, 109], np.float32)))
    olive = np.array([[165.0, 160, 90], [90, 85, 40], [60, 55, 22]], np.float32)
    lit = cartoon._in_white_light(olive[None], sheet)[0]
    hue = (lit[:, 1] - lit[:, 2]) / (lit[:, 0] - lit[:, 2])
    assert (hue < 0.65).all() and (lit[:, 0] > 1.08 * lit[:, 1]).all()
    np.testing.assert_allclose(luminance(lit), luminance(olive), atol=0.5)
    yellow, green = cartoon._in_white_light(np.array([[[245.0, 225, 90], [60, 110, 45]]], np.float32), sheet)[
        0
    ]
    assert yellow[1] > 0.85 * yellow[0] and green[1] >= green[0]


def test_a_colour_far_from_all_that_are_found_stays_its_own() -> None:
    """A lock of hair beside a coat of many shades is no shade of the coat; what is near to one becomes it."""
    inks = np.array([[150.0, 60, 40], [255, 110, 50], [20, 20, 20]], np.float32)
    colours = np.array([[[95.0, 100, 80], [146, 66, 44], [250, 106, 52]]], np.float32)
    few = cartoon._mixed(colours, inks)[0]
    np.testing.assert_allclose(few, [colours[0, 0], inks[0], inks[1]], atol=4)


def test_the_background_tints_no_outline_of_a_cartoon(photo: FacePicture) -> None:
    """A face before green, whose edge the light of it tints."""
    known = photo.matte > 127
    rim = known & ~eroded(known, 2)
    pixels = photo.textures[PICTURE].copy()
    pixels[~known, :3], pixels[rim, :3] = (20, 200, 40), (90, 170, 80)
    sheet = sheet_of(replace(photo, textures={**photo.textures, PICTURE: pixels}))
    own = sheet.at_size(cartoon._own_colours(sheet))
    seen = sheet.at_size(sheet.colours)
    green = [(one[..., 1] - one[..., 0])[rim].mean() for one in (seen, own)]
    assert green[0] > 25 and green[1] < 0.6 * green[0]
    inner = eroded(known, round(0.4 * photo.eye_distance))
    np.testing.assert_allclose(own[inner], seen[inner], atol=1.0)


def eroded(where: np.ndarray, pixels: int) -> np.ndarray:
    for _ in range(pixels):
        where = (
            where
            & np.roll(where, 1, 0)
            & np.roll(where, -1, 0)
            & np.roll(where, 1, 1)
            & np.roll(where, -1, 1)
        )
    return where


def test_edges_of_ink_that_pass_over_each_other_are_no_steps(
    looks: dict[str, FacePicture], photo: FacePicture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cv2", reason="without it all that moves would be drawn finer")
    drawn = []
    for times in (1, 2, 6):
        monkeypatch.setattr(warp, "_OF_INK", times)
        drawn.append(
            WarpRenderer(looks["drawing"]).draw(pose(eyeBlinkLeft=0.8, eyeBlinkRight=0.8, jawOpen=0.4))
        )
    once, twice, truth = (luminance(one) for one in drawn)
    assert np.abs(twice - truth).mean() < 0.6 * np.abs(once - truth).mean()
    assert WarpRenderer(photo)._fine == 1  # of a photo, lenses soften what is seen
