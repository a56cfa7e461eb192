"""A station of the small prefecture, as most tests of sites begin."""

import pytest

from waystation.stations.sites.models import Station


@pytest.fixture
def station(places):
    return Station.objects.with_places().get(unit=places["station"])


@pytest.fixture
def beside(places):
    return Station.objects.with_places().get(unit=places["beside"])
