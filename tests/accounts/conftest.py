import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def quick_and_separate(settings):
    """A cheap hash, and no counts of requests left over from the test before."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    settings.PASSWORD_POLICY = "asvs"
    cache.clear()
    yield
    cache.clear()
