"""System checks of the kernel: the keys must be there before anything runs."""

from django.conf import settings
from django.core.checks import Error, Tags, register

from .keyring import KeysMissing, keyring


@register(Tags.security)
def keys_are_there(app_configs, **options):
    """An error with a sentence if the key file is missing, unreadable or damaged."""
    if settings.CIPHER not in {"aes", "sm"}:
        return [Error(f"WAYSTATION_CIPHER is {settings.CIPHER!r}; use aes or sm.", id="kernel.E003")]
    try:
        keyring()
    except KeysMissing as problem:
        return [Error(str(problem), id="kernel.E001")]
    return []
