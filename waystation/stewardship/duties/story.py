"""Duty sheets in the story of one person, and on the pages of persons and units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations import panels as unit_panels
from waystation.organizations.access import Reach
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties.models import Proposal, StayTransfer
from waystation.stewardship.duties.queries import sheets
from waystation.stewardship.people.models import Person, Stay
from waystation.stewardship.people.queries import panels, shares, timeline
from waystation.stewardship.people.queries.sights import DESTINATION, Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each duty that changed hands by agreement, and each station that took the member over.

    To whoever may open the sheets; the destination knows that of the stay there, and none before.
    """
    cares = sight.may(Permission.DUTY_VIEW)
    if not (cares or sight.may(Permission.DUTY_VIEW, DESTINATION)):
        return
    agreed = Proposal.objects.filter(stay__person=person, state=Proposal.State.AGREED)
    if not cares:
        agreed = agreed.filter(stay__ends_on=None)
    for row in agreed.select_related("holder", "taker"):
        names = {"duty": row.get_kind_display(), "unit": row.taker.name}
        yield timeline.Entry(
            row.closed_at,
            _("%(duty)s passes to %(unit)s") % names,
            [
                _("until then with %(unit)s") % {"unit": row.holder.name},
                _("from %(day)s") % {"day": zh_date(row.starts_on)},
                row.reason,
            ],
            url=reverse("duties:sheet", args=[row.stay_id]),
        )
    if not cares:
        return
    moved = StayTransfer.objects.filter(stay__person=person, state=StayTransfer.State.ACCEPTED)
    for row in moved.select_related("station", "to"):
        yield timeline.Remark(
            f"stay:{row.new_stay_id}",
            _("taken over from %(station)s: %(reason)s") % {"station": row.station.name, "reason": row.reason},
        )


@panels.register
def show(person: Person, user, sight: Sight) -> panels.Panel | None:
    """Who answers for what today."""
    if not (sight.may(Permission.DUTY_VIEW) or sight.may(Permission.DUTY_VIEW, DESTINATION)):
        return None
    stay = timeline.open_stay_of(person)
    if stay is None:
        return None
    return panels.Panel("duties/_panel.html", {"sheet": _sheet(stay, timezone.localdate())})


def _sheet(stay: Stay, day: date) -> sheets.Sheet:
    """The sheet of an open stay, put together once for a page that shows it in two places."""
    kept = getattr(stay, "_sheet", None)
    if kept is None or kept.day != day:
        kept = stay._sheet = sheets.sheet(stay, day)
    return kept


@shares.register
def share(stay: Stay, day: date) -> shares.Shares:
    """The duties of each party on the day."""
    parts: shares.Shares = {}
    for line in _sheet(stay, day).lines:
        # Until its duties are laid, the origin answers.
        party = line.last.party if line.last is not None else sheets.Party.ORIGIN
        parts.setdefault(party, []).append(line.label)
    return parts


@unit_panels.register
def show_on_unit(unit: Unit, user) -> unit_panels.Panel | None:
    """How many members the unit answers for, duty by duty."""
    if not Reach.of(user, Permission.DUTY_VIEW).covers(unit.path):
        return None
    rows = sheets.answers_for(unit, timezone.localdate())
    return unit_panels.Panel("duties/_unit.html", {"rows": rows, "unit": unit}) if rows else None
