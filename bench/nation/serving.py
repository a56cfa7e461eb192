"""The product and the floor on loopback, each behind one process of the production server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def served(application: str, **environment: str):
    """Serve a WSGI application; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    process = subprocess.Popen([*command, application], cwd=ROOT, env=os.environ | environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(process, address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped at once"
        with suppress(httpx.TransportError):
            httpx.get(address)
            return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def signed_in(user, address: str) -> httpx.Client:
    """A client with a session of the user."""
    from django.conf import settings
    from django.test import Client

    inside = Client(SERVER_NAME="127.0.0.1")
    inside.force_login(user)
    key = inside.cookies[settings.SESSION_COOKIE_NAME].value
    return httpx.Client(
        base_url=address, cookies={settings.SESSION_COOKIE_NAME: key}, timeout=120, follow_redirects=True
    )
