"""A member's own pages: who cares for me, what is on file, my card, and who looked."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.sealing import Tampered
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.portal import queries
from waystation.stations.sites.models import Station
from waystation.stewardship.education.queries.learning import totals_of
from waystation.stewardship.groups.queries import groups_of
from waystation.stewardship.people import cards
from waystation.stewardship.people.actions.readings import reveal_field
from waystation.stewardship.people.models import Card, Person

P = Permission
SHOWN_SEALED = ("id_number", "phone")


def _person(request) -> Person | None:
    rows = Person.objects.living().filter(user=request.user)
    return rows.select_related("home__parent", "station", "destination").first()


def my_person_or_404(request) -> Person:
    """The file of whoever is signed in."""
    person = _person(request)
    if person is None:
        raise Http404
    return person


@requires(P.FILE_OWN)
@require_safe
def mine(request):
    """The first page: who looks after me, whom I can call, and the doors to the rest."""
    person = _person(request)
    if person is None:
        return render(request, "portal/no_file.html")
    station = Station.objects.filter(pk=person.station_id).select_related("unit").first()
    today = timezone.localdate()
    context = {
        "person": person,
        "station": station,
        "grid": queries.grid_of(person),
        "leader": queries.leader_of(person, today),
        "seen": queries.sightings(person, since_days=queries.LOOKED_DAYS).count(),
        "hours": totals_of([person.pk], today.year).get(person.pk, 0),
        "groups": [row.group.name for row in groups_of(person)],
        "has_card": Card.objects.filter(person=person, revoked_at=None).exists(),
    }
    return render(request, "portal/mine.html", context)


@requires(P.FILE_OWN)
@require_safe
def my_file(request):
    """What is on file, masked where it is a number; each can be shown for a moment."""
    person = my_person_or_404(request)
    return render(request, "portal/file.html", {"person": person, "rows": _rows(person)})


def _rows(person: Person) -> list[dict]:
    def text(value) -> str:
        return str(value or "")

    facts = [
        (_("Name"), person.full_name, ""),
        (_("Sex"), text(person.get_sex_display()) if person.sex else "", ""),
        (_("Born"), queries.day_text(person.born), ""),
        (_("ID number"), person.id_mask, "id_number"),
        (_("Phone"), person.phone_mask, "phone"),
        (_("Kind of member"), text(person.get_member_kind_display()) if person.member_kind else "", ""),
        (_("Joined the Party"), queries.day_text(person.joined), ""),
        (_("Formal branch"), text(person.home), ""),
        (_("Lives in"), text(person.destination), ""),
        (_("Work"), person.trade, ""),
    ]
    return [{"label": label, "value": value, "field": field} for label, value, field in facts]


@require_POST
@requires(P.FILE_OWN)
def show(request, field):
    """One number of my own, for a minute. It is recorded like every other reading."""
    person = my_person_or_404(request)
    if field not in SHOWN_SEALED:
        raise Http404
    purpose = str(_("the member's own reading"))
    try:
        value = reveal_field(person, field=field, purpose=purpose, by=request.user, at=timezone.now())
    except Tampered:
        value = ""
    if request.htmx:
        return render(request, "ui/reveal.html", {"value": value or "—"})
    return render(request, "portal/shown.html", {"value": value or "—"})


@requires(P.FILE_OWN)
@require_safe
def my_card(request):
    """My card with its code, large enough to be scanned from the screen."""
    person = my_person_or_404(request)
    card = Card.objects.filter(person=person, revoked_at=None).first()
    context = {"person": person, "card": card, "address": cards.address(card) if card else ""}
    return render(request, "portal/my_card.html", context)


@requires(P.FILE_OWN)
@require_safe
def my_contacts(request):
    """When my branch and my station were in touch with me, and by which channel; no notes."""
    person = my_person_or_404(request)
    return render(request, "portal/my_contacts.html", {"rows": queries.contacts_of(person)})


@requires(P.FILE_OWN)
@require_safe
def looked(request):
    """Who opened my file, when, and what for; and who may."""
    person = my_person_or_404(request)
    events = list(
        queries.sightings(person, since_days=queries.KEPT_DAYS).select_related("actor").order_by("-number")[:100]
    )
    context = {
        "rows": [queries.told(event) for event in events],
        "days": queries.KEPT_DAYS,
        "places": [unit for unit in (person.home, person.station, person.destination) if unit],
    }
    return render(request, "portal/looked.html", context)
