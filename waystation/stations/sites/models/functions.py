"""What the city asks every station to have, and what each station says about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.ids import new_id
from waystation.stations.sites.models.stations import Station


class Function(models.TextChoices):
    """What a station is for: the four functions that the city's guidance names."""

    SERVICE = "service", _("Convenience service")
    OFFICE = "office", _("Office and meetings")
    EDUCATION = "education", _("Member education and management")
    CULTURE = "culture", _("Culture, sport and recreation")


class ChecklistItemQuerySet(models.QuerySet):
    def in_force(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class ChecklistItem(models.Model):
    """Something that every station shall have, asked from a day until, but not on, another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    function = models.CharField(max_length=16, choices=Function)
    position = models.PositiveSmallIntegerField()  # its place in the list
    title = models.CharField(max_length=60)
    meaning = models.CharField(max_length=200, default="", blank=True)  # what counts as having it
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=200, default="", blank=True)  # the document that asks for it

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="checklist_item_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="checklist_title_is_unique_while_asked", fields=["title"], condition=Q(ends_on=None)
            ),
        ]

    def __str__(self):
        return self.title


class FunctionStatementQuerySet(models.QuerySet):
    def current(self):
        """What the stations say now; earlier statements stay on record."""
        return self.filter(superseded_at=None)


class FunctionStatement(models.Model):
    """A station says of an item: we have it, we lack it, or we plan it by a date; with what shows it.

    Laws: one current statement for a station and item; a plan has a date and nothing else has one; having
    it is shown by a note.
    """

    class State(models.TextChoices):
        PRESENT = "present", _("Present")
        PLANNED = "planned", _("Planned")
        MISSING = "missing", _("Missing")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="statements")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="statements")
    state = models.CharField(max_length=16, choices=State)
    planned_by = models.DateField(null=True)
    evidence = models.CharField(max_length=200, default="", blank=True)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    objects = FunctionStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_current_statement_of_an_item",
                fields=["station", "item"],
                condition=Q(superseded_at=None),
            ),
            models.CheckConstraint(
                name="a_plan_and_nothing_else_has_a_date",
                condition=Q(state="planned", planned_by__isnull=False) | ~Q(state="planned") & Q(planned_by=None),
            ),
            models.CheckConstraint(
                name="what_is_present_is_shown_by_a_note", condition=~Q(state="present") | ~Q(evidence="")
            ),
            models.CheckConstraint(
                name="statement_is_superseded_after_it_was_made",
                condition=Q(superseded_at=None) | Q(superseded_at__gte=F("stated_at")),
            ),
        ]
