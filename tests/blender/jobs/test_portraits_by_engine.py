"""Who draws the video: the engine where it can and would draw the same, else Blender."""

from __future__ import annotations

from fractions import Fraction

import bpy
import numpy as np
import picture_characters
import pytest
from avi import write_avi
from versions import ends

from blender_addon import api
from blender_addon.characters.pictures import PictureOrigin, origin_of
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces.from_picture import appearance, looks
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.jobs.picture import identity
from blender_addon.jobs.portrait import by_engine
from blender_addon.jobs.portrait.options import PortraitOptions
from blender_addon.keys import actions

pytestmark = pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound")


def talking(voice, picture=None, start=1):
    bpy.context.scene.render.fps = 2
    root = picture_characters.add(picture or picture_characters.contract_picture())[0]
    api.generate(root, str(voice), start_frame=start)
    return root


def mouth_curve(root):
    key = picture_characters.face_of(root).data.shape_keys
    action = actions.own_actions(key)[0]
    return next(
        curve
        for (path, _), curve in animation_data.curve_set(action, key).by_path().items()
        if "jawOpen" in path
    )


@ends
def test_the_engine_draws_what_was_generated_and_blender_what_was_changed(fake, voice, tmp_path):
    fake("drawing")
    root = talking(voice)
    path = tmp_path / "said.mp4"
    report = api.bake_portrait(root, path)
    assert report.renderer == "ENGINE" and report.warnings == ["Drawn by a double, warp."]
    assert path.read_text() == f"{report.frames} frames" and report.size == (96, 128)
    report = api.bake_portrait(root, path, renderer="REFINED")
    assert report.renderer == "REFINED" and report.warnings == ["Drawn by a double, refined."]
    own = tmp_path / "Ada.npz"
    own.touch()
    report = api.bake_portrait(root, path, renderer="PERSONAL", personal=str(own))
    assert report.renderer == "PERSONAL" and report.warnings == [f"Drawn by a double, {own}."]
    # A key that a hand has moved is not lost: Blender draws it, and the engine refuses.
    curve = mouth_curve(root)
    curve.keyframe_points[len(curve.keyframe_points) // 2].co[1] += 0.3
    curve.update()
    for renderer in ("ENGINE", "REFINED"):
        with pytest.raises(
            TalkingAnimationError, match="since the keys were changed by hand: let Blender draw"
        ):
            api.bake_portrait(root, path, renderer=renderer)
    report = api.bake_portrait(root, path, preview=True)
    assert report.renderer == "BLENDER"


def test_a_line_before_frame_0_is_drawn_by_the_engine_alone(fake, voice, tmp_path):
    fake("drawing")
    root = talking(voice, start=-100)
    report = api.bake_portrait(root, tmp_path / "said.mp4", renderer="ENGINE")
    assert (report.renderer, report.first) == ("ENGINE", -100)
    assert api.bake_portrait(root, tmp_path / "said.mp4").renderer == "ENGINE"
    there = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(TalkingAnimationError, match="begins to talk at frame -100, and Blender renders from"):
        api.bake_portrait(root, tmp_path / "other.mp4", renderer="BLENDER")
    assert sorted(path.name for path in tmp_path.iterdir()) == there


@ends
def test_drawn_looks_are_drawn_of_the_photo_and_a_look_that_is_worn_by_blender(
    fake, voice, tmp_path, monkeypatch
):
    fake("drawing")
    root = talking(voice)
    path = tmp_path / "said.mp4"
    report = api.bake_portrait(root, path, renderer="CARTOON")
    assert report.renderer == "CARTOON" and report.warnings == ["Drawn by a double, cartoon."]
    photo = looks.photo_of(root)
    drawn = photo.copy()
    material = next(one for one in looks.mesh_of(root).data.materials if one.node_tree)
    node = next(node for node in material.node_tree.nodes if node.type == "TEX_IMAGE")
    material[appearance.PHOTO], node.image, root[looks.LOOK] = photo, drawn, "drawing"
    asked = []
    monkeypatch.setattr(
        by_engine.pictures,
        "read",
        lambda image, read=by_engine.pictures.read: asked.append(image) or read(image),
    )
    assert api.bake_portrait(root, path, renderer="DRAWING").renderer == "DRAWING" and asked == [photo]
    assert api.bake_portrait(root, path, preview=True).renderer == "BLENDER"
    for renderer in ("ENGINE", "REFINED"):
        with pytest.raises(
            TalkingAnimationError, match="since it wears a drawn look in Blender: let Blender"
        ):
            api.bake_portrait(root, path, renderer=renderer)


@pytest.fixture
def film(fake, voice, tmp_path):
    """A character that was made of a film, and the film."""
    fake("drawing")
    bpy.context.scene.render.fps = 2
    shades = np.random.RandomState(3).randint(90, 256, (2, 80, 60, 3)).astype(np.uint8)
    path = write_avi(tmp_path / "ada.avi", shades, Fraction(5))
    made = api.make_picture_talk(str(path))
    assert "'ada.avi' is a film: its first picture was taken" in made.warnings[0]
    api.generate(made.roots[0], str(voice), start_frame=1)
    return made.roots[0], path


@ends
def test_a_film_goes_on_in_the_video(film, tmp_path):
    root, path = film
    said = tmp_path / "said.mp4"
    for options, told in (
        ({}, "warp. A film, replayed."),
        ({"film_pose": "GENERATED"}, "warp. A film, generated."),
        ({"view": "FACE", "renderer": "REFINED"}, "refined. A film, replayed. The face."),
    ):
        assert api.bake_portrait(root, said, **options).warnings == [f"Drawn by a double, {told}"]
    drawn, look = api.bake_portrait(root, said, renderer="CARTOON").warnings
    assert "the video shows the first one of ada.avi" in drawn and look == "Drawn by a double, cartoon."
    shown = api.bake_portrait(root, said, renderer="BLENDER", preview=True).warnings
    assert "The video shows the first picture of ada.avi: only the full engine lets the film go on." in shown
    path.unlink()
    gone, drawn = api.bake_portrait(root, said).warnings
    assert "ada.avi is no longer there" in gone and drawn == "Drawn by a double, warp."


def test_a_head_alone_is_the_engines_to_draw(fake, voice, tmp_path):
    fake("drawing")
    root = talking(voice)
    said = tmp_path / "said.mp4"
    assert api.bake_portrait(root, said, view="FACE").warnings == ["Drawn by a double, warp. The face."]
    for options, told in (
        ({"view": "FACE", "renderer": "BLENDER"}, "Blender draws the whole picture"),
        ({"view": "HEAD"}, "The view is 'FULL' or 'FACE', not 'HEAD'"),
        ({"film_pose": "STILL"}, "The head of a film is 'REPLAYED' or 'GENERATED', not 'STILL'"),
    ):
        with pytest.raises(TalkingAnimationError, match=told):
            api.bake_portrait(root, said, **options)
    fake("not drawing")
    with pytest.raises(TalkingAnimationError, match="Only the full engine draws videos"):
        api.bake_portrait(root, said, view="FACE")


@ends
def test_blender_draws_where_the_engine_turns_out_to_be_unable(fake, voice, tmp_path):
    fake("not drawing")
    root = talking(voice)
    report = api.bake_portrait(root, tmp_path / "said.mp4", preview=True)
    assert report.renderer == "BLENDER" and (tmp_path / "said preview.mp4").is_file()
    for renderer in ("ENGINE", "REFINED"):
        with pytest.raises(TalkingAnimationError, match="Only the full engine draws videos"):
            api.bake_portrait(root, tmp_path / "said.mp4", renderer=renderer)


def test_a_lines_renderer_and_view_go_together():
    """Neither is judged beside what the other was before."""
    head = PortraitOptions(view="FACE")
    assert head.drawn_with("blender", "", "full") == PortraitOptions(renderer="BLENDER")
    whole = PortraitOptions(renderer="BLENDER")
    assert whole.drawn_with("engine", "generated", "face") == PortraitOptions(
        renderer="ENGINE", film_pose="GENERATED", view="FACE"
    )
    assert whole.drawn_with("", "", "") == whole
    with pytest.raises(TalkingAnimationError, match="Blender draws the whole picture"):
        head.drawn_with("blender", "", "")


def test_what_the_engine_would_draw_otherwise(fake, voice, tmp_path):
    fake("drawing")
    root = talking(voice, picture_characters.noise(61, 81))
    for options, said in (
        ({}, "makes a size odd"),
        ({"frames": (2, 3)}, "one recording only, from its begin"),
    ):
        with pytest.raises(TalkingAnimationError, match=said):
            api.bake_portrait(root, tmp_path / "said.mp4", renderer="ENGINE", **options)


def test_a_character_knows_where_its_face_was_shown_and_which_it_is():
    def origin(*choices):
        return PictureOrigin("a.png", "", identity("0f" * 32, *choices), 8, 8, 1.0)

    assert origin().points == () and not origin().other_face
    shown = origin((1, 2.5, 3, 4, 5, 6, 7, 8), "2")
    assert shown.points == (1, 2.5, 3, 4, 5, 6, 7, 8) and shown.other_face
    assert not origin((), "1").other_face
    assert origin_of({}) is None
