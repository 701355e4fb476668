# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine says of its files, requests and networks, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # requests and memory
    "There is not enough memory: close other programs and try again.": (
        "Der Speicher reicht nicht: andere Programme schließen und es noch einmal versuchen."
    ),
    "There is not enough memory for a recording this long: split it into shorter parts.": (
        "Der Speicher reicht für eine so lange Aufnahme nicht: sie in kürzere Teile schneiden."
    ),
    "There is not enough memory for motion this long: split it into shorter parts.": (
        "Der Speicher reicht für eine so lange Bewegung nicht: sie in kürzere Teile schneiden."
    ),
    "There is not enough memory for a picture this large: make it smaller, 4096 pixels wide will do.": (
        "Der Speicher reicht für ein so großes Bild nicht: es verkleinern, 4096 Pixel Breite reichen."
    ),
    "There is not enough memory for a video this long or large: cut it into shorter parts.": (
        "Der Speicher reicht für ein so langes oder großes Video nicht: es in kürzere Teile schneiden."
    ),
    "The engine has no command {}: update it.": "Die Engine kennt den Befehl {} nicht: sie aktualisieren.",
    "It is no answer of this protocol.": "Es ist keine Antwort dieses Protokolls.",
    "The add-on and its engine do not fit together: install the zip again.": (
        "Add-on und Engine passen nicht zusammen: die Zip-Datei neu installieren."
    ),
    "The {} must be {} to {}, not {}.": "{} muss zwischen {} und {} liegen, nicht {}.",
    "The {} must be {}, not {}.": "{} muss dies sein: {}, nicht {}.",
    "The request names no {}: update the add-on.": "Der Auftrag nennt nicht {}: das Add-on aktualisieren.",
    "The request is not a JSON object: update the add-on.": "Der Auftrag ist kein JSON-Objekt: das Add-on aktualisieren.",
    "The frame rate must be {} to {}, not {}.": "Die Bildrate muss {} bis {} sein, nicht {}.",
    "The frame rate ({}) must be {} to {} frames per second, such as 25, 23.976 or 24000/1001, not {}.": (
        "Die Bildrate ({}) muss {} bis {} Bilder je Sekunde sein, etwa 25, 23.976 oder 24000/1001, nicht {}."
    ),
    "The engine failed of a fault of its own: what happened is in its log, so copy the diagnostics and report it.": (
        "Die Engine ist an einem eigenen Fehler gescheitert: was geschah, steht in ihrem Protokoll, deshalb die Diagnose "
        "kopieren und melden."
    ),
    "This engine cannot decode videos, for want of the full engine's package av: Blender does that for it, or {}.": (
        "Diese Engine kann keine Videos lesen, denn ihr fehlt das Paket av der vollen Engine: Blender tut es für sie, oder {}."
    ),
    "{} has no numpy, which the engine needs: install Blender's numpy package (Debian and Ubuntu: sudo apt-get install "
    "python3-numpy) or choose another Python in the preferences.": (
        "{} hat kein numpy, das die Engine braucht: Blenders Paket numpy installieren (Debian und Ubuntu: sudo apt-get install "
        "python3-numpy), oder in den Einstellungen ein anderes Python wählen."
    ),
    "{} needs the full engine, whose package {} is missing here: {}, or {}.": (
        "{} braucht die volle Engine, deren Paket {} hier fehlt: {}, oder {}."
    ),
    # files that are written and read
    "{} is longer than a file's name may be here: give a shorter one.": (
        "{} ist länger, als ein Dateiname hier sein darf: einen kürzeren geben."
    ),
    "No room is left on the disk: make some.": "Auf der Festplatte ist kein Platz mehr: Platz schaffen.",
    "No room is left on the disk of {}: make some.": "Auf der Festplatte von {} ist kein Platz mehr: Platz schaffen.",
    "{} is the folder in which this runs: choose another one for the pictures.": (
        "{} ist der Ordner, in dem das hier läuft: für die Bilder einen anderen wählen."
    ),
    "{} was not found: check the path, and that its disk is there.": (
        "{} wurde nicht gefunden: den Pfad prüfen, und ob die Festplatte da ist."
    ),
    "{} cannot be used ({}): see its disk and its permissions.": (
        "{} kann nicht benutzt werden ({}): nach Festplatte und Rechten sehen."
    ),
    "{} ends in .{}, which is no known format: end it in .npz, .json, .tsv or .csv, or name the format with --format.": (
        "{} endet auf .{}, was kein bekanntes Format ist: auf .npz, .json, .tsv oder .csv enden lassen, oder das Format mit "
        "--format nennen."
    ),
    "{} ends in .{}, but the format is to be {}: leave out --format or end the name in .{}.": (
        "{} endet auf .{}, doch das Format soll {} sein: --format weglassen, oder den Namen auf .{} enden lassen."
    ),
    "A .{} file always holds everything: leave out --content.": "Eine .{}-Datei enthält immer alles: --content weglassen.",
    "A .{} file cannot hold {}: write a {} file, or leave out --content.": (
        "Eine .{}-Datei kann dies nicht enthalten: {}. Eine {}-Datei schreiben, oder --content weglassen."
    ),
    "Shorter parts can be filled by {}, not {}.": "Kürzere Teile lassen sich mit {} füllen, nicht mit {}.",
    "An animation without frames cannot be mixed: generate it again.": (
        "Eine Animation ohne Bilder lässt sich nicht mischen: sie neu erzeugen."
    ),
    "The result would replace {}, which it is made of{}: write it to another file.": (
        "Das Ergebnis würde {} ersetzen, woraus es entsteht{}: in eine andere Datei schreiben."
    ),
    "Two results would be written to {}: give each a file of its own.": (
        "Zwei Ergebnisse würden nach {} geschrieben: jedem eine eigene Datei geben."
    ),
    "The result cannot be written to {} ({}): {}.": "Das Ergebnis lässt sich nicht nach {} schreiben ({}): {}.",
    "{} is a device or a pipe, which a result would take the place of: choose a file.": (
        "{} ist ein Gerät oder eine Pipe, deren Platz ein Ergebnis einnähme: eine Datei wählen."
    ),
    "{} is not {} or is damaged: {}.": "{} ist beschädigt oder nicht, was hier gebraucht wird ({}): {}.",
    "The measured shapes of the character are {}: generate again.": (
        "Die vermessenen Formen der Figur sind {}: neu erzeugen."
    ),
    "'{}' is empty: its first line must be {}.": "„{}“ ist leer: die erste Zeile muss {} sein.",
    "'{}' has a header, but no lines below it: add one row for each line.": (
        "„{}“ hat eine Kopfzeile, aber keine Zeilen darunter: je Sprechzeile eine Reihe hinzufügen."
    ),
    "'{}' has no column {}: its first line must name the columns {}.": (
        "„{}“ hat keine Spalte {}: die erste Zeile muss die Spalten {} nennen."
    ),
    "'{}' has the column {} twice: remove one of them.": "„{}“ hat die Spalte {} doppelt: eine entfernen.",
    "'{}' is no text: export the table as CSV and use that.": (
        "„{}“ ist kein Text: die Tabelle als CSV exportieren und diese verwenden."
    ),
    "'{}' cannot be read from line {} on: export it as CSV again.": (
        "„{}“ lässt sich ab Zeile {} nicht lesen: neu als CSV exportieren."
    ),
    "'{}' has a column {}, which means nothing here: call it {} if that is meant, else something less like it.": (
        "„{}“ hat eine Spalte {}, die hier nichts bedeutet: sie {} nennen, wenn das gemeint ist, sonst weniger ähnlich."
    ),
    "The table '{}' does not exist: pick the file again.": "Die Tabelle „{}“ gibt es nicht: die Datei neu wählen.",
    "The table '{}' cannot be read ({}): check the file's permissions.": (
        "Die Tabelle „{}“ lässt sich nicht lesen ({}): die Rechte der Datei prüfen."
    ),
    # its own networks
    "The model {} is damaged: install the add-on again.": "Das Modell {} ist beschädigt: das Add-on neu installieren.",
    "The model {} is of a newer format: update the add-on.": (
        "Das Modell {} hat ein neueres Format: das Add-on aktualisieren."
    ),
    "The model {} is missing: install the add-on again.": "Das Modell {} fehlt: das Add-on neu installieren.",
    "The model {} is of an older Talking Animation: train it again, or install the add-on again.": (
        "Das Modell {} stammt von einem älteren Talking Animation: es neu trainieren, oder das Add-on neu installieren."
    ),
    "The model {} needs a newer Talking Animation: update it.": "Das Modell {} braucht ein neueres Talking Animation.",
    "CUDA needs an NVIDIA card and a torch for it: choose the device cpu.": (
        "CUDA braucht eine NVIDIA-Karte und ein torch dafür: das Gerät cpu wählen."
    ),
    "There is no backend {} on {}: choose numpy or torch.": "Es gibt kein Backend {} auf {}: numpy oder torch wählen.",
    "The torch backend needs the full engine: choose the backend numpy, or {}.": (
        "Das Backend torch braucht die volle Engine: das Backend numpy wählen, oder {}."
    ),
    # networks that others published
    "{} lacks {} of {}: download them from its authors and put them there, as docs/published-checkpoints.md says.": (
        "In {} fehlt {} von {}: von den Autoren laden und dorthin legen, wie docs/published-checkpoints.md sagt."
    ),
    "{} lacks {} of MakeItTalk: download it from its authors and put it there, as docs/published-checkpoints.md says, or "
    "choose the renderer warp.": (
        "In {} fehlt {} von MakeItTalk: von den Autoren laden und dorthin legen, wie docs/published-checkpoints.md sagt, oder "
        "den Renderer warp wählen."
    ),
    "{} holds no network named {}: it is another file than {}'s, download it again.": (
        "{} enthält kein Netz namens {}: es ist eine andere Datei als die von {}, sie neu laden."
    ),
    "{} holds a deviation of zero or less: download it again.": (
        "{} enthält eine Abweichung von null oder weniger: neu laden."
    ),
    "{} holds no speakers: download it again.": "{} enthält keine Sprecher: neu laden.",
    "{} holds {} numbers instead of {} finite ones: download it again.": (
        "{} enthält {} Zahlen statt {} endlicher: neu laden."
    ),
    "{} is not the published file (its SHA-256 begins with {}): the result may differ.": (
        "{} ist nicht die veröffentlichte Datei (ihr SHA-256 beginnt mit {}): das Ergebnis kann abweichen."
    ),
    "{} holds {} numbers for the speaker {} instead of {} finite ones: download it again.": (
        "{} enthält {} Zahlen für den Sprecher {} statt {} endlicher: neu laden."
    ),
    "{} cannot be read ({}): download it again.": "{} lässt sich nicht lesen ({}): neu laden.",
    "{} is no text of numbers: download it again.": "{} ist kein Text aus Zahlen: neu laden.",
    "{} does not exist: name the file atcnet_lstm_general.pth of Audio-driven-TalkingFace-HeadPose.": (
        "{} gibt es nicht: die Datei atcnet_lstm_general.pth von Audio-driven-TalkingFace-HeadPose nennen."
    ),
    "{} lacks the weight {}: download it again.": "In {} fehlt das Gewicht {}: neu laden.",
    "{} holds {} with the shape {} instead of {}: it belongs to another version of {}.": (
        "{} enthält {} mit der Form {} statt {}: es gehört zu einer anderen Version von {}."
    ),
    "{} holds invalid numbers in {}: download it again.": "{} enthält in {} ungültige Zahlen: neu laden.",
    "{} of Resemblyzer is not there, so the face moves like the average of MakeItTalk's training speakers.": (
        "{} von Resemblyzer ist nicht da, deshalb bewegt sich das Gesicht wie der Durchschnitt von MakeItTalks "
        "Trainingssprechern."
    ),
    "{} lacks {}, which {}: put it or Resemblyzer's {} there, as docs/published-checkpoints.md says.": (
        "In {} fehlt {} ({}): dies oder Resemblyzers {} dorthin legen, wie docs/published-checkpoints.md sagt."
    ),
    "{} has no speaker {}: choose one that `python -m inference published` lists, such as {}.": (
        "{} hat keinen Sprecher {}: einen wählen, den `python -m inference published` nennt, etwa {}."
    ),
    "Published networks need the full engine: {}.": "Veröffentlichte Netze brauchen die volle Engine: {}.",
    "{} cannot be used ({}): download it again.": "{} lässt sich nicht verwenden ({}): neu laden.",
    "{} can be used ({}).": "{} lässt sich verwenden ({}).",
    "Not accepted yet.": "Noch nicht angenommen.",
    "{} is missing: download it as docs/published-checkpoints.md says.": (
        "{} fehlt: laden, wie docs/published-checkpoints.md sagt."
    ),
    "{} {} {}: it is another file than AnimatePortrait's static/cartoon.pt or {}'s photo2cartoon_weights.pt, download that "
    "again.": (
        "{} {} {}: es ist eine andere Datei als static/cartoon.pt von AnimatePortrait oder photo2cartoon_weights.pt von {}, "
        "diese neu laden."
    ),
    "{} in {} holds values that are no numbers: download it again.": (
        "{} in {} enthält Werte, die keine Zahlen sind: neu laden."
    ),
    "{} is {}'s network that {}, which is not read here: give its static/drawing.pth or static/cartoon.pt, or choose the look "
    "{}.": (
        "{} ist von {} das Netz, das {}, und wird hier nicht gelesen: static/drawing.pth oder static/cartoon.pt von dort "
        "geben, oder das Aussehen {} wählen."
    ),
    "{} lacks {}: it is another file than {}'s static/drawing.pth, download that again.": (
        "In {} fehlt {}: es ist eine andere Datei als static/drawing.pth von {}, diese neu laden."
    ),
    "{} in {} is not what {}'s static/drawing.pth holds: download that again.": (
        "{} in {} ist nicht, was static/drawing.pth von {} enthält: diese neu laden."
    ),
    "{} holds an array of the shape {} instead of (rows, {}): save DeepSpeech's probabilities of the letters, one row for "
    "every 20 ms.": (
        "{} enthält ein Array der Form {} statt (Reihen, {}): DeepSpeechs Wahrscheinlichkeiten der Buchstaben speichern, eine "
        "Reihe je 20 ms."
    ),
    "{} holds numbers that are not finite: make it again with DeepSpeech.": (
        "{} enthält Zahlen, die nicht endlich sind: mit DeepSpeech neu machen."
    ),
    "{} holds no probabilities, whose rows add up to 1: save what DeepSpeech says after its softmax.": (
        "{} enthält keine Wahrscheinlichkeiten, deren Reihen 1 ergeben: speichern, was DeepSpeech nach seinem Softmax sagt."
    ),
    "{} holds {} s of letters at {} a second, but the recording lasts {} s: make it of this recording.": (
        "{} enthält {} s Buchstaben bei {} je Sekunde, doch die Aufnahme dauert {} s: es aus dieser Aufnahme machen."
    ),
    "{} holds an array of the shape {} instead of style codes of {} numbers: choose a code of style_avatar's.": (
        "{} enthält ein Array der Form {} statt Stilcodes aus {} Zahlen: einen Code von style_avatar wählen."
    ),
    "{} holds {} styles: add which, from {}:0 to {}:{}.": (
        "{} enthält {} Stile: anhängen, welcher, von {}:0 bis {}:{}."
    ),
    "{} holds {} styles, counted from 0: there is no {}.": "{} enthält {} Stile, von 0 gezählt: {} gibt es nicht.",
    "{} is no style: its numbers are not finite.": "{} ist kein Stil: die Zahlen sind nicht endlich.",
    "{} is a style code already: leave out --published-code, or name a clip.": (
        "{} ist schon ein Stilcode: --published-code weglassen, oder einen Clip nennen."
    ),
    "{} holds a face that is none: make it again.": "{} enthält ein Gesicht, das keins ist: neu machen.",
    "{} holds a mean or a deviation that is none: download it again.": (
        "{} enthält einen Mittelwert oder eine Abweichung, die keine sind: neu laden."
    ),
    "{} holds no numbers: save it again.": "{} enthält keine Zahlen: neu speichern.",
    "{} cannot be read ({}): make it again.": "{} lässt sich nicht lesen ({}): neu machen.",
    "{} is not the face model that Deep3DFaceReconstruction makes: it needs meanshape, exBase with {} expressions and {} "
    "keypoints.": (
        "{} ist nicht das Gesichtsmodell, das Deep3DFaceReconstruction macht: es braucht meanshape, exBase mit {} Ausdrücken "
        "und {} Punkte."
    ),
    "{} does not exist: name a .npy file.": "{} gibt es nicht: eine .npy-Datei nennen.",
    "{} cannot be read ({}): name a .npy file.": "{} lässt sich nicht lesen ({}): eine .npy-Datei nennen.",
    "{} is no .npy file of numbers, or is damaged: save it again.": (
        "{} ist keine .npy-Datei mit Zahlen, oder beschädigt: neu speichern."
    ),
    "{} holds no {} numbers each for {}: it is another file than style_avatar's.": (
        "{} enthält nicht je {} Zahlen für {}: es ist eine andere Datei als die von style_avatar."
    ),
    "style_avatar's network does not hear the recording itself: name the file with what DeepSpeech hears in it "
    "(--published-letters), as docs/published-checkpoints.md says.": (
        "style_avatars Netz hört die Aufnahme nicht selbst: die Datei mit dem nennen, was DeepSpeech darin hört "
        "(--published-letters), wie docs/published-checkpoints.md sagt."
    ),
    "It needs the three networks with their mean and deviation and AutoVC's target voice; for portraits, the photo renderer "
    "alone.": (
        "Es braucht die drei Netze mit Mittelwert und Abweichung und AutoVCs Zielstimme; für Porträts nur den Foto-Renderer."
    ),
    "It needs the networks of its Module 1, with the mean and deviation and the face of its own repository.": (
        "Es braucht die Netze seines Moduls 1, mit Mittelwert, Abweichung und Gesicht aus dem eigenen Repository."
    ),
    "It needs ATC_net, the general one or one tuned to a person.": (
        "Es braucht ATC_net, das allgemeine oder eins, das auf eine Person abgestimmt ist."
    ),
    "It needs its checkpoint alone, and hears the recording itself.": (
        "Es braucht nur seinen Checkpoint und hört die Aufnahme selbst."
    ),
    "It needs its network, the face model that it moves, the letters that DeepSpeech 0.9 hears in the recording, and for "
    "style codes what they are scaled with.": (
        "Es braucht sein Netz, das Gesichtsmodell, das es bewegt, die Buchstaben, die DeepSpeech 0.9 in der Aufnahme hört, und "
        "für Stilcodes, womit sie skaliert werden."
    ),
    "{} failed of a fault in {}: {}, and report it where you got {}.": (
        "{} ist an einem Fehler in {} gescheitert: {}, und es melden, wo {} herkam."
    ),
    "The result cannot be written to {}: {}.": "Das Ergebnis lässt sich nicht nach {} schreiben: {}.",
}
PARTS: Final = {
    "make or choose one in the add-on's preferences": "in den Einstellungen des Add-ons eine machen oder wählen",
    "run python build.py setup --full and use the Python that it names": (
        "python build.py setup --full ausführen und das Python verwenden, das es nennt"
    ),
    "Reading a video": "Ein Video zu lesen",
    "capture from Blender's panel": "in Blenders Panel einlesen",
    "This video": "Dieses Video",
    "write a folder of PNG pictures": "einen Ordner mit PNG-Bildern schreiben",
    "choose the renderer warp": "den Renderer warp wählen",
    "Signing a video": "Ein Video zu signieren",
    "sign it on a computer with the full engine": "es auf einem Computer mit der vollen Engine signieren",
    "Learning a renderer": "Einen Renderer zu lernen",
    "learn it on a computer with the full engine": "ihn auf einem Computer mit der vollen Engine lernen",
    "choose a folder that you may write to": "einen Ordner wählen, in den man schreiben darf",
    "make room on the disk, or choose another one": "auf der Festplatte Platz schaffen, oder eine andere wählen",
    " ({} is the same file)": " ({} ist dieselbe Datei)",
    "one of {}": "eins von {}",
    "a number": "eine Zahl",
    "a whole number": "eine ganze Zahl",
    "true or false": "true oder false",
    "frame rate": "Die Bildrate",
    "it is cut short": "es ist abgeschnitten",
    "it is cut short or of another format": "es ist abgeschnitten oder hat ein anderes Format",
    "what it holds cannot be put together": "was es enthält, lässt sich nicht zusammensetzen",
    "it is damaged": "es ist beschädigt",
    "draws every picture of a video anew": "jedes Bild eines Videos neu zeichnet",
    "tells that one how a face moves": "jenem sagt, wie ein Gesicht sich bewegt",
}
