"""Synthetic speech with phone times in many languages, from eSpeak NG (Debian's ``espeak-ng``, GPL 3 or later).

The library is called through ``ctypes``. It tells where each phoneme starts, as a sample number and in the International
Phonetic Alphabet; ``data/ipa_phones.tsv`` says which of :data:`inference.motion.lips.content.PHONES` stand for it, chosen by what
lips and jaw do first and by ear second. Its marks stand late in two places, which :func:`speak` mends: the silent closure
of a stop comes before the stop's mark, and the first part of a vowel after a nasal comes before the vowel's.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.face.smoothing import rolling
from inference.training.filmed_corpora.labelled import FRAME_RATE, PHONE_INDEX, LabelledSpeech
from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES, TEST_SENTENCES

DATA = Path(__file__).parent.parent / "data"
RATE = 16000  # of everything returned, Hz
PACKAGE = "espeak-ng"

VARIANTS = (
    "", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt", "klatt2", "klatt3",
    "klatt4", "whisper", "whisperf", "croak", "Annie", "anika", "aunty", "belinda", "steph", "shelby", "adam", "boris",
    "ed", "michael", "norbert", "quincy", "victor", "grandma", "grandpa",
)  # fmt: skip
"""Voices of every language: the language's own and eSpeak's variants of it, robots left out."""

# The library's numbers (speak_lib.h).
_SYNCHRONOUS = 2
_PHONEME_EVENTS_IN_IPA = 3
_UTF8 = 1
_SPEED, _PITCH, _PITCH_RANGE = 1, 3, 4
_EVENT_END_OF_LIST, _EVENT_PHONEME = 0, 7

_CLOSURE_SECONDS = 0.15  # the longest silence before a stop that is its closure
_CLOSURE_AFTER_PAUSE_SECONDS = 0.06  # how much of a pause the closure of the stop after it is
_SILENT_DECIBELS = -34.0  # from the phrase's loud parts
_VOWEL_START_SECONDS = 0.06  # how late a vowel's mark can be after a nasal
_SOUNDING_DECIBELS = -24.0  # a short "pause" above this is the start of the next phoneme
_SHORT_PAUSE_SECONDS = 0.09
_AFTER_VOWEL_DECIBELS = (
    -17.0
)  # from the vowel's peak: a closure that the voice's echo (m2, f2 to f5) sounds on in

_WORDS = 100000  # of a word list, at most

STOPS = frozenset(("P", "B", "T", "D", "K", "G", "CH", "JH"))
NASALS = frozenset(("M", "N", "NG"))
VOWELS = frozenset(("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"))

Phone = tuple[str, float, float]
Phones = list[Phone]


class _Name(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Name),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class UnknownSymbol(ValueError):
    """A phoneme that the table has no phone for; ``symbol`` is it."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"No phone stands for {symbol!r}.")
        self.symbol = symbol


def read_table(path: Path) -> dict[str, tuple[str, ...]]:
    """A table of symbols and the phones that stand for them.

    Args:
        path: lines ``symbol<TAB>phones<TAB>remark``; ``-`` for no phone; a line that starts with ``#`` is a remark.

    Returns:
        Phones of :data:`inference.motion.lips.content.PHONES` for each symbol; none for marks that are only stripped.

    Raises:
        ValueError: when a phone does not exist or a symbol stands there twice.
    """
    table: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        symbol, written = line.split("\t")[:2]
        symbol = unicodedata.normalize("NFD", symbol)
        phones = () if written == "-" else tuple(written.split())
        if symbol in table:
            raise ValueError(f"{symbol!r} stands twice in {path.name}.")
        if not all(phone in PHONE_INDEX for phone in phones):
            raise ValueError(f"{written!r} for {symbol!r} in {path.name} is no phone.")
        table[symbol] = phones
    return table


@cache
def ipa_table() -> dict[str, tuple[str, ...]]:
    """``data/ipa_phones.tsv``."""
    return read_table(DATA / "ipa_phones.tsv")


def phones_of_ipa(symbol: str, language: str = "") -> tuple[str, ...]:
    """The phones of one phoneme, in order; ``("SIL",)`` for the empty one, which is eSpeak's pause.

    The table's longest entries are taken from left to right, after the language's own entry for the whole symbol. Two
    neighbours that are the same become one.

    Raises:
        UnknownSymbol: when a part of the symbol is not in the table, or nothing but marks is left of it.
    """
    if not symbol:
        return ("SIL",)
    table = ipa_table()
    own = table.get(f"{language}:{symbol}")
    if own is not None:
        return own
    phones: list[str] = []
    place = 0
    while place < len(symbol):
        for length in range(min(4, len(symbol) - place), 0, -1):
            several = table.get(symbol[place : place + length])
            if several is not None:
                break
        else:
            raise UnknownSymbol(symbol)
        phones += [phone for phone in several if not phones or phone != phones[-1]]
        place += length
    if not phones:
        raise UnknownSymbol(symbol)
    return tuple(phones)


@dataclass
class _Utterance:
    """What the library hands over while it speaks."""

    samples: list[NDArray[np.int16]] = field(default_factory=list)
    marks: list[tuple[str, int]] = field(default_factory=list)


class _Library:
    """eSpeak NG, loaded once a process: it keeps its state in globals."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1"
        try:
            self.calls = ctypes.CDLL(name)
        except OSError as error:
            raise FileNotFoundError(
                f"eSpeak NG was not found; install it (Debian: apt install {PACKAGE})."
            ) from error
        self.calls.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
            ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self.rate = int(self.calls.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS_IN_IPA))
        if self.rate <= 0:
            raise RuntimeError("eSpeak NG could not be started.")
        self.spoken = _Utterance()
        self._callback = _Callback(self._hear)
        self.calls.espeak_SetSynthCallback(self._callback)

    def _hear(
        self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]
    ) -> int:
        if samples and count:
            self.spoken.samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END_OF_LIST:
            event = events[index]
            if event.type == _EVENT_PHONEME:
                # Eight bytes at most, without an end where all are used; a cut character is dropped.
                place = ctypes.addressof(event.id)
                name = ctypes.string_at(place, 8).split(b"\0")[0].decode("utf-8", "ignore")
                if not name.startswith("("):  # "(en)": a word in another language follows
                    self.spoken.marks.append((unicodedata.normalize("NFD", name), int(event.sample)))
            index += 1
        return 0


@cache
def _library() -> _Library:
    return _Library()


def speak(
    text: str, voice: str, speed: int = 175, pitch: int = 50, pitch_range: int = 50
) -> tuple[NDArray[np.float32], Phones]:
    """Speaks a text.

    Args:
        text: in the voice's language.
        voice: eSpeak's name, such as ``de`` or, with a variant, ``de+f2``.
        speed: words per minute, 80 to 450.
        pitch: 0 to 99.
        pitch_range: 0 (monotone) to 99.

    Returns:
        (N,) float32 at 16 kHz, and the phonemes as (IPA, start s, end s), which follow each other without a gap from 0 to the
        end; pauses have the name ``""``.

    Raises:
        FileNotFoundError: when eSpeak NG is not installed.
        ValueError: when it has no such voice, or says nothing.
    """
    from scipy.signal import resample_poly

    library = _library()
    if library.calls.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"eSpeak NG has no voice {voice!r}.")
    for parameter, value in ((_SPEED, speed), (_PITCH, pitch), (_PITCH_RANGE, pitch_range)):
        library.calls.espeak_SetParameter(parameter, value, 0)
    library.spoken = _Utterance()
    data = text.encode() + b"\0"
    if library.calls.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None) != 0:
        raise ValueError("eSpeak NG could not speak the text.")
    library.calls.espeak_Synchronize()
    spoken = library.spoken
    if not spoken.samples:
        raise ValueError("eSpeak NG said nothing.")
    heard = np.concatenate(spoken.samples).astype(np.float32) / 32768
    samples = resample_poly(heard, RATE, library.rate).astype(np.float32)
    length = len(samples) / RATE
    phones: Phones = []
    marks = [("", 0), *spoken.marks]
    for index, (name, sample) in enumerate(marks):
        start = min(sample / library.rate, length)
        end = min(marks[index + 1][1] / library.rate, length) if index + 1 < len(marks) else length
        if end > start:
            phones.append((name, start, end))
    return samples, _mended(samples, phones)


def _loudness(samples: NDArray[np.float32], block: int) -> NDArray[np.float64]:
    """(N / block,) root mean square of each block of samples."""
    whole = samples[: len(samples) // block * block].reshape(-1, block).astype(np.float64)
    return np.sqrt((whole**2).mean(1))


@dataclass(frozen=True)
class _Levels:
    """How loud an utterance is from moment to moment.

    Attributes:
        block: samples a value.
        level: root mean square.
        held: the largest of it nearby.
        silent: whether next to nothing sounds.
        brightness: level from 800 to 4000 Hz, dB.
    """

    block: int
    level: NDArray[np.float64]
    held: NDArray[np.float64]
    silent: NDArray[np.bool_]
    brightness: NDArray[np.float64]

    def quiet_before(self, moment: float, since: float, after_vowel: bool) -> float:
        """Seconds of quiet that end at a moment, within the phone that begins at ``since``; less counts after a vowel."""
        place = round(moment * RATE) // self.block
        quiet = self.silent
        if after_vowel:
            peak = self.level[round(since * RATE) // self.block : place].max(initial=0.0)
            quiet = quiet | (self.held < peak * 10 ** (_AFTER_VOWEL_DECIBELS / 20))
        first = min(place, len(quiet))
        while first > 0 and quiet[first - 1]:
            first -= 1
        return moment - max(first * self.block / RATE, since + 0.01)


def _mended(samples: NDArray[np.float32], phones: Phones) -> Phones:
    """The phones with closures given to their stops and vowels after nasals started where they are heard."""
    from scipy.signal import butter, sosfiltfilt

    block = RATE // 400
    level = _loudness(samples, block)
    loud = np.percentile(level[level > 0], 90) if np.any(level > 0) else 1.0
    phones = _without_sounding_pauses(
        phones, rolling(level, 4, np.max) > loud * 10 ** (_SOUNDING_DECIBELS / 20), block
    )
    bright = sosfiltfilt(butter(2, (800, 4000), "bandpass", fs=RATE, output="sos"), samples).astype(
        np.float32
    )
    levels = _Levels(
        block,
        level,
        held=rolling(level, 2, np.max),
        silent=level < loud * 10 ** (_SILENT_DECIBELS / 20),
        brightness=20 * np.log10(_smooth(_loudness(bright, block), 6) + 1e-5),
    )
    mended: Phones = []
    for phone in phones:
        name, start, end = phone
        if mended and name:
            before, before_start, before_end = mended[-1]
            start, ends = _begun(levels, mended[-1], phone)
            mended[-1] = (before, before_start, min(before_end, ends))
            if ends < start:
                mended.append(("", ends, start))
        if mended and not name and not mended[-1][0]:
            mended[-1] = ("", mended[-1][1], end)
        else:
            mended.append((name, start, end))
    return [phone for phone in mended if phone[2] > phone[1]]


def _begun(levels: _Levels, previous: Phone, phone: Phone) -> tuple[float, float]:
    """When a phone begins and the one before it ends: earlier than that, where a pause that has no mark lies between."""
    (before, before_start, _), (name, start, end) = previous, phone
    kind, kind_before = _phones_or_silence(name), _phones_or_silence(before)
    is_stop = kind[0] in STOPS
    if not before:
        closed = min(_CLOSURE_AFTER_PAUSE_SECONDS, (start - before_start) / 2) if is_stop else 0.0
        return start - closed, start - closed
    if kind_before[-1] in NASALS and kind[0] in VOWELS:
        heard = _vowel_start(levels.brightness, before_start, start, end, RATE / levels.block)
        return heard, heard
    quiet = levels.quiet_before(start, before_start, after_vowel=is_stop and kind_before[-1] in VOWELS)
    if is_stop and 0.0075 < quiet <= _CLOSURE_SECONDS:
        return start - quiet, start - quiet
    if quiet > 0.03:  # before a vowel that starts a word
        return start, start - quiet
    return start, start


def _without_sounding_pauses(phones: Phones, sounding: NDArray[np.bool_], block: int) -> Phones:
    """Short pauses that are heard are the start of the next phoneme: of a trilled r, or of a vowel after a vowel."""
    kept: Phones = []
    for name, start, end in phones:
        if kept and not kept[-1][0] and name and kept[-1][2] - kept[-1][1] < _SHORT_PAUSE_SECONDS:
            _, pause, _ = kept.pop()
            first, last = round(pause * RATE) // block, round(start * RATE) // block
            quiet = np.flatnonzero(~sounding[first:last])
            begin = min((first + int(quiet[-1]) + 1) * block / RATE, start) if len(quiet) else pause
            if begin > pause:
                kept.append(("", pause, begin))
            start = begin
        kept.append((name, start, end))
    return kept


def _phones_or_silence(name: str) -> tuple[str, ...]:
    try:
        return phones_of_ipa(name)
    except UnknownSymbol:
        return ("SIL",)


def _smooth(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(width) / width, "same")


def _vowel_start(
    brightness: NDArray[np.float64], nasal_start: float, mark: float, end: float, rate: float
) -> float:
    """Where the sound from 800 to 4000 Hz is half-way, in decibels, from the nasal to the vowel; the mark at the latest."""
    first, last = round(max(nasal_start + 0.015, mark - _VOWEL_START_SECONDS) * rate), round(mark * rate)
    nasal = brightness[round(nasal_start * rate) : max(first, round(nasal_start * rate) + 3)]
    vowel = brightness[last : max(min(round(end * rate), last + round(0.05 * rate)), last + 1)]
    if last <= first or not len(nasal) or not len(vowel):
        return mark
    half = (np.median(nasal) + np.max(vowel)) / 2
    above = np.flatnonzero(brightness[first:last] > half)
    return min((first + int(above[0])) / rate, mark) if len(above) else mark


def labels_of_parts(parts: list[tuple[tuple[str, ...], float, float]], samples: int) -> NDArray[np.int8]:
    """(T,) labels at 100 Hz of (phones, start s, end s); several phones get an equal part of the time each.

    Args:
        parts: phones of :data:`inference.motion.lips.content.PHONES`; silence where there is no part.
        samples: length of the sound at 16 kHz.
    """
    labels = np.zeros(samples * FRAME_RATE // RATE + 1, np.int8)
    for phones, start, end in parts:
        edges = np.round(np.linspace(start, end, len(phones) + 1) * FRAME_RATE).astype(int)
        for phone, first, last in zip(phones, edges[:-1], edges[1:], strict=True):
            labels[first:last] = PHONE_INDEX[phone]
    return labels


def labels_of(phones: Phones, samples: int, language: str = "") -> NDArray[np.int8]:
    """(T,) labels at 100 Hz of eSpeak's phonemes with their times.

    Raises:
        UnknownSymbol: when the table does not know one of them.
    """
    return labels_of_parts(
        [(phones_of_ipa(name, language), start, end) for name, start, end in phones], samples
    )


@cache
def languages() -> dict[str, dict[str, list[str] | str]]:
    """``data/espeak_languages.json``: for each of eSpeak's voices a word list with its Debian package, or syllables."""
    return dict(json.loads((DATA / "espeak_languages.json").read_text(encoding="utf-8")))


@cache
def word_list(path: Path) -> list[str]:
    """The words of a word list (``/usr/share/dict``) or a Hunspell dictionary (``.dic``): 2 to 14 letters, no abbreviations.

    Of a long list, every so many lines are taken.

    Raises:
        FileNotFoundError: when the list is not installed.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        rules = path.with_suffix(".aff")
        rows = rules.read_text(encoding="latin-1").splitlines() if rules.is_file() else []
        named = [row.split()[1] for row in rows if row.startswith("SET ")]
        text = data.decode(named[0] if named else "latin-1", "ignore")
    lines = text.splitlines()
    lines = lines[:: len(lines) // _WORDS + 1]
    words = {line.split("/")[0].split("\t")[0].strip() for line in lines}
    return sorted(word for word in words if _is_word(word))


def _is_word(word: str) -> bool:
    letters = all(unicodedata.category(letter)[0] in "LM" for letter in word)
    return 2 <= len(word) <= 14 and letters and word[1:] == word[1:].lower()


def _pseudo_word(language: str, random: np.random.Generator) -> str:
    inventory = languages()[language]
    word = ""
    for _ in range(int(random.integers(2, 5))):
        if "hangul" in inventory:
            # Hangul syllables stand in the order start, middle, end; half have no end.
            end = int(random.choice([0, 1, 4, 8, 16, 17, 21])) if random.random() < 0.5 else 0
            word += chr(0xAC00 + (int(random.integers(19)) * 21 + int(random.integers(21))) * 28 + end)
        else:
            word += "".join(str(random.choice(inventory[part])) for part in ("starts", "middles", "ends"))
    return word


def phrase(language: str, random: np.random.Generator) -> str:
    """Three to nine random words of a language, some with a comma; never one of the sentences that are tested with.

    Raises:
        FileNotFoundError: when the language's word list is not installed.
    """
    source = languages()[language].get("words")
    count = int(random.integers(3, 10))
    if source is None:
        words = [_pseudo_word(language, random) for _ in range(count)]
    else:
        known = word_list(Path(str(source)))
        words = [known[index] for index in random.integers(0, len(known), count)]
    text = " ".join(word + ("," if random.random() < 0.12 else "") for word in words[:-1])
    text = f"{text} {words[-1]}."
    return text if text not in TEST_SENTENCES + PLAIN_SENTENCES else phrase(language, random)


def synthesise_language(
    language: str, target: Path, seconds: float, random: np.random.Generator
) -> Counter[str]:
    """Writes ``target/espeak_<language>.npz``: phrases of another voice, speed and pitch each, until there are enough seconds.

    Returns:
        How many phrases each unknown symbol cost; they are left out.

    Raises:
        FileNotFoundError: when eSpeak NG or the language's word list is not installed.
        RuntimeError: when too few phrases can be used.
    """
    speech = LabelledSpeech()
    unknown: Counter[str] = Counter()
    spoken = 0.0
    for index in range(2000):
        variant = str(random.choice(VARIANTS))
        voice = f"{language}+{variant}" if variant else language
        speed, pitch, pitch_range = (int(random.integers(*ends)) for ends in ((110, 231), (0, 100), (0, 100)))
        samples, phones = speak(phrase(language, random), voice, speed, pitch, pitch_range)
        try:
            labels = labels_of(phones, len(samples), language)
        except UnknownSymbol as error:
            unknown[error.symbol] += 1
            continue
        speech.add(f"{language}_{variant or 'own'}_{index}", samples, labels)
        spoken += len(samples) / RATE
        if spoken >= seconds:
            break
    else:
        raise RuntimeError(f"{language}: only {spoken:.0f} s could be used, unknown are {dict(unknown)}.")
    speech.save(target / f"espeak_{language}.npz")
    return unknown


def tell_written(name: str, unknown: Counter[str]) -> None:
    """Prints that a file is there, and how many phrases each unknown symbol cost."""
    told = ", ".join(f"{symbol!r} in {count}" for symbol, count in unknown.items())
    print(f"{name} written" + (f"; phrases left out: {told}" if told else ""), flush=True)


def synthesise_espeak(target: Path, seconds: float = 225.0, seed: int = 0) -> None:
    """Writes ``espeak_<language>.npz`` for every language with so many seconds each; files done before are kept.

    The seed gives texts, voices and settings; eSpeak's noise and pitch periods are its own, so samples and
    times are not quite the same again.

    A language whose word list is not installed is skipped with a printed line, and so is every phrase with a symbol that the
    table does not know.
    """
    for number, language in enumerate(languages()):
        if (target / f"espeak_{language}.npz").is_file():
            continue
        random = np.random.default_rng([seed, number])
        try:
            unknown = synthesise_language(language, target, seconds, random)
        except FileNotFoundError as error:
            if error.filename is None:
                print(f"skipped eSpeak: {error}", flush=True)
                return
            package = languages()[language]["package"]
            print(f"skipped {language}: its words are in the Debian package {package}", flush=True)
            continue
        tell_written(f"espeak_{language}.npz", unknown)
