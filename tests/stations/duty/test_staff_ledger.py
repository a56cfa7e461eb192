"""The staff of a station as a spreadsheet: the rows of the list, and nobody else's."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.stations.duty import rows
from waystation.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("past", ["", "1"])
def test_the_ledger_has_the_postings_of_the_list(client, places, enter, past):
    station, day = places["station"], timezone.localdate()
    long_ago = day - timedelta(days=90)
    rows.posting(station, starts_on=long_ago)
    rows.posting(station, starts_on=long_ago, kind="sent", sent_by="柏洋乡", windows=["party", "civil"])
    rows.posting(station, starts_on=long_ago, ends_on=day - timedelta(days=9))
    rows.posting(places["beside"], starts_on=long_ago)
    enter("station_officer", station)
    query = {"past": past} if past else {}

    listing = client.get(reverse("duty:posting-list"), query)
    response = client.get(reverse("duty:posting-export"), query)

    found = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    found = [row for row in found if isinstance(row[0], float)]
    assert [row[1:9] for row in found] == [
        [
            one.user.full_name, one.get_kind_display(), one.sent_by, "、".join(one.window_words), one.most_week,
            one.most_month, one.starts_on, one.last_day or "",
        ]
        for one in listing.context["page"].object_list
    ]  # fmt: skip
    assert reverse("duty:posting-export") in listing.content.decode()
    facts = AuditEvent.objects.get(verb="ledger.exported").facts
    assert facts == {"ledger": "station staff", "rows": 1 if past else 2}


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_head", "beside", 404),
        ("county_organiser", "beside county", 404),
        ("branch_secretary", "branch", 404),
        ("destination_contact", "community", 403),
    ],
)
def test_a_stranger_takes_nothing_out(client, places, enter, role, where, status):
    enter(role, places[where])

    answer = client.get(reverse("duty:posting-export"), {"station": places["station"].pk})

    assert answer.status_code == status
