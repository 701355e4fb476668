"""No text of the panel is cut off where the sidebar is as wide as Blender makes it, in English and in German."""

from __future__ import annotations

import ast
from pathlib import Path

import bpy
import pytest

from blender_addon import registration, ui
from blender_addon.host import translations
from blender_addon.motion import face_channels
from blender_addon.rigs import cut_out_parts, drawing_charts
from blender_addon.ui import drawings, landmarks, live, portrait_video, properties, scene

GERMAN = translations.TABLE["de_DE"]
CONTENT = 172
"""Pixels between the panel's margins at Blender's usual size, as measured on a screenshot of 3.4."""
ICON, SPLIT, BETWEEN = 24, 0.38, 4
LARGER = 10  # texts are measured so much larger: at 11 pixels each letter is rounded, and a line is a tenth too short
NO_BUTTON_OF_THE_PANEL = {
    # In menus, dialogues, file browsers and the preferences, or an icon alone.
    "choose_target", "choose_mouth", "save_mapping", "load_mapping", "delete_mapping", "reset_mapping", "learn", "capture",
    "make_full_engine", "remove_full_engine", "copy_diagnostics", "clear_cache", "test_engine", "use_active", "remove_cues",
    "make_picture_talk", "use_style", "details", "choose_voice", "use_sample_voice",
    "choose_style_file", "choose_table",
}  # fmt: skip
CHOSEN = 75
"""Pixels for what a field shows that opens a list, beside its name."""
IN_A_BROWSER = 108
"""Pixels of a tick's name at the right of a file browser, as measured on a screenshot of 3.4."""
OVER_THE_WHOLE_WIDTH = {"cue_kind", "published_system", "model", "source"}
CHOICES = [
    properties.TalkingAnimationScene,
    properties.TalkingAnimationCharacter,
    landmarks.TalkingAnimationFace,
    portrait_video.TalkingAnimationPortraitVideo,
    scene.TalkingAnimationLine,
]
DRAWN_OTHERWISE = {"style_first", "style_second", "style_share", "character", "audio", "strip"}


def width(text):
    """Pixels that Blender's own font takes for a text; a bold guess where this Blender has no font."""
    try:
        import blf

        try:
            blf.size(0, 11 * LARGER)
        except TypeError:  # before Blender 4
            blf.size(0, 11 * LARGER, 72)
        measured = blf.dimensions(0, text)[0] / LARGER
    except (ImportError, SystemError):
        measured = 0
    return measured or 6.4 * len(text)


def in_both(text, context="*"):
    return [text, GERMAN.get((context, text)) or GERMAN.get(("*", text), text)]


def test_the_measure_measures():
    assert width("Generate Talking Animation") < CONTENT < width("Generate Talking Animation of Everybody")


@pytest.mark.parametrize("kind", [bpy.types.Operator, bpy.types.Panel])
def test_buttons_and_headings(kind):
    for cls in registration.CLASSES:
        if not issubclass(cls, kind) or cls.bl_idname.rpartition(".")[2] in NO_BUTTON_OF_THE_PANEL:
            continue
        icon = 0 if cls.bl_idname == "talking_animation.generate" else ICON  # the one without
        for text in in_both(cls.bl_label, "Operator" if kind is bpy.types.Operator else "*"):
            assert width(text) <= CONTENT - icon + BETWEEN, (cls, text, width(text))


@pytest.mark.parametrize(
    "owner",
    [
        properties.TalkingAnimationScene,
        properties.TalkingAnimationCharacter,
        landmarks.TalkingAnimationFace,
        live.TalkingAnimationLive,
        portrait_video.TalkingAnimationPortraitVideo,
        scene.TalkingAnimationScript,
    ],
)
def test_names_beside_fields(owner):
    for item in owner.bl_rna.properties:
        if item.is_hidden or item.identifier in {"rna_type", "name", *DRAWN_OTHERWISE}:
            continue
        slider = item.type == "FLOAT"  # its name stands on it, with the number
        room = CONTENT - 50 if slider else CONTENT - 18 if item.type == "BOOLEAN" else CONTENT * SPLIT
        for text in in_both(item.name):
            assert width(text) <= room, (item.identifier, text, width(text), room)


@pytest.mark.parametrize("owner", CHOICES)
def test_what_is_chosen(owner):
    for item in owner.bl_rna.properties:
        if item.type != "ENUM" or item.identifier in OVER_THE_WHOLE_WIDTH:
            continue
        for choice in item.enum_items:
            for text in in_both(choice.name):
                assert width(text) <= CHOSEN + BETWEEN, (item.identifier, text, width(text))


def test_options_of_file_browsers():
    options_of_all = [
        getattr(bpy.ops.talking_animation, cls.bl_idname.rpartition(".")[2]).get_rna_type().properties
        for cls in registration.CLASSES
        if issubclass(cls, bpy.types.Operator)
    ]
    browsers = [options for options in options_of_all if {"filter_glob", "filter_image"} & {*options.keys()}]
    assert len(browsers) > 8
    for item in (item for options in browsers for item in options if not item.is_hidden):
        names = [item.name, *(choice.name for choice in (item.enum_items if item.type == "ENUM" else ()))]
        for text in (text for name in names for text in in_both(name)):
            assert width(text) <= IN_A_BROWSER + BETWEEN, (item.identifier, text, width(text))


def rows_of_buttons():
    """Every row of more than one button that the sidebar's code draws: the file and its buttons' calls."""
    for path in sorted(Path(ui.__file__).parent.glob("*.py")):
        if path.name == "preferences.py":
            continue  # in a window of its own, which is wider
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            rows = {}
            for node in sorted(ast.walk(function), key=lambda node: getattr(node, "lineno", 0)):
                if (
                    isinstance(node, ast.Assign)
                    and isinstance(node.value, ast.Call)
                    and isinstance(node.value.func, ast.Attribute)
                    and node.value.func.attr == "row"
                ):
                    yield from (
                        (path.name, row) for row in [rows.pop(node.targets[0].id, ())] if len(row) > 1
                    )
                    rows[node.targets[0].id] = []
                elif (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "operator"
                    and getattr(node.func.value, "id", None) in rows
                ):
                    rows[node.func.value.id].append(node)
            yield from ((path.name, row) for row in rows.values() if len(row) > 1)


def label(button):
    """What stands on a button; "" on one with an icon alone."""
    for option in button.keywords:
        if option.arg == "text":
            return getattr(option.value, "value", "")
    name = button.args[0].value
    return next(cls.bl_label for cls in registration.CLASSES if getattr(cls, "bl_idname", "") == name)


def test_buttons_side_by_side():
    rows = list(rows_of_buttons())
    assert {"drawings.py", "landmarks.py"} <= {name for name, _ in rows}
    for name, row in rows:
        icons = sum(any(option.arg == "icon" for option in button.keywords) for button in row)
        for texts in zip(*(in_both(label(button), "Operator") for button in row)):
            needed = sum(map(width, texts)) + ICON * icons
            assert needed <= CONTENT + BETWEEN, (name, texts, needed)


def listed_in(language):
    """What the list of drawings and properties says of each of them, in a language."""
    said = GERMAN if language == "de" else {}
    words = lambda text: said.get(("*", text), text)  # noqa: E731
    shown = {
        "mouth": {name for chart in drawing_charts.CHARTS.values() for name in chart.drawings},
        **dict.fromkeys(("brows", "brow.left", "brow.right"), drawing_charts.BROWS),
    }
    of_charts = [
        f"{words(title)} {words(name)}"
        for part, title in drawing_charts.FEATURES.items()
        for name in sorted(shown.get(part, drawing_charts.LIDS))
    ]
    return [*of_charts, *map(words, {**face_channels.CHANNELS, **cut_out_parts.PARTS}.values())]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_list_of_drawings(language):
    short = list(filter(drawings.is_short, listed_in(language)))  # what is long is written in several lines
    assert len(short) > 30
    for text in short:
        assert width(text) <= CONTENT * drawings.first_column([text]), text
