"""A member's own page of who answers for what: their own, today's, and small."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.formalities.actions import issue_card, issue_transfer
from waystation.stewardship.formalities.models import Transfer
from waystation.stewardship.people.models import Person

pytestmark = pytest.mark.django_db
URL = reverse("portal:my-duties")
MOST_BYTES = 50_000


def file_of(places, name, **more):
    person = make.stay(places, name, **more).person
    user = make.user("member", places["branch"], name=name)
    Person.objects.filter(pk=person.pk).update(user=user)
    return person, user


@pytest.fixture
def member(client, places):
    person, user = file_of(places, "缪春花")
    client.force_login(user)
    return person


def moved(places, person, **more):
    """The formal relation of the person is on its way, and the person has an activity card."""
    secretary, now = make.user("branch_secretary", places["branch"]), timezone.now()
    today = timezone.localdate()
    issue_transfer(
        person, to=places["beside branch"], channel="letter", number="2026-7", issued_on=today, by=secretary, at=now,
        **more,
    )  # fmt: skip
    issue_card(person, number=f"FD-{person.full_name}", issued_on=today, by=secretary, at=now)


def test_each_duty_is_shown_with_its_unit_and_the_telephone_of_the_station(client, places, member):
    page = client.get(URL)
    rows = {str(row["label"]): (row["unit"], row["phone"]) for row in page.context["rows"]}
    assert len(rows) == len(Duty.Kind.values)
    assert rows["党费"] == (places["branch"], "")
    assert rows["组织生活"] == (places["station"], "0593-0000111")
    assert URL in client.get(reverse("portal:mine")).content.decode()
    assert len(page.content) < MOST_BYTES


def test_a_duty_that_passes_on_a_day_to_come_is_still_with_whoever_has_it(client, places, member):
    stay = member.stays.get()
    today = timezone.localdate()
    Duty.objects.filter(stay=stay, kind="talk").update(starts_on=stay.starts_on)
    Duty.objects.create(
        stay=stay, kind="talk", unit=places["community"], unit_path=places["community"].path,
        starts_on=today + timedelta(days=1),
    )  # fmt: skip
    assert (
        next(row["unit"] for row in client.get(URL).context["rows"] if row["label"] == "谈心谈话") == places["station"]
    )
    Duty.objects.filter(stay=stay, unit=places["community"]).update(starts_on=today)
    page = client.get(URL)
    assert next(row["unit"] for row in page.context["rows"] if row["label"] == "谈心谈话") == places["community"]


def test_without_a_stay_the_branch_answers_for_everything(client, places):
    person = make.departure(places, "蓝英", station=None).person
    user = make.user("member", places["branch"])
    Person.objects.filter(pk=person.pk).update(user=user)
    client.force_login(user)
    assert {row["unit"] for row in client.get(URL).context["rows"]} == {places["branch"]}


def test_a_member_sees_only_their_own(client, places, member):
    other, other_user = file_of(places, "蓝凤娇", station="beside", community="beside community")
    moved(places, other)
    page = client.get(URL)
    assert (page.context["transfer"], page.context["card"]) == (None, None)
    assert not any(word in page.content.decode() for word in ("蓝凤娇", "FD-", "2026-7", places["beside branch"].name))
    assert client.get(URL, {"pk": other.pk, "person": other.pk}).context["person"] == member

    client.force_login(other_user)
    text = client.get(URL).content.decode()
    assert all(word in text for word in ("FD-蓝凤娇", places["beside branch"].name))
    assert "缪春花" not in text


def test_the_transfer_is_told_in_words_also_when_it_ran_out(client, places, member):
    moved(places, member, valid_days=10)
    text = client.get(URL).content.decode()
    assert ("已过有效期" in text, "有效期至" in text) == (False, True)
    Transfer.objects.update(issued_on=date(2026, 1, 2), expires_on=date(2026, 1, 12))
    assert "已过有效期" in client.get(URL).content.decode()
    Transfer.objects.update(state="expired", closed_at=timezone.now())
    assert client.get(URL).context["transfer"] is None


def test_nobody_but_a_member_with_a_file_has_the_page(client, places):
    client.force_login(make.user("member", places["branch"]))
    assert client.get(URL).status_code == 404
    client.force_login(make.user("station_officer", places["station"]))
    assert client.get(URL).status_code == 403
    client.logout()
    assert client.get(URL).status_code == 302
