"""The stations themselves: what they are, where they are, and which communities they serve."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from waystation.organizations.models import Unit


class StationQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit__path"))

    def in_use(self):
        """Stations that are not closed for good."""
        return self.filter(unit__closed_on=None)

    def with_places(self):
        """With the units a page names: the station's own, who runs it, its county and its host town."""
        return self.select_related("unit__parent__parent", "host_town")


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
    other_phone = models.CharField(max_length=30, default="", blank=True)
    hours_note = models.CharField(max_length=100, default="", blank=True)  # what hours alone do not say
    services = models.TextField(default="", blank=True)  # what the station does for people, one a line
    communities = models.ManyToManyField(Unit, related_name="served_by", blank=True)

    objects = StationQuerySet.as_manager()

    def __str__(self):
        return str(self.unit)

    @property
    def county(self) -> Unit:
        """The county whose station it is: the parent of a centre, the parent's parent of a township's station."""
        parent = self.unit.parent
        return parent if parent.kind == Unit.Kind.COUNTY else parent.parent

    @property
    def phones(self) -> list[str]:
        return [number for number in (self.phone, self.other_phone) if number]

    @property
    def service_lines(self) -> list[str]:
        return [line.strip() for line in self.services.splitlines() if line.strip()]
