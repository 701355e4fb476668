"""MakeItTalk from its files to a `FaceAnimation`, through both doors; random weights of the published shapes."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")
pytest.importorskip("scipy", reason="needs the full engine")

from published_files import write_all
from recordings import SAMPLE_VOICE, wav_bytes
from waiting import HUNG

from inference.cli import main
from inference.commands.capabilities import capabilities
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import mouth_opening
from inference.face.messages import PublishedSettings
from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.hearing.audio import read_recording
from inference.pipeline import Settings
from inference.published import licence
from inference.published.files import FILES, check_files, read_mean_std, read_speakers
from inference.published.pipeline import animate_makeittalk
from inference.published.state import published_state, unavailable_reason
from inference.worker import Worker

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.5 s of the sample voice, cut off in the middle of a word."""
    samples = read_recording(SAMPLE_VOICE).samples
    loud = np.convolve(samples**2, np.ones(1600), "same")
    end = 64000 + int(loud[64000:96000].argmax())
    path = tmp_path_factory.mktemp("voice") / "line.wav"
    path.write_bytes(wav_bytes(samples[end - 40000 : end], 16000))
    return path


@pytest.fixture(scope="module")
def accepted(folder: Path) -> Path:
    licence.MAKEITTALKS.accept(folder)
    return folder


def run(
    line: Path,
    folder: Path,
    fps: float | None = None,
    style: str = "natural",
    seed: int = 0,
    **options: object,
) -> FaceAnimation:
    published = PublishedSettings(folder=str(folder), **options)  # type: ignore[arg-type]
    return animate_makeittalk(line, Settings(fps=fps, style=style, seed=seed, published=published)).animation


@pytest.fixture(scope="module")
def made(line: Path, accepted: Path) -> FaceAnimation:
    return run(line, accepted, amp_lip_y=1.0, closure=0.0)


def test_every_field_is_there_and_finite(made: FaceAnimation, line: Path) -> None:
    assert made.fps == 62.5
    assert len(made) == 40000 // 256 + 1
    for name in (
        "landmarks",
        "head_rotation",
        "head_translation",
        "eye_rotation",
        "blink",
        "arkit",
        "visemes",
    ):
        values = getattr(made, name)
        assert np.isfinite(values).all(), name
        assert values.std() > 0, name
    assert made.arkit.min() >= 0 and made.arkit.max() <= 1
    assert made.cues[0][0] == 0 and made.cues[-1][1] <= 2.5
    assert made.source["model"] == "makeittalk"
    assert made.source["speaker"] == "average"
    assert made.source["audio"] == line.name
    assert made.source["licence"] == "CC BY-NC 4.0"
    assert np.linalg.norm(made.neutral[45] - made.neutral[36]) == pytest.approx(1, abs=1e-5)


def test_the_head_starts_and_ends_at_rest(made: FaceAnimation) -> None:
    for motion in (made.head_rotation, made.head_translation):
        assert np.abs(motion[[0, -1]]).max() == 0
        assert np.abs(motion).max() > 0.003


def test_the_last_288_milliseconds_move(made: FaceAnimation) -> None:
    motion = np.abs(np.diff(made.landmarks[:, 48:68], axis=0)).mean(axis=(1, 2))
    assert np.median(motion[-18:]) > 0.2 * np.median(motion[18:-18])


def test_lips_and_head_come_with_the_sound_and_not_before(
    line: Path, accepted: Path, made: FaceAnimation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.published.postprocess.LEAD_SECONDS", 0.0)
    early = run(line, accepted, amp_lip_y=1.0, closure=0.0)
    late = 11  # frames of 16 ms
    assert len(early) == len(made)
    # The registration looks at all frames, so steps are compared and not places; the head settles at both ends.
    for name, points, frames in (
        ("landmarks", slice(48, 68), slice(None)),
        ("head_rotation", slice(None), slice(30, -30)),
        ("head_translation", slice(None), slice(30, -30)),
    ):
        own, other = (np.diff(getattr(motion, name)[:, points], axis=0) for motion in (made, early))
        moved, still = own[late:][frames].ravel(), own[:-late][frames].ravel()
        published = other[:-late][frames].ravel()
        assert np.corrcoef(moved, published)[0, 1] > 0.99, name
        assert np.corrcoef(still, published)[0, 1] < 0.5, name
    steps = np.abs(np.diff(made.landmarks[:, 48:], axis=0)).max(axis=(1, 2))
    assert steps[: late + 1].max() < 2 * steps[late + 1 :].max(), "without a jump"


def test_the_lips_never_cross(made: FaceAnimation) -> None:
    for upper, lower in ((61, 67), (62, 66), (63, 65)):
        assert (made.landmarks[:, upper, 1] - made.landmarks[:, lower, 1]).min() > -1e-4


def test_another_seed_is_another_take_of_the_eyes_alone(
    line: Path, accepted: Path, made: FaceAnimation
) -> None:
    again = run(line, accepted, amp_lip_y=1.0, closure=0.0)
    assert all(
        np.array_equal(getattr(again, name), getattr(made, name))
        for name in ("landmarks", "arkit", "eye_rotation")
    )
    other = run(line, accepted, amp_lip_y=1.0, closure=0.0, seed=4)
    assert np.array_equal(other.head_rotation, made.head_rotation)
    assert np.array_equal(other.landmarks[:, 48:], made.landmarks[:, 48:])
    assert not np.array_equal(other.eye_rotation, made.eye_rotation)


def test_amplitudes_closure_and_speaker_matter(line: Path, accepted: Path, made: FaceAnimation) -> None:
    wide = run(line, accepted, amp_lip_y=3.0, amp_pos=0.0, fps=25.0, speaker="speaker-07")
    assert wide.source["speaker"] == "speaker-07"
    assert (wide.fps, len(wide)) == (25.0, 63)
    assert mouth_opening(wide.landmarks).max() > 1.3 * mouth_opening(made.landmarks).max()
    # Without the speaker-aware branch only the content branch is left to move the head.
    assert np.std(wide.head_rotation) < np.std(made.head_rotation)
    bilabial = wide.visemes[:, 1] > 0.5
    assert bilabial.any()
    parted = run(
        line, accepted, amp_lip_y=3.0, amp_pos=0.0, fps=25.0, speaker="speaker-07", closure=0.0
    ).landmarks
    assert mouth_opening(wide.landmarks)[bilabial].mean() < 0.5 * mouth_opening(parted)[bilabial].mean()


def test_nothing_of_the_users_changes(line: Path, accepted: Path) -> None:
    files = [line, *(accepted / file.name for file in FILES if (accepted / file.name).is_file())]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    listing = sorted(accepted.iterdir())
    run(line, accepted)
    assert before == [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    assert sorted(accepted.iterdir()) == listing


# Files and licence


def copy_without(folder: Path, target: Path, *left_out: str) -> Path:
    """The files again, as links, without some of them and without the licence's acceptance."""
    target.mkdir()
    for file in FILES:
        if (folder / file.name).is_file() and file.name not in left_out:
            (target / file.name).symlink_to(folder / file.name)
    return target


def test_missing_files_are_named(tmp_path: Path, line: Path, folder: Path) -> None:
    for file in FILES:
        partial = copy_without(folder, tmp_path / f"without {file.name}", file.name)
        if file.required:
            with pytest.raises(EngineError, match=file.name) as caught:
                check_files(partial)
            assert caught.value.code == "published_missing"
            assert unavailable_reason(partial) == caught.value.message
        else:
            check_files(partial)
    with pytest.raises(EngineError, match=r"emb\.pickle") as caught:
        run(line, tmp_path / "without emb.pickle", accept_licence=True)
    assert caught.value.code == "published_missing"
    with pytest.raises(EngineError, match="speaker-99"):
        run(line, tmp_path / "without STD_FACE_LANDMARKS.txt", speaker="speaker-99", accept_licence=True)


def test_without_the_standard_face_the_engines_own_stands_in(
    tmp_path: Path, line: Path, folder: Path
) -> None:
    from inference.face.landmarks import NEUTRAL_FACE

    partial = copy_without(folder, tmp_path / "faceless", "STD_FACE_LANDMARKS.txt")
    assert np.allclose(run(line, partial, accept_licence=True).neutral, NEUTRAL_FACE, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 3", "3 numbers instead of 160"),
        ("nan " * 160, "160 finite"),
        ("0 " * 160, "deviation"),
        ("one two", "no text of numbers"),
    ],
)
def test_a_damaged_table_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "MEAN_STD_AUTOVC_RETRAIN_MEL_AU.txt"
    path.write_text(text)
    with pytest.raises(EngineError, match=words):
        read_mean_std(path)


def test_the_67_speakers_are_read(folder: Path) -> None:
    speakers = read_speakers(folder / "emb.pickle")
    assert len(speakers) == 67
    assert all(values.shape == (256,) for values in speakers.values())
    assert np.linalg.norm(speakers["speaker-00"]) == pytest.approx(1, abs=1e-5)


def test_files_that_are_not_the_published_ones_are_told(
    tmp_path: Path, line: Path, accepted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.face import file_digests
    from inference.published import files

    sha256 = hashlib.sha256
    file_digests._of_files.cache_clear()
    told = files.strangers(accepted)
    named = [file.name for file in FILES if file.sha256]
    assert len(named) == 4
    for name, sentence in zip(named, told):
        digest = sha256((accepted / name).read_bytes()).hexdigest()
        assert sentence == (
            f"{accepted / name} is not the published file (its SHA-256 begins with {digest[:12]}): the result may differ."
        )
    assert len(told) == len(named)
    published = PublishedSettings(folder=str(accepted))
    result = animate_makeittalk(line, Settings(style="natural", published=published))
    assert set(told) <= set(result.warnings)
    assert file_digests._of_files.cache_info().misses == 4, "each file is read once for all recordings"

    known = tuple(
        replace(
            file, sha256=sha256((accepted / file.name).read_bytes()).hexdigest()[:12] if file.sha256 else ""
        )
        for file in FILES
    )
    monkeypatch.setattr("inference.published.files.FILES", known)
    assert files.strangers(accepted) == ()
    partial = copy_without(accepted, tmp_path / "partial", "emb.pickle", "ckpt_autovc.pth")
    (partial / "ckpt_autovc.pth").write_bytes(b"x")
    (sentence,) = files.strangers(partial)
    assert "ckpt_autovc.pth is not the published file" in sentence
    (partial / "ckpt_autovc.pth").write_bytes((accepted / "ckpt_autovc.pth").read_bytes())
    assert files.strangers(partial) == (), "a file that was replaced is read again"


def test_the_licence_comes_first_and_once(
    tmp_path: Path, line: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = copy_without(folder, tmp_path / "fresh")
    with pytest.raises(EngineError, match=r"non-commercial .* --accept-licence") as caught:
        run(line, fresh)
    assert caught.value.code == "licence"
    with pytest.raises(EngineError, match="non-commercial"):
        run(line, fresh)
    run(line, fresh, accept_licence=True)
    run(line, fresh)
    (fresh / "makeittalk-licence-accepted.json").unlink()
    monkeypatch.setenv(licence.VARIABLE, "makeittalk")
    run(line, fresh)
    assert not (fresh / "makeittalk-licence-accepted.json").exists()


def test_settings_out_of_range_are_refused() -> None:
    for wrong in ({"amp_lip_x": -1.0}, {"amp_pos": float("nan")}, {"closure": 2.0}):
        with pytest.raises(EngineError, match=next(iter(wrong))):
            PublishedSettings(**wrong)


# The doors


def test_the_command_line(
    tmp_path: Path, line: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = copy_without(folder, tmp_path / "fresh")
    command = [
        "animate",
        str(line),
        "-o",
        str(tmp_path / "o.npz"),
        "--model",
        "makeittalk",
        "--published-folder",
        str(fresh),
    ]
    assert main(command) == 1
    assert licence.MAKEITTALKS.notice in capsys.readouterr().err
    assert not (tmp_path / "o.npz").exists()
    assert (
        main([*command, "--accept-licence", "--published-speaker", "speaker-03", "--style", "natural"]) == 0
    )
    assert licence.MAKEITTALKS.notice in capsys.readouterr().err
    assert main([*command, "--amp-pos", "1", "--style", "natural"]) == 0
    told = capsys.readouterr()
    assert licence.MAKEITTALKS.notice not in told.err
    assert "average" in told.err
    assert FaceAnimation.load(tmp_path / "o.npz").source["amp_pos"] == 1.0
    assert main(["published", "--published-folder", str(fresh), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["available"] and found["licence_accepted"] and len(found["speakers"]) == 67
    assert main(["published", "--published-folder", str(tmp_path)]) == 0
    assert "missing  ckpt_autovc.pth" in capsys.readouterr().out


def answers(request: dict[str, object]) -> list[dict[str, object]]:
    replies = io.StringIO()
    Worker(replies).answer(json.dumps({"id": 1, "command": "animate", **request}))
    return [json.loads(row) for row in replies.getvalue().splitlines()]


def test_the_worker(tmp_path: Path, line: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = copy_without(folder, tmp_path / "fresh")
    request: dict[str, object] = {
        "audio": str(line),
        "output": str(tmp_path / "o.npz"),
        "model": "makeittalk",
        "style": "natural",
    }
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(fresh))
    refused = answers(request)[-1]
    assert refused["type"] == "error"
    assert refused["code"] == "licence"
    assert licence.MAKEITTALKS.notice in str(refused["message"])
    done = answers({**request, "published": {"accept_licence": True, "amp_pos": 0.25}})
    assert done[-1]["type"] == "result", done[-1]
    assert [row["fraction"] for row in done[:-1]] == sorted(row["fraction"] for row in done[:-1])
    assert FaceAnimation.load(tmp_path / "o.npz").source["amp_pos"] == 0.25
    assert answers({**request, "model": "wav2lip"})[-1]["code"] == "bad_request"
    assert answers({**request, "published": {"amp_pos": "loud"}})[-1]["code"] == "bad_request"
    can = capabilities()
    assert can.models == ("content", "makeittalk")
    assert can.published.licence_accepted


def test_the_embedded_engine_says_what_it_needs(folder: Path, line: Path) -> None:
    program = (
        "import sys\nsys.modules['torch'] = sys.modules['scipy'] = None\n"
        "from inference.published.state import published_state\n"
        f"print(published_state({str(folder)!r}).reason)\n"
        "from inference.cli import main\n"
        f"sys.exit(main(['animate', {str(line)!r}, '-o', 'x.npz', '--model', 'makeittalk', "
        f"'--published-folder', {str(folder)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HUNG
    )
    assert done.returncode == 1
    for told in (done.stdout, done.stderr):
        assert "full engine" in told
        assert len(told.strip().splitlines()) == 1


def test_an_empty_folder_is_no_model(tmp_path: Path, write_wav: Callable[..., Path]) -> None:
    state = published_state(str(tmp_path / "nowhere"))
    assert not state.available
    assert all(file.name in str(state.reason) for file in FILES if file.required)
    with pytest.raises(EngineError, match=r"ckpt_content_branch\.pth"):
        run(write_wav(np.zeros(16000)), tmp_path / "nowhere")


def test_silence_and_the_shortest_recording(accepted: Path, write_wav: Callable[..., Path]) -> None:
    for samples, frames in ((np.zeros(16000), 63), (np.full(801, 0.1), 4)):
        animation = run(write_wav(samples), accepted)
        assert len(animation) == frames
        assert np.isfinite(animation.landmarks).all()


# The package


def test_the_zip_never_holds_a_published_file(tmp_path: Path) -> None:
    from tools import package

    names = ["ckpt_autovc.pth", "emb.pickle", "makeittalk-licence-accepted.json", "weights.npz"]
    for room in ("inference", "blender_addon", "checkpoints/published"):
        (tmp_path / room).mkdir(parents=True)
    for name in names:
        (tmp_path / "checkpoints/published" / name).write_bytes(b"x")
    (tmp_path / "checkpoints/content.npz").write_bytes(b"x")
    assert list(package.contents(tmp_path)) == ["talking_animation/engine/checkpoints/content.npz"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_ignores_published_files() -> None:
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "check-ignore", "checkpoints/published/ckpt_autovc.pth"],
        capture_output=True,
        check=False,
    )
    if asked.returncode == 128:
        pytest.skip("not a git checkout")
    assert asked.returncode == 0
