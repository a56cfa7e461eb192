"""Pictures of the user guide, taken from the served demonstration in both languages.

    .venv/bin/python tools/screenshots.py [part of a name ...]

Reads docs/guide/shots/*.toml and writes docs/guide/images/<language>/<name>.png. A shot names who looks (`user`, ""
for nobody), the `path`, the links to follow from there (`click`, a list of selectors), the `size` ("desk" or "phone")
and, if less than the page shall be seen, the piece (`piece`, a selector).
"""

from __future__ import annotations

import io
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.stack import LOCALES, ROOT, Visitor, Watch, launch, served

GUIDE = ROOT / "docs" / "guide"
SCREENS = {"desk": "office", "phone": "phone"}
COLOURS = 96  # enough for our pages, and a third of the size


@dataclass(frozen=True)
class Shot:
    """One picture of the guide."""

    name: str
    user: str
    path: str
    size: str = "desk"
    click: tuple[str, ...] = field(default=())
    piece: str = ""


def shots() -> list[Shot]:
    """Every picture that the guide wants, in the order of the files."""
    found = []
    for file in sorted((GUIDE / "shots").glob("*.toml")):
        for told in tomllib.loads(file.read_text(encoding="utf-8")).get("shot", []):
            found.append(Shot(**told | {"click": tuple(told.get("click", ()))}))
    return found


def main() -> None:
    parts = sys.argv[1:]
    wanted = [shot for shot in shots() if not parts or any(part in shot.name for part in parts)]
    if not wanted:
        sys.exit("No shot has such a name.")
    wanted.sort(key=lambda shot: (shot.user, shot.size))
    faults = []
    with served() as stack, sync_playwright() as playwright:
        browser = launch(playwright)
        for language in LOCALES:
            faults += _take(browser, stack, wanted, language)
        browser.close()
    if faults:
        sys.exit("\n".join(faults))


def _take(browser, stack, wanted: list[Shot], language: str) -> list[str]:
    folder = GUIDE / "images" / language
    folder.mkdir(parents=True, exist_ok=True)
    visitor, faults, last = None, [], None
    for shot in tqdm(wanted, desc=language):
        if (shot.user, shot.size) != last:
            if visitor:
                visitor.context.close()
            visitor = Visitor(browser, stack, Watch(), shot.user, screen=SCREENS[shot.size], language=language)
            last = (shot.user, shot.size)
        try:
            (folder / f"{shot.name}.png").write_bytes(_picture(visitor, shot))
        except Exception as problem:
            faults.append(f"{shot.name} ({language}): {problem}")
    if visitor:
        visitor.context.close()
    return faults


def _picture(visitor: Visitor, shot: Shot) -> bytes:
    answer = visitor.page.goto(visitor.stack.address + shot.path)
    if answer.status >= 400:
        raise LookupError(f"{shot.path} answers {answer.status}")
    for selector in shot.click:
        visitor.page.locator(selector).first.click()
        visitor.page.wait_for_load_state("networkidle")
    visitor.page.wait_for_load_state("networkidle")
    raw = visitor.page.locator(shot.piece).first.screenshot() if shot.piece else visitor.page.screenshot()
    small = Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    small.save(packed, "PNG", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    main()
