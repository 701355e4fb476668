"""When each sound of a text is heard, and which of its words are not: one pass over what the ear hears (Viterbi 1967)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .letters import ANYTHING, VOWELS, Sound, all_sounds
from .trust import fitting

_FLOOR: Final = 0.01  # posterior below which the ear tells nothing
_AKIN: Final = {
    True: 0.3,
    False: 0.1,
}  # what of the posteriors of all vowels, all consonants, counts for each
_FILLER: Final = -1.8  # a frame that no word tells
_UNTOLD: Final = 0.5  # what of all posteriors counts for a sign that may be anything
_WORD_LEFT_OUT: Final = -6.0
_ELSEWHERE: Final = -10.0  # that a recording begins, goes on or ends anywhere else in its text
_STEPS: Final = 4  # up to three sounds in a row may be silent
_OF_WORD: Final = 5  # instead of a number of steps: over a whole word
_FAR: Final = 6  # or from elsewhere
_LEAST_BESIDE: Final = 1500  # sounds that are followed at a time
_BEAM: Final = 150.0  # how much likelier than others what is heard so far has to be for these to be given up
_MOST_FOLLOWED: Final = 8_000_000  # sounds times frames, where that is more
_PIECE: Final = 1000  # frames, 20 s, that are looked for in all of a long text
_MOST_LOOKED_FOR: Final = 64_000_000  # sounds times frames, where that is less
_PIECES: Final = 3  # of a recording, that may begin with what the text has not
_BEFORE: Final = 0.2  # of what is followed at a time, that lies before where the first of it is found
_VOWELS: Final = frozenset(VOWELS.split())
_SILENCE: Final = "SIL"


@dataclass(frozen=True)
class Aligned:
    """Where the sounds of a text are heard.

    Attributes:
        spans: (N, 2) int frames, first and one past the last, of each sound; both the same where it is silent.
        fits: (N,) float64, log of how well the frames of the sound's word are told by it: about -0.3 where it is spoken, -inf
            where none of it is.
        agreement: (T,) float64, log of how well each frame is told beside what any other text would tell best, with what is left
            out of the text on the way there: about -0.1 where it is what is spoken, -1 where it is another.
    """

    spans: np.ndarray
    fits: np.ndarray
    agreement: np.ndarray


@dataclass(frozen=True)
class _States:
    """A pause before each word and after the last, and between them the words' sounds.

    Attributes:
        kind: (S,) int which of the kinds of sound; 0 is a pause.
        silent: (S,) what it costs to pass over it, 0 or less.
        pauses: (W + 1,) int, places of the pauses.
    """

    kind: np.ndarray
    silent: np.ndarray
    pauses: np.ndarray


def align(words: Sequence[Sequence[Sound]], phones: np.ndarray, names: Sequence[str]) -> Aligned:
    """Align the words of a text, each as its sounds, with what is heard.

    Between words may be pauses, and sounds that the text has not; words may be left out, sounds be silent. What is heard may be
    a part of the text, from anywhere in it. In a long text what comes some hundred sounds after what was heard last, at most a
    thousand, is out of reach.

    Args:
        words: at least one, each of at least one sound and fewer than 250.
        phones: (T, P) posteriors at 50 frames a second, at least one frame.
        names: of the P phones; the first is silence.
    """
    kinds: dict[str, int] = {}
    states = _states(words, kinds)
    likely = _likely(phones, names, list(kinds))
    others = _likely(phones, names, [sound.phones for sound in all_sounds()]).max(axis=1)
    width = min(len(states.kind), max(_LEAST_BESIDE, _MOST_FOLLOWED // len(phones)))
    first = 0
    if width < len(states.kind):
        first = _first_followed(states, likely, others, phones[:, 0] < 0.5, width)
    path, paid = _best_path(states, likely, _left_over(states), first, width)
    return _told(states, likely, path, paid - others)


def _states(words: Sequence[Sequence[Sound]], kinds: dict[str, int]) -> _States:
    """The states; ``kinds`` is told which kind of sound has which number, from 1."""
    kind: list[int] = [0]
    silent: list[float] = [0.0]
    pauses: list[int] = [0]
    for word in words:
        kind += [kinds.setdefault(sound.phones, len(kinds) + 1) for sound in word]
        silent += [-sound.silent for sound in word]
        pauses.append(len(kind))
        kind.append(0)
        silent.append(0.0)
    return _States(np.array(kind), np.array(silent), np.array(pauses))


def _likely(phones: np.ndarray, names: Sequence[str], sounds: Sequence[str]) -> np.ndarray:
    """(T, K + 1) float32 log likelihood of a pause and of each of K kinds of sound in each frame."""
    table = np.zeros((len(names), len(sounds) + 1), np.float32)
    table[0, 0] = 1
    for column, sound in enumerate(sounds, 1):
        wanted = sound.split()
        if sound == ANYTHING:
            table[1:, column] = _UNTOLD
            continue
        vowel = wanted[0] in _VOWELS
        for row, name in enumerate(names):
            akin = name != _SILENCE and (name in _VOWELS) == vowel
            table[row, column] = 1.0 if name in wanted else _AKIN[vowel] * akin
    likely = np.log(np.maximum(phones @ table, _FLOOR))
    likely[:, 0] = np.maximum(likely[:, 0], _FILLER)
    return np.asarray(likely, np.float32)


def _first_followed(
    states: _States, likely: np.ndarray, others: np.ndarray, speech: np.ndarray, width: int
) -> int:
    """From which state on a long text is followed, so that a recording of its end is found there, too.

    Some 20 s of speech are looked for in the whole text, and those after them where they are nowhere in it.

    Args:
        likely: (T, K + 1), see `_likely`.
        others: (T,) the same of what any text would tell best.
        speech: (T,) bool, where somebody speaks.
        width: states that are followed at a time, fewer than there are.
    """
    count = len(states.kind)
    frames = min(_PIECE, max(_MOST_LOOKED_FOR // count, 1))
    anywhere = np.zeros(count)  # costs nothing, as more follows
    said = np.flatnonzero(speech)
    for _ in range(_PIECES):
        if not len(said):
            break
        piece = slice(int(said[0]), int(said[0]) + frames)
        path, paid = _best_path(states, likely[piece], anywhere, 0, count)
        told = likely[piece][np.arange(len(path)), states.kind[path]]
        fits = fitting(told + paid - others[piece], speech[piece]) & speech[piece]
        if fits.any():
            return max(min(int(path[fits.argmax()]) - int(_BEFORE * width), count - width), 0)
        said = said[said >= piece.stop]
    return 0


def _best_path(
    states: _States, likely: np.ndarray, ends: np.ndarray, first: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """(T,) the state of each frame, and what it cost to come there, 0 or less; ``ends`` (S,) is what it costs to end in each.

    Of a long text only ``width`` states are followed, in a window from ``first`` on, that goes on with those that may come out
    the best.
    """
    count, frames = len(states.kind), len(likely)
    costs = _step_costs(states.silent)
    window = np.zeros(frames, np.int64)
    came = np.zeros((frames, (width + 1) // 2), np.uint8)  # how it came there from a frame ago: two in a byte
    step = np.zeros(2 * came.shape[1], np.uint8)
    elsewhere = np.zeros(frames, np.int64)  # or where it was, if `_FAR`
    padded = np.full(width + _STEPS, -np.inf)  # what lies before the window is out of reach
    score = padded[_STEPS:]
    begins = _begins(states)
    score[:] = begins[first : first + width]
    cost, here, pauses, back = _seen(states, costs, first, width)
    before = np.lib.stride_tricks.sliding_window_view(padded, width)[
        ::-1
    ]  # (steps + 1, width), as the scores stand
    columns, reach = np.arange(width), count if width == count else 0.7 * width
    for frame in range(frames):
        best = int(score.argmax())
        if best > 0.5 * width and first < count - width:
            # The furthest behind that may come out the best.
            alive = int((score > score[best] - _BEAM).argmax())
            moved = min(best - width // 2 if best >= 0.95 * width else alive, count - width - first)
            score[:] = np.concatenate([score[moved:], np.full(moved, -np.inf)])
            first += moved
            cost, here, pauses, back = _seen(states, costs, first, width)
        options = before + cost
        steps = options.argmax(axis=0)
        reached = options[steps, columns]
        left_out = score[back] + _WORD_LEFT_OUT
        better = left_out > reached[pauses]
        reached[pauses[better]] = left_out[better]
        steps[pauses[better]] = _OF_WORD
        if len(back):
            leaves = back[score[back].argmax()]
            # What lies beyond could not go on while this is unsure.
            later = pauses[(pauses > leaves) & (pauses < reach)]
            far = later[reached[later] < score[leaves] + _ELSEWHERE]
            reached[far] = score[leaves] + _ELSEWHERE
            steps[far] = _FAR
            elsewhere[frame] = first + leaves
        score[:] = reached + likely[frame, here]
        step[:width] = steps
        came[frame], window[frame] = step[0::2] | step[1::2] << 4, first
    state = first + int((score + ends[first : first + width]).argmax())
    path, paid, start = _led_there(states, costs, state, came, window, elsewhere)
    paid[0] += begins[start]
    paid[-1] += ends[state]
    return path, paid


def _led_there(
    states: _States,
    costs: np.ndarray,
    state: int,
    came: np.ndarray,
    window: np.ndarray,
    elsewhere: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, int]:
    """The states that led to the last one, which is ``state``, what each step cost, and the state before the first frame."""
    path, paid = np.zeros(len(came), np.int64), np.zeros(len(came))
    for frame in range(len(came) - 1, -1, -1):
        path[frame] = state
        place = state - int(window[frame])
        taken = int(came[frame, place // 2]) >> 4 * (place % 2) & 15
        if taken == _FAR:
            state, paid[frame] = int(elsewhere[frame]), _ELSEWHERE
        elif taken == _OF_WORD:
            before = int(np.searchsorted(states.pauses, state)) - 1
            state, paid[frame] = int(states.pauses[before]), _WORD_LEFT_OUT
        else:
            paid[frame] = costs[taken, state]
            state -= taken
    return path, paid, state


def _begins(states: _States) -> np.ndarray:
    """(S,) what it costs that a recording begins in each state, with the text before it unsaid: in pauses alone."""
    costs = np.full(len(states.kind), -np.inf)
    costs[states.pauses] = np.maximum(_WORD_LEFT_OUT * np.arange(len(states.pauses)), _ELSEWHERE)
    return costs


def _step_costs(silent: np.ndarray) -> np.ndarray:
    """(steps + 1, S): what it costs to come to each state from so many before it."""
    passed = np.concatenate([np.zeros(_STEPS), np.cumsum(silent)])
    costs = np.zeros((_STEPS + 1, len(silent)))
    for step in range(2, _STEPS + 1):
        costs[step] = (passed[_STEPS - 1 : -1] - np.roll(passed, step - 1)[_STEPS - 1 : -1]).clip(max=0)
    return costs


def _seen(
    states: _States, costs: np.ndarray, first: int, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of the states in a window: costs of steps, kinds, the pauses after a word, and those before it."""
    low, high = np.searchsorted(states.pauses, (first, first + width))
    inside = states.pauses[low:high] - first
    return costs[:, first : first + width], states.kind[first : first + width], inside[1:], inside[:-1]


def _left_over(states: _States) -> np.ndarray:
    """(S,) what it costs that a recording ends in each state, with the rest of the text unsaid."""
    sounds = np.append(states.silent[::-1].cumsum()[::-1][1:], 0.0)
    words = len(states.pauses) - np.searchsorted(states.pauses, np.arange(len(states.kind)), side="right")
    return np.asarray(np.maximum(np.maximum(sounds, _WORD_LEFT_OUT * words), _ELSEWHERE))


def _told(states: _States, likely: np.ndarray, path: np.ndarray, beside: np.ndarray) -> Aligned:
    """The path as spans of sounds; ``beside`` (T,) is added to what each frame tells for itself."""
    value = likely[np.arange(len(path)), states.kind[path]]
    changes = np.flatnonzero(np.diff(path, prepend=-1))
    spans = np.zeros((len(states.kind), 2), np.int64)
    spans[path[changes], 0] = changes
    spans[path[changes], 1] = np.append(changes[1:], len(path))
    fits = np.full(len(states.kind), -np.inf)
    for begin, end in zip(states.pauses.tolist(), states.pauses[1:].tolist()):
        inside = spans[begin + 1 : end]
        heard = inside[:, 1] > inside[:, 0]
        if heard.any():
            first, last = inside[heard][0, 0], inside[heard][-1, 1]
            missing = states.silent[begin + 1 : end][~heard].sum()
            fits[begin + 1 : end] = (value[first:last].sum() + missing) / (last - first)
    sounds = states.kind > 0
    return Aligned(spans[sounds], fits[sounds], value + beside)
