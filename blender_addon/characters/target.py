# SPDX-License-Identifier: GPL-3.0-or-later
"""What can move: a target says whether a character has it, and which keys make it move.

A new kind of target is one class in one file and one line in `targets/__init__.py` (or a call of `registry.register`). Nothing
else names targets: what the panel says of a character, generating, dials, *Remove* and *Nothing moves?* ask all that are known.
docs/architecture.md says step by step how to write one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from ..contract import Dials
from ..keys.channels import Channel, Rest

if TYPE_CHECKING:
    from ..contract import FaceAnimation
    from .character import Character
    from .head_place import HeadPlace


@dataclass(frozen=True)
class TargetSettings:
    """What targets need to know besides the motion.

    Attributes:
        dials: how strongly each part moves.
        rest: how the character is without its talking animation: a property's value, by datablock, data path and index.
    """

    dials: Dials
    rest: Rest


@dataclass
class Outcome:
    """What a target wants written, and what the user should know.

    Attributes:
        channels: curves; those of one datablock go into one action.
        warnings: sentences about what was left out or might hide the result, with a remedy.
    """

    channels: list[Channel] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Target:
    """One kind of thing that moves. It keeps nothing: everything is asked of the character anew.

    `name`, `title`, `present` and `apply` are to be written; the rest answers for a target that moves what is there already.
    Where it is present, it is asked in this order: `talks`, `summary` (each redraw of the panel, so both must be quick),
    `prepare` (before keys are written for the first time), `apply` (each time that they are), `problem`. `datablocks` and
    `clear` are asked of every target, present or not.

    Attributes:
        name: what it is called in programs, such as "shape_keys"; no two have the same.
        title: what it is called in sentences: "on its …".
    """

    name: ClassVar[str]
    title: ClassVar[str]

    def present(self, character: Character) -> bool:
        """Whether a character has it; must be quick, and may look at all of the character but its `targets`."""
        raise NotImplementedError

    def talks(self, character: Character) -> bool:
        """Whether it is a mouth, so that a character that has nothing else can be made to talk; asked where it is present."""
        return False

    def notices(self, obj: Any) -> bool:
        """Whether an object is worth a closer look where a scene's characters are sought: must be quick."""
        return False

    def summary(self, character: Character) -> str:
        """What was found, in a few words for the panel; "" for what goes without saying. Asked where it is present."""
        return ""

    def adjustment(self, character: Character) -> str:
        """How its keys are adjusted to this character, in one sentence without full stop; "" where nothing is. It is told after
        generating and in the mapping table, so it must be quick. Asked where it is present.
        """
        return ""

    def problem(self, character: Character) -> str:
        """What keeps its part of an animation from showing, in one sentence; "" where all is well. Asked where it is present."""
        return ""

    def listed(self, character: Character) -> list[tuple[str, str]]:
        """Rows for the mapping table: what moves, and what shows it. Asked where it is present; must be quick."""
        return []

    def datablocks(self, character: Character) -> list[Any]:
        """Everything that may carry actions of ours on its account, also where it is no longer present: what *Remove* looks at,
        and what other keys, the NLA and *Nothing moves?* are about. Whatever `apply` names in its channels must be here.
        """
        return []

    def why_not(self, character: Character) -> str:
        """Why a character of this kind cannot be made to talk as it is, in one sentence with a remedy; "" where it is of another
        kind. Asked where nothing talks.
        """
        return ""

    def not_live(self, character: Character) -> str:
        """Why nothing of it moves in a live preview, in one sentence with a remedy; "" where it does."""
        return ""

    def set_up(self, character: Character) -> None:
        """Add to the scene what the curves of `apply` are to be on; asked where it is present, before new keys are written.
        Nothing of the user's may look different by it, and `clear` takes it away again.

        Raises:
            TalkingAnimationError: where that cannot be; nothing was added.
        """

    def follow(self, animation: FaceAnimation, character: Character, dials: Dials, start: int) -> list[str]:
        """Show what no curve can, after keys were written or changed; asked where it is present.

        Args:
            animation: as `apply` got it.
            character: one that has it.
            dials: how strongly each part moves.
            start: scene frame of the first key.

        Returns:
            Sentences about what was left out.
        """
        return []

    def prepare(self, character: Character) -> Iterator[float]:
        """Find out, a little at a time, what `apply` would else have to find out at once; asked where it is present.

        Meanwhile nothing else changes the file. Whoever stops asking closes the iterator; nothing is to be left behind then.

        Yields:
            0 to 1: how much is done; nothing where `apply` is quick as it is.
        """
        return iter(())

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """The curves that let it move. Nothing of the user's is to be changed: they are written, or refused, afterwards.

        Args:
            animation: T frames at the scene's rate, before any dial (`contract.dialled.dialled` applies them).
            character: one that has it.
            settings: dials and rest values.

        Returns:
            Channels of equal or different length, from the start frame on; longer than T where they ease out (`contract.easing`).
        """
        raise NotImplementedError

    def head_place(self, character: Character, rest: Rest) -> HeadPlace | None:
        """Where the head that it turns is in the scene at the present frame, were there no talking animation; None for a target
        that turns no head. Asked where it is present, in a whole scene whose characters look at each other.
        """
        return None

    def clear(self, character: Character) -> bool:
        """Take away what was added to the scene for it when the talking animation is removed; returns whether anything was."""
        return False
