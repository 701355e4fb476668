"""Parts that *Find the Face* proposes are shown over the drawing, names beside it and none over another."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from blender_addon.api import grease_pencil as drawn_faces
from blender_addon.ui import drawn_parts


def test_places_on_the_screen_are_the_views():
    projection = np.array([[2.0, 0, 0, 0], [0, 0, 4.0, 0], [0, 0, 0, 0], [0, 1.0, 0, 0]])  # looks along y
    points = np.array([[0.0, 1.0, 0.0], [0.5, 2.0, 0.5], [0.0, -1.0, 0.0]])
    seen = drawn_parts.on_screen(points, projection, 200.0, 100.0)
    assert np.allclose(seen[:2], [[100, 50], [150, 100]]) and np.isnan(seen[2]).all()


def test_names_stand_beside_the_drawing_and_never_over_another():
    parts = [np.array([[x, y], [x + 4.0, y]]) for x, y in ((10, 90), (10, 88), (14, 85), (90, 50), (92, 50))]
    placed = drawn_parts.beside(parts, 12.0)
    for is_left in (True, False):
        heights = sorted(place[1] for _, place, left in placed if left == is_left)
        assert len(heights) == (3 if is_left else 2) and np.diff(heights).min() >= 12 - 1e-9
    assert all(place[0] < 10 if left else place[0] > 96 for _, place, left in placed)
    assert tuple(placed[0][0]) == (10, 90) and tuple(placed[3][0]) == (94, 50)


def test_names_keep_clear_of_the_tools_and_the_sidebar():
    window = SimpleNamespace(type="WINDOW", x=10, width=1000)
    tools, sidebar = (
        SimpleNamespace(type="TOOLS", x=10, width=60),
        SimpleNamespace(type="UI", x=810, width=200),
    )
    area = SimpleNamespace(regions=[window, tools, sidebar])
    assert drawn_parts.uncovered(area, window) == (60, 800)
    tools.x, sidebar.x = 950, 10  # both flipped
    assert drawn_parts.uncovered(area, window) == (200, 940)
    sidebar.x = 750  # both to the right, the sidebar beside the tools
    assert drawn_parts.uncovered(area, window) == (0, 740)
    tools.width = sidebar.width = 1  # folded away
    assert drawn_parts.uncovered(area, window) == (0, 1000)


def test_each_part_has_a_colour_of_its_own():
    colours = {drawn_parts.colour_of(part) for part in drawn_faces.PARTS}
    assert len(colours) == len(drawn_faces.PARTS)
    assert drawn_parts.colour_of(drawn_faces.BY_NAME) not in colours


def _light(colour) -> float:
    """Relative luminance as WCAG 2 has it."""
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in colour[:3]]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_every_name_can_be_read_before_anything():
    for behind in (0.0, 0.22, 0.5, 1.0):  # the viewport, from black to white
        share = drawn_parts.BACKING[3]
        backing = [share * level + (1 - share) * behind for level in drawn_parts.BACKING[:3]]
        for part in drawn_faces.PARTS:
            contrast = (_light(drawn_parts.text_colour(part)) + 0.05) / (_light(backing) + 0.05)
            assert contrast >= 4.5, (part, behind)
