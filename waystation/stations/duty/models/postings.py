"""The staff of a station: who is posted there, and when somebody is away."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit


class Window(models.TextChoices):
    """A function of the counter. Not everybody may open every one."""

    PARTY = "party", pgettext_lazy("window", "Party affairs")
    ORDER = "order", pgettext_lazy("window", "Public order")
    CIVIL = "civil", pgettext_lazy("window", "Civil affairs")
    INSURANCE = "insurance", pgettext_lazy("window", "Medical insurance")
    LABOUR = "labour", pgettext_lazy("window", "Labour and social security")


class PostingQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station__path"))

    def in_force(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def touching(self, first, after):
        """Those in force on a day from `first` until, but not on, `after`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=first), starts_on__lt=after)


class Posting(models.Model):
    """A user belongs to the staff of a station from a day until, but not on, another.

    Laws: at one station a user has one posting a day; it is ended, never deleted.
    """

    class Kind(models.TextChoices):
        FULL_TIME = "full_time", _("Full-timer hired by the county")
        SENT = "sent", _("Cadre sent by the township")
        VILLAGE = "village", _("Village cadre living in town")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postings")
    kind = models.CharField(_("Kind of posting"), max_length=16, choices=Kind)
    sent_by = models.CharField(_("Sent by"), max_length=100, default="", blank=True)
    windows = models.JSONField(_("Windows"), default=list)
    most_week = models.PositiveSmallIntegerField(_("Most shifts a week"))
    most_month = models.PositiveSmallIntegerField(_("Most shifts a month"))
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until (not on)"), null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PostingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["station", "starts_on"], name="posting_station")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_posting_of_a_user_at_a_station", fields=["user", "station"], condition=Q(ends_on=None)
            ),
            models.UniqueConstraint(name="postings_of_a_user_begin_apart", fields=["user", "station", "starts_on"]),
            models.CheckConstraint(
                name="posting_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on"))
            ),
            models.CheckConstraint(
                name="posting_allows_no_more_a_week_than_a_month",
                condition=Q(most_week__gte=1, most_week__lte=F("most_month")),
            ),
        ]

    def __str__(self):
        return str(self.user)

    @property
    def window_words(self) -> list[str]:
        return [str(Window(key).label) for key in self.windows]

    @property
    def last_day(self):
        return self.ends_on - timedelta(days=1) if self.ends_on else None

    def holds_on(self, day) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class FormerLimit(models.Model):
    """What a posting allowed a month until, but not on, a day: a month that is over is weighed as it stood then.

    Law: one row a day of change; none is changed later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="former_limits")
    until = models.DateField()
    most_month = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_former_limit_a_day", fields=["posting", "until"]),
        ]


class LeaveQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("posting__station__path"))

    def granted(self):
        return self.filter(state=Leave.State.GRANTED)

    def touching(self, first, after):
        return self.filter(starts_on__lt=after, ends_on__gt=first)


class Leave(models.Model):
    """Somebody of the staff is away from a day until, but not on, another: asked, then granted or refused."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("leave", "Asked")
        GRANTED = "granted", pgettext_lazy("leave", "Granted")
        REFUSED = "refused", pgettext_lazy("leave", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("leave", "Withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, default="", blank=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["posting", "starts_on"], name="leave_posting")]
        constraints = [
            models.CheckConstraint(name="leave_ends_after_it_starts", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="leave_is_decided_or_asked",
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | ~Q(state="asked") & Q(decided_at__isnull=False),
            ),
        ]

    @property
    def last_day(self):
        return self.ends_on - timedelta(days=1)
