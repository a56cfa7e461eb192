"""A member in care, the branch of the member and another one."""

import pytest

from tests import places as make


@pytest.fixture
def stay(places):
    return make.stay(places)


@pytest.fixture
def person(stay):
    return stay.person


@pytest.fixture
def secretary(places):
    """Speaks for the branch that the member comes from."""
    return make.user("branch_secretary", places["branch"])


@pytest.fixture
def receiver(places):
    """Speaks for the branch that the member goes to."""
    return make.user("branch_secretary", places["other branch"])
