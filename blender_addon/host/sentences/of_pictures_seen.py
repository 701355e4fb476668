# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine says of pictures, looks and portraits, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # faces in pictures
    "{} is transparent everywhere: choose a picture that shows a face.": (
        "{} ist überall durchsichtig: ein Bild wählen, das ein Gesicht zeigt."
    ),
    "{} shows {} faces: the {} was taken.": "{} zeigt {} Gesichter: {} wurde genommen.",
    "{} is dark: faces were looked for in a brighter copy, too; show the face yourself if one is missing.": (
        "{} ist dunkel: Gesichter wurden auch in einer helleren Kopie gesucht; fehlt eins, es selbst zeigen."
    ),
    "{} shows {}: choose a face from 1 to {}.": "{} zeigt {}: ein Gesicht von 1 bis {} wählen.",
    "The face in {} is cut off by its border: it moves less freely there.": (
        "Das Gesicht in {} ist vom Rand abgeschnitten: dort bewegt es sich weniger frei."
    ),
    "The face in {} does not stand upright and talks as it lies: turn the picture if that is not meant.": (
        "Das Gesicht in {} steht nicht aufrecht und spricht, wie es liegt: das Bild drehen, wenn das nicht gemeint ist."
    ),
    "The face in {} is small: a larger picture looks better.": (
        "Das Gesicht in {} ist klein: ein größeres Bild sieht besser aus."
    ),
    "The face in {} was seen, but not surely: look whether its eyes and mouth move where they are, or show where they are.": (
        "Das Gesicht in {} wurde gesehen, aber nicht sicher: nachsehen, ob Augen und Mund sich an ihrem Ort bewegen, oder "
        "zeigen, wo sie sind."
    ),
    "A second network sees no face in {}: look whether eyes and mouth move where they are.": (
        "Ein zweites Netz sieht in {} kein Gesicht: nachsehen, ob Augen und Mund sich an ihrem Ort bewegen."
    ),
    "A second network sees the face in {} elsewhere: look whether eyes and mouth move where they are, or show where they "
    "are.": (
        "Ein zweites Netz sieht das Gesicht in {} anderswo: nachsehen, ob Augen und Mund sich an ihrem Ort bewegen, oder "
        "zeigen, wo sie sind."
    ),
    "No face was seen in {}: choose a picture that shows one from the front, or show where its eyes and the corners of its "
    "mouth are.": (
        "In {} wurde kein Gesicht gesehen: ein Bild wählen, das eins von vorn zeigt, oder zeigen, wo Augen und Mundwinkel sind."
    ),
    "The eyes of the face in {} lie beyond its border: choose a picture with the whole face.": (
        "Die Augen des Gesichts in {} liegen außerhalb des Bildes: ein Bild mit dem ganzen Gesicht wählen."
    ),
    "The {} of the face in {} lie beyond its border: choose a picture with the whole face.": (
        "Teile ({}) des Gesichts in {} liegen außerhalb des Bildes: ein Bild mit dem ganzen Gesicht wählen."
    ),
    "The mouth of the face in {} lies beyond its border: choose a picture with the whole face.": (
        "Der Mund des Gesichts in {} liegt außerhalb des Bildes: ein Bild mit dem ganzen Gesicht wählen."
    ),
    "The face looks {} degrees aside: choose a picture in which both eyes are seen well.": (
        "Das Gesicht blickt {} Grad zur Seite: ein Bild wählen, in dem beide Augen gut zu sehen sind."
    ),
    "The face looks {} degrees aside, so it moves within the picture only and its head hardly turns: a picture from the front "
    "looks better.": (
        "Das Gesicht blickt {} Grad zur Seite, deshalb bewegt es sich nur im Bild und der Kopf dreht sich kaum: ein Bild von "
        "vorn sieht besser aus."
    ),
    "The eyes of the face in {} are covered or dark, as by sunglasses, so they neither blink nor look about.": (
        "Die Augen des Gesichts in {} sind verdeckt oder dunkel, wie von einer Sonnenbrille, deshalb blinzeln und blicken sie "
        "nicht."
    ),
    "The mouth of the face in {} is covered, as by a mask, so only the jaw moves beneath it: choose a picture that shows the "
    "lips.": (
        "Der Mund des Gesichts in {} ist verdeckt, wie von einer Maske, deshalb bewegt sich darunter nur der Kiefer: ein Bild "
        "wählen, das die Lippen zeigt."
    ),
    "Something is before the lips of the face in {}, such as a microphone or a cup, and bends with them: choose a picture that "
    "shows all of the mouth.": (
        "Vor den Lippen des Gesichts in {} ist etwas, zum Beispiel ein Mikrofon oder eine Tasse, und verbiegt sich mit ihnen: "
        "ein Bild wählen, das den ganzen Mund zeigt."
    ),
    "The eyes of the face in {} are shut, so they stay shut: choose a picture in which they are open.": (
        "Die Augen des Gesichts in {} sind zu und bleiben zu: ein Bild wählen, in dem sie offen sind."
    ),
    "The points of the face are not {}, {} or {} pairs of numbers: give both eyes and both corners of the mouth.": (
        "Die Punkte des Gesichts sind nicht {}, {} oder {} Zahlenpaare: beide Augen und beide Mundwinkel angeben."
    ),
    "The points of the face lie outside the picture or in one place: give both eyes and both corners of the mouth.": (
        "Die Punkte des Gesichts liegen außerhalb des Bildes oder an einer Stelle: beide Augen und beide Mundwinkel angeben."
    ),
    "Both eyes of the face lie in one place: put a point on each eye and on each corner of the mouth.": (
        "Beide Augen des Gesichts liegen an einer Stelle: auf jedes Auge und jeden Mundwinkel einen Punkt setzen."
    ),
    "The mouth of the face lies between its eyes: put a point on each eye and on each corner of the mouth.": (
        "Der Mund des Gesichts liegt zwischen seinen Augen: auf jedes Auge und jeden Mundwinkel einen Punkt setzen."
    ),
    "{} holds no points: give a JSON list of [x, y] in pixels, as docs/pictures.md shows.": (
        "{} enthält keine Punkte: eine JSON-Liste von [x, y] in Pixeln angeben, wie docs/pictures.md zeigt."
    ),
    "No face was seen in the character's front view: place the landmarks by hand.": (
        "In der Vorderansicht der Figur wurde kein Gesicht gesehen: die Gesichtspunkte von Hand setzen."
    ),
    "The picture of the character's front view cannot be read: look for its landmarks again.": (
        "Das Bild der Vorderansicht der Figur lässt sich nicht lesen: ihre Gesichtspunkte neu suchen."
    ),
    # files of pictures
    "{} is no picture or is damaged: export it again as PNG or JPEG.": (
        "{} ist kein Bild oder beschädigt: neu als PNG oder JPEG exportieren."
    ),
    "{} is too large: make it smaller, 4096 pixels wide will do.": (
        "{} ist zu groß: verkleinern, 4096 Pixel Breite reichen."
    ),
    "{} does not exist: choose a picture of a face.": "{} gibt es nicht: ein Bild eines Gesichts wählen.",
    "{} is empty: save the picture again or choose another one.": (
        "{} ist leer: das Bild neu speichern oder ein anderes wählen."
    ),
    "{} is no PNG or GIF, and other pictures need the full engine: save it as PNG.": (
        "{} ist weder PNG noch GIF, und andere Bilder brauchen die volle Engine: als PNG speichern."
    ),
    "{} has no transparent parts, so {} is not seen and was left out.": (
        "{} hat keine durchsichtigen Teile, deshalb ist {} nicht zu sehen und wurde weggelassen."
    ),
    "The background was left out: {}": "Der Hintergrund wurde weggelassen: {}",
    "{} is not as large as {}, so it was stretched.": "{} ist nicht so groß wie {} und wurde deshalb gestreckt.",
    # MakeItTalk's puppets
    "{}{} {}, and no other file of the puppet tells where its face is: fetch the file again, or show where the eyes and the "
    "corners of the mouth are.": (
        "{}{} {}, und keine andere Datei der Puppe sagt, wo ihr Gesicht ist: die Datei neu holen, oder zeigen, wo Augen und "
        "Mundwinkel sind."
    ),
    "{}{} has the lips' outer edge within the inner one, so it was drawn around it anew.": (
        "{}{} hat den äußeren Lippenrand innerhalb des inneren, deshalb wurde er neu darum gezogen."
    ),
    "{}{} numbers the face from its other side, so its points were swapped.": (
        "{}{} zählt das Gesicht von der anderen Seite, deshalb wurden die Punkte getauscht."
    ),
    "{}{} {}, so the face was taken from {}{} and {}{}{}.": "{}{} {}, deshalb kam das Gesicht aus {}{} und {}{}{}.",
    "{} is a {} file despite its name: it was read as one.": "{} ist trotz des Namens eine {}-Datei und wurde so gelesen.",
    "The points of {}{} reach to {} × {} and {} has {} × {} pixels: use the picture in the size that they were made for.": (
        "Die Punkte von {}{} reichen bis {} × {}, und {} hat {} × {} Pixel: das Bild in der Größe verwenden, für die sie "
        "gemacht sind."
    ),
    "The points of {}{} are no face that stands upright: fetch the file again, or show where the eyes and the corners of the "
    "mouth are.": (
        "Die Punkte von {}{} sind kein Gesicht, das aufrecht steht: die Datei neu holen, oder zeigen, wo Augen und Mundwinkel "
        "sind."
    ),
    "{}{} {}, so the picture has triangles of its own.": "{}{} {}, deshalb hat das Bild eigene Dreiecke.",
    "{}{} {}, so scale and place were taken from the points.": "{}{} {}, deshalb kamen Größe und Ort aus den Punkten.",
    "{}{} does not fit the points, so scale and place were taken from these.": (
        "{}{} passt nicht zu den Punkten, deshalb kamen Größe und Ort aus diesen."
    ),
    "{}{} {}, so its lips are shut as MakeItTalk's own tool shuts them.": (
        "{}{} {}, deshalb schließen sich die Lippen, wie MakeItTalks Werkzeug sie schließt."
    ),
    "The puppet {} has no picture: put {}.png beside {}{}.": "Die Puppe {} hat kein Bild: {}.png neben {}{} legen.",
    "The puppet {} has several pictures ({}): choose one of them.": "Die Puppe {} hat mehrere Bilder ({}): eins wählen.",
    "The folder {} cannot be read ({}): check its permissions.": (
        "Der Ordner {} lässt sich nicht lesen ({}): die Rechte prüfen."
    ),
    "{} holds {} puppets ({}): choose the picture of one of them.": "{} enthält {} Puppen ({}): das Bild einer davon wählen.",
    # looks
    "There is no look {}: choose {}.": "Das Aussehen {} gibt es nicht: {} wählen.",
    "{} is a drawing already: looks are for photos, so choose the renderer warp or a photo.": (
        "{} ist schon eine Zeichnung: Aussehen gibt es für Fotos, deshalb den Renderer warp oder ein Foto wählen."
    ),
    "This face picture has no face mesh, which a drawn look needs: make it anew from its picture.": (
        "Diesem Gesichtsbild fehlt das Gesichtsnetz, das ein gezeichnetes Aussehen braucht: es aus seinem Bild neu machen."
    ),
    "The look {} needs a newer Talking Animation: update it.": "Das Aussehen {} braucht ein neueres Talking Animation.",
    "There is no look {}: choose drawing or cartoon, or learn one (docs/looks.md).": (
        "Das Aussehen {} gibt es nicht: drawing oder cartoon wählen, oder eins lernen (docs/looks.md)."
    ),
    "{} holds no learned look, or is damaged: choose a file that train look has written.": (
        "{} enthält kein gelerntes Aussehen oder ist beschädigt: eine Datei wählen, die train look geschrieben hat."
    ),
    "{} needs the Python package torch: set up the full engine, or choose the look drawing or cartoon.": (
        "{} braucht das Python-Paket torch: die volle Engine einrichten, oder das Aussehen drawing oder cartoon wählen."
    ),
    # portraits
    "A portrait needs something to say: give a recording or an animation.": (
        "Ein Porträt braucht etwas zu sagen: eine Aufnahme oder eine Animation angeben."
    ),
    "The motion is that of {}, which {} cannot change: leave {} out, or the animation.": (
        "Die Bewegung ist die von {}, was {} nicht ändern kann: {} weglassen, oder die Animation."
    ),
    "The motion is that of {}, which {} did not change.": "Die Bewegung ist die von {}, was {} nicht geändert hat.",
    "{} is a picture, whose head moves as is made for the voice: leave out the pose, or give a film.": (
        "{} ist ein Bild, dessen Kopf sich zur Stimme bewegt: die Pose weglassen, oder einen Film geben."
    ),
    "The renderer {} draws pictures, and {} is a film: choose warp, refined or a person's own renderer.": (
        "Der Renderer {} zeichnet Bilder, und {} ist ein Film: warp, refined oder den Renderer einer Person wählen."
    ),
    "There is no picture {}: choose one that ships ({}), or the path of a file.": (
        "Das Bild {} gibt es nicht: ein mitgeliefertes ({}) oder den Pfad einer Datei wählen."
    ),
    "{} has no frames: generate it again.": "{} hat keine Bilder: neu erzeugen.",
    "A process that draws the video ended before its time, most likely for lack of memory: close other programs or choose a "
    "smaller size.": (
        "Ein Prozess, der das Video zeichnet, endete vorzeitig, wohl aus Mangel an Speicher: andere Programme schließen oder "
        "eine kleinere Größe wählen."
    ),
    "Drawn by DAVS' published networks, which are for non-commercial research only: credit their authors. They move the mouth "
    "alone: head and eyes rest.": (
        "Gezeichnet von DAVS' veröffentlichten Netzen, die nur für nichtkommerzielle Forschung sind: die Autoren nennen. Sie "
        "bewegen nur den Mund: Kopf und Augen ruhen."
    ),
    "DAVS hears the recording itself: give the recording, or choose the renderer warp.": (
        "DAVS hört die Aufnahme selbst: die Aufnahme angeben, oder den Renderer warp wählen."
    ),
    "DAVS knows no transparency: end the output in .mp4, or choose the renderer warp.": (
        "DAVS kennt keine Durchsichtigkeit: die Ausgabe auf .mp4 enden lassen, oder den Renderer warp wählen."
    ),
    "{} could not be signed by {} and {} ({}): give PEM files with the chain of certificates, the signer's first, and with its "
    "private key, and the key's algorithm.": (
        "{} konnte mit {} und {} nicht signiert werden ({}): PEM-Dateien mit der Kette der Zertifikate, das eigene zuerst, und "
        "mit dem privaten Schlüssel angeben, und das Verfahren des Schlüssels."
    ),
    "{} is no video that portrait made, or was changed since: sign the .mp4 or .mov file as it was written.": (
        "{} ist kein Video, das portrait gemacht hat, oder wurde seither geändert: die .mp4- oder .mov-Datei signieren, wie sie "
        "geschrieben wurde."
    ),
    "{} {}: give the .mp4 or .mov file that portrait wrote.": (
        "{} {}: die .mp4- oder .mov-Datei angeben, die portrait geschrieben hat."
    ),
    "{} does not end as {} does, whose kind it keeps: end it in {}.": (
        "{} endet anders als {}, dessen Art es behält: auf {} enden lassen."
    ),
    "{} cannot be read: give a PEM file with certificates or a key.": (
        "{} ist nicht lesbar: eine PEM-Datei mit Zertifikaten oder einem Schlüssel angeben."
    ),
    "Signing a video needs the package c2pa-python beside the full engine: install it into the engine's Python by pip install "
    "c2pa-python.": (
        "Ein Video zu signieren braucht das Paket c2pa-python neben der vollen Engine: es mit pip install c2pa-python in deren "
        "Python installieren."
    ),
    "{} ends in {}, which is no video that is written here: end it in .mp4 or .mov, or in nothing for a folder of PNG "
    "pictures.": (
        "{} endet auf {}, was hier als Video nicht geschrieben wird: auf .mp4 oder .mov enden lassen, oder auf nichts für "
        "einen Ordner mit PNG-Bildern."
    ),
    "{} has no name before {}: give it one, such as {}.": "{} hat vor {} keinen Namen: einen geben, etwa {}.",
    "{} is a folder with other things in it: choose a new or an empty folder for the pictures, or a name that ends in .mp4.": (
        "{} ist ein Ordner mit anderem darin: einen neuen oder leeren Ordner für die Bilder wählen, oder einen Namen, der auf "
        ".mp4 endet."
    ),
    "{} cannot be written, for {} is no folder that can be written to ({}): choose another one.": (
        "{} lässt sich nicht schreiben, denn {} ist kein beschreibbarer Ordner ({}): einen anderen wählen."
    ),
    "{} is a folder, though it ends in {}: give the video another name, or choose a folder that does not end so for PNG "
    "pictures.": (
        "{} ist ein Ordner, obwohl es auf {} endet: dem Video einen anderen Namen geben, oder für PNG-Bilder einen Ordner "
        "wählen, der nicht so endet."
    ),
    "The pictures in {} would replace {}, of which they are made: choose another folder.": (
        "Die Bilder in {} würden {} ersetzen, woraus sie entstehen: einen anderen Ordner wählen."
    ),
    "The encoder {} is missing in this PyAV: write a folder of PNG pictures, or make the full engine anew: {}.": (
        "Diesem PyAV fehlt der Encoder {}: einen Ordner mit PNG-Bildern schreiben, oder die volle Engine neu machen: {}."
    ),
    "The renderer was learnt from films of {}, and this picture shows somebody else, as it seems: the mouth may look foreign.": (
        "Der Renderer wurde aus Filmen von {} gelernt, und dieses Bild zeigt, wie es scheint, jemand anderen: der Mund kann "
        "fremd aussehen."
    ),
    "Nothing of the video is transparent, for it is not known where the person ends in this picture.": (
        "Nichts im Video ist durchsichtig, denn es ist nicht bekannt, wo die Person in diesem Bild endet."
    ),
    "This face picture lacks the mesh that tells where its mouth is: make it of its picture again, or choose the renderer "
    "warp.": (
        "Diesem Gesichtsbild fehlt das Netz, das sagt, wo der Mund ist: es aus seinem Bild neu machen, oder den Renderer warp "
        "wählen."
    ),
    "{} does not exist: check the path of the renderer.": "{} gibt es nicht: den Pfad des Renderers prüfen.",
    "{} is no renderer or look, or is damaged: make a renderer with 'inference personalize --renderer FILM -o {}'.": (
        "{} ist weder Renderer noch Aussehen, oder beschädigt: einen Renderer mit 'inference personalize --renderer FILM -o "
        "{}' machen."
    ),
    "Drawn by MakeItTalk's published network, which is licensed {}: use the video for non-commercial purposes only, and "
    "credit its authors.": (
        "Gezeichnet von MakeItTalks veröffentlichtem Netz mit der Lizenz {}: das Video nur nichtkommerziell verwenden und die "
        "Autoren nennen."
    ),
    "MakeItTalk's network draws photos alone: choose the renderer warp for a drawing.": (
        "MakeItTalks Netz zeichnet nur Fotos: für eine Zeichnung den Renderer warp wählen."
    ),
    "MakeItTalk's network knows no transparency: end the output in .mp4, or choose the renderer warp.": (
        "MakeItTalks Netz kennt keine Durchsichtigkeit: die Ausgabe auf .mp4 enden lassen, oder den Renderer warp wählen."
    ),
    "The renderer refined makes a photo's mouth look filmed, and this picture is a drawing: choose the renderer warp.": (
        "Der Renderer refined lässt den Mund eines Fotos gefilmt aussehen, und dieses Bild ist eine Zeichnung: den Renderer "
        "warp wählen."
    ),
    "The graphics card's memory did not suffice: the processor refined the rest of this video, which is slower.": (
        "Der Speicher der Grafikkarte reichte nicht: den Rest dieses Videos verfeinerte der Prozessor, was langsamer ist."
    ),
    "The graphics card's memory was short: {} {} at a time instead of {}, which is slower.": (
        "Der Speicher der Grafikkarte war knapp: {} {} auf einmal statt {}, was langsamer ist."
    ),
    "The renderer refined needs a trained network, and {} is missing: choose the renderer warp, or train one "
    "(docs/training.md).": (
        "Der Renderer refined braucht ein trainiertes Netz, und {} fehlt: den Renderer warp wählen, oder eins trainieren "
        "(docs/training.md)."
    ),
    "A person's own renderer draws the mouth of a photo, and this picture is a drawing: choose the renderer warp.": (
        "Der Renderer einer Person zeichnet den Mund eines Fotos, und dieses Bild ist eine Zeichnung: den Renderer warp wählen."
    ),
    "There is no renderer {}: choose {}, or the file (.npz) of a person's own.": (
        "Den Renderer {} gibt es nicht: {} wählen, oder die Datei (.npz) einer Person."
    ),
    "{} is there already and is no folder: choose another name for the PNG pictures, or one that ends in .mp4.": (
        "{} ist schon da und kein Ordner: für die PNG-Bilder einen anderen Namen wählen, oder einen, der auf .mp4 endet."
    ),
    "{} is cut off, and a part of it is missing: save or download the picture again.": (
        "{} ist abgeschnitten, ein Teil fehlt: das Bild neu speichern oder laden."
    ),
}
PARTS: Final = {
    "largest one that is not drawn or printed": "das größte, das nicht gezeichnet oder gedruckt ist,",
    "largest one": "das größte",
    "one face": "ein Gesicht",
    "{} faces": "{} Gesichter",
    "is too large for a list of points": "ist zu groß für eine Punktliste",
    "is missing": "fehlt",
    "cannot be read": "lässt sich nicht lesen",
    "has no numbers in line {}": "hat in Zeile {} keine Zahlen",
    "has no usable numbers in line {}": "hat in Zeile {} keine brauchbaren Zahlen",
    "has {} points rather than {}": "hat {} statt {} Punkte",
    "has a point without two numbers": "hat einen Punkt ohne zwei Zahlen",
    "has all points in one place or line": "hat alle Punkte an einer Stelle oder auf einer Linie",
    "has {} numbers rather than 3": "hat {} statt 3 Zahlen",
    "has a point far outside of the picture in line {}": "hat in Zeile {} einen Punkt weit außerhalb des Bildes",
    ", whose lips are shut": ", mit geschlossenen Lippen",
    "shows another face": "zeigt ein anderes Gesicht",
    "shows a mouth that is open wider": "zeigt einen weiter geöffneten Mund",
    "names points up to {}, which no puppet has": "nennt Punkte bis {}, die keine Puppe hat",
    "has {} triangles rather than {}": "hat {} statt {} Dreiecke",
    "was made with {} points around the picture where MakeItTalk takes {}": (
        "wurde mit {} Punkten rings um das Bild gemacht, wo MakeItTalk {} nimmt"
    ),
}
