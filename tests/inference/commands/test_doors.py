"""The two doors: the command line and the worker, run as a person and as the add-on run them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recordings import tone, wav_bytes
from waiting import HUNG

from inference.cli import main
from inference.face.animation import FaceAnimation
from inference.face.messages import REQUESTS
from inference.worker import HANDLERS, Worker

ROOT = Path(__file__).resolve().parents[3]


def run_cli(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "inference", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HUNG)


def test_every_command_has_who_answers_it_and_stands_in_the_documentation() -> None:
    assert set(HANDLERS) == set(REQUESTS.values())
    protocol = (
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## The worker protocol")[2]
    )
    for command, request in REQUESTS.items():
        row = next((line for line in protocol.splitlines() if line.startswith(f"| `{command}`")), "")
        assert f"`{request.__name__}`" in row and f"`{request.answer.__name__}`" in row, command


@pytest.mark.parametrize(
    ("arguments", "proposed"),
    [
        ("animate a.wav -o .csv", "animation.csv"),
        ("mix a.npz b.npz -o .json", "animation.json"),
        ("dials a.npz -o .tsv", "animation.tsv"),
        ("capture a.mp4 -o .NPZ", "animation.npz"),
        ("capture a.mp4 --overlay .mp4", "overlay.mp4"),
        ("style a.mp4 -o .json", "style.json"),
        ("picture a.png -o .npz", "face.npz"),
        ("personalize a.mp4 -o .npz", "person.npz"),
        ("personalize a.mp4 --renderer -o ./.npz", "person.npz"),
    ],
)
def test_an_ending_alone_is_no_name(
    arguments: str, proposed: str, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    """Nothing is read before, and nothing written."""
    monkeypatch.chdir(tmp_path)
    assert main(arguments.split()) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert "has no name before" in told and told.endswith(f": give it one, such as {proposed}.")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ["animate", "{long}.wav", "-o", "x.npz"],
        ["animate", "{voice}", "-o", "x.npz", "--style", "{long}"],
        ["animate", "{voice}", "-o", "{long}.npz"],
        ["picture", "{long}.png", "-o", "x.npz"],
        ["capture", "{long}.mp4", "-o", "x.npz"],
    ],
)
def test_a_name_longer_than_the_system_takes_is_a_sentence(
    arguments: list[str], voice: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([part.format(long=150 * "éa", voice=voice) for part in arguments]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("inference: ") and told.endswith(".") and not list(tmp_path.glob("x*"))


def test_animate_writes_what_the_documentation_promises(voice: Path, tmp_path: Path) -> None:
    output = tmp_path / "out put – 声.npz"
    done = run_cli("animate", voice, "-o", output, "--fps", 24, "--seed", 5, "--style", "calm", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    animation = FaceAnimation.load(output)
    assert report["frames"] == len(animation) == int(report["duration"] * 24 + 1e-6) + 1
    assert animation.fps == 24
    assert animation.source["audio"] == voice.name
    assert (animation.source["seed"], animation.source["style"]) == (5, "calm")
    assert len(animation.source["sha256"]) == 64
    with np.load(output, allow_pickle=False) as data:
        for name in data:
            if data[name].dtype.kind == "f":
                assert np.isfinite(data[name]).all(), name


def test_the_same_request_gives_the_same_bytes(word: Path, tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        assert run_cli("animate", word, "-o", tmp_path / name).returncode == 0
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["animate", "nowhere.wav", "-o", "x.npz"], "nowhere.wav"),
        (["animate", "VOICE", "-o", "/nowhere/x.npz"], "/nowhere/x.npz"),
        (["animate", "VOICE", "-o", "OUT", "--style", "nautral"], "nautral"),
        (["animate", "VOICE", "-o", "OUT", "--fps", "0"], "frame rate"),
        (["animate", "EMPTY", "-o", "OUT"], "empty"),
    ],
)
def test_a_problem_is_one_sentence_and_a_non_zero_exit(
    voice: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    (tmp_path / "e.wav").write_bytes(b"")
    places = {"VOICE": voice, "OUT": tmp_path / "o.npz", "EMPTY": tmp_path / "e.wav"}
    done = run_cli(*[places.get(part, part) for part in arguments])
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "o.npz").exists()


WRONG_RATES = (
    "0",
    "-1",
    "nan",
    "inf",
    "1e9",
    "abc",
    "24/0",
    "0/1",
    "24/",
    "/25",
    "24:1",
    "inf/inf",
    "",
    "1/1001",
    "1,000",
)


@pytest.mark.parametrize("rate", WRONG_RATES)
@pytest.mark.parametrize(
    "command",
    [
        ["animate", "no.wav", "-o", "OUT"],
        ["capture", "no.mp4", "-o", "OUT"],
        ["mix", "no.npz", "no.npz", "-o", "OUT"],
        ["capture", "no.mp4", "-o", "OUT", "--image-fps"],
        ["prepare", "video", "no", "OUT"],
        ["evaluate", "no"],
    ],
    ids=" ".join,
)
def test_a_wrong_frame_rate_is_one_sentence(
    command: list[str], rate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "o.npz") if part == "OUT" else part for part in command]
    option = arguments.pop() if "--image-fps" in arguments else "--fps"
    assert main([*arguments, f"{option}={rate}"]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith(f"inference: The frame rate ({option}) must be") and f"not '{rate}'." in told
    assert "24000/1001" in told and len(told.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_frame_rate_as_a_fraction(word: Path, tmp_path: Path) -> None:
    for place, text in enumerate(("24000/1001", "30000/1001", " 25 / 2 ", "23,976", "1e1")):
        assert main(["animate", str(word), "-o", str(tmp_path / f"{place}.npz"), "--fps", text]) == 0
    rates = [FaceAnimation.load(tmp_path / f"{place}.npz").fps for place in range(5)]
    assert rates == [24000 / 1001, 30000 / 1001, 12.5, 23.976, 10.0]
    mixed = tmp_path / "mixed.npz"
    assert (
        main(
            ["mix", str(tmp_path / "0.npz"), str(tmp_path / "3.npz"), "-o", str(mixed), "--fps", "60000/1001"]
        )
        == 0
    )
    assert FaceAnimation.load(mixed).fps == 60000 / 1001


WAYS = ("same", "dotted", "symlink", "hard link", "link in the way")


def spelled(path: Path, way: str) -> Path:
    """The same file under another name."""
    if way == "same":
        return path
    if way == "dotted":
        (path.parent / "within").mkdir()
        return path.parent / "within" / ".." / path.name
    other = path.parent / f"other{path.suffix}"
    if way == "hard link":
        os.link(path, other)
        return other
    try:
        if way == "symlink":
            other.symlink_to(path)
            return other
        (path.parent / "folder").symlink_to(path.parent, target_is_directory=True)
    except OSError:  # Windows lets only some make links
        pytest.skip("this account cannot make links")
    return path.parent / "folder" / path.name


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("a.wav", ["animate", "IN", "-o", "OUT", "--format", "csv"]),
        ("style.json", ["animate", "nowhere.wav", "--style", "IN", "-o", "OUT"]),
        ("style.json", ["animate", "nowhere.wav", "--style", "calm:0.3,IN:.5", "-o", "OUT"]),
        ("anna.npz", ["animate", "nowhere.wav", "--speaker", "FOLDER", "-o", "OUT"]),
        ("emb.npz", ["dials", "IN", "-o", "OUT"]),
        ("a.npz", ["mix", "IN", "nowhere.npz", "-o", "OUT"]),
        ("b.npz", ["mix", "nowhere.npz", "IN", "-o", "OUT"]),
        ("clip.mp4", ["capture", "IN", "-o", "OUT"]),
        ("clip.mp4", ["capture", "IN", "--overlay", "OUT"]),
        ("frame_0001.png", ["capture", "FOLDER", "-o", "OUT"]),
        ("clip.npz", ["style", "IN", "-o", "OUT"]),
        ("a.wav", ["style", "nowhere.npz", "--audio", "IN", "-o", "OUT"]),
        ("clip.npz", ["personalize", "nowhere.mp4", "IN", "-o", "OUT"]),
        ("set.toml", ["train", "--config", "IN", "--data", "d", "--runs", "r", "--output", "OUT"]),
        ("says.txt", ["evaluate", "corpus", "--sentences", "IN", "--json", "OUT"]),
        ("peer.json", ["evaluate", "corpus", "--against", "them=IN", "--json", "OUT"]),
        ("w.npz", ["evaluate-speaker", "data", "--model", "IN", "--json", "OUT"]),
        ("a.wav", ["evaluate-pictures", "--voice", "IN", "--pictures", "nowhere.png", "--json", "OUT"]),
        ("face.png", ["evaluate-pictures", "--pictures", "IN", "--json", "OUT"]),
        ("b.wav", ["evaluate-portrait", "--pictures", "nowhere.png", "--voices", "IN", "--json", "OUT"]),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_result_never_replaces_what_it_is_made_of(
    tmp_path: Path, name: str, command: list[str], way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / name
    given.write_bytes(b"precious")
    output = spelled(given, way)
    places = {"IN": str(given), "OUT": str(output), "FOLDER": str(tmp_path)}
    arguments = [
        part.replace("IN", places["IN"]) if "IN" in part else places.get(part, part) for part in command
    ]
    assert main(arguments) == 1
    told = capsys.readouterr().err.strip()
    assert f"would replace {tmp_path}" in told and "write it to another file" in told, told
    assert len(told.splitlines()) == 1
    assert given.read_bytes() == b"precious"


def test_two_results_are_never_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").mkdir()
    both = ["-o", str(tmp_path / "a.mp4"), "--overlay", str(tmp_path / "x" / ".." / "a.mp4")]
    assert main(["capture", "nowhere.mp4", *both]) == 1
    assert "Two results" in capsys.readouterr().err


def test_what_another_result_was_called_may_be_written_again(word: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert main(["animate", str(word), "-o", str(tmp_path / "a.npz"), "--speaker", "none"]) == 0


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("animate", {"audio": "IN"}),
        ("animate", {"audio": "no.wav", "style": "IN"}),
        ("animate", {"audio": "no.wav", "model": "makeittalk", "published": {"folder": "FOLDER"}}),
        ("retarget", {"animation": "IN", "shapes": "no.npz"}),
        ("retarget", {"animation": "no.npz", "shapes": "IN"}),
        ("landmarks", {"picture": "IN"}),
        ("capture", {"video": "IN"}),
        ("mix", {"lips": "no.npz", "head": "IN"}),
        ("style", {"clip": "IN"}),
        ("personalize", {"clips": ["no.mp4", "IN"]}),
    ],
    ids=str,
)
def test_the_worker_never_replaces_what_a_result_is_made_of(
    tmp_path: Path, command: str, fields: dict[str, Any]
) -> None:
    given = tmp_path / "obama_emb.txt"
    given.write_bytes(b"precious")
    output = spelled(given, "hard link")
    text = json.dumps(fields).replace("IN", given.as_posix()).replace("FOLDER", tmp_path.as_posix())
    replies = io.StringIO()
    Worker(replies).answer(json.dumps({"command": command, "output": str(output), **json.loads(text)}))
    answer = json.loads(replies.getvalue().splitlines()[-1])
    assert (answer["type"], answer.get("code")) == ("error", "output_is_input"), answer
    assert "would replace" in answer["message"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"RIFF\0\0\0\0WAVE", "not_audio"),
        (None, "file_missing"),
        (wav_bytes(np.zeros(3), 16000), "too_short"),
        (wav_bytes(np.zeros(16000), 16000), None),
        (wav_bytes(tone(0.5, 16000), 16000)[:-4000], None),
    ],
    ids=["empty", "damaged", "missing", "short", "silent", "cut"],
)
def test_a_decoded_copy_is_told_by_the_user_s_name(
    tmp_path: Path, content: bytes | None, code: str | None
) -> None:
    copy = tmp_path / "talking_animation_x" / "decoded.wav"
    copy.parent.mkdir()
    if content is not None:
        copy.write_bytes(content)
    request = {
        "command": "animate",
        "audio": str(copy),
        "output": str(tmp_path / "o.npz"),
        "style": "natural",
    }

    def asked(name: str | None) -> tuple[dict, str]:
        replies = io.StringIO()
        Worker(replies).answer(json.dumps({**request, "source_name": name}))
        answer = json.loads(replies.getvalue().splitlines()[-1])
        assert answer.get("code") == code, answer
        return answer, answer.get("message") or answer["warnings"][0]

    for name in ("Grüße, Take 2.mp3", "not decoded.wav"):
        _, sentence = asked(name)
        assert sentence.startswith(f"{name} ")
        assert "decoded.wav" not in sentence.replace(name, "") and "talking_animation_x" not in sentence
    for own in ("decoded.wav", None):  # a recording that is read as it is keeps its folder
        assert asked(own)[1].startswith((str(copy), "decoded.wav is"))


@pytest.mark.parametrize(("command", "file"), [("landmarks", "picture"), ("retarget", "shapes")])
def test_files_that_only_the_add_on_knows_are_not_named(
    tmp_path: Path, voice: Path, command: str, file: str
) -> None:
    motion = tmp_path / "motion.npz"
    assert main(["animate", str(voice), "-o", str(motion), "--style", "natural"]) == 0
    given = tmp_path / "front_0815.npz"
    for content in (b"x", None):
        given.unlink() if content is None else given.write_bytes(content)
        replies = io.StringIO()
        request = {
            "command": command,
            "animation": str(motion),
            file: str(given),
            "output": str(tmp_path / "o.npz"),
        }
        Worker(replies).answer(json.dumps(request))
        answer = json.loads(replies.getvalue().splitlines()[-1])
        assert answer["type"] == "error" and "0815" not in answer["message"]
        assert "the character" in answer["message"] and "again" in answer["message"]


def test_a_problem_as_json(tmp_path: Path) -> None:
    done = run_cli("animate", tmp_path / "no.wav", "-o", tmp_path / "o.npz", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "file_missing"


def unwritable(folder: Path) -> Path:
    """A folder in which this process may make no file; skips where there is none.

    Permissions do not hold root back, but the kernel's own file system does, where it is there.
    """
    folder.mkdir()
    folder.chmod(0o500)
    for place in (folder, Path("/sys")):
        if not place.is_dir():
            continue
        try:
            (place / "tried").touch()
            (place / "tried").unlink()
        except OSError:
            return place
    pytest.skip("this user may write everywhere")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_read_only_folder(word: Path, tmp_path: Path) -> None:
    folder = unwritable(tmp_path / "locked")
    try:
        done = run_cli("animate", word, "-o", folder / "o.npz")
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert done.returncode == 1
    assert str(folder) in done.stderr
    assert "choose a folder" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_styles_are_listed() -> None:
    assert "natural" in run_cli("styles").stdout
    assert {style["name"] for style in json.loads(run_cli("styles", "--json").stdout)} >= {"natural", "calm"}


class WorkerProcess:
    """The worker as the add-on sees it."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            command or (sys.executable, "-m", "inference.worker"),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def read(self) -> dict:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def read_until_done(self) -> tuple[list[dict], dict]:
        """Progress messages, and the result or error that ends them."""
        progress = []
        while True:
            message = self.read()
            if message["type"] != "progress":
                return progress, message
            progress.append(message)


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    started = WorkerProcess()
    yield started
    started.process.kill()
    started.process.wait()
    for stream in (started.process.stdin, started.process.stdout, started.process.stderr):
        stream.close()  # type: ignore[union-attr]


def test_the_worker_introduces_itself(worker: WorkerProcess) -> None:
    hello = worker.read()
    assert hello["type"] == "capabilities"
    assert hello["protocol"] == 1
    assert "numpy" in hello["backends"]
    assert "cpu" in hello["devices"]
    assert {style["name"] for style in hello["styles"]} >= {"natural"}


@pytest.mark.parametrize("content", ["damaged", "short", "empty"])
def test_a_problem_with_a_copy_names_the_recording(
    worker: WorkerProcess, tmp_path: Path, content: str
) -> None:
    """The user has never seen the decoded copy, and it is gone when the sentence is read."""
    copy = tmp_path / "decoded.wav"
    whole = wav_bytes(tone(1.0, 16000), 16000)
    copy.write_bytes({"damaged": whole[:30], "short": whole[:60], "empty": b""}[content])
    worker.read()
    request = {"id": 1, "command": "animate", "audio": str(copy), "output": str(tmp_path / "o.npz")}
    worker.ask(json.dumps({**request, "source_name": "Take 3 (undecoded.wav).mp3"}))
    _, failure = worker.read_until_done()
    assert failure["message"].startswith("Take 3 (undecoded.wav).mp3 ")
    assert str(tmp_path) not in failure["message"] and " decoded.wav" not in failure["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf8(worker: WorkerProcess, word: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xff")
    Path(odd + ".wav").write_bytes(word.read_bytes())
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:strict"}
    for kind in ("npz", "json"):
        command = [sys.executable, "-m", "inference", "animate", odd + ".wav", "-o", f"{odd}.{kind}"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=HUNG, env=env)
        assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    assert json.loads(Path(odd + ".json").read_bytes())["mouthCues"]
    assert FaceAnimation.load(odd + ".npz").source["audio"] == os.path.basename(odd) + ".wav"
    worker.read()
    worker.ask(json.dumps({"id": 1, "command": "animate", "audio": odd + ".wav", "output": odd + "2.npz"}))
    assert worker.read_until_done()[1]["output"] == odd + "2.npz"
    worker.ask(json.dumps({"id": 2, "command": "animate", "audio": odd + "no", "output": odd + "2.npz"}))
    assert odd + "no" in worker.read_until_done()[1]["message"]


def test_a_warning_about_a_copy_names_the_recording(worker: WorkerProcess, tmp_path: Path) -> None:
    copy = tmp_path / "decoded.wav"
    copy.write_bytes(wav_bytes(np.zeros(16000), 16000))
    worker.read()
    request = {"id": 1, "command": "animate", "audio": str(copy), "output": str(tmp_path / "o.npz")}
    worker.ask(json.dumps({**request, "source_name": "quiet \\1.mp3"}))
    _, result = worker.read_until_done()
    assert result["warnings"] and all("quiet \\1.mp3" in text for text in result["warnings"])
    assert "decoded.wav" not in "".join(result["warnings"])


def test_the_worker_reports_progress_and_a_result(worker: WorkerProcess, voice: Path, tmp_path: Path) -> None:
    worker.read()
    request = {
        "id": 7,
        "command": "animate",
        "audio": str(voice),
        "output": str(tmp_path / "o.npz"),
        "fps": 30.0,
    }
    worker.ask(json.dumps({**request, "source_name": "line.mp3"}))
    progress, result = worker.read_until_done()
    assert result["type"] == "result"
    assert result["id"] == 7
    fractions = [message["fraction"] for message in progress]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert len({message["stage"] for message in progress}) >= 4
    animation = FaceAnimation.load(tmp_path / "o.npz")
    assert animation.fps == 30
    assert animation.source["audio"] == "line.mp3"


def test_the_worker_goes_on_after_a_problem(worker: WorkerProcess, voice: Path, tmp_path: Path) -> None:
    worker.read()
    for line, code in [
        ("no json", "bad_request"),
        ("[1]", "bad_request"),
        (json.dumps({"id": 1, "command": "dance"}), "bad_request"),
        (json.dumps({"id": 1, "command": "animate"}), "bad_request"),
        (json.dumps({"id": 1, "command": "animate", "audio": "no.wav", "output": "o.npz"}), "file_missing"),
        (
            json.dumps({"id": 1, "command": "animate", "audio": str(voice), "output": "o", "fps": "x"}),
            "bad_request",
        ),
    ]:
        worker.ask(line)
        _, message = worker.read_until_done()
        assert (message["type"], message["code"]) == ("error", code), line
    worker.ask(
        json.dumps({"id": 2, "command": "animate", "audio": str(voice), "output": str(tmp_path / "o.npz")})
    )
    assert worker.read_until_done()[1]["type"] == "result"


def test_the_worker_ends_when_its_input_closes(worker: WorkerProcess) -> None:
    worker.read()
    assert worker.process.stdin is not None
    worker.process.stdin.close()
    assert worker.process.wait(timeout=HUNG) == 0


def test_stopping_the_worker_leaves_no_half_written_file(
    worker: WorkerProcess, write_wav: Callable[..., Path], tmp_path: Path
) -> None:
    # So long that the worker cannot be done when it is stopped.
    long = write_wav(tone(600, 16000) * np.random.RandomState(0).uniform(0, 1, 600 * 16000))
    worker.read()
    worker.ask(
        json.dumps({"id": 1, "command": "animate", "audio": str(long), "output": str(tmp_path / "o.npz")})
    )
    assert worker.read()["type"] == "progress"
    worker.process.terminate()
    worker.process.wait(timeout=HUNG)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["line.wav"]


def test_a_python_without_numpy_says_what_to_install() -> None:
    """`-S -I` hides every installed package, as in a Blender whose Python has no numpy."""
    script = ROOT / "inference" / "worker.py"
    lonely = WorkerProcess(sys.executable, "-S", "-I", str(script))
    out, err = lonely.process.communicate(timeout=HUNG)
    message = json.loads(out.splitlines()[0])
    assert (message["type"], message["code"]) == ("error", "no_numpy"), err
    assert "apt-get install python3-numpy" in message["message"]


def test_damaged_audio_through_the_worker(worker: WorkerProcess, tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav_bytes(tone(1, 16000), 16000)[:30])
    worker.read()
    worker.ask(
        json.dumps({"id": 1, "command": "animate", "audio": str(path), "output": str(tmp_path / "o.npz")})
    )
    _, message = worker.read_until_done()
    assert message["code"] == "not_audio"
    assert str(path) in message["message"]


def test_ctrl_c_while_things_are_imported_is_a_sentence(tmp_path: Path) -> None:
    """It was a traceback of Python's."""
    package = tmp_path / "numpy"
    package.mkdir()
    # Not the signal itself: it is ignored below a shell that was started in the background.
    (package / "__init__.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "inference", "styles"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=HUNG,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "inference: stopped.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_whoever_takes_nothing_of_what_is_printed_gets_no_traceback(tmp_path: Path) -> None:
    for taken in ("full", "pipe"):
        if taken == "full":
            output = os.open("/dev/full", os.O_WRONLY)
        else:
            ended, output = os.pipe()
            os.close(ended)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "inference", "styles"],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
                timeout=HUNG,
                check=False,
            )
        finally:
            os.close(output)
        told = "inference: No room is left on the disk: make some.\n" if taken == "full" else ""
        assert (done.returncode, done.stderr) == (1, told)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
def test_a_pipe_as_a_recording_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It was waited for until somebody would write to it."""
    os.mkfifo(tmp_path / "line.wav")
    assert main(["animate", str(tmp_path / "line.wav"), "-o", str(tmp_path / "line.npz")]) == 1
    assert "is a device or a pipe: save the recording" in capsys.readouterr().err


def test_names_move_no_cursor(tmp_path, word, capsys):
    """What is printed of a name stays on its line and in its colour, also where a table or somebody else chose it."""
    name = "a\x1b[31m\nb\x9bc\u202e.npz"
    assert main(["animate", str(word), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).exists()
    assert main(["animate", str(tmp_path / f"{name}.wav"), "-o", str(tmp_path / "x.npz")]) == 1
    told = "".join(capsys.readouterr())
    assert told.count("a [31m b c ") == 2 and all(line.isprintable() for line in told.splitlines())
