# SPDX-License-Identifier: GPL-3.0-or-later
"""Which convention an armature's face bones follow, and which bone plays which role. Pure Python: no bpy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import Any, Final

from . import generic
from .convention import ROLES, SIDE_ROLES, SIDES, BoneMatch, Convention, FaceBones
from .order import MODULES

CONVENTIONS: Final[tuple[Convention, ...]] = tuple(
    convention for module in MODULES for convention in import_module(f".{module}", __package__).CONVENTIONS
)

_MACHINERY: Final = ("def_", "mch_", "org_", "wgt_")
"""What Rigify puts before the names of bones that are no controls."""
_EXACT, _CASE, _LOOSE, _WORDS = 1.0, 0.95, 0.85, 0.6


def recognise(armature: Any) -> FaceBones:
    """Which of an armature object's bones play which role in its face.

    Args:
        armature: an armature object, or anything with a `name` and `data.bones` that have names.

    Returns:
        The bones of the convention that fits best; where none fits, those whose names hold words such as jaw, lip,
        lid or brow. Empty where there are none.
    """
    return recognise_names(armature.name, [bone.name for bone in armature.data.bones])


def recognise_names(armature: str, names: Sequence[str], hidden: Collection[str] = frozenset()) -> FaceBones:
    """As `recognise`, from the bones' names alone.

    Args:
        armature: name of the armature object.
        names: of its bones.
        hidden: those that the rig hides. A convention knows its controls, hidden or not; of an unknown rig, what is hidden is
            left out where a part of the face has bones that are shown.
    """
    fitting = _fitting(names)
    by_words = _by_words(names, hidden)
    # What no convention's module says of an armature (a jaw added by hand, say), its words may.
    if not fitting:
        if not by_words:
            return FaceBones(armature)
        return FaceBones(armature, "generic", "Unknown", tuple(by_words))
    convention, matches = max(fitting, key=lambda pair: len(pair[1]))
    taken = {match.bone for match in matches}
    roles = {match.role for match in matches}
    if not roles & {"jaw", "lip_lower"}:
        matches += [match for match in by_words if match.role not in roles and match.bone not in taken]
    matches.sort(key=lambda match: ROLES.index(match.role))
    rivals = [other.title for other, bones in fitting if other != convention and len(bones) == len(matches)]
    note = f"Its bones fit {rivals[0]} just as well." if rivals else ""
    return FaceBones(armature, convention.identifier, convention.title, tuple(matches), note)


class _NameTable:
    """Finds a bone by its exact name, without case, or behind a namespace or a prefix that all of a rig's bones have."""

    def __init__(self, names: Iterable[str], prefix: str = "") -> None:
        """Of names in a rig; of those behind a prefix (in small letters, with one kind of separator) only."""
        self._tables: list[tuple[float, dict[str, str]]] = [(_EXACT, {}), (_CASE, {}), (_LOOSE, {})]
        for name in names:
            folded = unicodedata.normalize("NFKC", name).casefold()
            plain = _plain(folded)
            if prefix:
                if plain.startswith(prefix):
                    self._tables[-1][1].setdefault(plain[len(prefix) :], name)
                continue
            for (_, table), key in zip(self._tables, (name, folded, plain)):
                table.setdefault(key, name)

    def prefixes(self, name: str) -> set[str]:
        """What stands before a name in this rig, where it ends other names."""
        ending = "_" + _plain(name.casefold())
        plain = self._tables[-1][1]
        return {key[: -len(ending) + 1] for key in plain if key.endswith(ending)}

    def find(self, name: str) -> tuple[str, float] | None:
        """A bone's own name and the confidence; None where there is none."""
        folded = name.casefold()
        for (confidence, table), key in zip(self._tables, (name, folded, _plain(folded))):
            if key in table:
                return table[key], confidence
        return None


def _plain(folded: str) -> str:
    """A name without its namespace, and with one kind of separator."""
    return re.sub(r"[\s.\-]", "_", re.split(r"[:|]", folded)[-1])


def _both_sides(name: str, convention: Convention) -> tuple[str, ...]:
    return tuple(name.replace("{side}", side) for side in convention.sides) if "{side}" in name else (name,)


def _fitting(names: Sequence[str]) -> list[tuple[Convention, list[BoneMatch]]]:
    """The conventions that a rig's names fit; where none does, those that they fit behind a prefix of the rig's own."""
    table = _NameTable(names)
    fitting = [
        (convention, _matches(convention, table)) for convention in CONVENTIONS if _fits(convention, table)
    ]
    if fitting:
        return fitting
    for convention in CONVENTIONS:
        first = _both_sides(convention.signature[0], convention)[0]
        for prefix in sorted(table.prefixes(first)):
            behind = _NameTable(names, prefix)
            known = any(
                table.find(name) for pattern in convention.absent for name in _both_sides(pattern, convention)
            )
            if not known and _fits(convention, behind):
                fitting.append((convention, _matches(convention, behind)))
    return fitting


def _fits(convention: Convention, table: _NameTable) -> bool:
    wanted = [name for pattern in convention.signature for name in _both_sides(pattern, convention)]
    unwanted = [name for pattern in convention.absent for name in _both_sides(pattern, convention)]
    # A rig's own prefix may stand before its controls alone: "hero_jaw_master" beside "DEF-jaw".
    return all(table.find(name) for name in wanted) and not any(
        table.find(name) or any(not prefix.endswith(_MACHINERY) for prefix in table.prefixes(name))
        for name in unwanted
    )


def _matches(convention: Convention, table: _NameTable) -> list[BoneMatch]:
    matches: list[BoneMatch] = []
    taken: set[str] = set()

    def add(role: str, pattern: str) -> None:
        for name in pattern.split("|"):
            known = table.find(name)
            if known is not None and known[0] not in taken:
                bone, confidence = known
                taken.add(bone)
                matches.append(BoneMatch(role, bone, confidence))
                return

    for role, patterns in convention.bones.items():
        for pattern in patterns:
            if role in SIDE_ROLES:
                for side, token in zip(SIDES, convention.sides):
                    add(f"{role}.{side}", pattern.replace("{side}", token))
            else:
                for name in _both_sides(pattern, convention):
                    add(role, name)
    return matches


# -- unknown rigs --------------------------------------------------------------------------------------


_GLUED: Final = re.compile(
    f"(?P<side>[lr](?={'|'.join(generic.AFTER_A_SIDE)}))?(?P<rest>(?:{'|'.join(generic.GLUED)})+)"
)
_PARTS_OF_GLUED: Final = re.compile("|".join(generic.GLUED))


def words_of(name: str) -> list[str]:
    """A name's words: ``CTRL_upperLip.L`` → ctrl, upper, lip, l; ``lefteyelidtop`` → lefteyelidtop, left, eyelid, top."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])", " ", text)
    words = [word for word in re.split(r"[^A-Za-z0-9]+", text.casefold()) if word]
    for word in tuple(words):
        glued = _GLUED.fullmatch(word)
        if glued is not None:
            parts = [part for part in (glued["side"], *_PARTS_OF_GLUED.findall(glued["rest"])) if part]
            words += parts if len(parts) > 1 else []
    return words


def _by_words(names: Sequence[str], hidden: Collection[str]) -> list[BoneMatch]:
    """Bones by the words in their names, the control before the bone that follows it."""
    words = {name: words_of(name) for name in names}
    order = {name: number for number, name in enumerate(names)}

    def behind(bone: str) -> int:
        """0 for what an animator sees and moves, more for what is behind it."""
        return 2 * bool(generic.HELPERS & set(words[bone])) + (bone in hidden)

    candidates: dict[tuple[str, str], list[str]] = {}
    for name in names:
        role = _role_of(words[name])
        if role:
            # Words that do not tell a control from the bone that follows it.
            plain = [w for w in words[name] if w not in generic.FOLLOWERS | generic.CONTROLS]
            candidates.setdefault((role, " ".join(sorted(plain))), []).append(name)
    chosen: dict[str, list[str]] = {}
    for (role, _), bones in candidates.items():
        best = min(
            bones,
            key=lambda bone: (behind(bone), bool(generic.FOLLOWERS & set(words[bone])), order[bone]),
        )
        chosen.setdefault(role, []).append(best)
    matches = []
    for role, bones in chosen.items():
        front = min(behind(bone) for bone in bones)
        matches += [BoneMatch(role, bone, _WORDS) for bone in bones if behind(bone) == front]
    if not any(match.role == "jaw" for match in matches):
        chins = [name for name in names if "chin" in words[name] and not generic.IGNORED & set(words[name])]
        if chins and not _side(words[chins[0]]):
            matches.append(BoneMatch("jaw", chins[0], 0.5 * _WORDS))
    jaws = [match for match in matches if match.role == "jaw"]
    for match in jaws[1:]:  # one bone opens the mouth: the first in the armature's order
        matches.remove(match)
    for side in SIDES:  # one bone turns an eye
        for match in [match for match in matches if match.role == f"eye.{side}"][1:]:
            matches.remove(match)
    matches.sort(key=lambda match: (ROLES.index(match.role), order[match.bone]))
    return matches


def _side(words: Sequence[str]) -> str:
    left, right = bool(generic.LEFT & set(words)), bool(generic.RIGHT & set(words))
    return "" if left == right else ("left" if left else "right")


def _role_of(words: list[str]) -> str:
    """One of `ROLES`, or ""."""
    present = set(words)
    if present & generic.IGNORED:
        return ""
    part = next((role for role, wanted in generic.PARTS if wanted & present), "")
    side = _side(words)
    upper, lower = bool(present & generic.UPPER), bool(present & generic.LOWER)
    if part == "eye" and present & generic.TARGET:
        return "" if side else "eye_target"
    if part == "eye" and upper != lower:
        part = "lid"
    if part == "corner":
        in_mouth = bool(present & {"lip", "lips", "mouth", "mouthcorner", "lipcorner", "smile"})
        return f"lip_corner.{side}" if side and in_mouth else ""
    if part == "lip":
        if upper != lower:
            return "lip_upper" if upper else "lip_lower"
        return f"lip_corner.{side}" if side else ""
    if part == "lid":
        if not side:
            return ""
        return f"lid_lower.{side}" if lower and not upper else f"lid_upper.{side}"
    if part in ("brow", "cheek", "eye"):
        return f"{part}.{side}" if side else ""
    if part == "jaw":
        return "" if upper or side or "line" in present else "jaw"
    return part
