"""The duty rota: which shifts a station keeps, who is on them, and how they change hands."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stations.duty.models.postings import Posting, Window


class ShiftPatternQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__path"))

    def touching(self, first, after):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=first), starts_on__lt=after)


class ShiftPattern(models.Model):
    """A shift that a station keeps on some weekdays, from a day until, but not on, another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="shift_patterns")
    name = models.CharField(_("Name of the shift"), max_length=40)
    begins = models.TimeField(_("Begins"))
    ends = models.TimeField(_("Ends"))
    weekdays = models.JSONField(_("Weekdays"), default=list)  # Monday 0
    on_holidays = models.BooleanField(_("Also on holidays"), default=False)
    staff = models.PositiveSmallIntegerField(_("Least staff"), default=1)
    windows = models.JSONField(_("Windows to be open"), default=list)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until (not on)"), null=True)

    objects = ShiftPatternQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="pattern_ends_after_it_begins", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(
                name="pattern_holds_for_days", condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(name="pattern_wants_somebody", condition=Q(staff__gte=1)),
            models.UniqueConstraint(
                name="one_pattern_in_force_of_a_name", fields=["station", "name"], condition=Q(ends_on=None)
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def window_words(self) -> list[str]:
        return [str(Window(key).label) for key in self.windows]

    @property
    def last_day(self):
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    def holds_on(self, day) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class RotaQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__path"))


class Rota(models.Model):
    """The shifts of a station in a month: drawn up, then published to the staff."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("rota", "Draft")
        PUBLISHED = "published", pgettext_lazy("rota", "Published")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="rotas")
    month = models.DateField()  # its first day
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    job = models.UUIDField(null=True)  # the work that draws it up, while one is under way
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RotaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_rota_a_station_and_month", fields=["station", "month"]),
            models.CheckConstraint(
                name="rota_is_published_at_a_time",
                condition=Q(state="draft", published_at=None, published_by=None)
                | Q(state="published", published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rota_is_made_before_a_maker_is_named", condition=Q(made_at__isnull=False) | Q(made_by=None)
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class ShiftQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__path"))

    def kept(self):
        """Without those that were cancelled."""
        return self.filter(cancelled_at=None)

    def published(self):
        return self.kept().filter(rota__state=Rota.State.PUBLISHED)

    def running(self):
        """Somebody has checked in and nobody has handed over yet."""
        return self.kept().filter(opened_at__isnull=False, closed_at=None)


class Shift(models.Model):
    """Some hours of a day at a station, kept by those whose turn it is.

    Laws: it opens with the first who checks in; it closes once, and then holds no open item.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rota = models.ForeignKey(Rota, models.PROTECT, related_name="shifts")
    station = models.ForeignKey(Unit, models.PROTECT, related_name="shifts")
    pattern = models.ForeignKey(ShiftPattern, models.PROTECT, null=True, related_name="shifts")
    day = models.DateField()
    name = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    staff = models.PositiveSmallIntegerField(default=1)
    windows = models.JSONField(default=list)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["station", "starts_at"], name="shift_station"),
            models.Index(fields=["station", "day"], name="shift_day"),
        ]
        constraints = [
            models.CheckConstraint(name="shift_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(
                name="one_shift_of_a_name_at_a_time", fields=["station", "starts_at", "name"],
                condition=Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                name="shift_is_closed_after_it_opened",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_cancelled_shift_never_opened", condition=Q(cancelled_at=None) | Q(opened_at=None)
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {self.name}"

    @property
    def window_words(self) -> list[str]:
        return [str(Window(key).label) for key in self.windows]

    @property
    def is_running(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


class TurnQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("shift__station__path"))

    def live(self):
        return self.filter(removed_at=None)

    def published(self):
        return self.filter(published_at__isnull=False)


class Turn(models.Model):
    """Somebody is on a shift. What was published and then taken off stays as removed, so that calendars hear of it.

    Laws: nobody is on a shift twice, nor begins two shifts at one time; who has checked in is not taken off.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="turns")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="turns")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="turns")
    starts_at = models.DateTimeField()
    is_fixed = models.BooleanField(default=False)  # set by hand or by consent: a new draft keeps it
    reason = models.CharField(max_length=200, default="", blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    checked_out_at = models.DateTimeField(null=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "starts_at"], name="turn_user")]
        constraints = [
            models.UniqueConstraint(
                name="nobody_is_on_a_shift_twice", fields=["shift", "user"], condition=Q(removed_at=None)
            ),
            models.UniqueConstraint(
                name="nobody_begins_two_shifts_at_once", fields=["user", "starts_at"], condition=Q(removed_at=None)
            ),
            models.CheckConstraint(
                name="who_checked_in_is_not_taken_off", condition=Q(removed_at=None) | Q(checked_in_at=None)
            ),
            models.CheckConstraint(
                name="nobody_checks_out_before_in",
                condition=Q(checked_out_at=None) | Q(checked_in_at__isnull=False),
            ),
        ]

    @property
    def is_at_desk(self) -> bool:
        return self.checked_in_at is not None and self.checked_out_at is None


class SwapQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("turn__shift__station__path"))

    def open(self):
        return self.filter(state=Swap.State.ASKED)


class Swap(models.Model):
    """One asks another to take a turn, or to exchange it for one of theirs; the other says yes or no."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("swap", "Waiting for an answer")
        ACCEPTED = "accepted", pgettext_lazy("swap", "Accepted")
        DECLINED = "declined", pgettext_lazy("swap", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")
        LAPSED = "lapsed", pgettext_lazy("swap", "Overtaken")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    turn = models.ForeignKey(Turn, models.PROTECT, related_name="swaps")
    wanted = models.ForeignKey(Turn, models.PROTECT, null=True, related_name="+")  # without one it is given away
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="swaps_asked")
    reason = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SwapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_request_of_a_turn_to_a_person", fields=["turn", "asked_of"], condition=Q(state="asked")
            ),
            models.UniqueConstraint(
                name="a_turn_is_given_once", fields=["turn"], condition=Q(state="accepted")
            ),
            models.CheckConstraint(
                name="swap_is_decided_or_open",
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | ~Q(state="asked") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(name="nobody_swaps_with_oneself", condition=~Q(asked_by=F("asked_of"))),
        ]  # fmt: skip
