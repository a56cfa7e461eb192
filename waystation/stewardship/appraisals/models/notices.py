"""The notices that tell a result: the letter to the origin (通报函) and the feedback to the member."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals.models.appraisals import Appraisal
from waystation.stewardship.appraisals.models.rounds import AppraisalRound


class NoticeQuerySet(models.QuerySet):
    def within(self, reach):
        """Letters of origins in reach and of rounds of units in reach; feedback of members in reach."""
        member = reach.path_q("appraisal__station_path") | reach.path_q("appraisal__origin_path")
        return self.filter(reach.path_q("origin_path") | reach.path_q("round__unit_path") | member)


class ResultNotice(models.Model):
    """A numbered notice of results. Law: one letter an origin and round, one feedback a member; numbers of a unit
    and year have no gaps and no doubles."""

    class Kind(models.TextChoices):
        ORIGIN = "origin", pgettext_lazy("notice", "Letter to the origin")
        MEMBER = "member", pgettext_lazy("notice", "Feedback to the member")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    round = models.ForeignKey(AppraisalRound, models.PROTECT, related_name="notices")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    origin = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    origin_path = KeyField(max_length=255)
    appraisal = models.OneToOneField(Appraisal, models.PROTECT, null=True, related_name="notice")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    received_on_behalf = models.BooleanField(default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_notice_a_number", fields=["issuer", "year", "serial"]),
            models.UniqueConstraint(
                name="one_letter_an_origin_and_round", fields=["round", "origin"], condition=Q(kind="origin")
            ),
            models.CheckConstraint(
                name="feedback_is_about_a_member",
                condition=Q(kind="origin", appraisal=None) | Q(kind="member", appraisal__isnull=False),
            ),
            models.CheckConstraint(
                name="notice_receipt_is_dated",
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
        ]
