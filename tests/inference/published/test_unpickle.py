"""Checkpoints of every container are read as torch reads them, and nothing in them ever runs."""

from __future__ import annotations

import base64
import copy
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the full engine")

from published_files import Schedule, speaker_embeddings
from waiting import HUNG

from inference.errors import EngineError
from inference.published.unpickle import Inert, arrays, read_container

ROOT = Path(__file__).resolve().parents[3]

# What torch.save (new and old) and pickle.dumps made of {"G": {"w": arange(60.), "v": ones(5).half()}, "n": numpy's
# arange(8.), "epoch": 3}: bytes that no version of torch changes.
WHOLE = {
    "zip": (
        "eNqllU9s23QUx39JmtR4o01LWf/QljIGeNClcZqmKQSaRVOYMCrBgBQhpMxx3NrCtfOcXzoVaVKlKWy9cUQc0HbjuNt2nMSFI7"
        "sgDhwmwQHEgR65wfvZbmY7SivGL/rkWfb7vvf8+73fzzUpMUIIx5GBkSaTRHFU3djTVloKVTLtz81qZYx8GhoH8RtAhHoMBe9C"
        "7AbEvevrkFCpjepMo0sNs8M3HK3ZNcxWg2pWx3YaezkeRgShPorOHfRUdjRIehK+atoK/ci7yUPKDZiF0XoCrdruAieVKDzzoU"
        "SkUg94KdaDM4eqapumplLDtjr8B05Lc7TWFUOlPJy9KMOzFMZkGHcj7UFax8z6cbarirndTzbhuogwqXNSksJzLEmyB1MsyfOH"
        "Oot1jsK0DDNd19OCWdXq7rb3M6rtaJndrkkNxXGUffbCKtZCnS4rYs7z4q2W9xRekEgP5tWGarc0tcNrFrvgYcGN2oTFegqtqV"
        "DDEuHFL2FJhpduwXkZXhakmMT14IIfsEX326h7pR5H/+0ivHp4+xa8JoMgSAk3Vgkubm1tvfcPDvdPIhRebx7qC/XLA0v+/b1N"
        "/6rsGc63ad9O+XbGt/NleEPH8pZluEQh06wn8abWtlUdVqREN1OTRjn5z2lhEatj1IZ22zRZ6HdbZtt2dhXa2NOcDq5ntTIbab"
        "rAEFmK+3/9cpO9K2N4ijmy/iSF33MNxTR2rF3NotXK6vAsw0chzwrYvA5/sAWIn1jABNnsF9Dcp5rN2rRaeetp8h4P06DU1FgN"
        "vbd/nWVNkzqxhjHyTmhXr2SrlTf/RwFe1INNr2fKyAFyB3mIPGZ9gn2WRpaQLFJGasg1pI0cILeRr5CvkTvId8g95AHyEPkB+R"
        "H5GXmM/I4cIX+zHq4QMoJwyFkkjUwhM8g8soRcQARkGckieaSIlJAycgW5iryP1JCPkTryGXINaSE6YlbYTOcWfrOPMPHRKTM9"
        "FZ5psVpJD8w0KR3/WOTm3ZvnedTyJ0YeJxv9yP09svZ0i7jKs7yPvt355PT+XSS5JxvIfaWO5hi4g75Q2LnbMFrVSuY/lpFdK4"
        "hitriWWy2IG4X17FpuIy+K4kaxkC8Wc9n17Kq4nkcfVmXj3N3LAtYhuFXG4u4J5dcZPGXSA5VHv2NRdfAAmQ4prTgZdi5FgwQP"
        "gblQkEfBIAMnTzROcCNPhOLICTJ4gETlwe4cC8l/SpDI3o9qg/0X1paTEa0Y1QZ7aDyk/SagHTJ3waVdDIknU+SUpqtJqdTycY"
        "smLvWVXMSeiXv2QcqzqBt1v3q+g/f1SKY8Def6e77/Apmv9Tk="
    ),
    "stream": (
        "eNpt0k9M01AcB/DuH8wKOBUVFHQqalGcDOcYyRKmIUisTpweetCUrX3QmtLu175iMCHZZcI8efTggSNHjh5JvHj06JGj3jxqYq"
        "LfrptGQ5dP39vr6+/363uvEX0tWj/fzf9IP99ZHM40og++xnDfIEFSUoIg1F2HO5pjqWvM9UzHpggmKP14YpmcW0xltm5WbYpu"
        "KSIG+XqdqZ75knkU26C4pCQw6BmOyykhR5UY/pk2px45rsSDGI69Qr1y3Pe7OSMYvUuRDYqG/RcU07jjakZG9blpeaLqsppvWr"
        "rKme05rro2JSKPpPQGiTCzusIoEb4izltOlT8OB0XqUQYwZyaXzc4U8lP5XLaQm6Tedk1a3aekXCxzOvRIFuRik0Q50qTDLQ2f"
        "bjGN48s98aGrM5fpc6bGReobr1A/p4EKHWkXukYpA3UY3dwLVWv5T+qjf1NPT+fy07dmbubpmJGUE0h5PEiZaNJgkPJEywgin+"
        "R0qkJDfju0TcOa7a/W1zOa47LMqm9xs+q61fVgMTRUxl0/KOl0OEu09fApnZGFJo1oquboTPNEZgcdkUbbUWt0VukJ9qDKTTtL"
        "515RukLnN+lChS5KckRONmmsE1APtlWkS0oU85cLdLm1tUlXKiRJcqwdq0jj5XL53i9c7ZsscLpaaxmjym3h/+vD7mynVwqbZK"
        "dNddrBTjvUaUdKdM1AeRMVus4pU2ufKVZ3NINuyLHg5DwLTs4BKxw5aMejLJPo1lLs/or/lNiYDasrQQO2YQ/2g4rwRSlIwySU"
        "YBGWoA4N2II38Ba2YQd24T3swUf4BJ9hH77AN/gerNYdQYhDEvogBYMwBCOQhjGQYAImIQcFKEIJ5mAB7sMiPAEFnsIS6GCAde"
        "c3kGP0mw=="
    ),
    "pickle": (
        "eNrV08Fr01AcB/CXNtlmt0mVCRN2GOIhgpRt1q6Dwmo35jBa5/SQgyNLk7clkiV9ycukwqAIxU1yEPYEDx523NGjxx09evS4o+"
        "JlRwVBv20zdLB/wNd+3mtefn3J++WXtvz2pUx6bUeoiXRX9IbnIhnhQWg5BSPmrheJ5LIR0kbserbBqR8FobE9I/YROtoPizCY"
        "m1QkecMLTNvYCIMto9HiNEJU7btESDvzOuf9er/0c/LZ4crVQjvz4FsW/Q4jqp7H5ZthwAMr8IxtGkZu4DMJAfoozngu5x41qG"
        "+7ps8yu3oOk7zVpEbkvqARy+4wWdUVTEZOEHKmaBk9iyPX52xAk/Xu/rzA32SDmhzHuKaqD3aD+7fMiNXbQm4JN84f9ydzTNIv"
        "ImauOD09Vy7NlIrT5eIU669rNWOW1Sp1zuRHWG2NkfNiJbNQIf+29jy6Kr7QhgM4gmMgdwjJwyRMQRVWYB2a0IZdeAPv4AAO4Q"
        "N8hCP4BJ/hCxzDVziBH0BqhMgwBCOQhzEYhwmYhOugwk2YgiKUoQJVWIRluA8r8AR0eArrYIMDXk10xKrQiFbpCE3qiL1kGM/V"
        "oxbHY0UpDT8MbRpSe9G1OKrjxqrgiE+kbeEMqM6Fmvw/VMuy6W2cVyyzs8XS7O25W6UzxaKcWyx/Y1EsymmdVE4/p2lU0jQ6l9"
        "JUxYnki+SKH281WwUrCGlhK/a4a4ah2cKLizfVQqJ5GPfymyi9QJEM+nY/ZB+rdsSC1BCvsJqqSdpQRzjXEsXu5qn7l8xGWezt"
        "9s9mE6ki6vX6vd9ovU4jXDT2FqpnypuczKc/0vmhdMyn41g6jqfjRBWbaSQKbQaWI7RsXPgDkck6Kw=="
    ),
}


def whole_file(kind: str) -> bytes:
    return zlib.decompress(base64.b64decode(WHOLE[kind]))


def contents() -> dict[str, Any]:
    base = torch.arange(100.0).reshape(10, 10)
    layer = torch.nn.Linear(3, 4)
    return {
        "state": OrderedDict((f"module.{name}", values) for name, values in layer.state_dict().items()),
        "transposed view": base[2:5, ::2].T,
        "expanded": torch.ones(1).expand(5),
        "half": torch.linspace(-2, 2, 5).half(),
        "bfloat": torch.tensor([1.5, -2.25, 3e30]).bfloat16(),
        "long": torch.tensor(7),
        "bytes": torch.tensor([0, 255], dtype=torch.uint8),
        "flags": torch.tensor([True, False]),
        "double": torch.tensor([np.pi], dtype=torch.float64),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "numpy": np.arange(6.0).reshape(2, 3).T,
        "opt": torch.optim.Adam(layer.parameters()),
        "schedule": Schedule(),
        "epoch": 116,
    }


def expected(values: Any) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        values = values.detach()
        return (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    return np.asarray(values)


@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "stream"])
def test_every_kind_of_tensor_is_read_as_torch_wrote_it(tmp_path: Path, legacy: bool) -> None:
    saved = contents()
    torch.save(saved, tmp_path / "x.pth", _use_new_zipfile_serialization=not legacy)
    whole = read_container(tmp_path / "x.pth")
    assert whole["epoch"] == 116
    assert isinstance(whole["opt"], Inert)
    assert isinstance(whole["schedule"], Inert)
    found = arrays(whole, tmp_path / "x.pth")
    assert set(found) == set(saved) - {"state", "opt", "schedule", "epoch"}
    for name, values in found.items():
        reference = expected(saved[name])
        assert values.dtype == reference.dtype, name
        assert np.array_equal(values, reference), name
    inner = arrays(whole["state"], tmp_path / "x.pth")
    assert list(inner) == ["module.weight", "module.bias"]
    assert np.array_equal(inner["module.weight"], expected(saved["state"]["module.weight"]))


def test_a_tensor_that_is_saved_alone_and_storages_that_are_shared(tmp_path: Path) -> None:
    base = torch.arange(12.0)
    for legacy in (False, True):
        path = tmp_path / f"{legacy}.pth"
        torch.save(
            {"a": base[:6], "b": base[6:].reshape(2, 3)}, path, _use_new_zipfile_serialization=not legacy
        )
        found = arrays(read_container(path), path)
        assert np.array_equal(found["a"], np.arange(6.0))
        assert np.array_equal(found["b"], np.arange(6.0, 12).reshape(2, 3))


@pytest.mark.parametrize("protocol", range(6))
def test_plain_pickles_of_arrays_and_tensors(tmp_path: Path, protocol: int) -> None:
    saved: dict[str, Any] = {
        "rows": np.arange(6, dtype=np.float32).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "big-endian": np.arange(3, dtype=">f8"),
        "scalar": np.float32(2.5),
        "view": torch.arange(100.0).reshape(10, 10)[:, 3],
    }
    path = tmp_path / "x.pickle"
    path.write_bytes(pickle.dumps(saved, protocol=protocol))
    found = arrays(read_container(path), path)
    assert set(found) == set(saved)
    for name, values in found.items():
        assert np.array_equal(values, expected(saved[name])), name


def test_views_into_large_storages_as_in_the_published_embeddings(tmp_path: Path) -> None:
    path = tmp_path / "emb.pickle"
    saved = speaker_embeddings()
    path.write_bytes(pickle.dumps(saved))
    assert path.stat().st_size > 10 * 67 * 256 * 4
    found = arrays(read_container(path), path)
    assert list(found) == list(saved)
    assert all(np.array_equal(found[name], saved[name].numpy()) for name in saved)


class Attack:
    """Reduces to any call."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def attacks(marker: Path) -> dict[str, Any]:
    touch = f"open({str(marker)!r}, 'w').close()"
    return {
        "os.system": Attack(os.system, f"touch '{marker}'"),
        "exec": Attack(exec, touch),
        "eval": Attack(eval, touch.replace(".close()", "")),
        "getattr": Attack(getattr, "", "format"),
        "run": Attack(subprocess.run, ["touch", str(marker)]),
        "open": Attack(open, str(marker), "w"),
        "torch.load": Attack(torch.load, str(marker)),
        "numpy.save": Attack(np.save, str(marker), np.zeros(1)),
    }


@pytest.mark.parametrize(
    "name", ["os.system", "exec", "eval", "getattr", "run", "open", "torch.load", "numpy.save"]
)
def test_calls_in_a_pickle_do_not_happen(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "ran"
    attack = attacks(marker)[name]
    for protocol in range(6):
        for payload in (attack, {"G": attack, "model": [attack]}, {"a": (attack, {"b": attack})}):
            path = tmp_path / "x.pkl"
            path.write_bytes(pickle.dumps(payload, protocol=protocol))
            read_container(path)
    for legacy in (False, True):
        torch.save({"G": attack}, tmp_path / "x.pth", _use_new_zipfile_serialization=not legacy)
        assert isinstance(read_container(tmp_path / "x.pth")["G"], Inert)
    assert not list(tmp_path.glob("ran*"))
    # The attack itself is real: an ordinary pickle.load falls for it.
    if name == "os.system":
        pickle.loads(pickle.dumps(attack))
        assert marker.exists()


def test_a_nested_storage_cannot_smuggle_one_in(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    inner = pickle.dumps(Attack(os.system, f"touch '{marker}'"))
    for _ in range(5):
        inner = pickle.dumps(Attack(torch.storage._load_from_bytes, inner))
    path = tmp_path / "x.pkl"
    path.write_bytes(inner)
    with pytest.raises(EngineError):
        read_container(path)
    assert not marker.exists()


def test_no_module_that_a_pickle_names_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    (tmp_path / "imported_by_a_pickle.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for program in (
        b"cimported_by_a_pickle\nThing\n.",
        b"\x80\x04" + text("imported_by_a_pickle") + text("Thing") + b"\x93.",
        b"\x80\x04" + text("collections") + text("OrderedDict.__init__.__globals__") + b"\x93.",
    ):
        path = tmp_path / "x.pkl"
        path.write_bytes(program)
        assert isinstance(read_container(path), type)
    assert "imported_by_a_pickle" not in sys.modules


def test_a_pickle_cannot_change_the_functions_it_calls(tmp_path: Path) -> None:
    # BUILD with a "slot state" sets attributes on whatever lies below it on the stack.
    path = tmp_path / "x.pkl"
    path.write_bytes(b"\x80\x04ctorch._utils\n_rebuild_tensor_v2\n(N}\x8c\x09_function\x4b\x01stb.")
    with pytest.raises(EngineError):
        read_container(path)
    torch.save({"a": torch.ones(2)}, tmp_path / "y.pth")
    assert arrays(read_container(tmp_path / "y.pth"), tmp_path / "y.pth")["a"].sum() == 2


@pytest.mark.parametrize(
    ("offset", "shape", "stride"),
    [
        (0, (1000,), (1,)),
        (3, (2,), (1,)),
        (0, (2, 2), (3, 1)),
        (0, (1 << 40,), (0,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
    ],
)
@pytest.mark.parametrize("legacy", [False, True], ids=["zip", "stream"])
def test_a_tensor_cannot_reach_outside_of_its_storage(
    tmp_path: Path, legacy: bool, offset: int, shape: tuple[int, ...], stride: tuple[int, ...]
) -> None:
    storage = torch.storage.TypedStorage(
        wrap_storage=torch.arange(4.0).untyped_storage(), dtype=torch.float32, _internal=True
    )
    attack = Attack(torch._utils._rebuild_tensor_v2, storage, offset, shape, stride, False, OrderedDict())
    path = tmp_path / "x.pth"
    torch.save({"a": attack}, path, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(EngineError, match=r"x\.pth"):
        arrays(read_container(path), path)


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.pkl"
    path.write_bytes(pickle.dumps({"a": np.array([1, "b"], object)}))
    with pytest.raises(EngineError, match="objects"):
        arrays(read_container(path), path)


@pytest.mark.parametrize("kind", ["zip", "stream", "pickle"])
def test_a_file_of_fixed_bytes_is_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.pth"
    path.write_bytes(whole_file(kind))
    whole = read_container(path)
    inner = arrays(whole["G"], path)
    assert np.array_equal(inner["w"], np.arange(60, dtype=np.float32))
    assert np.array_equal(inner["v"], np.ones(5, np.float16))
    assert np.array_equal(arrays(whole, path)["n"], np.arange(8.0))
    assert whole["epoch"] == 3


@pytest.mark.parametrize("kind", ["zip", "stream", "pickle"])
def test_damage_of_any_kind_ends_in_one_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.pth"
    whole = whole_file(kind)
    # Of fixed bytes the same damage in every run.
    random = np.random.RandomState(0)
    damaged = [whole[: int(place)] for place in np.linspace(0, len(whole) - 1, 30)]
    for _ in range(300):
        changed = bytearray(whole)
        for place in random.randint(0, len(whole), 3):
            changed[place] = random.randint(256)
        damaged.append(bytes(changed))
    refused = 0
    for data in damaged:
        path.write_bytes(data)
        try:
            found = read_container(path)
            if isinstance(found, dict):
                arrays(found, path)
                arrays(found.get("G"), path)
        except EngineError as error:
            refused += 1
            assert str(path) in error.message
            assert "\n" not in error.message
            assert error.code == "bad_weights"
    assert refused > 100


def test_other_files_are_refused_by_name(tmp_path: Path) -> None:
    text = tmp_path / "page.pth"
    text.write_text("<html>Sign in to download</html>")
    empty = tmp_path / "empty.pth"
    empty.write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "other.pth", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    claims_much = tmp_path / "large.pth"
    claims_much.write_bytes(b"\x80\x04\x8e" + struct.pack("<Q", 1 << 60) + b".")
    for path in (text, empty, tmp_path / "other.pth", claims_much, tmp_path / "absent.pth"):
        with pytest.raises(EngineError, match=path.name):
            read_container(path)


def test_reading_needs_neither_torch_nor_scipy(tmp_path: Path) -> None:
    torch.save({"a": torch.ones(3)}, tmp_path / "x.pth")
    program = (
        "import sys\nsys.modules['torch'] = sys.modules['scipy'] = None\n"
        "from inference.published.unpickle import arrays, read_container\n"
        "from inference.published.state import unavailable_reason\n"
        f"print(arrays(read_container({str(tmp_path / 'x.pth')!r}), 'x')['a'].sum())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=HUNG
    )
    assert done.stdout.strip() == "3.0", done.stderr


def test_a_stream_in_memory_gives_storages_too() -> None:
    # Plain pickles hold their tensors' storages as such streams.
    raw = io.BytesIO()
    storage = torch.storage.TypedStorage(
        wrap_storage=torch.arange(4.0).untyped_storage(), dtype=torch.float32, _internal=True
    )
    torch.save(storage, raw, _use_new_zipfile_serialization=False)
    from inference.published.pickle_survey import Budget
    from inference.published.unpickle import _read

    assert np.array_equal(
        _read(io.BytesIO(raw.getvalue()), None, 1, Budget(1000, 1000)).numbers(), np.arange(4.0)
    )


NINE = b"\x80\x04\x4e\x72\xff\xff\xff\x3f\x2e"  # puts None at the memo index 2³⁰ - 1
FAR, GREEDY, LONG, CUT = "far beyond", "more steps", "more characters", "cut short"
SMALL, COPIES, KEY, CLAIMS = "larger than its data", "again and again", "tuples within tuples", "claims more"


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def octets(raw: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    return b"\x8a\x08" + struct.pack("<q", value)


def storage(key: bytes, count: int, view: bytes = b"") -> bytes:
    return (
        b"(" + text("storage") + b"ctorch\nFloatStorage\n" + key + text("cpu") + number(count) + view + b"tQ"
    )


def tensor(key: str, count: int, shape: int, stride: int) -> bytes:
    """A one-dimensional tensor of float32."""
    made = number(0) + number(shape) + b"\x85" + number(stride) + b"\x85\x89)"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(text(key), count) + made + b"tR"


def many(entries: list[bytes]) -> bytes:
    """A pickle of a dictionary of them."""
    return b"\x80\x02}(" + b"".join(text(f"{place}") + entry for place, entry in enumerate(entries)) + b"u."


def zipped(program: bytes, storages: dict[str, bytes], *squeezed: str) -> bytes:
    """torch's zip; the members of these names are compressed, and so is data.pkl if it is among them."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        members = {"data.pkl": program, **{f"data/{key}": data for key, data in storages.items()}}
        for name, data in members.items():
            method = zipfile.ZIP_DEFLATED if name in squeezed else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(f"x/{name}"), data, method)
    return raw.getvalue()


def streamed(program: bytes, keys: bytes, data: bytes) -> bytes:
    """torch's older format."""
    head = (pickle.dumps(value, 2) for value in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
    return b"".join(head) + program + keys + data


def greedy_numbers() -> dict[str, tuple[bytes, str]]:
    """Single numbers that ask for much."""
    length = struct.pack("<Q", 1 << 40)
    return {
        "memo index": (NINE, FAR),
        "memo index in a zip": (zipped(NINE, {}), FAR),
        "memo index in a stream": (streamed(NINE, b"", b""), FAR),
        "memo index as text": (b"Np1073741823\n.", FAR),
        "memo index after the margin": (b"N" + b"r\xff\xff\x00\x00r\xff\xff\x01\x00" + b".", FAR),
        "text": (b"\x80\x04\x8d" + length + b"x.", CUT),
        "bytes": (b"\x80\x04\x8e" + length + b"x.", CUT),
        "bytearray": (b"\x80\x05\x96" + length + b"x.", CUT),
        "frame": (b"\x80\x04\x95" + length + b"N.", CUT),
        "negative text": (b"T\xff\xff\xff\xffN.", CUT),
        "binary number": (b"\x80\x02\x8b" + struct.pack("<i", 1 << 30) + b"x.", CUT),
        "long binary number": (
            b"\x80\x02\x8b" + struct.pack("<i", 1 << 21) + b"x" * (1 << 21) + b".",
            "digits",
        ),
        "number as text": (b"L" + b"9" * (1 << 21) + b"L\n.", LONG),
        "name": (b"c" + b"a" * (1 << 21) + b"\na\n.", LONG),
        "no end of a text": (b"V" + b"a" * (1 << 21), CUT),
        "extension": (b"\x80\x02\x82\x01.", CUT),
        "buffer": (b"\x80\x05\x97.", CUT),
    }


def greedy_programs() -> dict[str, tuple[bytes, str]]:
    """Opcodes that are cheap one by one."""
    lots = 1 << 20
    twice = b")" + b"2\x86" * 60  # a tuple of 2⁶⁰ values in 121 opcodes
    scalar = b"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n"
    return {
        "marks": (b"(" * (lots + 1), GREEDY),
        "nothing": (b"N" * lots + b".", GREEDY),
        "copies of the top": (b"]" + b"2" * lots + b".", GREEDY),
        "lists": (b"]" * lots + b".", GREEDY),
        "sets": (b"\x80\x04" + b"\x8f" * lots + b".", GREEDY),
        "dictionaries that are not empty": (b"}NNs" * lots + b".", GREEDY),
        "classes": (b"ca\nb\nq\x00" + b"h\x00)\x81" * lots + b".", GREEDY),
        "as many sets as may be": (b"\x80\x04" + b"\x8f" * (lots // 4 - 2) + b".", ""),
        "as many lists as may be": (b"]" * (lots // 2 - 2) + b".", ""),
        "as many texts as may be": (b"U\x02ab" * (lots - 2) + b".", ""),
        "a list in a list": (b"]" * 300000 + b"a" * 299999 + b".", ""),
        "a tuple in a tuple": (b"N" + b"\x85" * 1000000 + b".", ""),
        "a deep key": (b"}N" + b"\x85" * 1000000 + b"Ns.", KEY),
        "a deep key of a call": (b"}ctorch._utils\n_rebuild_parameter\nN" + b"\x85" * 500 + b"\x85RNs.", KEY),
        "a deep key of a list of pairs": (
            b"ccollections\nOrderedDict\n]N" + b"\x85" * 500 + b"N\x86a\x85R.",
            "kind of name",
        ),
        "a deep key of a set": (b"\x80\x04\x8f(N" + b"\x85" * 500 + b"\x90.", KEY),
        "a key that doubles": (b"\x80\x02}" + twice + b"Ns.", KEY),
        "a name that doubles": (zipped(b"\x80\x02" + storage(twice, 1) + b".", {}), "kind of name"),
        "a type that doubles": (many([scalar + twice + b"\x85RC\x01a\x86R"]), "other things than numbers"),
    }


def greedy_calls() -> dict[str, tuple[bytes, str]]:
    """The same call again and again."""

    def calls(name: bytes, arguments: bytes) -> bytes:
        return b"c" + name + b"\nq\x00" + arguments + b"q\x01" + b"h\x00h\x01R" * 20000 + b"."

    keys = b"]" + text("0") + b"a."
    inner = b"]" + b"N" * 1000 + b"0" * 1000 + storage(text("0"), 1) + b"."
    nested = streamed(inner, keys, struct.pack("<qf", 1, 2.0))
    view = text("k") + number(0) + number(4) + b"\x87"
    parts = b"\x80\x02" + storage(text("0"), 4, view)[:-1] + b"q\x00" + b"h\x00Q" * 150000 + b"."
    return {
        "sizes of bytes": (calls(b"torch\nSize", octets(bytes(100000)) + b"\x85"), "impossible size"),
        "sizes of many": (calls(b"torch\nSize", b"(" + b"K\x01" * 100 + b"t\x85"), "impossible size"),
        "texts": (calls(b"_codecs\nencode", text("a" * 100000) + text("latin1") + b"\x86"), COPIES),
        "dictionaries": (
            calls(b"collections\nOrderedDict", b"](" + b"K\x01K\x02\x86" * 2000 + b"e\x85"),
            GREEDY,
        ),
        "nested pickles": (calls(b"torch.storage\n_load_from_bytes", octets(nested) + b"\x85"), GREEDY),
        "a nested pickle of no tensor": (b"ctorch.storage\n_load_from_bytes\nC\x02N.\x85R.", "without data"),
        "long names": (text("m" * 60000) + b"q\x000" + b"h\x00h\x00\x93" * 100000 + b".", ""),
        "parts of a storage": (zipped(parts, {"0": bytes(16)}), ""),
    }


def greedy_tensors() -> dict[str, tuple[bytes, str]]:
    """Little data that claims to be much."""
    four, zeros = struct.pack("<4f", 1, 2, 3, 4), bytes(1 << 22)
    keys = b"]" + text("0") + b"a."
    one = many([tensor("0", 4, 1 << 28, 0)])
    spread = many([tensor("0", 4, 1 << 21, 0)] * 40)
    shared = many([tensor("0", 1 << 20, 1 << 20, 1)] * 60)
    part = text("k") + number(0) + number(1 << 40) + b"\x87"
    return {
        "stride 0": (zipped(one, {"0": four}), SMALL),
        "stride 0 in a stream": (streamed(one, keys, struct.pack("<q", 4) + four), SMALL),
        "stride 0 many times": (zipped(spread, {"0": four}), SMALL),
        "the same data many times": (zipped(shared, {"0": zeros}), SMALL),
        "more numbers than a zip has": (zipped(many([tensor("0", 1 << 40, 4, 1)]), {"0": four}), CUT),
        "more numbers than a stream has": (
            streamed(many([tensor("0", 1 << 40, 4, 1)]), keys, struct.pack("<q", 1 << 40) + four),
            CUT,
        ),
        "a part that is larger": (
            zipped(b"\x80\x02" + storage(text("0"), 4, part) + b".", {"0": four}),
            SMALL,
        ),
    }


def greedy_zips() -> dict[str, tuple[bytes, str]]:
    """Small zips of large members, and of many."""
    zeros = bytes(1 << 28)
    many_members = io.BytesIO()
    with zipfile.ZipFile(many_members, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x/data.pkl"), b"N.")
        archive.filelist += [copy.copy(archive.filelist[0]) for _ in range(100000)]
    few_members = io.BytesIO()
    with zipfile.ZipFile(few_members, "w") as archive:
        archive.writestr(
            zipfile.ZipInfo("x/data.pkl"), many([tensor(f"{key}", 1 << 20, 1, 1) for key in range(60)])
        )
        archive.writestr(zipfile.ZipInfo("x/data/0"), bytes(1 << 22))
        for key in range(1, 60):
            archive.filelist.append(copy.copy(archive.filelist[1]))
            archive.filelist[-1].filename = f"x/data/{key}"
    claims = zipped(many([tensor("0", 1 << 28, 1, 1)]), {"0": bytes(16)})
    size = struct.pack("<II", 16, 16)
    return {
        "compressed program": (zipped(zeros, {}, "data.pkl"), "compressed"),
        "compressed tensor": (
            zipped(many([tensor("0", len(zeros) // 4, 1, 1)]), {"0": zeros}, "data/0"),
            "compressed",
        ),
        "a directory of many": (many_members.getvalue(), "more members"),
        "members in one place": (few_members.getvalue(), CLAIMS),
        "a member beyond the end": (claims.replace(size, struct.pack("<II", 1 << 30, 1 << 30)), CLAIMS),
        "a directory before the start": (zipped(NINE, {})[:-10] + struct.pack("<IIH", 1 << 30, 0, 0), CUT),
    }


GREEDY_FILES = {
    "numbers": greedy_numbers,
    "programs": greedy_programs,
    "calls": greedy_calls,
    "tensors": greedy_tensors,
    "zips": greedy_zips,
}
READS = """
import json, resource, sys
from pathlib import Path
from inference.errors import EngineError
from inference.published.unpickle import arrays, read_container
if sys.platform == "linux":
    resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))
    resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
messages = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        arrays(read_container(path), path)
        messages[path.name] = ""
    except EngineError as error:
        messages[path.name] = error.message
print(json.dumps(messages))
"""
# A process inherits its parent's peak when it starts: one that is small itself stands between.
STARTS = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-c", *sys.argv[1:]]).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("kind", GREEDY_FILES)
def test_few_bytes_do_not_ask_for_much_memory(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("resource", reason="needs the peak memory of a process")
    expected_reasons = {}
    for name, (data, reason) in GREEDY_FILES[kind]().items():
        (tmp_path / name).write_bytes(data)
        expected_reasons[name] = reason
    done = subprocess.run(
        [sys.executable, "-c", STARTS, READS, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    told, _, last = done.stdout.strip().rpartition("\n")
    code, peak = map(int, last.split())
    assert code == 0, done.stderr
    messages = json.loads(told)
    assert set(messages) == set(expected_reasons)
    for name, reason in expected_reasons.items():
        assert reason in messages[name], name
        assert "\n" not in messages[name] and "MemoryError" not in messages[name], name
        assert not reason or str(tmp_path / name) in messages[name], name
    assert peak / (1 << 20 if sys.platform == "darwin" else 1 << 10) < 150


def test_a_pickle_cannot_change_where_a_tensor_lies(tmp_path: Path) -> None:
    # BUILD sets attributes past a frozen dataclass: with this stride it would show what lies before the data.
    changed = tensor("0", 4, 4, 1) + b"}" + text("stride") + b"J\xff\xff\xff\xff\x85sb"
    path = tmp_path / "x.pth"
    path.write_bytes(zipped(many([changed]), {"0": struct.pack("<4f", 1, 2, 3, 4)}))
    assert arrays(read_container(path), path)["0"].tolist() == [1, 2, 3, 4]
