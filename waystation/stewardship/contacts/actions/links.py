"""Making, opening, answering and withdrawing the weekly link of a branch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from waystation.kernel import audit, dated
from waystation.kernel.ids import new_id
from waystation.kernel.sealing import sign
from waystation.organizations.models import Unit
from waystation.stations.duty.actions import open_item
from waystation.stations.duty.models import OpenItem
from waystation.stewardship.contacts import rules
from waystation.stewardship.contacts.actions.errors import ContactRefused, LinkGone, WrongDigits
from waystation.stewardship.contacts.actions.log import Said, log_contact
from waystation.stewardship.contacts.actions.states import living, locked_people
from waystation.stewardship.contacts.models import Contact, LinkAnswer, LinkQuestion, WeeklyLink
from waystation.stewardship.contacts.queries.links import PURPOSE, digest, questions_for
from waystation.stewardship.contacts.queries.log import bundle_of

Kind = LinkAnswer.Kind
_OUTCOMES = {Kind.TALKED: Contact.Outcome.REACHED, Kind.NOT_REACHED: Contact.Outcome.NOT_REACHED}


@dataclass(frozen=True)
class MadeLink:
    """A new link with its token, which is shown once and kept nowhere."""

    link: WeeklyLink
    token: str


@transaction.atomic
def make_link(branch: Unit, *, sender: Unit, reader: str, digits: str, by, at: datetime) -> MadeLink:
    """Ask a branch about its members of this week by a signed link; an earlier open one of the sender is withdrawn.

    Refuses (ContactRefused) where nobody is to be asked about.
    """
    day = timezone.localdate(at)
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=branch.pk)
    states = questions_for(branch, sender, day)
    if not states:
        raise ContactRefused(_("Every member of this branch was heard of lately; there is nothing to ask."))
    for earlier in WeeklyLink.objects.open().filter(branch=branch, sender=sender):
        _revoke(earlier, by, at)
    expires_at = at + timedelta(days=dated.value(rules.LINK_DAYS, day))
    pk = new_id()
    token = sign(PURPOSE, {"l": pk.hex}, expires_at=expires_at)
    link = WeeklyLink.objects.create(
        id=pk, branch=branch, sender=sender, reader=reader[:100], token_hash=digest(token),
        digits_hash=_digits_hash(pk, digits), tries_left=dated.value(rules.LINK_TRIES, day), made_at=at, made_by=by,
        expires_at=expires_at,
    )  # fmt: skip
    LinkQuestion.objects.bulk_create(
        LinkQuestion(link=link, person_id=state.pk, place=place) for place, state in enumerate(states, start=1)
    )
    _record("weekly_link.made", link, by=by, at=at, questions=len(states))
    return MadeLink(link, token)


def _digits_hash(pk, digits: str) -> str:
    return salted_hmac("contacts.weekly_link", f"{pk.hex}|{digits}", algorithm="sha256").hexdigest()


def open_link(link: WeeklyLink, digits: str, *, at: datetime) -> WeeklyLink:
    """Let the reader in who knows the last two digits. A wrong try is counted and recorded, whatever follows.

    Raises WrongDigits while tries are left, LinkGone when there are none or the link ended meanwhile.
    """
    left = _try(link, digits, at)
    if left is None:
        return link
    if left > 0:
        raise WrongDigits(left)
    raise LinkGone


@transaction.atomic
def _try(link: WeeklyLink, digits: str, at: datetime) -> int | None:
    """How many tries are left after a wrong one; None if the digits are right."""
    held = _locked(link, at)
    if held is None:
        return 0
    if constant_time_compare(held.digits_hash, _digits_hash(held.pk, digits)):
        WeeklyLink.objects.filter(pk=held.pk).update(opened=F("opened") + 1)
        _record("weekly_link.opened", held, by=None, at=at)
        return None
    held.tries_left -= 1
    held.closed_at = None if held.tries_left else at
    held.save(update_fields=["tries_left", "closed_at"])
    _record("weekly_link.refused", held, by=None, at=at, left=held.tries_left)
    return held.tries_left


def _locked(link: WeeklyLink, at: datetime) -> WeeklyLink | None:
    rows = WeeklyLink.objects.open().select_for_update(of=("self",)).select_related("branch", "sender")
    return rows.filter(pk=link.pk, expires_at__gt=at).first()


@transaction.atomic
def answer_question(link: WeeklyLink, question, kind: str, *, at: datetime) -> LinkAnswer:
    """Press one button of a link, once. A talk goes into the log; what the sender must see to becomes an open item.

    Refuses: the link ended (LinkGone); the question is of another link, the member left the branch, or the button
    was pressed before (ContactRefused).
    """
    held = _locked(link, at)
    if held is None:
        raise LinkGone
    found = LinkQuestion.objects.filter(link=held, pk=question).select_related("person").first()
    if found is None or kind not in Kind.values:
        raise ContactRefused(_("This question does not belong to your link."))
    (person,) = locked_people([living(found.person)])
    if not person.home_path.startswith(held.branch.path):
        raise ContactRefused(_("%(name)s does not belong to your branch any more.") % {"name": person.full_name})
    try:
        with transaction.atomic():
            answer = LinkAnswer.objects.create(question=found, kind=kind, answered_at=at)
    except IntegrityError:
        raise ContactRefused(_("%(name)s: this was already noted.") % {"name": person.full_name}) from None
    if kind in _OUTCOMES:
        said = Said(Contact.Channel.PHONE, _OUTCOMES[Kind(kind)], timezone.localdate(at))
        answer.contact = log_contact(
            person, said, unit=held.branch, spoken_by=held.reader, source=Contact.Source.LINK, by=None, at=at
        )
        answer.save(update_fields=["contact"])
    else:
        _ask_sender(held, person, kind, at)
    _record("weekly_link.answered", held, by=None, at=at, person=str(person.pk), kind=str(kind))
    return answer


def _ask_sender(link: WeeklyLink, person, kind: str, at: datetime) -> None:
    words, today = {"branch": link.branch.name, "name": person.full_name}, timezone.localdate(at)
    titles = {
        Kind.CAME_HOME: _("%(branch)s: %(name)s came home. Register the return."),
        Kind.PHONE_CHANGED: _("%(branch)s: the phone of %(name)s changed. Ask for the new one."),
        Kind.UNKNOWN: _("%(branch)s does not know %(name)s. Check the formal branch."),
    }
    open_item(
        unit=link.sender, topic=OpenItem.Topic.CONTACT, title=titles[Kind(kind)] % words,
        key=f"link:{kind}:{person.pk}", bundle=bundle_of(person), link="contacts:person", link_pk=person.pk,
        due_on=today + timedelta(days=dated.value(rules.LINK_ITEM_DAYS, today)), by=None, at=at,
    )  # fmt: skip


@transaction.atomic
def revoke_link(link: WeeklyLink, *, by, at: datetime) -> WeeklyLink:
    """Withdraw a link; from now on it leads nowhere. Refuses one that is withdrawn or closed (LinkGone)."""
    held = WeeklyLink.objects.open().select_for_update(of=("self",)).filter(pk=link.pk).first()
    if held is None:
        raise LinkGone
    return _revoke(held, by, at)


def _revoke(link: WeeklyLink, by, at: datetime) -> WeeklyLink:
    link.revoked_at, link.revoked_by = at, by
    link.save(update_fields=["revoked_at", "revoked_by"])
    _record("weekly_link.revoked", link, by=by, at=at)
    return link


def _record(verb: str, link: WeeklyLink, *, by, at: datetime, **facts) -> None:
    path = Unit.objects.filter(pk=link.branch_id).values_list("path", flat=True).get()
    audit.record(verb, on=link, by=by, at=at, unit_path=path, **facts)
