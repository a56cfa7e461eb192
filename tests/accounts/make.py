"""Users and sign-ins for the tests of accounts."""

import time
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse

from waystation.accounts.models import User

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PASSWORD = "bamboo-raft-nine-crossings"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE, ELSEWHERE = "10.1.0.7", "10.9.0.3"


def user(username="35020011", password=PASSWORD, **fields):
    fields.setdefault("full_name", "林桂花")
    return User.objects.create_user(username, password, **fields)


def code(secret=SECRET):
    """What the app on the phone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def wrong_code():
    return format_hotp_value((int(code()) + 1) % 1_000_000)


def with_second_factor(owner):
    TOTP.activate(owner, SECRET)
    return Authenticator.objects.get(user=owner)


def sign_in(client, username="35020011", password=PASSWORD, ip=HERE, **extra):
    return client.post(
        reverse("account_login"),
        {"login": username, "password": password},
        REMOTE_ADDR=ip,
        **extra,
    )


def is_signed_in(client, **extra):
    """Whether the next request of this browser is somebody's."""
    response = client.get(reverse("account_preferences"), **extra)
    return response.status_code == 200
