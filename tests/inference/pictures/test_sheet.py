"""The sheet of looks is a PNG that can be read again."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_face import drawn_face

from inference.face import png
from inference.pictures.image_files import read_picture
from inference.pictures.make import Wanted, make_faces
from tools.picture_figures import face_called
from tools.picture_sheet import LOOKS, SHORT, sheet


@pytest.mark.parametrize("size", [(1, 1), (7, 1), (1, 9), (61, 40)])
@pytest.mark.parametrize("channels", [3, 4])
def test_a_png_is_read_as_it_was(size, channels, tmp_path):
    pixels = np.random.RandomState(0).randint(0, 256, (*size, channels)).astype(np.uint8)
    (tmp_path / "it.png").write_bytes(png.encoded(pixels))
    assert (read_picture(tmp_path / "it.png")[..., :channels] == pixels).all()
    opaque = np.dstack([pixels[..., :3], np.full(size, 255, np.uint8)])
    assert png.without_plain_alpha(opaque).shape == (*size, 3)


def test_every_look_is_another(tmp_path):
    picture, clicks = drawn_face(200)
    face = make_faces(picture, Wanted("it", clicks), {}, lambda *_: None).faces[0]
    drawn = sheet(face, columns=4, cell=60)
    assert drawn.shape == (60 * len(LOOKS) // 4, 240, 3)
    cells = drawn.reshape(-1, 60, 4, 60, 3).transpose(0, 2, 1, 3, 4).reshape(len(LOOKS), -1)
    unlike = [number for number in range(2, len(LOOKS)) if (cells[number] == cells[0]).all()]
    assert not unlike
    (tmp_path / "sheet.png").write_bytes(png.encoded(drawn, 9))
    assert (read_picture(tmp_path / "sheet.png")[..., :3] == drawn).all()
    short = sheet(face, columns=len(SHORT), cell=60, looks=SHORT)
    assert short.shape == (60, 60 * len(SHORT), 3) and (short[:, :60] == drawn[:60, :60]).all()
    assert (
        np.abs(cells[1].astype(int) - cells[0]).mean() < 3
    )  # a drawing's neutral face is nearly the drawing


def test_a_picture_that_is_not_there_is_told():
    with pytest.raises(
        SystemExit, match=r"There is no picture foxx: choose cartoon, .*admiral, or a face picture"
    ):
        face_called("foxx")


def test_other_numbers_than_a_pngs_are_refused() -> None:
    """They would be cut to their last eight bits."""
    for pixels in (np.full((2, 3, 4), 0.5, np.float32), np.full((2, 3, 3), 700, np.uint16)):
        with pytest.raises(TypeError, match="uint8, not"):
            png.encoded(pixels)
