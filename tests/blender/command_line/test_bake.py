"""`--bake`: from a picture and a voice to a video, and a table to a video for each line."""

from __future__ import annotations

import os
from fractions import Fraction

import bpy
import numpy as np
import picture_files
import pytest
from avi import write_avi
from tones import write_wav
from versions import ends

from blender_addon.command_line import recording
from blender_addon.demo_character.mouth_chart import build_mouth_chart
from blender_addon.host.blender_versions import sequencer

PIXELS = np.random.RandomState(2).randint(90, 256, (80, 60, 3)).astype(np.uint8)


@pytest.fixture
def path(tmp_path):
    return str(picture_files.write(tmp_path / "face.png", picture_files.png(PIXELS)))


@ends
def test_one_command_from_a_picture_to_a_video(fake, voice, path, tmp_path, capsys):
    bpy.context.scene.render.fps = 2
    film = tmp_path / "said"
    assert (
        recording.command(["--picture", path, "--audio", str(voice), "--bake", str(film), "--bake-preview"])
        == 0
    )
    assert "'face' talks in said preview.mp4: " in capsys.readouterr().out
    assert (tmp_path / "said preview.mp4").stat().st_size > 500


@ends
def test_a_table_gives_a_video_for_each_line(fake, path, tmp_path, capsys):
    write_wav(tmp_path / "one.wav", 1.0)
    write_wav(tmp_path / "two more.wav", 1.5)
    table = tmp_path / "lines.csv"
    table.write_text(
        "character,audio,start\nface.png,one.wav,3\nface.png,two more.wav,9\nnobody,one.wav,20\n"
    )
    bpy.context.scene.render.fps = 2
    out = tmp_path / "videos"
    arguments = ["--lines", str(table), "--bake", str(out), "--bake-with", "blender"]
    assert recording.command(arguments) == 1
    assert "--bake takes a folder, and" in capsys.readouterr().err
    out.mkdir()
    assert recording.command(arguments) == 1  # since a line is nobody's
    said = capsys.readouterr().out
    assert sorted(os.listdir(out)) == ["001 face one.mp4", "002 face two more.mp4"]
    assert "001 face one.mp4: 1.0 s, 2 frames" in said and "002 face two more.mp4: 1.5 s, 3 frames" in said


@ends
def test_a_column_of_the_table_says_which_lines_become_which_videos(fake, path, tmp_path, capsys):
    write_wav(tmp_path / "one.wav", 1.0)
    head = build_mouth_chart(bpy.context.scene)
    out = tmp_path / "out"
    out.mkdir()
    table = tmp_path / "lines.csv"
    rows = [
        "face.png,one.wav,3,out/first.mp4,Blender",
        "face.png,one.wav,9,,",
        f"{head.name},one.wav,3,out/second.mp4,",
        "face.png,one.wav,20,out/third.avi,",
        "face.png,one.wav,30,gone/fourth.mp4,",
        "face.png,one.wav,40,out/fifth.mp4,ada.npz",
        "face.png,one.wav,50,out/../out/first.mp4,",
    ]
    table.write_text("\n".join(["character,audio,start,bake,renderer", *rows]) + "\n")
    bpy.context.scene.render.fps = 2
    assert recording.command(["--lines", str(table), "--bake-with", "blender"]) == 1  # row 5 is no line
    told = capsys.readouterr()
    said = told.out + told.err
    assert os.listdir(out) == ["first.mp4"] and "first.mp4: 1.0 s, 2 frames" in said
    assert "row 4: 'Drawn Head' was made of no picture" in said
    assert "has the video 'out/third.avi' in its column bake, which does not end in .mp4" in said
    assert "row 6: The folder" in said and "gone' does not exist" in said
    assert "row 7: 'ada.npz' is not there" in said
    assert "first.mp4' is the video of row 2, so it was not baked: give it a file of its own" in said


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound")
def test_a_film_in_a_table_and_on_the_command_line(fake, tmp_path, capsys):
    fake("drawing")
    write_wav(tmp_path / "one.wav", 1.0)
    write_avi(tmp_path / "ada.avi", [PIXELS, PIXELS[::-1]], Fraction(5))
    bpy.context.scene.render.fps = 2
    table = tmp_path / "lines.csv"
    rows = ["ada 3,a.mp4,,", "ada 9,b.mp4,Generated,face", "ada 20,c.mp4,still,", "ada 30,d.mp4,,whole"]
    cells = "".join(row.replace(" ", ".avi,one.wav,") + "\n" for row in rows)
    table.write_text(f"character,audio,start,bake,film_pose,view\n{cells}")
    assert recording.command(["--lines", str(table), "--bake-with", "engine"]) == 1  # two rows are no lines
    told = capsys.readouterr()
    said = told.out + told.err
    assert "row 2: Drawn by a double, warp. A film, replayed." in said
    assert "row 3: Drawn by a double, warp. A film, generated. The face." in said
    assert "Row 4 has 'still' in its column film_pose, which is neither replayed nor generated" in said
    assert "Row 5 has 'whole' in its column view, which is neither full nor face" in said
    # Of a character's lines each is drawn by itself.
    assert [(tmp_path / name).read_text() for name in ("a.mp4", "b.mp4")] == ["2 frames", "2 frames"]
    asked = ["--picture", str(tmp_path / "ada.avi"), "--audio", str(tmp_path / "one.wav")]
    asked += ["--bake", str(tmp_path / "e.mp4"), "--bake-pose", "generated", "--bake-view", "face"]
    assert recording.command(asked) == 0
    assert "Warning: Drawn by a double, warp. A film, generated. The face." in capsys.readouterr().err


@ends
def test_videos_that_could_not_be_made_keep_nothing(fake, path, tmp_path, capsys):
    write_wav(tmp_path / "one.wav", 1.0)
    bpy.context.scene.render.fps = 2
    table = tmp_path / "lines.csv"
    table.write_text("character,audio,start,bake\nface.png,one.wav,3,gone/first.mp4\n")
    arguments = ["--lines", str(table)]
    assert recording.last_command(arguments) == 2
    told = capsys.readouterr()
    assert "gone' does not exist" in told.out + told.err and "Nothing was kept: add --save" in told.err
    assert recording.last_command([*arguments, "--save", str(tmp_path / "kept.blend")]) == 0
    head = build_mouth_chart(bpy.context.scene)
    table.write_text(f"character,audio,start\n{head.name},one.wav,3\n")
    assert recording.last_command([*arguments, "--bake", str(tmp_path)]) == 2
    assert "Nothing was kept" in capsys.readouterr().err and not list(tmp_path.glob("*.mp4"))


def test_a_video_over_what_it_is_made_of(fake, voice, path, capsys):
    before = voice.read_bytes()
    wrong = ((str(voice), "no name of an MP4 video"), ("/gone/away.mp4", "does not exist"))
    wrong = (*wrong, (str(voice.parent / ".mp4"), "has no name before .mp4"))
    for output, said in (*wrong, (str(voice.parent / "said.avi"), "'said.avi' is no name of an MP4 video")):
        assert recording.command(["--picture", path, "--audio", str(voice), "--bake", output]) == 1
        assert said in capsys.readouterr().err
    filmed = str(voice.with_name("filmed.mp4"))
    voice.with_name("filmed.mp4").write_bytes(before)
    assert recording.command(["--picture", path, "--audio", filmed, "--bake", filmed]) == 1
    assert "would replace" in capsys.readouterr().err
    assert recording.command(["--audio", str(voice), "--bake-preview"]) == 2
    assert voice.read_bytes() == before and not bpy.data.armatures


@ends
@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound")
def test_the_engine_draws_a_line_that_is_all_that_a_picture_says(fake, path, tmp_path, capsys):
    fake("drawing")
    write_wav(tmp_path / "one.wav", 1.0)
    table = tmp_path / "lines.csv"
    table.write_text("character,audio,start,bake,renderer\nface.png,one.wav,3,first.mp4,Cartoon\n")
    bpy.context.scene.render.fps = 2
    told = tmp_path / "told.json"
    assert recording.last_command(["--lines", str(table), "--json", str(told)]) == 0, "its video is kept"
    assert "Drawn by a double, cartoon." in capsys.readouterr().out and '"done": 1' in told.read_text()
    if os.path.exists("/dev/full"):
        assert recording.command(["--lines", str(table), "--json", "/dev/full"]) == 1
        assert "'/dev/full' cannot be written (No space left on device): make room" in capsys.readouterr().err
    assert recording.command(["--lines", str(table), "--bake", str(tmp_path), "--bake-with", "gone.npz"]) == 1
    assert "'gone.npz' is not there" in capsys.readouterr().err
