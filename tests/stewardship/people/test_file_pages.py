"""The page of one person: who may open it, what it shows to whom, and what is recorded."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests import make
from waystation.kernel.models import AuditEvent
from waystation.kernel.sealing import seal
from waystation.stewardship.people import actions
from waystation.stewardship.people.models import Merge, Person
from waystation.stewardship.people.queries import timeline
from waystation.stewardship.people.queries.sights import Sight

ID, PHONE, OTHER = "350982198508123020", "13959396624", "13800005555"
ADDRESS, HARDSHIP = "桐山街道镇边路78号", "母亲住院"


@pytest.fixture
def member(tree):
    """A member of the branch in care of the station, in its first grid, living in the community."""
    number = make.id_number("1985-08-12")
    stay = make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], grid=tree["grid"],
        id_number=number, phone=PHONE, other_phone=OTHER, address=ADDRESS, hardship=HARDSHIP,
        trade="餐饮服务", sex="female", born="1985-08-12",
    )  # fmt: skip
    person = Person.objects.get(pk=stay.person_id)
    person.whole_id = number
    return person


def page(client, person):
    return client.get(reverse("people:file", args=[person.pk]))


WHO_SEES = [
    ("city_organiser", "city", 200),
    ("county_organiser", "county", 200),
    ("county_organiser", "beside county", 404),
    ("township_organiser", "town", 200),
    ("township_organiser", "beside town", 404),
    ("branch_secretary", "branch", 200),
    ("branch_secretary", "other branch", 404),
    ("branch_secretary", "beside branch", 404),
    ("station_head", "station", 200),
    ("station_officer", "station", 200),
    ("station_officer", "beside station", 404),
    ("grid_leader", "grid", 200),
    ("grid_leader", "other grid", 404),
    ("destination_contact", "community", 200),
    ("destination_contact", "seat", 200),
    ("destination_contact", "other community", 404),
    ("member", "branch", 403),
    ("system_admin", "city", 403),
    ("security_admin", "city", 403),
    ("audit_admin", "city", 403),
]


@pytest.mark.parametrize(("role", "where", "status"), WHO_SEES)
def test_who_may_open_a_file(client, tree, member, signed_in, role, where, status):
    signed_in(role, tree[where])

    assert page(client, member).status_code == status


def test_a_foreign_file_looks_like_a_missing_one(client, tree, member, signed_in):
    signed_in("branch_secretary", tree["beside branch"])
    foreign = page(client, member)
    missing = client.get(reverse("people:file", args=["0195a0b0-0000-7000-8000-000000000000"]))

    # The token against forged requests is masked anew on every page; so is the path of the request.
    bare = [
        re.sub(r'"[A-Za-z0-9]{64}"|[0-9a-f-]{36}', "", response.content.decode()) for response in (foreign, missing)
    ]
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert bare[0] == bare[1]


CARING = [
    ("county_organiser", "county"),
    ("township_organiser", "town"),
    ("branch_secretary", "branch"),
    ("station_officer", "station"),
    ("grid_leader", "grid"),
]


@pytest.mark.parametrize(("role", "where"), CARING)
def test_who_cares_sees_masks_and_never_the_values(client, tree, member, signed_in, role, where):
    signed_in(role, tree[where])

    html = page(client, member).content.decode()

    assert (member.id_mask in html, member.phone_mask in html) == (True, True)
    for secret in (member.whole_id, PHONE, OTHER, ADDRESS, HARDSHIP):
        assert secret not in html


@pytest.mark.parametrize("where", ["community", "seat"])
@pytest.mark.parametrize("section", ["overview", "moves", "changes"])
def test_a_destination_contact_sees_no_number_at_all(client, tree, member, signed_in, where, section):
    officer = make.user("station_officer", tree["station"])
    actions.correct_person(
        member, field="phone", value="13712345678", reason="本人说", version=member.version,
        by=officer, at=make.NOON,
    )  # fmt: skip
    member.refresh_from_db()
    signed_in("destination_contact", tree[where])

    html = client.get(reverse("people:file-section", args=[member.pk, section])).content.decode()

    hidden = [member.whole_id, member.id_mask, PHONE, member.phone_mask, "139****6624"]
    hidden += ["13712345678", "****", OTHER, ADDRESS, HARDSHIP]
    assert [text for text in hidden if text in html] == []
    assert "陈丽" in html


def test_a_town_contact_finds_nobody_whose_home_is_there(client, tree, signed_in):
    person = make.person(tree["branch"], "雷建国", phone=PHONE, id_number=make.id_number())
    signed_in("destination_contact", tree["town"])

    assert page(client, person).status_code == 404
    for address, query in (
        ("people:list", {}), ("people:list", {"origin": tree["branch"].pk}), ("people:search", {"q": "雷建国"})
    ):  # fmt: skip
        answer = client.get(reverse(address), query)
        assert (answer.status_code, str(person.pk) in answer.content.decode()) == (200, False), (address, query)


def test_a_contact_who_is_also_an_origin_keeps_both(client, tree, member, signed_in):
    other = make.person(tree["branch"], "雷建国")
    user = signed_in("destination_contact", tree["town"])
    make.mandate(user, "branch_secretary", tree["branch"])

    assert page(client, other).status_code == 200
    assert member.phone_mask in page(client, member).content.decode()


def test_opening_a_file_is_recorded_with_the_relation(client, tree, member, signed_in):
    officer = signed_in("station_officer", tree["station"])

    page(client, member)

    event = AuditEvent.objects.get(verb="person.viewed")
    assert (event.actor, event.object_pk) == (officer, str(member.pk))
    assert event.facts == {"relations": ["station"]}
    assert event.unit_path == tree["grid"].path


def life_of(client, member, seen):
    """The piece of the page with the time line, as HTMX asks for it."""
    address = reverse("people:file-section", args=[member.pk, "life"])
    return client.get(address, {"seen": seen}, headers={"HX-Request": "true"})


def test_the_time_line_follows_its_page_without_a_second_record(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])
    seen = page(client, member).context["seen"]

    life = life_of(client, member, seen)

    assert "<html" not in life.content.decode()
    assert life.context["entries"]
    assert AuditEvent.objects.filter(verb="person.viewed").count() == 1


def test_no_time_line_is_read_without_a_record(client, tree, member, signed_in):
    """A forged sign, one of another person or one of another user: each reading is recorded by itself."""
    other = make.stay(tree["branch"], tree["station"], "旁人").person
    signed_in("station_officer", tree["station"])
    signs = ["", "forged", page(client, other).context["seen"]]
    signed_in("county_organiser", tree["county"])
    signs.append(page(client, member).context["seen"])
    officer = signed_in("station_officer", tree["station"])
    before = AuditEvent.objects.filter(verb="person.viewed", actor=officer, object_pk=member.pk).count()

    for sign in signs:
        assert life_of(client, member, sign).status_code == 200

    events = AuditEvent.objects.filter(verb="person.viewed", actor=officer, object_pk=member.pk)
    assert events.count() - before == len(signs)


def test_an_unknown_part_of_a_file_is_missing(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    assert client.get(reverse("people:file-section", args=[member.pk, "secrets"])).status_code == 404


# --- reveal ---------------------------------------------------------------------------------------


def reveal(client, person, field="phone", purpose="contact", **headers):
    address = reverse("people:reveal", args=[person.pk, field])
    return client.post(address, {"purpose": purpose}, headers=headers)


WHO_REVEALS = [
    ("branch_secretary", "branch", 200),
    ("township_organiser", "town", 200),
    ("county_organiser", "county", 200),
    ("county_organiser", "beside county", 404),
    ("station_officer", "station", 200),
    ("station_officer", "beside station", 404),
    ("grid_leader", "grid", 200),
    ("grid_leader", "other grid", 404),
    ("township_organiser", "seat", 404),  # covers the community only: it helps, it does not care
    ("destination_contact", "community", 403),
    ("city_organiser", "city", 403),
    ("audit_admin", "city", 403),
]


@pytest.mark.parametrize(("role", "where", "status"), WHO_REVEALS)
def test_who_may_have_a_number_shown(client, tree, member, signed_in, role, where, status):
    signed_in(role, tree[where])

    response = reveal(client, member)

    assert response.status_code == status
    assert (PHONE in response.content.decode()) == (status == 200)


@pytest.mark.parametrize(
    ("field", "value"), [("phone", PHONE), ("other_phone", OTHER), ("address", ADDRESS), ("hardship", HARDSHIP)]
)
def test_one_value_is_shown_and_the_event_says_which_and_what_for(client, tree, member, signed_in, field, value):
    officer = signed_in("station_officer", tree["station"])

    html = reveal(client, member, field, "verify").content.decode()

    event = AuditEvent.objects.get(verb="person.revealed")
    assert value in html
    assert (event.actor, event.fields, event.purpose) == (officer, [field], "verify")
    assert value not in str(event.facts)


def test_without_a_purpose_nothing_is_shown(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    html = reveal(client, member, purpose="").content.decode()

    assert PHONE not in html
    assert not AuditEvent.objects.filter(verb="person.revealed").exists()


def test_a_fragment_puts_its_mask_back_after_a_minute_and_on_request(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])
    address = reverse("people:reveal", args=[member.pk, "phone"])

    shown = reveal(client, member, **{"HX-Request": "true"}).content.decode()
    masked = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="load delay:60s"' in shown
    assert "<html" not in shown
    assert (PHONE in masked, member.phone_mask in masked) == (False, True)


def test_without_javascript_the_page_masks_itself_after_a_minute(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    response = reveal(client, member)

    assert (response.headers["Refresh"], response.headers["Cache-Control"]) == ("60", "no-store")


def test_a_value_that_was_tampered_with_is_not_shown_and_the_failure_is_kept(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])
    other = make.person(tree["branch"], "蓝凤娇", phone="13700001111")
    Person.objects.filter(pk=member.pk).update(phone=other.phone)

    response = reveal(client, member)

    assert response.status_code == 200
    assert "13700001111" not in response.content.decode()
    assert list(AuditEvent.objects.filter(verb="person.revealed").values_list("result", flat=True)) == ["error"]


def test_only_sealed_fields_can_be_asked_for(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    assert reveal(client, member, "merged_into").status_code == 404


# --- the time line --------------------------------------------------------------------------------


def test_the_time_line_tells_departure_arrival_confirmations_and_end(client, tree, member):
    sight = Sight(frozenset({"station"}))
    actions.end_stay(member.stays.get(), on=make.NOON.date(), ending="moved_on", by=None, at=make.NOON)

    story = timeline.timeline(member, sight)

    kinds = {entry.about.partition(":")[0] for entry in story.entries}
    assert kinds == {"departure", "arrival", "stay", ""}
    assert len(story.entries) == 4
    stay = next(entry for entry in story.entries if entry.about.startswith("stay:"))
    assert len(stay.notes) == 2
    assert story.stay is None
    assert story.departure is not None


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 26, 16, tzinfo=UTC), date(2026, 11, 27)),  # midnight here: nothing but the day is known
        (datetime(2026, 11, 26, 16, 1, tzinfo=UTC), None),
    ],
)
def test_an_entry_of_a_whole_day_shows_no_invented_hour(moment, shown):
    assert timeline.Entry(moment, "").at == shown


def test_another_app_tells_its_part_and_remarks_on_ours(tree, member, monkeypatch):
    monkeypatch.setattr(timeline, "_tellers", [])
    stay = member.stays.get()

    @timeline.register
    def tell(person, sight):
        yield timeline.Entry(make.NOON, "进入第1网格")
        yield timeline.Remark(f"stay:{stay.pk}", "手机号一致")

    story = timeline.timeline(member, Sight(frozenset({"station"})))

    assert [entry for entry in story.entries if entry.title == "进入第1网格"]
    about = next(entry for entry in story.entries if entry.about == f"stay:{stay.pk}")
    assert about.note.endswith("手机号一致")


def test_the_page_shows_masks_of_corrected_numbers_only(client, tree, member, signed_in):
    officer = signed_in("station_officer", tree["station"])
    actions.correct_person(
        member, field="phone", value="13712345678", reason="本人说", version=member.version,
        by=officer, at=make.NOON,
    )  # fmt: skip

    html = client.get(reverse("people:file-section", args=[member.pk, "changes"])).content.decode()

    assert ("139****6624" in html, "137****5678" in html) == (True, True)
    assert (PHONE in html, "13712345678" in html) == (False, False)


def test_a_correction_that_does_not_open_leaves_the_page_readable(client, tree, member, signed_in):
    officer = signed_in("station_officer", tree["station"])
    correction = actions.correct_person(
        member, field="phone", value="13712345678", reason="本人说", version=member.version,
        by=officer, at=make.NOON,
    )  # fmt: skip
    stranger = Merge(winner=member, loser=member)
    seal(stranger, "before", "13712345678")
    type(correction).objects.filter(pk=correction.pk).update(before=stranger.before)

    assert page(client, member).status_code == 200


@pytest.mark.parametrize(("section", "most"), [("overview", 28), ("life", 40)])
def test_the_queries_of_a_file_do_not_grow_with_its_history(
    client, tree, member, signed_in, django_assert_max_num_queries, section, most
):
    officer = signed_in("station_officer", tree["station"])
    address = reverse("people:file-section", args=[member.pk, section])
    client.get(address)
    with django_assert_max_num_queries(most) as few:
        client.get(address)
    for trade in ("家政", "运输", "建筑"):
        member.refresh_from_db()
        actions.correct_person(
            member, field="trade", value=trade, reason="本人说", version=member.version,
            by=officer, at=make.NOON,
        )  # fmt: skip
    with django_assert_max_num_queries(most) as many:
        client.get(address)

    assert len(few) == len(many)


@pytest.mark.parametrize(
    ("role", "where", "pages"),
    [
        ("station_officer", "station", {"departures", "arrivals"}),
        ("branch_secretary", "branch", {"departures"}),
        ("grid_leader", "grid", set()),
        ("destination_contact", "community", set()),
    ],
)
def test_the_time_line_links_only_to_pages_that_open(client, tree, member, signed_in, role, where, pages):
    signed_in(role, tree[where])

    html = client.get(reverse("people:file-section", args=[member.pk, "life"])).content.decode()

    found = set(re.findall(r'href="(/people/(departures|arrivals)/[0-9a-f-]{36}/)"', html))
    assert {kind for _address, kind in found} == pages
    assert [client.get(address).status_code for address, _kind in found] == [200] * len(found)
