"""Signed sheets of occasions, scanned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.kernel.models import StoredFile
from waystation.stewardship.education.models.occasions import Occasion


class SheetScanQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("occasion__unit_path"))

    def standing(self):
        return self.filter(withdrawn_at=None)


class SheetScan(models.Model):
    """A scan of the sheet that those present at an occasion signed.

    Laws: it is never changed nor deleted; a wrong one is withdrawn once, with a reason, and another is added.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="scans")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)

    objects = SheetScanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="scan_is_withdrawn_with_a_reason_or_stands",
                condition=Q(withdrawn_at=None, withdrawn_by=None, reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(reason=""),
            ),
        ]
