"""Study brought home to members of whom no attendance is required."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.education.models.records import LearningRecord
from waystation.stewardship.people.models import Person, Stay


class PackQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path"))


class Pack(models.Model):
    """Materials that a station takes to the homes of excused members (条例 2019, art. 23)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="study_packs")
    unit_path = KeyField(max_length=255)
    title = models.CharField(pgettext_lazy("pack", "Title"), max_length=100)
    materials = models.TextField(_("Materials"), max_length=2000)
    issued_on = models.DateField(pgettext_lazy("pack", "Issued on"))
    due_on = models.DateField(_("To be brought by"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "issued_on"], name="pack_unit")]

    @property
    def materials_list(self) -> list[str]:
        return [line.strip() for line in self.materials.splitlines() if line.strip()]


class DeliveryQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path") | reach.path_q("pack__unit_path"))

    def due(self):
        return self.filter(state=Delivery.State.DUE)


class Delivery(models.Model):
    """One pack is to be brought to one member in care by the unit that answers for education.

    Laws: one delivery a pack and stay; delivered with a day; called off with a reason.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("delivery", "To be brought")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Brought")
        CALLED_OFF = "called_off", pgettext_lazy("delivery", "Called off")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="deliveries")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="study_deliveries")
    person = models.ForeignKey(Person, models.PROTECT, related_name="study_deliveries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    unit_path = KeyField(max_length=255)
    state = models.CharField(_("State"), max_length=16, choices=State, default=State.DUE)
    due_on = models.DateField(_("To be brought by"))
    carrier = models.CharField(_("Carried by"), max_length=50, default="", blank=True)
    delivered_on = models.DateField(_("Brought on"), null=True)
    feedback = models.CharField(_("What the member said"), max_length=300, default="", blank=True)
    record = models.OneToOneField(LearningRecord, models.PROTECT, null=True, related_name="delivery")
    reason = models.CharField(_("Reason"), max_length=200, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "due_on"], name="delivery_due", condition=Q(state="due"))]
        constraints = [
            models.UniqueConstraint(name="one_delivery_a_pack_and_stay", fields=["pack", "stay"]),
            models.CheckConstraint(
                name="delivery_is_brought_on_a_day",
                condition=Q(state="delivered", delivered_on__isnull=False)
                | ~Q(state="delivered") & Q(delivered_on=None),
            ),
            models.CheckConstraint(
                name="delivery_is_closed_iff_not_due",
                condition=Q(state="due", closed_at=None, closed_by=None) | ~Q(state="due") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_is_called_off_with_a_reason", condition=~Q(state="called_off") | ~Q(reason="")
            ),
        ]

    @property
    def item_key(self) -> str:
        """The key of the open item that puts the delivery on somebody's list."""
        return f"delivery:{self.pk}"
