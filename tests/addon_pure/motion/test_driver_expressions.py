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
        ("0 < var < 1", [0, 0, 1, 0]),
        ("var > 0 and var * 2", [0, 0, 0.5, 4]),
        ("var or 3", [-1, 3, 0.25, 2]),
        ("not var", [0, 1, 0, 0]),
        ("log(8, 2) + int(var)", [2, 3, 3, 5]),
        ("atan2(var, 1) - atan(var)", [0, 0, 0, 0]),
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
        "sqrt(var, var)",
        "sin()",
        "(" * 900 + "var",
        "var+" * 200,
    ],
)
def test_anything_else_is_left_alone(expression):
    assert evaluated(expression, {"var": X}) is None


def test_variables_stay_as_they_are():
    """NumPy takes a further argument for an array to write into."""
    values = np.array([1.0, 4.0])
    for expression in ("log(var, var)", "pow(var, var)", "sqrt(var)", "atan2(var, var)", "-var"):
        evaluated(expression, {"var": values})
    assert list(values) == [1.0, 4.0]


def test_what_is_nested_without_end_is_left_alone():
    """Python itself ends at a thousand levels, and so a file could end a script."""
    deep = evaluated("-" * 999 + "1", {})
    assert deep is None or deep == -1


def test_a_division_by_zero_is_no_number():
    assert not np.isfinite(evaluated("1 / var", {"var": X})[1])
    assert not np.isfinite(evaluated("1 / 0", {}))
