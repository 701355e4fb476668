# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a talking animation from showing, in other languages; what stands in the gaps is in none. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # The NLA
    "An NLA strip of '{}' is being edited, which hides the strips above it: leave its tweak mode.": (
        "Ein NLA-Streifen von „{}“ wird gerade bearbeitet, was die Streifen darüber verbirgt: die Bearbeitung beenden."
    ),
    "The NLA of '{}' is switched off: switch it on.": "Die NLA von „{}“ ist ausgeschaltet: sie einschalten.",
    "The NLA track '{}' of '{}' is muted: switch it on.": "Die NLA-Spur „{}“ von „{}“ ist stumm: sie einschalten.",
    "The NLA strip '{}' of '{}' is muted: switch it on.": "Der NLA-Streifen „{}“ von „{}“ ist stumm: ihn einschalten.",
    "The NLA track '{}' of '{}' plays solo and hides the talking animation: switch its star off.": (
        "Die NLA-Spur „{}“ von „{}“ spielt allein und verbirgt die Sprechanimation: ihren Stern ausschalten."
    ),
    "The NLA strip '{}' of '{}' has no influence: give it all.": (
        "Der NLA-Streifen „{}“ von „{}“ hat keinen Einfluss: ihm allen geben."
    ),
    "The NLA strip '{}' of '{}' lies above the talking animation and hides it: move the talking animation to the top.": (
        "Der NLA-Streifen „{}“ von „{}“ liegt über der Sprechanimation und verbirgt sie: die Sprechanimation nach oben legen."
    ),
    # Actions
    "The active action '{}' of '{}' hides {} of {} curves: push it down into a strip below the talking animation.": (
        "Die aktive Aktion „{}“ von „{}“ verbirgt {} von {} Kurven: sie als Streifen unter die Sprechanimation legen."
    ),
    "The active action '{}' of '{}' has no influence: set it to 1.": (
        "Die aktive Aktion „{}“ von „{}“ hat keinen Einfluss: ihn auf 1 setzen."
    ),
    "The NLA strip '{}' of '{}' has lost its slot of the action: choose it again.": (
        "Der NLA-Streifen „{}“ von „{}“ hat seinen Slot der Aktion verloren: ihn wieder wählen."
    ),
    "The action '{}' of '{}' has no slot chosen: choose it.": "Für die Aktion „{}“ von „{}“ ist kein Slot gewählt: ihn wählen.",
    "{} of the {} curves in '{}' of '{}' are muted: switch them on.": (
        "{} der {} Kurven in „{}“ von „{}“ sind stumm: sie einschalten."
    ),
    # Shape keys
    "'{}' shows one shape key only (the pin beside its shape keys): switch the pin off.": (
        "„{}“ zeigt nur einen Shape Key (die Nadel neben ihren Shape Keys): die Nadel ausschalten."
    ),
    "The shape keys of '{}' are absolute, so their values have no effect: make them relative.": (
        "Die Shape Keys von „{}“ sind absolut, deshalb wirken ihre Werte nicht: sie relativ machen."
    ),
    "{} of the shape keys of '{}' are switched off, such as '{}': switch them on.": (
        "{} der Shape Keys von „{}“ sind ausgeschaltet, etwa „{}“: sie einschalten."
    ),
    "{} of the shape keys of '{}' stop at the end of their sliders, such as '{}' at {}: let the sliders go from 0 to 1.": (
        "{} der Shape Keys von „{}“ enden am Anschlag ihrer Regler, etwa „{}“ bei {}: die Regler von 0 bis 1 gehen lassen."
    ),
    "The sliders of {} of the shape keys of '{}' end at {}, such as '{}', so they cannot show what is keyed: where a shape is "
    "meant for values below 0, turn it round (Blend from Shape at -1, as a new shape key); else let its slider go up to 1.": (
        "Die Regler von {} der Shape Keys von „{}“ enden bei {}, etwa „{}“, deshalb zeigen sie nicht, was gekeyt ist: ist eine "
        "Form für Werte unter 0 gedacht, sie umdrehen (Blend from Shape mit -1, als neuer Shape Key); sonst ihren Regler bis 1 "
        "gehen lassen."
    ),
    "{} of the shape keys of '{}' move nothing, such as '{}': choose others under Face > Mapping, or bring the character in "
    "again with its shapes' motion.": (
        "{} der Shape Keys von „{}“ bewegen nichts, etwa „{}“: unter Gesicht > Zuordnung andere wählen, oder die Figur mit der "
        "Bewegung ihrer Formen neu importieren."
    ),
    "{} of the shape keys of '{}' have drivers and were left to them: mute the drivers and key these shapes too. Removing the "
    "talking animation switches them on again.": (
        "{} der Shape Keys von „{}“ haben Treiber und blieben ihnen überlassen: die Treiber stumm schalten und auch diese Formen "
        "keyen. Das Entfernen der Sprechanimation schaltet sie wieder ein."
    ),
    "'{}' and {} share the mesh '{}', so all of them move alike: for a motion of its own, make it single-user (Object > "
    "Relations > Make Single User > Object & Data).": (
        "„{}“ und {} teilen sich das Mesh „{}“ und bewegen sich deshalb alle gleich: für eine eigene Bewegung ihm eigene Daten "
        "geben (Object > Relations > Make Single User > Object & Data)."
    ),
    "'{}' and {} are faces of one character, '{}', so all of them say this: for one of them alone, give each an armature of its "
    "own.": "„{}“ und {} sind Gesichter einer Figur, „{}“, deshalb sagen alle dies: jedem ein eigenes Skelett geben.",
    "'{}' and {} are faces of one character, '{}', so all of them say this: for one of them alone, parent them to nothing they "
    "share.": (
        "„{}“ und {} sind Gesichter einer Figur, „{}“, deshalb sagen alle dies: sie nicht an dasselbe Objekt hängen."
    ),
    # Objects
    "'{}' is in Edit Mode, where its shape keys do not play: leave Edit Mode.": (
        "„{}“ ist im Bearbeitungsmodus, in dem Shape Keys nicht spielen: ihn verlassen."
    ),
    "'{}' is shaped by the cache file of its modifier '{}', which hides its shape keys: switch the modifier off.": (
        "Die Cache-Datei des Modifikators „{1}“ formt „{0}“ und verbirgt die Shape Keys: den Modifikator ausschalten."
    ),
    "The modifier '{}' of '{}' puts something else in its place, so nothing shows what its shape keys move: switch the modifier "
    "off.": (
        "Der Modifikator „{}“ von „{}“ setzt etwas anderes an dessen Stelle, deshalb ist nichts von den Shape Keys zu sehen: den "
        "Modifikator ausschalten."
    ),
    "'{}' is scaled to 0, so nothing of it shows: give it a size.": (
        "„{}“ ist auf 0 skaliert, deshalb ist nichts davon zu sehen: ihm eine Größe geben."
    ),
    "'{}' has face shapes too and lies in the same place as '{}', but belongs to another character, so it keeps still: pick "
    "'{}', to which both belong, and generate again.": (
        "„{}“ hat auch Gesichtsformen und liegt am selben Ort wie „{}“, gehört aber zu einer anderen Figur und hält deshalb "
        "still: „{}“ wählen, wozu beide gehören, und neu erzeugen."
    ),
    "'{}' has face shapes too and lies in the same place as '{}', but belongs to another character, so it keeps still: parent "
    "'{}' to '{}', pick '{}' and generate again.": (
        "„{}“ hat auch Gesichtsformen und liegt am selben Ort wie „{}“, gehört aber zu einer anderen Figur und hält deshalb "
        "still: „{}“ an „{}“ hängen, „{}“ wählen und neu erzeugen."
    ),
    "'{}', a copy of '{}', lies in the same place and keeps still, so it covers what moves: hide or move it.": (
        "„{}“, eine Kopie von „{}“, liegt am selben Ort, hält still und verdeckt, was sich bewegt: ausblenden oder verschieben."
    ),
    "'{}' is not in this scene.": "„{}“ ist nicht in dieser Szene.",
    "'{}' is hidden in the viewport: show it.": "„{}“ ist in der Ansicht ausgeblendet: einblenden.",
    "The collection of '{}' is hidden: show it in the Outliner.": (
        "Die Sammlung von „{}“ ist ausgeblendet: sie im Outliner einblenden."
    ),
    "'{}' is hidden in renders: show it there.": "„{}“ ist beim Rendern ausgeblendet: dort einblenden.",
    "The collection of '{}' is hidden in renders: show it there in the Outliner.": (
        "Die Sammlung von „{}“ ist beim Rendern ausgeblendet: sie dort im Outliner einblenden."
    ),
    "The armature '{}' is in Rest Position, where no bone moves: switch to Pose Position.": (
        "Das Skelett „{}“ ist in der Ruheposition, in der sich kein Knochen bewegt: in die Pose-Position schalten."
    ),
    "The linked armature '{}' is in Rest Position, where no bone moves: switch to Pose Position in its own file.": (
        "Das verlinkte Skelett „{}“ ist in der Ruheposition, in der sich kein Knochen bewegt: in seiner eigenen Datei in die "
        "Pose-Position schalten."
    ),
    "The modifier '{}' of '{}' is switched off in the viewport, so the mesh does not follow the bones: switch it on.": (
        "Der Modifikator „{}“ von „{}“ ist in der Ansicht aus, deshalb folgt das Mesh den Knochen nicht: ihn einschalten."
    ),
    "The constraint '{}' of '{}' holds it, so its keys show nowhere: switch the constraint off.": (
        "Die Beschränkung „{}“ hält „{}“ fest, deshalb wirken die Keys nirgends: die Beschränkung ausschalten."
    ),
    "The constraint '{}' holds the bone '{}' of '{}', so its keys show nowhere: switch the constraint off.": (
        "Die Beschränkung „{}“ hält den Knochen „{}“ von „{}“ fest, deshalb wirken die Keys nirgends: die Beschränkung "
        "ausschalten."
    ),
    # The scene
    "The talking animation was made for {} frames per second, but the scene plays {}: lay its keys for that.": (
        "Die Sprechanimation wurde für {} Bilder je Sekunde gemacht, die Szene spielt {}: ihre Keys dafür legen."
    ),
    "The talking animation was made for {} frames per second, but the scene plays {}: press Animate Whole Scene again, which is "
    "quick.": (
        "Die Sprechanimation wurde für {} Bilder je Sekunde gemacht, die Szene spielt {}: noch einmal Ganze Szene animieren "
        "drücken, das geht schnell."
    ),
    "Time Stretching of the scene ({} to {}) moves keys away from the sound: set both to 100.": (
        "Die Zeitdehnung der Szene ({} zu {}) rückt Keys vom Ton weg: beide auf 100 setzen."
    ),
    "The scene plays frames {} to {}, but the talking animation lies from {} to {}: widen the scene's range.": (
        "Die Szene spielt die Frames {} bis {}, die Sprechanimation liegt bei {} bis {}: den Bereich der Szene erweitern."
    ),
    "The preview range plays frames {} to {} only: switch it off.": (
        "Der Vorschaubereich spielt nur die Frames {} bis {}: ihn ausschalten."
    ),
    # What changed since
    "What {} of the curves of '{}' moved is gone, such as '{}', so they move nothing: write the keys anew.": (
        "Was {} der Kurven von „{}“ bewegten, ist weg, etwa „{}“, deshalb bewegen sie nichts: die Keys neu schreiben."
    ),
    "The file is damaged where '{}' keeps what was there before its talking animation: after Remove, look whether its shapes and "
    "bones are at rest, or open an earlier version of the file.": (
        "Die Datei ist beschädigt, wo „{}“ behält, was vor seiner Sprechanimation da war: nach dem Entfernen nachsehen, ob "
        "Formen und Knochen in Ruhe sind, oder eine frühere Fassung der Datei öffnen."
    ),
    "'{}' has face shapes but no keys, since it came to the character after its talking animation was made: write the keys "
    "anew.": (
        "„{}“ hat Gesichtsformen, aber keine Keys, denn es kam erst nach der Sprechanimation zur Figur: die Keys neu schreiben."
    ),
    "The NLA strip '{}' of '{}' is stretched, repeated or reversed, so lips and voice part: let it play once and at its own "
    "pace.": (
        "Der NLA-Streifen „{}“ von „{}“ ist gedehnt, wiederholt oder umgekehrt, sodass Lippen und Stimme auseinanderlaufen: ihn "
        "einmal und im eigenen Tempo spielen lassen."
    ),
    "The recording '{}' that '{}' says is no longer there, so nothing is heard: put it back, or choose it again in the strip "
    "'{}'.": (
        "Die Aufnahme „{}“, die „{}“ spricht, ist nicht mehr da, deshalb ist nichts zu hören: sie zurücklegen oder im Streifen "
        "„{}“ neu wählen."
    ),
    "The recording '{}' that '{}' says is in no Sequencer of this file, so nothing is heard: add it at frame {}.": (
        "Die Aufnahme „{}“, die „{}“ spricht, ist in keinem Sequencer dieser Datei, deshalb ist nichts zu hören: sie bei Frame "
        "{} hinzufügen."
    ),
    "{} recordings that '{}' says are in no Sequencer of this file, so nothing is heard: add them, such as '{}' at frame {}.": (
        "{} Aufnahmen, die „{}“ spricht, sind in keinem Sequencer dieser Datei, deshalb ist nichts zu hören: sie hinzufügen, "
        "etwa „{}“ bei Frame {}."
    ),
    "The sound '{}' of '{}' lies {} frames later than the keys that were made of it: move both together, or generate again.": (
        "Der Ton „{}“ von „{}“ liegt {} Frames später als die Keys, die aus ihm entstanden: beide zusammen verschieben oder neu "
        "erzeugen."
    ),
    "The sound '{}' of '{}' lies {} frames earlier than the keys that were made of it: move both together, or generate again.": (
        "Der Ton „{}“ von „{}“ liegt {} Frames früher als die Keys, die aus ihm entstanden: beide zusammen verschieben oder neu "
        "erzeugen."
    ),
    "{} of the vertices of '{}' lie nowhere in its shape key '{}', as its coordinates are no numbers: put them where their "
    "neighbours are.": (
        "{} der Punkte von „{}“ liegen in ihrem Shape Key „{}“ nirgends, denn ihre Koordinaten sind keine Zahlen: sie dorthin "
        "setzen, wo ihre Nachbarn sind."
    ),
    "{} of the vertices of '{}' lie nowhere in its shape key '{}', as its coordinates are no numbers: put them where the shape "
    "that it is relative to has them.": (
        "{} der Punkte von „{}“ liegen in ihrem Shape Key „{}“ nirgends, denn ihre Koordinaten sind keine Zahlen: sie dorthin "
        "setzen, wo die Form sie hat, zu der er relativ ist."
    ),
    # After a repair
    "Nothing keeps the talking animation from showing.": "Der Sprechanimation steht nichts mehr im Weg.",
}
"""English → German, "{}" for what is in no language; see `texts_with_gaps`."""
