"""How large the video of a picture is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

PATH = Path(__file__).resolve().parents[3] / "blender_addon" / "jobs" / "portrait" / "video_size.py"


@pytest.fixture(scope="module")
def video_size():
    spec = importlib.util.spec_from_file_location("video_size", PATH)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["video_size"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("picture", "video", "scale", "padded"),
    [
        ((640, 480), (640, 480), 1.0, (0, 0)),
        ((641, 481), (642, 482), 1.0, (1, 1)),
        ((4096, 2161), (4096, 2162), 1.0, (0, 1)),
        ((8192, 8190), (4096, 4096), 0.5, (0, 1)),
        ((5, 300), (16, 300), 1.0, (11, 0)),
        ((1, 1), (16, 16), 1.0, (15, 15)),
    ],
)
def test_the_whole_picture_shows_pixel_for_pixel_up_to_4096(video_size, picture, video, scale, padded):
    size = video_size.of_picture(*picture)
    assert (size.width, size.height) == video and size.scale == scale and size.padded == padded


@pytest.mark.parametrize(
    ("picture", "preview"),
    [
        ((4096, 2048), (1024, 512)),
        ((384, 400), (246, 256)),
        ((96, 128), (96, 128)),
        ((9000, 8000), (1024, 910)),
    ],
)
def test_lips_can_be_seen_in_a_preview(video_size, picture, preview):
    size = video_size.of_picture(*picture, preview=True)
    assert (size.width, size.height) == preview


@pytest.mark.parametrize("width", [33, 1000, 1023, 4095, 9001])
@pytest.mark.parametrize("height", [40, 777, 4097])
@pytest.mark.parametrize("preview", [False, True])
def test_every_video_is_even_and_holds_its_picture(video_size, width, height, preview):
    size = video_size.of_picture(width, height, preview)
    assert size.width % 2 == size.height % 2 == 0
    assert min(size.width, size.height) >= 16 and max(size.width, size.height) <= 4096
    for side, shown, more in ((size.width, width, size.padded[0]), (size.height, height, size.padded[1])):
        assert abs((side - more) - shown * size.scale) <= 0.5 and (more < 2 or side == 16)
