"""What a tooltip explains at length, and what panels write out, is said in German, too, and in the add-on's own words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import bpy
import characters
import drawn_characters
import pytest
from versions import ends

import inference
from blender_addon import api, registration, ui
from blender_addon.characters import character
from blender_addon.engine_process import full_environment
from blender_addon.faces import own_shapes
from blender_addon.host import field_tooltips, tooltips, translations
from blender_addon.host.stages import GERMAN_WITH_GAPS
from blender_addon.host.texts_with_gaps import with_gaps
from blender_addon.ui import dial_keys, mapping, portrait_video

GERMAN = translations.TABLE["de_DE"]
CONTEXTS = {"operator": "Operator", "operator_menu_enum": "Operator", "label": "*", "prop": "*", "menu": "*"}


def written_out():
    """Each text that the panels' code writes out, and the context in which Blender looks it up."""
    for path in sorted(Path(ui.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in {"draw_text", "draw_in_box"} and isinstance(call.args[2], ast.Constant):
                yield "*", call.args[2].value
            if name == "tooltip":
                yield from (
                    ("*", part.value) for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)
                )
            if any(option.arg == "translate" for option in call.keywords):
                continue  # it is in the user's language already
            texts = [option.value for option in call.keywords if option.arg == "text" and name in CONTEXTS]
            for part in (part for text in texts for part in ast.walk(text)):
                if (
                    isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and part.value.strip("?– :")
                ):
                    yield CONTEXTS[name], part.value


def test_what_panels_write_out():
    texts = set(written_out())
    assert {("Operator", "Play"), ("*", "Voice"), ("*", "Mend this; one undo takes it back")} <= texts
    assert texts - set(GERMAN) == set()


def operators():
    """What Blender knows of each of the add-on's buttons."""
    for cls in registration.CLASSES:
        if issubclass(cls, bpy.types.Operator):
            module, _, name = cls.bl_idname.partition(".")
            yield getattr(getattr(bpy.ops, module), name).get_rna_type()


def test_what_buttons_explain():
    told = {operator.identifier: operator.description for operator in operators()}
    assert len(told) > 70 and all(told.values())
    assert {name: text for name, text in told.items() if ("*", text) not in GERMAN} == {}


def reasons_in_code():
    """Each reason that the panels give for a button or a tick that is greyed out; what is filled in is {}."""
    for path in (*sorted(Path(ui.__file__).parent.glob("*.py")), Path(own_shapes.__file__)):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(function, ast.FunctionDef) and function.name.endswith(("_reason", "obstacle"))
            if not named or function.name == "draw_reason":
                continue
            told = [part for line in (*function.body[1:], *function.args.defaults) for part in ast.walk(line)]
            inside = {id(part) for whole in told if isinstance(whole, ast.JoinedStr) for part in whole.values}
            yield from (text for part in told if id(part) not in inside for text in texts_of(part))


def test_why_a_button_is_greyed_out():
    told = {text for text in reasons_in_code() if " " in text}
    assert {"Switch to Object Mode", "'{}' has no mouth cues"} <= told and len(told) > 35
    words = lambda text: GERMAN.get(("*", text), text)  # noqa: E731
    for text in told:
        for sentence in (text, f"{text}."):  # in the tooltip, and below the buttons
            assert ("*", sentence) in GERMAN or with_gaps(sentence, "de_DE", words) != sentence, sentence


NAMES_OF_DRAWINGS = {"chart"}  # whose choices list what drawings are called, in every language


def fields():
    """What each field that panels and dialogs draw explains, and each of its choices; and whose it is."""
    own = [
        (cls.__name__, cls.bl_rna, cls.__base__.bl_rna.properties.keys())
        for cls in registration.CLASSES
        if issubclass(cls, (bpy.types.PropertyGroup, bpy.types.AddonPreferences))
    ]
    own += [(known.identifier, known, ("rna_type",)) for known in operators()]
    for owner, known, inherited in own:
        for name in set(known.properties.keys()) - set(inherited):
            field = known.properties[name]
            if not field.is_hidden:
                yield (owner, name), field.description
                for choice in (
                    field.enum_items if field.type == "ENUM" and name not in NAMES_OF_DRAWINGS else ()
                ):
                    yield (owner, name, choice.identifier), choice.description

    for name, _, about, *_ in portrait_video._renderers(with_refined=True):
        yield ("renderer", name), about  # one of them only where its network is there
    for name, _, about in mapping._choice_items(
        None, None
    ):  # what can be chosen is asked for when it is drawn
        yield ("target", name), about


def test_what_fields_and_their_choices_explain():
    told = dict(fields())
    assert len(told) > 150
    assert {where: text for where, text in told.items() if text and ("*", text) not in GERMAN} == {}


@pytest.mark.parametrize("table", [tooltips.GERMAN, field_tooltips.GERMAN], ids=["buttons", "fields"])
def test_no_two_tooltips_are_one_by_mistake(table):
    assert len(set(table.values())) == len(table)
    assert not [text for text in (*table, *table.values()) if text.endswith(".")]  # as in Blender
    numbers = lambda text: sorted(re.findall(r"\d+", text))  # noqa: E731
    assert {text: german for text, german in table.items() if numbers(text) != numbers(german)} == {}


def test_no_tooltip_is_left_over():
    shown = {text for _, text in fields()} | {known.description for known in operators()}
    written = {text for context, text in written_out() if context == "*"}
    assert ({*tooltips.GERMAN, *field_tooltips.GERMAN} - shown) - written == set()


def texts_of(value):
    """The texts that an expression may be; what is filled in is {}."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from (*texts_of(value.body), *texts_of(value.orelse))
    elif isinstance(value, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in value.values)


def said_by(node):
    """The expressions of a line of code that are shown while something is under way."""
    if isinstance(node, ast.Assign):
        target, value = node.targets[0], node.value
        tuples = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        for name, part in zip(target.elts, value.elts) if tuples else [(target, value)]:
            if getattr(name, "attr", "") == "stage":
                yield part
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in {"progress", "tell", "seen"} and len(node.args) == 2:
            yield node.args[1]
        elif name in {"Work", "Ask"}:
            yield node.args[0]
        elif name == "Pause":
            yield node.args[1]
        elif name == "__init__":
            yield from node.args[:1]
        yield from (option.value for option in node.keywords if option.arg == "stage")


def stages():
    """What the add-on and its engine say while something is under way."""
    add_on = Path(ui.__file__).parents[1]
    rooms = [
        add_on / room for room in ("jobs", "engine_process", "faces", "talking", "targets", "command_line")
    ]
    engine = Path(inference.__file__).parent
    others = {"training", "batch", "face"}  # from a terminal alone, or without a word
    files = [
        path
        for room in (*rooms, engine)
        for path in room.rglob("*.py")
        if not others.intersection(path.parts)
    ]
    for path in sorted(files):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for expression in said_by(node):
                yield from texts_of(expression)
    yield from (words for _, words in full_environment._WORDS)


@ends
def test_what_is_under_way():
    told = set(stages())
    assert {"Writing keys", "Measuring the face", "Looking for the face", "Preparing", "Listening"} <= told
    assert {"Making the environment", "Trying it", "Putting the lines of '{}' together"} <= told
    gaps = set(GERMAN_WITH_GAPS) | {"{}: {}", "Downloading {} {}"}
    assert {stage for stage in told if ("*", stage) not in GERMAN and stage not in gaps} == set()


@pytest.mark.parametrize(
    ("stage", "german"),
    [
        ("2 of 5 lines, about 3 min left", "2 von 5 Zeilen, noch etwa 3 min"),
        ("2 of 5 lines", "2 von 5 Zeilen"),
        ("Putting the lines of 'Ann: 2' together", "Zeilen von „Ann: 2“ zusammensetzen"),
        ("Downloading torch 900 MB", "torch 900 MB herunterladen"),
        ("Looking for torch", "torch suchen"),
        ("anna.png: Drawing the video", "anna.png: Video zeichnen"),
        ("Row 2: 2 of 5 lines", "Row 2: 2 von 5 Zeilen"),
        (
            "a: b: Videos need the full engine: make or choose one in the add-on's preferences.",
            "a: b: Videos brauchen die volle Engine: In den Einstellungen des Add-ons einrichten oder wählen.",
        ),
        ("something: else", "something: else"),
        ("something else", "something else"),
    ],
)
def test_what_is_under_way_with_numbers_and_names(stage, german):
    words = lambda text: GERMAN.get(("*", text), text)  # noqa: E731
    assert with_gaps(stage, "de_DE", words) == with_gaps(stage, "de", words) == german
    assert with_gaps(stage, "fr_FR", lambda text: text) == stage


@pytest.mark.skipif(
    "translation_context" not in bpy.props.BoolProperty.__doc__, reason="this Blender knows one context alone"
)
def test_the_add_ons_own_words_come_before_blenders():
    """To Blender a face is a polygon, and a speaker a box."""
    seen = 0
    for cls in registration.CLASSES:
        known = cls.bl_rna
        if issubclass(cls, bpy.types.Panel):
            assert known.translation_context == translations.CONTEXT, cls
        for name in set(known.properties.keys()) - set(cls.__base__.bl_rna.properties.keys()):
            assert known.properties[name].translation_context == translations.CONTEXT, (cls, name)
            seen += 1
    assert seen > 100 and GERMAN[translations.CONTEXT, "Speaker"] == "Sprecher"


def test_what_was_heard():
    shown = bpy.types.Scene.bl_rna.properties["talking_animation"].fixed_type.properties["show_heard"]
    assert ("*", shown.description) in GERMAN


def test_the_live_preview():
    properties = bpy.types.WindowManager.bl_rna.properties["talking_animation_live"].fixed_type.properties
    texts = [properties["record"].description]
    texts += [choice.description for choice in properties["source"].enum_items]
    assert all(("*", text) in GERMAN for text in texts)


def test_dials_that_nothing_follows():
    assert {("*", dial_keys.WAITING), ("*", dial_keys.DRIVEN)} <= set(GERMAN)


def test_what_a_character_is_and_why_it_cannot_talk():
    plane = drawn_characters.linked(bpy.data.objects.new("Blob", bpy.data.meshes.new("Blob")))
    plane.data.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1)], [], [(0, 1, 2)])
    cube = drawn_characters.linked(bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube")))
    cube.data.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 1, 0)], [], [(0, 1, 2), (0, 1, 3)])
    rig = drawn_characters.linked(bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig")))
    odd, (mira, _) = characters.face_mesh("Odd", ["Gob"]), characters.rigged()
    bpy.context.view_layer.update()
    words = lambda text: GERMAN.get(("*", text), text)  # noqa: E731
    for item in (plane, cube, rig, odd):
        problem = api.describe(item).problem
        assert problem and with_gaps(problem, "de_DE", words) != problem, problem
    for item in (mira, odd):
        for part in api.describe(item).summary.split(", "):
            assert with_gaps(part, "de_DE", words) != part, part
    planes = [
        drawn_characters.linked(bpy.data.objects.new(f"mouth{number}", plane.data)) for number in range(3)
    ]
    for other in planes[1:]:
        other.parent = planes[0]
    empty = drawn_characters.linked(bpy.data.objects.new("Empty", bpy.data.meshes.new("Empty")))
    for name in ("Basis", "jawOpen"):
        empty.shape_key_add(name=name)
    bpy.context.view_layer.update()
    for item, told in ((planes[0], "named alike"), (empty, "no vertices")):
        problem = api.describe(item).problem
        assert told in problem and with_gaps(problem, "de_DE", words) != problem
    for what in ("armature", "mesh"):
        linked = f"The {what} 'Ann' {character._LINKED}"
        assert with_gaps(linked, "de_DE", words) != linked


def test_a_sentence_names_a_row_as_the_row_is_named():
    sentence = next(german for (_, text), german in GERMAN.items() if text.endswith("Jaw open first."))
    assert f"{GERMAN['*', 'Jaw open']} zuerst" in sentence
