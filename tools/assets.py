"""Collect the front-end files that the pages load, from node_modules into our own static folder.

Nothing is fetched at run time from anywhere else. Icons become one SVG sprite: only the icons
listed here exist on the pages (`{% icon "name" %}`), so that the sprite stays small.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "waystation" / "kernel" / "static" / "vendor"
BUILD = ROOT / "build"

SERVED = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
FOR_TESTS = {"axe.min.js": "axe-core/axe.min.js"}

ICON_NAMES = """
    adjustments-horizontal affiliate alert-circle alert-triangle arrow-back-up arrow-left
    arrow-right arrows-exchange arrows-shuffle ballpen ban bell book building-bank
    building-community building-fortress bulb calendar calendar-event calendar-month cash
    certificate chart-bar check checklist chevron-down chevron-left chevron-right chevron-up
    circle-check circle-dashed circle-x clipboard-check clipboard-list clock clock-hour-4 coin
    copy database device-mobile door-enter door-exit dots download eye eye-off file-import
    file-spreadsheet file-text filter flag gavel hand-stop heart-handshake help-circle history
    home hourglass id id-badge-2 inbox info-circle key keyboard language layout-dashboard link
    link-off list-check list-details lock logout mail map map-2 map-pin menu-2 message messages
    notes pencil phone plus polygon printer progress qrcode receipt refresh report-money scale
    search send settings shield-check shield-lock signature sitemap star switch-horizontal
    table-import text-size trash upload user user-check user-circle user-plus user-search users
    users-group walk wifi-off x
"""
ICONS = ICON_NAMES.split()


def main() -> None:
    if not MODULES.is_dir():
        sys.exit("node_modules is missing: run `make setup`.")
    VENDOR.mkdir(parents=True, exist_ok=True)
    BUILD.mkdir(exist_ok=True)
    for name, source in SERVED.items():
        copy(MODULES / source, VENDOR / name)
    for name, source in FOR_TESTS.items():
        copy(MODULES / source, BUILD / name)
    (VENDOR / "icons.svg").write_text(sprite(ICONS), encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    """Copy a file without the pointer to its source map, which is not served."""
    if source.suffix not in {".css", ".js"}:
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"/[/*]# sourceMappingURL=\S+(\s*\*/)?\s*$", "", text)
    target.write_text(text, encoding="utf-8")


def sprite(names: list[str]) -> str:
    """One SVG with a symbol per icon; stroke and colour come from the page's `.icon` rule."""
    symbols = []
    for name in names:
        drawing = (MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg").read_text()
        shapes = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.S).group(1)
        shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", shapes)
        shapes = re.sub(r"\s*\n\s*", "", shapes)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    main()
