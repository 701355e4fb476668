"""Goes through a pickle before it is loaded: few bytes can ask for gigabytes, or for steps without end."""

from __future__ import annotations

import os
import pickle
import pickletools
from dataclasses import dataclass
from typing import IO

from .stored import Refused

_MEMO_MARGIN = 1 << 16  # how far a memo index may lie beyond the objects put there: some writers leave gaps
_LONGEST_NUMBER = 1024  # bytes of a whole number, characters of a number or a name
_HEAVIEST_KEY = 200  # values in a key's tuples within tuples: hashing them recurses without a limit


@dataclass
class Budget:
    """What is left to one file, with all that is nested in it.

    Attributes:
        steps: opcodes.
        copied: bytes that calls make of other bytes.
    """

    steps: int
    copied: int

    def spend(self, steps: int = 0, copied: int = 0) -> None:
        """Take that away; refused where it is more than is left."""
        self.steps -= steps
        self.copied -= copied
        if self.steps < 0:
            raise Refused("it has more steps than a checkpoint takes")
        if self.copied < 0:
            raise Refused("it copies its data again and again")


@dataclass(frozen=True, slots=True)
class _Opcode:
    """What the survey needs to know of an opcode.

    Attributes:
        name: as in `pickletools`.
        argument: bytes that follow, or one of the negative numbers of `pickletools` for other kinds.
        lines: lines that follow.
        below: how many values it takes; with `to_mark`, those under the mark.
        to_mark: whether it takes everything down to the mark.
        pushed: how many values it leaves.
        price: steps.
        simple: whether it does nothing but push one new value.
        sums: whether what it leaves may hold all that it takes: tuples, and calls, which may return what they were given.
        keeps: whether what it leaves is the lowest of what it takes.
    """

    name: str
    argument: int
    lines: int
    below: int
    to_mark: bool
    pushed: int
    price: int
    simple: bool
    sums: bool
    keeps: bool


# The registry of extensions hands out objects of the running program; there are no buffers beside a file.
_UNKNOWN = {"EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
_CALLS = {"REDUCE", "OBJ", "INST"}
_PUTS = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
_GETS = {"GET", "BINGET", "LONG_BINGET"}
_HASHING = {"SETITEM", "SETITEMS", "DICT", "ADDITEMS", "FROZENSET"}
# What takes far more memory than a number does.
_DEAR = {
    "EMPTY_SET", "FROZENSET", "GLOBAL", "STACK_GLOBAL", "REDUCE", "OBJ", "INST", "NEWOBJ", "NEWOBJ_EX", "BINPERSID",
}  # fmt: skip


def _opcodes() -> dict[bytes, _Opcode]:
    table = {}
    for known in pickletools.opcodes:
        argument = known.arg.n if known.arg is not None else 0
        before, after = known.stack_before, known.stack_after
        to_mark = pickletools.markobject in before
        # What lies on the mark stands as the mark and a slice; OBJ names its class besides.
        below = before.index(pickletools.markobject) if to_mark else len(before)
        name = known.name
        table[known.code.encode("latin1")] = _Opcode(
            name,
            argument,
            (2 if name in ("GLOBAL", "INST") else 1) if argument == pickletools.UP_TO_NEWLINE else 0,
            below,
            to_mark,
            len(after),
            price=4 if name in _DEAR else 2 if name in ("EMPTY_LIST", "EMPTY_DICT") else 1,
            simple=not before and len(after) == 1 and name not in _GETS and name != "MARK",
            sums=name.startswith("TUPLE") or name in _CALLS,
            keeps=below > 0 and name not in ("BINPERSID", "STACK_GLOBAL"),
        )
    return {code: opcode for code, opcode in table.items() if opcode.name not in _UNKNOWN}


_OPCODES = _opcodes()
_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: (1, False),
    pickletools.TAKEN_FROM_ARGUMENT4: (4, True),
    pickletools.TAKEN_FROM_ARGUMENT4U: (4, False),
    pickletools.TAKEN_FROM_ARGUMENT8U: (8, False),
}


class Survey:
    """Goes through the opcodes of a pickle and makes nothing of them, so that `pickle` meets only what it can afford.

    The stack is followed as one byte a value: its weight, the number of values in it if it is a tuple of tuples (255 stands
    for more), or 0 for a mark.

    Args:
        stream: at the pickle's first byte, and there again after `run`.
        budget: what is left to the file.
    """

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream, self._budget = stream, budget
        self._end = length_of(stream)
        self._stack = bytearray()
        self._memo = bytearray()  # weights; 0 where nothing was put
        self._memoised = 0

    def run(self) -> None:
        """Check one pickle.

        Raises:
            Refused: it asks for more memory than its data could need.
            EOFError, pickle.UnpicklingError: it is no whole pickle.
        """
        start = self._stream.tell()
        steps, most = 0, self._budget.steps
        read, push = self._stream.read, self._stack.append
        code = b""
        while code != b".":
            code = read(1)
            opcode = _OPCODES.get(code)
            if opcode is None:
                raise pickle.UnpicklingError if code else EOFError
            steps += opcode.price
            if steps > most:
                break
            number = self._argument(opcode) if opcode.argument else self._memoised
            if opcode.simple:
                push(1)
            elif opcode.name in _PUTS:
                self._put(number)
            elif opcode.name in _GETS:
                self._get(number)
            else:
                self._move(opcode)
        self._budget.spend(steps)
        self._stream.seek(start)

    def _argument(self, opcode: _Opcode) -> int:
        """Pass over what follows; returns it where it is a number of a fixed width or a memo index."""
        if opcode.lines:
            return self._lines(opcode)
        if opcode.argument >= 0:
            number = int.from_bytes(self._bytes(opcode.argument), "little")
            if opcode.name == "FRAME" and number > self._end - self._stream.tell():
                raise EOFError
            return number
        width, signed = _LENGTHS[opcode.argument]
        length = int.from_bytes(self._bytes(width), "little", signed=signed)
        if length < 0:
            raise pickle.UnpicklingError
        if length > self._end - self._stream.tell():
            raise EOFError
        if opcode.name == "LONG4" and length > _LONGEST_NUMBER:
            raise Refused("a number of more digits than a checkpoint has")
        self._stream.seek(length, os.SEEK_CUR)
        return 0

    def _bytes(self, count: int) -> bytes:
        raw = self._stream.read(count)
        if len(raw) != count:
            raise EOFError
        return raw

    def _lines(self, opcode: _Opcode) -> int:
        text = opcode.name in ("STRING", "UNICODE", "PERSID")
        for _ in range(opcode.lines):
            line = self._stream.readline(_LONGEST_NUMBER)
            while text and line and not line.endswith(b"\n"):
                line = self._stream.readline(1 << 16)
            if not line.endswith(b"\n"):
                if len(line) < _LONGEST_NUMBER:
                    raise EOFError
                raise Refused("a number or name of more characters than a checkpoint has")
        if opcode.name not in ("PUT", "GET"):
            return 0
        try:
            return int(line)
        except ValueError:
            raise pickle.UnpicklingError from None

    def _put(self, index: int) -> None:
        if not self._stack or not self._stack[-1] or index < 0:
            raise pickle.UnpicklingError
        if index > self._memoised + _MEMO_MARGIN:
            raise Refused("it numbers an object far beyond those that it holds")
        if index >= len(self._memo):
            self._memo.extend(bytes(index + 1 - len(self._memo)))
        # As pickle counts: objects, not opcodes.
        self._memoised += not self._memo[index]
        self._memo[index] = self._stack[-1]

    def _get(self, index: int) -> None:
        if not 0 <= index < len(self._memo) or not self._memo[index]:
            raise pickle.UnpicklingError
        self._stack.append(self._memo[index])

    def _move(self, opcode: _Opcode) -> None:
        """What the opcode does to the stack."""
        stack = self._stack
        if opcode.name == "MARK":
            stack.append(0)
            return
        if opcode.name == "POP" and stack:  # takes a mark as well
            stack.pop()
            return
        mark = stack.rfind(b"\0") if opcode.to_mark else len(stack)
        first = mark - opcode.below
        taken = stack[first:] if first >= 0 else b""
        # Of what lies under the mark none may be a mark itself.
        if mark < 0 or first < 0 or 0 in taken[: opcode.below]:
            raise pickle.UnpicklingError
        if opcode.name in _HASHING and max(_keys(opcode, taken), default=0) > _HEAVIEST_KEY:
            raise Refused("a key of tuples within tuples")
        del stack[first:]
        if opcode.sums:
            stack.append(min(255, 1 + sum(taken)))
        elif opcode.pushed:
            stack.extend((taken[0] if opcode.keeps else 1,) * opcode.pushed)


def _keys(opcode: _Opcode, taken: bytes | bytearray) -> bytes | bytearray:
    """The weights of what an opcode of `_HASHING` hashes, of those that it takes."""
    if opcode.name == "SETITEM":
        return taken[1:2]
    if opcode.name in ("SETITEMS", "DICT"):
        return taken[opcode.below + 1 :: 2]
    return taken[opcode.below :]


def length_of(stream: IO[bytes]) -> int:
    """Bytes of the whole stream, which stays where it is."""
    here = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return end
