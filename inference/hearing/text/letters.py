"""What sounds the letters of a word may tell: rules as a table, for what lips show.

Vowels of English are hardly told by its letters, and need not be; p, b, m, f and v are, and mean the same in nearly all
languages that are written so. A letter tells several sounds that it may stand for; the ear decides between them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

BILABIAL, OTHER = "bilabial", "other"


@dataclass(frozen=True)
class Sound:
    """A letter, or some, as the sounds that they may stand for.

    Attributes:
        phones: ARPAbet names with a space between; the first is the likeliest.
        silent: how unlikely it is that nothing is said for it, 0 (as likely as not) and more (natural logarithm).
    """

    phones: str
    silent: float

    @property
    def told(self) -> bool:
        """Whether anything is known of it."""
        return self.phones != ANYTHING

    @property
    def may_close(self) -> bool:
        """Whether lips may meet in it, in some word or language."""
        return not {"P", "B", "M"}.isdisjoint(self.phones.split())

    @property
    def lips(self) -> str:
        """`BILABIAL`, where lips meet, or `OTHER`."""
        return BILABIAL if set(self.phones.split()) == {"P", "B", "M"} else OTHER


VOWELS: Final = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
_VOWELS: Final = {
    "a": "AA AE AH AO EY EH AW AY ER IH", "e": "EH IY IH AH EY ER", "i": "IH AY IY AH ER", "o": "AA AH AO OW UH UW AW OY ER",
    "u": "AH UH UW ER IH AA OW AW", "y": "IY IH AY EY OY AH", "": VOWELS,
}  # fmt: skip
"""What each vowel letter may stand for, in English and elsewhere; any letter any of "", if less likely."""
ANYTHING: Final = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
)
"""The phones of signs that do not tell their sounds; `latin` writes `UNTOLD` for them."""
UNTOLD: Final = "*"

# The longest that fits is taken; ^ and $ are a word's ends, a number after a space how surely it is not silent.
_TABLE: Final = """
^ps P B M 0;S|^pn P B M 0;N|^pt P B M 0;T|bt B P M 0;T|mb$ M P B 6|mbs$ M P B 6;S Z|ph F V 6|pph F V 6|sph S;F V 6
mp M P B 6|mpb M P B 6|mb M P B 6|mm M P B 6|pp P B M 6|bb B P M 6|pb B P M 6|bp P B M 6|m M P B 6|p P B M 6|b B P M 6
mn$ M P B 6|mns$ M P B 6;S Z|f F V 6|ff F V 6|v V F B 6|vv V F 6|pf P B M 0;F V|gh G F 0|ght T D 3|ugh G F 0
tch CH T 3|ch CH K SH 3|sch SH S 3|sh SH ZH 4|zh ZH Z SH 3|th TH DH T D 3|tz S T Z 3|tion SH;*;N|sion SH ZH;*;N|ture CH;*
c K S 3|cc K S 3|ck K 3|k K G 3|kk K 3|^kn N 3|^gn N 3|g G JH ZH 3|gg G JH 3|q K 3|qu K;W UW 1|x K G Z 1;S Z SH 2
d D T JH DH 2|dd D T 3|dg JH 3|t T D CH SH 2|tt T D 2|h HH 1|j JH Y ZH HH 3|l L 1|ll L 3|n N NG 3|nn N 3|ng NG N 3
r R ER 1|rr R 3|s S Z SH ZH 3|ss S SH Z 3|z Z S T 3|zz Z S T 3|w W V UW 1|wh W HH 2|^wr R ER 3|y Y IY IH AY 1|^y Y 3
""".strip()
_WORDS: Final = {
    "one": "wun", "once": "wuns", "of": "ov", "receipt": "riseet", "corps": "core", "coup": "coo", "cupboard": "cuberd",
    "raspberry": "razberi", "raspberries": "razberis", "debt": "det", "debts": "dets", "doubt": "dout", "subtle": "sutle",
    "shepherd": "sheperd", "uphill": "up hil", "haphazard": "hap hazard", "loophole": "loop hole", "upheaval": "up heeval",
    "mr": "mister", "mrs": "misis", "dr": "doctor",
}  # fmt: skip
"""English words whose lips the letters do not tell."""
_PLAIN: Final = str.maketrans({
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "th", "þ": "th", "ı": "i", "ŋ": "ng",
    # Cyrillic: Russian, Ukrainian, Bulgarian, Serbian
    **dict(zip("абвгдезиклмнопрстуфхыэ", "abvgdeziklmnoprstufhie")), "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh",
    "ю": "yu", "я": "ya", "ъ": "", "ь": "", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ј": "y", "љ": "l", "њ": "n", "ћ": "ch",
    "ђ": "j", "џ": "j", "ў": "w",
    # Greek
    **dict(zip("αβγδεζηικλμνοπρσςτυφχω", "avgdeziiklmnoprsstifho")), "θ": "th", "ξ": "ks", "ψ": "ps",
})  # fmt: skip
_NAMED: Final = ("HIRAGANA LETTER ", "KATAKANA LETTER ", "HANGUL SYLLABLE ")
"""Signs whose Unicode names tell how they are said."""
_LONGEST_WORD: Final = 40


@lru_cache(maxsize=1)
def _rules() -> tuple[list[tuple[Sound, ...]], re.Pattern[str]]:
    """What each rule tells, and a pattern with a group for each of them, the longest first."""
    rules: dict[str, tuple[Sound, ...]] = {}
    for entry in _TABLE.replace("\n", "|").split("|"):
        letters, said = entry.split(" ", 1)
        rules[letters] = tuple(_sound(part) for part in said.split(";"))
    longest = sorted(rules, key=lambda letters: (-len(letters.strip("^$")), letters.isalpha()))
    return [rules[letters] for letters in longest], re.compile(
        "|".join(f"({letters})" for letters in longest)
    )


def _sound(written: str) -> Sound:
    *phones, last = written.split()
    if not last.isdigit():
        phones, last = [*phones, last], "3"
    return Sound(_VOWELS[""] if phones == ["*"] else " ".join(phones), float(last))


def latin(word: str) -> str:
    """A word in plain Latin letters, a to z, and `UNTOLD` for each sign whose script does not tell its sounds or is not known."""
    plain: list[str] = []
    for sign in word:
        name = unicodedata.name(sign, "")
        named = next((name[len(start) :] for start in _NAMED if name.startswith(start)), None)
        if named is not None:
            plain.append(named.removeprefix("SMALL ").lower())
            continue
        for part in unicodedata.normalize("NFD", sign):
            letter = part.translate(_PLAIN)
            if letter.isascii():
                plain.append(letter)
            elif unicodedata.category(part)[0] == "L" and part != "ー":
                plain.append(UNTOLD)
    return "".join(plain)


@lru_cache(maxsize=4096)
def sounds_of(word: str) -> tuple[Sound, ...]:
    """The sounds of a word in small letters, in order; of a very long one those of its beginning.

    Sounds with the same lips that meet (as in *mb*, *pp*) are one.
    """
    plain = latin(word[:_LONGEST_WORD])
    plain = _WORDS.get(plain, plain)
    rules, pattern = _rules()
    sounds: list[Sound] = []
    place = 0
    while place < len(plain):
        if plain[place] in _VOWELS or (plain[place] == "y" and place):
            stop = place + 1
            while stop < len(plain) and plain[stop] in _VOWELS:
                stop += 1
            mute = plain[place:stop] == "e" and stop >= len(plain) - 1 and len(sounds) > 1
            sounds.append(Sound(_run_of_vowels(plain[place:stop]), 0.5 if mute else 2.0))
            place = stop
        elif plain[place] == UNTOLD:
            sounds.append(Sound(ANYTHING, 0.0))
            place += 1
        else:
            match = pattern.match(plain, place)
            if match is not None and match.lastindex:
                sounds += rules[match.lastindex - 1]
            place = match.end() if match is not None else place + 1
    return tuple(sounds)


@lru_cache(maxsize=1)
def all_sounds() -> tuple[Sound, ...]:
    """Every sound that a letter may tell, once."""
    rules, _ = _rules()
    told = [sound for rule in rules for sound in rule]
    return tuple(dict.fromkeys([*told, *(Sound(phones, 2.0) for phones in _VOWELS.values())]))


def _run_of_vowels(letters: str) -> str:
    """The phones that vowel letters in a row may stand for."""
    told = {phone for letter in letters for phone in _VOWELS.get(letter, _VOWELS[""]).split()}
    return " ".join(phone for phone in _VOWELS[""].split() if phone in told)
