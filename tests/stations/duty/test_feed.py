"""The calendar that programs fetch: what it says, that it stays the same, and that it can be closed."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from icalendar import Calendar

from tests import places as make
from tests.stations.duty import rows
from waystation.organizations.models import Mandate
from waystation.stations.duty import feeds
from waystation.stations.duty.actions.feeds import open_feed, revoke_feed
from waystation.stations.duty.actions.turns import take_off

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def before_the_month(time_machine):
    """A feed tells of the weeks around today."""
    time_machine.move_to(rows.BEFORE)


@pytest.fixture
def posting(places):
    posting = rows.posting(places["station"])
    rows.shift(places["station"], DAY, windows=["party", "civil"], users=[posting])
    rows.shift(places["station"], DAY + timedelta(days=1), users=[posting])
    return posting


def fetch(client, feed):
    response = client.get(reverse("duty:feed", args=[feeds.token(feed)]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response


def test_the_feed_holds_the_own_shifts_in_the_zone_of_the_station(client, posting, places):
    rows.shift(places["station"], DAY + timedelta(days=2), users=[rows.posting(places["station"])])
    feed = open_feed(user=posting.user, at=rows.BEFORE)

    calendar = Calendar.from_ical(fetch(client, feed).content)

    first, second = calendar.walk("VEVENT")
    assert first["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert first.decoded("DTSTART") == rows.moment(DAY, 9)
    assert first.decoded("DTEND") == rows.moment(DAY, 12)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert [str(event["STATUS"]) for event in (first, second)] == ["CONFIRMED", "CONFIRMED"]
    assert (first["SEQUENCE"], first.decoded("DTSTAMP")) == (0, rows.BEFORE)
    assert "驿站路11号" in first["LOCATION"]
    assert first["UID"] != second["UID"]


def test_unchanged_entries_stay_the_same_bytes_and_removed_ones_are_cancelled(client, posting):
    feed = open_feed(user=posting.user, at=rows.BEFORE)
    before = fetch(client, feed).content
    assert fetch(client, feed).content == before
    stays, goes = posting.turns.order_by("starts_at")

    take_off(goes, reason="换人", by=None, at=rows.BEFORE + timedelta(hours=1))

    old = {str(event["UID"]): event for event in Calendar.from_ical(before).walk("VEVENT")}
    new = {str(event["UID"]): event for event in Calendar.from_ical(fetch(client, feed).content).walk("VEVENT")}
    kept, gone = f"{stays.pk}@waystation", f"{goes.pk}@waystation"
    assert set(old) == set(new) == {kept, gone}
    assert new[kept].to_ical() == old[kept].to_ical()
    assert (str(new[gone]["STATUS"]), new[gone]["SEQUENCE"]) == ("CANCELLED", 1)
    assert new[gone].decoded("DTSTAMP") == rows.BEFORE + timedelta(hours=1)


def test_an_unchanged_calendar_is_not_sent_twice(client, posting):
    feed = open_feed(user=posting.user, at=rows.BEFORE)
    response = fetch(client, feed)

    again = client.get(reverse("duty:feed", args=[feeds.token(feed)]), headers={"If-None-Match": response["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_revoked_address_answers_no_more_and_a_new_one_differs(client, posting):
    feed = open_feed(user=posting.user, at=rows.BEFORE)
    assert open_feed(user=posting.user, at=rows.BEFORE) == feed
    assert revoke_feed(feed, by=posting.user, at=rows.BEFORE)
    assert not revoke_feed(feed, by=posting.user, at=rows.BEFORE)

    assert client.get(reverse("duty:feed", args=[feeds.token(feed)])).status_code == 404
    again = open_feed(user=posting.user, at=rows.BEFORE)
    assert feeds.token(again) != feeds.token(feed)
    assert client.get(reverse("duty:feed", args=[feeds.token(again)])).status_code == 200


def test_a_forged_address_and_a_disabled_user_get_nothing(client, posting):
    feed = open_feed(user=posting.user, at=rows.BEFORE)
    assert client.get(reverse("duty:feed", args=["x" * 40])).status_code == 404
    head, body, signature = feeds.token(feed).split(".")
    assert client.get(reverse("duty:feed", args=[f"{head}.{body}x.{signature}"])).status_code == 404
    posting.user.is_active = False
    posting.user.save()

    assert client.get(reverse("duty:feed", args=[feeds.token(feed)])).status_code == 404


def test_the_feed_of_a_station_needs_the_right_to_see_it_at_each_fetch(client, posting, places):
    head = make.user("station_head", places["station"])
    feed = open_feed(user=head, station=places["station"], at=rows.BEFORE)

    events = Calendar.from_ical(fetch(client, feed).content).walk("VEVENT")
    assert len(events) == 2
    assert posting.user.full_name in str(events[0]["SUMMARY"])

    Mandate.objects.filter(user=head).update(ends_on=F("starts_on"))
    assert client.get(reverse("duty:feed", args=[feeds.token(feed)])).status_code == 404
