# SPDX-License-Identifier: GPL-3.0-or-later
"""Which conventions a character's shape keys follow, and the mapping table that comes of it. Pure Python: no bpy.

Nothing is guessed in silence: where two shape keys fit one channel, or two sets of shapes move the same part, the choice
follows fixed rules and the table says what else there was.

* The convention that covers most channels comes first, a loose match counting less than its own names; among equals the
  order of `CONVENTIONS` decides. Others only fill what it leaves open, with shape keys that it does not use.
* A shape key that moves nothing counts for nothing; where nothing else shows its channel, the table says so.
* One set of shapes moves the mouth, so that nothing moves twice: expressions (ARKit and its kin), else visemes, else mouth
  shapes, else vowels – the first that is complete, see `COMPLETE`. The meshes decide whose shapes move the largest part of
  a face, not teeth or a beard. A person may choose another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import import_module
from typing import Final

from ...contract import ARKIT_NAMES
from ..matching import NameIndex, index, normalise
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
OPENERS: Final = ("jawOpen", "viseme:aa", "vowel:A", "mouth:D", "viseme:O", "vowel:O", "mouth:C")
"""What opens a mouth, the widest first."""
# Channels of a system that a character must have for it to be complete; expressions need the jaw as well.
COMPLETE: Final[dict[str, int]] = {EXPRESSIONS: 10, VISEMES: 9, MOUTH_SHAPES: 5, VOWELS: 4}

# Shapes that need not be: the face at rest shows them, so they may move nothing.
AT_REST: Final[frozenset[str]] = frozenset({"viseme:sil", "vowel:N", "mouth:X"})

_MOUTH: Final[frozenset[str]] = frozenset(name for names in SYSTEMS.values() for name in names)
LIPS_SHARE: Final = (
    0.5  # of the largest part that mouth shapes move on any mesh: teeth, tongue and beard move less
)
_BROWS_UP: Final = frozenset({"browInnerUp", "browOuterUpLeft", "browOuterUpRight"})
_BROWS_DOWN: Final = frozenset({"browDownLeft", "browDownRight"})
_ONLY_SINK = "Not driven: nothing that raises the brows is known, so they would only sink. Choose it, or this one, here."
_MOVES_NOTHING = "Moves nothing."
_UNVERIFIED_SHARE = 0.8
_UNVERIFIED_NOTE = "This name is not confirmed by its vendor: check that it moves the right part."


@dataclass(frozen=True)
class MeshNames:
    """A mesh of the character.

    Attributes:
        object: the object's name.
        keys: the names of its shape keys, without the basis.
        reaches: (len(keys),) how large the part is that each key moves, in one unit for all meshes, 0 for a key that moves
            nothing; () where that is not known.
    """

    object: str
    keys: tuple[str, ...]
    reaches: tuple[float, ...] = ()

    @property
    def still(self) -> frozenset[str]:
        """The keys that move nothing."""
        return frozenset(name for name, reach in zip(self.keys, self.reaches) if reach <= 0)


@dataclass(frozen=True)
class ControlChoice:
    """A control that a person pointed a channel at.

    Attributes:
        name: of the custom property or the input of nodes, or of the bone or object that is moved.
        kind: "location", "rotation_euler" or "scale" of what is moved; "" for a property.
        axis: of what is moved, 0 to 2.
        range: its values where the channel is 0 and 1 (radians of a rotation); None for what its limits say.
    """

    name: str
    kind: str = ""
    axis: int = 0
    range: tuple[float, float] | None = None

    @property
    def title(self) -> str:
        """What it is called in the table: as scripts would ask for it."""
        return f"{self.name}.{self.kind}.{'xyz'[self.axis]}" if self.kind else self.name


@dataclass(frozen=True)
class Choices:
    """What a person decided (`mapping` reads and writes it).

    Attributes:
        rows: channel → shape key names; () for a channel that shall drive nothing.
        mouth: which of `SYSTEMS` moves the mouth; "" for the rules.
        bones: ``bone:`` channel → bone name; "" for one that shall drive nothing.
        controls: channel → the control that shows it, in place of shape keys.
    """

    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mouth: str = ""
    bones: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, ControlChoice] = field(default_factory=dict)


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


@lru_cache(maxsize=256)
def known_names(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a mesh's shape keys that any convention may take for something, in the mesh's order."""
    names = {
        name
        for convention in CONVENTIONS
        for shown in _match(convention.identifier, keys).values()
        for name in (*(name for name, _ in shown.drives), *shown.others)
    }
    return tuple(name for name in keys if name in names)


@lru_cache(maxsize=1024)
def _match(identifier: str, keys: tuple[str, ...], still: frozenset[str] = frozenset()) -> dict[str, _Shown]:
    """Channel → what shows it on a mesh, by one convention: the first alternative that is complete, else the first of all.

    Args:
        identifier: of the convention.
        keys: the mesh's shape keys.
        still: those that move nothing, and so show nothing but the face at rest.
    """
    convention = BY_IDENTIFIER[identifier]
    names = index(keys)
    shown_by_channel: dict[str, _Shown] = {}
    if not names.may_have(_plain_names(identifier), convention.prefixes):
        return shown_by_channel
    for channel, recipe in convention.channels.items():
        best: _Shown | None = None
        for alternative in parse(recipe):
            shown = _shown(alternative, convention, names, frozenset() if channel in AT_REST else still)
            if shown is not None and (best is None or shown.complete):
                best = shown
            if best is not None and best.complete:
                break
        if best is not None:
            shown_by_channel[channel] = best
    return shown_by_channel


@cache
def _plain_names(identifier: str) -> frozenset[str]:
    """All names of a convention, as they are compared."""
    return frozenset(map(normalise, BY_IDENTIFIER[identifier].names))


def _shown(
    alternative: Recipe, convention: Convention, names: NameIndex, still: frozenset[str]
) -> _Shown | None:
    """What of a mesh one alternative of a recipe names; None where the mesh has nothing of it."""
    drives: list[tuple[str, float]] = []
    others: list[str] = []
    confidence = 1.0
    for name, gain in alternative:
        matches = [
            match
            for match in names.find(name, convention.prefixes, convention.whole, convention.behind_any)
            if match.key not in still
        ]
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
        for channel, shown in _match(convention.identifier, mesh.keys, mesh.still).items():
            surest[channel] = max(surest.get(channel, 0.0), shown.confidence)
    if len(surest) < convention.minimum:
        return 0.0
    if convention.signature and not any(
        index(mesh.keys).find(name, convention.prefixes, convention.whole, convention.behind_any)
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
    ranked = _ranked(meshes)
    tables = [_table(mesh, ranked) for mesh in meshes]
    notes = _apply_choices(meshes, tables, dict(chosen))
    system = _mouth_system(_rows_of_lips(meshes, tables), mouth)
    notes += _add_still(meshes, tables)
    _spare_brows(tables)
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


def _ranked(meshes: Sequence[MeshNames]) -> list[Convention]:
    """The conventions that the meshes follow, the one with most channels first."""
    scores = {convention.identifier: _score(convention, meshes) for convention in CONVENTIONS}
    ranked = [convention for convention in CONVENTIONS if scores[convention.identifier]]
    ranked.sort(key=lambda convention: -scores[convention.identifier])
    return ranked


def _add_still(meshes: Sequence[MeshNames], tables: list[dict[str, MappingRow]]) -> list[str]:
    """Add a row, left alone, for what names say and no shape shows; returns a sentence about them."""
    shown = {channel for table in tables for channel in table} | AT_REST
    nameless = [MeshNames(mesh.object, mesh.keys) for mesh in meshes]
    ranked = _ranked(nameless) if any(mesh.still for mesh in meshes) else []
    notes = []
    for mesh, by_name, table in zip(meshes, nameless, tables):
        names: dict[str, None] = {}
        for channel, row in _table(by_name, ranked).items():
            if channel not in shown and mesh.still.issuperset(row.targets):
                table[channel] = replace(row, note=_MOVES_NOTHING, driven=False, moves=False)
                names.update(dict.fromkeys(row.targets))
        if names:
            first, count = next(iter(names)), len(names)
            told = f"shape key '{first}'" if count == 1 else f"{count} shape keys, such as '{first}',"
            notes.append(
                f"On '{mesh.object}' the {told} move{'s' * (count == 1)} nothing and "
                f"count{'s' * (count == 1)} for nothing."
            )
    return notes


def _spare_brows(tables: list[dict[str, MappingRow]]) -> None:
    """Leave brows alone that could only sink, since nothing that raises them is known."""
    driven = {channel for table in tables for channel, row in table.items() if row.driven and row.targets}
    if driven & _BROWS_UP:
        return
    for table in tables:
        for channel in _BROWS_DOWN & table.keys():
            if table[channel].driven and table[channel].convention != USER:
                table[channel] = replace(table[channel], driven=False, note=_ONLY_SINK)


def _rows_of_lips(
    meshes: Sequence[MeshNames], tables: Sequence[Mapping[str, MappingRow]]
) -> list[MappingRow]:
    """The rows of the meshes whose mouth shapes move a large part of the face; of all where that is not known."""
    reaches = [mouth_reach(mesh, table.values()) for mesh, table in zip(meshes, tables)]
    least = LIPS_SHARE * max(reaches, default=0.0)
    return [row for reach, table in zip(reaches, tables) if reach >= least for row in table.values()]


def mouth_reach(mesh: MeshNames, rows: Iterable[MappingRow]) -> float:
    """How large the part of a mesh is that its mouth shapes move, in the unit of its `reaches`; 0 where that is not known."""
    reach = dict(zip(mesh.keys, mesh.reaches))
    moved = [reach.get(name, 0.0) for row in rows if row.channel in _MOUTH for name in row.targets]
    return max(moved, default=0.0)


def _table(mesh: MeshNames, ranked: Sequence[Convention]) -> dict[str, MappingRow]:
    """The rows of one mesh before anybody's choices."""
    table: dict[str, MappingRow] = {}
    owner: dict[str, str] = {}
    alternatives: dict[str, list[str]] = {}
    for convention in ranked:
        for channel, shown in _match(convention.identifier, mesh.keys, mesh.still).items():
            targets = tuple(name for name, _ in shown.drives)
            if channel in table:
                if convention.fills or shown.confidence < table[channel].confidence:
                    continue  # no doubt beside a name that is surer
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
                    _note_of_choice(mesh, names),
                    driven=bool(names),
                    moves=not names or not mesh.still.issuperset(names),
                )
    return notes


def _note_of_choice(mesh: MeshNames, names: tuple[str, ...]) -> str:
    if not names:
        return "Switched off by choice."
    return _MOVES_NOTHING if mesh.still.issuperset(names) else ""


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
    if not row.moves:
        return row
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
    return [name for name in (*wanted, *rest) if name not in driven and name not in AT_REST]
