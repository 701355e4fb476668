"""No option is passed over in silence: one that does nothing without another says so."""

from __future__ import annotations

import pytest

from blender_addon.command_line import arguments, recording
from blender_addon.errors import TalkingAnimationError

LINE = ["--audio", "line.wav"]
FILMED = ["--video", "clip.mp4"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([*LINE, "--face", "2"], "--face needs --picture "),
        ([*LINE, "--face=largest"], "--face needs --picture "),  # what it is anyhow is asked for as well
        ([*LINE, "--picture-kind", "photo"], "--picture-kind needs --picture "),
        ([*LINE, "--glasses", "no", "--link-picture", "--face", "1"], "--face, --glasses and --link-picture need --picture "),
        (["--scene", "--keep-camera"], "--keep-camera needs --picture "),
        ([*LINE, "--head-from", "video"], "--head-from needs --video "),
        ([*LINE, "--accept-licence"], "--accept-licence needs --model makeittalk or animateportrait or style_avatar "),
        ([*LINE, "--published-sp", "anne"], "--published-speaker needs --model makeittalk or animateportrait "),
        ([*LINE, "--published-letters", "l.npy", "--published-style", "s.npy"], "need --model style_avatar "),
        ([*LINE, "--model", "style_avatar", "--published-speaker", "anne"], "--published-speaker needs --model makeittalk"),
        ([*FILMED, "--style", "calm"], "--style needs --lips-from voice or --head-from voice"),
        ([*FILMED, "--seed", "3", "--pose", "still"], "--pose and --take need --lips-from voice"),
        ([*LINE, "--tolerance", "0.05"], "--tolerance needs --keys linear or --keys bezier "),
        ([*LINE, "--keys", "linear", "--hold", "2"], "--hold needs --keys stepped "),
        ([*LINE, "--bake-with", "automatic"], "--bake-with needs --bake or --lines "),
        (["--scene", "--bake-preview"], "--bake-preview needs --bake or --lines "),
        ([*LINE, "--no-idle", "--json", "x.json"], "--json and --no-idle need --scene or --lines "),
    ],
)  # fmt: skip
def test_what_does_nothing_alone_is_told(given: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    assert recording.command(given) == 2
    told = capsys.readouterr().err
    assert says in told and told.count("\n") == 1 and "Traceback" not in told


@pytest.mark.parametrize(
    "given",
    [
        [*LINE, "--picture", "cartoon", "--face", "2", "--picture-kind", "drawing", "--keep-camera"],
        [*FILMED, "--head-from", "voice", "--style", "calm", "--pose", "still"],
        [*FILMED, *LINE, "--lips-from", "voice", "--take", "2"],
        [*LINE, "--model", "makeittalk", "--accept-licence"],
        [*LINE, "--model", "style_avatar", "--published-folder", "f", "--published-style", "s.npy:2"],
        [*LINE, "--model", "animateportrait", "--accept-licence", "--published-folder", "here", "--published-sp", "anne"],
        [*LINE, "--model", "style_avatar", "--published-l", "x.npy", "--published-st", "x.npy:3", "--accept-licence"],
        ["--lines", "t.csv", "--bake-with", "blender", "--bake-preview"],
        [*LINE, "--bake", "x.mp4", "--bake-with", "cartoon"],
        [*LINE, "--bake", "x.mp4", "--bake-with", "look.npz"],
        [*LINE, "--keys", "bezier", "--tolerance", "0.05"],
        [*LINE, "--keys", "stepped", "--hold", "3"],
        ["--scene", "--listening", "1", "--json", "x.json"],
        [*LINE, "--picture", "cartoon", "--bake", "x.mp4", "--bake-preview"],
    ],
)  # fmt: skip
def test_what_it_needs_is_enough(given: list[str]):
    parsed = recording.parser().parse_args(given)
    assert parsed.lips == 1.0 and parsed.placement == "nla"  # the rest is as usual


def test_every_option_that_says_with_needs_what_it_names():
    needing = {name for names, _, _ in arguments._NEEDS for name in names}
    for name, settings in arguments._OPTIONS:
        if str(settings["help"]).startswith("with --"):
            assert name.lstrip("-").replace("-", "_") in needing, name


def test_a_parser_is_as_good_the_second_time():
    parser = recording.parser()
    with pytest.raises(TalkingAnimationError):
        parser.parse_args([*LINE, "--face", "1"])
    assert parser.parse_args(LINE).face == "largest"
