"""``picture`` through both doors: a face that is shown by points, a picture without one, and answers that are sentences."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.cli import main
from inference.face.face_picture import FacePicture
from inference.pictures.indices import IRISES, UPPER_INNER
from inference.worker import Worker

CLICKS = [
    [float(value) for value in place]
    for place in face_points(80, (120, 110))[
        [IRISES[0][0], IRISES[1][0], UPPER_INNER[0], UPPER_INNER[-1]], :2
    ]
]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sœur 1.npy"
    np.save(path, noise_picture(240, 300))
    return path


def asked(**request: object) -> list[dict]:
    replies = io.StringIO()
    Worker(replies).answer(json.dumps({"id": 9, "command": "picture", **request}))
    return [json.loads(line) for line in replies.getvalue().splitlines()]


def test_the_worker_makes_the_face_that_was_shown(picture: Path, tmp_path: Path) -> None:
    output = tmp_path / "face.npz"
    flat = [number for pair in CLICKS for number in pair]
    answers = asked(
        picture=str(picture), output=str(output), name="Ma sœur.jpg", points=flat, faces="largest"
    )
    assert [answer["type"] for answer in answers[:-1]] == ["progress"] * (len(answers) - 1) and len(
        answers
    ) > 2
    assert answers[-1] | {"warnings": []} == {
        "type": "result", "id": 9, "outputs": [str(output)], "seen": 1, "kind": "photo", "warnings": [],
    }  # fmt: skip
    face = FacePicture.load(output)
    assert face.size == (240, 300) and face.source["picture"] == "Ma sœur.jpg"
    assert len(face.source["sha256"]) == 64 and face.source["points"] == "shown"
    assert face.eye_distance == pytest.approx(80, rel=0.1)


def test_the_command_line_reads_points_from_a_file(picture: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "points.json").write_text(json.dumps({"points": CLICKS}))
    output = tmp_path / "face.npz"
    arguments = ["picture", str(picture), "-o", str(output), "--points", str(tmp_path / "points.json")]
    assert main(arguments) == 0 and str(output) in capsys.readouterr().out
    assert main([*arguments, "--json", "--face", "all"]) == 0
    assert json.loads(capsys.readouterr().out)["outputs"] == [str(output)]
    first = output.read_bytes()
    assert main(arguments) == 0 and output.read_bytes() == first


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({}, "no_face", "eyes"),
        ({"picture": "/nowhere/she.png"}, "file_missing", "does not exist"),
        ({"points": [1, 2, 3]}, "bad_points", "both eyes"),
        ({"points": [60, 60, 100, 60, 70, -300, 90, -300]}, "face_cut_off", "mouth"),
        ({"faces": "2", "points": [n for pair in CLICKS for n in pair]}, "no_such_face", "one face"),
        ({"faces": "0"}, "bad_request", "faces"),
        ({"kind": "film"}, "bad_request", "kind"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    change: dict, code: str, word: str, picture: Path, tmp_path: Path
):
    request = {"picture": str(picture), "output": str(tmp_path / "o.npz"), **change}
    answer = asked(**request)[-1]
    assert (answer["type"], answer["code"]) == ("error", code)
    assert word in answer["message"] and "\n" not in answer["message"]
    assert not (tmp_path / "o.npz").exists()


def test_the_picture_is_never_replaced(picture: Path) -> None:
    before = picture.read_bytes()
    assert asked(picture=str(picture), output=str(picture))[-1]["code"] == "output_is_input"
    assert picture.read_bytes() == before


def test_a_photo_that_is_cut_off_talks_as_far_as_it_is_there_and_that_is_told(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    path, output = tmp_path / "a.jpg", tmp_path / "face.npz"
    image.fromarray(noise_picture(240, 300)[..., :3]).save(path, quality=90)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 9 // 10])
    flat = [number for pair in CLICKS for number in pair]
    told = asked(picture=str(path), output=str(output), points=flat, faces="largest")[-1]
    assert told["type"] == "result" and any("a.jpg is cut off" in sentence for sentence in told["warnings"])
    path.write_bytes(whole[: len(whole) // 8])
    told = asked(picture=str(path), output=str(output), points=[], faces="largest")[-1]
    assert told["type"] == "error" and told["code"] == "no_face"
    assert "a.jpg is cut off" in told["message"] and "No face was seen" in told["message"]
