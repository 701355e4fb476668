# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine says of films and of people learned from them, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # films that are captured
    "{} shows {} faces: the one that is largest and longest in view was captured.": (
        "{} zeigt {} Gesichter: übernommen wurde das, das am größten und längsten zu sehen ist."
    ),
    "{} {}: visemes and mouth cues were read from the lips.": "{} {}: Viseme und Mundbilder wurden von den Lippen gelesen.",
    "The face does not stand upright in {}: the picture was turned.": (
        "Das Gesicht steht in {} nicht aufrecht: das Bild wurde gedreht."
    ),
    "A second network sees the face in {} elsewhere or not at all: compare the motion with the video.": (
        "Ein zweites Netz sieht das Gesicht in {} anderswo oder gar nicht: die Bewegung mit dem Video vergleichen."
    ),
    "{} has too few pictures ({}): choose a video of at least {}.": (
        "{} hat zu wenige Bilder ({}): ein Video mit mindestens {} wählen."
    ),
    "The sound of {} ends {} s before its picture: what is heard, such as mouth cues, rests from there on. Export it with "
    "all its sound.": (
        "Der Ton von {} endet {} s vor dem Bild: was zu hören ist, etwa Mundbilder, ruht von da an. Mit dem ganzen Ton "
        "exportieren."
    ),
    "{} is damaged: capture the video again.": "{} ist beschädigt: das Video neu einlesen.",
    "There is no tracker '{}': choose {}, {} or {}.": "Es gibt keinen Tracker „{}“: {}, {} oder {} wählen.",
    "{} in {} was left out: it is named otherwise than the other images, or one of them in another format.": (
        "{} in {} wurde ausgelassen: anders benannt als die übrigen Bilder, oder eins von ihnen in einem anderen Format."
    ),
    "{} in {} cannot be read: export it again.": "{} in {} lässt sich nicht lesen: neu exportieren.",
    "This animation was not captured from a video, so there is nothing to lay it over: capture one.": (
        "Diese Animation stammt aus keinem Video, es gibt also nichts, worüber sie liegen kann: ein Video einlesen."
    ),
    "The overlay cannot be written to {}: choose a name that ends in .mp4, in a folder you may write to.": (
        "Die Überlagerung lässt sich nicht nach {} schreiben: einen Namen wählen, der auf .mp4 endet, in einem Ordner, in den "
        "man schreiben darf."
    ),
    "The face was lost at {}{}: the motion there {}.": "Das Gesicht ging bei {}{} verloren: die Bewegung dort {}.",
    "The face in {} jumps at {}{}, as where a film is cut: capture each shot by itself, as the face at rest is one for all of "
    "them.": (
        "Das Gesicht in {} springt bei {}{}, wie wo ein Film geschnitten ist: jede Einstellung für sich einlesen, denn das "
        "ruhende Gesicht ist für alle eins."
    ),
    "No face was found in {}: choose a video in which one face is seen from the front, at least 5 % of the picture wide.": (
        "In {} wurde kein Gesicht gefunden: ein Video wählen, in dem ein Gesicht von vorn zu sehen ist, mindestens 5 % der "
        "Bildbreite breit."
    ),
    "A face is seen in only {} of {}: cut the video to the part that shows the face.": (
        "Nur in {} von {} ist ein Gesicht zu sehen: das Video auf den Teil schneiden, der es zeigt."
    ),
    "The video lacks {} after {} s: the motion there was filled in.": (
        "Dem Video fehlen nach {1} s {0}: die Bewegung dort wurde ergänzt."
    ),
    "The video's frame rate varies: the motion was put on {} frames per second.": (
        "Die Bildrate des Videos schwankt: die Bewegung wurde auf {} Bilder je Sekunde gebracht."
    ),
    "{} does not exist: choose a video of a talking face.": "{} gibt es nicht: ein Video eines sprechenden Gesichts wählen.",
    "{} is a device or a pipe: save the video as a file first.": (
        "{} ist ein Gerät oder eine Pipe: das Video zuerst als Datei speichern."
    ),
    "{} holds no picture that can be decoded: export it again.": (
        "{} enthält kein Bild, das sich lesen lässt: neu exportieren."
    ),
    "{} is damaged after {} s: what comes later was left out.": (
        "{} ist nach {} s beschädigt: was danach kommt, wurde ausgelassen."
    ),
    "{} holds too few images of a film ({}): choose a video, or a folder of at least {} PNG, JPEG, TIFF, WebP, Targa or BMP "
    "files.": (
        "{} enthält zu wenige Bilder eines Films ({}): ein Video wählen, oder einen Ordner mit mindestens {} Dateien in PNG, "
        "JPEG, TIFF, WebP, Targa oder BMP."
    ),
    "{} is not a video that can be decoded: convert it to MP4 and try again.": (
        "{} ist kein Video, das sich lesen lässt: in MP4 umwandeln und es noch einmal versuchen."
    ),
    "{} has no picture: choose a video of a talking face.": "{} hat kein Bild: ein Video eines sprechenden Gesichts wählen.",
    # people and styles
    "The head keeps still in {}, and so it will in what is learned of it.": (
        "Der Kopf hält in {} still und wird es auch in dem tun, was daraus gelernt wird."
    ),
    "The mouth keeps still in {}, and so it will in what is learned of it.": (
        "Der Mund hält in {} still und wird es auch in dem tun, was daraus gelernt wird."
    ),
    "The {} keeps still in {}, and so it will in what is learned of it.": (
        "Dort hält still ({}, in {}) und wird es auch in dem tun, was daraus gelernt wird."
    ),
    "The voice in {} is another than in {}: leave out what is not of this person.": (
        "Die Stimme in {} ist eine andere als in {}: weglassen, was nicht von dieser Person ist."
    ),
    "{} is only {} s long: a manner needs at least {} s, better 5 to 20.": (
        "{} ist nur {} s lang: eine Sprechweise braucht mindestens {} s, besser 5 bis 20."
    ),
    "{} was left out: it is the same as {}.": "{} wurde ausgelassen: es ist dasselbe wie {}.",
    "{} was left out: {}": "{} wurde ausgelassen: {}",
    "The clips are only {} s long together: a person needs {} s or more.": (
        "Die Clips sind zusammen nur {} s lang: eine Person braucht {} s oder mehr."
    ),
    "A style is a .json file: end {} so.": "Ein Stil ist eine .json-Datei: {} so enden lassen.",
    "{} cannot be written: choose a folder that is there and can be written to.": (
        "{} lässt sich nicht schreiben: einen Ordner wählen, der da und beschreibbar ist."
    ),
    # a person's own renderer
    "A renderer's file ends in {}, not as {} does.": "Die Datei eines Renderers endet auf {}, nicht wie {}.",
    "{}: a face is seen from the front for {} s, and a personal renderer needs {} s or more: add clips of the same person.": (
        "{}: ein Gesicht ist {} s von vorn zu sehen, und ein persönlicher Renderer braucht {} s oder mehr: Clips derselben "
        "Person hinzufügen."
    ),
    "{} shows a face in {} of {} pictures: choose a film in which the face is seen.": (
        "{} zeigt in {} von {} Bildern ein Gesicht: einen Film wählen, in dem das Gesicht zu sehen ist."
    ),
    "The face in {} is too small to learn a mouth from ({} pixels between the eyes' corners, {} are needed): choose a closer "
    "or larger film.": (
        "Das Gesicht in {} ist zu klein, um daraus einen Mund zu lernen ({} Pixel zwischen den Augenwinkeln, {} sind nötig): "
        "einen näheren oder größeren Film wählen."
    ),
    "{} shows a face for less than {} s at a time: choose a longer film, or one without cuts.": (
        "{} zeigt ein Gesicht weniger als {} s am Stück: einen längeren Film wählen, oder einen ohne Schnitte."
    ),
    "{} shows two people: choose a film of one person, or cut the other off.": (
        "{} zeigt zwei Menschen: einen Film mit einem wählen, oder den anderen wegschneiden."
    ),
    "{} shows somebody else than {}, as it seems: give films of one person.": (
        "{} zeigt, wie es scheint, jemand anderen als {}: Filme einer Person geben."
    ),
    "{} shows somebody else after a cut, as it seems: give the parts of it that show one person.": (
        "{} zeigt nach einem Schnitt, wie es scheint, jemand anderen: die Teile davon geben, die eine Person zeigen."
    ),
    "{} stands still for {} s: nothing was learnt from that.": (
        "{} steht {} s lang still: daraus wurde nichts gelernt."
    ),
    "Something is before the mouth in {} of {} pictures: nothing was learnt from those.": (
        "In {} von {} Bildern ist etwas vor dem Mund: aus ihnen wurde nichts gelernt."
    ),
    "{} did not teach a mouth ({} dB beside {} dB without): choose a sharper film of one person who talks to the camera, with "
    "nothing before the mouth.": (
        "Aus {} ließ sich kein Mund lernen ({} dB neben {} dB ohne): einen schärferen Film einer Person wählen, die in die "
        "Kamera spricht, mit nichts vor dem Mund."
    ),
    "The light in {} changes too much to learn a mouth from: choose a steadier film.": (
        "Das Licht in {} ändert sich zu sehr, um daraus einen Mund zu lernen: einen ruhigeren Film wählen."
    ),
    "{} shows a face for {} s at its beginning, and {} s are needed: choose a film of one person who is seen all the time, "
    "or a picture of them.": (
        "{} zeigt am Anfang {} s lang ein Gesicht, und {} s sind nötig: einen Film einer Person wählen, die immer zu sehen "
        "ist, oder ein Bild von ihr."
    ),
    "Of {} the first {} s are shown, to and fro.": "Von {} werden die ersten {} s gezeigt, hin und zurück.",
}
PARTS: Final = {
    "holds {} WAV files, and nobody says which is its sound": (
        "enthält {} WAV-Dateien, und niemand sagt, welche der Ton ist"
    ),
    "has no sound": "hat keinen Ton",
    "holds no WAV file, so it has no sound": "enthält keine WAV-Datei und hat deshalb keinen Ton",
    "Each of {} images such as {}": "Jedes von {} Bildern wie {}",
    "was filled in": "wurde ergänzt",
    "was filled in and should be looked at": "wurde ergänzt und sollte angesehen werden",
    "{} and once more": "{} und noch einmal",
    "{} and {} more times": "{} und noch {}-mal",
    "a picture": "ein Bild",
    "{} pictures, the most of them": "{} Bilder, die meisten davon",
    "all clips": "allen Clips",
    "{} and {} more": "{} und {} weiteren",
}
