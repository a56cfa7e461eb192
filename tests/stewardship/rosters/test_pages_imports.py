"""The import wizard: from the file to the register and back, for the people who may."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests import make
from tests.stewardship.rosters.board_rows import scene
from tests.stewardship.rosters.bring_in import ARRIVAL_HEAD, ORIGIN_HEAD, csv
from waystation.kernel.jobs import run_inline
from waystation.kernel.models import AuditEvent, Job
from waystation.kernel.sheets.limits import UPLOAD_LIMITS
from waystation.stewardship.people.models import Arrival, Departure
from waystation.stewardship.rosters.models import ColumnMemory, Import, ImportRow
from waystation.stewardship.rosters.queries.changes import Change
from waystation.stewardship.rosters.queries.imports import masked
from waystation.stewardship.rosters.reading import as_typed

pytestmark = pytest.mark.django_db

NEW, LIST = "/rosters/imports/new/", "/rosters/imports/"
SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "rosters" / "gutian"
GOOD = "缪春花,女,1985-08-12,,福鼎市点头镇过笕党支部,13900006624,2021-02,桐山街道"
WRONG = ",男,1972-03-09,,福鼎市点头镇过笕党支部,13700000913,2020-05,桐山街道"
ROSTER = csv(ORIGIN_HEAD, GOOD, WRONG, GOOD)


def upload(client, user, content=ROSTER, *, kind="departures", unit=None, station=None, name="名册.csv", query=""):
    client.force_login(user)
    data = {"kind": kind, "unit": unit.pk if unit else "", "file": SimpleUploadedFile(name, content)}
    if station is not None:
        data["station"] = station.pk
    return client.post(NEW + query, data)


def uploaded(client, world, content=ROSTER, who="county", **more) -> Import:
    more.setdefault("unit", world.units["county"])
    more.setdefault("station", world.units["station"])
    response = upload(client, world.users[who], content, **more)
    assert response.status_code == 302, response.context["form"].errors
    return Import.objects.order_by("-created_at").first()


def page(client, batch, **params):
    return client.get(reverse("rosters:import", args=[batch.pk]), params)


def columns_of(response) -> dict:
    """The form of the columns as a browser sends it without a change."""
    form, data = response.context["form"], {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            data[name] = "on"
        elif value:
            data[name] = value
    return data


def step(client, name, batch, data=None):
    response = client.post(reverse(f"rosters:{name}", args=[batch.pk]), data or {})
    for job in Job.objects.filter(state="queued"):
        run_inline(job)
    batch.refresh_from_db()
    return response


def checked(client, world, content=ROSTER, **more) -> Import:
    batch = uploaded(client, world, content, **more)
    step(client, "import-columns", batch, columns_of(page(client, batch)))
    assert batch.state == Import.State.CHECKED
    return batch


# --- who, where, with which answer ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("county", 200), ("town", 200), ("branch", 200), ("station", 200), ("city", 403), ("admin", 403),
    ],
)  # fmt: skip
def test_who_may_hand_in_a_roster(client, who, status):
    world = scene()
    client.force_login(world.users[who])

    assert client.get(NEW).status_code == status


@pytest.mark.parametrize(("who", "kinds"), [("county", ["departures"]), ("station", ["arrivals"])])
def test_each_side_hands_in_its_own_kind(client, who, kinds):
    world = scene()
    client.force_login(world.users[who])

    response = client.get(NEW, {"kind": "arrivals"})

    assert [key for key, _label in response.context["form"].fields["kind"].choices] == kinds


def test_the_units_on_offer_are_those_in_reach_and_the_own_unit_comes_first(client):
    world = scene()
    client.force_login(world.users["county"])

    offered = [name for _pk, name in client.get(NEW).context["form"].fields["unit"].choices]

    assert offered[0] == "福鼎市"
    assert set(offered) == {"福鼎市", "点头镇", "桐山街道"}


def test_a_roster_is_not_handed_in_for_a_unit_out_of_reach(client):
    world = scene()

    response = upload(client, world.users["county"], unit=world.units["beside town"])

    assert response.status_code == 200
    assert "unit" in response.context["form"].errors
    assert not Import.objects.exists()


def test_the_county_centre_is_where_members_report_unless_said_otherwise(client):
    world = scene()
    client.force_login(world.users["county"])

    field = client.get(NEW).context["form"].fields["station"]

    assert field.initial == world.units["station"].pk


def test_a_kind_that_is_not_the_users_is_refused(client):
    world = scene()

    response = upload(client, world.users["station"], kind="departures", unit=world.units["station"])

    assert "kind" in response.context["form"].errors
    assert not Import.objects.exists()


IMPORT_PAGES = {
    "county": 200, "city": 200, "town": 404, "station": 404, "admin": 403, "foreign county": 404,
}  # fmt: skip


@pytest.mark.parametrize(("who", "status"), IMPORT_PAGES.items())
def test_who_may_open_an_import(client, who, status):
    world = scene()
    batch = checked(client, world)
    client.force_login(world.users[who])

    response = page(client, batch, tab="new")

    assert response.status_code == status
    assert ("缪春花" in response.content.decode()) is (who == "county")


@pytest.mark.parametrize("name", ["import-columns", "import-commit", "import-retry", "import-undo", "import-wrong"])
@pytest.mark.parametrize(
    ("who", "status"), [("city", 403), ("town", 404), ("station", 404), ("admin", 403), ("foreign county", 404)]
)
def test_who_may_not_work_on_an_import(client, name, who, status):
    world = scene()
    batch = checked(client, world)
    client.force_login(world.users[who])
    address = reverse(f"rosters:{name}", args=[batch.pk])

    response = client.get(address) if name == "import-wrong" else client.post(address)

    batch.refresh_from_db()
    assert response.status_code == status
    assert batch.state == Import.State.CHECKED


def test_the_list_holds_the_imports_in_reach_and_filters_them(client):
    world = scene()
    checked(client, world)
    client.force_login(world.users["county"])

    def names(**params):
        return [batch.file_name for batch in client.get(LIST, params).context["page"].rows]

    assert names() == names(kind="departures") == names(state="checked") == names(mine="on") == ["名册.csv"]
    assert names(kind="arrivals") == names(state="undone") == []
    client.force_login(world.users["foreign county"])
    assert names() == []


def test_the_list_takes_the_same_queries_with_one_and_three_imports(client):
    world = scene()
    counts = []
    for _number in range(3):
        uploaded(client, world)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[-1]
    assert counts[0] <= 12


def test_the_preview_takes_the_same_queries_with_one_and_three_rows(client):
    world = scene()
    counts = []
    for rows in (1, 3):
        names = ("缪春花", "卓秋月", "阮冬梅")[:rows]
        batch = checked(client, world, csv(ORIGIN_HEAD, *[GOOD.replace("缪春花", name) for name in names]))
        page(client, batch)
        with CaptureQueriesContext(connection) as queries:
            page(client, batch)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- the steps ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_real_rosters_go_through_the_wizard_and_meet_on_the_board(client):
    world = scene()
    county = world.units["beside county"]
    batch = uploaded(
        client, world, (SAMPLES / "origin.xlsx").read_bytes(), who="foreign county", unit=county,
        station=world.units["beside station"], name="流出.xlsx",
    )  # fmt: skip
    step(client, "import-columns", batch, columns_of(page(client, batch)))
    assert (batch.state, batch.wrong) == ("checked", 0)
    step(client, "import-commit", batch)
    assert (batch.state, Departure.objects.count()) == ("committed", batch.new)

    upload(client, world.users["foreign station"], (SAMPLES / "arrival.xlsx").read_bytes(), kind="arrivals",
           unit=world.units["beside station"], name="流入.xlsx")  # fmt: skip
    other = Import.objects.get(kind="arrivals")
    step(client, "import-columns", other, columns_of(page(client, other)))
    step(client, "import-commit", other)
    for job in Job.objects.filter(kind="match.run", state="queued"):
        run_inline(job)

    counts = {tab["url"]: tab["count"] for tab in client.get("/rosters/board/").context["tabs"]}
    assert Arrival.objects.count() == other.new
    assert counts["?tab=matched"] + counts["?tab=conflicting"] > 200
    text = client.get("/rosters/board/").content.decode()
    assert "流出地名册" in text
    assert str(world.users["foreign county"]) in text


def test_the_page_follows_the_state_of_the_import(client):
    world = scene()
    batch = uploaded(client, world)
    assert "rosters/_columns.html" in templates(page(client, batch))

    client.post(reverse("rosters:import-columns", args=[batch.pk]), columns_of(page(client, batch)))
    response = page(client, batch)
    assert "rosters/_working.html" in templates(response)
    assert reverse("rosters:progress", args=[Job.objects.get(kind="import.check").pk]) in response.content.decode()

    run_inline(Job.objects.get(kind="import.check"))
    response = page(client, batch)
    assert "rosters/_to_commit.html" in templates(response)
    assert "确认写入 1 行" in response.content.decode()

    step(client, "import-commit", batch)
    response = page(client, batch)
    assert "rosters/_result.html" in templates(response)
    assert "撤销整次导入" in response.content.decode()


def templates(response) -> set:
    return {template.name for template in response.templates}


def test_a_file_that_cannot_be_read_says_why_in_words(client):
    world = scene()
    batch = uploaded(client, world, b"PK\x03\x04" + b"\0" * 100, name="名册.xlsx")

    text = page(client, batch).content.decode()

    assert batch.state == Import.State.FAILED
    assert "文件无法读取" in text
    assert page(client, batch).context["problem"].endswith("。")


@pytest.mark.parametrize(
    ("name", "content"),
    [("名册.pdf", b"%PDF-1.7"), ("名册.xlsx", b"not a zip"), ("名册.csv", b""), ("名册.exe", b"MZ")],
)
def test_what_is_not_a_spreadsheet_is_refused_beside_the_field(client, name, content):
    world = scene()

    response = upload(client, world.users["county"], content, unit=world.units["county"], name=name)

    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused_beside_the_field(client):
    world = scene()
    content = b"x" * (UPLOAD_LIMITS.file_bytes + 1)

    response = upload(client, world.users["county"], content, unit=world.units["county"])

    assert "超过" in str(response.context["form"].errors["file"])
    assert not Import.objects.exists()


def test_the_choice_of_columns_is_remembered_for_the_next_roster(client):
    world = scene()
    batch = uploaded(client, world)
    data = columns_of(page(client, batch))
    place = next(name for name, value in data.items() if value == "destination")
    data.pop(place)
    step(client, "import-columns", batch, data)
    assert ColumnMemory.objects.get(title="外出地点").field == ""

    again = uploaded(client, world)
    response = page(client, again)

    assert place not in columns_of(response)
    assert "沿用上次" in response.content.decode()


def test_a_field_given_twice_and_a_missing_name_are_said_beside_the_column(client):
    world = scene()
    batch = uploaded(client, world)
    data = columns_of(page(client, batch))
    name = next(key for key, value in data.items() if value == "name")
    sex = next(key for key, value in data.items() if value == "sex")

    twice = step(client, "import-columns", batch, data | {sex: "name"})
    assert twice.status_code == 422
    assert sex in twice.context["form"].errors

    nameless = step(client, "import-columns", batch, {k: v for k, v in data.items() if k != name})
    assert nameless.status_code == 422
    assert "没有对应姓名的列" in nameless.content.decode()

    no_sheet = step(client, "import-columns", batch, {k: v for k, v in data.items() if not k.startswith("use-")})
    assert no_sheet.status_code == 422
    assert batch.state == Import.State.UPLOADED


def test_the_first_values_are_shown_with_their_numbers_masked(client):
    world = scene()
    number, phone = make.id_number(), "13900006624"
    batch = uploaded(client, world, csv(ORIGIN_HEAD, f"缪春花,女,1985-08-12,{number},过笕党支部,{phone},2021-02,桐山"))

    text = page(client, batch).content.decode()

    assert "缪春花" in text
    assert number not in text
    assert phone not in text
    assert masked(phone) in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13900006624", "139****6624"), ("电话13900006624转3", "电话139****6624转3"), ("叠石乡12号", "叠石乡12号"),
        ("350982198508120020", "350982********0020"), ("1985-08-12", "1985-08-12"),
    ],
)  # fmt: skip
def test_long_numbers_are_masked_wherever_they_stand(text, shown):
    assert masked(text) == shown


def test_a_spaced_number_in_a_column_of_numbers_is_hidden_whole():
    assert set(masked("139 0000 6624", is_private=True)) == {"*"}


@pytest.mark.parametrize(
    ("text", "is_private", "shown"),
    [
        ("19650412", False, "19650412"), ("入党19930701转正19940701", False, "入党19930701转正19940701"),
        ("19650412", True, "********"), ("19651332", False, "********"), ("87654321", False, "********"),
        ("0593-7654321", False, "0593-*******"), ("35098219650412002", False, "350982*******2002"),
        ("350982650412002", False, "350982*****2002"),
    ],
)  # fmt: skip
def test_a_day_of_eight_digits_is_no_number_to_hide(text, is_private, shown):
    assert masked(text, is_private=is_private) == shown


def test_each_verdict_opens_its_rows_with_reasons_in_words(client):
    world = scene()
    batch = checked(client, world)

    wrong = page(client, batch, tab="wrong").content.decode()
    duplicate = page(client, batch, tab="duplicate").content.decode()

    assert (batch.new, batch.duplicate, batch.wrong) == (1, 1, 1)
    assert "缺少姓名" in wrong
    assert "与第 2 行为同一人" in duplicate
    assert "13700000913" not in wrong


def test_a_changed_row_names_what_changes(client):
    world = scene()
    batch = checked(client, world, csv(ORIGIN_HEAD, GOOD))
    step(client, "import-commit", batch)
    again = checked(client, world, csv(ORIGIN_HEAD, GOOD.replace("桐山街道", "山前街道")))

    response = page(client, again, tab="changed")

    assert again.changed == 1
    said = Change("流入地", "桐山街道", "山前街道")
    assert [view.changes for view in response.context["rows"]] == [[said]]
    step(client, "import-commit", again)
    assert [view.changes for view in page(client, again, tab="changed").context["rows"]] == [[said]]


def test_a_changed_number_shows_only_what_its_masks_show(client):
    world = scene()
    row = GOOD.replace("12,,", f"12,{make.id_number('1985-08-12', female=True)},")
    batch = checked(client, world, csv(ORIGIN_HEAD, row))
    step(client, "import-commit", batch)
    phone = Departure.objects.get().phone_mask
    numbers = "13900006624", "13900007724"
    again = checked(client, world, csv(ORIGIN_HEAD, row.replace(*numbers)))

    response = page(client, again, tab="changed")

    (change,) = response.context["rows"][0].changes
    assert (change.label, change.before) == ("手机", phone)
    assert change.after not in ("", phone)
    assert not any(number in response.content.decode() for number in numbers)


def test_only_the_wrong_rows_are_taken_out_corrected_and_handed_in_again(client):
    world = scene()
    batch = checked(client, world)

    response = client.get(reverse("rosters:import-wrong", args=[batch.pk]))
    content = b"".join(response.streaming_content)
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert head == [*ORIGIN_HEAD.split(","), "错误原因"]
    assert row[:-1] == WRONG.split(",")
    assert "缺少姓名" in row[-1]
    assert AuditEvent.objects.get(verb="import.wrong_rows_taken").facts["rows"] == 1

    fixed = csv(",".join(head), ",".join(["丁大明", *row[1:]]))
    query = f"?corrects={batch.pk}"
    assert upload(client, world.users["county"], fixed, query=query).status_code == 302
    again = Import.objects.get(corrects=batch)
    step(client, "import-columns", again, columns_of(page(client, again)))

    assert (again.unit, again.station, again.kind) == (batch.unit, batch.station, batch.kind)
    assert (again.new, again.wrong) == (1, 0)


def test_the_wrong_rows_are_read_again_as_they_stand(client):
    world = scene()
    batch = checked(client, world)
    response = client.get(reverse("rosters:import-wrong", args=[batch.pk]))
    content = b"".join(response.streaming_content)

    upload(client, world.users["county"], content, name="更正.xlsx", query=f"?corrects={batch.pk}")
    again = Import.objects.get(corrects=batch)
    step(client, "import-columns", again, columns_of(page(client, again)))

    before, after = (ImportRow.objects.get(batch=one, verdict="wrong").problems for one in (batch, again))
    assert after == before


def test_a_wrong_row_comes_back_under_the_title_of_its_section(client):
    world = scene()
    town, width = world.units["branch"].parent.parent.name, "," * ORIGIN_HEAD.count(",")
    wrong = WRONG.replace("福鼎市点头镇过笕党支部", "")
    batch = checked(client, world, csv(ORIGIN_HEAD, WRONG, f"一、{town}{width}", GOOD, wrong, wrong))
    assert batch.wrong == 3

    response = client.get(reverse("rosters:import-wrong", args=[batch.pk]))
    content = b"".join(response.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    assert [row[0] for row in rows] == ["姓名", "", town, "", ""]
    upload(client, world.users["county"], content, name="更正.xlsx", query=f"?corrects={batch.pk}")
    again = Import.objects.get(corrects=batch)
    step(client, "import-columns", again, columns_of(page(client, again)))
    assert [as_typed(row)[1] for row in ImportRow.objects.filter(batch=again).order_by("position")] == ["", town, town]


def test_a_correction_of_an_import_out_of_reach_is_not_found(client):
    world = scene()
    batch = checked(client, world)

    response = upload(client, world.users["foreign county"], query=f"?corrects={batch.pk}")

    assert response.status_code == 404


def test_an_undone_import_leaves_nothing_behind(client):
    world = scene()
    batch = checked(client, world)
    step(client, "import-commit", batch)
    assert Departure.objects.count() == 1

    response = client.post(reverse("rosters:import-undo", args=[batch.pk]), follow=True)

    assert "撤回 1 行" in response.content.decode()
    assert not Departure.objects.exists()
    assert Import.objects.get(pk=batch.pk).state == Import.State.UNDONE


def test_an_undo_that_something_depends_on_lists_it(client):
    world = scene()
    batch = checked(client, world)
    step(client, "import-commit", batch)
    Departure.objects.update(state="refused", closed_at=timezone.now(), closing_reason="不在本地")

    response = client.post(reverse("rosters:import-undo", args=[batch.pk]))

    assert response.status_code == 409
    assert "缪春花" in response.content.decode()
    assert "不能撤销" in response.content.decode()
    assert Departure.objects.count() == 1


def test_a_second_commit_writes_nothing_more(client):
    world = scene()
    batch = checked(client, world)

    step(client, "import-commit", batch)
    response = client.post(reverse("rosters:import-commit", args=[batch.pk]), follow=True)

    assert "请刷新页面" in response.content.decode()
    assert Departure.objects.count() == 1


def test_a_failed_check_can_be_started_again(client):
    world = scene()
    batch = uploaded(client, world)
    client.post(reverse("rosters:import-columns", args=[batch.pk]), columns_of(page(client, batch)))
    Job.objects.filter(kind="import.check").update(state="failed", finished_at=timezone.now(), error="断电")

    text = page(client, batch).content.decode()
    step(client, "import-retry", batch)

    assert "断电" in text
    assert reverse("rosters:import-retry", args=[batch.pk]) in text
    assert batch.state == Import.State.CHECKED


@pytest.mark.parametrize("kind", ["departures", "arrivals"])
def test_the_sample_is_itself_a_roster_without_a_fault(client, kind):
    world = scene()
    who, unit = ("county", "county") if kind == "departures" else ("station", "station")
    client.force_login(world.users[who])
    sample = b"".join(client.get(reverse("rosters:import-sample"), {"kind": kind}).streaming_content)

    batch = uploaded(client, world, sample, who=who, kind=kind, unit=world.units[unit], name="样表.xlsx")
    step(client, "import-columns", batch, columns_of(page(client, batch)))

    assert (batch.new, batch.wrong) == (2, 0)
    sheets = page(client, batch, columns=1).context["sheets"]
    assert all(column.field for column in sheets[0].columns)


def test_arrivals_are_registered_at_the_station_that_hands_them_in(client):
    world = scene()
    row = "缪春花,女,1985-08-12,,13900006624,桐山街道富民路1号,点头镇过笕党支部,2021-03"
    batch = checked(
        client, world, csv(ARRIVAL_HEAD, row), who="station", kind="arrivals", unit=world.units["station"],
        station=world.units["beside station"],
    )  # fmt: skip

    step(client, "import-commit", batch)

    assert Arrival.objects.get().station == world.units["station"]
