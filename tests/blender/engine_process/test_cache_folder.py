"""Where motion is kept: the folder that was chosen, another for this run, or a temporary one with a warning."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import bpy
import characters
import pytest
import scenes
from versions import ends

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.contract import FaceAnimation, result_files
from blender_addon.engine_process import cache
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import settings
from blender_addon.inputs.scene_script.lines import from_table


@pytest.fixture(autouse=True)
def a_temporary_folder_of_the_test(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(cache, "_stand_in", None)
    yield
    api.use_cache_folder(None)


def a_file(path):
    path.write_bytes(b"x")
    return path


def occupied(tmp_path, monkeypatch):
    return str(a_file(tmp_path / "a file"))


def below_a_file(tmp_path, monkeypatch):
    return str(a_file(tmp_path / "a file") / "cache")


def not_for_files(tmp_path, monkeypatch):
    if not Path("/proc/self").is_dir():
        pytest.skip("no such file system")
    return "/proc/self"


def full_disk(tmp_path, monkeypatch):
    usual = tempfile.TemporaryFile

    def full(*arguments, **keywords):
        if str(keywords.get("dir", "")).endswith("full"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(*arguments, **keywords)

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    return str(tmp_path / "full")


def no_home(tmp_path, monkeypatch):
    monkeypatch.setattr(bpy.utils, "user_resource", lambda *_, **__: "")
    return ""


@pytest.fixture(params=[occupied, below_a_file, not_for_files, full_disk, no_home])
def unwritable(request, tmp_path, monkeypatch):
    chosen = request.param(tmp_path, monkeypatch)
    settings.fallback.cache_folder = chosen
    return chosen


@ends
def test_a_line_is_made_all_the_same(fake, voice, tmp_path, unwritable):
    mesh = characters.face_mesh()
    report = api.generate(mesh, voice, start_frame=1)
    warnings = [text for text in report.warnings if "cache folder" in text]
    assert len(warnings) == 1 and "temporary folder" in warnings[0] and warnings[0].endswith(".")
    assert Path(api.motion_file(mesh)).is_relative_to(tmp_path / "temporary")
    assert api.apply_dials(mesh, api.Dials(lips=0.5)) > 0
    assert api.generate(mesh, voice, start_frame=1).curves, "from the same temporary folder"


@ends
def test_a_scene_is_made_all_the_same(fake, voice, tmp_path, unwritable):
    scenes.cast("Alice", "Bob")
    rows = [("Alice", voice, 1), ("Bob", voice, 60)]
    report = api.animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))))
    assert not report.failed and len([text for text in report.warnings if "cache folder" in text]) == 1


def test_no_room_for_anything(fake, voice, tmp_path, monkeypatch):
    settings.fallback.cache_folder = str(a_file(tmp_path / "a file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(TalkingAnimationError, match="no room for temporary files"):
        api.generate(characters.face_mesh(), voice)
    assert not bpy.data.actions


def test_a_folder_for_this_run(fake, voice, tmp_path):
    mesh = characters.face_mesh()
    usual = settings.current().cache_folder
    api.use_cache_folder(tmp_path / "other")
    report = api.generate(mesh, voice, start_frame=1)
    assert not report.warnings or "cache" not in report.warnings[0]
    assert Path(api.motion_file(mesh)).parent == tmp_path / "other"
    api.use_cache_folder(None)
    assert settings.current().cache_folder == usual == settings.fallback.cache_folder


def test_the_command_line(fake, voice, tmp_path, monkeypatch):
    mesh = characters.face_mesh()
    monkeypatch.chdir(tmp_path)
    usual = settings.current().cache_folder
    assert recording.command(["--audio", str(voice), "--cache", "of this run"]) == 0
    assert Path(api.motion_file(mesh)).parent == tmp_path / "of this run"
    assert settings.current().cache_folder == usual


@pytest.fixture
def becomes_full(tmp_path, monkeypatch):
    """Fills the disk of a folder: what is written there from then on is half there when the room ends."""

    def fill(folder):
        copied, saved = cache.shutil.copyfile, FaceAnimation.save

        def copyfile(source, target):
            if Path(target).is_relative_to(folder):
                Path(target).write_bytes(b"half")
                raise OSError(errno.ENOSPC, "No space left on device")
            return copied(source, target)

        def save(motion, path, level=1):
            if path.is_relative_to(folder):
                error = OSError(errno.ENOSPC, "No space left on device")
                raise result_files.unwritable(path, error) from error
            saved(motion, path, level)

        monkeypatch.setattr(cache.shutil, "copyfile", copyfile)
        monkeypatch.setattr(FaceAnimation, "save", save)

    return fill


def test_motion_is_kept_whole_or_not_at_all(tmp_path, becomes_full):
    store = tmp_path / "store"
    store.mkdir()
    made = a_file(tmp_path / "motion.npz")
    kept = cache.keep(made, store / "0.npz")
    assert kept.path == store / "0.npz" and not kept.warning
    assert [each.name for each in store.iterdir()] == ["0.npz"] and not made.exists()
    made = a_file(tmp_path / "motion.npz")
    becomes_full(tmp_path)
    with pytest.raises(TalkingAnimationError, match="No space left on device"):
        cache.keep(made, store / "1.npz")
    assert [each.name for each in store.iterdir()] == ["0.npz"] and made.exists()
    assert all(path.name == "in_use" for path in (tmp_path / "temporary").rglob("*") if path.is_file())


def told_of_room(warnings):
    told = [text for text in warnings if "cache folder" in text]
    assert len(told) == 1 and "temporary folder" in told[0] and told[0].endswith("."), warnings


def test_a_disk_that_becomes_full_meanwhile_costs_no_line(fake, voice, tmp_path, becomes_full):
    mesh = characters.face_mesh()
    settings.fallback.cache_folder = str(tmp_path / "cache")
    becomes_full(tmp_path / "cache")
    told_of_room(api.generate(mesh, voice, start_frame=1).warnings)
    assert Path(api.motion_file(mesh)).is_relative_to(tmp_path / "temporary")
    assert api.apply_dials(mesh, api.Dials(lips=0.5)) > 0
    assert not list((tmp_path / "cache").iterdir())


def test_a_disk_that_becomes_full_meanwhile_costs_no_scene(fake, voice, tmp_path, monkeypatch, becomes_full):
    """After the first of the lines nothing more was kept, and the others' lines were lost."""
    settings.fallback.cache_folder = str(tmp_path / "cache")
    scenes.cast("Alice", "Bob")
    kept, asked = cache.keep, []

    def keep(made, path):
        if len(asked) == 1:
            becomes_full(tmp_path / "cache")
        asked.append(path)
        return kept(made, path)

    monkeypatch.setattr(cache, "keep", keep)
    rows = [("Alice", voice, 1), ("Bob", voice, 60), ("Alice", voice, 120)]
    report = api.animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))))
    assert not report.failed and len(report.characters) == 2
    told_of_room(report.warnings)
    assert len(asked) == len(set(asked)), "nothing is made twice"
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_file_that_cannot_be_deleted_keeps_no_other(tmp_path):
    for digit in "02":
        a_file(tmp_path / f"{digit * 40}.npz")
    (tmp_path / f"{'1' * 40}.npz").mkdir()
    (tmp_path / f"{'3' * 40}.npz").symlink_to(tmp_path / "gone")
    assert cache.size(tmp_path) >= 2, "a link to nothing has no size"
    assert cache.clear(tmp_path) == 3 and [path.name[0] for path in cache.files(tmp_path)] == ["1"]
