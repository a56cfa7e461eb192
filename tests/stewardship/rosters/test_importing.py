import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from tests.stewardship.rosters.bring_in import (
    ARRIVAL_HEAD,
    ORIGIN_HEAD,
    SAMPLES,
    bring_in,
    check,
    commit,
    csv,
    real_county,
    small_county,
    upload,
    user,
)
from waystation.kernel.jobs import Job, reap, run_inline
from waystation.kernel.models import AuditEvent
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Arrival, Departure, Membership, Person
from waystation.stewardship.rosters.actions import committing, importing, undoing
from waystation.stewardship.rosters.actions.confirming import ORIGIN, confirm_pair
from waystation.stewardship.rosters.models import ColumnMemory, Import, ImportRow, MatchCandidate
from waystation.stewardship.rosters.place_kinds import place_kind
from waystation.stewardship.rosters.queries.changes import changes_of
from waystation.stewardship.rosters.reading import cells_of, problem_words

pytestmark = pytest.mark.django_db

CHEN = "陈丽,女,1985年8月,350982198508120020,福鼎市叠石乡竹阳党支部,13900006624,2021-02,桐山街道"
LIN = "林志强,男,1972.3.9,,叠石乡庙边党支部,13700000913,2020/5/1,山前街道"
TWENTY_FIVE = [
    f"丁{given},女,1985-08-12,,竹阳党支部,,2024-03,广东"
    for given in "春夏秋冬梅兰竹菊金木水火土江河湖海山川田园花草树云"
]


@pytest.mark.parametrize(("town", "code"), [("gutian", "350922"), ("fuding", "350982")])
def test_a_sample_roster_goes_in_whole(town, code):
    place = real_county(code)
    truth = json.loads((SAMPLES / town / "truth.json").read_text())

    origin = bring_in(place, "departures", (SAMPLES / town / "origin.xlsx").read_bytes(), "origin.xlsx")
    arrival = bring_in(place, "arrivals", (SAMPLES / town / "arrival.xlsx").read_bytes(), "arrival.xlsx")

    assert (origin.new, origin.wrong) == (truth["origin"], 0)
    assert (arrival.new, arrival.wrong) == (truth["arrival"], 0)
    assert Departure.objects.count() == Person.objects.count() == truth["origin"]
    assert Membership.objects.count() == Person.objects.filter(home__kind="branch").count()
    assert Arrival.objects.count() == truth["arrival"]


@pytest.mark.parametrize("kind", ["departures", "arrivals"])
def test_the_same_file_twice_changes_nothing(kind):
    place = real_county("350922")
    content = (SAMPLES / "gutian" / ("origin.xlsx" if kind == "departures" else "arrival.xlsx")).read_bytes()
    first = bring_in(place, kind, content, "first.xlsx")
    model = Departure if kind == "departures" else Arrival
    before = sorted(model.objects.values_list("pk", "name_key", "phone_index", "id_index"))

    second = bring_in(place, kind, content, "second.xlsx")

    assert (second.new, second.changed, second.wrong) == (0, 0, 0)
    assert second.duplicate == first.new + first.duplicate
    assert sorted(model.objects.values_list("pk", "name_key", "phone_index", "id_index")) == before


def test_one_bad_row_never_rejects_the_others():
    place = small_county()
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, CHEN, ",男,1990-01,,竹阳党支部,13800000000,,", LIN))

    assert (batch.new, batch.wrong) == (2, 1)
    wrong = ImportRow.objects.get(batch=batch, verdict="wrong")
    assert wrong.number == 3
    assert problem_words(wrong.problems[0]) == "Name: The name is missing." or "姓名" in problem_words(
        wrong.problems[0]
    )
    assert dict(cells_of(wrong))["联系电话"] == "13800000000"


def test_a_branch_of_another_unit_is_refused_with_its_reason():
    place = small_county()
    branch = Unit.objects.get(name="竹阳党支部")
    batch = check(upload(place, "departures", csv(ORIGIN_HEAD, CHEN, LIN), "a.csv", unit=branch))

    assert (batch.new, batch.wrong) == (1, 1)
    assert ImportRow.objects.get(batch=batch, verdict="wrong").problems[0]["code"] == "branch_elsewhere"


def test_the_same_person_twice_in_a_file_is_a_duplicate_that_names_the_row():
    place = small_county()
    again = "陈　丽,女,,350982198508120020,叠石乡竹阳党支部,,,"
    batch = check(upload(place, "departures", csv(ORIGIN_HEAD, CHEN, LIN, again), "a.csv"))

    assert (batch.new, batch.duplicate) == (2, 1)
    row = ImportRow.objects.get(batch=batch, verdict="duplicate")
    assert (row.same_as, row.problems[-1]["row"]) == (1, "2")


def test_namesakes_born_the_same_day_stay_two_people():
    place = small_county()
    one = "林建国,男,1970-01-01,,叠石乡竹阳党支部,13900000001,,"
    other = "林建国,男,1970-01-01,,叠石乡竹阳党支部,13900000002,,"
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, one, other))

    assert (batch.new, Person.objects.count()) == (2, 2)


@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize("kind", ["departures", "arrivals"])
def test_namesakes_of_whom_nothing_else_is_known_are_neither_lost_nor_doubled(monkeypatch, kind, chunk):
    monkeypatch.setattr(importing, "CHUNK", chunk)
    monkeypatch.setattr(committing, "CHUNK", chunk)
    place = small_county()
    if kind == "departures":
        head, model, row = ORIGIN_HEAD, Departure, "雷小妹,女,1978-02,,叠石乡竹阳党支部,,2026-0{},桐山街道"
    else:
        head, model, row = ARRIVAL_HEAD, Arrival, "雷小妹,女,1978-02,,,桐山街道,叠石乡竹阳党支部,2026-0{}"
    rows = [row.format(month) for month in (1, 2, 3)]

    first = bring_in(place, kind, csv(head, *rows))
    again = bring_in(place, kind, csv(head, *rows), "again.csv")
    grown = bring_in(place, kind, csv(head, *rows, row.format(4)), "grown.csv")

    assert (first.new, first.duplicate) == (3, 0)
    assert (again.new, again.changed, again.duplicate) == (0, 0, 3)
    assert (grown.new, grown.changed, grown.duplicate) == (1, 0, 3)
    assert model.objects.count() == 4


def test_a_later_roster_changes_what_it_says_anew_and_nothing_else():
    place = small_county()
    bring_in(place, "departures", csv(ORIGIN_HEAD, CHEN))
    moved = CHEN.replace("桐山街道", "桐城街道").replace("13900006624", "")
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, moved), "second.csv")

    departure = Departure.objects.get()
    assert (batch.changed, departure.destination_text, departure.phone_tail) == (1, "桐城街道", "6624")


def test_the_choice_of_columns_is_remembered_for_the_unit():
    place = small_county()
    head = ORIGIN_HEAD.replace("联系电话", "党员热线")
    batch = upload(place, "departures", csv(head, CHEN), "a.csv")
    tables = batch.tables
    tables[0]["columns"][5][2] = "phone"
    importing.set_columns(batch, tables, by=batch.created_by, at=timezone.now())

    again = upload(place, "departures", csv(head, LIN), "b.csv")

    assert again.tables[0]["columns"][5] == [5, "党员热线", "phone"]
    assert ColumnMemory.objects.filter(unit=place.county, title="党员热线", field="phone").exists()


def test_a_roster_without_a_name_column_cannot_go_on():
    place = small_county()
    batch = upload(place, "departures", csv(ORIGIN_HEAD, CHEN), "a.csv")
    tables = batch.tables
    tables[0]["columns"][0][2] = None
    with pytest.raises(importing.NoNameColumn):
        importing.set_columns(batch, tables, by=batch.created_by, at=timezone.now())


def test_a_file_that_is_no_spreadsheet_is_refused_in_words():
    place = small_county()
    batch = upload(place, "departures", b"PK\x03\x04 broken", "a.xlsx")

    assert batch.state == Import.State.FAILED
    assert batch.problem


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs in the worker."""


def test_a_worker_killed_in_the_middle_resumes_without_loss_or_doubles(monkeypatch):
    place = small_county()
    rows = [f"林{chr(0x4E00 + i)},男,1980-01-01,,叠石乡竹阳党支部,139{i:08d},," for i in range(1200)]
    batch = check(upload(place, "departures", csv(ORIGIN_HEAD, *rows), "many.csv"))
    job = importing.start_commit(batch, by=place.origin_user, at=timezone.now())
    calls = []

    def dying(real):
        def beat(*args):
            calls.append(args)
            if len(calls) == 2:
                raise Killed
            return real(*args)

        return beat

    real = committing.commit_rows
    monkeypatch.setattr(
        committing,
        "commit_rows",
        lambda b, *, by, beat: real(
            b, by=by, beat=type("Beat", (), {"checkpoint": staticmethod(dying(beat.checkpoint))})
        ),
    )
    with pytest.raises(Killed):
        run_inline(job)
    monkeypatch.undo()
    assert Departure.objects.count() == 500  # the first chunk is whole, the second rolled back

    reap(timezone.now() + timedelta(minutes=2))
    assert run_inline(job).state == Job.State.DONE

    names = list(Departure.objects.values_list("full_name", flat=True))
    assert (len(names), len(set(names))) == (1200, 1200)
    batch.refresh_from_db()
    assert (batch.state, batch.new) == (Import.State.COMMITTED, 1200)
    assert AuditEvent.objects.filter(verb="departure.registered").count() == 1200


def test_an_import_nobody_acted_upon_is_undone_whole():
    place = small_county()
    bring_in(place, "departures", csv(ORIGIN_HEAD, CHEN))
    moved = CHEN.replace("桐山街道", "桐城街道")
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, moved, LIN), "second.csv")

    result = undoing.undo_import(batch, by=place.origin_user, at=timezone.now())

    assert (result.removed, result.restored) == (1, 1)
    departure = Departure.objects.get()
    assert departure.destination_text == "桐山街道"
    assert Person.objects.count() == 1
    assert AuditEvent.objects.filter(verb="import.undone").count() == 1


def test_an_import_that_something_depends_on_is_not_undone_and_says_why():
    place = small_county()
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, CHEN))
    arrival_head = "党员姓名,公民身份号码,手机"
    bring_in(place, "arrivals", csv(arrival_head, "陈丽,350982198508120020,13900006624"))
    candidate = MatchCandidate.objects.filter(lane="matched").first() or _match(place)
    confirm_pair(candidate, side=ORIGIN, by=place.origin_user, at=timezone.now())

    with pytest.raises(undoing.UndoRefused) as refused:
        undoing.undo_import(batch, by=place.origin_user, at=timezone.now())

    assert any("陈丽" in sentence for sentence in refused.value.dependants)
    assert Departure.objects.count() == 1


def test_who_came_back_stands_in_the_way_however_many_have_gone_elsewhere():
    place = small_county()
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, *TWENTY_FIVE, LIN))
    Departure.objects.update(state="departed", closed_at=None)
    Departure.objects.filter(full_name="林志强").update(state="returned", closed_at=timezone.now())

    with pytest.raises(undoing.UndoRefused) as refused:
        undoing.undo_import(batch, by=place.origin_user, at=timezone.now())

    assert [sentence.split("：")[0].split(":")[0] for sentence in refused.value.dependants] == ["林志强"]


def test_what_stands_in_the_way_is_counted_beyond_twenty():
    place = small_county()
    batch = bring_in(place, "departures", csv(ORIGIN_HEAD, *TWENTY_FIVE))
    Departure.objects.update(state="returned", closed_at=timezone.now())

    with pytest.raises(undoing.UndoRefused) as refused:
        undoing.undo_import(batch, by=place.origin_user, at=timezone.now())

    assert (len(refused.value.dependants), refused.value.more) == (20, 5)


def _match(place):
    for job in Job.objects.filter(kind="match.run", state=Job.State.QUEUED):
        run_inline(job)
    return MatchCandidate.objects.get(lane="matched")


def test_a_commit_that_finds_the_register_changed_writes_nothing_twice():
    place = small_county()
    one = check(upload(place, "departures", csv(ORIGIN_HEAD, CHEN), "one.csv"))
    two = check(upload(place, "departures", csv(ORIGIN_HEAD, CHEN), "two.csv"))
    commit(one)
    commit(two)

    two.refresh_from_db()
    assert (Departure.objects.count(), two.new, two.duplicate) == (1, 0, 1)
    assert user()


# --- 外出流向: the place in some rosters, its kind in others ---------------------------------------

WHO = "姓名,出生年月,所在党支部,外出时间"


def moves(*rows):
    """What the rows left in the register, by name."""
    bring_in(small_county(), "departures", csv(*rows))
    return {row.full_name: (row.place_kind, row.destination_text) for row in Departure.objects.all()}


def test_a_word_of_the_list_is_the_kind_and_anything_else_the_destination():
    said = moves(
        f"{WHO},外出流向",
        "丁春,1985-08-12,竹阳党支部,2024-03,个体工商户",
        "丁夏,1985-08-12,竹阳党支部,2024-03,福鼎市桐山街道",
        "丁秋,1985-08-12,竹阳党支部,2024-03,1.公有经济控制单位（机关、事业单位）",
        "丁冬,1985-08-12,竹阳党支部,2024-03,港澳台商/外商",
        "丁梅,1985-08-12,竹阳党支部,2024-03,无",
        "丁兰,1985-08-12,竹阳党支部,2024-03,城市社区附近",
    )

    assert said == {
        "丁春": ("self_employed", ""),
        "丁夏": ("", "福鼎市桐山街道"),
        "丁秋": ("public", ""),
        "丁冬": ("overseas", ""),
        "丁梅": ("", ""),
        "丁兰": ("", "城市社区附近"),
    }


def test_beside_a_column_of_places_it_is_the_kind():
    said = moves(
        f"{WHO},外出地点,外出流向",
        "丁春,1985-08-12,竹阳党支部,2024-03,上海市,建制村",
        "丁夏,1985-08-12,竹阳党支部,2024-03,,上海市",
        "丁秋,1985-08-12,竹阳党支部,2024-03,上海市,浦东",
    )

    assert said == {"丁春": ("village", "上海市"), "丁夏": ("", "上海市"), "丁秋": ("", "上海市")}
    problems = {row.name: row.problems for row in ImportRow.objects.all()}
    (problem,) = [one for one in problems["丁秋"] if one["field"] == "place_kind"]
    assert problem_words(problem) == "外出流向：不在外出流向类别之列，未采用；外出地点不变。"
    assert [one for one in problems["丁夏"] if one["field"] == "place_kind"] == []


def test_a_second_roster_changes_the_kind_and_its_undo_puts_it_back():
    place = small_county()
    head, row = f"{WHO},外出地点,外出流向", "丁春,1985-08-12,竹阳党支部,2024-03,上海市"
    bring_in(place, "departures", csv(head, f"{row},城市社区"))
    again = bring_in(place, "departures", csv(head, f"{row},建制村"))

    (changed,) = ImportRow.objects.filter(batch=again)
    assert (again.changed, Departure.objects.get().place_kind) == (1, "village")
    assert [(one.label, one.before, one.after) for one in changes_of(changed, "departures")] == [
        ("外出流向", "城市社区", "建制村")
    ]
    undoing.undo_import(again, by=place.origin_user, at=timezone.now())
    assert Departure.objects.get().place_kind == "urban"


def test_every_word_of_the_list_is_read_back():
    with override("zh-hans"):
        assert [place_kind(str(label)) for _value, label in Departure.PlaceKind.choices] == Departure.PlaceKind.values
    assert [place_kind(text) for text in ("私营企业", "事 业 单 位", "３、建制村", "", "上海市")] == [
        "private", "public", "village", "", "",
    ]  # fmt: skip
