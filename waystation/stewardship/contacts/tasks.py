"""The rounds of contact and care."""

from waystation.kernel import jobs
from waystation.stewardship.contacts.actions.states import gather_states

jobs.every(600, "gather mobile members")(gather_states)
