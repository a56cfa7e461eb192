"""The rounds of contact and care."""

from waystation.kernel import jobs
from waystation.stewardship.contacts.actions.states import gather_states, mend_states

jobs.every(600, "gather mobile members")(gather_states)
jobs.every(24 * 3600, "mend states of contact")(mend_states)
