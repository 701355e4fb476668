"""Pictures of every kind become RGBA, and what is none becomes a sentence."""

from __future__ import annotations

import struct
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.pictures import image_files
from inference.pictures.image_files import read_picture

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    samples: np.ndarray, depth: int, colour: int, extra: bytes = b"", filters=(0,), interlaced=0
) -> bytes:
    """A PNG of (H, W, C) samples whose lines use these filters in turn."""
    height, width, _ = samples.shape
    parts = [samples[y::down, x::across] for x, y, across, down in ADAM7] if interlaced else [samples]
    data = zlib.compress(b"".join(lines_of(part, depth, filters) for part in parts if part.size))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", data[:7])
        + chunk(b"IDAT", data[7:])
        + chunk(b"IEND", b"")
    )


def lines_of(samples: np.ndarray, depth: int, filters: tuple[int, ...]) -> bytes:
    """The filtered lines of a picture or of a part of an interlaced one."""
    height, _, channels = samples.shape
    if depth == 16:
        lines = samples.astype(">u2").view(np.uint8).reshape(height, -1)
    elif depth == 8:
        lines = samples.astype(np.uint8).reshape(height, -1)
    else:
        flat = samples.reshape(height, -1, 1)
        bits = (flat >> np.arange(depth - 1, -1, -1)) & 1
        lines = np.packbits(bits.reshape(height, -1).astype(np.uint8), axis=1)
    step = max(1, channels * depth // 8)
    packed = b""
    for row in range(height):
        kind = filters[row % len(filters)]
        line = lines[row].astype(int)
        left = np.concatenate([np.zeros(step, int), line[:-step]])
        up = lines[row - 1].astype(int) if row else np.zeros_like(line)
        corner = np.concatenate([np.zeros(step, int), up[:-step]])
        guess = left + up - corner
        off = np.abs(np.stack([guess - left, guess - up, guess - corner]))
        paeth = np.stack([left, up, corner])[off.argmin(axis=0), np.arange(len(line))]
        predicted = (np.zeros_like(line), left, up, (left + up) // 2, paeth)[kind]
        packed += bytes([kind]) + ((line - predicted) & 255).astype(np.uint8).tobytes()
    return packed


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """numpy and the standard library only."""
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("colour", [0, 2, 3, 4, 6])
def test_png_of_every_depth(depth: int, colour: int, alone: None, tmp_path: Path) -> None:
    if (colour in (2, 4, 6) and depth < 8) or (colour == 3 and depth == 16):
        return
    random = np.random.RandomState(depth + colour)
    samples = random.randint(0, 2**depth, (13, 21, CHANNELS[colour]))
    palette = random.randint(0, 256, (256, 3)).astype(np.uint8)
    extra = chunk(b"PLTE", palette.tobytes()) if colour == 3 else b""
    extra += chunk(b"tRNS", bytes([7])) if colour == 3 else b""
    path = tmp_path / "любой.png"
    path.write_bytes(png(samples, depth, colour, extra, filters=(0, 1, 2, 3, 4, 4, 1)))
    picture = read_picture(path)
    assert picture.shape == (13, 21, 4) and picture.dtype == np.uint8
    if colour == 3:
        wanted = palette[samples[..., 0]]
        alpha = np.where(samples[..., 0] == 0, 7, 255)
    else:
        full = np.round(samples / (2**depth - 1) * 255)
        wanted = np.repeat(full[..., :1], 3, -1) if colour in (0, 4) else full[..., :3]
        alpha = full[..., -1] if colour in (4, 6) else np.full((13, 21), 255)
    assert (picture[..., :3] == wanted).all() and (picture[..., 3] == alpha).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (8, 8), (13, 21), (16, 5)])
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("colour", [0, 2, 3, 4, 6])
def test_interlaced_png(size: tuple[int, int], depth: int, colour: int, alone: None, tmp_path: Path) -> None:
    if depth not in DEPTHS[colour]:
        return
    samples = np.random.RandomState(depth + colour).randint(0, 2**depth, (*size, CHANNELS[colour]))
    palette = chunk(b"PLTE", bytes(range(256)) * 3) + chunk(b"tRNS", bytes([0, 9]))
    extra = palette if colour == 3 else b""
    plain, woven = tmp_path / "plain.png", tmp_path / "woven.png"
    plain.write_bytes(png(samples, depth, colour, extra, filters=(0, 4, 3)))
    woven.write_bytes(png(samples, depth, colour, extra, filters=(0, 1, 2, 3, 4), interlaced=1))
    assert (read_picture(woven) == read_picture(plain)).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_interlaced_as_pillow_reads_it(mode: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Our own weaving is read by Pillow as by us: it is Adam7, and not merely ours."""
    image = pytest.importorskip("PIL.Image")
    depth, colour = {"1": (1, 0), "L": (8, 0), "LA": (8, 4), "P": (4, 3), "RGB": (8, 2), "RGBA": (8, 6)}.get(
        mode, (16, 0)
    )
    samples = np.random.RandomState(3).randint(0, 2**depth, (19, 11, CHANNELS[colour]))
    extra = chunk(b"PLTE", bytes(range(48))) if mode == "P" else b""
    path = tmp_path / "woven.png"
    path.write_bytes(png(samples, depth, colour, extra, filters=(3, 0, 4), interlaced=1))
    with image.open(path) as opened:
        by_pillow = np.asarray(opened if depth == 16 else opened.convert("RGBA"))
    if depth == 16:
        by_pillow = np.repeat((by_pillow[..., None].astype(np.uint32) + 128) // 257, 3, axis=-1)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ours = read_picture(path)
    assert (ours[..., : by_pillow.shape[-1]] == by_pillow).all()


def test_a_small_file_that_unpacks_to_gigabytes(alone: None, tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
    assert read_picture(path).shape == (16, 16, 4)


def test_the_first_picture_of_moving_ones(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    shots = [image.new("RGB", (24, 18), colour) for colour in ((200, 30, 30), (30, 200, 30))]
    for name in ("a.gif", "b.webp", "c.png"):
        path = tmp_path / name
        shots[0].save(path, save_all=True, append_images=shots[1:], duration=100)
        with image.open(path) as opened:
            assert opened.n_frames == 2
        assert np.abs(read_picture(path)[9, 12, :3].astype(int) - (200, 30, 30)).max() < 12


def test_a_header_that_claims_too_much_is_told_as_too_large(tmp_path: Path) -> None:
    pytest.importorskip("PIL.Image")
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    claims = {
        "huge.png": b"\x89PNG\r\n\x1a\n" + header + GOOD[33:],
        "huge.gif": b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(6) + b",\0\0\0\0\xff\xff\xff\xff\0\x08\0;",
    }
    for name, data in claims.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(EngineError, match="is too large"):
            read_picture(tmp_path / name)


def test_one_grey_is_clear(alone: None, tmp_path: Path) -> None:
    samples = np.array([[[0], [9]], [[200], [9]]])
    (tmp_path / "key.png").write_bytes(png(samples, 8, 0, chunk(b"tRNS", struct.pack(">H", 9))))
    assert read_picture(tmp_path / "key.png")[..., 3].tolist() == [[255, 0], [255, 0]]


@pytest.mark.parametrize(
    "array",
    [
        np.full((5, 7), 30, np.uint8),
        np.full((5, 7, 3), 30, np.uint8),
        np.full((5, 7, 2), 30, np.uint8),
        np.full((5, 7, 4), 30 * 257, np.uint16),
        np.full((5, 7, 3), 30 / 255, np.float32),
    ],
)
def test_arrays(array: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", array)
    np.savez(tmp_path / "b.npz", picture=array)
    for name in ("a.npy", "b.npz"):
        picture = read_picture(tmp_path / name)
        assert picture.shape == (5, 7, 4) and (picture[..., :3] == 30).all()


GOOD = png(np.zeros((4, 4, 3), int), 8, 2)
BAD = {
    "empty.png": b"",
    "text.jpg": b"this is a letter",
    "short.png": GOOD[:40],
    "broken.png": GOOD[:45] + b"\0\0\0\0" + GOOD[49:],
    "no size.png": GOOD.replace(struct.pack(">II", 4, 4), struct.pack(">II", 0, 4)),
    "no.npy": b"\x93NUMPY\x01\x00",
    "no.npz": b"PK\x03\x04 nothing",
    "cut interlaced.png": png(np.zeros((1, 4, 3), int), 8, 2, interlaced=1).replace(
        struct.pack(">II", 4, 1), struct.pack(">II", 9, 9)
    ),
    "five bits.png": png(np.zeros((4, 4, 1), int), 4, 0).replace(
        struct.pack(">IIB", 4, 4, 4), struct.pack(">IIB", 4, 4, 5)
    ),
    "huge.png": GOOD.replace(struct.pack(">II", 4, 4), struct.pack(">II", 60000, 60000)),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_told(name: str, alone: None, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(EngineError) as refused:
        read_picture(tmp_path / name)
    assert name in refused.value.message and refused.value.message.count(": ") >= 1
    assert refused.value.code in ("bad_picture", "full_engine_needed")
    with pytest.raises(EngineError, match="portrait") as refused:
        read_picture(tmp_path / "gone.png", "portrait.png")
    assert refused.value.code == "file_missing"


def test_objects_and_other_arrays_are_no_pictures(tmp_path: Path) -> None:
    for array in (
        np.zeros((4, 4, 5), np.uint8),
        np.zeros(3),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((2, 2), np.int32),
    ):
        np.save(tmp_path / "other.npy", array)
        with pytest.raises(EngineError):
            read_picture(tmp_path / "other.npy")
    np.save(tmp_path / "object.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(EngineError):
        read_picture(tmp_path / "object.npy")


def test_other_files_by_pillow(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    colours = np.zeros((20, 40, 3), np.uint8)
    colours[:, :20] = (200, 30, 30)
    sideways = image.Exif()
    sideways[0x0112] = 6  # the camera was held upright
    image.fromarray(colours).save(tmp_path / "a.jpg", exif=sideways, quality=95)
    assert read_picture(tmp_path / "a.jpg").shape == (40, 20, 4)
    image.fromarray(colours).convert("CMYK").save(tmp_path / "b.tif")
    image.fromarray(colours).save(tmp_path / "c.webp", lossless=True)
    image.fromarray(colours).convert("P").save(tmp_path / "d.gif")
    for name in ("b.tif", "c.webp", "d.gif"):
        picture = read_picture(tmp_path / name)
        assert picture.shape == (20, 40, 4) and np.abs(picture[5, 5, :3] - [200.0, 30, 30]).max() < 25
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:200])
    with pytest.raises(EngineError) as refused:
        read_picture(tmp_path / "cut.jpg")
    assert refused.value.code == "bad_picture"


@pytest.mark.parametrize("turn", range(1, 9))
def test_photos_are_turned_upright_as_the_camera_was_held(turn: int, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    upright = np.full((24, 32, 3), 120, np.uint8)
    upright[:8, :8], upright[:8, -8:], upright[-8:, :8] = (250, 10, 10), (10, 250, 10), (10, 10, 250)
    held = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: upright.swapaxes(0, 1), 6: np.rot90(upright, 1), 7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }[turn]  # fmt: skip
    exif = image.Exif()
    exif[0x0112] = turn
    image.fromarray(np.ascontiguousarray(held)).save(tmp_path / "a.jpg", exif=exif, quality=95, subsampling=0)
    picture = read_picture(tmp_path / "a.jpg")[..., :3].astype(int)
    assert picture.shape == (24, 32, 3) and np.abs(picture - upright)[2:-2, 2:-2].mean() < 4


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A photo whose file ends too early."""
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "cut.jpg"
    y, x = np.mgrid[0:128, 0:128]
    image.fromarray(np.stack([x, y, x ^ y], axis=-1).astype(np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    return path


def test_a_photo_that_cannot_be_read_is_not_told_as_cut_off(
    cut: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(opened: object) -> None:
        raise OSError("broken data stream when reading image file")

    notes: list[str] = []
    monkeypatch.setattr(image_files, "_upright", fails)
    with pytest.raises(EngineError, match="is no picture or is damaged"):
        read_picture(cut, notes=notes)
    assert not notes


def test_a_photo_that_is_cut_off_lets_no_other_pass(cut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow has one setting for all threads."""
    from PIL import ImageFile

    read, told = image_files._upright, []

    def refused() -> None:
        try:
            read_picture(cut)
        except EngineError as error:
            told.append(error.code)

    other = threading.Thread(target=refused)

    def upright(opened: object) -> image_files.Pixels:
        if ImageFile.LOAD_TRUNCATED_IMAGES and other.ident is None:
            other.start()
            other.join(0.1)  # it waits; where it did not, it would be done
        return read(opened)

    monkeypatch.setattr(image_files, "_upright", upright)
    notes: list[str] = []
    read_picture(cut, notes=notes)
    other.join()
    assert len(notes) == 1 and told == ["bad_picture"]


def test_a_file_that_nobody_may_read_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    def refuses(file: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "open", refuses)
    with pytest.raises(EngineError, match=r"cannot be used \(Permission denied\)"):
        read_picture(path)


def test_a_photo_that_holds_two_pictures_is_its_first_also_where_it_is_cut_off(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    first = np.tile(np.arange(256, dtype=np.uint8)[:, None, None], (1, 256, 3))
    path = tmp_path / "both.jpg"
    made = [image.fromarray(colours) for colours in (first, 255 - first)]
    made[0].save(path, "MPO", save_all=True, append_images=made[1:], quality=95)
    whole = path.read_bytes()
    assert image.open(path).format == "MPO"
    for share, told in ((1.0, 0), (0.9, 0), (0.3, 1)):
        path.write_bytes(whole[: int(len(whole) * share)])
        notes: list[str] = []
        read = read_picture(path, "both.jpg", notes)[..., :3].astype(int)
        assert len(notes) == told and read.shape == (256, 256, 3)
        assert np.abs(read[:32] - first[:32]).max() < 8
        assert (np.abs(read - first).max() < 8) == (told == 0)
    with pytest.raises(EngineError, match="is no picture or is damaged"):
        read_picture(path)


def test_kinds_of_pixels_that_pillow_knows(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    colours = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    colours[:8] = (20, 220, 90)
    made = image.fromarray(colours)
    made.convert("CMYK").save(tmp_path / "a.jpg", quality=98, subsampling=0)
    made.quantize(4).save(tmp_path / "b.png", transparency=0)
    made.convert("LA").save(tmp_path / "c.png")
    image.fromarray(colours[..., 0].astype(np.float32) / 255).save(tmp_path / "d.tif")
    image.fromarray(colours[..., 0].astype(np.uint16) * 257).save(tmp_path / "e.tif")
    grey = np.asarray(made.convert("L"))
    for name in "a.jpg", "b.png":
        assert np.abs(read_picture(tmp_path / name)[..., :3].astype(int) - colours).max() < 16
    assert set(np.unique(read_picture(tmp_path / "b.png")[..., 3])) == {0, 255}
    assert (read_picture(tmp_path / "c.png")[..., 0] == grey).all()
    for name in "d.tif", "e.tif":
        assert (read_picture(tmp_path / name)[..., 1] == colours[..., 0]).all()
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) * 2 // 3])
    image.fromarray(np.tile(colours, (8, 8, 1))).save(tmp_path / "large.jpg")
    large = (tmp_path / "large.jpg").read_bytes()
    (tmp_path / "large.jpg").write_bytes(large[: len(large) * 9 // 10])
    notes: list[str] = []
    assert read_picture(tmp_path / "large.jpg", "Sœur.jpg", notes).shape == (128, 128, 4)
    assert len(notes) == 1 and notes[0].startswith("Sœur.jpg is cut off")
    (tmp_path / "nothing.jpg").write_bytes(b"")
    for name, says in (("cut.jpg", "is no picture or is damaged"), ("nothing.jpg", "is empty")):
        with pytest.raises(EngineError, match=says):
            read_picture(tmp_path / name)
