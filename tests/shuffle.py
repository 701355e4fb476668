"""Runs tests in another order, to find those that need what an earlier one left:

    python -m pytest -p tests.shuffle --shuffle-seed 3 tests/addon_pure

Files are put into another order, and the tests in each file; what a file makes once it still makes once. The same seed gives
the same order.
"""

from __future__ import annotations

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The seed."""
    parser.addoption("--shuffle-seed", type=int, default=0, help="run the tests in the order of this number")


def pytest_report_header(config: pytest.Config) -> str:
    """Says the seed, so that a failure can be repeated."""
    return f"order of tests: --shuffle-seed {config.getoption('--shuffle-seed')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files into another order, and the tests in each."""
    order = random.Random(config.getoption("--shuffle-seed"))
    files: dict[object, list[pytest.Item]] = {}
    for test in items:
        files.setdefault(test.path, []).append(test)
    paths = list(files)
    order.shuffle(paths)
    for tests in files.values():
        order.shuffle(tests)
    items[:] = [test for path in paths for test in files[path]]
