# SPDX-License-Identifier: GPL-3.0-or-later
"""What an action of ours remembers, as JSON: read so that every entry is what it should be, or is left out. No Blender.

Entries that are not known here stay as they are: another version wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, Final

from ..contract.errors import Damaged
from ..contract.json_text import json_object
from ..host.kept_values import flag, number, text, whole

_LEAST_SPEED: Final = 1e-3
_LARGEST: Final = 1e300
"""Of a value that any property may have."""
_MAY_LACK: Final = frozenset({"seconds"})
"""Entries that may be `null`."""
_Check = Callable[[Any], Any]
"""What an entry is; None where it is not what it should be."""


def _place(value: Any) -> tuple[str, int] | None:
    """[data path, index]."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    path, index = text(value[0]), whole(value[1], -1)
    return None if path is None or index is None else (path, index)


def _rest(value: Any) -> list[list[Any]] | None:
    """Rows of [data path, index, value before]."""
    if not isinstance(value, list):
        return None
    places = [
        (_place(row), number(row[2], -_LARGEST, _LARGEST) if len(row) == 3 else None)
        for row in value
        if _place(row)
    ]
    return [[*place, before] for place, before in places if place is not None and before is not None]


def _drivers(value: Any) -> list[list[Any]] | None:
    """Rows of [data path, index]."""
    if not isinstance(value, list):
        return None
    return [list(place) for row in value if (place := _place(row)) is not None]


def _lines(value: Any) -> list[dict[str, Any]] | None:
    if not isinstance(value, list):
        return None
    return [_checked(line, _LINE) for line in value if isinstance(line, dict)]


def _table(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


_SECONDS: Final = partial(number, least=0.0)
_HEARD: Final[Mapping[str, _Check]] = {
    "recording": text,
    "audio": text,
    "begin": _SECONDS,
    "seconds": _SECONDS,
    "lead": number,
    "style": text,
    "seed": partial(whole, least=-(2**63), most=2**63),
    "start": whole,
}
"""Of a recording, alone or as a line of a scene."""
_LINE: Final[Mapping[str, _Check]] = {
    **_HEARD,
    "line": text,
    "speed": partial(number, least=_LEAST_SPEED),
}
_ENTRIES: Final[Mapping[str, _Check]] = {
    **_HEARD,
    "role": text,
    "character": text,
    "head_bone": text,
    "motion": text,
    "filmed": text,
    "fps": partial(number, least=_LEAST_SPEED),
    "frames": partial(whole, least=0),
    "dials": _table,
    "dial_keys": text,
    "source": _table,
    "lines": _lines,
    "rest": _rest,
    "created": flag,
    "muted_drivers": _drivers,
    "forgotten": flag,
}
_BEFORE: Final = frozenset({"rest", "created", "muted_drivers", "forgotten"})
"""What a datablock was before its animation; the other entries tell of the motion."""
_NEEDED: Final = _BEFORE | {"motion"}


def _checked(entries: Mapping[str, Any], checks: Mapping[str, _Check]) -> dict[str, Any]:
    """The entries that are what they should be."""
    result = {}
    for name, value in entries.items():
        check = checks.get(name)
        known = value if check is None else check(value)
        if known is not None or (value is None and (check is None or name in _MAY_LACK)):
            result[name] = known
    return result


@lru_cache(maxsize=64)
def _read(written: str) -> tuple[dict[str, Any], frozenset[str]]:
    """The entries in a text, and which of those that removing an animation needs are not what they should be."""
    try:
        given = json_object(written)
    except Damaged:
        return {}, _NEEDED
    record = _checked(given, _ENTRIES)
    damaged = {name for name in _NEEDED if record.get(name) != given.get(name)}
    if "rest" not in record:
        damaged.add("rest")
    if record.get("forgotten"):
        damaged.add("forgotten")
    return record, frozenset(damaged)


def read(written: object) -> dict[str, Any]:
    """What an action remembers.

    Args:
        written: the value of its custom property; whatever somebody put there.

    Returns:
        The entries that are what they should be; {} where it is no such text. It may be changed, what lies in it may not.
    """
    return dict(_read(written)[0]) if isinstance(written, str) else {}


def is_damaged(written: object) -> bool:
    """Whether what removing an animation needs of what its action remembers is not what it should be."""
    return not isinstance(written, str) or bool(_read(written)[1])


def forgets(written: object) -> bool:
    """Whether what there was before an animation is no longer known; what is made of such a record is `forgotten` too."""
    return not isinstance(written, str) or not _BEFORE.isdisjoint(_read(written)[1])


def of_motion(record: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a record that hold for every datablock: all but what each of them was before."""
    return {name: value for name, value in record.items() if name not in _BEFORE}
