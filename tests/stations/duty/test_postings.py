"""The staff of a station and its leave."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests import places as make
from tests.stations.duty import rows
from waystation.kernel.models import AuditEvent
from waystation.stations.duty.actions.postings import (
    LeaveRefused,
    PostingRefused,
    ask_leave,
    decide_leave,
    edit_posting,
    end_posting,
    enter_leave,
    withdraw_leave,
)
from waystation.stations.duty.models import Leave, Posting

pytestmark = pytest.mark.django_db


def test_a_user_is_posted_once_a_day_at_a_station(places):
    first = rows.posting(places["station"], starts_on=date(2026, 9, 1))

    with pytest.raises(PostingRefused):
        rows.posting(places["station"], first.user, starts_on=date(2026, 12, 1))
    rows.posting(places["beside"], first.user, starts_on=date(2026, 12, 1))

    end_posting(first, ends_on=date(2026, 12, 1), by=None, at=rows.BEFORE)
    again = rows.posting(places["station"], first.user, starts_on=date(2026, 12, 1), kind="sent", sent_by="柏洋乡")
    assert (again.kind, again.sent_by, again.holds_on(date(2026, 11, 30))) == ("sent", "柏洋乡", False)
    assert AuditEvent.objects.filter(verb="posting.opened").count() == 3


def test_a_dated_posting_may_not_reach_into_the_next(places):
    later = rows.posting(places["station"], starts_on=date(2026, 12, 1))

    with pytest.raises(PostingRefused):
        rows.posting(places["station"], later.user, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 2))
    rows.posting(places["station"], later.user, starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 1))


def test_the_database_refuses_two_open_postings_of_a_user(places):
    first = rows.posting(places["station"])
    first.pk, first.starts_on = None, date(2026, 10, 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.bulk_create([first])


@pytest.mark.parametrize(("week", "month"), [(0, 5), (6, 5)])
def test_numbers_of_shifts_go_together(places, week, month):
    with pytest.raises(PostingRefused):
        rows.posting(places["station"], most_week=week, most_month=month)


def test_only_a_station_has_staff(places):
    with pytest.raises(PostingRefused):
        rows.posting(places["branch"], make.user())


def test_editing_says_what_changed(places):
    posting = rows.posting(places["station"], windows=["civil", "party"])
    assert posting.windows == ["party", "civil"]

    edit_posting(posting, windows=["party"], most_week=6, most_month=26, sent_by="", by=None, at=rows.BEFORE)

    assert AuditEvent.objects.get(verb="posting.edited").fields == ["windows"]
    assert Posting.objects.get(pk=posting.pk).windows == ["party"]


def test_a_posting_does_not_end_before_the_last_shift(places):
    posting = rows.posting(places["station"])
    rows.shift(places["station"], date(2026, 12, 7), users=[posting])

    with pytest.raises(PostingRefused):
        end_posting(posting, ends_on=date(2026, 12, 7), by=None, at=rows.BEFORE)
    end_posting(posting, ends_on=date(2026, 12, 8), by=None, at=rows.BEFORE)
    with pytest.raises(PostingRefused):
        end_posting(posting, ends_on=date(2026, 12, 20), by=None, at=rows.BEFORE)


def test_leave_is_asked_and_granted_by_another(places):
    posting, head = rows.posting(places["station"]), make.user("station_head", places["station"])
    days = {"starts_on": date(2026, 12, 7), "ends_on": date(2026, 12, 9)}
    leave = ask_leave(posting, reason="体检", by=posting.user, at=rows.BEFORE, **days)

    with pytest.raises(LeaveRefused):
        decide_leave(leave, grants=True, by=posting.user, at=rows.BEFORE)
    with pytest.raises(LeaveRefused):
        decide_leave(leave, grants=False, by=head, at=rows.BEFORE)
    decide_leave(leave, grants=True, by=head, at=rows.BEFORE)
    with pytest.raises(LeaveRefused):
        decide_leave(leave, grants=False, note="迟了", by=head, at=rows.BEFORE)
    with pytest.raises(LeaveRefused):
        ask_leave(posting, by=posting.user, at=rows.BEFORE, **days)

    withdraw_leave(leave, by=posting.user, at=rows.BEFORE)
    assert enter_leave(posting, by=head, at=rows.BEFORE, **days).state == Leave.State.GRANTED
    verbs = AuditEvent.objects.filter(verb__startswith="leave.").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["leave.asked", "leave.granted", "leave.withdrawn", "leave.asked", "leave.granted"]


def test_leave_lies_in_the_posting_and_ends_after_it_begins(places):
    posting = rows.posting(places["station"], starts_on=date(2026, 12, 5))

    for first, after in ((date(2026, 12, 1), date(2026, 12, 9)), (date(2026, 12, 9), date(2026, 12, 9))):
        with pytest.raises(LeaveRefused):
            ask_leave(posting, starts_on=first, ends_on=after, by=posting.user, at=rows.BEFORE)
