"""The tool that measures characters as they are found tells a mouth that follows from one that does not."""

from __future__ import annotations

import math

import bone_faces
import bpy
import pytest
from recordings import beginning
from vendor_bones import RIGS

from tools import characters_as_found


@pytest.fixture
def sentence(tmp_path):
    """The demo's first two seconds."""
    return beginning(tmp_path / "line.wav", 2.0)


def test_a_file_is_opened_and_its_lips_are_followed(tmp_path, sentence):
    bone_faces.build(RIGS["rocketbox"], rolls=1)
    bpy.context.scene.render.fps = 24
    path = tmp_path / "a face.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    measured = characters_as_found.measure(path, sentence, 0)
    assert not measured.problem
    assert measured.summary.startswith("Microsoft Rocketbox face bones")
    assert measured.opening > 0.95 and 0.7 < measured.amount < 1.3
    assert max(measured.shut) < 0.03
    assert 0 < measured.driven <= measured.known
    assert not math.isnan(measured.neighbours) and measured.seconds > 0
    assert measured.row().count("|") == characters_as_found.HEADING.splitlines()[0].count("|")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("gone.fbx", None, "there is no such file"),
        ("notes.txt", b"hello", "'.txt' files are not read here"),
        ("torn.blend", b"BLENDER-v304", "torn.blend"),
    ],
)
def test_what_cannot_be_opened_is_a_line_of_the_table(tmp_path, name, content, problem):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    measured = characters_as_found.measure(path, path, 0)
    assert problem in measured.problem and "\n" not in measured.problem
    assert measured.row().count("|") == characters_as_found.HEADING.splitlines()[0].count("|")


def test_a_file_without_a_face_says_so(tmp_path, capsys):
    bpy.context.scene.collection.objects.link(bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube")))
    path = tmp_path / "cube.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    assert "no mesh with face shapes" in characters_as_found.measure(path, path, 0).problem
    assert "no mesh with face shapes" in characters_as_found.measure(path, path, 0, talk_ready=True).problem
    assert "Cube" in capsys.readouterr().err, "why it cannot be made talk-ready is told"
