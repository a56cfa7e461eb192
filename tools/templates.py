"""Indent every template with djhtml; with --check only say which are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("Use: tools/templates.py [--check]")
    found = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("waystation/**/templates/**/*.html"))
    options = ["--tabwidth", "2", "--extra-block", "card,endcard"]
    options += ["--extra-block", "disclosure,enddisclosure"] + (["--check"] if check else [])
    djhtml = [sys.executable, "-m", "djhtml"]
    outcome = subprocess.run([*djhtml, *options, *found], cwd=ROOT, capture_output=True, text=True)
    # djhtml ends with 1 when it changed something, which is not a failure here.
    sys.stderr.write(outcome.stderr)
    if check and outcome.returncode:
        sys.exit("Run `make fix`: these templates are not indented as they should be.")
    if outcome.returncode not in {0, 1}:
        sys.exit(outcome.returncode)


if __name__ == "__main__":
    main()
