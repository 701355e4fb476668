"""Drivers' expressions as arithmetic, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.motion.driver_expressions import evaluated

X = np.array([-1.0, 0.0, 0.25, 2.0])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var", X),
        (" -var*10 ", -10 * X),
        ("max(0, var - 0.1) / 0.5", np.maximum(0, X - 0.1) / 0.5),
        ("clamp(var)", [0, 0, 0.25, 1]),
        ("clamp(var, -0.5, 0.5)", [-0.5, 0, 0.25, 0.5]),
        ("var if var > 0 else 0", [0, 0, 0.25, 2]),
        ("(var > 0) * var", [0, 0, 0.25, 2]),
        ("var**2 + radians(180) - pi", X**2),
        ("lerp(1, 3, var)", 1 + 2 * X),
        ("smoothstep(0, 1, var)", [0, 0, 0.15625, 1]),
        ("min(var, other, 1)", [-1, 0, 0.25, 0.5]),
    ],
)
def test_arithmetic_is_understood(expression, expected):
    np.testing.assert_allclose(evaluated(expression, {"var": X, "other": 0.5}), expected, atol=1e-12)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "var +",
        "frame / 10",
        "unknown(var)",
        "__import__('os').getcwd()",
        "bpy.data.objects['Cube'].location.x",
        "(lambda: var)()",
        "[var][0]",
        "'text'",
        "max()",
        "clamp(var, 1, 2, 3)",
        "max(var, key=abs)",
        "(" * 900 + "var",
        "var+" * 200,
    ],
)
def test_anything_else_is_left_alone(expression):
    assert evaluated(expression, {"var": X}) is None


def test_what_is_nested_without_end_is_left_alone():
    """Python itself ends at a thousand levels, and so a file could end a script."""
    deep = evaluated("-" * 999 + "1", {})
    assert deep is None or deep == -1


def test_a_division_by_zero_is_no_number():
    assert not np.isfinite(evaluated("1 / var", {"var": X})[1])
    assert not np.isfinite(evaluated("1 / 0", {}))
