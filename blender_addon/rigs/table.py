# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping table: what of a character each channel drives. Pure Python: no bpy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MappingRow:
    """One channel of the animation and what it drives.

    Attributes:
        channel: an ARKit name (``jawOpen``), ``viseme:PP``, ``vowel:A``, ``mouth:B`` or ``bone:jaw``.
        kind: ``SHAPE`` or ``BONE``.
        object: name of the object whose shape key or bone it is.
        targets: names of the shape keys or of the bone; more than one where a shape is split into halves.
        convention: identifier of the naming convention that it was found by; ``user`` where a person chose it.
        confidence: 0…1: 1 the convention's exact name, less for looser matches.
        note: one sentence for people, "" where there is nothing to say.
        gains: what of the channel's value each target gets; () where it is all of it. Negative where the target
            moves the other way.
        driven: False where the row is left alone, because other shapes of the character move the same part.
        moves: False where its shape keys move no vertex: names without motion.
    """

    channel: str
    kind: str
    object: str
    targets: tuple[str, ...]
    convention: str
    confidence: float
    note: str = ""
    gains: tuple[float, ...] = ()
    driven: bool = True
    moves: bool = True

    @property
    def drives(self) -> tuple[tuple[str, float], ...]:
        """(target, gain) of each target."""
        return tuple(zip(self.targets, self.gains or (1.0,) * len(self.targets)))
