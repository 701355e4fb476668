# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a scene: what is said, by whom and when, from the sequencer's sound strips or from a table."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ...characters import registry
from ...characters.character import describe
from ...characters.remembered import playable_frame_rate
from ...contract import Dials
from ...contract.errors import quoted
from ...contract.spreadsheet import as_spelled, plain_path
from ...errors import TalkingAnimationError
from ...host.blender_versions import sequencer
from ...keys.sound_strips import OF_VIDEO, owners_of
from .. import manner, pictures, shipped_pictures
from ..video_renderers import is_file
from . import line_matching, line_table

SCENES_STYLE: Final = "SCENE"
"""What a line's style, channel or speaker is in the panel's table where it is the scene's."""
_OF_A_LINE: Final = ("style", "channel", "voice_in_file", "text")
NOBODY: Final = "no character's name is in the strip's, its channel's, its file's or its folder's name"


@dataclass(frozen=True)
class Line:
    """One line of a scene.

    Attributes:
        label: how to speak of it, such as "Alice_02" or "row 5".
        character: name of the object that stands for the character; "" where `problem` says why there is none.
        strip: name of the sound strip; "" for a file.
        audio: path of the recording; "" for a strip.
        start: scene frame at which the recording starts; None for the strip's own.
        style: "" for the scene's.
        seed: None for the scene's.
        speed: 1 as recorded, 2 twice as fast. Strips carry their own, so theirs is 1 here.
        channel, voice_in_file: what of its recording is heard, see `manner.read`; "" as for the scene.
        text: what is said in its recording; "" where that is not known.
        dials: brow, smile and energy of this line alone, before the character's own dials.
        bake: the video file that this line becomes where a picture says it; "" for none.
        renderer: what draws that video, see `video_renderers.is_named`; "" for what draws the others.
        film_pose, view: of that video, see `line_table.Row`.
        problem: why it cannot be animated; "" where nothing is known against it.
        picture: the path of a picture that is to be the character, or the name of one that ships; "" for one of the scene.
        glasses: whether whoever that picture shows wears glasses, see `line_table.Row`.
    """

    label: str
    character: str = ""
    strip: str = ""
    audio: str = ""
    start: float | None = None
    style: str = ""
    seed: int | None = None
    speed: float = 1.0
    channel: str = ""
    voice_in_file: str = ""
    text: str = ""
    dials: Dials = field(default_factory=Dials)
    bake: str = ""
    problem: str = ""
    picture: str = ""
    glasses: str = ""
    renderer: str = ""
    film_pose: str = ""
    view: str = ""


@dataclass
class Script:
    """All lines of a scene.

    Attributes:
        lines: in the order of the time line or of the table's rows.
        skipped: (what, why) for each strip that is nobody's line: music, muted strips.
    """

    lines: list[Line] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """What a person chose for a strip.

    Attributes:
        character: name of an object of the character; "" for the one that the names tell.
        use: whether it is animated at all.
        style, channel, voice_in_file, text: "" for the scene's; see `Line`.
    """

    character: str = ""
    use: bool = True
    style: str = ""
    channel: str = ""
    voice_in_file: str = ""
    text: str = ""


def characters_of(scene: Any) -> dict[str, tuple[str, ...]]:
    """The characters of a scene that can talk: name of the object that stands for each → all its names.

    A character is called what its root object, its armature and its face mesh are called, and like the collection that holds
    it where no other character is in there.
    """
    roots: dict[Any, list[str]] = {}
    seen: set[Any] = set()
    for obj in scene.objects:
        if obj in seen or not registry.notices(obj):
            continue
        character = describe(obj)
        seen.update(mesh.object for mesh in character.meshes)
        seen.add(character.root)
        if character.problem or character.root in roots:
            continue
        names = (
            [character.root.name, character.root.data.name]
            if character.root.data is not None
            else [character.root.name]
        )
        names += [mesh.object.name for mesh in character.meshes[:1]]
        roots[character.root] = names
    for collection in scene.collection.children_recursive:
        inside = [root for root in roots if collection.all_objects.get(root.name) == root]
        if len(inside) == 1:
            roots[inside[0]].append(collection.name)
    return {root.name: tuple(dict.fromkeys(names)) for root, names in roots.items()}


def sound_strips(scene: Any) -> list[Any]:
    """The sound strips of a scene but for those of baked videos, those in metas too, as they lie on the time line."""
    all_strips = sequencer.all_sequencer_strips(scene)
    strips = [strip for strip in all_strips if strip.type == "SOUND" and not strip.get(OF_VIDEO)]
    return sorted(strips, key=lambda strip: (sequencer.strip_range(strip).start, strip.name))


def match(strip: Any, scene: Any, characters: dict[str, tuple[str, ...]]) -> line_matching.Match:
    """Whose line a sound strip is; one that this add-on placed for a character is that character's, for several nobody's yet."""
    uids = owners_of(strip)
    owners = [name for name in characters if bpy.data.objects[name].talking_animation.uid in uids]
    if len(owners) == 1:
        return line_matching.Match(owners[0], "strip")
    if owners:
        return line_matching.Match(rivals=tuple(owners))
    path = bpy.path.abspath(strip.sound.filepath).replace("\\", "/") if strip.sound is not None else ""
    folder, _, file = path.rpartition("/")
    places = [
        ("strip", strip.name),
        ("channel", sequencer.channel_name(strip, scene)),
        ("file", os.path.splitext(file)[0]),
        ("folder", folder.rpartition("/")[2]),
    ]
    return line_matching.owner_of(places, characters)


def choices_of(scene: Any) -> dict[str, Choice]:
    """What was chosen in the panel's table of lines, by strip; what was only found by name is found anew."""
    choices = {}
    for row in scene.talking_animation_script.lines:
        by_hand = row.by_hand and row.character is not None
        own = (str(getattr(row, name)) for name in _OF_A_LINE)
        chosen = ("" if value == SCENES_STYLE else value for value in own)
        choices[row.name] = Choice(row.character.name if by_hand else "", row.use, *chosen)
    return choices


def of_scene(scene: Any = None) -> Script:
    """The lines that lie in a scene's sequencer, as its table of lines says; None for the present scene."""
    scene = scene or bpy.context.scene
    return from_sequencer(scene, choices_of(scene))


def from_sequencer(scene: Any, choices: dict[str, Choice] | None = None) -> Script:
    """The lines that lie in a scene's sequencer.

    Args:
        scene: whose sequencer.
        choices: strip's name → what a person chose for it.

    Returns:
        The lines; one that could be several characters' has a problem.
    """
    characters = characters_of(scene)
    script = Script()
    for strip in sound_strips(scene):
        choice = (choices or {}).get(strip.name, Choice())
        if not choice.use:
            script.skipped.append((strip.name, "it is switched off in the table of lines"))
            continue
        if sequencer.is_muted(strip, scene):
            script.skipped.append((strip.name, "it is muted"))
            continue
        chosen = {name: getattr(choice, name) for name in _OF_A_LINE}
        if choice.character:
            obj = bpy.data.objects.get(choice.character)
            root = describe(obj).root.name if obj is not None else choice.character
            problem = "" if root in characters else f"'{root}' is no character of this scene that can talk."
            script.lines.append(Line(strip.name, root, strip.name, problem=problem, **chosen))
            continue
        told = match(strip, scene, characters)
        if told.owner:
            script.lines.append(Line(strip.name, told.owner, strip.name, **chosen))
        elif told.rivals:
            script.lines.append(Line(strip.name, strip=strip.name, problem=_ambiguous(told.rivals)))
        else:
            script.skipped.append((strip.name, NOBODY))
    return script


def _ambiguous(rivals: Iterable[str]) -> str:
    return (
        f"The names fit several characters ({_listed(rivals)}): "
        "choose one in the table of lines, or rename the strip."
    )


def from_table(path: str | os.PathLike[str], scene: Any = None) -> Script:
    """The lines of a CSV file; see `line_table.read`.

    Recordings and pictures are sought beside the table, then beside the .blend file. Characters are called by the name of any of
    their objects, else by a name that only they contain; the path of a picture, or the name of one that ships, makes it talk.

    Raises:
        TalkingAnimationError: as `line_table.read`. What is wrong with one row is that line's problem.
    """
    scene = scene or bpy.context.scene
    full = os.path.abspath(bpy.path.abspath(os.fspath(path)))
    rows = line_table.read(full, playable_frame_rate(scene))
    characters = characters_of(scene)
    folder = os.path.dirname(full)
    script = Script()
    known: dict[str, tuple[str, str]] = {}
    for row in rows:
        label = f"row {row.number}"
        if row.problem:
            script.lines.append(
                Line(label, row.character, audio=row.audio, problem=f"Row {row.number} {row.problem}.")
            )
            continue
        picture = _picture(row.character, folder, scene, characters)
        if picture:
            known[row.character] = ("", "")
        elif row.character not in known:
            known[row.character] = _called(row.character, scene, characters)
        name, problem = known[row.character]
        script.lines.append(
            Line(
                label,
                name,
                audio=_beside(row.audio, folder),
                start=row.start,
                style=_style(row.style, folder),
                seed=row.seed,
                speed=row.speed,
                channel=row.channel,
                voice_in_file=row.voice_in_file,
                text=row.text,
                dials=row.dials,
                bake=_within(row.bake, folder) if row.bake else "",
                problem=f"Row {row.number}: {problem}" if problem else "",
                picture=picture,
                glasses=row.glasses,
                renderer=_renderer(row.renderer, folder),
                film_pose=row.film_pose,
                view=row.view,
            )
        )
    return script


def _picture(name: str, folder: str, scene: Any, characters: dict[str, tuple[str, ...]]) -> str:
    """The picture that a table in that folder calls as a character, its path or its name; "" where it is one of the scene's."""
    if scene.objects.get(name) is not None:
        return ""
    beside = _beside(name, folder)
    if name.strip() and pictures.stands_for_picture(bpy.path.abspath(beside)):
        return beside
    shipped = shipped_pictures.called(name)
    return shipped.name if shipped is not None and not _fitting(name, characters) else ""


def _beside(path: str, folder: str) -> str:
    """The path of a file that a table in that folder names, and that is there already."""
    near = _within(path, folder)
    if near.startswith("//"):
        return near
    text = plain_path(path)
    if not os.path.exists(near) and bpy.data.filepath:
        other = os.path.join(os.path.dirname(bpy.data.filepath), text)
        if os.path.exists(other):
            return os.path.abspath(other)
    return as_spelled(near)


def _within(path: str, folder: str) -> str:
    """The path of a file that a table in that folder names; "//" is beside the .blend file."""
    text = plain_path(path)
    return text if text.startswith("//") else os.path.abspath(os.path.join(folder, text))


def _style(style: str, folder: str) -> str:
    """A style as a table names it; a file is sought beside the table."""
    near = as_spelled(os.path.join(folder, style))
    return near if style.casefold().endswith(manner.FILES) and os.path.isfile(near) else style


def _renderer(renderer: str, folder: str) -> str:
    """What draws a video, as a table in that folder names it; a file is sought beside the table."""
    return str(bpy.path.abspath(_beside(renderer, folder))) if is_file(renderer) else renderer


def _fitting(name: str, characters: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The characters that a name may mean."""
    plain = {owner for owner, names in characters.items() if name.casefold() in map(str.casefold, names)}
    fitting = tuple(plain) or line_matching.best_in(name, characters)
    if fitting:
        return fitting
    wanted = line_matching.words(name)  # "Alice" for the character "Alice Cooper"
    return tuple(
        owner
        for owner, names in characters.items()
        if wanted and any(set(wanted) <= set(line_matching.words(other)) for other in names)
    )


def _called(name: str, scene: Any, characters: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """(the character's root, "") for the name that a table calls it, or ("", why not)."""
    obj = scene.objects.get(name)
    if obj is not None and obj.type in {"MESH", "ARMATURE", "EMPTY"}:
        character = describe(obj)
        if character.root.name in characters:
            return character.root.name, ""
        if character.problem:
            return "", character.problem
    fitting = _fitting(name, characters)
    if len(fitting) == 1:
        return fitting[0], ""
    if fitting:
        return "", f"{quoted(name)} could be {_listed(fitting)}: write the full name."
    if not characters:
        return "", f"this scene has no character that can talk, so there is no {quoted(name)}: add it first."
    return (
        "",
        f"there is no character {quoted(name)} in this scene, which has {_listed(characters)}: correct the name.",
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))


def strip_of(line: Line, scene: Any) -> Any:
    """The sound strip of a line.

    Raises:
        TalkingAnimationError: where it is gone.
    """
    for strip in sequencer.all_sequencer_strips(scene):
        if strip.name == line.strip and strip.type == "SOUND":
            return strip
    raise TalkingAnimationError(f"The strip '{line.strip}' was removed meanwhile: look for lines again.")
