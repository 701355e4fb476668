"""The real engine is asked while nobody may open a connection: neither Blender's Python nor the engine's."""

from __future__ import annotations

import socket
from dataclasses import replace

import characters
import pytest

from blender_addon import api
from blender_addon.engine_process import full_environment, process
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import interface

GUARD = """
import os, socket

def refuse(*arguments, **keywords):
    with open({log!r}, "a") as stream:
        stream.write("asked for a connection\\n")
    raise PermissionError("no connection here")

class Refused(socket.socket):
    __init__ = refuse

socket.socket = Refused
socket.create_connection = socket.getaddrinfo = refuse
with open({log!r}, "a") as stream:
    stream.write("guarded\\n")
"""


@pytest.fixture
def guarded(tmp_path, monkeypatch):
    """The file in which every process says that it is guarded, and every try."""
    log, place = tmp_path / "log.txt", tmp_path / "guard"
    place.mkdir()
    (place / "sitecustomize.py").write_text(GUARD.format(log=str(log)), encoding="utf-8")
    usual = process.candidates

    def with_guard(*arguments, **keywords):
        ways = usual(*arguments, **keywords)
        return [replace(way, extra_path=(str(place), *way.extra_path)) for way in ways]

    monkeypatch.setattr(process, "candidates", with_guard)

    def refuse(*arguments, **keywords):
        raise AssertionError("Blender's Python asked for a connection")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    return log


def test_generating_needs_no_connection(guarded, voice):
    _, mesh = characters.rigged()
    assert api.generate(mesh, voice, start_frame=1).curves
    assert api.apply_dials(mesh, api.Dials(lips=0.5))
    told = guarded.read_text(encoding="utf-8").splitlines()
    assert told and set(told) == {"guarded"}


def test_without_online_access_the_full_engine_starts_nothing(monkeypatch):
    monkeypatch.setattr(interface, "online_access", lambda: False)

    def started(*arguments, **keywords):
        raise AssertionError("a process was started")

    monkeypatch.setattr(full_environment.subprocess, "Popen", started)
    with pytest.raises(TalkingAnimationError, match="online access is off"):
        full_environment.Setup(["numpy"])
