"""Published puppets: each triangulation, and each fault that published files have, made good and told, or one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import picture_files
import published_puppets
import pytest

from inference.cli import main
from inference.commands.picture import answer, with_puppet
from inference.errors import EngineError
from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.face.messages import PictureRequest
from inference.face.puppet_files import puppet_at
from inference.pictures.draw import draw, rest_weights
from inference.pictures.make import Wanted
from inference.pictures.puppets import TOPOLOGIES, Puppet, read_puppet

SIZE = 240
LANDMARKS = published_puppets.landmarks_of(SIZE)
STILL = np.zeros(3, np.float32)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published_puppets.write(tmp_path_factory.mktemp("whole"), size=SIZE)


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "a puppet"))


def puppet_in(folder: Path, size: tuple[int, int] = (SIZE, SIZE)) -> Puppet:
    files = puppet_at(folder)
    assert files is not None
    return read_puppet(files, size)


def text(folder: Path, kind: str) -> Path:
    return folder / f"wilk_{kind}.txt"


@pytest.mark.parametrize("outer_lips", [True, False])
@pytest.mark.parametrize("border", [12, 8])
def test_the_four_triangulations(outer_lips: bool, border: int, tmp_path: Path) -> None:
    puppet = puppet_in(published_puppets.write(tmp_path, "roy", outer_lips, border, SIZE))
    assert puppet.topology is not None
    assert (puppet.topology.outer_lips, puppet.topology.border) == (outer_lips, border)
    assert np.abs(puppet.landmarks - LANDMARKS).max() < 1e-3
    assert [("8 points around" in sentence) for sentence in puppet.warnings] == [True] * (border == 8)
    assert {top: kind.triangles for top, kind in TOPOLOGIES.items()} == {79: 146, 75: 142, 67: 122, 63: 118}


def broken(folder: Path, kind: str, content: str | None) -> None:
    if content is None:
        text(folder, kind).unlink()
    else:
        text(folder, kind).write_text(content)


FAULTS = {
    "face_open_mouth": [
        "1e30 5 1\n" + published_puppets.rows_of(LANDMARKS[1:]),
        "",
        "1 2\n3 4\n",
        "x y\n" * 68,
        "nan 1 1\n" * 68,
        "5 5 1\n" * 68,
        None,
    ],
    "face_close_mouth": ["", "0.1 0.2 0\n", None],
    "scale_shift": [None, "", "0\n1\n2\n", "-0.02\n5\n", "-0.5\n9\n9\n", "\x00\x01"],
    "delauney_tri": [None, "", "1 2\n", "1 2 x\n", "0 1 90\n", "0.5 1 2\n", "0 1 79\n4 5 6\n"],
}


@pytest.mark.parametrize(
    ("kind", "content"), [(kind, text) for kind, texts in FAULTS.items() for text in texts]
)
def test_a_fault_is_made_good_and_named(kind: str, content: str | None, folder: Path) -> None:
    broken(folder, kind, content)
    puppet = puppet_in(folder)
    assert len(puppet.warnings) == 1 and puppet.warnings[0].startswith(f"wilk_{kind}.txt ")
    assert puppet.warnings[0].endswith(".") and "\n" not in puppet.warnings[0]
    assert np.abs(puppet.landmarks - LANDMARKS).max() < 1e-3
    assert puppet.upper_share == pytest.approx(0.625, abs=0.02)


def test_the_face_is_taken_from_shut_lips_where_nothing_else_is_left(folder: Path) -> None:
    broken(folder, "face_open_mouth", "")
    broken(folder, "face_open_mouth_norm", None)
    puppet = puppet_in(folder)
    assert "whose lips are shut" in puppet.warnings[0]
    others = np.arange(48)
    assert np.abs(puppet.landmarks[others] - LANDMARKS[others]).max() < 1e-3


@pytest.mark.parametrize("how", ["commas", "lines", "mark"])
def test_other_spellings_of_the_same_numbers(how: str, folder: Path) -> None:
    content = text(folder, "face_open_mouth").read_text()
    spelled = {
        "commas": content.replace(" ", ", "),
        "lines": content.replace("\n", "\r\n\r\n"),
        "mark": "\ufeff" + content,
    }[how]
    text(folder, "face_open_mouth").write_bytes(spelled.encode())
    assert not puppet_in(folder).warnings


def test_a_face_that_is_numbered_from_the_other_side(folder: Path) -> None:
    from inference.face.landmarks import MIRROR

    text(folder, "face_open_mouth").write_text(published_puppets.rows_of(LANDMARKS[MIRROR]))
    puppet = puppet_in(folder)
    assert any("from its other side" in sentence for sentence in puppet.warnings)
    assert np.abs(puppet.landmarks - LANDMARKS).max() < 1e-3


def test_outer_lips_that_nobody_placed_are_drawn_around_the_inner_ones(folder: Path) -> None:
    lost = LANDMARKS.copy()
    lost[48:60] = lost[[60, 60, 61, 62, 63, 64, 64, 64, 63, 62, 61, 60]]
    text(folder, "face_open_mouth").write_text(published_puppets.rows_of(lost))
    puppet = puppet_in(folder)
    assert any("outer edge within the inner one" in sentence for sentence in puppet.warnings)
    assert (puppet.landmarks[[50, 51, 52], 1] < LANDMARKS[[61, 62, 63], 1]).all()
    assert (puppet.landmarks[[58, 57, 56], 1] > LANDMARKS[[67, 66, 65], 1]).all()


def test_lips_that_are_shut_in_the_picture(tmp_path: Path) -> None:
    puppet = puppet_in(published_puppets.write(tmp_path, size=SIZE, gap=0.0))
    assert puppet.upper_share is None
    # Points that fall on one pixel are one: so published triangulations lost some, too.
    (sentence,) = puppet.warnings
    assert "triangles rather than 146" in sentence


@pytest.mark.parametrize(
    ("change", "size", "says"),
    [
        ({"face_open_mouth": "", "face_open_mouth_norm": None, "face_close_mouth": None}, SIZE, "is empty"),
        ({"face_open_mouth": "", "scale_shift": None}, SIZE, "no other file"),
        ({}, SIZE // 3, "use the picture in the size"),
        ({"face_open_mouth": published_puppets.rows_of(SIZE - LANDMARKS)}, SIZE, "stands upright"),
        ({"face_open_mouth": published_puppets.rows_of(LANDMARKS * [0.01, 1])}, SIZE, "stands upright"),
    ],
)
def test_what_cannot_be_made_good_is_a_sentence(change: dict, size: int, says: str, folder: Path) -> None:
    for kind, content in change.items():
        broken(folder, kind, content)
    with pytest.raises(EngineError, match=says) as refused:
        puppet_in(folder, (size, size))
    assert refused.value.code == "bad_puppet" and "wilk_face_open_mouth.txt" in refused.value.message


# -- Which files -------------------------------------------------------------------------------------------


def test_any_file_of_a_puppet_means_it(folder: Path) -> None:
    for path in [folder, *folder.iterdir()]:
        files = puppet_at(path)
        assert files is not None and files.picture.name == "wilk.png"
        assert files.background is not None and files.background.name == "wilk_bg.png"


def test_what_is_no_puppet(tmp_path: Path) -> None:
    for name in ("wilk_delauney_tri.txt", "wilk.png", "notes.txt", "wilk.npy"):
        (tmp_path / name).write_text("")
    assert not any(puppet_at(path) for path in [tmp_path, *tmp_path.iterdir(), tmp_path / "gone" / "x.png"])


def test_puppets_whose_names_begin_alike(folder: Path) -> None:
    for name in ("wilk2", "wilk_old"):
        for path in list(folder.glob("wilk_face*")) + [folder / "wilk.png"]:
            shutil.copy(path, folder / f"{name}{path.name.removeprefix('wilk')}")
        files = puppet_at(folder / f"{name}_scale_shift.txt")
        assert files is not None and files.picture == folder / f"{name}.png"
    with pytest.raises(EngineError, match=r"3 puppets \(wilk, wilk2, wilk_old\): choose") as refused:
        puppet_at(folder)
    assert refused.value.code == "several_puppets"


def test_no_picture_and_two(folder: Path) -> None:
    (folder / "wilk.jpg").write_bytes((folder / "wilk.png").read_bytes())
    with pytest.raises(EngineError, match=r"wilk\.jpg, wilk\.png"):
        puppet_at(folder)
    files = puppet_at(folder / "wilk.jpg")  # which is really a PNG, as danbooru1.jpg is
    assert files is not None
    assert read_puppet(files, (SIZE, SIZE)).warnings == (
        "wilk.jpg is a PNG file despite its name: it was read as one.",
    )
    (folder / "wilk.jpg").unlink()
    (folder / "wilk.png").unlink()
    with pytest.raises(EngineError, match=r"has no picture: put wilk\.png beside"):
        puppet_at(folder)


# -- The face picture --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def face(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> FacePicture:
    output = tmp_path_factory.mktemp("talking") / "face.npz"
    assert main(["picture", str(whole), "-o", str(output)]) == 0
    return FacePicture.load(output)


def test_a_puppet_stands_before_its_background(face: FacePicture) -> None:
    assert face.kind == "drawing" and not face.warnings
    assert (face.source["puppet"], face.source["points"]) == ("wilk", "puppet")
    assert face.layers[0].name == "background" and not face.layers[0].head.any()
    artwork = published_puppets.artwork(SIZE)
    clear = artwork[..., 3] == 0
    drawn = draw(face, rest_weights(), STILL)
    assert (drawn[~clear] == artwork[~clear]).all()
    assert (drawn[clear] == face.textures["background"][clear]).all() and clear.mean() > 0.3
    turned = draw(face, rest_weights(), np.array([0, 0.15, 0], np.float32))
    assert (turned[4, 4] == drawn[4, 4]).all() and (turned != drawn).any()


def test_its_open_mouth_shuts_to_a_line(face: FacePicture) -> None:
    red = (120, 30, 40)

    def shown(weights: np.ndarray) -> int:
        drawn = draw(face, weights, STILL)[..., :3].astype(int)
        return int((np.abs(drawn - red).max(axis=-1) < 12).sum())

    still = np.zeros(len(SHAPE_NAMES), np.float32)
    assert shown(rest_weights()) > 500 and shown(still) < 0.12 * shown(rest_weights())


@pytest.mark.parametrize(
    ("background", "clear", "says"),
    [
        (
            picture_files.png(np.full((9, 7, 3), 50, np.uint8)),
            True,
            "wilk_bg.png is not as large as wilk.png",
        ),
        (b"no picture", True, "background was left out: wilk_bg.png"),
        (b"no picture", False, "has no transparent parts"),
    ],
)
def test_backgrounds_that_do_not_fit(background: bytes, clear: bool, says: str, folder: Path) -> None:
    (folder / "wilk_bg.png").write_bytes(background)
    files = puppet_at(folder)
    assert files is not None
    request = PictureRequest(str(folder), str(folder / "o.npz"))
    wanted = with_puppet(Wanted("wilk.png"), files, request, published_puppets.artwork(SIZE, clear=clear))
    assert wanted.puppet is not None
    (sentence,) = wanted.puppet.warnings
    assert says in sentence and (wanted.background is not None) == ("large" in says)


def test_a_picture_that_is_cut_off_is_told_also_where_its_puppet_fails(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The missing part may be the reason."""
    from inference.pictures import image_files

    read = image_files.read_picture

    def cut_off(path: Path, name: str, notes: list[str]) -> image_files.Pixels:
        notes.append(f"{name} is cut off.")
        return read(path, name)[:-40]

    monkeypatch.setattr(image_files, "read_picture", cut_off)
    for file in folder.glob("*_face_*.txt"):
        file.write_text("nothing")
    with pytest.raises(EngineError, match=r"^wilk\.png is cut off\. .*wilk_face"):
        answer(PictureRequest(str(folder), str(folder / "o.npz")), lambda *_: None)


def test_artwork_that_is_clear_everywhere(folder: Path) -> None:
    (folder / "wilk.png").write_bytes(picture_files.png(np.zeros((SIZE, SIZE, 4), np.uint8)))
    with pytest.raises(EngineError, match=r"wilk\.png is transparent everywhere"):
        answer(PictureRequest(str(folder), str(folder / "o.npz")), lambda *_: None)


def test_its_own_files_are_never_replaced(folder: Path, capsys) -> None:
    for name in ("wilk_scale_shift.txt", "wilk_bg.png"):
        before = (folder / name).read_bytes()
        assert main(["picture", str(folder), "-o", str(folder / name), "--json"]) != 0
        assert json.loads(capsys.readouterr().out)["code"] == "output_is_input"
        assert (folder / name).read_bytes() == before
