"""Members with whom contact was lost, in the two stages of the Regulations (条例 2019, art. 24)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.models.care import people_q
from waystation.stewardship.people.models import Person


class LostContactQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(people_q(reach))

    def open(self):
        return self.filter(closed_on=None)


class LostContact(models.Model):
    """A person reported that contact with a member is lost; the member is searched for until found or removed.

    Stage one: searching, until the county decides to suspend the membership (six months lost, searched for in
    several ways). Stage two: suspended, until the county decides to remove the member (two years later). Timers
    only prompt. Laws: one open case a person; the stages come in order; who reported never decides.
    """

    class State(models.TextChoices):
        SEARCHING = "searching", pgettext_lazy("lost", "Stage one: searching")
        SUSPENDED = "suspended", pgettext_lazy("lost", "Stage two: membership suspended")
        FOUND = "found", pgettext_lazy("lost", "Found again")
        REMOVED = "removed", pgettext_lazy("lost", "Removed as having left the Party")
        MISTAKEN = "mistaken", pgettext_lazy("lost", "Reported by mistake")

    class Situation(models.TextChoices):
        WORK = "1", pgettext_lazy("lost", "① Away for work or business")
        RESTRUCTURED = "2", pgettext_lazy("lost", "② Employer restructured or bankrupt")
        GRADUATED = "3", pgettext_lazy("lost", "③ Whereabouts unknown after graduation")
        CHANGED_JOB = "4", pgettext_lazy("lost", "④ Changed employer")
        ABROAD = "5", pgettext_lazy("lost", "⑤ Went abroad")
        MOVED_HOUSE = "6", pgettext_lazy("lost", "⑥ Changed residence")
        OTHER = "7", pgettext_lazy("lost", "⑦ Other")

    OPEN = (State.SEARCHING, State.SUSPENDED)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="lost_cases")
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.SEARCHING)
    situation = models.CharField(_("Situation"), max_length=1, choices=Situation)
    lost_since = models.DateField(_("Lost since"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # searches for the member
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    suspended_on = models.DateField(null=True)
    suspension_document = models.CharField(max_length=60, default="", blank=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_on = models.DateField(null=True)
    removal_document = models.CharField(max_length=60, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_note = models.CharField(max_length=200, default="", blank=True)

    objects = LostContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_open_lost_case_a_person", fields=["person"], condition=Q(closed_on=None)),
            models.CheckConstraint(
                name="lost_case_is_open_or_closed_with_a_note",
                condition=Q(state__in=["searching", "suspended"], closed_on=None, closed_at=None, closed_by=None)
                | Q(
                    state__in=["found", "removed", "mistaken"], closed_on__isnull=False, closed_at__isnull=False,
                    closed_by__isnull=False,
                )
                & ~Q(closing_note=""),
            ),
            models.CheckConstraint(
                name="suspension_is_whole",
                condition=Q(suspended_on=None, suspended_at=None, suspended_by=None, suspension_document="")
                | Q(suspended_on__isnull=False, suspended_at__isnull=False, suspended_by__isnull=False)
                & ~Q(suspension_document=""),
            ),
            models.CheckConstraint(
                name="removal_is_whole_and_follows_a_suspension",
                condition=Q(removed_on=None, removed_at=None, removed_by=None, removal_document="")
                | Q(
                    suspended_on__isnull=False,
                    removed_on__gt=F("suspended_on"),
                    removed_at__isnull=False,
                    removed_by__isnull=False,
                )
                & ~Q(removal_document=""),
            ),
            models.CheckConstraint(
                name="stages_of_a_lost_case_come_in_order",
                condition=Q(state="searching", suspended_on=None)
                | Q(state="suspended", suspended_on__isnull=False, removed_on=None)
                | Q(state="removed", suspended_on__isnull=False, removed_on__isnull=False)
                | Q(state__in=["found", "mistaken"], removed_on=None),
            ),
            models.CheckConstraint(
                name="who_reported_a_lost_member_never_decides",
                condition=(Q(suspended_by=None) | ~Q(suspended_by=F("reported_by")))
                & (Q(removed_by=None) | ~Q(removed_by=F("reported_by"))),
            ),
        ]  # fmt: skip


class SearchStep(models.Model):
    """One way in which a lost member was searched for, with what came of it. Never edited."""

    class Way(models.TextChoices):
        FAMILY = "family", pgettext_lazy("search", "Family and relatives")
        FRIENDS = "friends", pgettext_lazy("search", "Friends and fellow villagers")
        EMPLOYER = "employer", pgettext_lazy("search", "Employer")
        COMMUNITY = "community", pgettext_lazy("search", "Community of the last address")
        POLICE = "police", pgettext_lazy("search", "Police station")
        ORIGIN = "origin", pgettext_lazy("search", "Branch at home")
        NOTICE = "notice", pgettext_lazy("search", "Public announcement")
        OTHER = "other", pgettext_lazy("search", "Another way")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(LostContact, models.PROTECT, related_name="steps")
    way = models.CharField(_("Way of searching"), max_length=16, choices=Way)
    searched_on = models.DateField(_("Date"))
    result = models.CharField(_("What came of it"), max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
