"""What a visitor does on the way from two rosters to members; the pages' structure is the same in each language."""

from __future__ import annotations

import json
import re

from tests.browser.stack import SAMPLES, Visitor

BOARD = "/rosters/board/"
VERDICTS = ("new", "changed", "duplicate", "wrong")
LANES = ("matched", "conflicting", "only_departed", "only_arrived", "settled", "rejected")
SAME = {"zh": "是同一人", "en": "The same person"}
NOT_SAME = {"zh": "不是同一人", "en": "Not the same person"}


def truth_of(town: str) -> dict:
    """Who is who in the town's two rosters."""
    return json.loads((SAMPLES / town / "truth.json").read_text(encoding="utf-8"))


def number_in(text: str) -> int:
    """The first number of a text, thousands separated by commas."""
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found.group().replace(",", ""))


def tabs(visitor: Visitor, names: tuple[str, ...]) -> dict[str, int]:
    """The counts in the tabs of the page."""
    spans = {name: visitor.page.locator(f"main .ws-tabs a[href*='tab={name}'] span").first for name in names}
    return {name: number_in(span.inner_text()) for name, span in spans.items()}


def hand_in(visitor: Visitor, kind: str, path) -> dict[str, int]:
    """The wizard from the file to the preview, with the columns as proposed; how many rows of each verdict."""
    visitor.go(f"/rosters/imports/new/?kind={kind}")
    visitor.page.set_input_files("input[type=file]", str(path))
    visitor.press("main form button.btn-primary")
    visitor.press("main button.btn-primary")
    visitor.until_there("main .ws-tabs a[href*='tab=wrong']")
    return tabs(visitor, VERDICTS)


def commit(visitor: Visitor) -> None:
    """Write what the preview shows, and wait for the job."""
    visitor.press("main form[action$='/commit/'] button")
    visitor.until_there("#result-title")


def lanes(visitor: Visitor) -> dict[str, int]:
    """How many pairs and rows stand in each tab of the board."""
    visitor.go(BOARD)
    return tabs(visitor, LANES)


def open_pair(visitor: Visitor, query: str) -> None:
    """Open the whole page of the first pair that the board shows."""
    visitor.go(BOARD + query)
    visitor.press("main article.ws-pair a[href*='/board/pairs/']")


def say(visitor: Visitor, words: dict[str, str]) -> None:
    """Press the button of the first pair, or of the pair that fills the page."""
    visitor.press(f"main button:text-is('{words[visitor.language]}')")


def confirm_all(visitor: Visitor) -> int:
    """Confirm for one's side all matched pairs as a job; returns how many the report says it did."""
    visitor.go(BOARD)
    visitor.press("main .ws-batch button[value=all]")
    asked = number_in(visitor.page.locator("main form button.btn-primary").inner_text())
    visitor.press("main form button.btn-primary")
    visitor.until_there("main .ws-note.ok")
    return asked


def rows_of(visitor: Visitor) -> int:
    """How many rows the list has, as its pager says."""
    return number_in(visitor.page.locator("main .ws-pager p").inner_text())


def desk_numbers(visitor: Visitor) -> dict[str, int]:
    """What the tiles of the desk say, by the address of their rows."""
    visitor.go("/")
    tiles = visitor.page.locator("main a.ws-tile")
    return {
        tile.get_attribute("href"): number_in(tile.locator("b").inner_text())
        for tile in (tiles.nth(at) for at in range(tiles.count()))
    }


def every_number_opens_its_rows(visitor: Visitor) -> dict[str, int]:
    """Open each number of the desk; the list behind it must have as many rows."""
    numbers = desk_numbers(visitor)
    for address, number in numbers.items():
        visitor.go(address)
        shown = _shown(visitor)
        if shown == 1000 and number > 1000:
            continue  # "more than 1,000 rows": the list does not count them
        assert (address, shown) == (address, number)
    return numbers


def _shown(visitor: Visitor) -> int:
    """How many rows a list has: its pager says, or there are so few that they can be counted."""
    pager = visitor.page.locator("main .ws-pager p")
    if pager.count() and pager.inner_text():
        return number_in(pager.inner_text())
    return visitor.page.locator("main tbody tr").count()
