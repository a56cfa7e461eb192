"""A stay in the small prefecture, and people who speak for its parties."""

import pytest

from tests import places as make


@pytest.fixture
def stay(places):
    return make.stay(places)


@pytest.fixture
def secretary(places):
    """Speaks for the origin."""
    return make.user("branch_secretary", places["branch"])


@pytest.fixture
def officer(places):
    """Speaks for the station."""
    return make.user("station_officer", places["station"])


@pytest.fixture
def helper(places):
    """Speaks for the community where the member lives."""
    return make.user("destination_contact", places["community"])
