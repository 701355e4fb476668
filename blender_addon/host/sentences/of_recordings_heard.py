# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine says of recordings, voices, styles and texts, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

_UNMOVED: Final = (
    "{{}}: the sound from {} moves no mouth, since no voice is heard in it. If somebody speaks there, give that voice a "
    "recording of its own, without music or noise."
)
_UNMOVED_GERMAN: Final = (
    "{{}}: der Ton von {} bewegt keinen Mund, denn darin ist keine Stimme zu hören. Spricht dort jemand, dieser Stimme eine "
    "eigene Aufnahme geben, ohne Musik und Lärm."
)
_UNCLEAR: Final = (
    "{{}}: from {} words are hard to hear, because of noise, other voices or an echo, so the lips may not fit there. Record it "
    "nearer to the mouth, or give that voice a recording of its own."
)
_UNCLEAR_GERMAN: Final = (
    "{{}}: von {} sind Wörter schwer zu verstehen, wegen Lärm, anderer Stimmen oder Hall, und die Lippen passen dort vielleicht "
    "nicht. Näher am Mund aufnehmen, oder dieser Stimme eine eigene Aufnahme geben."
)
_STRAINED: Final = (
    "{{}}: from {} words are hard to hear, as where a voice shouts, cries or is distorted, so the lips may not fit there. Where "
    "there is a take without effects, use that."
)
_STRAINED_GERMAN: Final = (
    "{{}}: von {} sind Wörter schwer zu verstehen, wie wo eine Stimme schreit, weint oder verzerrt ist, und die Lippen passen "
    "dort vielleicht nicht. Gibt es eine Aufnahme ohne Effekte, diese nehmen."
)
_THINNED: Final = (
    "{{}}: from {} words are hard to hear, because much of their sound was taken out, as strong compression, a radio or a noise "
    "reduction does, so the lips may not fit there. Use the recording as it was before."
)
_THINNED_GERMAN: Final = (
    "{{}}: von {} sind Wörter schwer zu verstehen, weil viel von ihrem Klang fehlt, wie nach starker Kompression, über Funk oder "
    "nach einer Rauschminderung, und die Lippen passen dort vielleicht nicht. Die Aufnahme nehmen, wie sie davor war."
)
_UNFIT: Final = "From {} the text does not fit what is heard in {{}}: it was left out there. Check that it is what is said."
_UNFIT_GERMAN: Final = (
    "Von {} passt der Text nicht zu dem, was in {{}} zu hören ist: dort wurde er weggelassen. Prüfen, ob er sagt, was "
    "gesprochen wird."
)
_PLACES: Final = (
    ("{} to {}", "{} bis {}"),
    ("{} to {} and {} to {}", "{} bis {} und {} bis {}"),
    ("{} to {}, {} to {} and {} to {}", "{} bis {}, {} bis {} und {} bis {}"),
    ("{} to {}, {} to {}, {} to {} and {} more", "{} bis {}, {} bis {}, {} bis {} und {} weiteren Stellen"),
)

GERMAN: Final = {
    # recordings
    "{} is silent: the mouth stays closed.": "{} ist stumm: der Mund bleibt zu.",
    "{} is only {} ms long: choose a recording of at least {} ms.": (
        "{} ist nur {} ms lang: eine Aufnahme von mindestens {} ms wählen."
    ),
    "{} holds no valid samples: export it again.": "{} enthält keine gültigen Abtastwerte: neu exportieren.",
    "{} holds invalid samples (NaN, infinite or far beyond full scale), which were read as silence.": (
        "{} enthält ungültige Abtastwerte (NaN, unendlich oder weit übersteuert), die als Stille gelesen wurden."
    ),
    "{} {}: choose a voice recording.": "{} {}: eine Sprachaufnahme wählen.",
    "{} is a device or a pipe: save the recording as a file first.": (
        "{} ist ein Gerät oder eine Pipe: die Aufnahme zuerst als Datei speichern."
    ),
    "{} cannot be read ({}): check that you may open it.": "{} lässt sich nicht lesen ({}): prüfen, ob man es öffnen darf.",
    "{} is empty: export or record it again.": "{} ist leer: neu exportieren oder aufnehmen.",
    "{} is cut short: only {} s of it could be read.": "{} ist abgeschnitten: nur {} s davon ließen sich lesen.",
    "{} claims {} samples a second, which no recording has: export it again.": (
        "{} gibt {} Abtastwerte je Sekunde an, die keine Aufnahme hat: neu exportieren."
    ),
    "{} holds no sound: export or record it again.": "{} enthält keinen Ton: neu exportieren oder aufnehmen.",
    "{} got shorter while it was read: wait until it is written, and try again.": (
        "{} wurde kürzer, während es gelesen wurde: warten, bis es geschrieben ist, und es noch einmal versuchen."
    ),
    "{} is not a WAV file of a known kind: convert it to WAV; the full engine reads other formats: {}.": (
        "{} ist keine WAV-Datei bekannter Art: in WAV umwandeln; die volle Engine liest andere Formate: {}."
    ),
    "{} is not a recording that can be decoded: convert it to WAV and try again.": (
        "{} ist keine Aufnahme, die sich lesen lässt: in WAV umwandeln und es noch einmal versuchen."
    ),
    "{} {}: choose a file with a voice in it.": "{} {}: eine Datei mit einer Stimme darin wählen.",
    "{} holds no sound: choose a file with a voice in it.": "{} enthält keinen Ton: eine Datei mit einer Stimme darin wählen.",
    # channels and voices
    "{} has {}, and no channel {}: choose another one, or auto.": (
        "{} hat {} und keinen Kanal {}: einen anderen wählen, oder auto."
    ),
    "{}: {} used, where somebody speaks; choose another with Channel.": (
        "{}: {} verwendet, wo jemand spricht; mit Kanal lässt sich anderes wählen."
    ),
    "{}: {} used, since several hold a voice and this is the loudest; choose another with Channel.": (
        "{}: {} verwendet, denn mehrere enthalten eine Stimme, und dies ist die lauteste; mit Kanal lässt sich anderes wählen."
    ),
    "{}: {} mixed, since different voices are equally loud in them; choose one with Channel.": (
        "{}: {} gemischt, denn verschiedene Stimmen sind darin gleich laut; mit Kanal einen wählen."
    ),
    "{}: only one voice could be told apart, so all that is said is used.": (
        "{}: nur eine Stimme ließ sich unterscheiden, deshalb wird alles Gesagte verwendet."
    ),
    "{}: the voices are too much alike to be told apart, so all that is said is used.": (
        "{}: die Stimmen sind sich zu ähnlich, um sie zu unterscheiden, deshalb wird alles Gesagte verwendet."
    ),
    "{}: only {} voices could be told apart and there is no {}, so all that is said is used.": (
        "{}: nur {} Stimmen ließen sich unterscheiden, und es gibt keine {}, deshalb wird alles Gesagte verwendet."
    ),
    "There is no speaker encoder {}: choose speaker or resemblyzer.": (
        "Es gibt keinen Sprecher-Encoder {}: speaker oder resemblyzer wählen."
    ),
    "Resemblyzer is not installed: pip install resemblyzer, or use the speaker encoder that ships.": (
        "Resemblyzer ist nicht installiert: pip install resemblyzer, oder den mitgelieferten Sprecher-Encoder verwenden."
    ),
    # lips
    "The text does not fit what is heard in {}: it was left out. Check that it is what is said there.": (
        "Der Text passt nicht zu dem, was in {} zu hören ist: er wurde weggelassen. Prüfen, ob er sagt, was dort gesprochen wird."
    ),
    "The text of {} was left out: it can be used in languages whose letters tell their sounds.": (
        "Der Text von {} wurde weggelassen: er hilft in Sprachen, deren Buchstaben ihre Laute verraten."
    ),
    "The text of {} has no words that are said: it was left out.": (
        "Der Text von {} hat keine Wörter, die gesprochen werden: er wurde weggelassen."
    ),
    "Of the text of {} the first {} letters were used, nearly four hours of speech: cut the recording and its text into "
    "parts.": (
        "Vom Text von {} wurden die ersten {} Buchstaben verwendet, fast vier Stunden Rede: Aufnahme und Text in Teile "
        "schneiden."
    ),
    **{
        _UNMOVED.format(english): _UNMOVED_GERMAN.format(german)
        for english, german in (("{}", "{}"), *_PLACES)
    },
    **{
        _UNCLEAR.format(english): _UNCLEAR_GERMAN.format(german)
        for english, german in (("{}", "{}"), *_PLACES)
    },
    **{
        _STRAINED.format(english): _STRAINED_GERMAN.format(german)
        for english, german in (("{}", "{}"), *_PLACES)
    },
    **{
        _THINNED.format(english): _THINNED_GERMAN.format(german)
        for english, german in (("{}", "{}"), *_PLACES)
    },
    "{} is muffled: hardly anything is heard above 2 kHz, by which vowels are told apart, so the lips may not fit. Use the "
    "recording as it was before it was filtered, or record it nearer to the mouth.": (
        "{} ist dumpf: über 2 kHz, wo sich Vokale unterscheiden, ist kaum etwas zu hören, und die Lippen passen vielleicht "
        "nicht. Die Aufnahme verwenden, wie sie vor dem Filtern war, oder näher am Mund aufnehmen."
    ),
    **{_UNFIT.format(english): _UNFIT_GERMAN.format(german) for english, german in (("{}", "{}"), *_PLACES)},
    "{}: the mouth stays closed, since no speech is heard in it. If somebody speaks there, choose a recording in which the "
    "voice is louder than all else.": (
        "{}: der Mund bleibt zu, denn es ist keine Sprache zu hören. Spricht dort jemand, eine Aufnahme wählen, in der die "
        "Stimme lauter ist als alles andere."
    ),
    # who speaks
    "The speaker must be auto, none or a folder of persons' .npz files, not {}.": (
        "Der Sprecher muss auto, none oder ein Ordner mit .npz-Dateien von Personen sein, nicht {}."
    ),
    "There is no person's .npz file in {}: make one with 'inference personalize'.": (
        "In {} ist keine .npz-Datei einer Person: eine mit 'inference personalize' machen."
    ),
    "{} is not a person's file: make one with 'inference personalize CLIP -o {}'.": (
        "{} ist keine Datei einer Person: eine mit 'inference personalize CLIP -o {}' machen."
    ),
    "{} is not a person's file or is damaged: make it again with 'inference personalize'.": (
        "{} ist keine Datei einer Person oder beschädigt: sie mit 'inference personalize' neu machen."
    ),
    "{} was written by a newer version of Talking Animation: update to read it.": (
        "{} wurde von einer neueren Version von Talking Animation geschrieben: zum Lesen aktualisieren."
    ),
    "{} does not exist: check the path.": "{} gibt es nicht: den Pfad prüfen.",
    "The weights of the styles {} must not all be 0.": "Die Gewichte der Stile {} dürfen nicht alle 0 sein.",
    "The style file {} may only have the keys {}.": "Die Stildatei {} darf nur diese Schlüssel haben: {}.",
    "There is no style named {}: choose one of {}, a .json file, a person's .npz file, or a mixture such as "
    "calm:0.3,lively:0.7.": (
        "Es gibt keinen Stil namens {}: einen von {}, eine .json-Datei, die .npz-Datei einer Person oder eine Mischung wie "
        "calm:0.3,lively:0.7 wählen."
    ),
    "In the style file {}, {} must be {} to {}, not {}.": "In der Stildatei {} muss {} zwischen {} und {} liegen, nicht {}.",
    "In the style file {}, {} must be {}, not {}.": "In der Stildatei {} muss {} dies sein: {}, nicht {}.",
    "The style file {} cannot be read: check the path.": "Die Stildatei {} lässt sich nicht lesen: den Pfad prüfen.",
    "The style file {} is not valid JSON{}: correct it there, or save the style again.": (
        "Die Stildatei {} ist kein gültiges JSON{}: sie dort berichtigen, oder den Stil neu speichern."
    ),
    # the text of a line
    "The text file {} is empty: write what is said into it, or leave it out.": (
        "Die Textdatei {} ist leer: hineinschreiben, was gesprochen wird, oder sie weglassen."
    ),
    "The text file {} is too long for the text of a recording: choose another.": (
        "Die Textdatei {} ist zu lang für den Text einer Aufnahme: eine andere wählen."
    ),
    "{} is no text: choose a text file.": "{} ist kein Text: eine Textdatei wählen.",
    "The text file {} does not exist: choose another.": "Die Textdatei {} gibt es nicht: eine andere wählen.",
    "The text file {} cannot be read: choose another.": "Die Textdatei {} lässt sich nicht lesen: eine andere wählen.",
    "{} is no text in UTF-8: save it as UTF-8 in a text editor.": (
        "{} ist kein Text in UTF-8: in einem Texteditor als UTF-8 speichern."
    ),
    "The model {} cannot use the text of a recording: leave the text out, or choose the model {}.": (
        "Das Modell {} kann den Text einer Aufnahme nicht verwenden: den Text weglassen, oder das Modell {} wählen."
    ),
    # a live preview
    "Of {} minutes of this live preview the first {} are kept: record what is longer with another program, and generate "
    "from its file.": (
        "Von {} Minuten dieser Live-Vorschau werden die ersten {} behalten: Längeres mit einem anderen Programm aufnehmen und "
        "aus dessen Datei erzeugen."
    ),
    "No microphone can be listened to ({}): plug one in, choose it in the system's sound settings and let Blender use it, or "
    "choose a recording.": (
        "Kein Mikrofon lässt sich hören ({}): eins anschließen, es in den Toneinstellungen des Systems wählen und Blender "
        "erlauben, oder eine Aufnahme wählen."
    ),
    "The microphone needs PortAudio, which this system lacks: install it (Debian and Ubuntu: sudo apt-get install "
    "libportaudio2), or choose a recording.": (
        "Das Mikrofon braucht PortAudio, das diesem System fehlt: es installieren (Debian und Ubuntu: sudo apt-get install "
        "libportaudio2), oder eine Aufnahme wählen."
    ),
    "The microphone gives no more sound: check that it is plugged in, and start the live preview again.": (
        "Vom Mikrofon kommt kein Ton mehr: prüfen, ob es angeschlossen ist, und die Live-Vorschau neu starten."
    ),
    "This live preview has ended: start another one.": "Diese Live-Vorschau ist zu Ende: eine neue starten.",
    "A block of a live preview is damaged: start it again.": (
        "Ein Stück einer Live-Vorschau ist beschädigt: sie neu starten."
    ),
}
PARTS: Final = {
    "channel {} of {} is": "Kanal {} von {} wird",
    "channels {} and {} of {} are": "die Kanäle {} und {} von {} werden",
    "only one channel": "nur einen Kanal",
    "{} channels": "{} Kanäle",
    "third": "dritte",
    "fourth": "vierte",
    "is a folder": "ist ein Ordner",
    "does not exist": "gibt es nicht",
    "holds no sound": "enthält keinen Ton",
    "is a picture, no recording": "ist ein Bild, keine Aufnahme",
    "is a video without sound": "ist ein Video ohne Ton",
    "a text": "ein Text",
    "a list of numbers": "eine Liste von Zahlen",
    "an object of numbers": "ein Objekt aus Zahlen",
}
