"""Grids of a station and who is in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Person, Stay


class GridQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit__path"))


class Grid(models.Model):
    """Some communities of a station's area, cared for by one leader (a mandate in the grid's unit) or vacant."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="grid", primary_key=True)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="grids")
    code = models.CharField(max_length=20)
    area = models.CharField(max_length=200, default="", blank=True)
    communities = models.ManyToManyField(Unit, related_name="grids_here", blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="grid_code_is_unique_in_a_station", fields=["station", "code"])]

    def __str__(self):
        return str(self.unit)


class GridAssignment(models.Model):
    """A member with a stay is in one grid of that station, from a day until, but not on, another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="grid_assignments")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="grid_assignments")
    grid = models.ForeignKey(Grid, models.PROTECT, related_name="assignments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_grid_a_stay", fields=["stay"], condition=Q(ends_on=None)),
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
