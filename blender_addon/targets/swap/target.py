# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of drawings follow the mouth cues, the lids and the brows: keys that hold each drawing until the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import COLLECTIONS, IMAGES, LAYERS, OBJECTS, ChartMapping
from ...characters.target import Outcome, Target, TargetSettings
from ...contract import ARKIT_INDEX, MOUTH_SHAPES, FaceAnimation
from ...contract.dialled import dialled
from ...contract.easing import rested
from ...errors import TalkingAnimationError
from ...host.blender_versions import grease_pencil
from ...keys.channels import Channel
from ...motion import drawing_swaps
from ...motion.drawing_swaps import Holding, Run
from ...rigs.drawing_charts import CHARTS, CLOSED, CUSTOM, FEATURES, REST, left_over
from .image_files import lacking_image
from .recognition import charts_of, looks_drawn
from .shown import Shown, beside_frames, missing_drawings, shown, title_of

_GROUPS = {"mouth": "Lips", **dict.fromkeys(("brows", "brow.left", "brow.right"), "Brows")}
_BROWS = {"brow.left": ("Left",), "brow.right": ("Right",)}
_STILL = 0.01  # a dial below this lets nothing move


class Swap(Target):
    """Charts of drawings."""

    name = "swap"
    title = "drawings"

    def present(self, character: Character) -> bool:
        """Where a chart was mapped, or names tell one."""
        return character.root.library is None and bool(_damage(character) or charts_of(character))

    def talks(self, character: Character) -> bool:
        """Where there is a mouth."""
        return any(chart.feature == "mouth" and _speaks(chart, character) for chart in charts_of(character))

    def notices(self, obj: Any) -> bool:
        """Objects with a chart."""
        return looks_drawn(obj)

    def summary(self, character: Character) -> str:
        """How many drawings each chart has."""
        texts = [
            f"{len(chart.drawings)} {'mouth' if chart.feature == 'mouth' else FEATURES[chart.feature].lower()} drawings"
            for chart in charts_of(character)
        ]
        return ", ".join(texts)  # as panels tell parts apart

    def problem(self, character: Character) -> str:
        """What of a chart is gone, or cannot be keyed."""
        if _damage(character):
            return _damage(character)
        for chart in charts_of(character):
            gone = missing_drawings(chart, character)
            if gone:
                return (
                    f"'{gone[0]}' of the chart '{title_of(chart)}' of '{character.root.name}' is gone or has another name: "
                    "map the chart again (Map Drawings)."
                )
            try:
                _checked(chart, character)
            except TalkingAnimationError as error:
                return str(error)
            if chart.kind == IMAGES and _plays(chart, character):
                return (
                    f"The image sequence of '{character.root.name}' plays by itself: set its number of frames to 1, so that "
                    "its offset alone chooses the image."
                )
        return ""

    def why_not(self, character: Character) -> str:
        """As `problem`."""
        return self.problem(character) if self.present(character) else ""

    def listed(self, character: Character) -> list[tuple[str, str]]:
        """A row for each drawing."""
        return [
            (f"{FEATURES[chart.feature]} {drawing}", f"{name:g}" if isinstance(name, float) else str(name))
            for chart in charts_of(character)
            for drawing, name in chart.drawings.items()
        ]

    def datablocks(self, character: Character) -> list[Any]:
        """Whatever shows drawings, as far as it is there."""
        known = [_shown(chart, character) for chart in charts_of(character)]
        return list(dict.fromkeys(one[0] for chart in known if chart is not None for one in chart.properties))

    def apply(self, animation: FaceAnimation, character: Character, settings: TargetSettings) -> Outcome:
        """Curves that hold their values: of what shows the drawings of each chart."""
        outcome = Outcome()
        motion = rested(dialled(animation, settings.dials))
        for chart in charts_of(character):
            try:
                known = shown(chart, character)
                runs = _runs(known, motion, settings)
            except TalkingAnimationError as error:
                outcome.warnings.append(str(error))
                continue
            _add(outcome, known, runs, len(motion), settings)
            outcome.warnings += _left_out(chart, character, animation)
        return outcome


def _damage(character: Character) -> str:
    why = drawings.mapped_of(character.root).damaged
    return (
        f"What was mapped of '{character.root.name}' cannot be read, since {why}: map it again."
        if why
        else ""
    )


def _shown(chart: ChartMapping, character: Character) -> Shown | None:
    try:
        return shown(chart, character)
    except TalkingAnimationError:
        return None


def _checked(chart: ChartMapping, character: Character) -> Shown:
    """What shows a chart, where that suffices to follow an animation; else TalkingAnimationError."""
    known = shown(chart, character)
    if chart.feature == "mouth":
        _mouth_names(known)
    return known


def _speaks(chart: ChartMapping, character: Character) -> bool:
    try:
        return bool(_checked(chart, character))
    except TalkingAnimationError:
        return False


def _plays(chart: ChartMapping, character: Character) -> bool:
    """Whether an image sequence shows another image each frame by itself."""
    place = drawings.property_of(chart.where, character.objects)
    if place is None:
        return False
    datablock, path = place
    user = datablock.path_resolve(path.rpartition(".")[0]) if "." in path else datablock
    return int(getattr(user, "frame_duration", 1)) > 1


def _lacking(chart: ChartMapping, character: Character) -> str:
    """What a sequence of images lacks, in one sentence; "" for nothing."""
    name = lacking_image(chart, character)
    return name and (
        f"The image {name} of a sequence of '{character.root.name}' is not in its folder: draw it, or map the drawing to another "
        "image (Map Drawings)."
    )


def _copies(chart: ChartMapping, character: Character) -> list[str]:
    """What is seen beside the drawings of a chart, and is called as they are: objects but for a number, as copies made by hand,
    and layers, objects and collections of a mouth that the chart has not. Objects of another type, such as empties, are none.
    """
    used = set(map(str, chart.drawings.values()))
    of_mouth = chart.feature == "mouth"
    if chart.kind == LAYERS and of_mouth:
        obj = drawings.object_named(chart.where.name, character.objects)
        shown = [
            grease_pencil.layer_name(layer) for layer in obj.data.layers if grease_pencil.is_shown(layer)
        ]
        return left_over(shown, used, chart.chart)
    if chart.kind == COLLECTIONS and of_mouth:
        shown = [
            col.name
            for col in dict.fromkeys(col for obj in character.objects for col in obj.users_collection)
            if not col.hide_render and any(not obj.hide_render for obj in col.objects)
        ]
        return left_over(shown, used, chart.chart)
    if chart.kind != OBJECTS:
        return []
    plain = set(map(drawings.without_number, used))
    own = [drawings.object_named(name, character.objects) for name in sorted(used)]
    types = {obj.type for obj in own if obj is not None}
    # Those of a copied character have other numbers than the ones that were mapped.
    used |= {obj.name for obj in own if obj is not None}
    names = [obj.name for obj in character.objects if obj.type in types and not obj.hide_render]
    beside = set(left_over(names, used, chart.chart) if of_mouth else ())
    return [
        name
        for name in names
        if name in beside or (name not in used and drawings.without_number(name) in plain)
    ]


def _left_out(chart: ChartMapping, character: Character, animation: FaceAnimation) -> list[str]:
    name = character.root.name
    told = []
    gone = missing_drawings(chart, character)
    if gone:
        told.append(
            f"'{gone[0]}' is gone or has another name, so the nearest drawing is shown for it: map the chart of '{name}' again."
        )
    lacking = _lacking(chart, character)
    told += [lacking] if lacking else []
    told += [
        f"'{obj.name}' has a Time Offset for a mouth, too, but no drawing at frame {frame}, so it stays still: draw that frame."
        for obj, _, frame in beside_frames(chart, list(character.objects))
        if frame is not None
    ]
    copies = _copies(chart, character)
    if copies:
        told.append(
            f"'{copies[0]}' is called as a drawing of '{name}' that is swapped, but stays to be seen: delete or hide it, or say "
            "with Map Drawings which is which."
        )
    if chart.feature == "mouth" and not animation.cues:
        told.append(
            f"This motion has no mouth cues, so the drawings of '{name}' stay at rest: generate it again."
        )
    return told


def cues_shown_by(known: Shown) -> dict[str, str]:
    """Mouth cue → drawing, of those that are there."""
    chart = known.mapping
    says = chart.cues if chart.chart == CUSTOM else CHARTS[chart.chart].drawings
    table: dict[str, str] = {}
    for drawing, cues in says.items():
        if drawing in known.values:
            for cue in cues:
                table.setdefault(cue, drawing)
    if chart.rest in known.values:
        table[REST] = chart.rest
    return table


def _mouth_names(known: Shown) -> dict[str, str]:
    """Mouth cue → the drawing that shows it, or stands in.

    Raises:
        TalkingAnimationError: where nothing shows closed lips, or nothing open ones.
    """
    table = drawing_swaps.stand_ins(cues_shown_by(known), MOUTH_SHAPES)
    if CLOSED not in table:
        raise TalkingAnimationError(
            f"The chart '{title_of(known.mapping)}' has no drawing of a closed mouth, which p, b and m need: map one."
        )
    if len(set(table.values())) < 2:
        raise TalkingAnimationError(
            f"The chart '{title_of(known.mapping)}' has one drawing only: map an open mouth too."
        )
    return table


def _runs(known: Shown, motion: FaceAnimation, settings: TargetSettings) -> list[Run]:
    """Which of a chart's drawings is shown when."""
    chart, frames = known.mapping, len(motion)
    holding = Holding(chart.hold, chart.lead, chart.steady)
    if chart.feature == "mouth":
        return _mouth_runs(known, motion, holding, settings)
    if chart.feature.startswith("brow"):
        sides = _BROWS.get(chart.feature, ("Left", "Right"))
        raised = ["browInnerUp", *(f"browOuterUp{side}" for side in sides)]
        up = motion.arkit[:, [ARKIT_INDEX[name] for name in raised]].max(axis=1)
        down = motion.arkit[:, [ARKIT_INDEX[f"browDown{side}"] for side in sides]].max(axis=1)
        runs = drawing_swaps.brow_runs(up, down, known.values, holding)
        return drawing_swaps.renamed(runs, _same(known.values), _first(known, "neutral"))
    eye = {"eye.left": 0, "eye.right": 1}.get(chart.feature)
    shut = motion.blink.max(axis=1) if eye is None else motion.blink[:, eye]
    runs = drawing_swaps.lid_runs(shut, known.values, holding)
    runs = drawing_swaps.renamed(runs, _same(known.values), _first(known, "open"))
    return runs or [Run(0, frames, _first(known, "open"))]


def _mouth_runs(known: Shown, motion: FaceAnimation, holding: Holding, settings: TargetSettings) -> list[Run]:
    names = _mouth_names(known)
    cues = motion.cues if settings.dials.up_down > _STILL else []
    runs = drawing_swaps.cue_runs(cues, motion.fps, len(motion), holding)
    shown_by = CHARTS[known.mapping.chart].visemes if known.mapping.chart in CHARTS else {}
    if not shown_by:
        return drawing_swaps.renamed(runs, names, names[CLOSED])
    exact = drawing_swaps.viseme_runs(runs, motion.visemes)
    shown_as = []
    for run, fine in zip(runs, exact):
        drawn = [name for name in shown_by.get(fine.shown, ()) if name in known.values]
        shown_as.append(replace(run, shown=drawn[0] if drawn else names[run.shown]))
    if known.mapping.rest in known.values:
        shown_as = [
            replace(run, shown=known.mapping.rest if coarse.shown == REST else run.shown)
            for run, coarse in zip(shown_as, runs)
        ]
    return drawing_swaps.renamed(shown_as, _same(known.values), names[CLOSED])


def _same(names: Mapping[str, Any]) -> dict[str, str]:
    return {name: name for name in names}


def _first(known: Shown, wanted: str) -> str:
    return wanted if wanted in known.values else next(iter(known.values))


def _add(outcome: Outcome, known: Shown, runs: list[Run], frames: int, settings: TargetSettings) -> None:
    group = _GROUPS.get(known.mapping.feature, "Blinks")
    order = {name: number for number, name in enumerate(known.values)}
    shown_in = np.zeros(frames, np.int64)
    for run in runs:
        shown_in[run.start : run.end] = order[run.shown]
    for datablock, path, index in known.properties:
        table = np.array([known.values[name][datablock, path, index] for name in order], np.float32)
        rest = settings.rest(datablock, path, index)
        table[np.isnan(table)] = rest
        outcome.channels.append(Channel(datablock, path, index, group, table[shown_in], rest, held=True))
