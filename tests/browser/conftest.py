"""One served demonstration a module, and visitors who miss nothing."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.stack import Visitor, Watch, launch, served


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stack():
    with served() as running:
        yield running


@pytest.fixture
def watch():
    watching = Watch()
    yield watching
    assert watching.faults == []


@pytest.fixture
def visit(chromium, stack, watch):
    """Opens the served site as somebody; afterwards no page may have complained."""
    opened = []

    def somebody(name, **options):
        visitor = Visitor(chromium, stack, watch, name, **options)
        opened.append(visitor)
        return visitor

    yield somebody
    for visitor in opened:
        visitor.context.close()
