"""A member's own page of who answers for what today, the transfer that is on its way, and the activity card."""

from __future__ import annotations

from datetime import date

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.portal.mine import my_person_or_404
from waystation.stations.sites.models import Station
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.duties.queries import accountable
from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.formalities.queries.cards import due, window_of
from waystation.stewardship.people.models import Person, Stay


@requires(Permission.FILE_OWN)
@require_safe
def my_duties(request):
    """Each duty with the unit that answers for it today; where there is no stay, the branch answers for all."""
    person, today = my_person_or_404(request), timezone.localdate()
    transfer = Transfer.objects.open().filter(person=person).select_related("origin", "to").first()
    cards = ActivityCard.objects.valid().filter(person=person)
    window = window_of(today)
    context = {
        "person": person,
        "rows": _rows(person, today),
        "transfer": transfer,
        "ran_out": transfer is not None and transfer.expires_on < today,
        "card": cards.select_related("branch").first(),
        "window": window,
        "check_due": not window.is_over(today) and due(cards, window).exists(),
    }
    return render(request, "portal/my_duties.html", context)


def _rows(person: Person, today: date) -> list[dict]:
    """The duties by name, each with its unit and the telephone that the unit shows to everybody, if it is a station."""
    related = ("person__home", "station", "destination", "departure__origin")
    stay = Stay.objects.open().filter(person=person).select_related(*related).first()
    rows = []
    for kind, label in Duty.Kind.choices:
        unit = accountable(stay, kind, today) if stay else person.home
        rows.append({"label": label, "unit": unit})
    units = {row["unit"].pk for row in rows if row["unit"]}
    phones = dict(Station.objects.filter(pk__in=units).values_list("pk", "phone"))
    return [{**row, "phone": phones.get(row["unit"].pk, "") if row["unit"] else ""} for row in rows]
