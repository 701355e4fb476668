"""Motion that was damaged in the cache is made again; where it cannot be, a sentence says whose it is."""

from __future__ import annotations

from pathlib import Path

import bpy
import characters
import numpy as np
import pytest
import scenes
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.engine_process import cache
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import settings
from blender_addon.inputs.scene_script.lines import from_table


def flipped(content):
    middle = len(content) // 2
    return (
        content[:middle]
        + bytes(255 - byte for byte in content[middle : middle + 64])
        + content[middle + 64 :]
    )


DAMAGES = {
    "empty": lambda _: b"",
    "cut": lambda content: content[: len(content) // 2],
    "text": lambda _: b"no motion",
    "flipped": flipped,
}
damages = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


def damaged(path, damage):
    """A file that was changed behind the add-on's back, compressed as the engine writes it."""
    path = Path(path)
    with np.load(path) as arrays:
        np.savez_compressed(path, **arrays)
    assert cache.has(path)
    path.write_bytes(damage(path.read_bytes()))
    assert not cache.has(path)


@ends
@damages
def test_generating_makes_it_again(fake, voice, damage):
    mesh = characters.face_mesh()
    api.generate(mesh, voice)
    damaged(api.motion_file(mesh), damage)
    assert api.generate(mesh, voice).curves and cache.has(Path(api.motion_file(mesh)))
    fake("crash")  # nobody is asked where it is whole
    assert api.generate(mesh, voice).curves


@ends
@damages
def test_dials_say_whose_it_is(fake, voice, damage):
    mesh = characters.face_mesh()
    api.generate(mesh, voice, keep_motion=False)
    damaged(api.motion_file(mesh), damage)
    with pytest.raises(TalkingAnimationError) as error:
        api.apply_dials(mesh, api.Dials(lips=0.5))
    assert (
        str(error.value) == "The stored motion of 'Face' is damaged: press Generate talking animation again."
    )
    mesh.talking_animation.lips = 0.25
    assert "'Face' is damaged" in bpy.context.window_manager.talking_animation.message


@ends
@damages
def test_the_copy_in_the_file_stands_in(fake, voice, damage):
    mesh = characters.face_mesh()
    api.generate(mesh, voice)
    damaged(api.motion_file(mesh), damage)
    assert api.apply_dials(mesh, api.Dials(lips=0.5)) > 0


@ends
@damages
def test_lines_of_a_scene(fake, tmp_path, damage):
    scenes.cast("Anna", "Bert")
    for name in ("one", "two"):
        write_wav(tmp_path / f"{name}.wav", 1.0)
    table = scenes.table(tmp_path / "lines.csv", [("Anna", "one.wav", 1), ("Bert", "two.wav", 30)])

    def animate():
        report = api.animate_scene(from_table(str(table)))
        assert not report.failed, report.table()
        return [line.cached for line in report.lines]

    assert animate() == [False, False] and animate() == [True, True]
    for path in cache.files(Path(settings.current().cache_folder)):
        damaged(path, damage)
    assert animate() == [False, False] and animate() == [True, True]


def test_what_the_engine_finds_damaged(fake, voice):
    fake("lost")
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(characters.face_mesh(), voice)
    assert (
        str(error.value)
        == "The stored motion of 'line.wav' is damaged: press Generate talking animation again."
    )


def test_motion_of_a_newer_version(fake, voice):
    mesh = characters.face_mesh()
    api.generate(mesh, voice, keep_motion=False)
    path = Path(api.motion_file(mesh))
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, "version": np.int64(99)})
    with pytest.raises(TalkingAnimationError, match="The stored motion of 'Face' was made by a newer"):
        api.apply_dials(mesh)
