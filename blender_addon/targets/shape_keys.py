# SPDX-License-Identifier: GPL-3.0-or-later
"""Face shapes: keys on the values of a character's shape keys, whatever their naming convention."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..characters.character import Character, FaceMesh
from ..characters.followers import following_paths
from ..characters.related import key_of, value_path
from ..characters.remembered import calibrates
from ..characters.target import Outcome, Target, TargetSettings
from ..contract import ARKIT_NAMES, Dials, FaceAnimation
from ..contract.dialled import dialled
from ..contract.easing import FACE_EASE, eased
from ..contract.face_picture import PICTURED
from ..contract.landmarks import mouth_opening
from ..keys.channels import Channel, driven_paths
from ..motion import viseme_mouths
from ..rigs.arkit import GROUP_TITLES, dial_of
from ..rigs.face_shapes.recognition import BY_IDENTIFIER, EXPRESSIONS, OPENERS, SYSTEM_TITLES, SYSTEMS
from . import lip_seam, mouth_calibration, shape_directions

_ENOUGH = 0.9  # of the opening that is asked
_STILL = 1e-4  # a shape that never passes this is left alone
# Expressions with which ARKit's weights open and shut the lips by themselves; without one the jaw makes up for it.
_LIP_SET = (
    "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthUpperUpLeft", "mouthUpperUpRight",
    "mouthLowerDownLeft", "mouthLowerDownRight",
)  # fmt: skip


class ShapeKeys(Target):
    """Face shapes of any naming convention."""

    name = "shape_keys"
    title = "shape keys"

    def present(self, character: Character) -> bool:
        """Where a shape key is known by its name, or was chosen."""
        return bool(character.meshes)

    def talks(self, character: Character) -> bool:
        """Always."""
        return True

    def notices(self, obj: Any) -> bool:
        """Meshes with shape keys."""
        return key_of(obj) is not None

    def summary(self, character: Character) -> str:
        """How many shapes of which convention, on how many meshes."""
        driven = {name for mesh in character.meshes for name in mesh.channels}
        parts = []
        if character.mouth not in ("", EXPRESSIONS):
            count = len(driven.intersection(SYSTEMS[character.mouth]))
            kind = SYSTEM_TITLES[character.mouth]
            parts.append(f"{count} {kind if count != 1 else kind[:-1]}")
        if character.shapes or not parts:
            parts.append(f"{len(character.shapes)} of {len(ARKIT_NAMES)} ARKit shapes")
        meshes = "1 mesh" if len(character.meshes) == 1 else f"{len(character.meshes)} meshes"
        others = [BY_IDENTIFIER[name].title for name in character.conventions if name != "arkit"]
        title = f"{others[0]}: " if others and character.conventions[0] != "arkit" else ""
        return f"{title}{' and '.join(parts)} on {meshes}"

    def adjustment(self, character: Character) -> str:
        """How much further a narrow mouth is driven."""
        calibration = mouth_calibration.of(character) if calibrates(character.root) else None
        return calibration.sentence if calibration is not None else ""

    def problem(self, character: Character) -> str:
        """Where a shape that should open the mouth, or shut the eyes, does something else, or none opens the jaw."""
        return shape_directions.turned_round(character) or _without_a_jaw(character)

    def datablocks(self, character: Character) -> list[Any]:
        """The Key datablocks, also of meshes whose shapes are no longer recognised."""
        keys = dict.fromkeys([mesh.key for mesh in character.meshes])
        keys.update(dict.fromkeys(key for part in character.objects if (key := key_of(part)) is not None))
        return list(keys)

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """One curve for each moving shape on each mesh; shapes that drivers own are left to them."""
        outcome = Outcome()
        driver = Driver(animation, character, settings.dials)
        following = following_paths(character)
        for mesh in character.meshes:
            driven = driven_paths(mesh.key)
            skipped: list[str] = []
            for name, group, weights in driver.curves(mesh):
                block = mesh.key.key_blocks[name]
                path = value_path(name)
                if path in driven:
                    skipped += [name] if path not in following[mesh.key] else []
                    continue
                values = np.clip(weights, block.slider_min, block.slider_max)
                rest = settings.rest(mesh.key, path, 0)
                outcome.channels.append(Channel(mesh.key, path, 0, group, values, rest))
            if PICTURED in mesh.key.key_blocks and _pictured_path() not in driven:
                outcome.channels.append(_closing(animation, mesh, settings))
            if skipped:
                outcome.warnings.append(_left_to_drivers(mesh, skipped))
            _warn(outcome, mesh)
        _warn_of_still_mouth(outcome, character)
        if driver.reached < _ENOUGH:
            outcome.warnings.append(
                f"Even with its shapes at the end of their sliders the mouth of '{character.root.name}' opens "
                f"{100 * driver.reached:.0f} % as far as was asked: let the slider of '{driver.opener}' go further."
            )
        return outcome


def _left_to_drivers(mesh: FaceMesh, names: list[str]) -> str:
    """The sentence about shape keys that have drivers."""
    openers = [name for channel in OPENERS for name, _ in mesh.channels.get(channel, ())]
    opener = next((name for name in openers if name in names), "")
    such = f", such as '{opener}', which opens the mouth," if opener else ""
    return (
        f"{len(names)} of the shape keys of '{mesh.object.name}'{such} have drivers and were left to them: Nothing Moves? can "
        "mute the drivers and key these shapes too."
    )


def _pictured_path() -> str:
    return f'key_blocks["{PICTURED}"].value'


def _closing(animation: FaceAnimation, mesh: FaceMesh, settings: TargetSettings) -> Channel:
    """While a picture talks its lips begin shut, whatever the picture shows; where the lips keep still they stay as they are."""
    path = _pictured_path()
    rest = settings.rest(mesh.key, path, 0)
    talks = eased(np.ones((len(animation), 1), np.float32), animation.fps, *FACE_EASE)[:, 0]
    values = rest * (1 - talks * (settings.dials.lips > 0))
    return Channel(mesh.key, path, 0, _group("jawOpen"), values.astype(np.float32), rest)


def _warn(outcome: Outcome, mesh: FaceMesh) -> None:
    if mesh.object.show_only_shape_key:
        outcome.warnings.append(
            f"'{mesh.object.name}' shows one shape key only (the pin beside its shape keys): "
            "switch the pin off to see it talk."
        )
    if not mesh.key.use_relative:
        outcome.warnings.append(
            f"The shape keys of '{mesh.object.name}' are absolute, so their values have no effect: "
            "tick Relative above their list to see it talk."
        )
    blocks = mesh.key.key_blocks
    muted = [name for drives in mesh.channels.values() for name, _ in drives if blocks[name].mute]
    if muted:
        outcome.warnings.append(
            f"{len(muted)} of the shape keys of '{mesh.object.name}' are switched off, such as '{muted[0]}'."
        )


def _without_a_jaw(character: Character) -> str:
    """A sentence where expressions move the mouth and none of them opens the jaw; "" where one does, or has its name."""
    still = any(row.channel == "jawOpen" and not row.moves for row in character.rows)
    if len(character.mouths) > 1 or character.mouth != EXPRESSIONS or still or "jawOpen" in character.shapes:
        return ""
    return (
        f"No shape key of '{character.root.name}' is known to open the jaw, so the mouth opens by its lips alone: choose the "
        "one that does for jawOpen under Face > Mapping."
    )


def _warn_of_still_mouth(outcome: Outcome, character: Character) -> None:
    opener = lip_seam.opener_by_names(character)
    still = [row for row in character.rows if row.channel == opener and not row.moves]
    if len(character.mouths) > 1:
        return
    narrow = mouth_calibration.hardly_opens(character)
    extent = narrow or mouth_calibration.opens_too_far(character)
    if extent and not still:
        outcome.warnings.append(extent)
    told = _without_a_jaw(character)
    outcome.warnings += [told] if told else []
    if still:
        # Of visemes others may open it by their own jaw.
        whole = character.mouth in ("", EXPRESSIONS)
        effect = "the mouth does not open" if whole else "the mouth opens too little"
        outcome.warnings.append(
            f"The shape key '{still[0].targets[0]}' of '{still[0].object}' moves nothing, so {effect}: choose "
            "another under Face > Mapping, or bring the character in again with its shapes' motion."
        )


class Driver:
    """What each shape key of a character does in an animation.

    Args:
        animation: what is said.
        character: whose face.
        dials: how strongly each part moves.
        measured: whether its meshes have shape keys of which can be told how far they open the mouth.

    Attributes:
        signals: channel → (T + E,) float32 weights, eased at both ends.
        reached: how far a narrow mouth opens that is driven further, as a share of what is asked; known after `curves`.
    """

    def __init__(
        self, animation: FaceAnimation, character: Character, dials: Dials, measured: bool = True
    ) -> None:
        self._character = character
        fitted = bool(animation.source.get("fitted"))  # to this character's shapes, by the engine
        self._calibration = (
            mouth_calibration.of(character)
            if measured and calibrates(character.root) and not fitted
            else None
        )
        complete = self._calibration is not None and not self._needs_help()
        self._gains = self._calibration.gains if self._calibration is not None and complete else {}
        self._limit = self._calibration.limit if self._calibration is not None else 1.0
        self.reached = 1.0
        self._seam: lip_seam.LipSeam | None = None
        self._seam_known = not measured
        self._jaw: np.ndarray | None = None
        wanted = dialled(animation, dials)
        opening = mouth_opening(wanted.landmarks).astype(np.float32)
        # Before any dial as well: one at 0 leaves the curves there.
        furthest = np.maximum(animation.arkit.max(axis=0), wanted.arkit.max(axis=0))
        self._moving = {name for name, value in zip(ARKIT_NAMES, furthest) if value > _STILL}
        self.signals = dict(zip(ARKIT_NAMES, self._eased(animation, wanted.arkit).T))
        self._opening = self._eased(animation, opening[:, None])[:, 0]
        self._apart = viseme_mouths.apart(self._opening)
        if character.mouth not in ("", EXPRESSIONS):
            channels = [
                name
                for name in SYSTEMS[character.mouth]
                if any(name in mesh.channels for mesh in character.meshes)
            ]
            weights = self._mouth(channels, wanted, opening, dials)
            self.signals.update(zip(channels, self._eased(animation, weights).T))
            self._moving.update(channels)

    @staticmethod
    def _eased(animation: FaceAnimation, values: np.ndarray) -> np.ndarray:
        return eased(values, animation.fps, *FACE_EASE)

    def _mouth(
        self, channels: list[str], animation: FaceAnimation, opening: np.ndarray, dials: Dials
    ) -> np.ndarray:
        if not channels:
            return np.zeros((len(animation), 0), np.float32)
        seam = self._lips()
        measured = seam.channel_openings() if seam is not None else None
        if self._calibration is not None:
            opening = opening / np.float32(self._calibration.share)
        return viseme_mouths.mouth_weights(
            channels, animation.visemes, opening, measured, min(1.0, dials.lips)
        )

    def _lips(self) -> lip_seam.LipSeam | None:
        if not self._seam_known:
            self._seam, self._seam_known = lip_seam.find(self._character), True
        return self._seam

    @property
    def opener(self) -> str:
        """The shape key that opens a narrow mouth; "" for any other mouth."""
        return self._calibration.keys[0] if self._calibration is not None else ""

    def curves(self, mesh: FaceMesh) -> list[tuple[str, str, np.ndarray]]:
        """(shape key, title of its group, (T + E,) weights) of each shape key of a mesh that moves."""
        weights = self._weights(mesh)
        groups: dict[str, str] = {}
        moving = set()
        for channel, drives in mesh.channels.items():
            for name, _ in drives:
                groups.setdefault(name, _group(channel))
                if channel in self._moving:
                    moving.add(name)
        if self._jaw is None:
            self._jaw = self._jaw_correction()
        for name, gain in mesh.channels.get("jawOpen", ())[:1]:
            if gain > 0 and self._jaw.any():
                weights[name] = np.clip(weights[name], 0, self._limit) + self._jaw
        return [(name, groups[name], weights[name]) for name in weights if name in moving]

    def _weights(self, mesh: FaceMesh) -> dict[str, np.ndarray]:
        weights: dict[str, np.ndarray] = {}
        for channel, drives in mesh.channels.items():
            signal = self.signals[channel]
            if channel in self._gains:
                signal = signal * (1 + np.float32(self._gains[channel] - 1) * self._apart)
            for name, gain in drives:
                part = signal * np.float32(gain)
                weights[name] = weights[name] + part if name in weights else part
        return weights

    def _needs_help(self) -> bool:
        """Whether the character's expressions cannot open and shut its lips as ARKit's would."""
        if self._character.mouth != EXPRESSIONS:
            return False
        own = {name for mesh in self._character.meshes for name in mesh.shapes}
        return "jawOpen" in self._character.shapes and not own.issuperset(_LIP_SET)

    def _jaw_correction(self) -> np.ndarray:
        """(T + E,) what the jaw adds where shapes of ARKit's are missing or open less than most; the same on all meshes."""
        nothing = np.zeros_like(self._opening)
        further = self._calibration if self._character.mouth == EXPRESSIONS else None
        helps = self._needs_help()
        seam = self._lips() if helps or further is not None else None
        jaws = seam.mesh.channels.get("jawOpen", ())[:1] if seam is not None else ()
        if seam is None or not jaws or jaws[0][1] <= 0 or seam.openings[jaws[0][0]] <= 0:
            return nothing
        jaw, opens = jaws[0][0], seam.medians if further is not None and not helps else seam.openings
        weights = {
            name: np.clip(values, 0, self._end_of(seam.mesh, name))
            for name, values in self._weights(seam.mesh).items()
        }
        total = sum(opens[name] * gain for name, gain in seam.mesh.channels["jawOpen"])
        predicted = np.asarray(sum(weights[name] * np.float32(opens[name]) for name in weights))
        if further is None or helps:
            total = total / further.share if further is not None else total
            corrected = viseme_mouths.corrected_jaw(
                weights[jaw], predicted, self._opening, total, opens[jaw], self._limit
            )
        else:
            corrected = viseme_mouths.further_jaw(
                weights[jaw], predicted / further.unit, self._opening, opens[jaw] / further.unit, self._limit
            )
        if further is not None:
            reached = (predicted + (corrected - weights[jaw]) * opens[jaw]) / further.unit
            self.reached = float((reached * self._opening).sum() / max((self._opening**2).sum(), 1e-9))
        return corrected - weights[jaw]

    def _end_of(self, mesh: FaceMesh, name: str) -> float:
        """The value at which a shape key ends; 1 where the mouth is not calibrated."""
        return float(mesh.key.key_blocks[name].slider_max) if self._calibration is not None else 1.0


def _group(channel: str) -> str:
    return GROUP_TITLES[dial_of(channel) if channel in ARKIT_NAMES else "lips"]
