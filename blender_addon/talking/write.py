# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of a character: what all targets want written goes into actions of our own."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import bpy
import numpy as np

from ..characters import keyed_head, sharing
from ..characters.character import Character, describe, override_meshes
from ..characters.remembered import (
    blend_of,
    character_id,
    dials_of,
    key_style_of,
    with_calibration,
    with_dials,
    with_key_style,
)
from ..characters.target import TargetSettings
from ..contract import Dials, FaceAnimation
from ..contract.dialled import dialled
from ..contract.landmarks import mouth_opening
from ..errors import TalkingAnimationError
from ..host import scene_frames
from ..host.blender_versions import scenes
from ..keys import actions
from ..keys.channels import Channel, each_once
from ..motion import stored_motion
from ..motion.key_reduction import KeyStyle
from . import dial_keys
from .carriers import datablocks, keyed_with_riders

PARTS: Final = ("lips", "head", "brows", "blinks", "gaze")
"""The parts of a face, as dials and people call them."""
_GROUPS_OF_PARTS: Final = (
    ("head", ("head", "neck")),
    ("brows", ("brow",)),
    ("gaze", ("gaze",)),
    ("blinks", ("blink", "eye")),
)
_MOVES: Final = 1e-3
_OPEN: Final = 0.03  # outer eye-corner distances: a mouth that is asked for less hardly opens
_STILL: Final = 1e-9  # of any unit: bones of a tiny rig move little


@dataclass
class Report:
    """What was written.

    Attributes:
        frames: frames of the recording at the scene's rate.
        curves: curves written, over all datablocks.
        meshes: meshes that were animated.
        start, end: first and last scene frame with keys.
        seconds: how long the motion is.
        parts: which parts of the face move, of `PARTS`.
        warnings: sentences about what might hide the result, or was left out.
        message: one line for the user, with details.
    """

    frames: int = 0
    curves: int = 0
    meshes: int = 0
    start: int = 1
    end: int = 1
    seconds: float = 0.0
    parts: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)
    message: str = ""

    @property
    def summary(self) -> str:
        """What was made, in plain words: "9.6 s: lips, head, brows"."""
        return f"{self.seconds:.1f} s: {', '.join(self.parts)}"


class Chosen(Protocol):
    """What is asked of new keys; see `jobs.options.GenerateOptions`."""

    @property
    def dials(self) -> Dials | None:
        """None for those that the character has."""

    @property
    def keys(self) -> KeyStyle | None:
        """None for those that the character has."""

    @property
    def keep_motion(self) -> bool:
        """Whether the .blend file carries the motion."""

    @property
    def calibrated(self) -> bool | None:
        """None for what the character has."""

    @property
    def use_nla(self) -> bool:
        """Whether they go into NLA strips."""


@dataclass(frozen=True)
class Destination:
    """Where and how a motion is written.

    Attributes:
        start: scene frame of its first key.
        use_nla: in NLA strips, else as the active actions.
        record: what the actions remember.
        style: how it becomes keys.
        blend: frames over which NLA strips fade in and out.
    """

    start: int
    use_nla: bool
    record: dict[str, Any]
    style: KeyStyle
    blend: tuple[float, float]


def channels_of(
    character: Character, animation: FaceAnimation, dials: Dials, only: str = ""
) -> tuple[dict[Any, list[Channel]], list[str]]:
    """What the targets of a character want written, by datablock, and what the user should know; `only` one of them.

    Of two that want to move the same property, such as a jaw bone that is also the control of a shape, the first does; see
    `keys.channels.each_once` for controls.
    """
    scenes.place(character.root)
    settings = TargetSettings(dials, actions.RestReader())
    channels: list[Channel] = []
    warnings = list(character.linked)
    for target in character.targets:
        if only in ("", target.name):
            outcome = target.apply(animation, character, settings)
            warnings += outcome.warnings
            channels += outcome.channels
    by_datablock: dict[Any, list[Channel]] = {}
    for channel in each_once(channels):
        by_datablock.setdefault(channel.datablock, []).append(channel)
    return by_datablock, warnings


def preparing(character: Character) -> Generator[float, None, None]:
    """Let a character's targets measure what they need before its keys are written, a little at a time.

    Yields:
        0 to 1: how much is done of what takes a while; nothing where nothing does.

    Raises:
        TalkingAnimationError: the character changed meanwhile.
    """
    scenes.place(character.root)
    name = character.root.name
    try:
        for target in character.targets:
            yield from target.prepare(character)
    except ReferenceError:
        raise TalkingAnimationError(
            f"'{name}' changed while its face was measured: generate again."
        ) from None


def writable(character: Character) -> tuple[Character, list[str]]:
    """The character with its linked meshes made library overrides, and what there is to say of that.

    Raises:
        TalkingAnimationError: where nothing of it can be animated.
    """
    if character.problem:
        raise TalkingAnimationError(character.problem)
    refuse_shared(character)
    told = override_meshes(character)
    return (describe(character.root, character.head or None) if told else character), told


def refuse_shared(character: Character) -> None:
    """Raise TalkingAnimationError where another character's talking animation would be overwritten; see `characters.sharing`."""
    owners = {
        mesh.key: str(actions.record_of(action).get("character", ""))
        for mesh in character.meshes
        for action in actions.own_actions(mesh.key)
    }
    sharing.refuse_to_overwrite(character, owners)


def write_new(
    character: Character, motion: FaceAnimation, start: int, made: dict[str, Any], chosen: Chosen
) -> Report:
    """Write a motion that was just made, and let the character remember it.

    Args:
        character: see `writable`.
        motion: at the scene's rate.
        start: scene frame of its first key.
        made: how it was made: "audio", "style", "seed", "motion" (its file), and whatever else the actions are to remember.
        chosen: where it goes, and dials and keys that are stored with the character; None for those that are.

    Raises:
        TalkingAnimationError: see `write`.
    """
    state = character.root.talking_animation
    plain = chosen.dials or dials_of(state)
    dials = dial_keys.keyed(character, plain, len(motion), start)
    if chosen.keys is not None:
        with_key_style(state, chosen.keys)
    if chosen.calibrated is not None:
        with_calibration(state, chosen.calibrated)
    record = {
        **made,
        "character": character_id(character.root),
        **dial_keys.known(dials, len(motion)),
        "start": start,
        "fps": motion.fps,
        "source": motion.source,
    }
    destination = Destination(start, chosen.use_nla, record, key_style_of(state), blend_of(state))
    report = write(character, motion, dials, destination)
    with_dials(state, plain)
    state.source = f"{made['audio']}, style {made['style']}, take {made['seed']}"
    report.frames, report.seconds = len(motion), len(motion) / motion.fps
    if chosen.keep_motion:
        _keep_motion(character, str(made["motion"]))
    return report


def _keep_motion(character: Character, path: str) -> None:
    """Let the .blend file carry a motion, so that dials work where its cache is not."""
    for datablock in datablocks(character):
        for action in actions.own_actions(datablock):
            actions.keep_motion(action, stored_motion.packed(bpy.path.abspath(path)))
            return


def write(character: Character, animation: FaceAnimation, dials: Dials, destination: Destination) -> Report:
    """Write a motion, at the scene's rate, to all of a character; in place of the one before.

    Raises:
        TalkingAnimationError: where nothing could be written; nothing was changed then.
    """
    start = destination.start
    left_on_riders = keyed_with_riders(character)
    actions.refuse_tweak_mode((*datablocks(character), *left_on_riders))
    _refuse_frames_beyond(character, start, start + len(animation) - 1)
    for target in character.targets:
        target.set_up(character)
    by_datablock, warnings = channels_of(character, animation, dials)
    wanted = dialled(animation, dials)
    timing = actions.Timing(destination.style, wanted.closed)
    record = {**destination.record, keyed_head.CHOICE: character.root.talking_animation.head_bone}
    placement = actions.Placement(start, destination.use_nla, "", record, timing, destination.blend)
    written, told, refused = _write_actions(character, by_datablock, placement)
    warnings += told
    for key in left_on_riders if written else ():
        actions.remove(key)
    curves = [channel for channels in written.values() for channel in channels]
    if not curves:
        raise _nothing_written(character, warnings, refused)
    # A datablock that no longer takes part (a deleted head bone, say) keeps nothing of the take before.
    for datablock in datablocks(character):
        if datablock not in by_datablock:
            actions.remove(datablock)
    if _keeps_still(curves) and float(mouth_opening(wanted.landmarks).max(initial=0.0)) > _OPEN:
        warnings.insert(
            0,
            f"The mouth of '{character.root.name}' keeps still, since nothing that opens it could be keyed: see "
            "Face > Mapping.",
        )
    moving = {part_of(channel.group) for channel in curves if np.ptp(channel.values) > _MOVES}
    return Report(
        curves=len(curves),
        meshes=len(written.keys() & {mesh.key for mesh in character.meshes}),
        start=start,
        end=start + max(len(channel.values) for channel in curves) - 1,
        parts=tuple(part for part in PARTS if part in moving),
        warnings=[*warnings, *map(str, refused), *follow(character, animation, dials, start)],
    )


def _refuse_frames_beyond(character: Character, first: int, last: int) -> None:
    told = scene_frames.beyond(first, last)
    if told:
        raise TalkingAnimationError(
            f"The talking animation of '{character.root.name}' would lie from frame {first} to {last}, but {told}: "
            "let it start elsewhere."
        )


def _write_actions(
    character: Character, by_datablock: dict[Any, list[Channel]], placement: actions.Placement
) -> tuple[dict[Any, list[Channel]], list[str], list[TalkingAnimationError]]:
    """Write an action for each datablock: what was written, what there is to say, and why others were refused."""
    names = {mesh.key: mesh.object.name for mesh in character.meshes}
    root = character.root
    names[root] = root.name if character.armature is not None else f"{root.name} motion"
    written: dict[Any, list[Channel]] = {}
    told: list[str] = []
    refused: list[TalkingAnimationError] = []
    for datablock, channels in by_datablock.items():
        name = names.get(datablock, datablock.name)
        try:
            told += actions.write(datablock, channels, replace(placement, name=name))
        except TalkingAnimationError as error:
            refused.append(error)
            continue
        written[datablock] = channels
    return written, told, refused


def _nothing_written(
    character: Character, warnings: list[str], refused: list[TalkingAnimationError]
) -> TalkingAnimationError:
    """Why a character got no key at all."""
    if refused:
        return refused[0]
    if character.problem:
        return TalkingAnimationError(character.problem)
    if warnings and not character.meshes:
        return TalkingAnimationError(warnings[0])
    return TalkingAnimationError(
        f"All face shapes of '{character.root.name}' have drivers of their own, so nothing could be keyed: "
        "remove the drivers, or pick the object that drives them."
    )


def _keeps_still(curves: list[Channel]) -> bool:
    """Whether no curve moves the mouth."""
    return not any(part_of(curve.group) == "lips" and np.ptp(curve.values) > _STILL for curve in curves)


def part_of(group: str) -> str:
    """The part of the face, of `PARTS`, that curves in a group of that title move."""
    title = group.casefold()
    return next((part for part, words in _GROUPS_OF_PARTS if any(word in title for word in words)), "lips")


def follow(character: Character, animation: FaceAnimation, dials: Dials, start: int) -> list[str]:
    """Let a character's targets show what no key can, from a scene frame on; returns what there is to say."""
    return [
        text for target in character.targets for text in target.follow(animation, character, dials, start)
    ]
