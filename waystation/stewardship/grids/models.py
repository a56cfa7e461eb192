"""Grids of a station and who is in them."""

import re

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Person, Stay


class GridQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit__path"))


class Grid(models.Model):
    """A part of a station's area, cared for by one leader (a mandate in the grid's unit) or vacant.

    It is some communities, or an area drawn on a map (`drawn`, a GeoJSON polygon in WGS 84), or both. Where
    members are is never tracked: they are proposed by their community, by words of their address and by trade.
    Laws: of the open grids of a station no two share a community, and no two drawn areas overlap.
    """

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="grid", primary_key=True)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="grids")
    code = models.CharField(max_length=20)
    area = models.CharField(max_length=200, default="", blank=True)
    communities = models.ManyToManyField(Unit, related_name="grids_here", blank=True)
    drawn = models.JSONField(null=True, blank=True)
    address_words = models.CharField(max_length=200, default="", blank=True)
    trades = models.CharField(max_length=200, default="", blank=True)

    objects = GridQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="grid_code_is_unique_in_a_station", fields=["station", "code"])]

    def __str__(self):
        return str(self.unit)

    @property
    def address_parts(self) -> list[str]:
        """The words of an address that belong to this grid, one by one."""
        return _words(self.address_words)

    @property
    def trade_parts(self) -> list[str]:
        """The trades that belong to this grid, one by one."""
        return _words(self.trades)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[、，,；;\s]+", text) if word]


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
        indexes = [models.Index(name="assignment_open", fields=["grid"], condition=Q(ends_on=None))]


class GridSuccession(models.Model):
    """One grid took over from another: by a split two from one, by a merge one from two. Never edited."""

    class Kind(models.TextChoices):
        SPLIT = "split", pgettext_lazy("grid", "Split")
        MERGE = "merge", pgettext_lazy("grid", "Merge")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(Grid, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Grid, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=8, choices=Kind)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_succession_a_pair_of_grids", fields=["predecessor", "successor"]),
            models.CheckConstraint(name="grid_does_not_succeed_itself", condition=~Q(predecessor=F("successor"))),
        ]
