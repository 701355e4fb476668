"""Pictures as the engine gets them: the file's own pixels, upright, whatever its format, name and depth."""

from __future__ import annotations

import os
import shutil
import sys
from fractions import Fraction

import bpy
import gif_files
import numpy as np
import picture_files
import pytest
from avi import write_avi

from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import pictures

RANDOM = np.random.RandomState(5)
RGBA = RANDOM.randint(0, 256, (24, 32, 4)).astype(np.uint8)


def saved(path, file_format, depth="8", pixels=RGBA):
    """A picture saved by Blender."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new("made", width, height, alpha=True, float_buffer=depth != "8")
    image.pixels.foreach_set((pixels[::-1].astype(np.float32) / 255).ravel())
    scene = bpy.context.scene
    settings = scene.render.image_settings
    settings.file_format, settings.color_mode = (
        file_format,
        "RGB" if file_format in ("JPEG", "BMP") else "RGBA",
    )
    settings.quality, settings.color_depth = 100, depth
    scene.view_settings.view_transform = "Standard"
    image.save_render(str(path), scene=scene)
    bpy.data.images.remove(image)
    return path


@pytest.fixture(autouse=True)
def _nothing_stays():
    yield
    assert not [image for image in bpy.data.images if image.name != "mine"]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_pixels_are_the_files(tmp_path, channels):
    path = picture_files.write(tmp_path / "a.png", picture_files.png(RGBA[..., :channels]))
    read = pictures.read(path)
    wanted = np.full((24, 32, 4), 255)
    wanted[..., :3] = RGBA[..., :3] if channels > 2 else RGBA[..., :1]
    if channels in (2, 4):
        wanted[..., 3] = RGBA[..., channels - 1]
    assert np.array_equal(read.pixels, wanted) and read.pixels.dtype == np.uint8
    assert (read.name, read.path) == ("a.png", str(path)) and len(read.sha256) == 64


@pytest.mark.parametrize("kind", ["TARGA", "BMP", "TIFF", "WEBP"])
def test_other_formats(tmp_path, kind):
    opaque = RGBA.copy()
    opaque[..., 3] = 255
    read = pictures.read(saved(tmp_path / f"a.{kind.lower()}", kind, pixels=opaque))
    worst = np.abs(read.pixels.astype(int) - opaque).max()
    assert worst == 0 or (kind == "WEBP" and worst < 200)  # which Blender may save with loss


def test_sixteen_bits_a_value(tmp_path):
    deep = RGBA[..., :3].astype(np.uint16) * 257
    read = pictures.read(picture_files.write(tmp_path / "deep.png", picture_files.png(deep)))
    assert np.abs(read.pixels[..., :3].astype(int) - RGBA[..., :3]).max() <= 1
    deep = RGBA.astype(np.uint16) * 257
    read = pictures.read(picture_files.write(tmp_path / "clear.png", picture_files.png(deep)))
    seen = RGBA[..., 3] > 8  # what is all but clear has no colour of its own left
    assert np.array_equal(read.pixels[..., 3], RGBA[..., 3])
    assert np.abs(read.pixels[seen].astype(int) - RGBA[seen]).max() <= 1


def test_open_exr_with_brighter_than_white_and_no_numbers(tmp_path):
    linear = np.ones((4, 8, 4), np.float32)
    linear[..., 0] = 0.2158605  # 128 of 255
    linear[3, 0, 1], linear[3, 1, 1], linear[3, 2, 1] = 7.0, np.nan, -1.0
    linear[0] = linear[0, :, :] * 0.25  # a quarter of it is there
    picture_files.write(tmp_path / "light.exr", picture_files.exr(linear))
    read = pictures.read(tmp_path / "light.exr").pixels
    assert (np.abs(read[..., 0].astype(int) - 128) <= 1).all()
    assert (read[0, :, 3] == 64).all() and (read[1:, :, 3] == 255).all()
    assert read[3, 0, 1] == 255 and read[3, 1, 1] == 0 and read[3, 2, 1] == 0


@pytest.mark.parametrize("value", range(1, 9))
def test_how_the_camera_was_held(tmp_path, value):
    """Each turn as EXIF tells it: which corner of the shown picture the file's first pixel is."""
    pixels = np.full((16, 24, 4), 255, np.uint8)
    pixels[:8, :8] = (250, 10, 10, 255)  # the file's first corner
    pixels[:8, 8:] = (10, 250, 10, 255)  # its first row goes on here
    plain = saved(tmp_path / "a.jpg", "JPEG", pixels=pixels).read_bytes()
    path = picture_files.write(
        tmp_path / "held.jpg", picture_files.jpeg_with(plain, picture_files.exif(value))
    )
    read = pictures.read(path).pixels
    assert read.shape[:2] == ((16, 24) if value < 5 else (24, 16))
    corners = {"tl": read[3, 3], "tr": read[3, -4], "bl": read[-4, 3], "br": read[-4, -4]}
    red = [corner for corner, colour in corners.items() if colour[0] > 200 and colour[1] < 60]
    green = [corner for corner, colour in corners.items() if colour[1] > 200 and colour[0] < 60]
    first = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}[value]
    along = {1: "tr", 2: "tl", 3: "bl", 4: "br", 5: "bl", 6: "br", 7: "tr", 8: "tl"}[value]
    assert red == [first] and green == [along]


def test_an_image_of_the_file_stays_as_it_is(tmp_path):
    path = picture_files.write(tmp_path / "a.png", picture_files.png(RGBA))
    image = bpy.data.images.load(str(path))
    image.name = "mine"
    image.colorspace_settings.name, image.alpha_mode = "Non-Color", "CHANNEL_PACKED"
    read = pictures.read(image)
    assert np.array_equal(read.pixels, RGBA) and (read.name, read.path) == ("mine", str(path))
    image.pack()
    os.unlink(path)
    assert np.array_equal(pictures.read(image).pixels, RGBA) and pictures.read(image).path == ""
    assert image.colorspace_settings.name == "Non-Color" and image.alpha_mode == "CHANNEL_PACKED"
    bpy.data.images.remove(image)
    generated = bpy.data.images.new("mine", 8, 8)
    assert pictures.read(generated).pixels.shape == (8, 8, 4)


def test_a_packed_photo_that_was_held_upright(tmp_path):
    plain = saved(tmp_path / "a.jpg", "JPEG").read_bytes()
    path = picture_files.write(tmp_path / "b.jpg", picture_files.jpeg_with(plain, picture_files.exif(6)))
    image = bpy.data.images.load(str(path))
    image.name = "mine"
    assert pictures.read(image).pixels.shape == (32, 24, 4)
    image.pack()
    os.unlink(path)
    assert pictures.read(image).pixels.shape == (32, 24, 4)


def test_beside_the_blend_file(tmp_path):
    picture_files.write(tmp_path / "face.png", picture_files.png(RGBA))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    read = pictures.read("//face.png")
    assert np.array_equal(read.pixels, RGBA) and read.path == "//face.png"


NAMES = {
    "no UTF-8": b"caf\xe9 \xff.png",
    "line breaks": b"face\n2\r.png",
    "umlauts": "Größe ñ 日本.png".encode(),
    "no ending": b"face",
    "another's ending": b"face.jpg",
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("kind", NAMES)
def test_any_name(tmp_path, kind):
    path = os.fsdecode(os.path.join(os.fsencode(tmp_path), NAMES[kind]))
    shutil.copyfile(picture_files.write(tmp_path / "plain.png", picture_files.png(RGBA)), path)
    read = pictures.read(path)
    assert np.array_equal(read.pixels, RGBA)
    assert "\n" not in read.name and read.name.isprintable()


def refused(picture, *words):
    with pytest.raises(TalkingAnimationError) as error:
        pictures.read(picture)
    sentence = str(error.value)
    assert all(word in sentence for word in words), sentence
    assert sentence.endswith((".", ").")) and "\n" not in sentence


def test_what_is_no_picture_is_told_in_a_sentence(tmp_path):
    refused("  ", "No picture is chosen")
    refused(tmp_path / "none.png", "does not exist")
    (tmp_path / "folder.png").mkdir()
    refused(tmp_path / "folder.png", "'folder.png' is a folder")
    refused(picture_files.write(tmp_path / "empty.png", b""), "'empty.png' is empty")
    refused(picture_files.write(tmp_path / "text.png", b"hello\n" * 99), "'text.png' cannot be read")
    whole = picture_files.png(RGBA)
    refused(picture_files.write(tmp_path / "cut.png", whole[:60]), "'cut.png' cannot be read")
    refused(picture_files.write(tmp_path / "moves.webp", picture_files.webp(0x02)), "animation")


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_what_is_cut_off_and_shown_in_part_is_noted(tmp_path, kind):
    colours = np.random.RandomState(8).randint(0, 256, (200, 160, 4)).astype(np.uint8)
    colours[..., 3] = 255
    path = tmp_path / f"a.{kind.lower()}"
    if kind == "JPEG":
        saved(path, kind, pixels=colours)
    else:
        picture_files.write(path, picture_files.tiff(colours[..., :3]))
    assert pictures.read(path).note == ""
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    read = pictures.read(path)
    assert "is cut off" in read.note and np.ptp(read.pixels[:60, :, 0]) > 200


def test_a_damaged_webp_is_told(tmp_path):
    path = saved(tmp_path / "a.webp", "WEBP")
    assert pictures.read(path).pixels.any()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(path, "'a.webp' cannot be read")


def test_of_a_film_the_first_picture_is_taken(tmp_path):
    shades = [np.full((24, 32, 3), shade, np.uint8) for shade in (60, 120, 180)]
    path = write_avi(tmp_path / "film.AVI", shades, Fraction(5))
    read = pictures.read(path)
    assert np.abs(read.pixels[..., :3].astype(int) - 60).max() <= 3
    assert read.pixels.shape == (24, 32, 4) and read.path == str(path)
    assert "'film.AVI' is a film: its first picture was taken." in read.note and read.not_linked
    shutil.move(path, tmp_path / "film.png")
    refused(tmp_path / "film.png", "cannot be read")
    (tmp_path / "none.mp4").write_bytes(b"no film at all" * 50)
    refused(tmp_path / "none.mp4", "'none.mp4' cannot be read")


def test_the_file_browser_shows_what_is_taken():
    for name in ("pick_picture", "place_points"):
        shown = getattr(bpy.ops.talking_animation, name).get_rna_type().properties
        assert {known.identifier for known in shown if known.identifier.startswith("filter_")} == {
            "filter_image", "filter_folder", "filter_glob"
        }  # fmt: skip
        taken = shown["filter_glob"].default.split(";")
        assert set(taken) == {"*.gif", "*.npz", *(f"*{ending}" for ending in pictures.FILMS)}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["she.gif", "she.png", "ñ 日本.GIF"])
def test_of_a_gif_the_first_picture_is_taken(tmp_path, name, count):
    indices = np.random.RandomState(2).randint(0, 256, (20, 30)).astype(np.uint8)
    palette = np.random.RandomState(3).randint(0, 256, (256, 3)).astype(np.uint8)
    path = tmp_path / name
    path.write_bytes(gif_files.gif(indices, palette, pictures=count))
    read = pictures.read(str(path))
    assert (read.pixels[..., :3] == palette[indices]).all() and read.name == name
    assert ("is an animated GIF: its first picture was taken" in read.note) == (count > 1)
    assert read.not_linked
    path.write_bytes(path.read_bytes()[:500])
    refused(path, "cannot be read")


def test_an_image_without_pixels_is_refused():
    image = bpy.data.images.new("mine", 4, 4)
    image.source, image.filepath = "FILE", "//gone.png"
    image.reload()
    refused(image, "'mine' cannot be read")
    bpy.data.images.remove(image)


def test_the_engine_gets_exactly_these_pixels(tmp_path):
    picture = pictures.read(picture_files.write(tmp_path / "a.png", picture_files.png(RGBA)))
    kept = np.load(pictures.save(picture, tmp_path), allow_pickle=False)
    assert np.array_equal(kept, RGBA)
    with pytest.raises(TalkingAnimationError, match="room for temporary files"):
        pictures.save(picture, tmp_path / "nowhere")


def test_black_and_white_have_names_of_their_own(tmp_path):
    """The same bytes in another shape are another picture."""
    pixels = np.zeros((4, 8, 3), np.uint8)
    one = pictures.read(picture_files.write(tmp_path / "a.png", picture_files.png(pixels)))
    two = pictures.read(
        picture_files.write(tmp_path / "b.png", picture_files.png(pixels.reshape(8, 4, 3).copy()))
    )
    again = pictures.read(picture_files.write(tmp_path / "c.png", picture_files.png(pixels)))
    assert one.sha256 == again.sha256 != two.sha256
