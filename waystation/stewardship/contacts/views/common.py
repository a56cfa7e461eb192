"""What the pages of contact and care share."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.organizations.access import Reach, permissions_of
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts.queries.log import people_within
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.sights import Sight, sight

P = Permission
TABS = (
    ("list", _("Contacts due"), P.CONTACT_VIEW),
    ("log", pgettext_lazy("page", "Log"), P.CONTACT_VIEW),
    ("visit-list", _("Home visits"), P.CONTACT_VIEW),
    ("excuse-list", _("Excused members"), P.CONTACT_VIEW),
    ("lost-list", _("Lost contact"), P.CONTACT_VIEW),
    ("link-list", _("Weekly links"), P.WEEKLY_SEND),
)


def tabs(request, active: str) -> list[dict]:
    """The pages of contact and care that the user may open, this one marked."""
    held = permissions_of(request.user)
    return [
        {"label": label, "url": reverse(f"contacts:{name}"), "is_active": name == active}
        for name, label, permission in TABS
        if permission in held
    ]


def may(request, *permissions: Permission) -> dict[str, bool]:
    """Which of the permissions the user holds anywhere, by their names in lower case."""
    held = permissions_of(request.user)
    return {permission.name.lower(): permission in held for permission in permissions}


def person_or_404(request, pk) -> Person:
    """A person in the reach of the page's permission."""
    return get_object_or_404(people_within(request.reach), pk=pk)


def named_person(request) -> Person:
    """The person that the address names as ?person=."""
    try:
        pk = UUID(request.GET.get("person", ""))
    except ValueError:
        raise Http404 from None
    return person_or_404(request, pk)


def sight_of(user, person: Person, permission: Permission) -> Sight:
    """What the user is to the person, by the mandates that carry the permission."""
    return sight(user, person, Reach.of(user, permission))


def powers(user, person: Person) -> dict[str, bool]:
    """What the user may do about the person."""
    names = {
        "log": P.CONTACT_LOG, "excuse": P.EXCUSE_MANAGE, "report": P.LOST_REPORT, "decide": P.LOST_DECIDE,
        "reveal": P.PERSON_REVEAL,
    }  # fmt: skip
    return {name: sight_of(user, person, permission).cares for name, permission in names.items()}
