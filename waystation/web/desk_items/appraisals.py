"""What a desk counts of appraisals."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals.queries.members import What, appraisals_by
from waystation.stewardship.appraisals.queries.notices import letters_to_receive
from waystation.stewardship.appraisals.queries.rounds import due_assessments
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.APPRAISAL_SCORE_STATION)
def for_the_station(desk: Desk) -> Iterator[Item]:
    rows = due_assessments("station", desk.reach(P.APPRAISAL_SCORE_STATION))
    yield _due("appraisals-station", _("Members to assess for the station"), rows, "appraisals:due-station", desk)


@item(P.APPRAISAL_SCORE_ORIGIN)
def for_the_origin(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.APPRAISAL_SCORE_ORIGIN)
    rows = due_assessments("origin", reach)
    yield _due("appraisals-origin", _("Members to assess for the origin"), rows, "appraisals:due-origin", desk)
    yield Item(
        "appraisals-unconfirmed",
        _("Consultations that the origin has not confirmed"),
        appraisals_by({"what": What.UNCONFIRMED}, desk.reach(P.APPRAISAL_VIEW), day=desk.today),
        url_of("appraisals:member-list", what=What.UNCONFIRMED.value),
        button=pgettext("button", "Open"),
        hides=True,
    )
    yield Item(
        "result-letters",
        _("Letters with results to note as received"),
        letters_to_receive(reach),
        url_of("appraisals:letters"),
        button=pgettext("button", "Open"),
        hides=True,
    )


def _due(key: str, label: str, rows, name: str, desk: Desk) -> Item:
    return Item(
        key,
        label,
        rows,
        url_of(name),
        urgent=rows.filter(round__due_on__lt=desk.today),
        urgent_words=lambda n: _("%(n)s of them over the last day") % {"n": n},
        urgent_url=url_of(name),
        button=pgettext("button", "Assess"),
        hides=True,
    )


@item(P.APPRAISAL_MANAGE)
def to_manage(desk: Desk) -> Iterator[Item]:
    for what, label in (
        (What.GAP, _("Gaps between station and origin to talk about")),
        (What.UNPROPOSED, _("Members to propose a grade for")),
    ):
        yield Item(
            f"appraisals-{what}",
            label,
            appraisals_by({"what": what}, desk.reach(P.APPRAISAL_VIEW), day=desk.today),
            url_of("appraisals:member-list", what=what.value),
            button=pgettext("button", "Open"),
            hides=True,
        )


@item(P.APPRAISAL_DECIDE)
def to_decide(desk: Desk) -> Iterator[Item]:
    view = desk.reach(P.APPRAISAL_VIEW)
    yield Item(
        "appraisals-decide",
        _("Grades to decide"),
        appraisals_by({"what": What.DECIDABLE}, view, day=desk.today),
        url_of("appraisals:member-list", what=What.DECIDABLE.value),
        urgent=appraisals_by({"what": What.OBJECTION}, view, day=desk.today),
        urgent_words=lambda n: _("%(n)s members object") % {"n": n},
        urgent_url=url_of("appraisals:member-list", what=What.OBJECTION.value),
        button=pgettext("button", "Decide"),
        hides=True,
    )
