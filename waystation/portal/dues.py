"""A member's own dues: what is owed, what is on record, and whom to ask. Nothing is paid here."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waystation.kernel.money import ZERO
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.dues.models import DuesEntry
from waystation.stewardship.dues.months import month_of
from waystation.stewardship.dues.queries import book_of
from waystation.stewardship.people.models import Person


@requires(Permission.FILE_OWN)
@require_safe
def my_dues(request):
    """This year, month by month, and every payment on record."""
    people = Person.objects.living().filter(user=request.user).select_related("home", "station")
    person = people.first()
    if person is None:
        raise Http404
    today = timezone.localdate()
    book = book_of(person)
    rows = [row for row in book.year(today.year) if row.month <= month_of(today) or row.is_covered]
    entries = DuesEntry.objects.filter(person=person).select_related("unit").order_by("-paid_on", "-pk")
    context = {
        "person": person,
        "year": today.year,
        "due": book.due(month_of(today)),
        "base": book.base_in(month_of(today)),
        "rows": rows,
        "entries": entries[:60],
        "difference": sum((row.difference for row in rows), ZERO),
        "places": [unit for unit in (person.home, person.station) if unit],
    }
    return render(request, "portal/my_dues.html", context)
