"""Member cards: issued once, ten a page, a signed code, nothing fetched."""

import re
import zlib

import pytest
from django.urls import reverse

from tests import make
from waystation.kernel import jobs, papers
from waystation.kernel.files import open_stored
from waystation.kernel.models import AuditEvent, Job, StoredFile
from waystation.kernel.sealing import BadSignature, verify
from waystation.organizations.models import Mandate
from waystation.stewardship.people import actions, cards
from waystation.stewardship.people.models import Card, Person

SHEET = "people:card-sheet"


@pytest.fixture
def member(tree):
    return make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], grid=tree["grid"],
        phone="13959396624", id_number=make.id_number(),
    ).person  # fmt: skip


def drawn(people):
    user = make.user("station_officer", people[0].station)
    issued = actions.issue_cards(people, by=user, at=make.NOON)
    return cards.html(cards.sheets(people, issued), by=user, at=make.NOON), issued


def test_a_card_says_name_branch_station_grid_and_number_and_no_personal_number(tree, member):
    member = Person.objects.get(pk=member.pk)

    document, (card,) = drawn([member])

    for text in ("陈丽", "过笕党支部", "福鼎市流动党员管理服务中心", "第1网格", card.number):
        assert text in document
    for secret in (member.phone_mask, member.id_mask, "13959396624", "6624"):
        assert secret not in document


def test_the_code_vouches_for_the_card_and_names_nobody(tree, member):
    (card,) = actions.issue_cards([member], by=None, at=make.NOON)

    token = cards.token(card)

    assert verify("card", token) == {"c": card.pk.hex}
    assert cards.address(card).endswith(reverse("portal:card", args=[token]))
    with pytest.raises(BadSignature):
        verify("arrive", token)


def test_ten_cards_fill_a_page(tree):
    people = [make.person(tree["branch"], "王杰") for _ in range(11)]
    issued = actions.issue_cards(people, by=None, at=make.NOON)

    pages = cards.sheets(people, issued)

    assert [len(page) for page in pages] == [10, 1]


def test_a_second_printing_does_not_issue_a_second_card(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    for _ in range(2):
        assert client.post(reverse(SHEET), {"pk": str(member.pk)}).status_code == 200

    assert Card.objects.count() == 1


@pytest.mark.pdf
def test_the_sheet_is_a_pdf_with_a_page_for_ten_cards(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])

    response = client.post(reverse(SHEET), {"pk": str(member.pk)})

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert count_of_pages(response.content) == 1
    assert AuditEvent.objects.get(verb="cards.printed").facts == {"cards": 1}


def count_of_pages(content: bytes) -> int:
    """Pages of a PDF, also where its objects are packed."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    plain = content
    for part in packed:
        try:
            plain += zlib.decompress(part)
        except zlib.error:
            continue
    return len(re.findall(rb"/Type\s*/Page[^s]", plain))


@pytest.mark.pdf
def test_drawing_fetches_nothing():
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/png;base64,AA"):
        with pytest.raises(papers.Fetched):
            cards.pdf(f'<html><body><img src="{address}"></body></html>')


def test_without_the_drawing_libraries_the_page_itself_is_printed(client, tree, member, signed_in, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.setattr(papers, "import_module", missing)
    signed_in("station_officer", tree["station"])

    response = client.post(reverse(SHEET), {"pk": str(member.pk)})

    html = response.content.decode()
    assert (response.status_code, "陈丽" in html, "people/cards.css" in html) == (200, True, True)


@pytest.mark.parametrize(
    ("role", "where", "issued"),
    [
        ("station_officer", "station", 1),
        ("county_organiser", "county", 1),
        ("station_officer", "beside station", 0),
        ("county_organiser", "beside county", 0),
    ],
)
def test_only_people_in_ones_care_get_cards(client, tree, member, signed_in, role, where, issued):
    signed_in(role, tree[where])

    client.post(reverse(SHEET), {"pk": [str(member.pk), "nonsense"]})

    assert Card.objects.count() == issued


@pytest.mark.parametrize("role", ["branch_secretary", "grid_leader", "destination_contact"])
def test_who_may_not_print(client, tree, member, signed_in, role):
    places = {"branch_secretary": "branch", "grid_leader": "grid", "destination_contact": "community"}
    signed_in(role, tree[places[role]])

    assert client.post(reverse(SHEET), {"pk": str(member.pk)}).status_code == 403


def test_everybody_whom_the_filters_find(client, tree, member, signed_in, monkeypatch):
    make.stay(tree["branch"], tree["station"], "雷建国", sex="male")
    make.stay(tree["beside branch"], tree["beside station"], "林大山", sex="male")
    monkeypatch.setattr(cards, "pdf", lambda document: b"%PDF-")
    signed_in("station_officer", tree["station"])

    client.post(reverse(SHEET), {"all": "1", "filters": "sex=male"})

    assert [card.person.full_name for card in Card.objects.all()] == ["雷建国"]


def test_nobody_chosen_leads_back_to_the_list(client, tree, signed_in):
    signed_in("station_officer", tree["station"])

    assert client.post(reverse(SHEET)).headers["Location"] == reverse("people:list")


@pytest.fixture
def many(client, tree, signed_in, monkeypatch):
    """An officer and a job for the cards of two people, asked for by that officer."""
    monkeypatch.setattr(cards, "AT_ONCE", 1)
    monkeypatch.setattr(cards, "pdf", lambda document: b"%PDF-" + document.encode())
    for name in ("陈丽", "雷建国"):
        make.stay(tree["branch"], tree["station"], name)
    user = signed_in("station_officer", tree["station"])
    response = client.post(reverse(SHEET), {"all": "1"})
    job = Job.objects.get()
    assert response.headers["Location"] == reverse("web:job", args=[job.pk])
    return user, job


def test_many_cards_are_made_by_a_job_and_fetched_by_who_asked(client, tree, many):
    _user, job = many
    assert Card.objects.count() == 0

    jobs.run_inline(job)

    job.refresh_from_db()
    made = client.get(reverse("people:made-file", args=[job.pk]))
    content = b"".join(made.streaming_content)
    assert (job.state, job.result["rows"], Card.objects.count()) == ("done", 2, 2)
    assert ("雷建国".encode() in content, made.headers["Cache-Control"]) == (True, "no-store")
    assert b"%PDF-" in open_stored(StoredFile.objects.get()).read()


def test_the_file_of_a_job_stays_where_the_right_was(client, tree, many):
    """Whoever works at another station now takes no file along."""
    user, job = many
    jobs.run_inline(job)
    address = reverse("people:made-file", args=[job.pk])
    Mandate.objects.filter(user=user).update(unit=tree["beside station"])

    assert client.get(address).status_code == 403
    Mandate.objects.filter(user=user).update(unit=tree["station"])
    assert client.get(address).status_code == 200


def test_the_file_of_a_job_is_nobody_elses(client, tree, many, signed_in):
    _user, job = many
    jobs.run_inline(job)
    signed_in("station_officer", tree["station"])

    assert client.get(reverse("people:made-file", args=[job.pk])).status_code == 404


def test_a_role_that_ended_meanwhile_ends_the_job_and_the_right_to_its_file(client, tree, many):
    user, job = many
    user.mandates.update(ends_on=make.NOON.date(), starts_on="2026-01-01")

    jobs.run_inline(job)

    job.refresh_from_db()
    assert (job.state, Card.objects.count()) == ("failed", 0)
