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
    numbers, shown = desk_numbers(visitor), {}
    for address, number in numbers.items():
        visitor.go(address)
        shown[address] = _shown(visitor)
        if shown[address] == 1000 and number > 1000:
            shown[address] = number  # "more than 1,000 rows": the list does not count them
    wrong = {address: (number, shown[address]) for address, number in numbers.items() if shown[address] != number}
    assert not wrong, f"{visitor.name}: the desk says, the list shows: {wrong}"
    return numbers


def _shown(visitor: Visitor) -> int:
    """How many rows a list has: its pager says, or there are so few that they can be counted."""
    pager = visitor.page.locator("main .ws-pager p")
    if pager.count() and re.search(r"\d", pager.first.inner_text()):
        return number_in(pager.first.inner_text())
    tables = visitor.page.locator("main table")
    if tables.count():  # a second table shows something else, such as sums
        return tables.first.locator("tbody tr").count()
    return (
        visitor.page.locator("main .ws-list > li").count() - visitor.page.locator("main details .ws-list > li").count()
    )


def fill_in(visitor: Visitor, **fields) -> None:
    """Type into the fields of the page's form."""
    for name, value in fields.items():
        visitor.page.fill(f"main form [name={name}]", value)


def follow(visitor: Visitor, selector: str) -> None:
    """Press the first link that fits."""
    visitor.press(selector)


def fill(visitor: Visitor, form: str = "main form.ws-form", **answers) -> None:
    """Write into the fields of a form by their names; a choice by its value or by words of its label."""
    for name, answer in answers.items():
        _answer(visitor.page.locator(f"{form} [name={name}]"), str(answer))


def _answer(controls, answer: str) -> None:
    first = controls.first
    kind = first.evaluate("control => control.type")
    if kind == "radio":
        values = [controls.nth(at).get_attribute("value") for at in range(controls.count())]
        if answer in values:
            return controls.nth(values.index(answer)).check()
        labels = [one.evaluate("control => control.labels[0].innerText") for one in controls.all()]
        return controls.nth(next(at for at, label in enumerate(labels) if answer in label)).check()
    if kind == "checkbox":
        return first.set_checked(answer == "True")
    if kind == "select-one":
        options = first.locator("option")
        values = [option.get_attribute("value") for option in options.all()]
        if answer in values:
            first.select_option(value=answer)
        else:
            first.select_option(index=next(at for at, text in enumerate(options.all_inner_texts()) if answer in text))
        return None
    return first.fill(answer)


def send(visitor: Visitor, form: str = "main form.ws-form", **answers) -> None:
    """Fill a form in and press its button; the form must be content."""
    fill(visitor, form, **answers)
    visitor.press(f"{form} button.btn-primary")
    complaints = visitor.page.locator("main .ws-error, main .ws-errors")
    assert complaints.count() == 0, complaints.all_inner_texts()


def open_file(visitor: Visitor, name: str) -> None:
    """Open a person's page by the search box; a sole find opens at once."""
    visitor.go("/people/search/?q=" + name)
    if "/search/" in visitor.page.url:
        visitor.press(f"main a:has-text('{name}')")
