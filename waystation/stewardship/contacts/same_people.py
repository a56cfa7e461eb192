"""Contacts due of the people of a saved list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from waystation.organizations.permissions import Permission
from waystation.stewardship.people import classes, same_people

# Contacts due have a box of their own for excused members; units and states of a file they name otherwise or not.
_OTHERWISE = frozenset({"excused"})

same_people.register(
    same_people.OtherList(
        "contacts:list",
        _("Contacts due"),
        Permission.CONTACT_VIEW,
        lambda name: name == "q" or name in set(classes.names()) - _OTHERWISE,
    )
)
