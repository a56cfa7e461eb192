"""Lists that somebody names, shares and gives up."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations.models import Unit
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.models import SavedList

MOST_LISTS = 30


class ListRefused(Refused):
    """The list cannot be saved so; the sentence says why."""


@transaction.atomic
def save_list(*, name: str, filters: dict, unit: Unit | None = None, by, at: datetime) -> SavedList:
    """Keep the filters (packed) under a name of the user's own; with a unit it is shared with that unit.

    Refuses (ListRefused) a name that the user has already, and more than thirty lists of one user.
    """
    if SavedList.objects.filter(owner=by).count() >= MOST_LISTS:
        raise ListRefused(_("You have %(most)d lists. Delete one first.") % {"most": MOST_LISTS})
    try:
        with transaction.atomic():
            made = SavedList.objects.create(name=name, filters=filters, unit=unit, owner=by, created_at=at)
    except IntegrityError as error:
        raise ListRefused(_("You have a list of that name already.")) from error
    audit.record("list.saved", on=made, by=by, at=at, unit_path=unit.path if unit else "")
    return made


@transaction.atomic
def share_list(saved: SavedList, *, unit: Unit | None, by, at: datetime) -> SavedList:
    """Share the list with a unit, or with nobody any more."""
    SavedList.objects.filter(pk=saved.pk).update(unit=unit)
    saved.refresh_from_db()
    verb = "list.shared" if unit else "list.unshared"
    audit.record(verb, on=saved, by=by, at=at, unit_path=unit.path if unit else "")
    return saved


@transaction.atomic
def delete_list(saved: SavedList, *, by, at: datetime) -> None:
    """Give the list up. It holds no people, so nothing is lost but a name."""
    audit.record("list.deleted", on=saved, by=by, at=at)
    saved.delete()
