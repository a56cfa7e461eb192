"""What the people below tell contact and care."""

from django.dispatch import receiver

from waystation.stewardship.contacts import actions
from waystation.stewardship.people import signals


@receiver([signals.stay_opened, signals.stay_ended], dispatch_uid="contacts.stay")
def stay_changed(sender, stay, **kwargs):
    """From now on, or not any more, the member has to be kept in touch with."""
    actions.renew_states([stay.person_id])


@receiver([signals.departure_registered, signals.departure_closed], dispatch_uid="contacts.departure")
def departure_changed(sender, departure, **kwargs):
    actions.renew_states([departure.person_id])


@receiver(signals.status_changed, dispatch_uid="contacts.status")
def status_changed(sender, change, **kwargs):
    """Whoever was asked to decide on restoring the membership has an answer."""
    actions.answer_restoring(change)


@receiver(signals.people_merged, dispatch_uid="contacts.people_merged")
def people_merged(sender, winner, loser, **kwargs):
    actions.follow_merge(winner, loser)


@receiver(signals.merge_undone, dispatch_uid="contacts.merge_undone")
def merge_undone(sender, winner, loser, **kwargs):
    actions.follow_undo(winner, loser)
