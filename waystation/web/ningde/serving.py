"""The web server and the worker as child processes that end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing

from django.conf import settings

HOST = "127.0.0.1"
GRACE_SECONDS = 15
_TRIES = 50


class NoFreePort(Exception):
    """Neither the port nor any of the fifty after it is free."""


def free_port(wanted: int) -> int:
    """The port itself, or the next one that nobody listens on."""
    for port in range(wanted, wanted + _TRIES):
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            # As the server itself binds, so that a socket in TIME_WAIT is no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise NoFreePort(str(wanted))


def serve(port: int, *, ready: Callable[[], None]) -> int:
    """Run the server and the worker until Ctrl-C or until one of them ends; returns an exit code.

    `ready` is called once the server answers.
    """
    environment = {"WAYSTATION_LOG_LEVEL": "WARNING", **os.environ}
    environment["WAYSTATION_ADDRESS"] = f"http://{HOST}:{port}"
    children = {
        "server": _start(_server_command(port), environment),
        "worker": _start([sys.executable, "manage.py", "worker"], environment),
    }
    # These end the demonstration as Ctrl-C does, so that no child outlives a killed or closed terminal.
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        if _answers(port, children):
            ready()
        return _watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        for number in before:  # a second one does not break the ending off
            signal.signal(number, signal.SIG_IGN)
        stop(list(children.values()))
        for number, act in before.items():
            signal.signal(number, act)


def _server_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "waystation.config.wsgi",
        "--bind", f"{HOST}:{port}", "--workers", "2", "--worker-class", "gthread", "--threads", "4",
        "--log-level", "warning", "--graceful-timeout", "5", "--worker-tmp-dir", _memory_folder(),
    ]  # fmt: skip


def _memory_folder() -> str:
    """Where a server's workers show their life; a slow disk there looks like a hanging worker."""
    return "/dev/shm" if os.path.isdir("/dev/shm") else str(settings.VAR)


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen:
    # In a session of its own: Ctrl-C reaches only us, and we end the children in order, once.
    return subprocess.Popen(command, cwd=settings.ROOT, env=environment, start_new_session=True)


def _answers(port: int, children: dict[str, subprocess.Popen]) -> bool:
    """Whether the server listens before it or the worker ends."""
    for _attempt in range(600):
        if any(child.poll() is not None for child in children.values()):
            return False
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.1)
    return False


def _watch(children: dict[str, subprocess.Popen]) -> int:
    while True:
        for name, child in children.items():
            code = child.poll()
            if code is not None:
                print(f"The {name} has ended by itself ({code}).", file=sys.stderr, flush=True)  # noqa: T201 - the console is this command's only page
                return code or 1
        time.sleep(0.3)


def stop(children: list[subprocess.Popen]) -> None:
    """Ask the children to end, wait a while, and end whoever did not."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
