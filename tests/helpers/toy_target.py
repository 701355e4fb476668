"""A target of one file that the add-on has never heard of: a custom property that opens as the mouth does."""

from __future__ import annotations

from typing import Any

import numpy as np
from blender_addon.contract.dialled import dialled
from blender_addon.contract.easing import FACE_EASE, eased

from blender_addon.characters.character import Character
from blender_addon.characters.target import Outcome, Target, TargetSettings
from blender_addon.contract import ARKIT_INDEX, FaceAnimation
from blender_addon.keys.channels import Channel

PROPERTY = "puppet_mouth"


class Puppet(Target):
    """An object whose custom property opens its mouth."""

    name = "puppet"
    title = "strings"

    def present(self, character: Character) -> bool:
        """Where the object has the property."""
        return PROPERTY in character.root

    def talks(self, character: Character) -> bool:
        """Always."""
        return True

    def notices(self, item: Any) -> bool:
        """Objects with the property."""
        return PROPERTY in item

    def summary(self, character: Character) -> str:
        """The number of strings."""
        return "a puppet on 1 string"

    def problem(self, character: Character) -> str:
        """Tangled strings."""
        return f"The strings of '{character.root.name}' are tangled." if character.root.get("tangled") else ""

    def datablocks(self, character: Character) -> list[Any]:
        """The object."""
        return [character.root]

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """The jaw's weight on the property."""
        jaw = dialled(animation, settings.dials).arkit[:, ARKIT_INDEX["jawOpen"]]
        values = eased(jaw[:, None], animation.fps, *FACE_EASE)[:, 0].astype(np.float32)
        path = f'["{PROPERTY}"]'
        rest = settings.rest(character.root, path, 0)
        return Outcome([Channel(character.root, path, 0, "Lips", values, rest)])
