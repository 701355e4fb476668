# SPDX-License-Identifier: GPL-3.0-or-later
"""What a naming convention of face bones is, and what was recognised of one. Pure Python: no bpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..table import MappingRow

SIDES: Final[tuple[str, str]] = ("left", "right")

# Roles with one list of bones, and roles with one list for each of the character's own sides ("eye.left").
MIDDLE_ROLES: Final[tuple[str, ...]] = ("jaw", "lip_upper", "lip_lower", "tongue", "eye_target")
SIDE_ROLES: Final[tuple[str, ...]] = ("lip_corner", "lid_upper", "lid_lower", "brow", "cheek", "eye")
ROLES: Final[tuple[str, ...]] = (
    *MIDDLE_ROLES,
    *(f"{role}.{side}" for role in SIDE_ROLES for side in SIDES),
)


# How the notes of roles begin that the animation leaves alone.
AT_REST: Final = "Left at rest"


@dataclass(frozen=True)
class Convention:
    """How one family of rigs names its face bones.

    Attributes:
        identifier: for programs, such as ``rigify``.
        title: for people, such as ``Rigify``.
        sides: what stands for ``{side}`` in the names: the character's own left, right.
        signature: names of which all must be there for the convention to be considered.
        bones: role (`MIDDLE_ROLES`, `SIDE_ROLES`) → names. ``{side}`` makes a name two; in a middle role both count.
            Every name that is there takes part; of names joined by ``|`` the first that is there. A tongue's run from
            its root to its tip.
        absent: names of which none may be there.
    """

    identifier: str
    title: str
    sides: tuple[str, str]
    signature: tuple[str, ...]
    bones: Mapping[str, tuple[str, ...]]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoneMatch:
    """A bone and the role it plays.

    Attributes:
        role: one of `ROLES`.
        bone: its name.
        confidence: 0…1: 1 the convention's exact name, less for looser matches.
    """

    role: str
    bone: str
    confidence: float


@dataclass(frozen=True)
class FaceBones:
    """The face bones of an armature.

    Attributes:
        armature: name of the armature object.
        convention: identifier of the convention; "" where none was recognised.
        title: its name for people.
        matches: the bones, by role in the order of `ROLES`.
        note: one sentence for people, "" where there is nothing to say.
    """

    armature: str
    convention: str = ""
    title: str = ""
    matches: tuple[BoneMatch, ...] = ()
    note: str = ""

    def __bool__(self) -> bool:
        """Whether any bone was recognised."""
        return bool(self.matches)

    def bones(self, *roles: str) -> tuple[str, ...]:
        """The bones of one or several roles, in that order."""
        return tuple(match.bone for role in roles for match in self.matches if match.role == role)

    @property
    def lips(self) -> tuple[str, ...]:
        """All bones that move lips."""
        return self.bones("lip_upper", "lip_lower", "lip_corner.left", "lip_corner.right")

    @property
    def talks(self) -> bool:
        """Whether the mouth can be opened: there is a jaw, or a lower lip."""
        return bool(self.bones("jaw", "lip_lower"))

    @property
    def confidence(self) -> float:
        """0…1: of the least sure bone of the mouth; 0 where there is none."""
        mouth = [
            match.confidence for match in self.matches if match.role in ("jaw", "lip_upper", "lip_lower")
        ]
        return min(mouth, default=0.0)

    @property
    def summary(self) -> str:
        """What was found, in one line; "" where nothing was."""
        if not self.matches:
            return ""
        parts = [
            (self.bones("jaw"), "jaw"),
            (self.lips, "lips"),
            (self.bones("lid_upper.left", "lid_upper.right", "lid_lower.left", "lid_lower.right"), "lids"),
            (self.bones("brow.left", "brow.right"), "brows"),
            (self.bones("eye.left", "eye.right", "eye_target"), "eyes"),
            (self.bones("tongue"), "tongue"),
        ]
        return f"{self.title} face bones: " + ", ".join(title for bones, title in parts if bones)

    def rows(self, notes: Mapping[str, str] | None = None) -> tuple[MappingRow, ...]:
        """The mapping table's rows, one for each role that has bones.

        Args:
            notes: role → sentence for its row.
        """
        rows = []
        for role in ROLES:
            matches = [match for match in self.matches if match.role == role]
            if matches:
                rows.append(
                    MappingRow(
                        channel=f"bone:{role}",
                        kind="BONE",
                        object=self.armature,
                        targets=tuple(match.bone for match in matches),
                        convention=self.convention,
                        confidence=min(match.confidence for match in matches),
                        note=(notes or {}).get(role, ""),
                        driven=not (notes or {}).get(role, "").startswith(AT_REST),
                    )
                )
        return tuple(rows)

    def overridden(self, rows: Iterable[MappingRow]) -> FaceBones:
        """The same with the roles of some rows (channels ``bone:…``) given to those rows' bones instead."""
        matches = list(self.matches)
        for row in rows:
            role = row.channel.partition(":")[2]
            if row.kind != "BONE" or role not in ROLES:
                continue
            matches = [match for match in matches if match.role != role]
            matches += [BoneMatch(role, bone, row.confidence) for bone in row.targets]
        matches.sort(key=lambda match: ROLES.index(match.role))
        return replace(
            self,
            convention=self.convention or ("user" if matches else ""),
            title=self.title or ("Chosen" if matches else ""),
            matches=tuple(matches),
        )
