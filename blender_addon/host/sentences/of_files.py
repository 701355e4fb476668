# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of the files that people give, and of the engine, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # recordings
    "No sound could be read from '{}': pick an audio file (such as WAV, MP3, OGG, FLAC or M4A), or a video with a sound "
    "track.": (
        "Aus „{}“ ließ sich kein Ton lesen: eine Tondatei wählen (etwa WAV, MP3, OGG, FLAC oder M4A), oder ein Video mit "
        "Tonspur."
    ),
    "'{}' is empty: export the recording again or pick another file.": (
        "„{}“ ist leer: die Aufnahme neu exportieren, oder eine andere Datei wählen."
    ),
    "No voice recording is chosen: pick an audio file.": "Keine Sprachaufnahme ist gewählt: eine Tondatei wählen.",
    "'{}' lies beside the .blend file, which is not saved yet: save it first, or give the recording's whole path.": (
        "„{}“ liegt neben der .blend-Datei, die noch nicht gesichert ist: sie zuerst sichern, oder den ganzen Pfad der "
        "Aufnahme angeben."
    ),
    "The strip '{}' is no sound strip: pick a sound strip.": (
        "Der Streifen „{}“ ist kein Tonstreifen: einen Tonstreifen wählen."
    ),
    "The strip '{}' is trimmed to nothing: lengthen it.": "Der Streifen „{}“ ist auf nichts gekürzt: ihn verlängern.",
    "This Blender cannot follow the changed speed of the strip '{}': reset its speed, or export its sound and use that.": (
        "Dieses Blender kann dem geänderten Tempo des Streifens „{}“ nicht folgen: das Tempo zurücksetzen, oder den Ton "
        "exportieren und den nehmen."
    ),
    "The recording '{}' does not exist: pick the file again.": "Die Aufnahme „{}“ gibt es nicht: die Datei neu wählen.",
    "'{}' is a folder: pick an audio file.": "„{}“ ist ein Ordner: eine Tondatei wählen.",
    "'{}' is a device or a pipe: pick an audio file.": "„{}“ ist ein Gerät oder eine Pipe: eine Tondatei wählen.",
    "This Blender cannot decode '{}': convert it to WAV and use that.": (
        "Dieses Blender kann „{}“ nicht dekodieren: in WAV umwandeln und das nehmen."
    ),
    "A voice recording is a file's path or a sound strip, not {}.": (
        "Eine Sprachaufnahme ist der Pfad einer Datei oder ein Tonstreifen, nicht {}."
    ),
    "The strip was removed meanwhile: pick a sound strip.": (
        "Der Streifen wurde inzwischen entfernt: einen Tonstreifen wählen."
    ),
    "'{}' cannot be copied for the engine ({}): check that it can be read and that there is room for temporary files.": (
        "„{}“ lässt sich nicht für die Engine kopieren ({}): prüfen, ob es lesbar ist und für temporäre Dateien Platz ist."
    ),
    "'{}' cannot be read ({}): check the file's permissions.": (
        "„{}“ lässt sich nicht lesen ({}): die Rechte der Datei prüfen."
    ),
    "The strip '{}' holds no sound: lengthen it.": "Der Streifen „{}“ enthält keinen Ton: ihn verlängern.",
    "There is no sample voice '{}': choose {}, or install the add-on again.": (
        "Es gibt keine Beispielstimme „{}“: {} wählen, oder das Add-on neu installieren."
    ),
    # videos
    "There is no room for the pictures of '{}' ({} MB in the folder for temporary files): make some, or cut the video "
    "shorter.": (
        "Für die Bilder von „{}“ ist kein Platz ({} MB im Ordner für temporäre Dateien): Platz schaffen, oder das Video "
        "kürzen."
    ),
    "'{}' is no video that Blender can decode: convert it to MP4 and try again.": (
        "„{}“ ist kein Video, das Blender dekodieren kann: in MP4 umwandeln und noch einmal versuchen."
    ),
    "The hidden Blender that decoded '{}' ended after {} of {} pictures, perhaps for lack of memory: close other programs "
    "and try again.": (
        "Das verborgene Blender, das „{}“ dekodierte, endete nach {} von {} Bildern, vielleicht aus Speichermangel: andere "
        "Programme schließen und noch einmal versuchen."
    ),
    "The video '{}' cannot be decoded ({}): check that it can be read and that there is room for temporary files.": (
        "Das Video „{}“ lässt sich nicht dekodieren ({}): prüfen, ob es lesbar ist und für temporäre Dateien Platz ist."
    ),
    "There are too many files named '{}': choose another name.": (
        "Es gibt zu viele Dateien namens „{}“: einen anderen Namen wählen."
    ),
    "Nothing is taken from the video: take the lips or the head from it, or press Generate instead.": (
        "Aus dem Video wird nichts genommen: Lippen oder Kopf daraus nehmen, oder stattdessen Erzeugen drücken."
    ),
    "No video is chosen: pick a video of a talking face.": (
        "Kein Video ist gewählt: ein Video eines sprechenden Gesichts wählen."
    ),
    "'{}' is a folder: pick a video file.": "„{}“ ist ein Ordner: eine Videodatei wählen.",
    "The video '{}' does not exist: pick the file again.": "Das Video „{}“ gibt es nicht: die Datei neu wählen.",
    "The {} come from the 'VIDEO' or the 'VOICE', not '{}'.": "{} kommen von „VIDEO“ oder „VOICE“, nicht von „{}“.",
    "The presets folder '{}' cannot be made ({}): check its permissions.": (
        "Der Vorlagenordner „{}“ lässt sich nicht anlegen ({}): seine Rechte prüfen."
    ),
    # styles
    "All parts of the mixture are 0: give one of the styles a share.": (
        "Alle Teile der Mischung sind 0: einem der Stile einen Anteil geben."
    ),
    "Only a person's own motion can be replayed: choose a person's .npz file as the style.": (
        "Nur die eigene Bewegung einer Person lässt sich abspielen: die .npz-Datei einer Person als Stil wählen."
    ),
    "There is no style named '{}': choose {}, a style's .json file or a person's .npz file.": (
        "Es gibt keinen Stil namens „{}“: {} wählen, die .json-Datei eines Stils oder die .npz-Datei einer Person."
    ),
    "The style file '{}' does not exist: pick it again.": "Die Stildatei „{}“ gibt es nicht: sie neu wählen.",
    "The speaker is auto, none, or a folder with persons' .npz files, which '{}' is not.": (
        "Der Sprecher ist auto, none oder ein Ordner mit .npz-Dateien von Personen, was „{}“ nicht ist."
    ),
    "No style file is chosen: pick a .json or a person's .npz file.": (
        "Keine Stildatei ist gewählt: eine .json-Datei oder die .npz-Datei einer Person wählen."
    ),
    # pictures
    "Blender reads '{}' as a video or an animation: save one of its pictures as PNG and use that.": (
        "Blender liest „{}“ als Video oder Animation: eins der Bilder als PNG sichern und das nehmen."
    ),
    "'{}' is cut off, and a part of it is missing: save or download the picture again.": (
        "„{}“ ist abgeschnitten, ein Teil fehlt: das Bild neu sichern oder herunterladen."
    ),
    "'{}' cannot be read as a picture: open it in a picture editor, save it as PNG, and use that (a file with such an "
    "ending may hold something else).": (
        "„{}“ lässt sich nicht als Bild lesen: in einem Bildprogramm öffnen, als PNG sichern und das nehmen (eine Datei "
        "mit solcher Endung kann etwas anderes enthalten)."
    ),
    "'{}' is an animated GIF: its first picture was taken.": (
        "„{}“ ist ein bewegtes GIF: sein erstes Bild wurde genommen."
    ),
    "'{}' is a film: its first picture was taken. With the full engine Bake Talking Portrait lets the film go on.": (
        "„{}“ ist ein Film: sein erstes Bild wurde genommen. Mit der vollen Engine lässt Als Video schreiben den Film "
        "weiterlaufen."
    ),
    "No picture is chosen: pick a picture with a face.": "Kein Bild ist gewählt: ein Bild mit einem Gesicht wählen.",
    "'{}' is a folder: pick a picture with a face.": "„{}“ ist ein Ordner: ein Bild mit einem Gesicht wählen.",
    "The picture '{}' does not exist: pick the file again.": "Das Bild „{}“ gibt es nicht: die Datei neu wählen.",
    "'{}' is {} × {} pixels, and no side may have more than {}: make it smaller.": (
        "„{}“ hat {} × {} Pixel, und keine Seite darf mehr als {} haben: es verkleinern."
    ),
    "'{}' is empty: save the picture again or pick another file.": (
        "„{}“ ist leer: das Bild neu sichern, oder eine andere Datei wählen."
    ),
    "'{}' cannot be copied for the engine ({}): make room for temporary files.": (
        "„{}“ lässt sich nicht für die Engine kopieren ({}): Platz für temporäre Dateien schaffen."
    ),
    "'{}' cannot be read ({}): close other programs and try again.": (
        "„{}“ lässt sich nicht lesen ({}): andere Programme schließen und noch einmal versuchen."
    ),
    "'{}' could not be read, perhaps for lack of memory: make the picture smaller, 4096 pixels wide will do.": (
        "„{}“ ließ sich nicht lesen, vielleicht aus Speichermangel: das Bild verkleinern, 4096 Pixel Breite genügen."
    ),
    "There is no picture named '{}': choose one that ships ({}), or the path of a file.": (
        "Es gibt kein Bild namens „{}“: eins der mitgelieferten wählen ({}), oder den Pfad einer Datei."
    ),
    # lines of a scene
    "The names fit several characters ({}): choose one in the table of lines, or rename the strip.": (
        "Die Namen passen zu mehreren Figuren ({}): eine in der Tabelle der Sprechzeilen wählen, oder den Streifen "
        "umbenennen."
    ),
    "there is no character {} in this scene, which has {}: correct the name.": (
        "in dieser Szene gibt es keine Figur {}, nur {}: den Namen berichtigen."
    ),
    "The strip '{}' was removed meanwhile: look for lines again.": (
        "Der Streifen „{}“ wurde inzwischen entfernt: die Sprechzeilen neu suchen."
    ),
    "{} could be {}: write the full name.": "{} könnte {} sein: den vollen Namen schreiben.",
    "this scene has no character that can talk, so there is no {}: add it first.": (
        "in dieser Szene kann keine Figur sprechen, also gibt es {} nicht: sie zuerst hinzufügen."
    ),
    "'{}' is no character of this scene that can talk.": "„{}“ ist keine Figur dieser Szene, die sprechen kann.",
    "Row {} {}.": "Zeile {} {}.",
    # stored motion, the engine
    "This Blender has no numpy, which Talking Animation computes with: install it (on Debian and Ubuntu: the package "
    "python3-numpy) and restart Blender.": (
        "Diesem Blender fehlt numpy, womit Talking Animation rechnet: es installieren (in Debian und Ubuntu das Paket "
        "python3-numpy) und Blender neu starten."
    ),
    "The stored motion of '{}' was made by a newer Talking Animation: update the add-on.": (
        "Die gespeicherte Bewegung von „{}“ stammt aus einem neueren Talking Animation: das Add-on aktualisieren."
    ),
    "The stored motion of '{}' is damaged: press Generate talking animation again.": (
        "Die gespeicherte Bewegung von „{}“ ist beschädigt: noch einmal Sprechanimation erzeugen drücken."
    ),
    "The cache folder '{}' cannot be written to ({}): choose another one in the add-on's preferences.": (
        "In den Zwischenspeicher „{}“ lässt sich nicht schreiben ({}): in den Einstellungen des Add-ons einen anderen "
        "wählen."
    ),
    "The generated motion is no longer in the cache folder: press Generate talking animation again.": (
        "Die erzeugte Bewegung ist nicht mehr im Zwischenspeicher: noch einmal Sprechanimation erzeugen drücken."
    ),
    "{}; until Blender is closed, motion is kept in a temporary folder.": (
        "{}; bis Blender geschlossen wird, bleibt die Bewegung in einem temporären Ordner."
    ),
    "The cache folder '{}' cannot be written to{}: choose another one in the add-on's preferences.": (
        "In den Zwischenspeicher „{}“ lässt sich nicht schreiben{}: in den Einstellungen des Add-ons einen anderen wählen."
    ),
    "There is no room for temporary files ({}): make some, or choose another folder for them in Blender's preferences "
    "(File Paths) or by TMPDIR.": (
        "Für temporäre Dateien ist kein Platz ({}): Platz schaffen, oder in Blenders Einstellungen (Dateipfade) oder mit "
        "TMPDIR einen anderen Ordner dafür wählen."
    ),
    "This downloads torch, PyAV, MediaPipe, SciPy and sounddevice from pypi.org, about {} GB on disk, into {}. Nothing "
    "else of your computer changes.": (
        "Dies lädt torch, PyAV, MediaPipe, SciPy und sounddevice von pypi.org herunter, etwa {} GB auf der Platte, nach "
        "{}. Sonst ändert sich auf dem Computer nichts."
    ),
    "MediaPipe has no build for Python {}.{}: motion, styles and persons from videos will need another Python (3.10 to "
    "3.12), chosen as Engine Python.": (
        "MediaPipe gibt es nicht für Python {}.{}: Bewegung, Stile und Personen aus Videos brauchen ein anderes Python "
        "(3.10 bis 3.12), gewählt als Python der Engine."
    ),
    "The full engine could not be made ({}): copy the diagnostics and report it.": (
        "Die volle Engine ließ sich nicht einrichten ({}): die Diagnose kopieren und melden."
    ),
    "The list of the full engine's packages is missing: install the add-on's zip again.": (
        "Die Liste der Pakete der vollen Engine fehlt: das Zip des Add-ons neu installieren."
    ),
    "This Blender's Python cannot make environments: install python3-venv (Debian and Ubuntu), or choose a Python of your "
    "own as Engine Python.": (
        "Das Python dieses Blenders kann keine Umgebungen anlegen: python3-venv installieren (Debian und Ubuntu), oder ein "
        "eigenes Python als Python der Engine wählen."
    ),
    "The disk is full: about {} GB are needed for '{}'.": "Die Platte ist voll: etwa {} GB werden für „{}“ gebraucht.",
    "{} did not arrive whole or is not what this add-on's list names, so nothing was installed: try again, and on another "
    "network if it happens twice.": (
        "{} kam nicht ganz an oder ist nicht, was die Liste dieses Add-ons nennt, deshalb wurde nichts installiert: noch "
        "einmal versuchen, beim zweiten Mal in einem anderen Netz."
    ),
    "pypi.org cannot be reached: check the network and try again; what has arrived is kept.": (
        "pypi.org ist nicht zu erreichen: das Netz prüfen und noch einmal versuchen; was angekommen ist, bleibt."
    ),
    "'{}' cannot be written to ({}): check the folder's permissions.": (
        "In „{}“ lässt sich nicht schreiben ({}): die Rechte des Ordners prüfen."
    ),
    "{} cannot be run ({}): choose a Python of your own as Engine Python.": (
        "{} lässt sich nicht starten ({}): ein eigenes Python als Python der Engine wählen."
    ),
    "The engine stopped answering and was ended: try this recording alone.": (
        "Die Engine antwortete nicht mehr und wurde beendet: diese Aufnahme allein versuchen."
    ),
    "The engine has not started within {} seconds, as on a slow or busy computer: it goes on starting, so try again to "
    "wait for it.": (
        "Die Engine ist in {} Sekunden nicht gestartet, wie auf einem langsamen oder beschäftigten Computer: sie startet "
        "weiter, also noch einmal versuchen und auf sie warten."
    ),
    "No Python was found that runs the engine: choose one in the add-on's preferences.": (
        "Kein Python wurde gefunden, das die Engine ausführt: eins in den Einstellungen des Add-ons wählen."
    ),
    "The engine stopped unexpectedly, perhaps for want of memory: generate again, and if it happens again press Copy "
    "Diagnostics in the add-on's preferences and report it.": (
        "Die Engine endete unerwartet, vielleicht aus Speichermangel: neu erzeugen, und beim nächsten Mal in den "
        "Einstellungen des Add-ons Diagnose kopieren drücken und es melden."
    ),
    "{} cannot run the engine: choose another Python in the add-on's preferences, or none.": (
        "{} kann die Engine nicht ausführen: in den Einstellungen des Add-ons ein anderes Python wählen, oder keins."
    ),
    "The engine could not be started: press Copy Diagnostics in the add-on's preferences and report it.": (
        "Die Engine ließ sich nicht starten: in den Einstellungen des Add-ons Diagnose kopieren drücken und es melden."
    ),
    "The engine did not answer within {} seconds: try again, or restart Blender.": (
        "Die Engine antwortete in {} Sekunden nicht: noch einmal versuchen, oder Blender neu starten."
    ),
}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {
    "the chosen Python {}": "Das gewählte Python {}",
    "no character's name is in the strip's, its channel's, its file's or its folder's name": (
        "weder Streifen noch Kanal, Datei oder Ordner eine Figur im Namen haben"
    ),
    "it is switched off in the table of lines": "er in der Tabelle der Sprechzeilen ausgeschaltet ist",
    "names no character": "nennt keine Figur",
    "names no recording in its column audio": "nennt in der Spalte audio keine Aufnahme",
    "has the take {}, which is no whole number from 0 on": "hat die Variante {}, was keine ganze Zahl ab 0 ist",
    "says {} for glasses, which is neither yes, no nor auto": "sagt {} zur Brille, was weder yes, no noch auto ist",
    "has the video {} in its column bake, which does not end in {}": (
        "hat in der Spalte bake das Video {}, was nicht auf {} endet"
    ),
    "has the renderer {}, which is neither {} nor a file {}": (
        "hat den Zeichner {}, was weder {} noch eine Datei {} ist"
    ),
    "has {} in its column {}, which is neither {}": "hat {} in der Spalte {}, was keins davon ist: {}",
    "has the speed {}, which is no number from {} to {}": "hat das Tempo {}, was keine Zahl von {} bis {} ist",
    "has the {} {}, which is no number from {} to {}": "hat {} {}, was keine Zahl von {} bis {} ist",
    "starts at {}, but {}": "beginnt bei {}, doch {}",
    "starts at {}, but this scene has only {} frames in a second": (
        "beginnt bei {}, doch diese Szene hat nur {} Frames in der Sekunde"
    ),
    "starts at {}, which is no frame (120), timecode (00:00:05:12) or seconds (5.5s)": (
        "beginnt bei {}, was weder Frame (120) noch Timecode (00:00:05:12) noch Sekunden (5.5s) ist"
    ),
    "has no start": "hat keinen Beginn",
    "it is a face picture, which holds the pixels itself": "es ein Gesichtsbild ist, das die Pixel selbst enthält",
    "it is a GIF, which Blender does not show": "es ein GIF ist, das Blender nicht zeigt",
    "it lies in the .blend file alone": "es nur in der .blend-Datei liegt",
    "the camera was turned, which Blender passes over": "die Kamera gedreht war, was Blender übergeht",
    "it has more than 8 bits a value": "es mehr als 8 Bit je Wert hat",
    "Blender takes no such file name": "Blender einen solchen Dateinamen nicht nimmt",
}
"""The same for parts of sentences, which stand in the gaps of others."""
