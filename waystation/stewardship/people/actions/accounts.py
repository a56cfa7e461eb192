"""The account with which a member sees the own file: opened or linked at the counter, and taken back.

The link is `Person.user`: one account a file and one file an account by its unique index, none on a merged file by
a constraint. Whoever has the link sees numbers of the file without leaving a trace for others, so nobody links an
account of their own, and the names of both must agree.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from waystation.accounts import actions as accounts
from waystation.accounts.models import User, normal_username
from waystation.kernel import audit
from waystation.organizations.actions import MandateRefused, end_mandate, grant_mandate
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.people.actions.errors import AccountRefused
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.names import name_key

MEMBER = "member"


@transaction.atomic
def open_account(person: Person, *, username: str, by, at: datetime) -> tuple[User, str]:
    """Open an account for the member of the file; returns it with a password that works once, within 72 hours.

    Refuses (AccountRefused) a file that has an account, is merged or has no formal branch, and a name that is taken.
    """
    held = _without_account(person)
    try:
        user, password = accounts.create_user(username, held.full_name, by=by, at=at)
    except accounts.UsernameTaken:
        raise AccountRefused(_("Somebody else signs in with this name.")) from None
    _link(held, user, by=by, at=at)
    return user, password


@transaction.atomic
def link_account(person: Person, *, username: str, by, at: datetime) -> User:
    """Let the member of the file use an account that exists, such as an officer's own.

    Refuses (AccountRefused) what `open_account` refuses; an account of another name or none at all, in the same
    words; one that is disabled or has another file; and one's own.
    """
    held = _without_account(person)
    user = User.objects.filter(username=normal_username(username)).first()
    if user is None or name_key(user.full_name) != held.name_key:
        raise AccountRefused(_("Nobody of this name signs in like that."))
    if by is not None and by.pk == user.pk:
        raise AccountRefused(_("Nobody links an account of their own; a colleague has to do it."))
    if not user.is_active:
        raise AccountRefused(_("This account is disabled. The security administrator can let it sign in again."))
    _link(held, user, by=by, at=at)
    return user


@transaction.atomic
def unlink_account(person: Person, *, reason: str, by, at: datetime) -> User:
    """Take the link back: from the next request on the account sees the file no more. It is not disabled.

    Refuses (AccountRefused) a file without an account.
    """
    held = _with_account(person)
    user = held.user
    held.user = None
    held.save(update_fields=["user"])
    for mandate in _open_mandates(user, at).filter(role=MEMBER).select_related("unit"):
        try:
            end_mandate(mandate, ends_on=timezone.localdate(at), by=by, at=at)
        except MandateRefused as refusal:
            raise AccountRefused(str(refusal)) from None
    audit.record(
        "person.account_unlinked", on=held, by=by, at=at, unit_path=held.home_path, purpose=reason, user=str(user.pk)
    )
    return user


@transaction.atomic
def renew_slip(person: Person, *, by, at: datetime) -> tuple[User, str]:
    """Replace a password that was forgotten or not used in time by one that works once; ends all sessions.

    Refuses (AccountRefused) a file without an account, one's own account, one that is disabled, and one that was
    not opened from a file or ever held another role: whoever knew its password would have that role, or would have
    it when it is given again.
    """
    held = _with_account(person)
    user = held.user
    mandates = Mandate.objects.filter(user=user)
    opened_here = mandates.filter(role=MEMBER, granted_at=user.created_at).exists()
    if not opened_here or mandates.exclude(role=MEMBER).exists():
        raise AccountRefused(
            _("This account was not opened from a file or had another role; only the security administrator helps.")
        )
    if not user.is_active:
        raise AccountRefused(_("This account is disabled. The security administrator can let it sign in again."))
    try:
        password = accounts.reset_password(user, by=by, at=at)
    except accounts.OwnAccount:
        raise AccountRefused(_("Nobody does this to an account of their own.")) from None
    audit.record("person.slip_renewed", on=held, by=by, at=at, unit_path=held.home_path, user=str(user.pk))
    return user, password


def follow_membership(person: Person, *, old: Unit | None, new: Unit | None, by, at: datetime) -> None:
    """The role of the member's account goes where the formal relation goes; out of the area it ends."""
    user, day = person.user, timezone.localdate(at)
    if user is None or old == new:
        return
    by = None if by is not None and by.pk == user.pk else by  # the receipt gives the role, not the user
    for mandate in _open_mandates(user, at).filter(role=MEMBER, unit=old).select_related("unit"):
        end_mandate(mandate, ends_on=day, by=by, at=at)
    if new is not None and not _open_mandates(user, at).filter(role=MEMBER, unit=new, ends_on=None).exists():
        grant_mandate(user=user, role=MEMBER, unit=new, starts_on=day, by=by, at=at)


def _without_account(person: Person) -> Person:
    held = _locked(person)
    if held.user_id is not None:
        raise AccountRefused(_("This file has an account already."))
    if held.home is None or held.home.kind != Unit.Kind.BRANCH:
        raise AccountRefused(_("The formal branch is not on file; the member's role is held there."))
    return held


def _with_account(person: Person) -> Person:
    held = _locked(person)
    if held.user_id is None:
        raise AccountRefused(_("This file has no account."))
    return held


def _locked(person: Person) -> Person:
    held = Person.objects.select_for_update().get(pk=person.pk)
    if held.merged_into_id is not None:
        raise AccountRefused(_("This file has been merged into another."))
    return held


def _link(held: Person, user: User, *, by, at: datetime) -> None:
    """Set the link and, where it lacks, the role; the one role that is given without the security administrator."""
    held.user = user
    try:
        with transaction.atomic():
            held.save(update_fields=["user"])
    except IntegrityError:
        raise AccountRefused(_("This account is linked to another file already.")) from None
    if not _open_mandates(user, at).filter(role=MEMBER, unit=held.home, ends_on=None).exists():
        day = timezone.localdate(at)
        grant_mandate(user=user, role=MEMBER, unit=held.home, starts_on=day, by=by, at=at)
    audit.record("person.account_linked", on=held, by=by, at=at, unit_path=held.home_path, user=str(user.pk))


def _open_mandates(user: User, at: datetime):
    """What the user holds today or will hold."""
    return Mandate.objects.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate(at)), user=user)
