"""What a command leaves: a file, or a sentence that there is none; and of a line its own frames alone."""

from __future__ import annotations

import bpy
import characters
import pytest

from blender_addon.command_line import recording


@pytest.fixture
def rig(fake):
    return characters.rigged()[0]


def test_nothing_kept_is_told(rig, voice, capsys, tmp_path):
    assert recording.last_command(["--audio", str(voice)]) == 2
    assert "Nothing was kept: add --save" in capsys.readouterr().err
    assert recording.last_command(["--audio", str(voice), f"--save={tmp_path / 'kept.blend'}"]) == 0
    assert "Nothing was kept" not in capsys.readouterr().err and (tmp_path / "kept.blend").is_file()
    assert recording.command(["--audio", str(voice)]) == 0, "a script's keys stay in the open file"


def test_a_shortened_option_keeps_it_too(rig, voice, capsys, tmp_path):
    assert recording.last_command(["--audio", str(voice), "--sav", str(tmp_path / "kept.blend")]) == 0
    assert "Nothing was kept" not in capsys.readouterr().err and (tmp_path / "kept.blend").is_file()


def test_help_and_errors_keep_their_codes(rig, voice, capsys):
    assert recording.last_command(["--help"]) == 0
    assert recording.last_command(["--audio", "/none.wav"]) == 1
    assert "Nothing was kept" not in capsys.readouterr().err


@pytest.mark.parametrize("start", [1, 40, -20])
def test_a_line_is_rendered_alone_and_the_scene_keeps_its_frames(rig, voice, tmp_path, monkeypatch, start):
    rendered = []
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 900
    film = tmp_path / "film.mp4"

    def render(**_):
        rendered.append((scene.frame_start, scene.frame_end))
        film.write_bytes(b"film")

    scene.camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    monkeypatch.setattr(recording, "_rendered", render)
    monkeypatch.setattr(recording.interface, "set_video_output", lambda *_: None)
    report = recording.run(
        recording.parser().parse_args(["--audio", str(voice), f"--start={start}", "--render", str(film)])
    )
    assert rendered == [(max(report.start, 0), report.end)] and report.end < 200
    assert (scene.frame_start, scene.frame_end) == (1, 900)
