"""What a training is to do: the tables of ``configs``, and what a person's own files change in them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from inference.errors import EngineError
from inference.face.errors import shown

CONFIGS = Path(__file__).parent.parent / "configs"
_BESIDE = {"first": "encoder", "deeper": "encoder", "again": "together"}
"""Table → the one whose values it may change too."""


def read_config(paths: Sequence[Path] = ()) -> dict[str, Any]:
    """What ships, all the tables of ``configs``, with what some TOML files say instead.

    Args:
        paths: tables of a later file change the values of an earlier one, key by key.

    Raises:
        EngineError: where a file is missing, is not TOML, or says what no training reads (code ``bad_config``).
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    config: dict[str, Any] = {}
    for path in (
        *(CONFIGS / f"{name}.toml" for name in ("content", "landmarks", "speaker", "portrait")),
        *paths,
    ):
        try:
            with path.open("rb") as file:
                tables = tomllib.load(file)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise EngineError(
                f"{path} cannot be read as a configuration ({error}): compare it with those in {CONFIGS}.",
                "bad_config",
            ) from error
        if path in paths:
            _check(tables, config, path)
        for key, value in tables.items():
            config[key] = {**config.get(key, {}), **value} if isinstance(value, dict) else value
    return config


def _check(tables: dict[str, Any], shipped: dict[str, Any], path: Path) -> None:
    """Refuse names that no training reads, and values of another kind than those that ship: they would change nothing, or break
    off a stage hours later.
    """
    for table, values in tables.items():
        known = {**shipped.get(_BESIDE.get(table, ""), {}), **_values(shipped, table)}
        if table not in shipped or isinstance(values, dict) != isinstance(shipped[table], dict):
            raise _not_read(path, f"[{table}]" if isinstance(values, dict) else table, shipped)
        for name, value in _values(tables, table).items():
            if name not in known:
                raise _not_read(path, f"{name} in [{table}]", known)
            if not _alike(value, known[name]):
                raise EngineError(
                    f"{path} says {shown(value)} for {name} in [{table}], which is {shown(known[name])} as it ships: write such "
                    "a value.",
                    "bad_config",
                )


def _values(tables: dict[str, Any], table: str) -> dict[str, Any]:
    """The values of a table; a value that stands alone is one by its own name."""
    values = tables.get(table)
    return values if isinstance(values, dict) else {table: values}


def _alike(value: Any, shipped: Any) -> bool:
    """Whether a value is of the kind of one that ships; a whole number will do for another one, and counts are not negative."""
    if isinstance(shipped, (int, float)) and not isinstance(shipped, bool):
        kinds = (int,) if isinstance(shipped, int) else (int, float)
        return isinstance(value, kinds) and not isinstance(value, bool) and value >= 0
    return isinstance(value, type(shipped))


def _not_read(path: Path, name: str, known: Iterable[str]) -> EngineError:
    like = get_close_matches(name.strip("[]").split(" in ")[0], known, 1)
    meant = f": {like[0]} is" if like else f": compare it with those in {CONFIGS}"
    return EngineError(f"{path} says {name}, which no training reads{meant}.", "bad_config")
