"""What add-on and engine say to each other: every message to a line and back, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from waiting import HUNG

from inference.errors import EngineError
from inference.face.messages import (
    PROTOCOL,
    REQUESTS,
    AnimateOptions,
    AnimateRequest,
    AnimationResult,
    Answer,
    Capabilities,
    CapabilitiesRequest,
    CaptureRequest,
    CaptureState,
    Failure,
    LandmarksRequest,
    LandmarksResult,
    LiveRequest,
    LiveResult,
    MixRequest,
    PersonalizeRequest,
    PersonResult,
    PictureRequest,
    PictureResult,
    PortraitRequest,
    PortraitResult,
    Progress,
    PublishedFileState,
    PublishedRequest,
    PublishedResult,
    PublishedSettings,
    PublishedState,
    Request,
    RetargetRequest,
    RetargetResult,
    ShippedStyle,
    StyleRequest,
    StyleResult,
    answer_of,
    request_of,
)

STATE = PublishedState(
    name="makeittalk",
    available=False,
    reason="Files are missing.",
    folder="/f",
    files=(PublishedFileState("emb.pickle", "embeddings", False, True),),
    speakers=("anna",),
    licence="CC BY-NC 4.0",
    licence_accepted=False,
)
OPTIONS = AnimateOptions(
    fps=None,
    style="calm:0.3,lively:0.7",
    speaker="/persons",
    pose="still",
    seed=-3,
    backend="torch",
    device="cpu",
    source_name="line.mp3",
    model="makeittalk",
    published=PublishedSettings("/f", "anna", 1.0, 0.0, 5.0, 0.5, True),
)
REQUESTED: tuple[tuple[Request, Answer], ...] = (
    (
        CapabilitiesRequest(),
        Capabilities(
            PROTOCOL,
            "0.1.0",
            ("numpy", "torch"),
            ("cpu",),
            ("content",),
            STATE,
            CaptureState(True, None),
            (ShippedStyle("calm", "Calm", "Little moves"),),
            "3.11.2",
            "1.24.2",
        ),
    ),
    (
        AnimateRequest("/声.wav", "/o.npz", OPTIONS),
        AnimationResult("/o.npz", 250, 25.0, 9.97, ("It is loud.",)),
    ),
    (RetargetRequest("/a.npz", "/s.npz", "/o.npz"), RetargetResult("/o.npz", 250, 0.02, 0.01)),
    (LandmarksRequest("/p.npz", "/o.npz"), LandmarksResult("/o.npz")),
    (CaptureRequest("/v.mp4", "/o.npz", 24.0, False), AnimationResult("/o.npz", 75, 24.0, 3.0)),
    (MixRequest("/a.npz", "/b.npz", "/o.npz", 30.0, "hold"), AnimationResult("/o.npz", 75, 30.0, 3.0)),
    (StyleRequest("/v.mp4", "/o.json", "Ann", "/v.wav"), StyleResult("/o.json", "Ann", ("calm", "lively"))),
    (PersonalizeRequest(("/v.mp4", "/w.mp4"), "/o.npz", "Ann"), PersonResult("/o.npz", "Ann", 31.5)),
    (
        PictureRequest(
            "/p.npy", "/o.npz", "她.jpg", (1.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), "3", "drawing"
        ),
        PictureResult(("/o.npz", "/o_2.npz"), 3, "drawing", ("It is small.",)),
    ),
    (
        PortraitRequest("fox", "/o.mp4", "/v.wav", "/a.npz", 640, 30.0, "face", still=True, faces="2"),
        PortraitResult("/o.mp4", 250, 30.0, 8.33, 640, 480, ("It is small.",)),
    ),
    (
        LiveRequest("préview", "samples", samples="AAAAAA==", block=0.1, last=True, output="/heard.wav"),
        LiveResult(12, 50.0, "AAAA", 0.3, 2, ended=True, output="/heard.wav", warnings=("It is quiet.",)),
    ),
    (PublishedRequest("/f", True), PublishedResult(STATE)),
)
ANSWERS: tuple[tuple[Request | None, Answer], ...] = (
    *REQUESTED,
    (None, Progress(0.25, "Listening")),
    (None, Failure("bad_audio", "It is no sound: choose another file.")),
    (None, REQUESTED[0][1]),
)


def over_the_line(message: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(json.dumps(message, ensure_ascii=False))
    return told


def refusal(message: dict[str, Any]) -> str:
    with pytest.raises(EngineError) as caught:
        request_of(message)
    assert caught.value.code == "bad_request"
    assert "\n" not in caught.value.message
    return caught.value.message


def test_every_command_is_tried() -> None:
    assert {request.command for request, _ in REQUESTED} == set(REQUESTS)


@pytest.mark.parametrize("request_", [request for request, _ in REQUESTED], ids=lambda one: one.command)
def test_a_request_survives_the_line(request_: Request) -> None:
    message = request_.as_message(7)
    assert (message["id"], message["command"]) == (7, request_.command)
    assert over_the_line(message) == message  # lists, not tuples; nothing that JSON has no word for
    assert request_of(message) == request_


@pytest.mark.parametrize("request_", [request for request, _ in REQUESTED], ids=lambda one: one.command)
def test_what_a_request_may_leave_out(request_: Request) -> None:
    needed = [
        part.name for part in fields(request_) if part.default is MISSING and part.default_factory is MISSING
    ]
    message = {name: value for name, value in request_.as_message().items() if name in needed}
    read = request_of({"command": request_.command, **message})
    assert read == type(request_)(**{name: getattr(request_, name) for name in needed})
    paths = [part.name for part in fields(request_) if part.name in needed and "FilePath" in str(part.type)]
    for name in needed:
        wrongs: tuple[dict[str, Any], ...] = ({name: None}, {name: ""}, {name: 3}, {name: []}, {name: {}})
        for wrong in ({}, *(wrongs if name in paths else ())):
            kept = {key: value for key, value in message.items() if key != name}
            told = refusal({"command": request_.command, **kept, **wrong})
            assert told == f"The request names no {name}: update the add-on."


@pytest.mark.parametrize(("request_", "answer"), ANSWERS, ids=lambda one: type(one).__name__)
def test_an_answer_survives_the_line(request_: Request | None, answer: Answer) -> None:
    message = answer.as_message()
    assert message["type"] == answer.type and "id" not in message
    assert over_the_line(message) == message
    assert answer_of({**message, "id": 7}, request_) == answer


def test_the_fields_that_stand_in_the_line_itself() -> None:
    message = AnimateRequest("/a.wav", "/o.npz").as_message(1)
    assert {"audio", "output", "fps", "style", "seed", "model"} <= set(message) and "options" not in message
    assert message["published"]["amp_lip_x"] == 2.0
    told = PublishedResult(STATE).as_message()
    assert told["files"][0]["found"] is True and told["warnings"] == [] and "state" not in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fps": "25"}, "The frame rate must be a number, not '25'."),
        ({"fps": True}, "The frame rate must be a number, not True."),
        ({"fps": 0}, "The frame rate must be 1 to 1000, not 0.0."),
        ({"fps": 1000.5}, "The frame rate must be 1 to 1000, not 1000.5."),
        ({"fps": float("nan")}, "The frame rate must be 1 to 1000, not nan."),
        ({"fps": float("inf")}, "The frame rate must be 1 to 1000, not inf."),
        ({"fps": 10**400}, "The frame rate must be a number"),
        ({"seed": False}, "The seed must be a whole number, not False."),
        ({"seed": 1.5}, "The seed must be a whole number, not 1.5."),
        ({"seed": float("nan")}, "The seed must be a whole number, not nan."),
        ({"seed": float("inf")}, "The seed must be a whole number, not inf."),
        ({"seed": None}, "The seed must be a whole number, not None."),
        ({"style": None}, "The style must be a text, not None."),
        ({"style": ["calm"]}, "The style must be a text, not ['calm']."),
        ({"speaker": 3}, "The speaker must be a text, not 3."),
        ({"pose": "dancing"}, "The pose must be one of generated, replayed, still, not 'dancing'."),
        ({"pose": {}}, "The pose must be a text, not {}."),
        ({"channel": "left"}, "The channel must be auto, mix or a number from 1, not 'left'."),
        ({"channel": "0"}, "The channel must be auto, mix or a number from 1, not '0'."),
        ({"channel": "01"}, "The channel must be auto, mix or a number from 1, not '01'."),
        ({"channel": ""}, "The channel must be auto, mix or a number from 1, not ''."),
        ({"channel": 2}, "The channel must be a text, not 2."),
        ({"voice_in_file": "5"}, "The speaker in the file must be all or a number from 1 to 4, not '5'."),
        ({"voice_in_file": "³"}, "The speaker in the file must be all or a number from 1 to 4, not '³'."),
        (
            {"model": "gpt"},
            "The model must be one of content, makeittalk, animateportrait, style_avatar, not 'gpt'.",
        ),
        ({"published": None}, "The published must be an object, not None."),
        ({"published": {"amp_pos": "1"}}, "The amp_pos must be a number, not '1'."),
        ({"published": {"closure": 1.1}}, "The closure must be 0 to 1, not 1.1."),
        ({"published": {"accept_licence": 1}}, "The accept_licence must be true or false, not 1."),
        ({"published": {"folder": 3}}, "The request names no folder"),
    ],
)
def test_values_of_the_wrong_kind_or_out_of_range(wrong: dict[str, Any], words: str) -> None:
    assert refusal({"command": "animate", "audio": "a", "output": "o", **wrong}).startswith(words)


def test_channels_and_voices_are_words_or_numbers() -> None:
    for channel in ("auto", "mix", "1", "128"):
        assert AnimateOptions(channel=channel).channel == channel
    for voice in ("all", "1", "4"):
        assert AnimateOptions(voice_in_file=voice).voice_in_file == voice
    older = request_of({"command": "animate", "audio": "a", "output": "o"})
    assert isinstance(older, AnimateRequest)
    assert (older.options.channel, older.options.voice_in_file) == ("auto", "all")


@pytest.mark.parametrize("clips", [None, [], "a.mp4", ["a.mp4", 3], ["a.mp4", ""], {"a.mp4": 1}, 3])
def test_clips_are_a_list_of_paths(clips: Any) -> None:
    assert "names no clips" in refusal({"command": "personalize", "output": "o", "clips": clips})


@pytest.mark.parametrize("command", [None, 3, "dance", "", ["mix"], {}])
def test_an_unknown_command(command: Any) -> None:
    assert refusal({"command": command}) == f"The engine has no command {command!r}: update it."
    assert refusal({}) == "The engine has no command None: update it."


def test_what_a_newer_side_adds_is_passed_over() -> None:
    asked = {"command": "mix", "lips": "a", "head": "b", "output": "o", "tempo": 2, "options": {"fps": 3}}
    assert request_of(asked) == MixRequest("a", "b", "o")
    newer = {"type": "result", "id": 1, "output": "o", "warnings": [], "size": 3, "state": {}}
    assert answer_of(newer, LandmarksRequest("p", "o")) == LandmarksResult("o")
    known = REQUESTED[0][1].as_message()
    known["capture"]["colour"] = known["styles"][0]["mood"] = "new"
    assert answer_of(known) == REQUESTED[0][1]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": "poem"},
        {"type": "result", "output": "o"},
        {"type": ["result"]},
        {"type": "progress", "fraction": "x", "stage": "y"},
        {"type": "progress", "fraction": 0.5},
        {**REQUESTED[0][1].as_message(), "protocol": PROTOCOL + 1},
        {"type": "capabilities", "protocol": PROTOCOL + 1},
    ],
)
def test_an_answer_of_another_engine(message: dict[str, Any]) -> None:
    with pytest.raises(EngineError, match="do not fit together") as caught:
        answer_of(message)
    assert caught.value.code == "bad_answer"


@pytest.mark.parametrize(("whole", "broken"), [("24", "24.0"), ("1", "1.0"), ("1000", "1e3")])
def test_how_a_number_is_written_does_not_matter(whole: str, broken: str) -> None:
    line = '{"command": "animate", "audio": "a", "output": "o", "fps": %s, "seed": %s}'
    requests = [request_of(json.loads(line % (text, text))) for text in (whole, broken)]
    assert requests[0] == requests[1]
    assert isinstance(requests[0], AnimateRequest)
    options = requests[0].options
    assert (type(options.fps), type(options.seed)) == (float, int)
    assert len({json.dumps(request.as_message()) for request in requests}) == 1


def test_numbers_of_numpy_and_very_large_ones() -> None:
    numpy = pytest.importorskip("numpy")
    options = AnimateOptions(fps=numpy.float32(24), seed=numpy.int64(3))
    assert (type(options.fps), type(options.seed)) == (float, int) and options == AnimateOptions(24.0, seed=3)
    assert AnimateOptions(seed=10**30).seed == 10**30


def test_a_message_is_checked_whoever_makes_it() -> None:
    with pytest.raises(EngineError, match="frame rate"):
        AnimateOptions(fps=0)
    with pytest.raises(EngineError, match="names no video"):
        CaptureRequest("", "o.npz")
    with pytest.raises(EngineError, match="amp_pos"):
        PublishedSettings(amp_pos=float("nan"))


def test_an_empty_path_that_may_be_missing_is_none() -> None:
    assert request_of({"command": "published", "folder": ""}) == PublishedRequest()


def test_it_needs_nothing_but_python_and_goes_by_any_package_name(root: Path) -> None:
    """`-S -I` hides every installed package; the add-on has the same files under a name of its own."""
    program = (
        "import sys, types\n"
        "contract = sys.modules['contract'] = types.ModuleType('contract')\n"
        f"contract.__path__ = [{str(root / 'inference' / 'face')!r}]\n"
        "from contract.messages import MixRequest, request_of\n"
        "asked = MixRequest('a', 'b', 'o', fps=24)\n"
        "assert request_of(asked.as_message(1)) == asked\n"
        "assert not [name for name in sys.modules if name.startswith('inference')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", program], capture_output=True, text=True, timeout=HUNG, check=False
    )
    assert done.returncode == 0, done.stderr
