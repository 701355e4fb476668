# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture that a character is, with all the faces that lie on it, and why no video can be made of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...characters.character import Character, describe
from ...characters.pictures import PictureOrigin, origin_of
from ...characters.related import related_objects
from ...errors import TalkingAnimationError
from ...host.blender_versions import interface
from ...talking.carried import carries, frames_of

NO_PICTURE = "Select a character that was made of a picture"
NO_KEYS = "Generate its talking animation first"
_SAME_PLACE = 1e-3  # metres
NO_VIDEO = "This Blender was built without what writes MP4 videos"


@dataclass(frozen=True)
class Pictured:
    """A picture in a scene.

    Attributes:
        origin: what picture it is.
        root: the armature of the character that was asked for.
        base: the armature that the whole picture hangs on; the same where there is one face.
        members: all objects that show the picture, armatures and meshes.
    """

    origin: PictureOrigin
    root: Any
    base: Any
    members: list[Any]

    @property
    def image(self) -> Any:
        """The image that is the picture; None where it is gone."""
        shown = showing(self.members, [self.origin.width, self.origin.height])
        return next((image for _, image in shown), None)


def showing(members: Iterable[Any], size: list[int]) -> Iterator[tuple[Any, Any]]:
    """Each material of some objects that shows an image of that size, with the image."""
    for member in members:
        for material in member.data.materials if member.type == "MESH" else ():
            nodes = material.node_tree.nodes if material is not None and material.node_tree else ()
            for node in nodes:
                if node.type == "TEX_IMAGE" and node.image is not None and list(node.image.size) == size:
                    yield material, node.image


def obstacle(obj: Any, known: Character | None = None) -> str:
    """Why no video can be made of an object's character, without full stop; "" where one can.

    Args:
        obj: an object of it; None for none.
        known: the character, where it was described already.
    """
    if obj is None or origin_among(obj, known) is None:
        return NO_PICTURE
    character = known or describe(obj)
    if character.root.library is not None or any(part.library is not None for part in character.objects):
        return f"'{character.root.name}' is linked from another file: open that file, or make it a library override"
    if not carries(character):
        return NO_KEYS
    return "" if interface.writes_videos() else NO_VIDEO


def origin_among(obj: Any, known: Character | None = None) -> PictureOrigin | None:
    """What picture an object's character was made of; None where it was made of none. Arguments as `obstacle`'s."""
    parts = known.objects if known is not None else related_objects(obj)
    return next((origin for part in parts if (origin := origin_of(part)) is not None), None)


def pictured(obj: Any) -> Pictured:
    """The picture that an object's character is.

    Raises:
        TalkingAnimationError: where no video can be made of it.
    """
    told = obstacle(obj)
    if told:
        name = f"'{obj.name}': " if obj is not None and told in (NO_PICTURE, NO_KEYS) else ""
        raise TalkingAnimationError(f"{name}{told[0].lower() if name else told[0]}{told[1:]}.")
    origin = origin_among(obj)
    assert origin is not None
    root = describe(obj).root
    roots = [root, *(part for part in _armatures_beside(root) if _lies_on(part, root, origin))]
    members = list(dict.fromkeys(part for one in roots for part in related_objects(one) if origin_of(part)))
    bases = [part for part in members if part.type == "ARMATURE"]
    with_camera = (part for part in bases if any(child.type == "CAMERA" for child in part.children))
    base = next(with_camera, None) or min(bases, key=lambda part: part.name, default=root)
    return Pictured(origin, root, base, members)


def _armatures_beside(root: Any) -> list[Any]:
    beside = [part for collection in root.users_collection for part in collection.objects]
    return [part for part in dict.fromkeys(beside) if part.type == "ARMATURE" and part != root]


def _lies_on(part: Any, root: Any, origin: PictureOrigin) -> bool:
    """Whether an armature is another face of the same picture, rather than of a copy that lies elsewhere."""
    other = origin_of(part)
    apart = root.matrix_world.inverted_safe() @ part.matrix_world.translation
    same_place = max(abs(apart.x), abs(apart.z)) < _SAME_PLACE
    return other is not None and other.sha256 == origin.sha256 and same_place


def frames_said(obj: Any) -> tuple[int, int]:
    """First and last scene frame of what an object's character says.

    Raises:
        TalkingAnimationError: where that is no frame, or one that Blender cannot render.
    """
    character = describe(obj)
    lies = frames_of(character)
    if lies is None:
        raise TalkingAnimationError(
            f"'{character.root.name}' has no frames to show: generate its talking animation."
        )
    return round(lies[0]), round(lies[1])
