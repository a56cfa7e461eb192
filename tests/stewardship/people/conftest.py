import pytest

from tests import make


@pytest.fixture
def tree(db):
    return make.tree()


@pytest.fixture
def signed_in(client):
    """`signed_in(role, unit)` signs a new user in and returns the user."""

    def sign_in(role="", within=None, **more):
        user = make.user(role, within, **more)
        client.force_login(user)
        return user

    return sign_in
