"""Users for the tests of the kernel."""

from django.contrib.auth import get_user_model


def a_user(name="officer"):
    return get_user_model().objects.create_user(name)
