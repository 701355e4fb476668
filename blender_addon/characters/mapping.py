# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person decided about the mapping table: kept with the character, and as presets for the next one.

Both are the same JSON, which people may edit::

    {
      "format": 1,
      "mouth": "VISEMES",
      "rows": {"viseme:PP": ["MouthShut"], "eyeBlinkLeft": ["wink.L"], "tongueOut": []},
      "bones": {"bone:jaw": "Jaw_ctrl"},
      "controls": {"jawOpen": {"name": "Kiefer", "kind": "location", "axis": 1, "range": [0.0, -0.2]}}
    }

``rows`` says for a channel (`rigs.convention.CHANNELS`) which shape keys show it, [] for none; ``mouth`` which of
`rigs.recognition.SYSTEMS` moves the mouth, "" for the rules; ``controls`` which property, bone or object shows a channel (see
`rigs.recognition.ControlChoice`), where it is no shape key. What a preset names and a character lacks is left out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from ..contract.errors import quoted
from ..contract.input_files import ordinary
from ..contract.json_text import json_value
from ..errors import TalkingAnimationError
from ..rigs.face_shapes.convention import CHANNELS
from ..rigs.face_shapes.recognition import SYSTEMS, Choices, ControlChoice

FORMAT = 1
EXTENSION = ".json"
_FOLDER = os.path.join("presets", "talking_animation", "mapping")
TRANSFORMS: Final = ("location", "rotation_euler", "scale")
"""What of a bone or an object a control may be."""
FURTHEST: Final = 1_000_000
"""A control may be moved: single-precision numbers, in which keys are, tell thousandths there no longer."""
_Row = TypeVar("_Row")
_NONE = Choices()
_KNOWN = frozenset(CHANNELS)


def to_json(choices: Choices) -> str:
    """Choices as text."""
    table: dict[str, Any] = {
        "format": FORMAT,
        "mouth": choices.mouth,
        "rows": {channel: list(names) for channel, names in sorted(choices.rows.items())},
        "bones": dict(sorted(choices.bones.items())),
    }
    if choices.controls:
        table["controls"] = {
            channel: asdict(control) for channel, control in sorted(choices.controls.items())
        }
    return json.dumps(table, ensure_ascii=False, indent=2)


@lru_cache(maxsize=64)
def from_json(text: str | bytes) -> Choices:
    """Choices from text; "" is none.

    Raises:
        ValueError: where it is not the JSON that this module writes; its text says why.
    """
    if not text.strip():
        return _NONE
    data = json_value(text)
    if not isinstance(data, dict) or not isinstance(data.get("rows", {}), dict):
        raise ValueError("it holds no table of rows")
    if not isinstance(data.get("format"), int) or data["format"] > FORMAT:
        raise ValueError("it was made by a newer Talking Animation")
    mouth, bones = data.get("mouth", ""), data.get("bones", {})
    if mouth not in ("", *SYSTEMS):
        raise ValueError(f"{quoted(mouth)} is nothing that moves a mouth")
    if not isinstance(bones, dict) or not all(isinstance(name, str) for name in bones.values()):
        raise ValueError("its bones are not names")
    rows = {}
    for channel, names in data.get("rows", {}).items():
        if channel not in _KNOWN:
            raise ValueError(f"{quoted(channel)} is no channel")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(f"the shape keys of {quoted(channel)} are not a list of names")
        rows[channel] = tuple(names)
    return Choices(rows, mouth, bones, _controls_in(data.get("controls", {})))


def _controls_in(data: Any) -> dict[str, ControlChoice]:
    """Channel → control, from JSON.

    Raises:
        ValueError: as `from_json`.
    """
    if not isinstance(data, dict) or not all(isinstance(row, dict) for row in data.values()):
        raise ValueError("its controls are no table")
    controls = {}
    for channel, row in data.items():
        if channel not in _KNOWN:
            raise ValueError(f"{quoted(channel)} is no channel")
        name, kind, axis, ends = row.get("name"), row.get("kind", ""), row.get("axis", 0), row.get("range")
        if not isinstance(name, str) or not name or kind not in ("", *TRANSFORMS) or axis not in (0, 1, 2):
            raise ValueError(f"the control of {quoted(channel)} is none")
        if ends is not None and not _is_range(ends):
            raise ValueError(f"the range of {quoted(channel)} is not two different numbers within a million")
        controls[channel] = ControlChoice(name, kind, int(axis), None if ends is None else (ends[0], ends[1]))
    return controls


def _is_range(ends: Any) -> bool:
    if not isinstance(ends, (list, tuple)) or len(ends) != 2:
        return False
    # Whole numbers of JSON may be longer than any float: they are compared, never converted.
    numbers = all(isinstance(end, (int, float)) and -FURTHEST <= end <= FURTHEST for end in ends)
    return numbers and ends[0] != ends[1]


# -- with the character --------------------------------------------------------------------------------


def choices_of(root: Any) -> Choices:
    """What was decided for a character; nothing where the stored text is damaged.

    Args:
        root: `character.Character.root`.
    """
    state = getattr(root, "talking_animation", None)
    text = getattr(state, "mapping", "")
    if not text:
        return _NONE
    try:
        return from_json(text)
    except ValueError:
        return _NONE


def store(root: Any, choices: Choices) -> None:
    """Keep choices with a character."""
    empty = choices == _NONE
    root.talking_animation.mapping = "" if empty else to_json(choices)


def choose(root: Any, channel: str, names: tuple[str, ...] | None) -> None:
    """Decide what a channel drives.

    Args:
        root: `character.Character.root`.
        channel: one of `rigs.convention.CHANNELS`, or a ``bone:`` channel.
        names: shape keys (or one bone); () for nothing; None to leave it to the names again.
    """
    choices = choices_of(root)
    if channel.startswith("bone:"):
        bones = _without(choices.bones, channel)
        if names is not None:
            bones[channel] = names[0] if names else ""
        store(root, replace(choices, bones=bones))
        return
    if channel not in _KNOWN:
        raise TalkingAnimationError(f"There is no channel '{channel}': see docs/rigs.md for their names.")
    rows = _without(choices.rows, channel)
    if names is not None:
        rows[channel] = tuple(names)
    store(root, replace(choices, rows=rows, controls=_without(choices.controls, channel)))


def choose_control(root: Any, channel: str, control: ControlChoice) -> None:
    """Let a channel drive a control: a custom property, an input of nodes, or a bone or object that is moved.

    Args:
        root: `character.Character.root`.
        channel: one of `rigs.convention.CHANNELS`.
        control: what it drives, and how far.

    Raises:
        TalkingAnimationError: the channel, the kind or the range is none.
    """
    if channel not in _KNOWN:
        raise TalkingAnimationError(f"There is no channel '{channel}': see docs/rigs.md for their names.")
    if not control.name or control.kind not in ("", *TRANSFORMS) or control.axis not in (0, 1, 2):
        raise TalkingAnimationError(
            f"'{control.name}' is no control: name a custom property, or a bone or object and how it moves (location, "
            "rotation_euler or scale) along which axis (0 to 2)."
        )
    if control.range is not None and not _is_range(control.range):
        raise TalkingAnimationError(
            f"The range of '{control.name}' is none: give it two different numbers, neither beyond a million."
        )
    choices = choices_of(root)
    controls = {**choices.controls, channel: control}
    store(root, replace(choices, rows=_without(choices.rows, channel), controls=controls))


def _without(table: Mapping[str, _Row], channel: str) -> dict[str, _Row]:
    return {key: value for key, value in table.items() if key != channel}


def choose_mouth(root: Any, system: str) -> None:
    """Decide what moves the mouth: one of `rigs.recognition.SYSTEMS`, "" for the rules."""
    if system not in ("", *SYSTEMS):
        raise TalkingAnimationError(
            f"'{system}' is nothing that moves a mouth: choose one of {', '.join(SYSTEMS)}."
        )
    choices = choices_of(root)
    store(root, replace(choices, mouth=system))


def reset(root: Any) -> None:
    """Forget all choices: names alone decide again."""
    store(root, _NONE)


# -- presets -------------------------------------------------------------------------------------------


def folder(create: bool = False) -> Path:
    """Where presets are: in Blender's folder for the user's presets.

    Raises:
        TalkingAnimationError: where it cannot be made.
    """
    import bpy

    place = bpy.utils.user_resource("SCRIPTS", path=_FOLDER, create=create)
    if create and not (place and os.path.isdir(place)):
        raise TalkingAnimationError(
            f"The folder for presets ('{place}') cannot be made: check the rights of Blender's user folder."
        )
    return Path(place)


def presets() -> list[str]:
    """Names of the saved presets, in alphabetical order."""
    place = folder()
    if not place.is_dir():
        return []
    return sorted((path.stem for path in place.glob(f"*{EXTENSION}")), key=str.casefold)


def _file(name: str) -> Path:
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .")
    if not clean:
        raise TalkingAnimationError("The preset has no name: enter one.")
    return folder() / f"{clean}{EXTENSION}"


def table_of(rows: list[Any]) -> dict[str, tuple[str, ...]]:
    """Channel → shape keys of a whole mapping table, whoever chose them; gains other than 1 stay with the convention."""
    table: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.kind == "SHAPE" and not row.gains and row.moves:
            table[row.channel] = tuple(dict.fromkeys((*table.get(row.channel, ()), *row.targets)))
    return table


def save_preset(name: str, choices: Choices) -> Path:
    """Save choices under a name; a preset of that name is replaced.

    Raises:
        TalkingAnimationError: where the file cannot be written.
    """
    path = _file(name)
    folder(create=True)
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_text(to_json(choices) + "\n", encoding="utf-8")
        os.replace(unfinished, path)
    except OSError as error:
        raise TalkingAnimationError(
            f"The preset '{path}' cannot be written ({error.strerror or error}): check the rights of its folder."
        ) from error
    return path


def load_preset(name: str) -> Choices:
    """Read a preset.

    Raises:
        TalkingAnimationError: where there is none of that name, or it is damaged.
    """
    path = _file(name)
    try:
        return from_json(ordinary(path).read_bytes())
    except FileNotFoundError as error:
        raise TalkingAnimationError(f"There is no mapping preset '{name}' in '{path.parent}'.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TalkingAnimationError(
            f"The mapping preset '{path}' cannot be read: save it again, or delete the file."
        ) from error
    except ValueError as error:  # of `from_json`, in words for people
        raise TalkingAnimationError(
            f"The mapping preset '{path}' cannot be used: {error}. Save it again, or delete the file."
        ) from error


def delete_preset(name: str) -> None:
    """Delete a preset; none of that name is no error.

    Raises:
        TalkingAnimationError: it cannot be deleted.
    """
    path = _file(name)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise TalkingAnimationError(
            f"The mapping preset '{path}' cannot be deleted ({error.strerror or error}): check its permissions."
        ) from error


def merged(below: Choices, above: Choices) -> Choices:
    """Choices of both; those above win."""
    rows = {channel: names for channel, names in below.rows.items() if channel not in above.controls}
    controls = {channel: chosen for channel, chosen in below.controls.items() if channel not in above.rows}
    return Choices(
        {**rows, **above.rows},
        above.mouth or below.mouth,
        {**below.bones, **above.bones},
        {**controls, **above.controls},
    )
