"""The stations themselves: what they are, where, when, and which communities they serve."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from waystation.organizations.models import Unit


class StationQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit__path"))


class Station(models.Model):
    """An in-town station. Its unit lies under the county (a county service centre) or under the township
    that runs it; it stands in a host town, which may be another."""

    class Kind(models.TextChoices):
        COUNTY_CENTRE = "county_centre", _("County service centre")
        TOWNSHIP = "township", _("Township in-town station")

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="station", primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind)
    host_town = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, default="", blank=True)
    phone = models.CharField(max_length=30, default="", blank=True)
    opening_hours = models.CharField(max_length=100, default="", blank=True)
    communities = models.ManyToManyField(Unit, related_name="served_by", blank=True)

    objects = StationQuerySet.as_manager()

    def __str__(self):
        return str(self.unit)
