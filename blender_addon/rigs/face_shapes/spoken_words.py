# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces whose shape keys are called in plain words of their maker's language: "Mund_auf", "boca_abierta", "рот_открыт", "张嘴".

Between commas stand the words for one movement, between strokes what may take each other's place, and two words in either order.
They are spelt as people spell them; accents make no difference, and an e stands for a German vowel's dots. The side, from
`face_words`, stands before, behind or between the words. No vendor publishes such names: what is known of them are the words.
A movement that words tell only by a mood (sad, surprised) is none of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product, zip_longest
from typing import Final

from .. import face_words
from .convention import Convention, parse

_TITLES: Final = {
    "de": "German words",
    "es": "Spanish words",
    "fr": "French words",
    "it": "Italian words",
    "pt": "Portuguese words",
    "pl": "Polish words",
    "ru": "Russian words",
    "ja": "Japanese words",
    "zh": "Chinese words",
    "ko": "Korean words",
}
# Sides that stand behind a name alone, too short to be words.
_ABBREVIATED: Final = {
    "de": (("li", "re"),),
    "es": (("izq", "der"), ("izq", "dch"), ("i", "d")),
    "fr": (("g", "d"),),
    "it": (("sx", "dx"),),
    "pt": (("esq", "dir"), ("e", "d")),
    "pl": (("L", "P"),),
    "ru": (("л", "п"),),
}
_OPEN, _BLINK, _BLINKS, _WIDE, _SMILE, _FROWN = "open", "blink", "blinks", "wide", "smile", "frown"
_UP, _UPS, _DOWN, _DOWNS, _KISS, _BROAD, _TONGUE, _PUFF = (
    "brow up",
    "brows up",
    "brow down",
    "brows down",
    "kiss",
    "broad",
    "tongue",
    "puff",
)
# Movement → its words. What one eye or brow does is told apart from what both do: "Auge zu", "Augen zu".
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        _OPEN: "Mund auf/offen/öffnen, offener Mund, Kiefer auf/offen/öffnen/runter, Unterkiefer runter/unten",
        _BLINK: "Auge/Lid/Augenlid zu/geschlossen/schließen, Blinzeln, Zwinkern",
        _BLINKS: "Augen/Lider/Augenlider zu/geschlossen/schließen, Blinzeln",
        _WIDE: "Augen weit/aufgerissen",
        _SMILE: "Lächeln, Mundwinkel hoch/oben",
        _FROWN: "Mundwinkel runter/unten",
        _UP: "Braue/Augenbraue hoch/oben/heben",
        _UPS: "Brauen/Augenbrauen hoch/oben/heben",
        _DOWN: "Braue/Augenbraue runter/unten/senken",
        _DOWNS: "Brauen/Augenbrauen runter/unten/senken",
        _KISS: "Kussmund, Schmollmund, Lippen spitz/spitzen, Mund spitz",
        _BROAD: "Mund breit",
        _TONGUE: "Zunge raus/heraus",
        _PUFF: "Backen/Wangen aufgeblasen/aufblasen/dick",
    },
    "es": {
        _OPEN: "boca abierta/abrir/abre, abrir la boca, mandíbula abajo/abierta/abrir",
        _BLINK: "ojo/párpado cerrado/cerrar, parpadeo, parpadear, guiño",
        _BLINKS: "ojos/párpados cerrados/cerrar, cerrar los ojos, parpadeo, parpadear",
        _WIDE: "ojos muy abiertos",
        _SMILE: "sonrisa, sonreír",
        _UP: "ceja arriba/subir/levantada",
        _UPS: "cejas arriba/subir/levantadas",
        _DOWN: "ceja abajo/bajar",
        _DOWNS: "cejas abajo/bajar/fruncidas, ceño fruncido",
        _KISS: "beso, besar",
        _BROAD: "boca ancha",
        _TONGUE: "lengua fuera/afuera",
        _PUFF: "mejillas infladas/inflar",
    },
    "fr": {
        _OPEN: "bouche ouverte/ouvrir/ouvre, ouvrir la bouche, mâchoire ouverte/ouvrir/basse",
        _BLINK: "œil fermé/fermer, paupière fermée/fermer, clignement, cligner",
        _BLINKS: "yeux fermés/fermer, paupières fermées/fermer, fermer les yeux, clignement, cligner",
        _WIDE: "yeux écarquillés",
        _SMILE: "sourire",
        _UP: "sourcil levé/lever/haut",
        _UPS: "sourcils levés/lever/hauts/haut",
        _DOWN: "sourcil baissé/baisser/bas",
        _DOWNS: "sourcils baissés/baisser/bas/froncés/froncer",
        _KISS: "bisou",
        _BROAD: "bouche large",
        _TONGUE: "langue sortie/tirée, tirer la langue",
        _PUFF: "joues gonflées/gonfler",
    },
    "it": {
        _OPEN: "bocca aperta/aprire/apri, mascella/mandibola aperta/aprire/giù",
        _BLINK: "occhio chiuso/chiudere/chiudi, palpebra chiusa/chiudere/chiudi, occhiolino, ammicco",
        _BLINKS: "occhi chiusi/chiudere/chiudi, palpebre chiuse/chiudere/chiudi, battito ciglia, ammicco",
        _WIDE: "occhi spalancati/sgranati",
        _SMILE: "sorriso, sorridere, sorridi",
        _UP: "sopracciglio su/alzato/alza",
        _UPS: "sopracciglia su/alzate/alza",
        _DOWN: "sopracciglio giù/abbassato/abbassa",
        _DOWNS: "sopracciglia giù/abbassate/abbassa/aggrottate",
        _KISS: "bacio",
        _BROAD: "bocca larga",
        _TONGUE: "lingua fuori",
        _PUFF: "guance gonfie/gonfiare",
    },
    "pt": {
        _OPEN: "boca aberta/abrir/abre, abrir a boca, mandíbula aberta/abrir/baixo, queixo abaixo/baixo",
        _BLINK: "olho fechado/fechar, pálpebra fechada/fechar, piscar, piscada, pisca",
        _BLINKS: "olhos fechados/fechar, pálpebras fechadas/fechar, fechar os olhos, piscar, piscada, pisca",
        _WIDE: "olhos arregalados",
        _SMILE: "sorriso, sorrir",
        _UP: "sobrancelha levantada/levantar/subir/cima",
        _UPS: "sobrancelhas levantadas/levantar/subir/cima",
        _DOWN: "sobrancelha abaixada/abaixar/descer/baixo",
        _DOWNS: "sobrancelhas abaixadas/abaixar/descer/baixo/franzidas",
        _KISS: "beijo, beijar",
        _BROAD: "boca larga",
        _TONGUE: "língua fora",
        _PUFF: "bochechas infladas/inflar",
    },
    "pl": {
        _OPEN: "usta otwarte/otwórz/otwarcie/otworzyć, szczęka/żuchwa otwarta/opuszczona/dół/w dół",
        _BLINK: "oko zamknięte/zamknij, powieka zamknięta/zamknij, mrugnięcie, mrugnij",
        _BLINKS: "oczy zamknięte/zamknij, powieki zamknięte/zamknij, mruganie, mrugnięcie",
        _WIDE: "oczy szeroko",
        _SMILE: "uśmiech, uśmiechnij",
        _UP: "brew uniesiona/góra/w górę",
        _UPS: "brwi uniesione/góra/w górę",
        _DOWN: "brew opuszczona/dół/w dół",
        _DOWNS: "brwi opuszczone/dół/w dół/zmarszczone",
        _KISS: "buziak, pocałunek, dzióbek",
        _BROAD: "usta szerokie",
        _TONGUE: "język wystawiony/na zewnątrz",
        _PUFF: "policzki nadęte/nadmij",
    },
    "ru": {
        _OPEN: "рот открыт/открытый/открыть, челюсть вниз/опущена/открыта",
        _BLINK: "глаз закрыт/закрытый/закрыть, веко закрыто/закрыть/вниз, моргание, моргнуть, подмигивание",
        _BLINKS: "глаза закрыты/закрытые/закрыть, веки закрыты/закрыть/вниз, моргание, моргнуть, моргать",
        _WIDE: "глаза широко/вытаращены/распахнуты",
        _SMILE: "улыбка, улыбаться",
        _UP: "бровь вверх/поднята/поднять",
        _UPS: "брови вверх/подняты/поднять",
        _DOWN: "бровь вниз/опущена/опустить",
        _DOWNS: "брови вниз/опущены/опустить/нахмурены",
        _KISS: "поцелуй, губы трубочкой",
        _BROAD: "рот широкий",
        _TONGUE: "язык высунут/высунуть/наружу",
        _PUFF: "щёки/щеки надуты/надуть",
    },
    "ja": {
        _OPEN: "口 開け/開き/開く/あけ/オープン, 口を開ける, 口を開く, 顎/あご 開け/開き/下げ",
        _BLINK: "目 閉じ/閉じる/とじ/つぶり/つむり, 目を閉じる, 瞼 閉じ, 瞬き, まばたき",
        _BLINKS: "目/両目 閉じ/閉じる/とじ/つぶり/つむり, 目を閉じる, 瞼 閉じ, 瞬き, まばたき",
        _WIDE: "目 見開き/見開く, 見開き",
        _SMILE: "笑顔, 微笑み, ほほえみ, スマイル, 口角 上げ/上がり",
        _FROWN: "口角 下がり/下げ",
        _UP: "眉/眉毛/まゆ 上げ/上がり, 眉を上げる",
        _UPS: "眉/眉毛/まゆ 上げ/上がり, 眉を上げる",
        _DOWN: "眉/眉毛/まゆ 下げ/下がり, 眉を下げる",
        _DOWNS: "眉/眉毛/まゆ 下げ/下がり, 眉を下げる",
        _KISS: "口 すぼめ, 口をすぼめる, キス",
        _BROAD: "口 横広/横に広げる",
        _TONGUE: "舌 出し/出す, 舌を出す",
        _PUFF: "頬 膨らまし/ふくらまし/膨らませ",
    },
    "zh": {
        _OPEN: "张/張/开/開 嘴/嘴巴, 嘴/嘴巴/下巴 张开/張開, 张口, 張口, 张大嘴, 張大嘴",
        _BLINK: "闭/閉/合/眨 眼/眼睛, 眼/眼睛 闭合/閉合/闭上/閉上",
        _BLINKS: "闭/閉/合/眨 眼/眼睛/双眼/雙眼, 眼/眼睛 闭合/閉合/闭上/閉上",
        _WIDE: "睁大眼, 睁大眼睛, 睜大眼, 睜大眼睛, 瞪眼",
        _SMILE: "微笑, 笑容, 嘴角 上/上扬/上揚/向上",
        _FROWN: "嘴角 下/下垂/向下",
        _UP: "抬/挑/扬/揚 眉/眉毛, 眉/眉毛 上/上扬/上揚/向上/抬起",
        _UPS: "抬/挑/扬/揚 眉/眉毛, 眉/眉毛 上/上扬/上揚/向上/抬起",
        _DOWN: "压/壓 眉/眉毛, 眉/眉毛 下/下压/下壓/向下",
        _DOWNS: "压/壓/皱/皺 眉/眉毛, 眉/眉毛 下/下压/下壓/向下",
        _KISS: "嘟嘴, 噘嘴, 撅嘴, 亲吻, 親吻",
        _BROAD: "咧嘴",
        _TONGUE: "吐/伸 舌/舌头/舌頭",
        _PUFF: "鼓腮, 鼓脸, 鼓臉",
    },
    "ko": {
        _OPEN: "입 벌림/벌리기/열기/열림/벌리다, 턱 벌림/벌리기/열기/내리기",
        _BLINK: "눈 감기/감음/감김/깜빡임/깜박임, 눈꺼풀 닫기/닫힘, 윙크",
        _BLINKS: "눈/양눈 감기/감음/감김/깜빡임/깜박임, 눈꺼풀 닫기/닫힘, 깜빡임, 깜박임",
        _WIDE: "눈 크게/크게뜨기",
        _SMILE: "미소, 웃음, 스마일, 입꼬리 올리기/올림",
        _FROWN: "입꼬리 내리기/내림",
        _UP: "눈썹 올리기/올림/위",
        _UPS: "눈썹 올리기/올림/위",
        _DOWN: "눈썹 내리기/내림/아래",
        _DOWNS: "눈썹 내리기/내림/아래/찌푸림",
        _KISS: "입 오므리기/오므림, 뽀뽀, 키스",
        _BROAD: "입 넓게",
        _TONGUE: "혀 내밀기/내밈",
        _PUFF: "볼 부풀리기/부풀림",
    },
}
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def _phrases(language: str, movement: str) -> Iterator[tuple[str, ...]]:
    """The words of a movement, in the orders in which they may stand."""
    for entry in filter(None, _WORDS[language].get(movement, "").split(",")):
        parts = [part.split("/") for part in _apart(entry.strip())]
        for words in product(*parts):
            yield words
            if len(words) == 2:
                yield words[::-1]


def _apart(entry: str) -> list[str]:
    """The words of an entry; what has no strokes and more than two words stays together ("abrir la boca")."""
    first, _, rest = entry.partition(" ")
    return [entry] if not rest or ("/" not in entry and " " in rest) else [first, rest]


def _spelt(names: Iterable[str]) -> Iterator[str]:
    """Names with underscores, and with an e for a German vowel's dots; accents are looked past wherever names are compared."""
    for name in names:
        written = name.replace(" ", "_")
        yield written
        if written.translate(_UMLAUTS) != written:
            yield written.translate(_UMLAUTS)


def _one_side(language: str, one: str, both: str) -> list[list[str]]:
    """The names of a movement of the left and of the right side, pairwise.

    Args:
        language: whose words.
        one: the movement of one side.
        both: of both, which people mark with a side as well: "Augen_zu_L".
    """
    left, right = face_words.sides_of(language)
    words = zip_longest(left, right, fillvalue=min(left, right, key=len)[-1])  # "gauche" is droite and droit
    letters = [("L", "R"), *_ABBREVIATED.get(language, ())]
    singular = list(_phrases(language, one))
    placed = [
        (phrase, pair, place)
        for phrases, pairs, anywhere in (
            (singular, letters, False),
            (singular, list(words), True),
            ([phrase for phrase in _phrases(language, both) if phrase not in singular], letters, False),
        )
        for phrase, pair in product(phrases, pairs)
        for place in range(len(phrase), -1 if anywhere else len(phrase) - 1, -1)
    ]
    return [
        list(
            _spelt(" ".join((*phrase[:place], pair[side], *phrase[place:])) for phrase, pair, place in placed)
        )
        for side in (0, 1)
    ]


def _channels(language: str) -> dict[str, str]:
    """Channel → recipe."""

    def whole(movement: str, gain: str = "") -> list[str]:
        return [name + gain for name in _spelt(" ".join(words) for words in _phrases(language, movement))]

    rows = {"jawOpen": whole(_OPEN)}
    one = {
        movement: _one_side(language, movement, both)
        for movement, both in ((_BLINK, _BLINKS), (_SMILE, _SMILE), (_UP, _UPS), (_DOWN, _DOWNS))
    }
    rows["browInnerUp"] = [f"{left}*0.5 + {right}*0.5" for left, right in zip(*one[_UP])] + whole(
        _UPS, "*0.5"
    )
    for side, name in enumerate(("Left", "Right")):
        rows[f"eyeBlink{name}"] = one[_BLINK][side] + whole(_BLINKS, "*0.5")
        rows[f"eyeWide{name}"] = whole(_WIDE, "*0.5")
        rows[f"browOuterUp{name}"] = [f"{raised}*0.5" for raised in one[_UP][side]] + whole(_UPS, "*0.25")
        rows[f"browDown{name}"] = one[_DOWN][side] + whole(_DOWNS, "*0.5")
        rows[f"mouthSmile{name}"] = one[_SMILE][side] + whole(_SMILE, "*0.5")
        rows[f"mouthFrown{name}"] = whole(_FROWN, "*0.5")
        rows[f"mouthStretch{name}"] = whole(_BROAD, "*0.5")
    rows |= {"mouthPucker": whole(_KISS), "tongueOut": whole(_TONGUE), "cheekPuff": whole(_PUFF)}
    return {channel: " | ".join(recipe) for channel, recipe in rows.items() if recipe}


def _convention(language: str, title: str) -> Convention:
    channels = _channels(language)
    return Convention(
        identifier=f"words_{language}",
        title=title,
        source=f"https://{language}.wiktionary.org/",
        channels=channels,
        prefixes=("face_", "head_", "key_", "shape_", "bs_"),
        minimum=3,
        signature=tuple(  # a kiss and a smile alone may be anything
            name
            for channel in ("jawOpen", "eyeBlinkLeft")
            for alternative in parse(channels[channel])
            for name, _ in alternative
        ),
    )


CONVENTIONS = tuple(_convention(language, title) for language, title in _TITLES.items())
