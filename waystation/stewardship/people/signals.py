"""What happens to people, told to the apps above. Past tense, upward only."""

from django.dispatch import Signal

departure_closed = Signal()  # departure: cancelled, refused, returned or transferred
arrival_closed = Signal()  # arrival: refused or withdrawn
departure_registered = Signal()  # departure: registered by hand, one by one
arrival_registered = Signal()  # arrival: registered by hand or by QR, one by one
stay_opened = Signal()  # stay
stay_ended = Signal()  # stay
people_merged = Signal()  # winner, loser
merge_undone = Signal()  # winner, loser
status_changed = Signal()  # change: of the party status
membership_moved = Signal()  # person, old, new (None: outside the area), on, by, at
