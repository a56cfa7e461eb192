"""Members of whom nothing is required."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import SealedField
from waystation.kernel.ids import new_id
from waystation.stewardship.people.models import Person


def people_q(reach, person: str = "person") -> Q:
    """Rows about people of an origin in reach or with a stay in reach."""
    return reach.path_q(f"{person}__home_path") | reach.path_q(f"{person}__stay_path")


class ExcuseQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(people_q(reach))

    def in_force(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def open(self):
        return self.filter(ends_on=None)


class Excuse(models.Model):
    """A member of whom nothing is required (条例 2019, art. 23): aged and frail, hard of moving, gravely ill, disabled.

    Study is brought home and the member is visited; ratios leave the member out from a day until, but not on,
    another. Law: one excuse without an end a person. `review_on` asks a human to look again; nothing ends by itself.
    """

    class Reason(models.TextChoices):
        AGED = "aged", pgettext_lazy("excuse", "Aged and frail")
        IMMOBILE = "immobile", pgettext_lazy("excuse", "Hard of moving")
        ILL = "ill", pgettext_lazy("excuse", "Gravely ill")
        INCAPABLE = "incapable", pgettext_lazy("excuse", "Unable to look after oneself")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="excuses")
    # The file on which it was recorded; another one than `person` only while the two are merged.
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(_("Reason"), max_length=16, choices=Reason)
    facts = SealedField()  # what was said about health; class S3
    starts_on = models.DateField()
    review_on = models.DateField()
    ends_on = models.DateField(null=True)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ending_reason = models.CharField(max_length=200, default="", blank=True)

    objects = ExcuseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["review_on"], name="excuse_review", condition=Q(ends_on=None))]
        constraints = [
            models.UniqueConstraint(name="one_open_excuse_a_person", fields=["person"], condition=Q(ends_on=None)),
            models.CheckConstraint(
                name="excuse_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="excuse_is_ended_with_a_reason_or_open",
                condition=Q(ends_on=None, ended_at=None, ended_by=None, ending_reason="")
                | Q(ends_on__isnull=False, ended_at__isnull=False) & ~Q(ending_reason=""),
            ),
        ]
