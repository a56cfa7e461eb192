"""Writes on the tree and on mandates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.kernel import audit
from waystation.organizations import offices
from waystation.organizations.closing import Check, hanging
from waystation.organizations.models import KINDS_UNDER, Mandate, Unit, UnitContact
from waystation.organizations.permissions import ADMINISTRATORS, ROLES
from waystation.organizations.signals import unit_moved


class Misplaced(Exception):
    """A unit of this kind may not lie there."""


class UnitInUse(Exception):
    """Something still hangs on the unit: open units below it, roles, or what an app keeps there."""


class ContactsRefused(Exception):
    """The particulars stand elsewhere already, or the postcode is none, or the unit is closed."""


class MandateRefused(Exception):
    """The role cannot be held there, or not by this user, or not together with another."""


@transaction.atomic
def create_unit(
    *, name: str, kind: str, parent: Unit | None, by, at: datetime, code: str | None = None,
    short_name: str = "", is_seat: bool = False, opened_on: date | None = None,
) -> Unit:  # fmt: skip
    """Add a unit below `parent`, that begins on the day itself or began on another (`opened_on`).

    Refuses a kind that may not lie there (Misplaced).
    """
    _refuse_misplaced(kind, parent)
    # The path holds the unit's own id, which is known only after the insert.
    unit = Unit.objects.create(
        name=name, short_name=short_name, kind=kind, parent=parent, code=code, is_seat=is_seat,
        opened_on=opened_on or timezone.localdate(at),
        path=f"new.{kind}.{name}.{at.timestamp()}"[:250],
    )  # fmt: skip
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    audit.record("unit.created", on=unit, by=by, at=at, unit_path=unit.path, kind=kind)
    return unit


def _refuse_misplaced(kind: str, parent: Unit | None) -> None:
    if parent is None:
        if kind != Unit.Kind.CITY:
            raise Misplaced(_("Only a city stands at the root of the tree."))
        return
    if kind not in KINDS_UNDER[parent.kind]:
        raise Misplaced(
            _("A %(kind)s may not lie under a %(parent)s.")
            % {"kind": Unit.Kind(kind).label, "parent": Unit.Kind(parent.kind).label}
        )


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, by, at: datetime) -> Unit:
    """Give the unit another name; its place and its history stay."""
    before, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    audit.record("unit.renamed", on=unit, by=by, at=at, unit_path=unit.path, before=before, after=name)
    return unit


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, by, at: datetime) -> Unit:
    """Hang the unit, with everything under it, below another parent, and tell the pillars above.

    Refuses a place where the kind may not lie, and a move under itself (Misplaced).
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    parent = Unit.objects.select_for_update().get(pk=parent.pk)
    _refuse_misplaced(unit.kind, parent)
    if parent.is_under(unit):
        raise Misplaced(_("A unit cannot be moved under itself."))
    old, new = unit.path, f"{parent.path}{unit.pk}."
    if old == new:
        return unit
    Unit.objects.under(unit).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    unit.parent, unit.path = parent, new
    unit.save(update_fields=["parent", "path"])
    unit_moved.send(sender=Unit, unit=unit, old_path=old, new_path=new)
    audit.record("unit.moved", on=unit, by=by, at=at, unit_path=new, before=old, after=new)
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by, at: datetime, hands_over: Collection[Check] = ()) -> Unit:
    """Close the unit from a day on. Refuses while something still hangs on it, and names it (UnitInUse).

    `hands_over` are the checks of what passes to other units in the same transaction, as members do when their
    grid is split.
    """
    if Unit.objects.select_for_update().get(pk=unit.pk).closed_on is not None:
        raise UnitInUse(_("This unit has been closed already."))
    if on > timezone.localdate(at):
        raise UnitInUse(_("A unit is closed on the day itself: from that moment on nobody acts for it any more."))
    if found := hanging(unit, on, besides=hands_over):
        raise UnitInUse(_("Hand on or bring to an end first: %(list)s.") % {"list": "; ".join(found)})
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    audit.record("unit.closed", on=unit, by=by, at=at, unit_path=unit.path)
    return unit


@transaction.atomic
def set_contacts(unit: Unit, *, by, at: datetime, **said: str) -> None:
    """Write how the office of the unit is reached (`offices.FIELDS`); what is not said stays, "" takes it away.

    Refuses (ContactsRefused) what another app keeps for units of this kind, a postcode that is not of six digits,
    and a closed unit.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    _refuse_contacts(unit, said)
    row = UnitContact.objects.filter(unit=unit).first() or UnitContact(unit=unit)
    changes = {name: [getattr(row, name), value] for name, value in said.items() if getattr(row, name) != value}
    if not changes:
        return
    for name, (_before, after) in changes.items():
        setattr(row, name, after)
    if any(getattr(row, name) for name in offices.FIELDS):
        row.save()
    else:
        row.delete()
    audit.record(
        "unit.contacts_set", on=unit, by=by, at=at, fields=sorted(changes), unit_path=unit.path, changes=changes
    )


def _refuse_contacts(unit: Unit, said: dict[str, str]) -> None:
    if unit.closed_on is not None:
        raise ContactsRefused(_("This unit has been closed already."))
    if any(said.get(name) for name in offices.kept_elsewhere(unit.kind)):
        raise ContactsRefused(_("Address and telephone of a station are kept with the station."))
    postcode = said.get("postcode", "")
    if postcode and not (len(postcode) == 6 and postcode.isascii() and postcode.isdigit()):
        raise ContactsRefused(_("A postcode has six digits."))


@transaction.atomic
def grant_mandate(
    *, user, role: str, unit: Unit, starts_on: date, by, at: datetime, ends_on: date | None = None
) -> Mandate:
    """Let the user hold the role in the unit from a day on.

    Refuses (MandateRefused) a role that is not held in units of that kind, a second administrator's role
    (GB/T 22239-2019, 8.1.5), the same mandate twice, and a grant to oneself.
    """
    if unit.kind not in ROLES[role].kinds:
        raise MandateRefused(_("This role is not held in a unit of this kind."))
    if by is not None and by.pk == user.pk:
        raise MandateRefused(_("Nobody grants a role to themselves."))
    others = Mandate.objects.in_force(starts_on).filter(user=user, role__in=ADMINISTRATORS).exclude(role=role)
    if role in ADMINISTRATORS and others.exists():
        raise MandateRefused(_("The three administrators are three different people."))
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, granted_at=at,
                granted_by=by, administers=role in ADMINISTRATORS,
            )  # fmt: skip
    except IntegrityError as error:
        raise MandateRefused(_("The user holds this role here already, or another administrator's role.")) from error
    audit.record("mandate.granted", on=mandate, by=by, at=at, unit_path=unit.path, role=role, user=str(user.pk))
    return mandate


@transaction.atomic
def end_mandate(mandate: Mandate, *, ends_on: date, by, at: datetime) -> Mandate:
    """End the mandate on a day (excluded). A day before its start ends it at its start."""
    ends_on = max(ends_on, mandate.starts_on)
    mine = Mandate.objects.filter(pk=mandate.pk, ends_on=mandate.ends_on)
    if not mine.update(ends_on=ends_on):
        raise MandateRefused(_("Somebody else has just ended this mandate."))
    mandate.refresh_from_db()
    audit.record("mandate.ended", on=mandate, by=by, at=at, unit_path=mandate.unit.path, role=mandate.role)
    return mandate
