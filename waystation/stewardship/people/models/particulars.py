"""The columns in which somebody says who a person is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import BlindIndexField, KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.stewardship.people.identity import read_id_number


class Sex(models.TextChoices):
    UNKNOWN = "", _("Not given")
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class MemberKind(models.TextChoices):
    UNKNOWN = "", _("Not given")
    FULL = "full", _("Full member")
    PROBATIONARY = "probationary", _("Probationary member")


def whole_id_number(text: str) -> str | None:
    """Only a whole ID number is indexed, so that equal indexes mean equal numbers."""
    number = read_id_number(text)
    return number.text if number.is_sure else None


class Particulars(models.Model):
    """What somebody wrote about a person: the same columns on the person, the departure and the arrival.

    `born` and `joined` are partial dates: "1985", "1985-08" or "1985-08-12". The masks and tails stand
    beside the sealed columns so that a list never decrypts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(_("Name"), max_length=100)
    name_key = KeyField(max_length=100)
    given_key = KeyField(max_length=100, default="")
    pinyin = KeyField(max_length=200, default="")
    initials = KeyField(max_length=50, default="")
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex, default="", blank=True)
    born = KeyField(_("Born"), max_length=10, default="", blank=True)
    nation = models.CharField(_("Nation"), max_length=20, default="", blank=True)
    education = models.CharField(_("Education"), max_length=20, default="", blank=True)
    member_kind = models.CharField(_("Kind of member"), max_length=16, choices=MemberKind, default="", blank=True)
    joined = KeyField(_("Joined the Party"), max_length=10, default="", blank=True)
    trade = models.CharField(_("Trade"), max_length=50, default="", blank=True)
    id_number = SealedField()
    id_index = BlindIndexField(source="id_number", label="id_number", normalise=whole_id_number)
    id_mask = models.CharField(max_length=20, default="")
    id_state = models.CharField(max_length=16, default="")
    phone = SealedField()
    phone_index = BlindIndexField(source="phone", label="phone")
    phone_mask = models.CharField(max_length=20, default="")
    phone_tail = KeyField(max_length=4, default="")
    other_phone = SealedField()
    other_phone_index = BlindIndexField(source="other_phone", label="phone")

    class Meta:
        abstract = True

    def __str__(self):
        return f"#{self.pk}"
