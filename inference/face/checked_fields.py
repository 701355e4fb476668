"""Dataclasses that check their own fields, from JSON and to JSON: what `messages` is made of. Needs nothing but Python."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from numbers import Real
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from .errors import EngineError, shown


@dataclass(frozen=True)
class Between:
    """Annotates a number: its lowest and highest value."""

    lowest: float
    highest: float

    def __str__(self) -> str:
        """For an error's sentence."""
        return f"{self.lowest:g} to {self.highest:g}"

    def allows(self, number: float) -> bool:
        """Whether it is within them, both included; what is not a number is not."""
        return self.lowest <= number <= self.highest


@dataclass(frozen=True)
class OneOf:
    """Annotates a text: what it may be."""

    allowed: tuple[str, ...]

    def __str__(self) -> str:
        """For an error's sentence."""
        return f"one of {', '.join(self.allowed)}"

    def allows(self, text: str) -> bool:
        """Whether it is one of them."""
        return text in self.allowed


@dataclass(frozen=True)
class WordOrNumber:
    """Annotates a text: words that it may be, or a whole number from 1 on, up to the most where that is not None."""

    words: tuple[str, ...]
    most: int | None = None

    def __str__(self) -> str:
        """For an error's sentence."""
        return f"{', '.join(self.words)} or a number from 1{f' to {self.most}' if self.most else ''}"

    def allows(self, text: str) -> bool:
        """Whether it is one of them; numbers are written without a sign or a leading 0."""
        number = text.isascii() and text.isdecimal() and not text.startswith("0")
        return text in self.words or (number and (self.most is None or int(text[:9]) <= self.most))


@dataclass(frozen=True)
class WordOrFile:
    """Annotates a text: words that it may be, or a path with one of some endings."""

    words: tuple[str, ...]
    endings: tuple[str, ...]

    def __str__(self) -> str:
        """For an error's sentence."""
        return f"one of {', '.join(self.words)} or a file {' or '.join(dict.fromkeys(self.endings))}"

    def allows(self, text: str) -> bool:
        """Whether it is one of them."""
        return text in self.words or (
            text.lower().endswith(self.endings) and text.lower() not in self.endings
        )


FilePath = Annotated[str, "a path"]
"""A file or folder, never the empty text."""

FLAT: Final = {"flat": True}
"""Metadata of a field that is such a dataclass itself: its fields stand in the outer JSON object."""

_CALLED = {"fps": "frame rate", "voice_in_file": "speaker in the file"}
_KIND_NAMES = {str: "a text", float: "a number", int: "a whole number", bool: "true or false"}
_known: dict[Any, dict[str, Any]] = {}  # what `_kinds` has found: reading annotations takes a while


@dataclass(frozen=True)
class Checked:
    """Base of dataclasses whose fields are as their annotations say, whoever makes them.

    An annotation is ``str``, `FilePath`, ``float``, ``int``, ``bool``, another such dataclass, a ``tuple[…, ...]`` of these, one
    of these or None, or one of these ``Annotated`` with `Between`, `OneOf`, `WordOrNumber` or `WordOrFile`.
    A whole number is taken for a number and becomes one; so does a list for a tuple.
    """

    def __post_init__(self) -> None:
        """Raise EngineError (code ``bad_request``) for a value of the wrong kind or out of range."""
        for name, kind in _kinds(type(self)).items():
            object.__setattr__(self, name, _checked(getattr(self, name), kind, name))


_C = TypeVar("_C", bound=Checked)


def _kinds(kind: Any) -> dict[str, Any]:
    """A dataclass' fields and their annotations."""
    if kind not in _known:
        hints = get_type_hints(kind, include_extras=True)
        _known[kind] = {part.name: hints[part.name] for part in fields(kind)}
    return _known[kind]


def from_json(kind: type[_C], values: Mapping[str, Any]) -> _C:
    """A `Checked` dataclass of JSON values; values that it does not know are passed over.

    Raises:
        EngineError: a field is missing, of the wrong kind or out of range (code ``bad_request``).
    """
    known: dict[str, Any] = {}
    for part in fields(kind):
        if part.metadata == FLAT:
            known[part.name] = from_json(_kinds(kind)[part.name], values)
        elif part.name in values:
            known[part.name] = values[part.name]
        elif part.default is MISSING and part.default_factory is MISSING:
            raise _missing(part.name)
    return kind(**known)


def as_json(value: Checked) -> dict[str, Any]:
    """What `from_json` makes the same of, with every field."""
    values: dict[str, Any] = {}
    for part in fields(value):
        inner = _json_value(getattr(value, part.name))
        values.update(inner if part.metadata == FLAT else {part.name: inner})
    return values


def _json_value(value: Any) -> Any:
    if isinstance(value, Checked):
        return as_json(value)
    return [_json_value(element) for element in value] if isinstance(value, tuple) else value


def _checked(value: Any, kind: Any, name: str) -> Any:
    """The value as an annotation wants it."""
    if kind == FilePath:
        if not isinstance(value, str) or not value:
            raise _missing(name)
        return value
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):  # always "this or None"; an empty path is no path
        kind = next(part for part in parts if part is not type(None))
        nothing = value is None or (kind == FilePath and value == "")
        return None if nothing else _checked(value, kind, name)
    if origin is Annotated:
        return _within(_checked(value, parts[0], name), parts[1], name)
    if origin is tuple:
        if not isinstance(value, (list, tuple)) or (parts[0] == FilePath and not value):
            raise _missing(name) if parts[0] == FilePath else _wrong(name, "a list", value)
        return tuple(_checked(element, parts[0], name) for element in value)
    if issubclass(kind, Checked):
        if isinstance(value, Mapping):
            return from_json(kind, value)
        if not isinstance(value, kind):
            raise _wrong(name, "an object", value)
        return value
    return _plain(value, kind, name)


def _plain(value: Any, kind: type, name: str) -> Any:
    """A text, a number, a whole number or a truth value. Whether 1 was written as 1.0 does not matter."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    try:
        if kind is float and number:
            return float(value)  # of whatever kind numpy calls it as well
        if kind is int and number and value == int(value):
            return int(value)
    except (OverflowError, ValueError):  # an integer too large for a number; infinity; not a number
        pass
    if kind in (float, int) or not isinstance(value, kind):
        raise _wrong(name, _KIND_NAMES[kind], value)
    return value


def _within(value: Any, rule: Between | OneOf | WordOrNumber | WordOrFile, name: str) -> Any:
    """The value, where its rule allows it."""
    if not rule.allows(value):
        raise _wrong(name, str(rule), value)
    return value


def _wrong(name: str, wanted: str, value: Any) -> EngineError:
    return EngineError(f"The {_CALLED.get(name, name)} must be {wanted}, not {shown(value)}.", "bad_request")


def _missing(name: str) -> EngineError:
    return EngineError(f"The request names no {name}: update the add-on.", "bad_request")
