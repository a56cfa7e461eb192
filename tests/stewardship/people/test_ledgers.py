"""Ledgers taken out: their form, what they hold for whom, and their trace."""

import io
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests import make
from waystation.kernel import jobs
from waystation.kernel.models import AuditEvent, Job
from waystation.kernel.sheets.heads import match
from waystation.organizations.actions import set_contacts
from waystation.stations.sites.models import Station
from waystation.stewardship.contacts.models import LostContact
from waystation.stewardship.people import ledgers
from waystation.stewardship.people.actions import (
    cancel_departure,
    end_stay,
    refuse_arrival,
    refuse_departure,
    return_home,
    transfer_stay,
    withdraw_arrivals,
)
from waystation.stewardship.people.models import PartyStatus, Person, Stay
from waystation.stewardship.people.views import exports
from waystation.stewardship.rosters.fields import synonyms

EXPORT = "people:export"
PHONE = "13959396624"


@pytest.fixture
def number(tree):
    """The ID number of a member in care; another person is only on file."""
    text = make.id_number("1985-08-12")
    make.stay(
        tree["branch"], tree["station"], "陈丽", destination=tree["community"], grid=tree["grid"],
        id_number=text, phone=PHONE, born="1985-08-12", sex="female", nation="畲族",
        member_kind="full", joined="2010-04-23", reason="务工", trade="=餐饮", left="2026-02-09",
    )  # fmt: skip
    make.person(tree["branch"], "雷建国", phone="13800001111")
    make.person(tree["beside branch"], "林大山")
    return text


def rows_of(response):
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def flat(rows):
    return [str(cell) for row in rows for cell in row]


def test_the_ledger_has_title_unit_date_head_rows_and_signatures(client, tree, number, signed_in, settings):
    user = signed_in("county_organiser", tree["county"])

    rows = rows_of(client.post(reverse(EXPORT)))

    member = next(row for row in rows if "陈丽" in row)
    assert "福鼎" in rows[0][0]
    assert "福鼎市" in rows[1][0]
    assert member[1:7] == ["陈丽", member[2], "畲族", "1985-08-12", member[5], "2010-04-23"]
    assert member[7:10] == ["过笕党支部", "2026-02-09", "务工"]
    assert member[10:13] == ["福鼎市流动党员管理服务中心", "第1网格", "富民社区居委会"]
    assert member[13] == date(2026, 11, 1)
    assert [row[0] for row in rows if row[1] in ("陈丽", "雷建国")] == [1.0, 2.0]
    assert "林大山" not in flat(rows)
    assert user.full_name not in flat(rows)  # the watermark stands at the foot, not in a cell
    assert any(cell.endswith("：") for cell in flat(rows[-1:]))


def test_no_whole_number_leaves_without_being_asked_for(client, tree, number, signed_in):
    signed_in("county_organiser", tree["county"])

    cells = flat(rows_of(client.post(reverse(EXPORT))))

    assert (number in cells, PHONE in cells, "139****6624" in cells) == (False, False, True)


def test_whole_numbers_are_text_asked_for_with_a_purpose_and_recorded(client, tree, number, signed_in):
    user = signed_in("county_organiser", tree["county"])

    rows = rows_of(client.post(reverse(EXPORT), {"with_numbers": "on", "purpose": "report"}))

    event = AuditEvent.objects.get(verb="ledger.exported")
    assert (number in flat(rows), PHONE in flat(rows)) == (True, True)
    assert (event.actor, event.purpose, event.fields) == (user, "report", ["id_number", "phone"])
    assert event.facts == {"ledger": "members", "rows": 2}
    assert event.unit_path == tree["county"].path


def test_without_a_purpose_no_numbers_and_no_file(client, tree, number, signed_in):
    signed_in("county_organiser", tree["county"])

    response = client.post(reverse(EXPORT), {"with_numbers": "on", "purpose": ""})

    assert list(response.context["form"].errors) == ["purpose"]
    assert not AuditEvent.objects.filter(verb="ledger.exported").exists()


def test_who_may_not_have_numbers_shown_gets_none_by_asking(client, tree, number, signed_in):
    signed_in("city_organiser", tree["city"])

    rows = rows_of(client.post(reverse(EXPORT), {"with_numbers": "on", "purpose": "report"}))

    assert (number in flat(rows), PHONE in flat(rows)) == (False, False)


def test_of_people_who_only_live_in_the_area_no_number_is_given(client, tree, number, signed_in):
    signed_in("township_organiser", tree["seat"])

    cells = flat(rows_of(client.post(reverse(EXPORT), {"with_numbers": "on", "purpose": "report"})))

    assert ("陈丽" in cells, number in cells, "139****6624" in cells) == (True, False, False)


def test_what_looks_like_a_formula_is_text(client, tree, number, signed_in):
    signed_in("station_officer", tree["station"])

    assert "'=餐饮" in flat(rows_of(client.post(reverse(EXPORT))))


def test_the_filters_of_the_list_hold_for_the_ledger(client, tree, number, signed_in):
    signed_in("county_organiser", tree["county"])

    cells = flat(rows_of(client.post(reverse(EXPORT), {"filters": "status=care&q=陈"})))

    assert ("陈丽" in cells, "雷建国" in cells) == (True, False)


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("station_officer", "station", 200),
        ("branch_secretary", "branch", 200),
        ("city_organiser", "city", 200),
        ("grid_leader", "grid", 403),
        ("destination_contact", "community", 403),
        ("audit_admin", "city", 403),
    ],
)
def test_who_may_export(client, tree, number, signed_in, role, where, status):
    signed_in(role, tree[where])

    assert client.get(reverse(EXPORT)).status_code == status


@pytest.mark.parametrize(("ledger", "name"), [("departures", "陈丽"), ("arrivals", "陈丽")])
def test_the_registers_have_their_ledgers(client, tree, number, signed_in, ledger, name):
    signed_in("county_organiser", tree["county"])
    address = reverse("people:export-ledger", args=[ledger])

    cells = flat(rows_of(client.post(address, {"with_numbers": "on", "purpose": "report"})))

    assert (name in cells, number in cells) == (True, True)
    assert client.get(reverse("people:export-ledger", args=["users"])).status_code == 404


def test_a_large_ledger_is_written_by_a_job_with_todays_rights(client, tree, number, signed_in, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    signed_in("county_organiser", tree["county"])
    asked = {"with_numbers": "on", "purpose": "report", "filters": "origin=点头镇&status=care"}

    response = client.post(reverse(EXPORT), {**asked, "filters": "origin=点头镇"})
    job = Job.objects.get()
    jobs.run_inline(job)

    job.refresh_from_db()
    assert response.headers["Location"] == reverse("web:job", args=[job.pk])
    assert (job.state, job.result["rows"]) == ("done", 2)
    assert number in flat(rows_of(client.get(reverse("people:made-file", args=[job.pk]))))
    assert AuditEvent.objects.get(verb="ledger.exported").purpose == "report"


LEDGERS = (ledgers.MEMBERS, ledgers.DEPARTURES, ledgers.ARRIVALS)


@pytest.mark.parametrize("kind", LEDGERS)
def test_the_queries_of_a_ledger_do_not_grow_with_its_rows(tree, django_assert_max_num_queries, kind):
    user = make.user("county_organiser", tree["county"])
    order = ledgers.Order(kind, {}, exports.Reach.of(user, exports.P.LEDGER_EXPORT), user, tree["county"])

    def written():
        return ledgers.write(io.BytesIO(), order, at=make.NOON)

    put_contacts(tree)
    make.stay(tree["branch"], tree["station"], "陈丽")
    with django_assert_max_num_queries(10) as one:
        written()
    for name, branch, station in (("雷建国", "branch", "beside station"), ("蓝凤娇", "other branch", "station")):
        person = make.stay(tree[branch], tree[station], name).person
        lost(person, tree)
    with django_assert_max_num_queries(10) as three:
        assert written() == 3
    assert len(one) == len(three)


def put_contacts(tree):
    """How some offices are reached: the town's, another branch's and the station's."""
    Station.objects.filter(pk=tree["station"].pk).update(address="富民路1号", phone="0593-0000111")
    for where, said in (
        ("town", {"phone": "0593-0000201", "contact_person": "林晓"}),
        ("other branch", {"contact_person": "雷大山"}),
        ("station", {"contact_person": "钟丽"}),
    ):
        set_contacts(tree[where], by=None, at=make.NOON, **said)


# --- the columns of the usual forms ---------------------------------------------------------------


def lost(person, tree, **more):
    """An open case of lost contact, as if reported long ago."""
    return LostContact.objects.create(
        person=person, recorded_for=person, situation="1", lost_since=date(2026, 3, 1), unit=tree["station"],
        reported_at=make.NOON, reported_by=make.user(), **more,
    )  # fmt: skip


def taken(client, kind):
    """Each row of the ledger as a table of its titles, by name."""
    address = reverse(EXPORT) if kind == ledgers.MEMBERS else reverse("people:export-ledger", args=[kind])
    return by_name(rows_of(client.post(address)))


def by_name(rows):
    head = next(row for row in rows if "姓名" in row)
    return {row[1]: dict(zip(head, row, strict=True)) for row in rows if isinstance(row[0], float)}


@pytest.fixture
def moves(tree):
    """Departures and arrivals in every state."""
    by, at = make.user("station_officer", tree["station"]), make.NOON
    branch, station = tree["branch"], tree["station"]
    more = {"expected_back": "2027-01", "dues_paid_to": "2026-06", "card_no": "闽0912"}
    make.stay(branch, station, "陈丽", starts_on=date(2026, 10, 8), **more)
    make.departure(branch, station, "雷建国")
    refuse_departure(make.departure(branch, station, "林大山"), reason="查无此人", by=by, at=at)
    cancel_departure(make.departure(branch, station, "蓝凤娇"), reason="未外出", by=by, at=at)
    back = make.stay(branch, station, "钟小梅")
    late = datetime(2026, 11, 20, 17, tzinfo=UTC)  # the next day in China
    return_home(back.departure, on=date(2026, 11, 20), by=by, at=late, remark="回乡创业")
    refuse_arrival(make.arrival(station, branch, "吴春生"), reason="不是党员", by=by, at=at)
    withdraw_arrivals([make.arrival(station, branch, "郑秋月").pk], reason="重复登记", by=by, at=at)


def test_the_ledger_of_departures_says_how_each_went(client, tree, moves, signed_in):
    signed_in("county_organiser", tree["county"])

    rows = taken(client, ledgers.DEPARTURES)

    told = ("预计返回", "流入日期", "活动证编号", "党费交至", "回归时间", "拒绝/撤销理由")
    assert {name: [row[title] for title in told] for name, row in rows.items()} == {
        "陈丽": ["2027-01", date(2026, 10, 8), "闽0912", "2026-06", "", ""],
        "雷建国": ["", "", "", "", "", ""],
        "林大山": ["", "", "", "", "", "查无此人"],
        "蓝凤娇": ["", "", "", "", "", "未外出"],
        "钟小梅": ["", date(2026, 11, 1), "", "", date(2026, 11, 21), ""],
    }


ENDS = ("流出党组织名称", "流出组织联系人", "流出组织联系电话", "流入党组织名称", "流入支部联系人", "流入支部联系方式")


def test_the_registers_name_both_organizations_and_whom_to_ask(client, tree, signed_in):
    put_contacts(tree)
    make.stay(tree["branch"], tree["station"], "陈丽")
    make.stay(tree["other branch"], tree["beside station"], "雷建国")
    make.departure(tree["branch"], None, "蓝凤娇")
    make.arrival(tree["station"], None, "吴春生", home_text="某省某县")
    signed_in("city_organiser", tree["city"])

    gone, came = taken(client, ledgers.DEPARTURES), taken(client, ledgers.ARRIVALS)

    here = ["福鼎市流动党员管理服务中心", "钟丽", "0593-0000111"]
    ours, theirs = ["过笕党支部", "林晓", "0593-0000201"], ["柏柳党支部", "雷大山", ""]
    beside = ["古田县流动党员管理服务中心", "", ""]
    assert {name: [row[title] for title in ENDS] for name, row in gone.items()} == {
        "陈丽": [*ours, *here],
        "雷建国": [*theirs, *beside],
        "蓝凤娇": [*ours, "本地区以外", "", ""],
    }
    assert {name: [row[title] for title in ENDS] for name, row in came.items()} == {
        "陈丽": [*ours, *here],
        "雷建国": [*theirs, *beside],
        "吴春生": ["某省某县", "", "", *here],
    }


def test_the_registers_say_how_far_to_what_and_with_which_card(client, tree, signed_in):
    make.stay(tree["branch"], tree["station"], "陈丽", trade="餐饮", place_kind="urban", card_no="闽0912")
    make.departure(tree["branch"], tree["beside station"], "雷建国")
    away = make.departure(tree["branch"], None, "蓝凤娇", place_kind="self_employed", range_chosen="beyond")
    Person.objects.filter(pk=away.person_id).update(card_no="闽0913")
    signed_in("county_organiser", tree["county"])

    gone, came = taken(client, ledgers.DEPARTURES), taken(client, ledgers.ARRIVALS)

    told = ("从业", "外出流向", "流动范围", "是否持有流动党员活动证", "活动证编号")
    assert {name: [row[title] for title in told] for name, row in gone.items()} == {
        "陈丽": ["餐饮", "城市社区", "县（市、区）内", "是", "闽0912"],
        "雷建国": ["", "", "市内跨县（市、区）", "否", ""],
        "蓝凤娇": ["", "个体工商户", "跨省", "是", "闽0913"],
    }
    assert came["陈丽"]["流动范围"] == "县（市、区）内"


def test_no_title_of_a_register_passes_for_another_field_when_it_comes_back_as_a_roster():
    for kind, columns in (("departures", ledgers._departure_columns()), ("arrivals", ledgers._arrival_columns())):
        titles = [(column.title,) for column in columns]
        mapping, _sum = match(titles, synonyms(kind))
        read = {titles[index][0]: name for index, name in mapping.items()}

        assert read["流出党组织名称"] == "home"
        assert set(read) & {"流出组织联系人", "流出组织联系电话", *ENDS[3:], "流动范围"} == set()
        assert kind == "arrivals" or read["外出流向"] == "place_kind"


def test_the_ledger_of_arrivals_says_when_care_began_or_why_not(client, tree, moves, signed_in):
    signed_in("county_organiser", tree["county"])

    rows = taken(client, ledgers.ARRIVALS)

    assert {name: (row["纳管日期"], row["拒绝理由"]) for name, row in rows.items()} == {
        "陈丽": (date(2026, 10, 8), ""),
        "钟小梅": (date(2026, 11, 1), ""),
        "吴春生": ("", "不是党员"),
        "郑秋月": ("", ""),
    }


def test_of_several_stays_the_last_counts_and_one_opened_by_mistake_does_not(client, tree, signed_in):
    signed_in("county_organiser", tree["county"])
    first = make.stay(tree["branch"], tree["station"], "陈丽", starts_on=date(2026, 9, 1))
    transfer_stay(
        first, station=tree["beside station"], destination=None, on=date(2026, 10, 1), by=make.user(), at=make.NOON
    )
    wrong = make.stay(tree["branch"], tree["station"], "雷建国")
    end_stay(wrong, on=wrong.starts_on, ending=Stay.Ending.MISTAKEN, by=make.user(), at=make.NOON)

    rows = taken(client, ledgers.DEPARTURES)

    assert [rows[name]["流入日期"] for name in ("陈丽", "雷建国")] == [date(2026, 10, 1), ""]


def test_the_ledger_of_members_tells_the_party_status_and_who_is_lost(client, tree, signed_in):
    signed_in("county_organiser", tree["county"])
    here, found, away = (
        make.stay(tree["branch"], tree["station"], name).person for name in ("陈丽", "雷建国", "林大山")
    )
    lost(away, tree)
    lost(
        found, tree, state="found", closed_on=date(2026, 9, 1), closed_at=make.NOON, closed_by=make.user(),
        closing_note="已联系上",
    )  # fmt: skip
    Person.objects.filter(pk=away.pk).update(party_status=PartyStatus.SUSPENDED)

    rows = taken(client, ledgers.MEMBERS)

    told = ("党籍状态", "是否为失联党员", "失去联系日期")
    assert {name: [row[title] for title in told] for name, row in rows.items()} == {
        here.full_name: ["正常", "否", ""],
        "雷建国": ["正常", "否", ""],
        "林大山": ["停止党籍", "是", date(2026, 3, 1)],
    }


def test_of_people_who_only_live_in_the_area_lost_contact_is_not_told(client, tree, number, signed_in):
    lost(Person.objects.get(full_name="陈丽"), tree)
    signed_in("township_organiser", tree["seat"])

    row = taken(client, ledgers.MEMBERS)["陈丽"]

    assert (row["是否为失联党员"], row["失去联系日期"]) == ("", "")


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_job_writes_the_same_ledger(client, tree, moves, signed_in, monkeypatch, kind):
    signed_in("county_organiser", tree["county"])
    lost(Person.objects.get(full_name="陈丽"), tree)
    address = reverse(EXPORT) if kind == ledgers.MEMBERS else reverse("people:export-ledger", args=[kind])
    at_once = rows_of(client.post(address))

    monkeypatch.setattr(exports, "AT_ONCE", 1)
    client.post(address)
    job = Job.objects.get()
    jobs.run_inline(job)

    assert rows_of(client.get(reverse("people:made-file", args=[job.pk]))) == at_once
