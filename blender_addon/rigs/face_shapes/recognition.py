# SPDX-License-Identifier: GPL-3.0-or-later
"""Which conventions a character's shape keys follow, and the mapping table that comes of it. Pure Python: no bpy.

Nothing is guessed in silence: where two shape keys fit one channel, or two sets of shapes move the same part, the choice
follows fixed rules and the table says what else there was.

* The convention that covers most channels comes first, a loose match counting less than its own names; among equals the
  order of `CONVENTIONS` decides. Others only fill what it leaves open, with shape keys that it does not use.
* One set of shapes moves the mouth, so that nothing moves twice: expressions (ARKit and its kin), else visemes, else mouth
  shapes, else vowels – the first that is complete, see `COMPLETE`. A person may choose another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import Final

from ...contract import ARKIT_NAMES
from ..matching import NameIndex, index
from ..table import MappingRow
from .convention import (
    CHANNELS,
    MOUTH_CHANNELS,
    MOUTH_EXPRESSIONS,
    VISEME_CHANNELS,
    VOWEL_CHANNELS,
    Convention,
    Recipe,
    parse,
)
from .order import MODULES

CONVENTIONS: Final[tuple[Convention, ...]] = tuple(
    convention for module in MODULES for convention in import_module(f".{module}", __package__).CONVENTIONS
)
BY_IDENTIFIER: Final[dict[str, Convention]] = {
    convention.identifier: convention for convention in CONVENTIONS
}
USER = "user"

EXPRESSIONS, VISEMES, MOUTH_SHAPES, VOWELS = "EXPRESSIONS", "VISEMES", "MOUTH_SHAPES", "VOWELS"
# What can move a mouth, in the order of preference.
SYSTEMS: Final[dict[str, tuple[str, ...]]] = {
    EXPRESSIONS: MOUTH_EXPRESSIONS,
    VISEMES: VISEME_CHANNELS,
    MOUTH_SHAPES: MOUTH_CHANNELS,
    VOWELS: VOWEL_CHANNELS,
}
SYSTEM_TITLES: Final[dict[str, str]] = {
    EXPRESSIONS: "expression shapes",
    VISEMES: "visemes",
    MOUTH_SHAPES: "mouth shapes",
    VOWELS: "vowels",
}
# Channels of a system that a character must have for it to be complete; expressions need the jaw as well.
COMPLETE: Final[dict[str, int]] = {EXPRESSIONS: 10, VISEMES: 9, MOUTH_SHAPES: 5, VOWELS: 4}

_UNVERIFIED_SHARE = 0.8
_UNVERIFIED_NOTE = "This name is not confirmed by its vendor: check that it moves the right part."


@dataclass(frozen=True)
class MeshNames:
    """A mesh of the character: the object's name and the names of its shape keys, without the basis."""

    object: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Choices:
    """What a person decided (`mapping` reads and writes it).

    Attributes:
        rows: channel → shape key names; () for a channel that shall drive nothing.
        mouth: which of `SYSTEMS` moves the mouth; "" for the rules.
        bones: ``bone:`` channel → bone name; "" for one that shall drive nothing.
    """

    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mouth: str = ""
    bones: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recognition:
    """What the shape keys of a character are.

    Attributes:
        conventions: identifiers of the conventions that contribute, the one with most channels first.
        mouth: which of `SYSTEMS` moves the mouth; "" where nothing does.
        rows: for each mesh its rows, in the order of `convention.CHANNELS`.
        notes: sentences about choices that were made.
    """

    conventions: tuple[str, ...]
    mouth: str
    rows: tuple[tuple[MappingRow, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Shown:
    """What of a mesh shows a channel, by one convention: the (shape key, gain) of one alternative of its recipe."""

    drives: tuple[tuple[str, float], ...]
    confidence: float
    others: tuple[str, ...]
    unverified: bool
    complete: bool


@lru_cache(maxsize=1024)
def _match(identifier: str, keys: tuple[str, ...]) -> dict[str, _Shown]:
    """Channel → what shows it on a mesh, by one convention: the first alternative that is complete, else the first of all."""
    convention = BY_IDENTIFIER[identifier]
    names = index(keys)
    shown_by_channel = {}
    for channel, recipe in convention.channels.items():
        best: _Shown | None = None
        for alternative in parse(recipe):
            shown = _shown(alternative, convention, names)
            if shown is not None and (best is None or shown.complete):
                best = shown
            if best is not None and best.complete:
                break
        if best is not None:
            shown_by_channel[channel] = best
    return shown_by_channel


def _shown(alternative: Recipe, convention: Convention, names: NameIndex) -> _Shown | None:
    """What of a mesh one alternative of a recipe names; None where the mesh has nothing of it."""
    drives: list[tuple[str, float]] = []
    others: list[str] = []
    confidence = 1.0
    for name, gain in alternative:
        matches = names.find(name, convention.prefixes, convention.whole)
        if not matches:
            continue
        surest = matches[0]
        drives.append((surest.key, gain))
        confidence = min(
            confidence, surest.confidence * (_UNVERIFIED_SHARE if name in convention.unverified else 1.0)
        )
        others += [match.key for match in matches[1:] if match.confidence >= surest.confidence - 0.2]
    if not drives:
        return None
    complete = len(drives) == len(alternative)
    if not complete:
        confidence = confidence * len(drives) / len(alternative)
    unverified = any(name in convention.unverified for name, _ in alternative)
    return _Shown(tuple(drives), confidence, tuple(others), unverified, complete)


def _score(convention: Convention, meshes: Sequence[MeshNames]) -> float:
    """How many channels of a convention the meshes have together, each counted by its confidence squared; 0 for too few."""
    surest: dict[str, float] = {}
    for mesh in meshes:
        for channel, shown in _match(convention.identifier, mesh.keys).items():
            surest[channel] = max(surest.get(channel, 0.0), shown.confidence)
    if len(surest) < convention.minimum:
        return 0.0
    if convention.signature and not any(
        index(mesh.keys).find(name, convention.prefixes, convention.whole)
        for mesh in meshes
        for name in convention.signature
    ):
        return 0.0
    return round(sum(confidence**2 for confidence in surest.values()), 6)


def recognise(meshes: Sequence[MeshNames], choices: Choices | None = None) -> Recognition:
    """Recognise the shape keys of a character.

    Args:
        meshes: all its meshes with shape keys.
        choices: what a person decided; None for nothing.

    Returns:
        The table, with a tuple of rows for each mesh (empty for a mesh that shows nothing of the animation).
    """
    return _recognise(
        tuple(meshes),
        tuple(sorted((choices.rows if choices else {}).items())),
        choices.mouth if choices else "",
    )


@lru_cache(maxsize=256)
def _recognise(
    meshes: tuple[MeshNames, ...], chosen: tuple[tuple[str, tuple[str, ...]], ...], mouth: str
) -> Recognition:
    scores = {convention.identifier: _score(convention, meshes) for convention in CONVENTIONS}
    ranked = [convention for convention in CONVENTIONS if scores[convention.identifier]]
    ranked.sort(key=lambda convention: -scores[convention.identifier])
    tables = [_table(mesh, ranked) for mesh in meshes]
    notes = _apply_choices(meshes, tables, dict(chosen))
    system = _mouth_system([row for table in tables for row in table.values()], mouth)
    rows = tuple(
        tuple(_settled(table[channel], system) for channel in CHANNELS if channel in table)
        for table in tables
    )
    used = [row.convention for table in rows for row in table]
    contributing = [convention for convention in ranked if convention.identifier in used]
    if len(contributing) > 1:
        titles = " and ".join(convention.title for convention in contributing)
        notes.append(
            f"Names of {titles} were found; the first comes first, the others fill what it leaves open."
        )
    identifiers = tuple(convention.identifier for convention in contributing)
    return Recognition(identifiers, system, rows, tuple(notes))


def _table(mesh: MeshNames, ranked: Sequence[Convention]) -> dict[str, MappingRow]:
    """The rows of one mesh before anybody's choices."""
    table: dict[str, MappingRow] = {}
    owner: dict[str, str] = {}
    alternatives: dict[str, list[str]] = {}
    for convention in ranked:
        for channel, shown in _match(convention.identifier, mesh.keys).items():
            targets = tuple(name for name, _ in shown.drives)
            if channel in table:
                taken = table[channel].targets
                alternatives.setdefault(channel, []).extend(
                    name for name in targets if name not in taken and name not in owner
                )
                continue
            if any(owner.get(name, convention.identifier) != convention.identifier for name in targets):
                continue  # another convention's shape: it stands for something else there
            gains = tuple(gain for _, gain in shown.drives)
            for name in targets:
                owner[name] = convention.identifier
            alternatives.setdefault(channel, []).extend(shown.others)
            table[channel] = MappingRow(
                channel,
                "SHAPE",
                mesh.object,
                targets,
                convention.identifier,
                round(shown.confidence, 3),
                _UNVERIFIED_NOTE if shown.unverified else "",
                gains if any(gain != 1.0 for gain in gains) else (),
            )
    for channel, names in alternatives.items():
        rivals = list(dict.fromkeys(name for name in names if name not in table[channel].targets))
        if rivals:
            listed = ", ".join(f"'{name}'" for name in rivals[:3])
            table[channel] = replace(
                table[channel],
                note=f"{listed} {'fits' if len(rivals) == 1 else 'fit'} too: choose the right one here.",
            )
    return table


def _apply_choices(
    meshes: Sequence[MeshNames], tables: list[dict[str, MappingRow]], chosen: Mapping[str, tuple[str, ...]]
) -> list[str]:
    notes = []
    for channel, targets in chosen.items():
        if channel not in CHANNELS:
            continue
        present = [tuple(name for name in targets if name in mesh.keys) for mesh in meshes]
        if targets and not any(present):
            notes.append(
                f"The shape key '{targets[0]}' that was chosen for {channel} is not on this character."
            )
            continue
        for mesh, table, names in zip(meshes, tables, present):
            if names or channel in table:
                table[channel] = MappingRow(
                    channel,
                    "SHAPE",
                    mesh.object,
                    names,
                    USER,
                    1.0,
                    "" if names else "Switched off by choice.",
                    driven=bool(names),
                )
    return notes


def _mouth_system(rows: Sequence[MappingRow], chosen: str) -> str:
    channels = {row.channel for row in rows if row.targets}
    counts = {system: len(channels.intersection(names)) for system, names in SYSTEMS.items()}
    if counts.get(chosen):
        return chosen
    for system, minimum in COMPLETE.items():
        if counts[system] >= minimum and (system != EXPRESSIONS or "jawOpen" in channels):
            return system
    # None is complete: what opens the mouth counts, then the number of shapes.
    if "jawOpen" in channels and not any(counts[system] >= 3 for system in (VISEMES, MOUTH_SHAPES, VOWELS)):
        return EXPRESSIONS
    best = max(SYSTEMS, key=lambda system: (counts[system] / len(SYSTEMS[system]), counts[system]))
    return best if counts[best] else ""


def _settled(row: MappingRow, system: str) -> MappingRow:
    """A row, left alone where another system moves the mouth."""
    for name, channels in SYSTEMS.items():
        if row.channel in channels and name != system:
            told = f"Not driven: the {SYSTEM_TITLES[system]} move the mouth." if system else "Not driven."
            return replace(row, driven=False, note=told)
    return row


def missing_channels(recognised: Recognition) -> list[str]:
    """Channels that nothing shows: of the system that moves the mouth, and ARKit's for the rest of the face."""
    driven = {row.channel for rows in recognised.rows for row in rows if row.driven}
    wanted = SYSTEMS.get(recognised.mouth, MOUTH_EXPRESSIONS)
    if recognised.mouth in ("", EXPRESSIONS):
        return [name for name in ARKIT_NAMES if name not in driven]
    rest = [name for name in ARKIT_NAMES if name not in MOUTH_EXPRESSIONS]
    silent = {"viseme:sil", "vowel:N", "mouth:X"}  # shapes that need not be: the face at rest shows them
    return [name for name in (*wanted, *rest) if name not in driven and name not in silent]
