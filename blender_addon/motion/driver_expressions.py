# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of drivers as functions of arrays, as far as they are plain arithmetic.

What Blender itself calls simple expressions, with `//`, `%` and `**` beside them: no attribute, no text, no function but these,
and none of the frame. Nothing of a file is executed.
Source: https://docs.blender.org/manual/en/latest/animation/drivers/drivers_panel.html#simple-expressions
"""

from __future__ import annotations

import ast
import functools
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

_LONGEST: Final = 1000  # characters
_OPERATORS: Final[Mapping[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: np.power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def _clamp(value: Any, low: Any = 0.0, high: Any = 1.0) -> Any:
    return np.minimum(np.maximum(value, low), high)


def _lerp(start: Any, end: Any, factor: Any) -> Any:
    return start + (end - start) * factor


def _smoothstep(start: Any, end: Any, value: Any) -> Any:
    share = _clamp((value - start) / (end - start))
    return share * share * (3 - 2 * share)


def _log(value: Any, base: Any = math.e) -> Any:
    return np.log(value) / np.log(base)


def _one(function: Callable[..., Any]) -> Callable[[Any], Any]:
    """A function of one number: numpy would take a second for an array to write into."""
    return lambda value: function(value)


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    **{
        name: _one(getattr(np, name))
        for name in (
            "abs",
            "ceil",
            "cos",
            "degrees",
            "exp",
            "fabs",
            "floor",
            "radians",
            "sin",
            "sqrt",
            "tan",
            "trunc",
        )
    },
    "acos": _one(np.arccos),
    "asin": _one(np.arcsin),
    "atan": _one(np.arctan),
    "atan2": lambda y, x: np.arctan2(y, x),
    "clamp": _clamp,
    "float": _one(np.float64),
    "fmod": lambda value, divisor: np.fmod(value, divisor),
    "int": _one(np.trunc),
    "lerp": _lerp,
    "log": _log,
    "max": lambda *values: functools.reduce(np.maximum, values),
    "min": lambda *values: functools.reduce(np.minimum, values),
    "pow": lambda value, exponent: np.power(value, exponent),
    "round": _one(np.round),
    "smoothstep": _smoothstep,
}
_CONSTANTS: Final = {"pi": math.pi}


def evaluated(expression: str, variables: Mapping[str, Any]) -> np.ndarray[Any, Any] | None:
    """What an expression gives; None where it is not plain arithmetic of these variables.

    Args:
        expression: of a driver, as the user wrote it.
        variables: name → a number, or (N,) numbers.

    Returns:
        () or (N,) float64; not finite where the expression has no value.
    """
    tree = _parsed(expression)
    if tree is None:
        return None
    try:
        with np.errstate(all="ignore"):
            return np.asarray(_value(tree.body, {**_CONSTANTS, **variables}), np.float64)
    except (_NotPlainError, TypeError, ValueError, ArithmeticError, RecursionError):
        return None


class _NotPlainError(Exception):
    """Something that only Python itself could evaluate."""


@functools.lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.Expression | None:
    if len(expression) > _LONGEST:
        return None
    try:
        return ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(node: ast.AST, variables: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        return np.float64(node.value)
    if isinstance(node, ast.Name) and node.id in variables:
        return np.asarray(variables[node.id], np.float64)
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand, variables))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left, variables), _value(node.right, variables))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return np.asarray(_value(node.operand, variables) == 0, np.float64)
    if isinstance(node, ast.BoolOp):  # as Python: the first that decides
        result, *further = (_value(part, variables) for part in node.values)
        for value in further:
            result = np.where((result != 0) == isinstance(node.op, ast.And), value, result)
        return result
    if isinstance(node, ast.Compare) and all(type(sign) in _OPERATORS for sign in node.ops):
        sides = [_value(side, variables) for side in (node.left, *node.comparators)]
        true = [_OPERATORS[type(sign)](*pair) for sign, pair in zip(node.ops, zip(sides, sides[1:]))]
        return np.asarray(functools.reduce(np.logical_and, true), np.float64)
    if isinstance(node, ast.IfExp):
        asked = _value(node.test, variables)
        return np.where(asked != 0, _value(node.body, variables), _value(node.orelse, variables))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = _FUNCTIONS.get(node.func.id)
        if function is not None:
            return function(*(_value(argument, variables) for argument in node.args))
    raise _NotPlainError
