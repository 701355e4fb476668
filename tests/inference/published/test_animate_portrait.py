"""AnimatePortrait's Module 1: MakeItTalk's classes, from its own folder with its own mean, deviation, face and terms."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")
pytest.importorskip("scipy", reason="needs the full engine")

from published_files import write_all

from inference import cli
from inference.commands.capabilities import capabilities
from inference.face.animation import FaceAnimation
from inference.face.names import PUBLISHED_FOLDER_VARIABLE
from inference.published.files import MEAN_STD
from inference.published.systems import SYSTEMS

OWN = SYSTEMS["animateportrait"]


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files in one folder, as MakeItTalk's are expected."""
    return write_all(tmp_path_factory.mktemp("flat"))


@pytest.fixture
def clone(flat: Path, tmp_path: Path) -> Path:
    """A copy of its repository with the files where they are in there, and a mean and deviation of its own."""
    root = tmp_path / "AnimatePortrait"
    for name in ("ckpt_content_branch.pth", "ckpt_speaker_branch.pth", "ckpt_autovc.pth", "emb.pickle"):
        _link(flat / name, root / "Module1/checkpoints" / name)
    _link(flat / "obama_emb.txt", root / "Module1/src/autovc/retrain_version/obama_emb.txt")
    utils = root / "Module1/src/dataset/utils"
    _link(flat / "STD_FACE_LANDMARKS.txt", utils / "STD_FACE_LANDMARKS.txt")
    np.savetxt(utils / MEAN_STD.name, np.r_[np.full(80, 0.3), np.full(80, 2.0)])
    return root


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(source)


def _command(word: Path, output: Path, model: str, folder: Path) -> list[str]:
    return [
        "animate",
        str(word),
        "-o",
        str(output),
        "--model",
        model,
        "--published-folder",
        str(folder),
    ]


def test_a_clone_of_its_repository_is_a_folder_and_its_terms_come_first(clone, flat, word, tmp_path, capsys):
    own, other = tmp_path / "own.npz", tmp_path / "other.npz"
    command = _command(word, own, "animateportrait", clone)
    assert cli.main(command) == 1
    told = capsys.readouterr().err
    assert "AnimatePortrait is published without a licence" in told and "animateportrait)" in told
    assert cli.main([*command, "--accept-licence"]) == 0
    assert (clone / "animateportrait-licence-accepted.json").is_file()
    made = FaceAnimation.load(own)
    assert (made.source["model"], made.source["licence"]) == ("animateportrait", "CC BY-NC 4.0")
    assert not any("SHA-256" in sentence for sentence in made.source["warnings"])
    assert cli.main([*_command(word, other, "makeittalk", flat), "--accept-licence"]) == 0
    apart = np.abs(made.landmarks - FaceAnimation.load(other).landmarks).max()
    assert apart > 1e-3, "the mean and deviation are its own"
    # Its folder Module1 is one as well.
    assert cli.main([*_command(word, own, "animateportrait", clone / "Module1"), "--accept-licence"]) == 0
    np.testing.assert_array_equal(FaceAnimation.load(own).landmarks, made.landmarks)


@pytest.mark.parametrize("what", ["without mean and deviation", "renamed", "other shape", "half precision"])
def test_what_is_wrong_with_its_files_is_a_sentence(what, clone, word, tmp_path, capsys):
    checkpoint = clone / "Module1/checkpoints/ckpt_content_branch.pth"
    weights = torch.load(checkpoint, weights_only=False)["model_g_face_id"]
    told = {"without mean and deviation": MEAN_STD.name, "renamed": "ckpt_content_branch.pth"}.get(
        what, "fc.6.bias"
    )
    if what == "without mean and deviation":
        (clone / "Module1/src/dataset/utils" / MEAN_STD.name).unlink()
    elif what == "renamed":
        checkpoint.rename(checkpoint.with_name("content.pth"))
    elif what == "other shape":
        checkpoint.unlink()
        torch.save({"model_g_face_id": {**weights, "fc.6.bias": torch.zeros(136)}}, checkpoint)
    else:
        checkpoint.unlink()
        torch.save({f"module.{key}": value.half() for key, value in weights.items()}, checkpoint)
    output = tmp_path / "out.npz"
    done = cli.main([*_command(word, output, "animateportrait", clone), "--accept-licence"])
    said = capsys.readouterr().err
    if what == "half precision":
        assert done == 0 and np.isfinite(FaceAnimation.load(output).landmarks).all()
    else:
        assert done == 1 and told in said and "Traceback" not in said
        assert not output.exists()


def test_makeittalks_files_are_not_taken_for_its_own(flat, word, tmp_path, capsys, monkeypatch):
    """Without its folder it would run with MakeItTalk's mean and deviation, and nobody would know."""
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(flat))
    command = ["animate", str(word), "-o", str(tmp_path / "o.npz"), "--model", "animateportrait"]
    assert cli.main([*command, "--accept-licence"]) == 1
    assert "animateportrait lacks" in capsys.readouterr().err
    assert capabilities().models == ("content", "makeittalk")
    shutil.copytree(flat, flat / "animateportrait", symlinks=True)
    try:
        assert capabilities().models == ("content", "makeittalk", "animateportrait")
        assert cli.main([*command, "--accept-licence"]) == 0
    finally:
        shutil.rmtree(flat / "animateportrait")


def test_every_system_says_what_it_needs_and_what_its_licence_is(tmp_path, capsys):
    assert cli.main(["published", "--published-folder", str(tmp_path / "nowhere")]) == 0
    told = capsys.readouterr().out
    for system in SYSTEMS.values():
        assert system.needs in told and system.terms.notice in told
        assert system.needs.count(". ") == 0 and system.needs.endswith(".")
        assert all(file.name in told for file in system.files)
    assert cli.main(["published", "--system", "animateportrait"]) == 0
    alone = capsys.readouterr().out
    assert OWN.terms.notice in alone and "ATC_net" not in alone
