"""Member cards: issued once, valid until withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from waystation.kernel import audit
from waystation.kernel.ids import new_id
from waystation.stewardship.people.actions.errors import NotOpen
from waystation.stewardship.people.models import Card, Person


@transaction.atomic
def issue_cards(people: Iterable[Person], *, by, at: datetime) -> list[Card]:
    """The valid card of each person, in the same order; a card is made for those who have none."""
    people = list(people)
    valid = {card.person_id: card for card in Card.objects.filter(person__in=people, revoked_at=None)}
    fresh = []
    for person in people:
        if person.pk not in valid:
            card = Card(id=new_id(), person=person, issued_at=at, issued_by=by)
            # Ten characters of the random part of the id: short enough to read out, and never reused.
            card.number = f"{at:%y}{card.pk.hex[-10:].upper()}"
            valid[person.pk] = card
            fresh.append(card)
    Card.objects.bulk_create(fresh, batch_size=500)
    audit.record_many(
        [{"verb": "card.issued", "on": card.person, "unit_path": card.person.stay_path} for card in fresh],
        by=by, at=at,
    )  # fmt: skip
    return [valid[person.pk] for person in people]


@transaction.atomic
def revoke_card(card: Card, *, by, at: datetime) -> Card:
    """Withdraw the card: its QR says so from now on. Refuses one withdrawn already (NotOpen)."""
    if not Card.objects.filter(pk=card.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        raise NotOpen
    card.refresh_from_db()
    audit.record("card.revoked", on=card, by=by, at=at)
    return card
