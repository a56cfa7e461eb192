"""One box for names, pinyin, initials and numbers; numbers never in an address."""

import pytest
from django.urls import reverse

from tests import make
from waystation.kernel.models import AuditEvent
from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import queries
from waystation.stewardship.people.queries.search import QueryKind, read_query
from waystation.stewardship.people.queries.syllables import cuts

PHONE = "13959396624"


@pytest.fixture
def people(tree):
    """Several people of one branch, one of another county."""
    branch = tree["branch"]
    made = {
        "陈丽": make.person(branch, "陈丽", phone=PHONE, id_number=make.id_number("1985-08-12"), born="1985-08-12"),
        "王小明": make.person(branch, "王小明", phone="13800001234", other_phone="13711112222"),
        "王杰": make.person(branch, "王杰"),
        "单雄信": make.person(branch, "单雄信"),
        "欧阳国斌": make.person(branch, "欧阳国斌"),
        "阿依古丽·买买提": make.person(branch, "阿依古丽·买买提"),
        "𠮷田䶮": make.person(branch, "𠮷田䶮"),
        "蘭鳳嬌": make.person(branch, "蘭鳳嬌"),
    }
    make.person(tree["beside branch"], "王小明", phone=PHONE)
    return made


def found(user, text):
    reach = Reach.of(user, Permission.PERSON_VIEW)
    return [person.full_name for person in queries.search(user, text, reach).people]


@pytest.fixture
def secretary(tree):
    return make.user("branch_secretary", tree["branch"])


@pytest.fixture
def county(tree):
    return make.user("county_organiser", tree["county"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("陈丽", ["陈丽"]),
        ("陈", ["陈丽"]),
        ("　陈 丽 ", ["陈丽"]),
        ("丽", ["陈丽"]),
        ("小明", ["王小明"]),
        ("王", ["王小明", "王杰"]),
        ("欧阳", ["欧阳国斌"]),
        ("国斌", ["欧阳国斌"]),
        ("chenli", ["陈丽"]),
        ("chen li", ["陈丽"]),
        ("CHENLI", ["陈丽"]),
        ("chenl", ["陈丽"]),
        ("wxm", ["王小明"]),
        ("wj", ["王杰"]),
        ("shanxiongxin", ["单雄信"]),
        ("oygb", ["欧阳国斌"]),
        ("阿依古丽•买买提", ["阿依古丽·买买提"]),
        ("阿依古丽．买买提", ["阿依古丽·买买提"]),
        ("阿依古丽", ["阿依古丽·买买提"]),
        ("𠮷田䶮", ["𠮷田䶮"]),
        ("兰凤娇", ["蘭鳳嬌"]),
        ("6624", ["陈丽"]),
        (PHONE, ["陈丽"]),
        ("139 5939 6624", ["陈丽"]),
        ("13711112222", ["王小明"]),
        ("不存在", []),
        ("1395939", []),
        ("", []),
        ("%", []),
        ("_", []),
    ],
)
def test_what_is_typed_finds_whom(people, secretary, county, text, names):
    assert sorted(found(secretary, text)) == sorted(names)
    assert sorted(found(county, text)) == sorted(names)


def test_a_whole_id_number_finds_its_holder_also_in_the_old_form(people, secretary):
    from waystation.kernel.sealing import unseal  # noqa: PLC0415

    number = unseal(people["陈丽"], "id_number")

    assert found(secretary, number) == ["陈丽"]
    assert found(secretary, number.lower()) == ["陈丽"]
    assert found(secretary, f" {number[:6]} {number[6:]}") == ["陈丽"]
    assert found(secretary, number[:17]) == []


def test_a_merged_file_is_not_found(tree, people, secretary):
    from waystation.stewardship.people import actions  # noqa: PLC0415

    twin = make.person(tree["branch"], "陈丽")
    actions.merge_people(people["陈丽"], twin, by=secretary, at=make.NOON)

    assert found(secretary, "陈丽") == ["陈丽"]


def test_numbers_find_nobody_for_a_destination_contact(tree):
    number = make.id_number()
    make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], phone=PHONE,
        id_number=number,
    )  # fmt: skip
    contact = make.user("destination_contact", tree["community"])
    officer = make.user("station_officer", tree["station"])

    assert found(contact, "陈丽") == ["陈丽"]
    for text in (PHONE, PHONE[-4:], number):
        assert (found(contact, text), found(officer, text)) == ([], ["陈丽"])


def test_at_most_fifty_are_found_and_the_rest_is_said(tree, secretary):
    for _ in range(52):
        make.person(tree["branch"], "王杰")
    reach = Reach.of(secretary, Permission.PERSON_VIEW)

    hits = queries.search(secretary, "王杰", reach)

    assert (len(hits.people), hits.is_cut) == (50, True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("陈丽", QueryKind.NAME),
        ("cl", QueryKind.LETTERS),
        ("lǚ", QueryKind.NAME),
        ("6624", QueryKind.TAIL),
        ("６６２４", QueryKind.TAIL),
        ("139 5939 6624", QueryKind.PHONE),
        ("0593-5282447", QueryKind.PHONE),
        ("350982", QueryKind.PART_OF_NUMBER),
        ("350982********3027", QueryKind.PART_OF_NUMBER),
        ("35098219850812", QueryKind.PART_OF_NUMBER),
        ("  ", QueryKind.NOTHING),
    ],
)
def test_the_kind_of_a_query(text, kind):
    assert read_query(text).kind is kind


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [
        ("chenli", ("chen li",)),
        ("xian", ("xian", "xia n", "xi an", "xi a n")),
        ("chenl", ("chen l",)),
        ("wxm", ()),
        ("", ()),
    ],
)
def test_letters_are_cut_into_syllables(letters, syllables):
    assert cuts(letters) == syllables


# --- the page -------------------------------------------------------------------------------------

SEARCH = "people:search"


def test_one_hit_leads_to_the_file(client, tree, people, signed_in):
    signed_in("branch_secretary", tree["branch"])
    file = reverse("people:file", args=[people["陈丽"].pk])

    assert client.get(reverse(SEARCH), {"q": "陈丽"}).headers["Location"] == file
    assert client.post(reverse(SEARCH), {"q": PHONE}).headers["Location"] == file


def test_a_name_that_was_sent_moves_into_the_address_a_number_never(client, tree, people, signed_in):
    signed_in("branch_secretary", tree["branch"])

    name = client.post(reverse(SEARCH), {"q": "王"})
    number = client.post(reverse(SEARCH), {"q": "13700000000"})

    assert name.headers["Location"].endswith("?q=%E7%8E%8B")
    assert (number.status_code, b"13700000000" in number.content) == (200, False)


def test_a_number_in_an_address_is_not_looked_up(client, tree, people, signed_in):
    signed_in("branch_secretary", tree["branch"])

    response = client.get(reverse(SEARCH), {"q": PHONE})

    assert response.headers["Location"] == f"{reverse(SEARCH)}?number=1"
    assert "陈丽" not in client.get(response.headers["Location"]).content.decode()


def test_looking_up_a_number_is_recorded_without_the_number(client, tree, people, signed_in):
    user = signed_in("branch_secretary", tree["branch"])

    client.post(reverse(SEARCH), {"q": PHONE})

    event = AuditEvent.objects.get(verb="person.searched")
    assert (event.actor, event.facts) == (user, {"kind": "phone", "hits": 1})


def test_namesakes_are_told_apart_by_birth_branch_and_end_of_phone(client, tree, signed_in):
    make.person(tree["branch"], "王杰", born="1985-08-12", sex="male", phone="13800001234")
    make.person(tree["other branch"], "王杰", born="1990-01", sex="female", phone="13800009876")
    signed_in("township_organiser", tree["town"])

    html = client.get(reverse(SEARCH), {"q": "王杰"}).content.decode()

    for told in ("1234", "9876", "过笕党支部", "柏柳党支部", "1985", "1990"):
        assert told in html
    assert "13800001234" not in html


@pytest.mark.parametrize(("role", "status"), [("station_officer", 200), ("audit_admin", 403)])
def test_who_may_search(client, tree, signed_in, role, status):
    signed_in(role, tree["station"] if role == "station_officer" else tree["city"])

    assert client.get(reverse(SEARCH), {"q": "王"}).status_code == status


def test_an_empty_box_and_strange_words_are_answered(client, tree, signed_in):
    signed_in("station_officer", tree["station"])
    for text in ("", "'", "'); DROP TABLE", "{{7*7}}", "\x00", "王" * 500, "<b>"):
        assert client.post(reverse(SEARCH), {"q": text}).status_code == 200
