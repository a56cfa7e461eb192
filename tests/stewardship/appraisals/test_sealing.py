"""Nobody reads a score before the round is unsealed, and what is handed in stays as it is."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests import places as make
from tests.stewardship.appraisals import rounds as make_round
from tests.stewardship.appraisals.rounds import DUE, OPENED
from waystation.kernel.models import AuditEvent
from waystation.stewardship.appraisals import sheets
from waystation.stewardship.appraisals.actions import assessing, errors, unsealing
from waystation.stewardship.appraisals.models import Appraisal, Assessment
from waystation.stewardship.appraisals.sheets import NotASheet, Sheet, StillSealed

pytestmark = pytest.mark.django_db
CANARY = 73
REASON = "此评语不得外泄"


@pytest.fixture
def held(places):
    make.stay(places)
    return make_round.opened(places["station"])


def test_no_score_before_the_round_is_opened(places):
    make.stay(places)
    held = make_round.published(places["station"])

    assert not Assessment.objects.filter(round=held).exists()
    appraisal = Appraisal.objects.create(
        round=held, person=make.stay(places, "乙").person, stay=make.stay(places, "丙"), station=places["station"],
        station_path="x", origin=places["branch"], origin_path="x", is_probationary=False, is_excused=False,
    )  # fmt: skip
    row = Assessment(round=held, appraisal=appraisal, side="station", person=appraisal.person)
    sheets.close(row, make_round.sheet(held))
    row.handed_in_at, row.handed_in_by = OPENED, make.user()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    bare = Assessment.objects.create(round=held, appraisal=appraisal, side="station", person=appraisal.person)
    with pytest.raises(errors.NotInThisState):
        assessing.hand_in(bare, make_round.sheet(held), by=make.user(), at=OPENED)


def test_a_sheet_is_not_opened_while_the_round_is_sealed_not_even_for_its_writer(held):
    row = make_round.hand_in(held, "station", CANARY, reason=REASON)

    with pytest.raises(StillSealed):
        sheets.opened(row)
    with pytest.raises(StillSealed):
        sheets.opened_by_unsealing([row], held)


def test_no_row_of_the_database_no_event_and_no_repr_tells_a_score(held):
    row = make_round.hand_in(held, "station", CANARY, reason=REASON)
    make_round.hand_in(held, "origin", CANARY, reason=REASON)

    said = [repr(row), str(row), repr(make_round.sheet(held, CANARY))]
    for event in AuditEvent.objects.all():
        said.append(f"{event.verb} {event.facts} {event.fields} {event.purpose} {event.object_label}")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("appraisals_", "duty_")):
                cursor.execute(f"SELECT * FROM {table}")
                said += [str(value) for line in cursor.fetchall() for value in line if isinstance(value, str)]
    assert not [text for text in said if REASON in text or f": {CANARY}" in text or f" {CANARY} " in text]
    one = held.appraisals.get()
    assert [one.points, one.station_points, one.origin_points, one.gap] == [None, None, None, 0]


def test_the_length_of_a_sealed_sheet_tells_nothing(held):
    low = make_round.hand_in(held, "station", 0)
    high = make_round.hand_in(held, "origin", 100, reason="理由" * 20)

    assert len(low.sheet) == len(high.sheet)


def test_what_is_handed_in_is_never_changed(held):
    row = make_round.hand_in(held, "station")

    with pytest.raises(errors.AlreadyHandedIn):
        assessing.hand_in(row, make_round.sheet(held, 10), by=make.user(), at=OPENED)
    for change in ({"handed_in_at": OPENED + timedelta(days=1)}, {"handed_in_at": None, "handed_in_by": None,
                                                                  "sheet": None}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=row.pk).delete()


def test_nobody_speaks_for_both_sides(held):
    officer = make.user()
    make_round.hand_in(held, "station", by=officer)

    with pytest.raises(errors.OtherSideScored):
        make_round.hand_in(held, "origin", by=officer)


@pytest.mark.parametrize("points", [{}, {"x": 1}, {"all": 101}, {"all": -1}, {"all": True}, {"all": 1.5}])
def test_only_whole_points_for_exactly_the_criteria_are_taken(held, points):
    ids = [str(pk) for pk in held.criteria.values_list("pk", flat=True)]
    given = dict.fromkeys(ids, points["all"]) if "all" in points else points

    with pytest.raises(NotASheet):
        assessing.hand_in(make_round.of(held, "station"), Sheet(given), by=make.user(), at=OPENED)


def _after_due() -> datetime:
    return OPENED + (DUE - OPENED.date()) + timedelta(days=1)


def test_a_round_is_unsealed_when_everything_required_is_in(held):
    for side in ("self", "station"):
        make_round.hand_in(held, side)
    with pytest.raises(errors.SomethingMissing):
        unsealing.unseal_round(held, reason="不等", by=make.user(), at=OPENED)
    make_round.hand_in(held, "origin")
    done = unsealing.unseal_round(held, by=make.user(), at=OPENED)

    assert done.state == "unsealed"
    assert sheets.opened(make_round.of(held, "station")).points == make_round.sheet(held).points


def test_after_the_last_day_it_goes_on_without_only_with_a_written_reason(held):
    make_round.hand_in(held, "station", 92)
    with pytest.raises(errors.SomethingMissing):
        unsealing.unseal_round(held, by=make.user(), at=_after_due())
    done = unsealing.unseal_round(held, reason="本人在外", by=make.user(), at=_after_due())

    one = done.appraisals.get()
    assert (done.unsealing_reason, one.origin_points, one.points, one.gap) == ("本人在外", None, 92, 0)
    with pytest.raises(errors.NotInThisState):
        make_round.hand_in(held, "origin")


def test_the_arithmetic_is_the_weighed_mean_and_the_gap_is_counted_in_grades(places):
    make.stay(places)
    held = make_round.unsealed(places["station"], station=91, origin=74, own=80)

    one = held.appraisals.get()
    assert (one.self_points, one.station_points, one.origin_points) == (80, 91, 74)
    assert one.points == (80 * 20 + 91 * 40 + 74 * 40) / 100
    assert one.gap == 2
