"""How many cores there are, and what processes that share them are told."""

from __future__ import annotations

import os

import pytest

from inference.batch.processes import engine_variables
from inference.face.cores import ONE_THREAD, cores, threads, threads_wanted


def test_cores_are_those_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {2, 5, 11}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert cores() == 3


@pytest.mark.parametrize(("counted", "told"), [(6, 6), (None, 1)])
def test_systems_that_bind_no_process_to_cores(monkeypatch, counted, told):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert cores() == told


@pytest.mark.parametrize(
    ("asked", "most", "taken"),
    [
        ("1", None, 1),
        ("3", None, 3),
        ("3", 2, 2),
        ("8,4", None, 8),
        (None, None, 6),
        (None, 2, 2),
        ("", None, 6),
        ("0", None, 6),
        ("many", 4, 4),
        ("-1", None, 6),
        ("²", None, 6),
    ],
)
def test_the_environment_says_how_many_threads_a_computation_takes(monkeypatch, asked, most, taken):
    """Several processes on the same cores wait for each other's threads, and burn what they wait."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(6)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if asked is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert threads_wanted(most) == taken


def test_a_share_is_told_to_every_library():
    assert set(threads(3).values()) == {"3"}
    assert threads(3).keys() == ONE_THREAD.keys() >= {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}


def test_engines_side_by_side_use_one_thread_each(monkeypatch):
    monkeypatch.setenv("MKL_NUM_THREADS", "16")
    assert engine_variables().items() >= ONE_THREAD.items()
