"""Rooms and facilities of a station."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.stations.sites.models.functions import Function
from waystation.stations.sites.models.stations import Station


class RoomQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__unit__path"))

    def in_use(self):
        return self.filter(closed_on=None)


class Room(models.Model):
    """A room or facility: what for, for how many, with what, and to whom it is open.

    Its law: a name is unique in the station while the room is in use.
    """

    class OpenTo(models.TextChoices):
        """The circles, each wider than the one before."""

        STAFF = "staff", _("Staff only")
        MEMBERS = "members", _("Party members")
        PARTNERS = "partners", _("Party members and partner units")
        EVERYBODY = "everybody", _("Party members and residents")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=40)
    function = models.CharField(max_length=16, choices=Function)
    capacity = models.PositiveIntegerField(null=True)  # people; nothing where nobody sits, such as a notice board
    equipment = models.CharField(max_length=200, default="", blank=True)
    open_to = models.CharField(max_length=16, choices=OpenTo)
    note = models.CharField(max_length=200, default="", blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    closing_reason = models.CharField(max_length=100, default="", blank=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["station", "closed_on"], name="room_station")]
        constraints = [
            models.UniqueConstraint(
                name="room_name_is_unique_in_a_station_while_open",
                fields=["station", "name"],
                condition=Q(closed_on=None),
            ),
            models.CheckConstraint(
                name="room_closes_after_it_opens", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
            models.CheckConstraint(
                name="room_has_a_reason_iff_closed",
                condition=Q(closed_on=None, closing_reason="") | Q(closed_on__isnull=False) & ~Q(closing_reason=""),
            ),
            models.CheckConstraint(
                name="room_holds_somebody_or_is_not_for_sitting", condition=Q(capacity=None) | Q(capacity__gt=0)
            ),
        ]

    def __str__(self):
        return self.name
