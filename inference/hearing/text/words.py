"""A line's text as people write it, in scripts and subtitles, as the words that are spoken."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from .subtitles import spoken_lines

_ASIDE: Final = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>|\*[^*\n]*\*|（[^（）]*）|【[^【】]*】"
)
"""Stage directions, sounds in subtitles, mark-up: what nobody says."""
_SPEAKER: Final = re.compile(
    r"^[ \t]*(?P<name>[^\W\d_a-z](?:[^:：.!?\n]|(?<=[A-Z])\.|(?<=[DMS][rst])\.){0,30})[:：](?=\s|$)",
    re.MULTILINE,
)
"""ANNA: or Anna: before a line; what looks like one is left to `_is_label`."""
_LATER_SPEAKER: Final = re.compile(r"(?<=[.!?…»”\"]\s)[^\W\d_a-z][^\W\d_a-z .'’-]{1,30}:(?=\s)")
_SPELT: Final = re.compile(
    r"\b(?!HMM|MM|SHH|SH|HM|MHM|PSST|PST|PFFT|TSK|GRR|BRR|NTH|MR|MRS|DR)[B-DF-HJ-NP-TV-XZ]{2,5}\b"
)
"""BBC, TV: capitals that no vowel makes a word."""
_DOTTED: Final = re.compile(r"(?<![^\W_])[A-Z]\.(?:[ \t]?[A-Z]\.){1,9}")
"""U.S.A., J. K. Rowling."""
_ALONE: Final = re.compile(r"(?<![\w'’])[B-DF-HJ-NP-TV-XZ](?![\w'’])")
"""A capital that may be a letter's name; what is one is left to `_is_letter`."""
_NAMES: Final = "bee see dee ef jee aych jay kay el em en pee cue ar es tee vee dubelyoo eks wy zee"
_LETTER_NAMES: Final = dict(zip("BCDFGHJKLMNPQRSTVWXYZ", _NAMES.split()))
"""How a consonant that is spelt is said in English, and but for W with the same lips in most languages."""
_PHONE: Final = re.compile(
    r"(?<![\w.,])(?:\+?\d{1,3}[ .-])?(?:(?:\(\d{2,4}\)[ .-]?|\d{3}[ -])?\d{3}[ -]\d{4}|\d{3}\.\d{3}\.\d{4})(?!-?\w)"
)
"""555-1234, (020) 555 1234, 020.555.1234, but no 123.4567: said digit by digit."""
_SIGNED: Final = re.compile(
    r"(?:(?<!\S)−|(?<=[^\s.!?…][ \t])-|#[ ]?|\b[Nn][º°][ ]?|\b(?:No\.[ ]?|no\.|(?:(?<=\bthe )|(?<=\bmy )|(?<=\ba ))no\.[ ])"
    r"|(?<![^\W\d_A-Z][ \t])(?<![,;–—-][ \t])\bno\.[ ])(?=\d)"
)
"""A minus, and "number" as people shorten it, before digits. A hyphen where somebody begins to speak is a dialogue's dash, and
after a small word may stand the word no."""
_SIGNS: Final = {"%": " percent ", "&": " and ", "@": " at ", "+": " plus "}
_NUMBER: Final = re.compile(
    r"(?P<money>[$€£¥]\s?)?(?P<whole>\d{1,3}(?:,\d{3}){1,3}(?![\d,])|\d+)(?:\.(?P<part>\d{1,2}|\d{4,9})(?![\d.]))?"
    r"(?P<ending>(?:st|nd|rd|th|s)\b)?"
)
"""1984; 1,234,567; 3.14, but no date (3.10.2024), price ($4.50) or thousands (10.000 Euro), whose point nobody says."""
_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"
}  # fmt: skip
_MONEY: Final = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
_OF_MONEY: Final = re.compile(r"\s+(?:[mbt]r?illion|thousand|hundred)")
"""What comes between a sum's digits and its money, of which it then says nothing."""
_LABEL_WORDS: Final = 4
_NESTED: Final = 3
_THOUSANDS: Final = ("", " thousand", " million", " billion")
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spoken_words(text: str) -> list[str]:
    """The words of a text that are said, in small letters and composed (NFKC).

    What stands in brackets, a speaker's name with a colon at the start of a line and what `spoken_lines` leaves out are not
    said; numbers become English words. Time and memory grow with the length of the text alone.
    """
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\ufeff", ""))
    text = spoken_lines(text)
    text = _PHONE.sub(lambda match: f" {_digits(match[0])} ", text)
    for _ in range(_NESTED):
        text = _ASIDE.sub(" ", text)
    text = html.unescape(text)  # what was a sign, not mark-up
    text = _SPEAKER.sub(lambda match: " " if _is_label(match["name"]) else match[0], text)
    text = _LATER_SPEAKER.sub(" ", text)
    for spelt in (_SPELT, _DOTTED):
        text = spelt.sub(lambda match: f"{_spelt(match[0])} ", text)
    text = _ALONE.sub(lambda match: _spelt(match[0]) if _is_letter(match) else match[0], text)
    text = _SIGNED.sub(lambda match: " minus " if match[0] in "-−" else " number ", text)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, said)
    text = _NUMBER.sub(lambda match: f" {_number(match)} ", text)
    letters = "".join(sign if _is_of_word(sign) else "" if sign in "'’" else " " for sign in text)
    return letters.casefold().split()


def number_words(digits: str) -> str:
    """A whole number in English words up to 999; a year in two halves; other numbers digit by digit."""
    number = int(digits) if len(digits) < 5 else 1000
    if digits[0] != "0" or digits == "0":
        if number < 1000:
            return _to_999(number)
        if len(digits) == 4 and 1100 <= number < 2100 and number % 1000 >= 10 and number % 100:
            return f"{_to_999(number // 100)} {_to_999(number % 100)}"
        if len(digits) == 4 and number % 1000 == 0:
            return f"{_ONES[number // 1000]} thousand"
    return _digits(digits)


def _digits(text: str) -> str:
    """The digits of a text, each by itself."""
    return " ".join(_ONES[int(digit)] for digit in text if digit.isdecimal())


def _ended(said: str, ending: str) -> str:
    """A number's words with the ending that is written behind it: twenty first, nineteen nineties."""
    *before, last = said.split()
    if ending == "s":
        last = last[:-1] + "ies" if last.endswith("y") else last + "s"
    else:
        last = _ORDINALS.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join((*before, last))


def _number(match: re.Match[str]) -> str:
    """What is said for a match of `_NUMBER`; the part behind its point digit by digit."""
    groups = match["whole"].split(",")
    if len(groups) > 1:
        parts = zip(map(int, groups), reversed(_THOUSANDS[: len(groups)]))
        said = " ".join(_to_999(number) + thousands for number, thousands in parts if number) or _ONES[0]
    else:
        said = number_words(groups[0])
    if match["ending"] and not match["part"]:
        return _ended(said, match["ending"])
    large = bool(match["money"] and _OF_MONEY.match(match.string, match.end()))
    if not match["part"]:
        if not match["money"] or large or re.match(r"[,.]?\w", match.string[match.end() : match.end() + 2]):
            return said
        money = _MONEY[match["money"][0]]
        return f"{said} {money.removesuffix('s') if said == _ONES[1] else money}"
    if (match["money"] and not large) or match.string[max(match.start() - 1, 0)] == ".":
        return f"{said} {number_words(match['part'])}"
    return f"{said} point {_digits(match['part'])}"


def _to_999(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f" {_ONES[number % 10]}" if number % 10 else "")
    rest = f" {_to_999(number % 100)}" if number % 100 else ""
    return f"{_ONES[number // 100]} hundred{rest}"


def _is_label(name: str) -> bool:
    """Whether the words before a colon are a speaker's name: ANNA, Anna, The Old Man, anna's voice not."""
    words = name.split()
    return len(words) <= _LABEL_WORDS and (name.isupper() or all(not word[0].islower() for word in words))


def _spelt(letters: str) -> str:
    """The names of capitals; a vowel stays itself."""
    return " ".join(_LETTER_NAMES.get(letter, letter) for letter in letters if letter.isalpha())


def _is_letter(match: re.Match[str]) -> bool:
    """Whether a capital alone is the name of a letter (Plan B, X-ray), and no word such as Polish w and Czech v at a sentence's
    beginning or among other capitals."""
    text, begin, end = match.string, match.start(), match.end()
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalnum():
        return text[end + 1].upper() != match[0]  # B-Bob stammers
    before = text[max(begin - 3, 0) : begin].rstrip(" \t").rstrip(",;-")[-1:]
    return before.isdigit() or (before.isalpha() and not before.isupper())


def _is_of_word(sign: str) -> bool:
    """Whether a sign is a letter, or a mark upon one."""
    return unicodedata.category(sign)[0] in "LM" or sign == "ー"
