# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of keys, targets and what a character carries, in other languages; see `sentences`. Standard library only."""

from __future__ import annotations

from typing import Final

GERMAN: Final = {
    # what a character carries
    "'{}' has no talking animation yet: press Generate talking animation.": (
        "„{}“ hat noch keine Sprechanimation: Sprechanimation erzeugen drücken."
    ),
    "'{}' says nothing at frame {}: its keys lie from frame {} to {}.": (
        "„{}“ sagt in Frame {} nichts: die Keys liegen von Frame {} bis {}."
    ),
    "No keys hold the lips of '{}' shut at frame {}.": "Keine Keys halten die Lippen von „{}“ in Frame {} geschlossen.",
    "This dial of '{}' has its keys in an NLA strip: press Tab on that strip in the NLA Editor, or delete them.": (
        "Dieser Regler von „{}“ hat seine Keys in einem NLA-Strip: im NLA-Editor auf diesem Strip Tab drücken, oder sie löschen."
    ),
    "The channel of this dial of '{}' is muted: switch it on in the Graph Editor, or delete it.": (
        "Der Kanal dieses Reglers von „{}“ ist stumm: ihn im Graph-Editor einschalten oder löschen."
    ),
    "'{}' takes no keys: its action is linked from another file.": (
        "„{}“ nimmt keine Keys an: die Action ist aus einer anderen Datei verlinkt."
    ),
    "Mouth cues are {}, not '{}'.": "Mundbilder sind {}, nicht „{}“.",
    "This motion has no mouth cues: generate it again.": "Diese Bewegung hat keine Mundbilder: sie neu erzeugen.",
    "'{}' is in the scene '{}' too, which plays {} frames per second, not {}, so there it moves at another pace than its "
    "sound: give that scene a copy of the character, or the same rate.": (
        "„{}“ ist auch in der Szene „{}“, die {} Bilder je Sekunde spielt, nicht {}, und bewegt sich dort in anderem Tempo "
        "als der Ton: jener Szene eine Kopie der Figur geben, oder dieselbe Rate."
    ),
    "'{}' is in the scene '{}' too, where it now moves as here while the sound is still the one of before: generate there "
    "too, or give that scene a copy of the character.": (
        "„{}“ ist auch in der Szene „{}“, wo es sich jetzt wie hier bewegt, während der Ton noch der alte ist: auch dort "
        "erzeugen, oder jener Szene eine Kopie der Figur geben."
    ),
    "{} of the vertices of '{}' lie nowhere in its shape key '{}', as its coordinates are no numbers: put them where {}.": (
        "{} der Punkte von „{}“ liegen in ihrem Shape Key „{}“ nirgends, denn ihre Koordinaten sind keine Zahlen: sie "
        "dorthin setzen, wo {}."
    ),
    "Press Tab in the NLA editor to leave tweak mode.": "Im NLA-Editor Tab drücken, um die Bearbeitung zu beenden.",
    "Press Tab in the 3D View to leave Edit Mode of '{}'.": (
        "Im 3D-Fenster Tab drücken, um den Bearbeitungsmodus von „{}“ zu verlassen."
    ),
    "All face shapes of '{}' have drivers of their own, so nothing could be keyed: remove the drivers, or pick the object "
    "that drives them.": (
        "Alle Gesichtsformen von „{}“ haben eigene Treiber, deshalb ließ sich nichts keyen: die Treiber entfernen, oder "
        "das Objekt wählen, das sie treibt."
    ),
    "The mouth of '{}' keeps still, since nothing that opens it could be keyed: see Face > Mapping.": (
        "Der Mund von „{}“ hält still, denn nichts, was ihn öffnet, ließ sich keyen: siehe Gesicht > Zuordnung."
    ),
    "The talking animation of '{}' would lie from frame {} to {}, but {}: let it start elsewhere.": (
        "Die Sprechanimation von „{}“ läge bei Frame {} bis {}, doch {}: sie anderswo beginnen lassen."
    ),
    "'{}' changed while its face was measured: generate again.": (
        "„{}“ hat sich geändert, während das Gesicht vermessen wurde: neu erzeugen."
    ),
    "'{}' and {} share the mesh '{}', so all of them move alike: for a motion of its own, {}.": (
        "„{}“ und {} teilen das Mesh „{}“, deshalb bewegen sich alle gleich: für eine eigene Bewegung {}."
    ),
    "'{}' and {} are faces of one character, '{}', so all of them say this: for one of them alone, {}.": (
        "„{}“ und {} sind Gesichter einer Figur, „{}“, deshalb sagen alle dies: damit es nur eins sagt, {}."
    ),
    "'{}' has face shapes too and lies in the same place as '{}', but belongs to another character, so it keeps still: {}.": (
        "„{}“ hat auch Gesichtsformen und liegt am selben Ort wie „{}“, gehört aber zu einer anderen Figur und hält "
        "deshalb still: {}."
    ),
    "'{}' is not in '{}': put it there, or add it to the Sequencer at frame {} yourself.": (
        "„{}“ ist nicht in „{}“: dorthin legen, oder selbst bei Frame {} in den Sequencer legen."
    ),
    # what moves
    "'{}', whose property was mapped, is gone or has another name: {}.": (
        "„{}“, dessen Wert zugeordnet war, ist weg oder heißt anders: {}."
    ),
    "{} more face bones of '{}' were left alone.": "{} weitere Gesichtsknochen von „{}“ blieben unberührt.",
    "The bones of '{}' do not tell where its face is and which way it looks, so none of them is moved: choose its eyes' "
    "bones under Face > Mapping, or bind the skin of its face to its jaw.": (
        "Die Knochen von „{}“ verraten nicht, wo das Gesicht ist und wohin es blickt, deshalb wird keiner bewegt: unter "
        "Gesicht > Zuordnung die Augenknochen wählen, oder die Haut des Gesichts an den Kiefer binden."
    ),
    "Left at rest: cheeks follow the bones around them.": "In Ruhe gelassen: Wangen folgen den Knochen ringsum.",
    "'{}' {} and was left alone.": "„{}“ {} und blieb unberührt.",
    "{} of its {} bones are moved, evenly spread.": "{} seiner {} Knochen werden bewegt, gleichmäßig verteilt.",
    "Left at rest: shape keys such as '{}' move the {} already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen dies schon ({})."
    ),
    "Left at rest: shape keys such as '{}' move the mouth already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen den Mund schon."
    ),
    "Left at rest: shape keys such as '{}' move the lids already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen die Lider schon."
    ),
    "Left at rest: shape keys such as '{}' move the brows already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen die Brauen schon."
    ),
    "Left at rest: shape keys such as '{}' move the tongue already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen die Zunge schon."
    ),
    "Left at rest: shape keys such as '{}' move the eyes already.": (
        "In Ruhe gelassen: Shape Keys wie „{}“ bewegen die Augen schon."
    ),
    "Left at rest: the eyes look at their target.": "In Ruhe gelassen: die Augen blicken auf ihr Ziel.",
    "'{}' opens nothing and was left alone.": "„{}“ öffnet nichts und blieb unberührt.",
    "No lips of '{}' part as the bone of its jaw, '{}', moves: choose the bone that opens the mouth under Face > Mapping, or "
    "cut the mesh between the lips.": (
        "Bei „{}“ gehen keine Lippen auseinander, wenn sich der Kieferknochen „{}“ bewegt: unter Gesicht > Zuordnung den "
        "Knochen wählen, der den Mund öffnet, oder das Mesh zwischen den Lippen aufschneiden."
    ),
    "The skin above the mouth of '{}' goes with the bone of its jaw, '{}', so the lips do not part: paint that bone's "
    "weights on lower lip and chin alone.": (
        "Die Haut über dem Mund von „{}“ geht mit dem Kieferknochen „{}“, deshalb öffnen sich die Lippen nicht: dessen "
        "Gewichte nur auf Unterlippe und Kinn malen."
    ),
    "The bones of the mouth of '{}' move, but no mesh goes with them: bind the mesh of the face to the armature, or paint "
    "weights for these bones.": (
        "Die Mundknochen von „{}“ bewegen sich, aber kein Mesh geht mit: das Mesh des Gesichts an das Skelett binden, oder "
        "Gewichte für diese Knochen malen."
    ),
    "The bone '{}' has drivers on its rotation and was left to them.": (
        "Der Knochen „{}“ hat Treiber auf seiner Drehung und blieb ihnen überlassen."
    ),
    "Landmark points are {}, not '{}'.": "Gesichtspunkte sind {}, nicht „{}“.",
    "'{}' is linked from another file: make a library override of it first (Object > Library Override > Make).": (
        "„{}“ ist aus einer anderen Datei verlinkt: zuerst eine Library Override davon anlegen (Objekt > Library Override "
        "> Anlegen)."
    ),
    "Where the face of '{}' is cannot be told: pick another object of the character, or add points that stand alone and "
    "place them yourself.": (
        "Wo das Gesicht von „{}“ ist, lässt sich nicht sagen: ein anderes Objekt der Figur wählen, oder Punkte ohne Figur "
        "hinzufügen und selbst hinstellen."
    ),
    "'{}' hardly opens the mouth of '{}', {} % as far as on most faces: choose another shape key under Face > Mapping, or "
    "let this one move the lips further.": (
        "„{}“ öffnet den Mund von „{}“ kaum, {} % so weit wie bei den meisten Gesichtern: unter Gesicht > Zuordnung einen "
        "anderen Shape Key wählen, oder diesen die Lippen weiter bewegen lassen."
    ),
    "'{}' opens the mouth of '{}' {} times as far as on most faces: let it move the lips less, or set the dial Lips to {}.": (
        "„{}“ öffnet den Mund von „{}“ {}-mal so weit wie bei den meisten Gesichtern: ihn die Lippen weniger bewegen "
        "lassen, oder den Regler Lippen auf {} stellen."
    ),
    "The head of '{}' stays still, since its rotation by axis and angle is animated already: choose XYZ Euler or "
    "Quaternion for head motion.": (
        "Der Kopf von „{}“ hält still, denn seine Drehung um Achse und Winkel ist schon animiert: für Kopfbewegung "
        "XYZ-Euler oder Quaternion wählen."
    ),
    "'{}' has drivers on its {}: its head stays still.": "„{}“ hat Treiber ({}): sein Kopf hält still.",
    "No head bone was found in '{}', so the whole object turns: choose the Head Bone under Options, or set the Head dial "
    "to 0.": (
        "In „{}“ wurde kein Kopfknochen gefunden, deshalb dreht sich das ganze Objekt: unter Optionen den Kopf wählen, "
        "oder den Regler Kopf auf 0 stellen."
    ),
    "'{}' of '{}' {}: {}, or choose another under Face > Mapping.": (
        "„{}“ von „{}“ {}: {}, oder unter Gesicht > Zuordnung einen anderen wählen."
    ),
    "'{}' of '{}' shuts the right eye, as its shapes are named for the viewer's left and right: swap these names, since "
    "left is meant as the character's own left.": (
        "„{}“ von „{}“ schließt das rechte Auge, denn die Formen heißen nach links und rechts des Betrachters: die Namen "
        "tauschen, denn links meint das Links der Figur."
    ),
    "{} of the shape keys of '{}'{} have drivers and were left to them: Nothing Moves? can mute the drivers and key these "
    "shapes too.": (
        "{} der Shape Keys von „{}“{} haben Treiber und blieben ihnen überlassen: Bewegt sich nichts? kann die Treiber "
        "stummschalten und auch diese Formen keyen."
    ),
    "No shape key of '{}' is known to open the jaw, so the mouth opens by its lips alone: choose the one that does for "
    "jawOpen under Face > Mapping.": (
        "Von keinem Shape Key von „{}“ ist bekannt, dass er den Kiefer öffnet, deshalb öffnen nur die Lippen den Mund: "
        "unter Gesicht > Zuordnung den wählen, der es für jawOpen tut."
    ),
    "'{}' shows one shape key only (the pin beside its shape keys): switch the pin off to see it talk.": (
        "„{}“ zeigt nur einen Shape Key (die Nadel neben den Shape Keys): die Nadel ausschalten, um es sprechen zu sehen."
    ),
    "The shape keys of '{}' are absolute, so their values have no effect: tick Relative above their list to see it talk.": (
        "Die Shape Keys von „{}“ sind absolut, deshalb wirken ihre Werte nicht: über ihrer Liste Relativ ankreuzen, um es "
        "sprechen zu sehen."
    ),
    "{} of the shape keys of '{}' are switched off, such as '{}'.": (
        "{} der Shape Keys von „{}“ sind ausgeschaltet, etwa „{}“."
    ),
    "The shape key '{}' of '{}' moves nothing, so {}: choose another under Face > Mapping, or bring the character in "
    "again with its shapes' motion.": (
        "Der Shape Key „{}“ von „{}“ bewegt nichts, deshalb {}: unter Gesicht > Zuordnung einen anderen wählen, oder die "
        "Figur mit der Bewegung ihrer Formen neu einlesen."
    ),
    "Even with its shapes at the end of their sliders the mouth of '{}' opens {} % as far as was asked: let the slider of "
    "'{}' go further.": (
        "Selbst mit seinen Formen am Anschlag öffnet sich der Mund von „{}“ nur {} % so weit wie verlangt: den Regler von "
        "„{}“ weiter gehen lassen."
    ),
    "Nothing of the chart '{}' of '{}' is in this file any more: {}.": (
        "Von der Tafel „{}“ von „{}“ ist nichts mehr in dieser Datei: {}."
    ),
    # keys
    "'{}' already has the action '{}', which stays: the talking animation is in an NLA strip below it.": (
        "„{}“ hat schon die Aktion „{}“, die bleibt: die Sprechanimation liegt in einem NLA-Streifen darunter."
    ),
    "An NLA strip of '{}' is being edited: leave its tweak mode (Tab in the NLA editor) first.": (
        "Ein NLA-Streifen von „{}“ wird gerade bearbeitet: zuerst die Bearbeitung beenden (Tab im NLA-Editor)."
    ),
    "'{}' cannot be animated in this file: if it comes from another file, make a library override that is editable.": (
        "„{}“ lässt sich in dieser Datei nicht animieren: kommt es aus einer anderen Datei, eine bearbeitbare Library "
        "Override anlegen."
    ),
    "The action '{}' is linked from '{}', where changes are not kept: make it local, or generate again.": (
        "Die Aktion „{}“ ist aus „{}“ verlinkt, wo Änderungen nicht bleiben: sie lokal machen, oder neu erzeugen."
    ),
    "The video of '{}' in the sequencer shows the take before, so its strip was muted: bake it again.": (
        "Das Video von „{}“ im Sequencer zeigt die Variante davor, deshalb wurde sein Strip stumm: neu backen."
    ),
    "The strip of the video stays cut as it was: {} of its {} frames are shown.": (
        "Der Strip des Videos bleibt geschnitten, wie er war: {} seiner {} Bilder sind zu sehen."
    ),
    "The strip of the video is played faster or slower, and the new video has {} frames, not {}: see whether the strip ends "
    "where it should.": (
        "Der Strip des Videos läuft schneller oder langsamer, und das neue Video hat {} Bilder statt {}: Prüfen, ob der Strip "
        "dort endet, wo er soll."
    ),
    "The strip of the video stays where it was moved to: it begins at frame {}, the line at frame {}.": (
        "Der Strip des Videos bleibt, wohin er verschoben wurde: er beginnt bei Bild {}, der Satz bei Bild {}."
    ),
    "All channels of the sequencer are taken, so the video was not added.": (
        "Alle Kanäle des Sequencers sind belegt, deshalb kam das Video nicht hinzu."
    ),
    "Blender cannot play the sound of '{}', so only its pictures were added to the sequencer.": (
        "Blender kann den Ton von „{}“ nicht spielen, deshalb kamen nur die Bilder in den Sequencer."
    ),
    "This Blender cannot play '{}', so the video was not added to the sequencer.": (
        "Dieses Blender kann „{}“ nicht spielen, deshalb kam das Video nicht in den Sequencer."
    ),
    "All channels of the sequencer are taken, so the sound of the video was not added.": (
        "Alle Kanäle des Sequencers sind belegt, deshalb kam der Ton des Videos nicht hinzu."
    ),
    "This Blender cannot play sound, so the sound of the video was not added to the sequencer.": (
        "Dieses Blender kann keinen Ton spielen, deshalb kam der Ton des Videos nicht in den Sequencer."
    ),
    "All channels of the sequencer are taken, so the sound was not added.": (
        "Alle Kanäle des Sequencers sind belegt, deshalb kam der Ton nicht hinzu."
    ),
    "Blender cannot play '{}', so the recording was not added to the sequencer.": (
        "Blender kann „{}“ nicht spielen, deshalb kam die Aufnahme nicht in den Sequencer."
    ),
    "'{}' was not added to the sequencer: this Blender lets no script change the speed of a strip.": (
        "„{}“ kam nicht in den Sequencer: in diesem Blender darf kein Skript das Tempo eines Streifens ändern."
    ),
    "This Blender cannot play sound, so the recording was not added to the sequencer.": (
        "Dieses Blender kann keinen Ton spielen, deshalb kam die Aufnahme nicht in den Sequencer."
    ),
}
"""English → German, "{}" for what is in no language."""

PARTS: Final = {
    "map the property again (Talk with This Property)": "den Wert neu zuordnen (Damit sprechen)",
    "is held by a constraint": "wird von einem Constraint gehalten",
    "shuts the mouth where it should open it": "schließt den Mund, statt ihn zu öffnen",
    "opens the mouth where it should shut it": "öffnet den Mund, statt ihn zu schließen",
    "moves the lids up, so the eyes open wider where they should shut": (
        "bewegt die Lider nach oben, sodass die Augen weiter aufgehen statt zu"
    ),
    "moves the jaw up instead of down, so the mouth shuts where it should open": (
        "bewegt den Kiefer nach oben statt nach unten, sodass der Mund zugeht statt auf"
    ),
    "moves the jaw sideways instead of down": "bewegt den Kiefer zur Seite statt nach unten",
    "moves the jaw forward or back instead of down": "bewegt den Kiefer vor oder zurück statt nach unten",
    "takes the whole head along, eyes and all, where the jaw alone should move": (
        "nimmt den ganzen Kopf samt Augen mit, statt nur den Kiefer zu bewegen"
    ),
    "the mouth does not open": "öffnet sich der Mund nicht",
    "the mouth opens too little": "öffnet sich der Mund zu wenig",
    "turn that shape key round": "diesen Shape Key umdrehen",
    "sculpt that shape key anew": "diesen Shape Key neu formen",
    ", such as '{}', which opens the mouth,": ", etwa „{}“, der den Mund öffnet,",
    "map the chart again (Map Drawings)": "die Tafel neu zuordnen (Zeichnungen zuordnen)",
    "give each an armature of its own": "jedem ein eigenes Skelett geben",
    "parent them to nothing they share": "sie an nichts Gemeinsames hängen",
    "parent '{}' to '{}', pick '{}' and generate again": "„{}“ an „{}“ hängen, „{}“ wählen und neu erzeugen",
    "pick '{}', to which both belong, and generate again": "„{}“ wählen, wozu beide gehören, und neu erzeugen",
    "Blender has no frames beyond {} and before -{}": "Blender hat keine Frames jenseits von {} und vor -{}",
    "their neighbours are": "ihre Nachbarn sind",
    "the shape that it is relative to has them": "die Form sie hat, zu der er relativ ist",
}
"""The same for parts of sentences, which stand in the gaps of others."""
