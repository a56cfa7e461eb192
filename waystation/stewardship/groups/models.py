"""Functional groups of a station: members of one trade, skill or area who have organisation life together."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Person, Stay


class FunctionalGroupQuerySet(models.QuerySet):
    def within(self, reach):
        """Groups of a station in reach, and groups in which a member has the home in reach."""
        homes = GroupMember.objects.filter(reach.caring.path_q("person__home_path"), group=OuterRef("pk"), ends_on=None)
        return self.filter(reach.path_q("station_path") | Q(Exists(homes)))

    def open(self):
        return self.filter(closed_on=None)


class FunctionalGroup(models.Model):
    """A functional Party group (功能党小组) of a station.

    One formal branch, many places of organisation life (条例 2019, art. 32): whoever joins keeps the formal
    relation, which no action of this app can write. `basis` is the fact that its members share: a trade, a
    skill, the name of a community. Law: of the open groups of a station no two have one name.
    """

    class Kind(models.TextChoices):
        TRADE = "trade", pgettext_lazy("group", "Trade")
        SKILL = "skill", pgettext_lazy("group", "Skill")
        AREA = "area", pgettext_lazy("group", "Area")
        LEVEL = "level", pgettext_lazy("group", "Level of the origin")
        SPECIAL = "special", pgettext_lazy("group", "Special task")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="functional_groups")
    station_path = KeyField(max_length=255)
    name = models.CharField(_("Name of the group"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind)
    basis = models.CharField(_("What its members share"), max_length=100, default="", blank=True)
    community = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(_("What it is for"), max_length=200, default="", blank=True)
    established_on = models.DateField()
    closed_on = models.DateField(null=True)
    closing_reason = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = FunctionalGroupQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["station_path", "closed_on"], name="group_station")]
        constraints = [
            models.UniqueConstraint(
                name="group_name_is_unique_among_open_ones", fields=["station", "name"], condition=Q(closed_on=None)
            ),
            models.CheckConstraint(
                name="group_is_closed_with_a_reason",
                condition=Q(closed_on=None, closing_reason="") | Q(closed_on__isnull=False) & ~Q(closing_reason=""),
            ),
            models.CheckConstraint(
                name="group_closes_after_it_starts", condition=Q(closed_on=None) | Q(closed_on__gte=F("established_on"))
            ),
        ]

    def __str__(self):
        return self.name


class GroupMember(models.Model):
    """A member in care takes part in a group, from a day until, but not on, another.

    Law: a member may be in several groups, in each once at a time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="group_memberships")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="group_memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_member_is_once_in_a_group", fields=["group", "person"], condition=Q(ends_on=None)
            ),
            models.CheckConstraint(
                name="group_member_leaves_after_joining", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]


class GroupLeader(models.Model):
    """One of the members leads the group, from a day until, but not on, another. Law: one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="leaders")
    member = models.ForeignKey(GroupMember, models.PROTECT, related_name="led")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_leader_a_group", fields=["group"], condition=Q(ends_on=None)),
            models.CheckConstraint(
                name="group_leader_ends_after_starting", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]


class GroupActivity(models.Model):
    """A meeting or action of a group: planned for a day, then recorded with who took part, or called off."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("activity", "Planned")
        HELD = "held", pgettext_lazy("activity", "Held")
        CANCELLED = "cancelled", pgettext_lazy("activity", "Called off")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="activities")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    held_on = models.DateField(_("Day"))
    topic = models.CharField(_("Topic"), max_length=100)
    place = models.CharField(_("Place"), max_length=100, default="", blank=True)
    record = models.CharField(_("What was done"), max_length=1000, default="", blank=True)
    attended = models.ManyToManyField(GroupMember, related_name="attended", blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["group", "state", "held_on"], name="group_activity_day")]
        constraints = [
            models.CheckConstraint(
                name="activity_is_planned_or_settled",
                condition=Q(state="planned", settled_at=None, settled_by=None)
                | ~Q(state="planned") & Q(settled_at__isnull=False),
            ),
        ]


class SuggestedActivityQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("group__station_path"))

    def waiting(self):
        """Those that nobody answered yet."""
        return self.filter(state=SuggestedActivity.State.WAITING)

    def to_enter(self):
        """Those taken up whose occasion is not entered yet."""
        return self.filter(state=SuggestedActivity.State.TAKEN, occasion_key=None)


class SuggestedActivity(models.Model):
    """The leader of a group suggests to the station what the group could do on a day, and why.

    Law: it was suggested in a term as leader; it is answered once, and declined with a reason. `occasion_key` is the
    occasion of organization life that came of one that was taken up.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("suggested activity", "Waits for an answer")
        TAKEN = "taken", pgettext_lazy("suggested activity", "Taken up")
        DECLINED = "declined", pgettext_lazy("suggested activity", "Declined")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    group = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="suggested")
    leader = models.ForeignKey(GroupLeader, models.PROTECT, related_name="suggested")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    held_on = models.DateField(_("Day"))
    topic = models.CharField(_("Topic"), max_length=100)
    place = models.CharField(_("Place"), max_length=100, default="", blank=True)
    reason = models.CharField(_("Reason"), max_length=200)
    suggested_at = models.DateTimeField()
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=200, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    occasion_key = models.UUIDField(null=True, blank=True)

    objects = SuggestedActivityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "state", "held_on"], name="group_suggested_day")]
        constraints = [
            models.CheckConstraint(
                name="suggested_activity_waits_or_is_answered",
                condition=Q(state="waiting", answered_at=None, answered_by=None)
                | Q(state__in=["taken", "declined"], answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suggested_activity_is_declined_with_a_reason",
                condition=Q(state="declined") & ~Q(answer="") | ~Q(state="declined") & Q(answer=""),
            ),
            models.CheckConstraint(name="suggested_activity_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="only_a_suggestion_taken_up_is_held", condition=Q(occasion_key=None) | Q(state="taken")
            ),
        ]


class GroupSuccession(models.Model):
    """A group was merged into another, with its members. Never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    predecessor = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(FunctionalGroup, models.PROTECT, related_name="origins")
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="a_group_is_merged_once", fields=["predecessor"]),
            models.CheckConstraint(name="group_does_not_succeed_itself", condition=~Q(predecessor=F("successor"))),
        ]
