"""One served demonstration a module, and visitors who miss nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.stack import Visitor, Watch, launch, served

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """A journey goes on where the step before it stopped: its steps are never shuffled."""
    journeys = [item for item in items if HERE in item.path.parents]
    rest = [item for item in items if HERE not in item.path.parents]
    items[:] = rest + sorted(journeys, key=lambda item: (str(item.path), item.location[1], item.name))


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
