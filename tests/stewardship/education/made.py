"""Education to test with."""

import io
import zipfile
from datetime import date
from decimal import Decimal

from tests import places as make
from waystation.stewardship.contacts.actions import excuse_member
from waystation.stewardship.education import actions
from waystation.stewardship.education.models import Attendance

NOON = make.NOON
DAY = date(2026, 11, 20)
Mark = Attendance.Mark


def members(places, *names, starts_on=date(2025, 12, 1), **more):
    """People in care of the station since last year."""
    return [make.stay(places, name, starts_on=starts_on, **more).person for name in names]


def excuse(person, starts_on=date(2026, 1, 1)):
    return excuse_member(person, reason="aged", starts_on=starts_on, by=None, at=NOON)


def occasion(unit, *, kind="theme_day", held_on=DAY, hours="3", topic="学习党章", by=None, at=NOON, **more):
    return actions.enter_occasion(
        unit=unit, kind=kind, held_on=held_on, hours=Decimal(hours), topic=topic, by=by, at=at, **more
    )


def marked(made, *present, rest=Mark.ABSENT, by=None):
    """The roll marked: these people present, the others as `rest`."""
    lines = made.roll.filter(person__in=[person.pk for person in present]).values_list("pk", flat=True)
    actions.mark(made, Mark.PRESENT, lines=list(lines), by=by, at=NOON)
    actions.mark(made, rest, by=by, at=NOON)
    return made


def held(unit, *present, by=None, **more):
    """An occasion with a closed roll."""
    return actions.close_roll(marked(occasion(unit, by=by, **more), *present, by=by), by=by, at=NOON)


def study(person, hours="2", *, source="home", learnt_on=DAY, by=None):
    return actions.record_study(
        person, source=source, learnt_on=learnt_on, hours=Decimal(hours), title="自学", by=by, at=NOON
    )


def report(person, hours="2", *, by, learnt_on=DAY, at=NOON):
    return actions.report_study(
        person, source="home", learnt_on=learnt_on, hours=Decimal(hours), title="自学", by=by, at=at
    )


def text_of(response):
    """Everything written in the workbook of the answer."""
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode() + (
            book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        )
