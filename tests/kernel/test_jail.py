"""The jail itself: limits hold, and whatever the process does the caller gets one `Unreadable`."""

import io
import json
import os
import re
import subprocess
import sys
import textwrap
import time
from datetime import date, datetime
from pathlib import Path

import pytest

from waystation.kernel import jail, jailed
from waystation.kernel.jail import Unreadable


@pytest.fixture
def task(tmp_path, monkeypatch):
    """Puts a task of the test's own into the jail; returns what runs it."""

    def run(body, data=b"content", **params):
        module = tmp_path / "jail_task.py"
        module.write_text("import os, sys, time\n" + textwrap.dedent(body))
        start = (
            f"import sys; sys.path[:0] = [sys.argv[1], {str(tmp_path)!r}]; "
            "from waystation.kernel import jailed; "
            "jailed.TASKS['read_sheet'] = 'jail_task:task'; "
            "jailed.main(sys.argv[2], sys.argv[3])"
        )
        monkeypatch.setattr(jail, "_START", start)
        return jail.run("read_sheet", io.BytesIO(data), params, max_bytes=10**6)

    return run


def code_of(messages):
    """The code that the messages end with."""
    with pytest.raises(Unreadable) as refused:
        list(messages)
    assert refused.value.message  # Every code has its sentence.
    return refused.value.code


def test_messages_arrive_in_order_and_dates_keep_their_type(task):
    messages = task(
        """
        import datetime
        def task(stream, params):
            yield {"size": len(stream.read()), "params": params}
            yield {"cells": [datetime.date(2020, 6, 6), datetime.datetime(2020, 6, 6, 7, 8), "x"]}
        """,
        b"12345",
        sheet=3,
    )
    assert list(messages) == [
        {"size": 5, "params": {"sheet": 3}},
        {"cells": [date(2020, 6, 6), datetime(2020, 6, 6, 7, 8), "x"]},
    ]


def test_only_listed_tasks_run():
    with pytest.raises(ValueError, match="no task"):
        next(jail.run("os.system", io.BytesIO(b""), {}, max_bytes=1))


def test_the_process_sees_no_environment_and_an_empty_directory(task, monkeypatch):
    monkeypatch.setenv("WAYSTATION_SECRET_KEY", "canary")
    (message,) = task(
        """
        def task(stream, params):
            try:
                files = os.listdir(".")
            except PermissionError:
                files = []
            yield {"environ": dict(os.environ), "files": files, "django": "django" in sys.modules}
        """
    )
    assert "canary" not in json.dumps(message)
    assert set(message["environ"]) <= {"LC_CTYPE"}
    assert message["files"] == []
    assert not message["django"]


def test_the_limits_hold_inside(task):
    (message,) = task(
        """
        import resource
        NAMES = ["RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE"]
        def task(stream, params):
            limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in NAMES}
            try:
                if os.fork() == 0:
                    os._exit(0)
                forked = True
            except OSError:
                forked = False
            yield {"limits": limits, "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0],
                   "forked": forked, "root": os.geteuid() == 0}
        """
    )
    assert message["limits"] == {
        "RLIMIT_AS": 1024**3,
        "RLIMIT_FSIZE": 200 * 1000**2,
        "RLIMIT_NPROC": 0,
        "RLIMIT_NOFILE": 64,
        "RLIMIT_CORE": 0,
    }
    assert message["cpu"] == 30
    assert not message["forked"]
    assert not message["root"]


def test_there_is_no_network_where_the_kernel_allows_it(task):
    (message,) = task(
        """
        import socket
        def task(stream, params):
            probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                probe.connect(("192.0.2.1", 9))
                yield {"route": True}
            except OSError:
                yield {"route": False}
        """
    )
    permitted = subprocess.run(
        [sys.executable, "-c", "import ctypes, os; os._exit(ctypes.CDLL(None).unshare("
         "0x40000000 if os.geteuid() == 0 else 0x50000000) != 0)"],
        check=False,
    )  # fmt: skip
    if permitted.returncode != 0:
        pytest.skip("the kernel does not permit network namespaces here")
    assert message["route"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("os.abort()", "unreadable"),
        ("os._exit(134)", "unreadable"),
        ("os._exit(0)", "unreadable"),
        ("os.kill(os.getpid(), 11)", "unreadable"),
        ("raise ValueError('secret')", "unreadable"),
        ("bytearray(2 * 1024**3)", "too_heavy"),
        ("yield {'rows': 'x' * 5_000_000}", "too_heavy"),
        ("os.write(1, b'x' * 20_000_000)", "too_heavy"),
        ("os.write(1, b'no json\\n')", "unreadable"),
        ("os.write(1, b'[1]\\n')", "unreadable"),
        ('os.write(1, b\'{"d": 1, "e": \\xff}\\n\')', "unreadable"),
        ("os.write(1, b'[' * 1_000_000 + b'\\n')", "unreadable"),
        ('os.write(1, b\'{"refused": "told by nobody", "params": {}}\\n\')', "unreadable"),
        ('os.write(1, b\'{"refused": "too_large", "params": {}}\\n\')', "unreadable"),
        ('os.write(1, b\'{"refused": [], "params": {}}\\n\')', "unreadable"),
    ],
)
def test_every_way_to_die_becomes_one_friendly_refusal(task, body, code):
    messages = task(
        f"""
        def task(stream, params):
            yield {{"first": 1}}
            {body}
        """
    )
    assert next(messages) == {"first": 1}
    assert code_of(messages) == code


def test_a_task_that_hangs_is_given_up(task, monkeypatch):
    monkeypatch.setattr(jail, "WAIT_SECONDS", 0.5)
    started = time.monotonic()
    assert code_of(task("def task(stream, params):\n    time.sleep(60)\n    yield {}")) == "too_slow"
    assert time.monotonic() - started < 5


def test_a_task_that_only_burns_the_processor_is_ended_by_its_limit(task):
    messages = task(
        """
        import resource
        def task(stream, params):
            resource.setrlimit(resource.RLIMIT_CPU, (1, 2))
            while True:
                pass
            yield {}
        """
    )
    with pytest.raises(Unreadable) as refused:
        list(messages)
    assert (refused.value.code, refused.value.exit_status) == ("too_slow", -24)


def test_the_total_of_messages_is_capped(task, monkeypatch):
    monkeypatch.setattr(jail, "TOTAL_BYTES", 1_000_000)
    messages = task(
        """
        def task(stream, params):
            while True:
                yield {"rows": "x" * 10_000}
        """
    )
    assert code_of(messages) == "too_heavy"


def test_closing_early_ends_the_process_and_leaves_no_files(task, tmp_path, monkeypatch):
    monkeypatch.setattr(jail.tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    messages = task(
        """
        def task(stream, params):
            yield {"pid": os.getpid()}
            time.sleep(60)
        """
    )
    pid = next(messages)["pid"]
    assert list((tmp_path / "temporary").iterdir())
    messages.close()
    assert not Path(f"/proc/{pid}").exists()
    assert not list((tmp_path / "temporary").iterdir())


def test_a_file_over_the_limit_never_starts_a_process(monkeypatch, tmp_path):
    monkeypatch.setattr(jail.subprocess, "Popen", None)
    path = tmp_path / "large.xlsx"
    path.write_bytes(b"x" * 2_000_001)
    for file in (path, io.BytesIO(b"x" * 2_000_001)):
        with pytest.raises(Unreadable) as refused:
            next(jail.run("read_sheet", file, {}, max_bytes=2_000_000))
        assert refused.value.code == "too_large"
        assert "2 MB" in refused.value.message


def test_an_open_file_is_read_from_its_start_and_rewound(task):
    stream = io.BytesIO(b"abc")
    stream.read(2)
    task("def task(stream, params):\n    yield {'content': stream.read().decode()}")
    messages = jail.run("read_sheet", stream, {}, max_bytes=10)
    assert list(messages) == [{"content": "abc"}]
    assert stream.read() == b"abc"


def test_all_codes_of_refusals_in_the_code_have_sentences():
    source = "".join(
        path.read_text()
        for folder in (Path(jail.__file__).parent, Path(jail.__file__).parent / "sheets")
        for path in folder.glob("*.py")
        if path.name in {"jail.py", "jailed.py"} or path.parent.name == "sheets"
    )
    raised = set(re.findall(r'(?:Refused|Unreadable)\(\s*"(\w+)"', source))
    assert len(raised) > 15
    assert raised <= set(jail.MESSAGES)


def test_lowering_a_limit_never_raises_one():
    program = (
        "import resource; from waystation.kernel import jailed; "
        "resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32)); jailed.confine(); "
        "print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    root = str(Path(jailed.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.stdout.strip() == "(32, 32)"
