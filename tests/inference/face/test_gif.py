"""The first picture of GIF files: their very pixels, or one kind of error, whatever is done to the file."""

from __future__ import annotations

import io

import gif_files
import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.gif import first_picture, is_gif
from inference.pictures.image_files import read_picture

RANDOM = np.random.default_rng(8)
PALETTE = RANDOM.integers(0, 256, (256, 3), dtype=np.uint8)
INDICES = RANDOM.integers(0, 256, (29, 17), dtype=np.uint8)


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("clear", [None, 0, 77])
def test_its_own_pixels_come_back(interlaced, clear):
    picture, moving = first_picture(gif_files.gif(INDICES, PALETTE, clear, interlaced))
    assert (picture[..., :3] == PALETTE[INDICES]).all() and not moving
    assert ((picture[..., 3] == 0) == ((-1 if clear is None else clear) == INDICES)).all()


def test_more_pictures_are_told_and_what_is_not_covered_is_clear():
    picture, moving = first_picture(gif_files.gif(INDICES, PALETTE, canvas=(40, 30), pictures=3))
    assert moving and picture.shape == (40, 30, 4)
    assert (picture[:29, :17, 3] == 255).all() and picture[..., 3].sum() == 255 * 29 * 17


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (131, 97)])
@pytest.mark.parametrize("colours", [2, 13, 256])
def test_what_others_wrote_is_read(size, colours):
    image = pytest.importorskip("PIL.Image")
    random = np.random.default_rng(9)
    smooth = (
        np.add.outer(np.arange(size[0]), np.arange(size[1])) // 3 + random.integers(0, 2, size)
    ) % colours
    made = image.fromarray(smooth.astype(np.uint8), "P")
    made.putpalette(PALETTE.ravel().tolist())
    written = io.BytesIO()
    made.save(written, "GIF")
    wanted = np.asarray(image.open(io.BytesIO(written.getvalue())).convert("RGBA"))
    assert (first_picture(written.getvalue())[0] == wanted).all()


def test_damaged_files_are_one_kind_of_error():
    whole = gif_files.gif(INDICES, PALETTE, 5, pictures=2)
    for end in [*range(60), *range(60, len(whole), 37)]:
        try:
            picture, _ = first_picture(whole[:end])
        except ValueError:
            continue
        assert (picture[..., :3] == PALETTE[INDICES]).all()
    random = np.random.default_rng(10)
    for _ in range(400):
        data = bytearray(whole)
        for place in random.integers(0, len(data), 3):
            data[place] = random.integers(0, 256)
        try:
            picture, _ = first_picture(bytes(data))
        except (ValueError, MemoryError):
            continue
        assert picture.ndim == 3 and picture.dtype == np.uint8


def test_the_engine_reads_it_without_a_package(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    path = tmp_path / "she.gif"
    path.write_bytes(gif_files.gif(INDICES, PALETTE, pictures=2))
    assert (read_picture(path)[..., :3] == PALETTE[INDICES]).all() and is_gif(path.read_bytes()[:8])
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(EngineError, match=r"she.gif is no picture or is damaged: export it again"):
        read_picture(path)
