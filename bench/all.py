"""Runs every measurement and writes docs/performance.md; `make bench` calls this.

python -m bench.all [--quick]
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOWNS = ("fuding", "gutian")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that everything runs, proves nothing")
    given = parser.parse_args()
    parts = [_head()]
    for title, arguments in _measurements(quick=given.quick):
        print(f"→ {title}", flush=True)
        run = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )  # fmt: skip
        if run.returncode:
            sys.exit(f"{title} failed:\n{run.stderr[-2000:]}")
        table = run.stdout.startswith("|")
        parts.append(f"## {title}\n\n{run.stdout if table else f'```text{chr(10)}{run.stdout}```{chr(10)}'}")
    if given.quick:
        print("\n".join(parts))
    else:
        (ROOT / "docs" / "performance.md").write_text("\n".join(parts), encoding="utf-8")


def _measurements(*, quick: bool):
    people = ["1500"] if quick else ["11270", "100000"]
    yield "Pages", ["bench.latency", "--people", *people, "--rounds", "5" if quick else "15"]
    yield "Import", ["bench.imports", "--rows", "1000" if quick else "20000"]
    yield "Matching, 20,000 x 20,000", ["bench.match_size", *(["--people", "2000"] if quick else [])]
    for town in TOWNS:
        files = [f"tests/rosters/{town}/{name}" for name in ("origin.xlsx", "arrival.xlsx", "truth.json")]
        yield f"Matching, {town}", ["bench.matching", *files]


def _head() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        "# Performance\n\n"
        "Written by `make bench`. Only the ratios to the floor of the same run mean something.\n\n"
        "Goals, times the floor: lists and search 3, desks and the file of one person 4, an import 12, "
        "a match 3; at most 12 queries a page. What is above its goal is work to do; ADR 11 says where a change does "
        "not land.\n\nA nation of a million people: [bench/nation/output.md](../bench/nation/output.md), by "
        "`python -m bench.nation --database postgres://…`.\n\n"
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"commit {commit or 'unknown'}.\n"
    )


if __name__ == "__main__":
    main()
