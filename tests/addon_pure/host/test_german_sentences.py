"""Every sentence that the add-on says in a window has its German, whichever room it is written in."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import inference
from blender_addon.host import sentences, texts_with_gaps

ADD_ON = Path(texts_with_gaps.__file__).parents[1]
ROOMS = (
    "api", "characters", "engine_process", "faces", "inputs", "jobs", "keys", "motion", "talking", "targets", "ui",
)  # fmt: skip
ENGINE = Path(inference.__file__).parent
FOR_TERMINALS = {
    "training",
    "batch",
    "cli.py",
    "measure.py",
    "licence.py",
}  # and licences are told in their own words
OPTION = re.compile(r"--[a-z{]")  # whoever types one reads English help
GAP = re.compile(r"\{[a-z_]*\}")


def text_of(node):
    """What is written, each gap as {}; "" where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return GAP.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def sentences_in(path):
    """What a module says: texts of several words with a full stop or a question mark, which are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        text = text_of(node).strip()
        if id(node) not in alone | inside and len(text.split()) > 2 and text[-1] in ".?" and "\\" not in text:
            yield text


def all_sentences():
    modules = [
        ADD_ON / "host" / "unforeseen.py",
        *(path for room in ROOMS for path in (ADD_ON / room).rglob("*.py")),
    ]
    return {text: path for path in modules for text in sentences_in(path)}


def engine_sentences():
    """What the engine says, which the add-on shows as it comes."""
    return {
        text: path
        for path in ENGINE.rglob("*.py")
        if not FOR_TERMINALS & {*path.relative_to(ENGINE).parts}
        for text in sentences_in(path)
        if text not in KEPT_IN_FILES
    }


KEPT_IN_FILES = {
    "Synthetic: a computer made this talk, it was not filmed. Talking Animation {} made it of the picture {}{}."
}


@pytest.fixture(scope="module")
def told():
    return all_sentences()


@pytest.fixture(scope="module")
def told_by_engine():
    return engine_sentences()


def said_of(text):
    return texts_with_gaps.with_gaps(text, "de_DE", lambda part: part)


def without_german(told):
    translations = table()
    return [
        f"{path}: {text}"
        for text, path in told.items()
        if text not in {*translations, *sentences.PARTS} and said_of(text) == text
    ]


def test_every_sentence_has_german(told):
    missing = without_german(told)
    assert len(told) > 300 and not missing, "\n".join(missing)


def test_every_sentence_of_the_engine_has_german(told_by_engine):
    whole = {text: path for text, path in told_by_engine.items() if text[0] not in ",;"}
    missing = [text for text in without_german(whole) if not OPTION.search(text)]
    assert len(told_by_engine) > 250 and not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("a.wav is silent: the mouth stays closed.", "a.wav ist stumm: der Mund bleibt zu."),
        (
            "b.wav: channels 1 and 3 of 4 are mixed, since different voices are equally loud in them; choose one with Channel.",
            "b.wav: die Kanäle 1 und 3 von 4 werden gemischt, denn verschiedene Stimmen sind darin gleich laut; mit Kanal einen "
            "wählen.",
        ),
        (
            "take 3.mp4 was left out: No face was found in take 3.mp4: choose a video in which one face is seen from the front, "
            "at least 5 % of the picture wide.",
            "take 3.mp4 wurde ausgelassen: In take 3.mp4 wurde kein Gesicht gefunden: ein Video wählen, in dem ein Gesicht von "
            "vorn zu sehen ist, mindestens 5 % der Bildbreite breit.",
        ),
        (
            "The strokes of 'Ann' move in a live preview once bones move them: choose Bones in the panel Grease Pencil, and "
            "generate; with Record on, its keys come in the end.",
            "Die Striche von „Ann“ bewegen sich in einer Live-Vorschau, sobald Knochen sie bewegen: im Panel Grease Pencil "
            "Knochen wählen und die Animation erzeugen; mit Aufzeichnen kommen die Keys am Ende.",
        ),
        (
            "The layer 'Lips' of the drawing 'Ann' is turned or scaled, which bones cannot follow: it is drawn anew frame by "
            "frame. For bones, set the layer's rotation and scale back; with Record on, its keys come in the end.",
            "Die Ebene „Lips“ der Zeichnung „Ann“ ist gedreht oder skaliert, was Knochen nicht mitmachen: sie wird Frame für "
            "Frame neu gezeichnet. Für Knochen Drehung und Skalierung der Ebene zurücksetzen; mit Aufzeichnen kommen die Keys "
            "am Ende.",
        ),
        (
            "a.jpg is cut off, and a part of it is missing: save or download the picture again. No face was seen in a.jpg: "
            "choose a picture that shows one from the front, or show where its eyes and the corners of its mouth are.",
            "a.jpg ist abgeschnitten, ein Teil fehlt: das Bild neu speichern oder laden. In a.jpg wurde kein Gesicht gesehen: "
            "ein Bild wählen, das eins von vorn zeigt, oder zeigen, wo Augen und Mundwinkel sind.",
        ),
        (
            "a.jpg is cut off, and a part of it is missing: save or download the picture again. a.jpg shows 2 faces: choose a "
            "face from 1 to 2.",
            "a.jpg ist abgeschnitten, ein Teil fehlt: das Bild neu speichern oder laden. a.jpg zeigt 2 Gesichter: ein "
            "Gesicht von 1 bis 2 wählen.",
        ),
        (
            "c.mp4: The face was lost at 0.20-0.40 s, 2.00-2.20 s and 3 more times: the motion there was filled in.",
            "c.mp4: Das Gesicht ging bei 0.20-0.40 s, 2.00-2.20 s und noch 3-mal verloren: die Bewegung dort wurde ergänzt.",
        ),
        (
            "Tali: d to e.wav: the sound from 0:01 to 0:04, 0:08 to 0:09, 0:11 to 0:12 and 2 more moves no mouth, since no "
            "voice is heard in it. If somebody speaks there, give that voice a recording of its own, without music or noise.",
            "Tali: d to e.wav: der Ton von 0:01 bis 0:04, 0:08 bis 0:09, 0:11 bis 0:12 und 2 weiteren Stellen bewegt keinen "
            "Mund, denn darin ist keine Stimme zu hören. Spricht dort jemand, "
            "dieser Stimme eine eigene Aufnahme geben, ohne Musik und Lärm.",
        ),
        (
            "a.wav: from 0:01.0 to 0:02.0 and 0:03.0 to 0:04.0 words are hard to hear, because of noise, other voices or an "
            "echo, so the lips may not fit there. Record it nearer to the mouth, or give that voice a recording of its own.",
            "a.wav: von 0:01.0 bis 0:02.0 und 0:03.0 bis 0:04.0 sind Wörter schwer zu verstehen, wegen Lärm, anderer Stimmen "
            "oder Hall, und die Lippen passen dort vielleicht nicht. Näher am Mund aufnehmen, oder dieser Stimme eine eigene "
            "Aufnahme geben.",
        ),
        (
            "a.wav: from 0:01.0 to 0:02.0 words are hard to hear, as where a voice shouts, cries or is distorted, so the lips "
            "may not fit there. Where there is a take without effects, use that.",
            "a.wav: von 0:01.0 bis 0:02.0 sind Wörter schwer zu verstehen, wie wo eine Stimme schreit, weint oder verzerrt ist, "
            "und die Lippen passen dort vielleicht nicht. Gibt es eine Aufnahme ohne Effekte, diese nehmen.",
        ),
        (
            "a.wav: from 0:01.0 to 0:02.0 words are hard to hear, because much of their sound was taken out, as strong "
            "compression, a radio or a noise reduction does, so the lips may not fit there. Use the recording as it was before.",
            "a.wav: von 0:01.0 bis 0:02.0 sind Wörter schwer zu verstehen, weil viel von ihrem Klang fehlt, wie nach starker "
            "Kompression, über Funk oder nach einer Rauschminderung, und die Lippen passen dort vielleicht nicht. Die Aufnahme "
            "nehmen, wie sie davor war.",
        ),
        *(
            (
                f"From {english} the text does not fit what is heard in a.wav: it was left out there. Check that it is what is "
                "said.",
                f"Von {german} passt der Text nicht zu dem, was in a.wav zu hören ist: dort wurde er weggelassen. Prüfen, ob er "
                "sagt, was gesprochen wird.",
            )
            for english, german in (
                ("0:00.5 to 0:01.0", "0:00.5 bis 0:01.0"),
                (
                    "0:01.0 to 0:02.0, 0:03.0 to 0:04.0 and 1:00.0 to 1:01.0",
                    "0:01.0 bis 0:02.0, 0:03.0 bis 0:04.0 und 1:00.0 bis 1:01.0",
                ),
                (
                    "0:01 to 0:04, 0:08 to 0:09, 0:11 to 0:12 and 2 more",
                    "0:01 bis 0:04, 0:08 bis 0:09, 0:11 bis 0:12 und 2 weiteren Stellen",
                ),
            )
        ),
    ],
)
def test_sentences_within_sentences_in_german(english, german):
    assert said_of(english) == german


def table():
    """The English texts that Blender's own tables have; read, as the module wants bpy."""
    tree = ast.parse((ADD_ON / "host" / "translations.py").read_text(encoding="utf-8"))
    keys = [key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys]
    return {GAP.sub("{}", key.value) for key in keys if isinstance(key, ast.Constant)}


def test_gaps_are_kept_and_sentences_end_alike():
    for english, german in {**sentences.GERMAN, **sentences.PARTS}.items():
        count = english.count("{}")
        assert count == len(re.findall(r"\{\d?\}", german)), english
        assert german.format(*range(count)) and german != english
        assert english[-1] == german[-1] or english[-1] not in ".?", english


def test_no_sentence_is_left_over(told, told_by_engine):
    told = {**told, **told_by_engine}
    whole = [re.compile(re.escape(text).replace(r"\{\}", "(.*)")) for text in told]
    left = {text for text in sentences.GERMAN if text[-1] in ".?"} - set(told)
    assert {text for text in left if not any(known.fullmatch(text) for known in whole)} == set()


def test_what_stands_in_a_gap_is_said_too():
    said = said_of(
        "'Jaw' of 'Ann' moves the jaw sideways instead of down: sculpt that shape key anew, "
        "or choose another under Face > Mapping."
    )
    assert "bewegt den Kiefer zur Seite" in said and "diesen Shape Key neu formen" in said and "„Jaw“" in said
    drivers = (
        "2 of the shape keys of 'Ann' have drivers and were left to them: Nothing Moves? can mute the drivers"
    )
    assert said_of(f"{drivers} and key these shapes too.").startswith("2 der Shape Keys von „Ann“ haben")
    assert said_of("'its bones' is gone: right-click on the number again.").startswith("„its bones“"), (
        "an object's name"
    )


def test_gaps_end_where_the_next_word_begins():
    said = said_of(
        "'Ann' says a.wav: 2.5 s from frame 1, 48 curves on 1 mesh; 'Jaw' opens 47 % as far as on most faces: driven 2.1 ×, "
        "up to 1.0."
    )
    assert said.endswith(
        "1 Mesh; „Jaw“ öffnet 47 % so weit wie bei den meisten Gesichtern: 2.1-fach, bis 1.0."
    )
    such = "2 of the shape keys of 'Ann', such as 'Jaw', which opens the mouth, have drivers and were left to them:"
    said = said_of(f"{such} Nothing Moves? can mute the drivers and key these shapes too.")
    assert said.startswith("2 der Shape Keys von „Ann“, etwa „Jaw“, der den Mund öffnet, haben Treiber")


def test_what_buttons_say_is_said_in_the_users_language():
    """Blender shows what a button reports as it is."""
    said = {
        path.name
        for path in (ADD_ON / "ui").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "report"
    }
    assert said == {"text.py"}
