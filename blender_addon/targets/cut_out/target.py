# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a cut-out follow channels of the face: keys on the delta transform of planes, and on the transform of bones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import Move, PartMapping
from ...characters.rotations import rotation_matrices, rotation_path, turned
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import FaceAnimation
from ...contract.dialled import dialled
from ...keys.channels import Channel, driven_paths
from ...motion import face_channels
from ...rigs.cut_out_parts import MOVES, PARTS, parts_named
from ..mapped_values import linked, values_of
from ..swap.recognition import charts_of
from . import held_back
from .picture_axes import PictureAxes, of_bone, of_object

_MOUTHS = frozenset(("mouth", "jaw"))
_DRAWN_AS: Final[Mapping[str, frozenset[str]]] = {
    "mouth": frozenset(("mouth",)),
    **{f"brow.{side}": frozenset(("brows", f"brow.{side}")) for side in ("left", "right")},
    **{
        f"{part}.{side}": frozenset(("eyes", f"eye.{side}"))
        for part in ("lid", "eye")
        for side in ("left", "right")
    },
}
"""The features whose drawings are swapped in place of a part's moves."""
_LEAST_SCALE = 0.02
_NO_TURN = 1e-5  # radians


class CutOut(Target):
    """Planes and bones of a cut-out."""

    name = "cut_out"
    title = "parts"

    def present(self, character: Character) -> bool:
        """Where parts were mapped, or planes have names that tell them."""
        return character.root.library is None and bool(parts_of(character))

    def talks(self, character: Character) -> bool:
        """Where a mouth or a jaw can be moved."""
        return any(part.part in _MOUTHS and not _obstacle(part, character) for part in parts_of(character))

    def notices(self, obj: Any) -> bool:
        """Objects of which parts were mapped, and planes of a mouth or a jaw below an empty."""
        if drawings.stored_text(obj):
            return bool(drawings.mapped_of(obj).parts)
        return drawings.cut_out_of(obj) is not None

    def summary(self, character: Character) -> str:
        """How many there are."""
        count = len(parts_of(character))
        return f"{count} cut-out {'part' if count == 1 else 'parts'}"

    def problem(self, character: Character) -> str:
        """Why the first of them stays still."""
        return next((told for part in parts_of(character) if (told := _obstacle(part, character))), "")

    def why_not(self, character: Character) -> str:
        """As `problem`; or that nothing of it is a mouth."""
        if not self.present(character):
            return ""
        told = self.problem(character)
        return told or (
            f"'{character.root.name}' is a cut-out without a mouth or a jaw: name a plane so, or map one (Map Part; Map "
            "Drawings where each mouth is a plane of its own)."
        )

    def listed(self, character: Character) -> list[tuple[str, str]]:
        """A row for each part."""
        return [(PARTS.get(part.part, part.part), part.bone or part.object) for part in parts_of(character)]

    def datablocks(self, character: Character) -> list[Any]:
        """The objects of the parts."""
        objects = [drawings.object_named(part.object, character.objects) for part in parts_of(character)]
        return list(dict.fromkeys(obj for obj in objects if obj is not None))

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves of each part's location, rotation and scale."""
        outcome = Outcome()
        motion = dialled(animation, settings.dials)
        for part in parts_of(character):
            told = _obstacle(part, character)
            if told:
                outcome.warnings.append(told)
                continue
            outcome.channels += _channels(part, character, motion, settings)
            outcome.warnings += _held_back(part, character)
        return outcome


def parts_of(character: Character) -> list[PartMapping]:
    """The parts of a cut-out: those that were mapped, and those that names tell where nothing else moves the face.

    An eye below a lid of its own stays as it is: the lid shuts it.
    """
    parts = list(drawings.mapped_of(character.root).parts)
    if character.has_mouth:
        return parts
    charts = charts_of(character)
    drawn = {chart.feature for chart in charts}
    taken = {str(name) for chart in charts for name in chart.drawings.values()}
    taken |= {part.object for part in parts if not part.bone}
    planes = [obj.name for obj in character.objects if drawings.is_flat(obj) and obj.name not in taken]
    named = parts_named(planes)
    if not parts and "mouth" not in drawn and not _MOUTHS.intersection(named):
        return parts
    known = {part.part for part in parts}
    covered = {part.replace("lid", "eye") for part in (*known, *named) if part.startswith("lid")}
    return parts + [
        PartMapping(part, name)
        for part, name in named.items()
        if part not in known | covered and not drawn.intersection(_DRAWN_AS.get(part, ()))
    ]


def _obstacle(part: PartMapping, character: Character) -> str:
    """Why a part stays still, in one sentence; "" where it moves."""
    obj = drawings.object_named(part.object, character.objects)
    if obj is None:
        return f"'{part.object}', a part of '{character.root.name}', is gone or has another name: map the part again (Map Part)."
    if part.bone and (obj.pose is None or part.bone not in obj.pose.bones):
        return f"'{obj.name}' has no bone '{part.bone}' any more: map the part again (Map Part)."
    return linked(obj)


@dataclass(frozen=True)
class _Place:
    """Where keys of a part go.

    Attributes:
        datablock: the object.
        location, rotation, scale: data paths.
        mode: the rotation mode.
    """

    datablock: Any
    location: str
    rotation: str
    scale: str
    mode: str


def _place(part: PartMapping, obj: Any) -> tuple[_Place, PictureAxes]:
    if part.bone:
        owner = obj.pose.bones[part.bone]
        before, axes = owner.path_from_id() + ".", of_bone(obj, part.bone)
    else:
        owner, before, axes = obj, "delta_", of_object(obj)
    mode = owner.rotation_mode
    rotation = rotation_path(mode)[0]
    if part.bone or mode != "AXIS_ANGLE":  # an object's rotation by axis and angle has no delta
        rotation = before + rotation
    return _Place(obj, before + "location", rotation, before + "scale", mode), axes


def _moves(part: PartMapping) -> Mapping[str, Move]:
    usual = {way: Move(channel, gain) for way, (channel, gain) in MOVES.get(part.part, {}).items()}
    return {**usual, **part.moves}


def _held_back(part: PartMapping, character: Character) -> list[str]:
    """Sentences about what may keep a part still."""
    obj = drawings.object_named(part.object, character.objects)
    place, _ = _place(part, obj)
    path_of = {"side": place.location, "up": place.location, "turn": place.rotation}
    moves, driven = _moves(part), driven_paths(obj)
    owner = obj.pose.bones[part.bone] if part.bone else obj
    is_driven = any(path_of.get(way, place.scale) in driven for way in moves)
    return held_back.sentences(part.bone or obj.name, owner, moves, is_driven)


def _channels(
    part: PartMapping, character: Character, motion: FaceAnimation, settings: TargetSettings
) -> list[Channel]:
    obj = drawings.object_named(part.object, character.objects)
    place, axes = _place(part, obj)
    moves = {way: replace(move, twos=move.twos or part.twos) for way, move in _moves(part).items()}
    driven = driven_paths(obj)
    wanted: list[tuple[str, int, str, np.ndarray]] = []
    shifts = [(way, axis, size) for way, axis, size in zip(("side", "up"), (axes.side, axes.up), axes.size)]
    along = [(moves[way], axis * size) for way, axis, size in shifts if way in moves]
    if along:
        group = face_channels.group_of(along[0][0].channel)
        parts = [_own_values(move, motion)[:, None] * way for move, way in along]
        length = max(map(len, parts))
        moved = np.sum([np.pad(values, ((0, length - len(values)), (0, 0))) for values in parts], axis=0)
        wanted += [(place.location, index, group, moved[:, index]) for index in range(3)]
    for way, axis in (("wide", axes.side_axis), ("tall", axes.up_axis)):
        if way in moves:
            factor = np.maximum(1 + _own_values(moves[way], motion), _LEAST_SCALE)
            rest = settings.rest(obj, place.scale, axis)
            wanted.append(
                (place.scale, axis, face_channels.group_of(moves[way].channel), rest * factor - rest)
            )
    result = [
        _channel(obj, path, index, group, values, settings)
        for path, index, group, values in wanted
        if path not in driven
    ]
    if "turn" in moves and place.rotation not in driven:
        result += _turning(moves["turn"], place, axes, motion, settings)
    return result


def _own_values(move: Move, motion: FaceAnimation) -> np.ndarray:
    """What a move adds to rest."""
    return values_of(move, motion, 0.0)


def _channel(
    obj: Any, path: str, index: int, group: str, away: np.ndarray, settings: TargetSettings
) -> Channel:
    rest = settings.rest(obj, path, index)
    return Channel(obj, path, index, group, np.asarray(rest + away, np.float32), rest)


def _turning(
    move: Move, place: _Place, axes: PictureAxes, motion: FaceAnimation, settings: TargetSettings
) -> list[Channel]:
    obj, group = place.datablock, face_channels.group_of(move.channel)
    rests = [settings.rest(obj, place.rotation, index) for index in range(rotation_path(place.mode)[1])]
    turns = rotation_matrices(_own_values(move, motion)[:, None] * axes.turn)
    values = turned(rests, place.mode, turns, about_own_axes=False)
    still = len(rests) == 3  # angles of their own stay without keys where they do not change
    return [
        Channel(obj, place.rotation, index, group, values[:, index], rest)
        for index, rest in enumerate(rests)
        if not (still and np.abs(values[:, index] - rest).max(initial=0.0) < _NO_TURN)
    ]
