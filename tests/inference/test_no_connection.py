"""The tests of the engine may connect to no other machine: here is that they cannot, nor can any process that they start."""

from __future__ import annotations

import socket
import subprocess
import sys

import no_connection
import pytest

from inference.batch.processes import engine_variables

_TRY = "import socket; socket.getaddrinfo('example.org', 80)"


def test_a_connection_is_refused_and_told(tmp_path, monkeypatch):
    told = tmp_path / "asked.txt"
    monkeypatch.setenv(no_connection.ASKED, str(told))
    with pytest.raises(PermissionError, match=r"example\.org"):
        socket.create_connection(("example.org", 80), 1.0)
    with socket.socket() as one, pytest.raises(PermissionError, match=r"8\.8\.8\.8"):
        one.connect(("8.8.8.8", 53))
    ran = subprocess.run(
        [sys.executable, "-c", _TRY], env=engine_variables(), capture_output=True, text=True, check=False
    )
    assert ran.returncode and "PermissionError" in ran.stderr
    assert len(no_connection.asked(told)) == 3


def test_a_name_that_nobody_has_is_refused_and_not_told(tmp_path, monkeypatch):
    told = tmp_path / "asked.txt"
    monkeypatch.setenv(no_connection.ASKED, str(told))
    with pytest.raises(PermissionError, match=r"nowhere\.invalid"):
        socket.getaddrinfo("nowhere.invalid", 80)
    assert no_connection.asked(told) == []


def test_within_the_machine_all_is_as_always():
    with socket.socket() as server, socket.socket() as one:
        server.bind(("127.0.0.1", 0))
        server.listen()
        one.connect(server.getsockname())
