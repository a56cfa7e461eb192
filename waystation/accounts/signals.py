"""What happened to an account. Upper layers listen; the audit trail is the first of them.

Every signal carries `user` (whose account), `by` (User or None), `at`, and the facts named below.
They are sent inside the transaction of the act, so a receiver that fails undoes it.
"""

from django.dispatch import Signal

user_created = Signal()
user_disabled = Signal()  # reason: "" or "idle"
user_enabled = Signal()
user_unlocked = Signal()  # attempts: how many failed attempts were forgotten
password_reset = Signal()
password_changed = Signal()
second_factor_added = Signal()  # kind: totp, recovery_codes
second_factor_removed = Signal()  # kind
preferences_changed = Signal()  # fields: names
session_ended = Signal()  # others: how many sessions the user ended elsewhere
