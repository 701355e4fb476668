# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed about a character since its talking animation was made, so that it no longer plays as it did: shapes and bones
that are gone, meshes that came, strips that play at another pace, a sound that lies elsewhere.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

import bpy
import numpy as np

from ..characters.character import Character
from ..characters.remembered import frame_rate
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data, sequencer
from ..keys import actions, nla, property_values, sound_strips
from ..keys.channels import driven_paths
from ..rigs.drawing_charts import folded
from . import carried, dial_keys, edit, own_strips
from .problem import Problem, problem_of
from .write import channels_of

_NAMED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PACE: Final = 1e-3  # of a strip's scale and repetitions
_NO_VOICE: Final = {
    "music", "musik", "musique", "musica", "bgm", "instrumental",
    "ambience", "ambiance", "ambient", "atmo", "atmos", "sfx", "foley", "gerausche", "geraeusche",
}  # fmt: skip
_WITH_VOICE: Final = {
    "mix", "master", "voice", "voices", "vocal", "vocals", "vo", "dialog", "dialogue", "speech", "sings", "sung", "singing",
    "stimme", "stimmen", "sprache", "gesang",
}  # fmt: skip
_APART: Final = 2.0  # frames between keys and sound that nobody hears


def of_changes(
    character: Character, scene: Any, ours: dict[Any, str], at_a_glance: bool
) -> Iterator[Problem]:
    """What no longer plays as it was made.

    Args:
        character: it carries a talking animation.
        scene: whose sound it is heard with.
        ours: its datablocks with actions of ours → how to speak of them.
        at_a_glance: see `problems.find_problems`.
    """
    if character.problem:
        yield problem_of("TARGET", character.root.name, sentence=character.problem)
        return
    for datablock, name in ours.items():
        yield from _of_lost_curves(datablock, name, character)
        if any(map(actions.is_damaged, actions.own_actions(datablock))):
            yield problem_of("FORGOTTEN", name)
    strips = _sound_of(character, scene)
    yield from _of_missing_sound(character, scene)
    gone = []
    if not at_a_glance:
        yield from _of_new_meshes(character, scene, ours)
        gone = [strip for strip in strips if _is_gone(strip.sound)]
    for strip in gone:
        words: dict[str, Any] = {
            "path": os.path.basename(bpy.path.abspath(strip.sound.filepath)),
            "strip": strip.name,
        }
        yield problem_of("SOUND_GONE", character.root.name, **words)
    heard = [strip for strip in strips if strip not in gone]
    paced = list(_of_pace(ours)) if heard else []
    yield from paced
    if heard and not paced and not at_a_glance:
        yield from _of_start(character, scene, heard)


def _of_lost_curves(datablock: Any, name: str, character: Character) -> Iterator[Problem]:
    """Curves of ours whose shape key, bone or property is gone."""
    own = animation_data.own_curves(actions.own_actions(datablock), datablock)
    lost = [path for path, index in own if not property_values.is_there(datablock, path, index)]
    if lost:
        named = _NAMED.search(lost[0])
        words = {"count": len(lost), "first": named.group(1) if named else lost[0]}
        again = partial(edit.write_again, character.root)
        yield problem_of("CURVES_LOST", name, repair=again, **words)


def _of_new_meshes(character: Character, scene: Any, ours: dict[Any, str]) -> Iterator[Problem]:
    """Meshes with face shapes that carry no key, though the motion would move them."""
    new = [
        mesh
        for mesh in character.meshes
        if mesh.key not in ours and mesh.value_paths - driven_paths(mesh.key)
    ]
    if not new:
        return
    try:
        motion = carried.motion_of(character, scene)
    except TalkingAnimationError:
        return
    moved, _ = channels_of(character, motion, dial_keys.of_character(character, motion))
    for mesh in new:
        if mesh.key in moved:
            again = partial(edit.write_again, character.root)
            yield problem_of("WITHOUT_KEYS", mesh.object.name, repair=again)


def _sound_of(character: Character, scene: Any) -> list[Any]:
    """The strips that we put into the sequencer for a character, as far as they are heard."""
    uid = str(character.root.talking_animation.uid)
    return [
        strip
        for strip in sequencer.all_sequencer_strips(scene)
        if uid and uid in sound_strips.owners_of(strip) and not strip.mute and strip.sound is not None
    ]


def _of_missing_sound(character: Character, scene: Any) -> Iterator[Problem]:
    """Recordings that no scene plays any more: what was appended comes without its sound. Asks no disk: panels ask for it."""
    record, uid = carried.record_as_found(character), str(character.root.talking_animation.uid)
    if record.get("silent") or not scene.talking_animation.add_sound or not sequencer.plays_sound():
        return  # on purpose
    lines = record.get("lines") or []
    if not lines and any(sound_strips.has_any(other, uid) for other in bpy.data.scenes):
        return  # its strip is there, whatever it plays
    made_at = round(float(record.get("start", 0.0)))
    _, end = carried.frames_of(character) or (made_at, made_at)
    late = round(carried.first_frame(character, made_at)) - made_at
    recordings = list(carried.recordings_in(record, made_at))
    starts = sorted({start + late for _, start in recordings})
    heard = _Heard(uid)
    missing = []
    for said, (path, start) in zip(lines or [record], recordings):
        at = start + late
        seconds = said.get("seconds")
        until = starts[bisect_right(starts, at) :][:1] or [max(at + 1, round(end))]
        frames = until[0] - at if seconds is None else max(1, round(seconds * frame_rate(scene)))
        if path and not heard.has(path, at, frames):
            missing.append(_Missing(path, at, frames, said))
    if missing:
        words = {"path": _parted(missing[0].path)[1], "start": missing[0].start, "count": len(missing)}
        whole = all(one.begins_with_its_file for one in missing)
        again = partial(_add_sounds, character, scene, missing) if whole else None
        row = "SOUND_MISSING/ONE" if len(missing) == 1 else "SOUND_MISSING/SEVERAL"
        yield problem_of(row, character.root.name, None, again, **words)


@dataclass(frozen=True)
class _Missing:
    """A recording that is in no sequencer: its path, the frame where it is said, for how many frames at most, and what the keys
    remember of it.
    """

    path: str
    start: int
    frames: int
    said: dict[str, Any]

    @property
    def begins_with_its_file(self) -> bool:
        """Whether it is said from its beginning and at its own pace, so that it only has to be put where it is said."""
        return not self.said.get("begin") and not self.said.get("lead") and self.said.get("speed", 1.0) == 1.0


class _Heard:
    """What the sequencers of this file let hear, but for what others than a character say."""

    def __init__(self, uid: str) -> None:
        """Look at all strips; what was muted was muted on purpose."""
        self._folders: dict[str, set[str]] = {}
        ranges = []
        for scene in bpy.data.scenes:
            for strip in sequencer.all_sequencer_strips(scene):
                if strip.type != "SOUND" or strip.sound is None:
                    continue
                folder, name = _parted(strip.sound.filepath)
                self._folders.setdefault(name, set()).add(_parted(folder)[1])
                if _says_nothing(strip.name, name):
                    continue
                if uid in (sound_strips.owners_of(strip) or [uid]):
                    lies = sequencer.strip_range(strip)
                    ranges.append((lies.start, lies.start + lies.length))
        self._starts, self._ends = np.array(ranges, dtype=float).reshape(-1, 2).T

    def has(self, path: str, start: int, frames: int) -> bool:
        """Whether a recording is heard: its file, another one that begins with it, or a mix that lasts for most of it.

        Args:
            path: as the keys remember it.
            start: scene frame at which it is said.
            frames: how long.
        """
        folder, name = _parted(path)
        there, own = self._folders.get(name, set()), _parted(folder)[1]
        if there and (own in {"", ".."} or there & {own, "", ".."}):
            return True
        shared = np.minimum(self._ends, start + frames) - np.maximum(self._starts, start)
        return bool(np.any((abs(self._starts - start) <= _APART) | (shared > frames / 2)))


def _says_nothing(*names: str) -> bool:
    """Whether a strip's or a file's name tells that nobody speaks in it, such as "Music bed", and none that somebody does."""
    words = {word for name in names for word in folded(name)}
    return bool(words & _NO_VOICE) and not words & _WITH_VOICE


def _parted(path: str) -> tuple[str, str]:
    """Folder and name of a file, in whichever system the path was written down; both may be ""."""
    name = re.split(r"[/\\]", path)[-1]
    folder = path[: len(path) - len(name)]
    return folder.rstrip("/\\") or folder[:1], name


def _add_sounds(character: Character, scene: Any, missing: list[_Missing]) -> None:
    """Put recordings where they are said.

    Raises:
        TalkingAnimationError: one is not there, or this Blender cannot play it.
    """
    for one in missing:
        path = bpy.path.abspath(one.path)
        if not os.path.exists(path):
            folder, name = _parted(path)
            raise TalkingAnimationError(
                f"'{name}' is not in '{folder or os.getcwd()}': put it there, or add it to the Sequencer at frame "
                f"{one.start} yourself."
            )
        uid, is_part = own_strips.claim(character, scene), one.said.get("seconds") is not None
        told = sound_strips.add(scene, one.path, one.start, one.frames, uid, is_part=is_part)
        if told:
            raise TalkingAnimationError(told)


def _is_gone(sound: Any) -> bool:
    return sound.packed_file is None and not os.path.exists(bpy.path.abspath(sound.filepath))


def _of_pace(ours: dict[Any, str]) -> Iterator[Problem]:
    """Keys that play at another pace than the recording."""
    for datablock, name in ours.items():
        placed = nla.own_strip(datablock)
        if placed is not None and _has_other_pace(placed[1]):
            at_its_pace = partial(_at_its_pace, placed[1])
            yield problem_of("STRIP_PACED", name, repair=at_its_pace, strip=placed[1].name)


def _has_other_pace(strip: Any) -> bool:
    return bool(
        abs(strip.scale - 1.0) > _PACE
        or abs(strip.repeat - 1.0) > _PACE
        or strip.use_reverse
        or strip.use_animated_time
    )


def _at_its_pace(strip: Any) -> None:
    strip.use_animated_time = strip.use_reverse = False
    strip.scale = strip.repeat = 1.0


def _of_start(character: Character, scene: Any, heard: list[Any]) -> Iterator[Problem]:
    """Keys that begin at another frame than the recording that they were made of."""
    record = carried.record_as_found(character)
    made_at = float(record.get("start", 0.0))
    first = carried.first_frame(character, made_at)
    wanted: dict[str, list[float]] = {}
    for path, start in carried.recordings_in(record, round(made_at)):
        wanted.setdefault(_plain(path), []).append(start + first - made_at)
    real = lru_cache(maxsize=None)(os.path.realpath)
    for strip in heard:
        path = _plain(strip.sound.filepath)
        starts = wanted.get(path) or [
            start for other, there in wanted.items() if real(other) == real(path) for start in there
        ]
        lies = sequencer.strip_range(strip)
        apart = min((lies.start - lies.skipped - start for start in starts), key=abs, default=0.0)
        if abs(apart) <= _APART:
            continue
        late = sequencer.late_start(scene, strip.sound.filepath) * scene.render.fps / scene.render.fps_base
        if abs(apart - late) > _APART:
            row = "SOUND_APART/LATER" if apart > 0 else "SOUND_APART/EARLIER"
            yield problem_of(row, character.root.name, strip=strip.name, frames=round(abs(apart)))


def _plain(path: str) -> str:
    """A path to be compared; links in it are asked for only where that finds nothing, as each asks the disk for every folder."""
    return os.path.normcase(os.path.normpath(bpy.path.abspath(path)))
