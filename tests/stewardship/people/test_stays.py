"""What a stay brings into the file of the person."""

from datetime import UTC, date, datetime

import pytest

from tests import make
from waystation.stewardship.people.actions import Confirmation, open_stay

pytestmark = pytest.mark.django_db


def file_after(left, came):
    """Both sides confirm; returns the person."""
    sides = [Confirmation(make.user(), make.NOON) for _ in range(2)]
    return open_stay(left, came, origin=sides[0], station=sides[1], by=None, at=make.NOON).person


@pytest.mark.parametrize(
    ("at_origin", "at_station", "kept"),
    [
        ("1978-02", "1978-02-25", "1978-02-25"),  # the station knows the day
        ("1978-02-25", "1978-02", "1978-02-25"),
        ("1978-02", "1979-02-25", "1978-02"),  # it contradicts: the origin's stands
        ("", "1978", "1978"),
    ],
)
def test_the_finer_of_two_agreeing_dates_completes_the_file(places, at_origin, at_station, kept):
    left = make.departure(places["branch"], places["station"], born=at_origin, joined=at_origin)
    came = make.arrival(places["station"], places["branch"], born=at_station, joined=at_station)
    person = file_after(left, came)
    assert (person.born, person.joined) == (kept, kept)


def test_the_station_completes_what_the_origin_left_empty_and_overwrites_only_what_it_knows_better(places):
    left = make.departure(places["branch"], places["station"], nation="畲族", trade="务农")
    came = make.arrival(
        places["station"], places["branch"], nation="汉族", education="大专", trade="餐饮服务", employer=""
    )
    person = file_after(left, came)
    assert (person.nation, person.education, person.trade) == ("畲族", "大专", "餐饮服务")


def test_who_is_taken_into_care_before_eight_is_in_care_from_this_day_on(places):
    early = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)  # half past six of the 27th, here
    left = make.departure(places["branch"], places["station"])
    came = make.arrival(places["station"], places["branch"])
    sides = [Confirmation(make.user(), early) for _ in range(2)]
    stay = open_stay(left, came, origin=sides[0], station=sides[1], by=None, at=early)
    assert stay.starts_on == date(2026, 11, 27)
