"""What a published network draws of a head is laid into our own cartoon, where the head is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the published network runs on torch")

from inference.face.face_picture import PICTURE, RELIEF, FacePicture
from inference.portrait.renderers import in_its_look
from inference.published.cartoon_still import SHAPES, SIDE, CartoonStill


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cartoon.pt"
    torch.save({"genA2B": {name: torch.zeros(shape) for name, shape in SHAPES.items()}}, path)
    return path


@pytest.mark.parametrize("seen", ["as it is", "nobody known"])
def test_the_head_is_the_networks_and_all_else_our_cartoons(
    seen: str, photo: FacePicture, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    face = photo if seen == "as it is" else replace(photo, matte=np.zeros((0, 0), np.uint8))
    shown: list[np.ndarray] = []

    def painted(_self: CartoonStill, colours: np.ndarray) -> np.ndarray:
        """Green with a red upper edge."""
        shown.append(colours)
        result = np.zeros_like(colours)
        result[...], result[:3] = (0, 200, 0), (255, 0, 0)
        return result

    monkeypatch.setattr(CartoonStill, "draw", painted)
    name, drawn = in_its_look(str(file), face)
    picture = drawn.textures[PICTURE].astype(int)
    own = in_its_look("cartoon", face)[1].textures[PICTURE]
    mesh = next(one for one in face.layers if one.name == RELIEF).uv
    cheek = mesh[50].astype(int)
    assert name == "warp"
    assert np.abs(picture[cheek[1], cheek[0], :3] - (0, 200, 0)).max() < 4
    assert ((picture[..., 0] > 250) & (picture[..., 1] < 50)).sum() == 0  # it has faded at its edge
    assert (picture[-4:, :4] == own[-4:, :4]).all()
    assert shown[0].shape == (SIDE, SIDE, 3) and shown[0].min() >= 0 and shown[0].max() <= 255


def test_what_the_network_is_shown_lies_where_it_is_laid_back(
    photo: FacePicture, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CartoonStill, "draw", lambda _self, colours: colours)
    drawn = in_its_look(str(file), photo)[1].textures[PICTURE].astype(int)
    mesh = next(one for one in photo.layers if one.name == RELIEF).uv
    skin = photo.textures[PICTURE].astype(int)
    for point in (50, 280, 10, 151, 5, 200):  # cheeks, forehead, nose, chin
        x, y = mesh[point].astype(int)
        window = (slice(y - 2, y + 3), slice(x - 2, x + 3), slice(0, 3))
        assert np.abs(drawn[window].mean((0, 1)) - skin[window].mean((0, 1))).max() < 12
