"""What happens to files: cut, torn, overwritten, mixed up; and files that are whole, but say impossible things.

Each function draws one damaged file from a good one. `hypothesis` chooses, so that a failure is made as small as it can be.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st

Draw = Any  # hypothesis' DrawFn, whose module differs between versions

_WIDTHS: Final = ("<B", "<H", "<I", "<Q", ">H", ">I")
_HEAD: Final = 256
"""Bytes at the beginning of a file, where formats keep their sizes: half of all damage falls there."""
_TEXTS: Final = (
    "",
    " ",
    "\x00",
    "a\nb",
    "\x1b[31mred",
    "../../etc/passwd",
    "C:\\CON",
    "\\\\host\\share\\x",
    "é" * 300,
    "\ud800",
)
_NUMBERS: Final = (0, -1, 1, 2**31, 2**63, 10**400, -0.0, 1e-320, 1e308, -1e308, float("nan"), float("inf"))
_LARGE: Final = (
    0,
    1,
    7,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    2**62,
    2**64 - 1,
)
_HUGE: Final = 10**9


def damaged(draw: Draw, data: bytes) -> bytes:
    """Bytes with one to four faults."""
    for _ in range(draw(st.integers(1, 4))):
        data = draw(st.sampled_from(_FAULTS))(draw, data)
    return data


def _place(draw: Draw, data: bytes) -> int:
    last = len(data)
    return draw(st.one_of(st.integers(0, min(_HEAD, last)), st.integers(0, last)))


def _cut(draw: Draw, data: bytes) -> bytes:
    return data[: _place(draw, data)]


def _flipped(draw: Draw, data: bytes) -> bytes:
    if not data:
        return data
    place = min(_place(draw, data), len(data) - 1)
    return data[:place] + bytes([data[place] ^ 1 << draw(st.integers(0, 7))]) + data[place + 1 :]


def _number(draw: Draw, data: bytes) -> bytes:
    place, width = _place(draw, data), draw(st.sampled_from(_WIDTHS))
    size = struct.calcsize(width)
    value = draw(st.sampled_from(_LARGE)) & (1 << 8 * size) - 1
    return data[:place] + struct.pack(width, value) + data[place + size :]


def _without(draw: Draw, data: bytes) -> bytes:
    place = _place(draw, data)
    return data[:place] + data[place + draw(st.integers(1, 64)) :]


def _doubled(draw: Draw, data: bytes) -> bytes:
    place = _place(draw, data)
    return data[:place] + data[place : place + draw(st.integers(1, 4096))] * 2 + data[place:]


def _foreign(draw: Draw, data: bytes) -> bytes:
    place = _place(draw, data)
    return data[:place] + draw(st.binary(max_size=32)) + data[place:]


_FAULTS: Final = (_cut, _flipped, _number, _number, _without, _doubled, _foreign)


def damaged_archive(draw: Draw, data: bytes) -> bytes:
    """A zip of arrays (``.npz``): the file itself is damaged, or one of its arrays, or an array says something impossible.

    Checksums are right again afterwards, so that the damage reaches those who read the arrays.
    """
    if draw(st.integers(0, 3)) == 0:
        return damaged(draw, data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(members)))
    change = draw(st.sampled_from((_bytes_of_array, _header_of_array, _other_array, _missing, _bomb)))
    change(draw, members, name)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _bytes_of_array(draw: Draw, members: dict[str, bytes], name: str) -> None:
    members[name] = damaged(draw, members[name])


def _header_of_array(draw: Draw, members: dict[str, bytes], name: str) -> None:
    """An array whose header promises another shape or kind than the bytes that follow."""
    content = members[name]
    begin = 10 + int.from_bytes(content[8:10], "little")
    shape = draw(
        st.sampled_from([(), (0,), (1,), (3,), (-1,), (_HUGE,), (_HUGE, _HUGE), (2, 3, 4), (1,) * 40])
    )
    kind = draw(
        st.sampled_from(
            ["<f4", "<f8", "<f2", "|O", "<U1", "<U100000000", "<c16", "|b1", "<M8[s]", "|V8", ">i8"]
        )
    )
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    members[name] = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content[begin:]


def _other_array(draw: Draw, members: dict[str, bytes], name: str) -> None:
    """A whole array of the same shape that holds what no sound, face or time can be; text where the array is text."""
    array = np.load(io.BytesIO(members[name]), allow_pickle=False)
    if array.dtype.kind == "U":
        text = str(array) if array.ndim == 0 else ""
        array = np.array(
            damaged_json(draw, text.encode()).decode("utf-8", "replace")
            if text[:1] in ("{", "[")
            else draw(st.sampled_from(_TEXTS[:-1]))
        )
    elif array.dtype.kind == "f":
        with np.errstate(over="ignore"):
            array = np.full_like(
                array, draw(st.sampled_from([value for value in _NUMBERS if isinstance(value, float)]))
            )
    else:
        limits = np.iinfo(array.dtype) if array.dtype.kind in "iu" else None
        choices = [0, 1] if limits is None else [0, limits.min, limits.max]
        array = np.full_like(array, draw(st.sampled_from(choices)))
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    members[name] = stream.getvalue()


def _missing(draw: Draw, members: dict[str, bytes], name: str) -> None:
    del draw, members[name]


def _bomb(draw: Draw, members: dict[str, bytes], name: str) -> None:
    """Some kilobytes that unfold to a quarter of a gigabyte or more."""
    count = 1 << draw(st.sampled_from([25, 26]))
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({count},), }}\n".encode()
    members[name] = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(8 * count)


def damaged_json(draw: Draw, data: bytes) -> bytes:
    """JSON with one value replaced, left out or nested deeply; or its bytes damaged."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return damaged(draw, data)
    if kind == 1:
        depth = draw(st.sampled_from([50, 2000, 200_000]))
        return b"[" * depth + (b"]" * depth if draw(st.booleans()) else b"")
    tree = json.loads(data)
    places = list(_places(tree))
    holder, key = draw(st.sampled_from(places)) if places else (None, None)
    if holder is None:
        tree = draw(_values())
    elif kind == 2 and isinstance(holder, dict):
        del holder[key]
    else:
        holder[key] = draw(_values())
    return json.dumps(tree).encode()


def _places(tree: Any) -> Any:
    """(container, key) of every value in a tree of JSON."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield tree, key
        yield from _places(tree[key])


def _values() -> st.SearchStrategy[Any]:
    plain = st.one_of(st.none(), st.booleans(), st.sampled_from(_NUMBERS), st.sampled_from(_TEXTS))
    return st.one_of(
        plain, st.lists(plain, max_size=3), st.dictionaries(st.sampled_from(_TEXTS[:-1]), plain, max_size=2)
    )


def damaged_text(draw: Draw, data: bytes) -> bytes:
    """Lines of cells with one cell replaced, a line doubled or left out, in another encoding; or the bytes damaged."""
    kind = draw(st.integers(0, 4))
    if kind == 0:
        return damaged(draw, data)
    lines = data.decode("utf-8").splitlines()
    row = draw(st.integers(0, len(lines) - 1))
    if kind == 1:
        lines[row : row + 1] = [lines[row]] * draw(st.sampled_from([0, 2, 500]))
    else:
        cells = lines[row].split(",")
        number = draw(st.sampled_from(_NUMBERS))
        cells[draw(st.integers(0, len(cells) - 1))] = draw(
            st.sampled_from([*_TEXTS[:-1], '"', "'", ",,", str(number)])
        )
        lines[row] = ",".join(cells)
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig", "cp1252"]))
    return "\n".join(lines).encode(encoding, "replace")
