"""Papers of a meeting on A4: the sheet to sign in before it, and its record afterwards (签到表、会议记录)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from waystation.kernel import papers
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.queries import is_excused
from waystation.stewardship.education.models import Attendance, Occasion, PlanItem
from waystation.stewardship.education.queries.expecting import expected_people
from waystation.stewardship.education.queries.occasions import roll_of
from waystation.stewardship.education.queries.plans import due_day

MOST_NAMES = 1000  # a sheet of more names takes too long to draw, and nobody signs in on it
_ROOM_FOR_OTHERS = 6
Mark = Attendance.Mark


@dataclass(frozen=True)
class Meeting:
    """What the head of a sheet says; an empty place or day is written in by hand.

    Excused members are not on the sheet: that they are excused is nobody's business at the door. Whoever of them
    comes signs on one of the lines left for others.
    """

    unit: Unit
    kind: str
    day: date | None
    topic: str
    place: str
    group_title: str
    names: Sequence[str] = field(repr=False)

    @property
    def rows(self) -> list:
        """Two names a row, each with its number, and room for others at the end."""
        lines = [*enumerate(self.names, start=1), *[("", "")] * _ROOM_FOR_OTHERS]
        lines += [("", "")] * (len(lines) % 2)
        return list(zip(lines[::2], lines[1::2], strict=True))


def meeting_of(occasion: Occasion) -> Meeting:
    """The sheet of an occasion whose roll is written: those expected on it."""
    lines = roll_of(occasion).filter(is_excused=False).order_by("person__name_key", "person__pk")
    return Meeting(
        occasion.unit, occasion.get_kind_display(), occasion.held_on, occasion.topic, occasion.place,
        occasion.group_title, _names(lines, "person__full_name"),
    )  # fmt: skip


def planned_meeting(item: PlanItem) -> Meeting:
    """The sheet of an item of a plan: those who would stand on its roll by what is known today."""
    unit, day = item.grid or item.plan.unit, due_day(item, item.plan.year)
    people = expected_people(unit, day, group_key=item.group_key, group_title=item.group_title)
    people = people.exclude(is_excused(day)).order_by("name_key", "pk")
    return Meeting(
        unit, item.get_kind_display(), item.day, item.topic, "", item.group_title, _names(people, "full_name")
    )


def _names(rows, name: str) -> list[str]:
    return list(rows.values_list(name, flat=True)[: MOST_NAMES + 1])


def record_of(occasion: Occasion, *, with_reasons: bool = False) -> dict:
    """What the record of a meeting says of its roll, so that every list of names is as long as its figure.

    Excused members who came are in no figure; they stand apart, those who did not come nowhere. Behind the names of
    those who were away stands why, for whoever may read it; to anybody else the record says that it is withheld.
    """
    names: dict = {}
    lines = roll_of(occasion).order_by("person__name_key", "person__pk")
    withheld = False
    for mark, excused, name, reason in lines.values_list("mark", "is_excused", "person__full_name", "reason"):
        withheld |= bool(reason) and not with_reasons
        shown = _("%(name)s (%(reason)s)") % {"name": name, "reason": reason} if reason and with_reasons else name
        names.setdefault("also" if excused and mark == Mark.PRESENT else mark, []).append(shown)
    return {
        "occasion": occasion, "present": names.get(Mark.PRESENT, []), "also": names.get("also", []),
        "leave": names.get(Mark.LEAVE, []), "absent": names.get(Mark.ABSENT, []), "open": names.get(Mark.OPEN, []),
        "withheld": withheld,
    }  # fmt: skip


def sign_in_html(meeting: Meeting, *, by, at: datetime, request=None, without_pdf: bool = False) -> str:
    """The print-ready sheet: what the PDF is drawn from, and what a browser prints without it."""
    context = {"meeting": meeting, "by": by, "at": at, "without_pdf": without_pdf}
    return render_to_string("education/sign_in.html", context, request=request)


def record_html(record: dict, *, by, at: datetime, request=None, without_pdf: bool = False) -> str:
    """The print-ready record."""
    context = {**record, "by": by, "at": at, "without_pdf": without_pdf}
    return render_to_string("education/record_paper.html", context, request=request)


def pdf(document: str) -> bytes:
    """The paper as PDF. Raises what `papers.pdf` raises."""
    return papers.pdf(document, style="education/paper.css")
