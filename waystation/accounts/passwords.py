"""Rules for passwords, beside those of Django. Both policies are described in docs/trust.md.

"asvs" follows ASVS 5.0, 6.2: length and known words count, composition and regular change do not.
"mlps" adds what GB/T 22239-2019, 8.1.4.1 a demands: three of four kinds of characters, and a
change after 90 days (`User.password_is_due`).
"""

import secrets
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CONTEXT_WORDS = (
    "waystation",
    "station",
    "yizhan",
    "zhucheng",
    "zhuzhen",
    "gongzuozhan",
    "dangjian",
    "dangyuan",
    "dangzhibu",
    "zuzhibu",
    "liudong",
    "fujian",
    "ningde",
    "county",
    "party",
    "admin",
    "password",
    "驿站",
    "驻城",
    "驻镇",
    "工作站",
    "党建",
    "党员",
    "党支部",
    "组织部",
    "流动",
    "密码",
)
# Without ambiguous characters, because one-time passwords are read out and written down.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_one_time_password() -> str:
    """Sixteen random characters in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _n in range(4)) for _group in range(4))


class ContextWordValidator:
    """Refuses passwords that are little more than words everybody here would try first.

    The words are taken out; what remains must have letters or digits enough by itself. A word in a
    long sentence does no harm.
    """

    def __init__(self, words=CONTEXT_WORDS, remainder=8):
        self.words = words
        self.remainder = remainder

    def validate(self, password, user=None):
        rest = unicodedata.normalize("NFKC", password).casefold()
        found = False
        words = {*self.words, *(word.casefold() for word in settings.PASSWORD_CONTEXT_WORDS)}
        for word in sorted(words, key=len, reverse=True):
            if word in rest:
                found = True
                rest = rest.replace(word, "")
        if found and sum(map(str.isalnum, rest)) < self.remainder:
            raise ValidationError(_("This password is built on words that are easy to guess here."), code="context")

    def get_help_text(self):
        return _("Do not build it on words such as “station”, “dangjian” or the name of the county.")


class CompositionValidator:
    """At least three of: small letters, capital letters, digits, other characters."""

    def __init__(self, kinds=3):
        self.kinds = kinds

    def validate(self, password, user=None):
        kinds = {_kind(character) for character in password}
        if len(kinds) < self.kinds:
            raise ValidationError(self.get_help_text(), code="composition")

    def get_help_text(self):
        return _("Use three of the four: small letters, capital letters, digits, other characters.")


def _kind(character: str) -> str:
    if "a" <= character <= "z":
        return "small"
    if "A" <= character <= "Z":
        return "capital"
    return "digit" if "0" <= character <= "9" else "other"
