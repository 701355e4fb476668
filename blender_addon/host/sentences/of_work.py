# SPDX-License-Identifier: GPL-3.0-or-later
"""What buttons and what they start say, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # buttons
    "{} drawings were mapped.": "{} Zeichnungen wurden zugeordnet.",
    "'{}' of '{}' was mapped.": "„{}“ von „{}“ wurde zugeordnet.",
    "'{}' was mapped.": "„{}“ wurde zugeordnet.",
    "Saved as {}.": "Gesichert als {}.",
    "{} mouth cues.": "{} Mundbilder.",
    "No property is chosen: right-click on a number.": "Kein Wert ist gewählt: eine Zahl rechts anklicken.",
    "'{}' is gone: right-click on the number again.": "„{}“ ist weg: die Zahl noch einmal rechts anklicken.",
    "No {} was chosen: click {} in the file browser.": "Nichts wurde gewählt ({}): im Dateifenster {} anklicken.",
    "'{}' is not in that folder: click {} in the file browser.": (
        "„{}“ ist nicht in diesem Ordner: im Dateifenster {} anklicken."
    ),
    "No video was made since this file was opened: press Bake Talking Portrait.": (
        "Seit diese Datei offen ist, wurde kein Video gemacht: Als Video schreiben drücken."
    ),
    "'{}' is not there any more: make it again.": "„{}“ ist nicht mehr da: es neu machen.",
    "This system has no {}, which opens files: open '{}' yourself, or install xdg-utils.": (
        "Diesem System fehlt {}, das Dateien öffnet: „{}“ selbst öffnen, oder xdg-utils installieren."
    ),
    "The landmarks of '{}' were found {}.": "Die Landmarken von „{}“ wurden gefunden: {}.",
    "Not found: {}. Press Edit Landmarks and correct them.": (
        "Nicht gefunden: {}. Landmarken bearbeiten drücken und sie richtigstellen."
    ),
    "Its lips are one skin: the Make It Talk-Ready panel can cut them.": (
        "Die Lippen sind eine Haut: das Feld Sprechfähig machen kann sie aufschneiden."
    ),
    "Look at them: the mesh does not show {}.": "Sie ansehen: das Mesh zeigt dies nicht: {}.",
    "{}: generate again to see the change.": "{}: neu erzeugen, um die Änderung zu sehen.",
    "{}: not applied yet.": "{}: noch nicht angewandt.",
    "'{}' says one line of the scene. This recording would take its place: Animate Whole Scene brings it back. Replace it?": (
        "„{}“ sagt eine Zeile der Szene. Diese Aufnahme träte an ihre Stelle: Ganze Szene animieren bringt sie zurück. "
        "Ersetzen?"
    ),
    "'{}' says {} lines of the scene. This recording would take their place: Animate Whole Scene brings them back. Replace "
    "them?": (
        "„{}“ sagt {} Zeilen der Szene. Diese Aufnahme träte an ihre Stelle: Ganze Szene animieren bringt sie zurück. "
        "Ersetzen?"
    ),
    "'{}' moves as the face in {}. This voice would take its place: Motion from Video brings it back. Replace it?": (
        "„{}“ bewegt sich wie das Gesicht in {}. Diese Stimme träte an dessen Stelle: Bewegung aus Video bringt es zurück. "
        "Ersetzen?"
    ),
    "{} strips in the NLA editor.": "{} Streifen im NLA-Editor.",
    "The picture's camera was deleted: make the picture talk again.": (
        "Die Kamera des Bildes wurde gelöscht: das Bild neu sprechen lassen."
    ),
    "{} of {} sound strips are lines of characters.": "{} von {} Tonstreifen sind Sprechzeilen von Figuren.",
    "'{}' was learned and is chosen as the style.": "„{}“ wurde gelernt und ist als Stil gewählt.",
    "{} shape keys removed.": "{} Shape Keys entfernt.",
    "{} shapes were generated.": "{} Formen wurden erzeugt.",
    "Generates the ARKit shape keys around the face's landmarks.": (
        "Erzeugt die ARKit-Formen um die Landmarken des Gesichts."
    ),
    "Finds the face's landmarks and generates the ARKit shape keys around them.": (
        "Findet die Landmarken des Gesichts und erzeugt darum die ARKit-Formen."
    ),
    "1 file deleted.": "1 Datei gelöscht.",
    "{} files deleted.": "{} Dateien gelöscht.",
    "{} files deleted, {} in use by another program.": "{} Dateien gelöscht, {} von einem anderen Programm benutzt.",
    "{} files deleted, {} kept for the characters of this file.": (
        "{} Dateien gelöscht, {} für die Figuren dieser Datei behalten."
    ),
    # one recording, learning, live
    "'{}' says {}: {} s from frame {}, {} curves on {}.": "„{}“ sagt {}: {} s ab Frame {}, {} Kurven auf {}.",
    "'{}' says {}: {} s from frame {}, {} curves on {}; {}.": "„{}“ sagt {}: {} s ab Frame {}, {} Kurven auf {}; {}.",
    "'{}' no longer says {} from frame {} to {}, since it carries one animation: give several lines of one character as a "
    "table or as strips, and animate the whole scene.": (
        "„{}“ sagt nicht mehr {} von Frame {} bis {}, denn es trägt eine Animation: mehrere Zeilen einer Figur als Tabelle "
        "oder als Streifen geben und die ganze Szene animieren."
    ),
    "The recording is to start at frame {}, but {}: choose another one.": (
        "Die Aufnahme soll bei Frame {} beginnen, doch {}: einen anderen wählen."
    ),
    "The add-on is not registered: enable Talking Animation first.": (
        "Das Add-on ist nicht angemeldet: zuerst Talking Animation aktivieren."
    ),
    "'{}' was removed or renamed meanwhile: pick the character and generate again.": (
        "„{}“ wurde inzwischen entfernt oder umbenannt: die Figur wählen und neu erzeugen."
    ),
    "The scene '{}' was removed or renamed meanwhile: generate again.": (
        "Die Szene „{}“ wurde inzwischen entfernt oder umbenannt: neu erzeugen."
    ),
    "The start frame must be a whole number, not {}.": "Der erste Frame muss eine ganze Zahl sein, nicht {}.",
    "The style is a name or a file, not {}.": "Der Stil ist ein Name oder eine Datei, nicht {}.",
    "The text of a recording is a text, not {}.": "Der Text einer Aufnahme ist ein Text, nicht {}.",
    "The text of a recording moves lips, and they come from the video: leave the text out, or take the lips from the voice.": (
        "Der Text einer Aufnahme bewegt die Lippen, und die kommen aus dem Video: den Text weglassen oder die Lippen aus der "
        "Stimme nehmen."
    ),
    "Each line of a scene has a text of its own: give it with the line, or in the table's column 'text'.": (
        "Jede Zeile einer Szene hat ihren eigenen Text: ihn mit der Zeile angeben oder in der Spalte „text“ der Tabelle."
    ),
    "Published networks cannot use the text of a line: leave it out, or choose the add-on's own network.": (
        "Veröffentlichte Netze können den Text einer Zeile nicht nutzen: ihn weglassen oder das Netz des Add-ons wählen."
    ),
    "Listening is a number from {} to {}, not {}.": "Zuhören ist eine Zahl von {} bis {}, nicht {}.",
    "The placement is '{}' or '{}', not '{}'.": "Das Ziel ist „{}“ oder „{}“, nicht „{}“.",
    "The character was changed while its face was looked at: pick it and try again.": (
        "Die Figur wurde geändert, während ihr Gesicht angesehen wurde: sie wählen und noch einmal versuchen."
    ),
    "The style '{}' was learned: {}": "Der Stil „{}“ wurde gelernt: {}",
    "The person '{}' was learned: {}": "Die Person „{}“ wurde gelernt: {}",
    "The mouth of '{}' was learned from {} s of film and draws the videos: {}": (
        "Der Mund von „{}“ wurde aus {} s Film gelernt und zeichnet die Videos: {}"
    ),
    "{}; with Record on, its keys come in the end.": "{}; mit Aufzeichnen kommen die Keys am Ende.",
    "Live preview of {} s: nothing was keyed.": "Live-Vorschau von {} s: nichts wurde gekeyt.",
    "Published networks hear a recording as a whole: choose the add-on's own network for a live preview.": (
        "Veröffentlichte Netze hören eine Aufnahme als Ganzes: für eine Live-Vorschau das Netz des Add-ons wählen."
    ),
    "The live preview did not end by itself, since the computer is busy, and was stopped: what was heard is lost, so "
    "record it again.": (
        "Die Live-Vorschau endete nicht von selbst, denn der Computer ist beschäftigt, und wurde angehalten: das Gehörte "
        "ist verloren, also neu aufzeichnen."
    ),
    "{} blocks of sound were lost since the computer was busy: close other programs.": (
        "{} Stücke des Tons gingen verloren, denn der Computer war beschäftigt: andere Programme schließen."
    ),
    "The folder '{}' for what you said cannot be made ({}): save the .blend file elsewhere.": (
        "Der Ordner „{}“ für das Gesagte lässt sich nicht anlegen ({}): die .blend-Datei anderswo sichern."
    ),
    # pictures and looks
    "The picture's image was deleted: make the picture talk again.": (
        "Die Bilddaten wurden gelöscht: das Bild neu sprechen lassen."
    ),
    "'{}' is drawn in another look: its images can be painted on.": (
        "„{}“ ist in anderem Aussehen gezeichnet: auf seine Bilder lässt sich malen."
    ),
    "Only a picture that talks has a look: pick one, or make a picture talk.": (
        "Nur ein sprechendes Bild hat ein Aussehen: eins wählen, oder ein Bild sprechen lassen."
    ),
    "The look is {} or a file {}, not '{}'.": "Das Aussehen ist {} oder eine Datei {}, nicht „{}“.",
    "'{}' is linked from another file: draw its look there.": (
        "„{}“ ist aus einer anderen Datei verlinkt: sein Aussehen dort zeichnen."
    ),
    "The picture was removed or renamed meanwhile: pick it again.": (
        "Das Bild wurde inzwischen entfernt oder umbenannt: es neu wählen."
    ),
    "'{}' looks as its picture does.": "„{}“ sieht aus wie sein Bild.",
    "'{}' has other materials than it was made with, so no look can be shown: make its picture talk again.": (
        "„{}“ hat andere Materialien als zu Beginn, deshalb lässt sich kein Aussehen zeigen: sein Bild neu sprechen lassen."
    ),
    "The look of '{}' came back damaged: draw it again.": (
        "Das Aussehen von „{}“ kam beschädigt zurück: es neu zeichnen."
    ),
    "'{}' has {} faces that can talk, each a character: pick one, choose a voice recording and press Generate.": (
        "„{}“ hat {} Gesichter, die sprechen können, jedes eine Figur: eine wählen, eine Sprachaufnahme wählen und "
        "Erzeugen drücken."
    ),
    "'{}' can talk: choose a voice recording and press Generate.": (
        "„{}“ kann sprechen: eine Sprachaufnahme wählen und Erzeugen drücken."
    ),
    "The faces are '{}', '{}' or a number from 1, the largest first, not '{}'.": (
        "Die Gesichter sind „{}“, „{}“ oder eine Zahl ab 1, das größte zuerst, nicht „{}“."
    ),
    "The kind of a picture is {}, not '{}'.": "Die Art eines Bildes ist {}, nicht „{}“.",
    "Whether glasses are worn is {}, not '{}'.": "Ob eine Brille getragen wird, ist {}, nicht „{}“.",
    "Four points show where a face is: the eyes and the mouth's corners, x and y of each.": (
        "Vier Punkte zeigen, wo ein Gesicht ist: Augen und Mundwinkel, von jedem x und y."
    ),
    "The scene '{}' was removed or renamed meanwhile: pick the picture again.": (
        "Die Szene „{}“ wurde inzwischen entfernt oder umbenannt: das Bild neu wählen."
    ),
    "'{}' was packed rather than linked, since {}.": "„{}“ wurde eingepackt statt verlinkt, weil {}.",
    "'{}' cannot be copied ({}): make room for temporary files.": (
        "„{}“ lässt sich nicht kopieren ({}): Platz für temporäre Dateien schaffen."
    ),
    "'{}' came back damaged: make the picture talk again.": "„{}“ kam beschädigt zurück: das Bild neu sprechen lassen.",
    # videos of pictures
    "The image of '{}' is missing or was changed, so the video does not show the picture: give its mesh the image again.": (
        "Das Bild von „{}“ fehlt oder wurde geändert, deshalb zeigt das Video es nicht: dem Mesh das Bild wiedergeben."
    ),
    "The video is {} larger than the picture, whose edge goes on there: H.264 needs even sizes.": (
        "Das Video ist {} größer als das Bild, dessen Rand dort weitergeht: H.264 braucht gerade Größen."
    ),
    "'{}' talks in {}: {}{} frames of {} × {}.": "„{}“ spricht in {}: {}{} Bilder zu {} × {}.",
    "The picture of {} × {} pixels was made smaller: videos are at most {} wide or high.": (
        "Das Bild von {} × {} Pixeln wurde verkleinert: Videos sind höchstens {} breit oder hoch."
    ),
    "'{}' begins to talk at frame {}, and Blender renders from frame 0 on: move its keys there.": (
        "„{}“ beginnt bei Frame {} zu sprechen, und Blender rendert ab Frame 0: die Keys dorthin schieben."
    ),
    "The engine's video of '{}' would not be what Blender shows, since {}: let Blender draw.": (
        "Das Video der Engine von „{}“ wäre nicht, was Blender zeigt, denn {}: Blender zeichnen lassen."
    ),
    "The video shows the first picture of {}: only the full engine lets the film go on.": (
        "Das Video zeigt das erste Bild von {}: nur die volle Engine lässt den Film weiterlaufen."
    ),
    "{}: '{}' is the video of {}, so it was not baked: give it a file of its own.": (
        "{}: „{}“ ist schon das Video von {}, deshalb wurde es nicht geschrieben: ihm eine eigene Datei geben."
    ),
    "'{}' or its scene was removed or renamed meanwhile, so the video was not added to the sequencer.": (
        "„{}“ oder seine Szene wurde inzwischen entfernt oder umbenannt, deshalb kam das Video nicht in den Sequencer."
    ),
    "{}: '{}' was made of no picture, so it was not baked into a video.": (
        "{}: „{}“ wurde aus keinem Bild gemacht und deshalb nicht als Video geschrieben."
    ),
    "{} pictures talk in videos of their own.": "{} Bilder sprechen in eigenen Videos.",
    "it or its scene was removed or renamed meanwhile, so it was not baked.": (
        "es oder seine Szene wurde inzwischen entfernt oder umbenannt, deshalb wurde es nicht geschrieben."
    ),
    "A drawn look is made of one picture: the video shows the first one of {}.": (
        "Ein gezeichnetes Aussehen entsteht aus einem Bild: das Video zeigt das erste von {}."
    ),
    "The film {} is no longer there, so the video shows its first picture.": (
        "Der Film {} ist nicht mehr da, deshalb zeigt das Video sein erstes Bild."
    ),
    "The picture of '{}' is gone: let Blender draw the video.": (
        "Das Bild von „{}“ ist weg: Blender das Video zeichnen lassen."
    ),
    "The video cannot be drawn ({}): make room for temporary files.": (
        "Das Video lässt sich nicht zeichnen ({}): Platz für temporäre Dateien schaffen."
    ),
    "The hidden Blender that drew '{}' ended before the video was whole, perhaps for lack of memory: close other programs "
    "and try again.": (
        "Das verborgene Blender, das „{}“ zeichnete, endete, bevor das Video ganz war, vielleicht aus Speichermangel: "
        "andere Programme schließen und noch einmal versuchen."
    ),
    "There is no room for the video in the folder for temporary files: make some and try again.": (
        "Im Ordner für temporäre Dateien ist kein Platz für das Video: Platz schaffen und noch einmal versuchen."
    ),
    "Blender could not write the video of '{}' completely: try a smaller picture or a preview.": (
        "Blender konnte das Video von „{}“ nicht ganz schreiben: ein kleineres Bild oder eine Vorschau versuchen."
    ),
    "The video cannot be drawn ({}): check that there is room for temporary files.": (
        "Das Video lässt sich nicht zeichnen ({}): prüfen, ob für temporäre Dateien Platz ist."
    ),
    "This Blender was built without sound, so the video is silent.": (
        "Dieses Blender wurde ohne Ton gebaut, deshalb ist das Video stumm."
    ),
    "{}; the video was made without it.": "{}; das Video wurde ohne ihn gemacht.",
    "The renderer is {} or '{}', not '{}'.": "Der Zeichner ist {} oder „{}“, nicht „{}“.",
    "Blender draws the whole picture: let the engine draw where the head alone shall be seen.": (
        "Blender zeichnet das ganze Bild: die Engine zeichnen lassen, wo nur der Kopf zu sehen sein soll."
    ),
    "The video would have no frames: it ends at frame {}, before it begins at {}.": (
        "Das Video hätte keine Bilder: es endet bei Frame {}, bevor es bei {} beginnt."
    ),
    "Choose the file of the person's own renderer, or of a learned look (.npz).": (
        "Die Datei des eigenen Zeichners der Person wählen, oder eines gelernten Aussehens (.npz)."
    ),
    "'{}' is no renderer and no look: choose a file that ends in {}.": (
        "„{}“ ist weder Zeichner noch Aussehen: eine Datei wählen, die auf {} endet."
    ),
    "'{}' is not there: choose the file of the person's own renderer, or of a learned look.": (
        "„{}“ ist nicht da: die Datei des eigenen Zeichners der Person wählen, oder eines gelernten Aussehens."
    ),
    "The {} is {}, not '{}'.": "{} ist {}, nicht „{}“.",
    "{} failed of a fault in the add-on: what happened is in its log, so press Copy Diagnostics in the add-on's preferences, "
    "which puts a report on the clipboard, and report it.": (
        "{} ist an einem Fehler im Add-on gescheitert: was geschah, steht in seinem Protokoll, also Diagnose kopieren in den "
        "Einstellungen des Add-ons drücken, was einen Bericht in die Zwischenablage legt, und ihn melden."
    ),
    "'{}' cannot be written to: {}.": "In „{}“ lässt sich nicht schreiben: {}.",
    "'{}' cannot be written to: choose another place.": "In „{}“ lässt sich nicht schreiben: einen anderen Ort wählen.",
    "The video '{}' cannot be written ({}): make room there, or choose another place.": (
        "Das Video „{}“ lässt sich nicht schreiben ({}): dort Platz schaffen, oder einen anderen Ort wählen."
    ),
    "No file is chosen for the video: choose one that ends in .mp4.": (
        "Keine Datei ist für das Video gewählt: eine wählen, die auf .mp4 endet."
    ),
    "'{}' lies beside the .blend file, which is not saved yet: save it, or choose a whole path.": (
        "„{}“ liegt neben der .blend-Datei, die noch nicht gesichert ist: sie sichern, oder einen ganzen Pfad wählen."
    ),
    "'{}' is a folder: choose a file for the video that ends in .mp4.": (
        "„{}“ ist ein Ordner: für das Video eine Datei wählen, die auf .mp4 endet."
    ),
    "'{}' is no name of an MP4 video: let it end in .mp4.": (
        "„{}“ ist kein Name eines MP4-Videos: ihn auf .mp4 enden lassen."
    ),
    "The folder '{}' does not exist: make it, or choose another one.": (
        "Den Ordner „{}“ gibt es nicht: ihn anlegen, oder einen anderen wählen."
    ),
    "'{}' is a folder: choose another name for the video.": (
        "„{}“ ist ein Ordner: einen anderen Namen für das Video wählen."
    ),
    "'{}' is a device or a pipe: choose a file for the video.": (
        "„{}“ ist ein Gerät oder eine Pipe: für das Video eine Datei wählen."
    ),
    "'{}' is write-protected: choose another file for the video.": (
        "„{}“ ist schreibgeschützt: für das Video eine andere Datei wählen."
    ),
    "'{}' has no frames to show: generate its talking animation.": (
        "„{}“ hat keine Frames zu zeigen: seine Sprechanimation erzeugen."
    ),
    # whole scenes
    "'{}' does not move while it listens: {}": "„{}“ bewegt sich beim Zuhören nicht: {}",
    "'{}' holds no speech: record it again, or leave this line out.": (
        "„{}“ enthält keine Sprache: neu aufnehmen, oder diese Zeile weglassen."
    ),
    "'{}' says {} and {} at the same time: the later one is shown, and the last {} s of the other are not.": (
        "„{}“ sagt {} und {} gleichzeitig: die spätere ist zu sehen, die letzten {} s der anderen nicht."
    ),
    "'{}' moves with general weights, not its own: {}": (
        "„{}“ bewegt sich mit allgemeinen Gewichten, nicht mit eigenen: {}"
    ),
    "'{}' of '{}' starts at frame {}, and nobody speaks for more than an hour between it and the other lines: correct "
    "where it or they start, or give it a scene of its own.": (
        "„{}“ von „{}“ beginnt bei Frame {}, und zwischen dieser und den anderen Zeilen spricht über eine Stunde lang "
        "niemand: berichtigen, wo sie beginnen, oder ihr eine eigene Szene geben."
    ),
    "The scene '{}' was removed or renamed meanwhile: try again.": (
        "Die Szene „{}“ wurde inzwischen entfernt oder umbenannt: noch einmal versuchen."
    ),
    "'{}' says {}, {} curves.": "„{}“ sagt {}, {} Kurven.",
    "There is no line to animate: '{}'{} was left out, since {}. Name the strips after the characters, or choose the "
    "characters in the table of lines.": (
        "Es gibt keine Zeile zu animieren: „{}“{} fiel weg, weil {}. Die Streifen nach den Figuren benennen, oder die "
        "Figuren in der Tabelle der Sprechzeilen wählen."
    ),
    "The sequencer of this scene has no sound strips: add the recordings there, or use a table of lines.": (
        "Der Sequencer dieser Szene hat keine Tonstreifen: die Aufnahmen dort hinzufügen, oder eine Tabelle mit "
        "Sprechzeilen nehmen."
    ),
    "'{}' was removed or renamed meanwhile: try again.": (
        "„{}“ wurde inzwischen entfernt oder umbenannt: noch einmal versuchen."
    ),
    "No line of this scene belongs to '{}'.": "Keine Zeile dieser Szene gehört zu „{}“.",
}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {
    "1 mesh": "1 Mesh",
    "{} meshes": "{} Meshes",
    "its bones": "seinen Knochen",
    "its controls": "seinen Steuerungen",
    "'{}' opens {} % as far as on most faces: driven {} ×, up to {}": (
        "„{}“ öffnet {} % so weit wie bei den meisten Gesichtern: {}-fach, bis {}"
    ),
    "its motion is no longer there": "seine Bewegung ist nicht mehr da",
    "it wears a drawn look in Blender": "es trägt in Blender ein gezeichnetes Aussehen",
    "it draws pictures with one face only": "sie zeichnet nur Bilder mit einem Gesicht",
    "it draws one recording only, from its beginning": "sie zeichnet nur eine Aufnahme, von Anfang an",
    "it cuts off what makes a size odd": "sie schneidet ab, was eine Größe ungerade macht",
    "the keys were changed by hand": "die Keys wurden von Hand geändert",
    "This setting": "Diese Einstellung",
    "This line": "Diese Zeile",
    "This list": "Diese Liste",
    "Showing the parts of the drawing": "Die Anzeige der Teile der Zeichnung",
    "Showing what was heard": "Die Anzeige des Gehörten",
    "Leaving the file": "Das Verlassen der Datei",
    "Saving the file": "Das Speichern der Datei",
    "Stepping back": "Das Zurückgehen",
    "The page of preferences": "Die Seite der Einstellungen",
    "The panel '{}'": "Das Feld „{}“",
    "The menu '{}'": "Das Menü „{}“",
    "'{}' would be hidden behind another file: leave the colon out": (
        "„{}“ läge verborgen hinter einer anderen Datei: den Doppelpunkt weglassen"
    ),
    "'{}' is the name of a device: choose another one": "„{}“ ist der Name eines Geräts: einen anderen wählen",
    "'{}' would lose its end: let it end in neither a full stop nor a space": (
        "„{}“ verlöre ihr Ende: sie weder auf einen Punkt noch auf ein Leerzeichen enden lassen"
    ),
    "they cannot be written to": "in sie lässt sich nicht schreiben",
}
"""The same for parts of sentences, which stand in the gaps of others."""
