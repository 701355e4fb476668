# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of a face, and its sides, are called in eleven languages: data for the names of layers, planes and charts.

Spelt as people spell them; whoever looks names up folds case, accents and signs. Simplified and traditional Chinese are one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("en", "de", "es", "fr", "it", "pt", "ru", "ja", "zh", "ko", "pl")

MOUTH, INSIDE, TEETH, TONGUE, UPPER_LIP, LOWER_LIP = (
    "mouth",
    "inside",
    "teeth",
    "tongue",
    "upper lip",
    "lower lip",
)
EYE, LID, LASH, PUPIL, BROW, NOSE = "eye", "lid", "lash", "pupil", "brow", "nose"
JAW, HEAD, FACE, STILL = "jaw", "head", "face", "hair, ears, hat"
BODY, POSE = "arms, legs, body", "pose"

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    # Part → language → its words, between commas.
    MOUTH: {
        "en": "mouth, lips",
        "de": "Mund, Lippen",
        "es": "boca, labios",
        "fr": "bouche, lèvres",
        "it": "bocca, labbra",
        "pt": "boca, lábios",
        "ru": "рот, губы",
        "ja": "口, 唇, くち, くちびる",
        "zh": "嘴, 嘴巴, 嘴唇, 口",
        "ko": "입, 입술",
        "pl": "usta, wargi, buzia",
    },
    INSIDE: {
        "en": "mouth inside, inside mouth, inner mouth, mouth inner, mouth interior, mouth cavity, throat",
        "de": "Mundinneres, Mundhöhle, Rachen",
        "es": "interior boca, boca interior, interior de la boca",
        "fr": "intérieur bouche, bouche intérieur, intérieur de la bouche",
        "it": "interno bocca, bocca interno, interno della bocca",
        "pt": "interior da boca, dentro da boca",
        "ru": "полость рта, внутри рта",
        "ja": "口の中, 口内, 口中",
        "zh": "口腔, 嘴里, 嘴裡, 嘴内, 嘴巴内部",
        "ko": "입안, 입 안, 입속, 구강",
        "pl": "wnętrze ust, jama ustna",
    },
    TEETH: {
        "en": "teeth, tooth",
        "de": "Zähne, Zahn",
        "es": "dientes, diente",
        "fr": "dents, dent",
        "it": "denti, dente",
        "pt": "dentes, dente",
        "ru": "зубы, зуб",
        "ja": "歯",
        "zh": "牙, 牙齿, 牙齒, 齿, 齒",
        "ko": "이빨, 치아",
        "pl": "zęby, ząb",
    },
    TONGUE: {
        "en": "tongue",
        "de": "Zunge",
        "es": "lengua",
        "fr": "langue",
        "it": "lingua",
        "pt": "língua",
        "ru": "язык",
        "ja": "舌",
        "zh": "舌, 舌头, 舌頭",
        "ko": "혀, 혓바닥",
        "pl": "język",
    },
    UPPER_LIP: {
        "en": "upper lip, lip upper, top lip, lip top",
        "de": "Oberlippe, Lippe oben, obere Lippe",
        "es": "labio superior",
        "fr": "lèvre supérieure, lèvre haut, lèvre du haut",
        "it": "labbro superiore",
        "pt": "lábio superior",
        "ru": "верхняя губа",
        "ja": "上唇, 上くちびる",
        "zh": "上唇, 上嘴唇",
        "ko": "윗입술, 위 입술, 위입술",
        "pl": "górna warga, warga górna",
    },
    LOWER_LIP: {
        "en": "lower lip, lip lower, bottom lip, lip bottom",
        "de": "Unterlippe, Lippe unten, untere Lippe",
        "es": "labio inferior",
        "fr": "lèvre inférieure, lèvre bas, lèvre du bas",
        "it": "labbro inferiore",
        "pt": "lábio inferior",
        "ru": "нижняя губа",
        "ja": "下唇, 下くちびる",
        "zh": "下唇, 下嘴唇",
        "ko": "아랫입술, 아래 입술, 아래입술",
        "pl": "dolna warga, warga dolna",
    },
    EYE: {
        "en": "eye, eyes, eyeball",
        "de": "Auge, Augen, Augapfel",
        "es": "ojo, ojos",
        "fr": "œil, yeux",
        "it": "occhio, occhi",
        "pt": "olho, olhos",
        "ru": "глаз, глаза",
        "ja": "目, 眼, 白目",
        "zh": "眼, 眼睛, 眼白, 目",
        "ko": "눈, 눈알, 흰자",
        "pl": "oko, oczy, gałka oczna",
    },
    LID: {
        "en": "lid, lids, eyelid, eyelids",
        "de": "Lid, Lider, Augenlid, Augenlider, Oberlid, Oberlider, Unterlid, Unterlider",
        "es": "párpado, párpados",
        "fr": "paupière, paupières",
        "it": "palpebra, palpebre",
        "pt": "pálpebra, pálpebras",
        "ru": "веко, веки",
        "ja": "まぶた, 瞼",
        "zh": "眼皮, 眼睑, 眼瞼",
        "ko": "눈꺼풀",
        "pl": "powieka, powieki",
    },
    LASH: {
        "en": "lash, lashes, eyelash, eyelashes",
        "de": "Wimper, Wimpern, Oberwimper, Oberwimpern, Unterwimper, Unterwimpern",
        "es": "pestaña, pestañas",
        "fr": "cil, cils",
        "it": "ciglio, ciglia",
        "pt": "cílio, cílios, pestana, pestanas",
        "ru": "ресница, ресницы",
        "ja": "まつげ, まつ毛, 睫毛",
        "zh": "睫毛, 眼睫毛",
        "ko": "속눈썹",
        "pl": "rzęsa, rzęsy",
    },
    PUPIL: {
        "en": "pupil, pupils, iris",
        "de": "Pupille, Pupillen, Iris",
        "es": "pupila, pupilas, iris",
        "fr": "pupille, pupilles, iris",
        "it": "pupilla, pupille, iride",
        "pt": "pupila, pupilas, íris",
        "ru": "зрачок, зрачки, радужка",
        "ja": "瞳, 黒目, ひとみ",
        "zh": "瞳孔, 瞳, 瞳仁, 眼珠, 虹膜",
        "ko": "눈동자, 동공, 홍채",
        "pl": "źrenica, źrenice, tęczówka",
    },
    BROW: {
        "en": "brow, brows, eyebrow, eyebrows",
        "de": "Braue, Brauen, Augenbraue, Augenbrauen",
        "es": "ceja, cejas",
        "fr": "sourcil, sourcils",
        "it": "sopracciglio, sopracciglia",
        "pt": "sobrancelha, sobrancelhas",
        "ru": "бровь, брови",
        "ja": "眉, 眉毛, まゆ",
        "zh": "眉, 眉毛",
        "ko": "눈썹",
        "pl": "brew, brwi",
    },
    NOSE: {
        "en": "nose",
        "de": "Nase",
        "es": "nariz",
        "fr": "nez",
        "it": "naso",
        "pt": "nariz",
        "ru": "нос",
        "ja": "鼻",
        "zh": "鼻, 鼻子",
        "ko": "코",
        "pl": "nos",
    },
    JAW: {
        "en": "jaw, chin",
        "de": "Kiefer, Unterkiefer, Kinn",
        "es": "mandíbula, barbilla, mentón",
        "fr": "mâchoire, menton",
        "it": "mascella, mandibola, mento",
        "pt": "queixo, mandíbula",
        "ru": "челюсть, подбородок",
        "ja": "顎, あご",
        "zh": "下巴, 下颌, 下頜, 颚",
        "ko": "턱",
        "pl": "szczęka, żuchwa, podbródek",
    },
    HEAD: {
        "en": "head",
        "de": "Kopf",
        "es": "cabeza",
        "fr": "tête",
        "it": "testa",
        "pt": "cabeça",
        "ru": "голова",
        "ja": "頭, 顔",
        "zh": "头, 頭, 头部, 頭部",
        "ko": "머리",
        "pl": "głowa",
    },
    FACE: {
        "en": "face, outline",
        "de": "Gesicht, Umriss",
        "es": "cara, rostro, contorno",
        "fr": "visage, contour",
        "it": "viso, volto",
        "pt": "rosto, cara, contorno",
        "ru": "лицо, контур",
        "ja": "輪郭",
        "zh": "脸, 臉, 面部, 轮廓, 輪廓",
        "ko": "얼굴, 윤곽",
        "pl": "twarz, kontur",
    },
    STILL: {
        "en": "hair, ear, ears, hat",
        "de": "Haar, Haare, Ohr, Ohren, Hut",
        "es": "pelo, cabello, oreja, orejas, sombrero",
        "fr": "cheveux, oreille, oreilles, chapeau",
        "it": "capelli, orecchio, orecchie, cappello",
        "pt": "cabelo, orelha, orelhas, chapéu",
        "ru": "волосы, ухо, уши, шляпа",
        "ja": "髪, 耳, 帽子",
        "zh": "头发, 頭髮, 发型, 髮型, 刘海, 劉海, 耳, 耳朵, 帽子",
        "ko": "머리카락, 앞머리, 뒷머리, 귀, 모자",
        "pl": "włosy, ucho, uszy, kapelusz",
    },
    BODY: {
        "en": "hand, hands, arm, arms, leg, legs, foot, feet, finger, fingers, thumb, shoulder, elbow, knee, body, torso, "
        "tail, wing, lefthand, righthand, leftarm, rightarm",
        "de": "Hand, Hände, Arm, Arme, Bein, Beine, Fuß, Füße, Finger, Daumen, Schulter, Knie, Körper, Rumpf, Schwanz, Flügel",
        "es": "mano, manos, brazo, brazos, pierna, piernas, pie, pies, dedo, dedos, hombro, rodilla, cuerpo, cola, ala",
        "fr": "mains, bras, jambe, jambes, pied, pieds, doigt, doigts, épaule, genou, corps, queue, aile",
        "it": "mano, mani, braccio, braccia, gamba, gambe, piede, piedi, dito, dita, spalla, ginocchio, corpo, coda, ala",
        "pt": "mão, mãos, braço, braços, perna, pernas, pé, pés, dedo, dedos, ombro, joelho, corpo, cauda, asa",
        "ru": "рука, руки, нога, ноги, кисть, палец, пальцы, плечо, колено, тело, туловище, хвост, крыло",
        "ja": "手, 腕, 足, 脚, 指, 肩, 膝, 体, 身体, 胴, 尻尾, 翼",
        "zh": "手, 手臂, 胳膊, 腿, 脚, 腳, 手指, 肩, 肩膀, 膝盖, 膝蓋, 身体, 身體, 躯干, 軀幹, 尾巴, 翅膀",
        "ko": "손, 팔, 다리, 발, 손가락, 어깨, 무릎, 몸, 몸통, 꼬리, 날개",
        "pl": "dłoń, ręka, ręce, ramię, noga, nogi, stopa, stopy, palec, palce, kolano, ciało, tułów, ogon, skrzydło",
    },
    POSE: {
        "en": "pose, poses, gesture, gestures",
        "de": "Pose, Posen, Haltung, Geste, Gesten",
        "es": "pose, poses, postura, gesto, gestos",
        "fr": "pose, poses, posture, geste, gestes",
        "it": "posa, pose, postura, gesto, gesti",
        "pt": "pose, poses, postura, gesto, gestos",
        "ru": "поза, позы, жест, жесты",
        "ja": "ポーズ, 姿勢",
        "zh": "姿势, 姿勢, 动作, 動作",
        "ko": "포즈, 자세, 몸짓",
        "pl": "poza, pozy, gest, gesty",
    },
}
_LEFT: Final = {
    "en": "l, left",
    "de": "links, linkes, linke, linker",
    "es": "izq, izquierda, izquierdo",
    "fr": "gauche",
    "it": "sinistra, sinistro",
    "pt": "esquerda, esquerdo",
    "ru": "левый, левая, левое, левые",
    "ja": "左",
    "zh": "左, 左边, 左邊",
    "ko": "왼쪽, 왼, 좌측",
    "pl": "lewy, lewa, lewe, lewo",
}
_RIGHT: Final = {
    "en": "r, right",
    "de": "rechts, rechtes, rechte, rechter",
    "es": "dcha, derecha, derecho",
    "fr": "droite, droit",
    "it": "destra, destro",
    "pt": "direita, direito",
    "ru": "правый, правая, правое, правые",
    "ja": "右",
    "zh": "右, 右边, 右邊",
    "ko": "오른쪽, 오른, 우측",
    "pl": "prawy, prawa, prawe, prawo",
}


_LOWER: Final = ("lower", "bottom", "unten", "unter", "inferi", "нижн", "doln", "아래", "아랫", "밑")
"""What words begin with that tell of lower lids and lashes, which stay where they are; "下" is enough anywhere in a word."""
_LOWER_WORDS: Final = frozenset({"low", "btm", "abajo", "bas", "basso", "baixo"})


def is_lower(word: str) -> bool:
    """Whether a word, folded, says of a lid or of lashes that they are the lower ones."""
    return word.startswith(_LOWER) or word in _LOWER_WORDS or "下" in word


def _apart(rows: Mapping[str, str]) -> tuple[str, ...]:
    words = (word.strip() for language in LANGUAGES for word in rows[language].split(","))
    return tuple(dict.fromkeys(words))


def words_for(*parts: str) -> tuple[str, ...]:
    """What some parts are called, in all languages, each word or phrase once."""
    return tuple(dict.fromkeys(word for part in parts for word in _apart(_WORDS[part])))


LEFT: Final = _apart(_LEFT)
"""The character's own left."""
RIGHT: Final = _apart(_RIGHT)


def sides_of(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A language's words for left and for right, the same forms in the same order."""
    left, right = (tuple(word.strip() for word in rows[language].split(",")) for rows in (_LEFT, _RIGHT))
    return left, right


def unspaced(*parts: str) -> tuple[str, ...]:
    """The words of some parts, and of both sides, that are written without spaces around them, the longest first: Japanese and
    Chinese ones, and Korean ones of two syllables and more."""
    of_parts = (word for word in words_for(*parts) if not _is_korean(word) or len(word) > 1)
    words = {word for word in (*of_parts, *LEFT, *RIGHT) if runs_on(word)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def runs_on(word: str) -> bool:
    """Whether a word is of a script in which words may follow each other without a space."""
    return " " not in word and (
        _is_korean(word) or "\u3040" <= word[0] <= "\u30ff" or "\u4e00" <= word[0] <= "\u9fff"
    )


def _is_korean(word: str) -> bool:
    return "\uac00" <= word[0] <= "\ud7a3"
