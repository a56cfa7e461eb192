"""The weekly link of a branch secretary: a few questions without an account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.models.log import Contact
from waystation.stewardship.people.models import Person


class WeeklyLinkQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("sender__path") | reach.path_q("branch__path"))

    def open(self):
        """Neither withdrawn nor closed by wrong digits; the time that it is good for may be over."""
        return self.filter(revoked_at=None, closed_at=None)


class WeeklyLink(models.Model):
    """A signed address with this week's questions to one branch, good for some days.

    Only a digest of the token is kept, and of the last two digits of the reader's phone. Laws: one open link of a
    sender to a branch; so many wrong digits and no more, then it is closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="weekly_links")
    sender = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # the unit that asks and gets what is to be done
    reader = models.CharField(max_length=100)
    token_hash = KeyField(max_length=64, unique=True)
    digits_hash = KeyField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    opened = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = WeeklyLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_weekly_link_a_branch_and_sender",
                fields=["branch", "sender"],
                condition=Q(revoked_at=None, closed_at=None),
            ),
            models.CheckConstraint(
                name="weekly_link_revocation_is_dated",
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="weekly_link_without_tries_is_closed",
                condition=Q(tries_left__gt=0) | Q(closed_at__isnull=False),
            ),
        ]


class LinkQuestion(models.Model):
    """One member about whom a weekly link asks."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(WeeklyLink, models.PROTECT, related_name="questions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_question_about_a_person_a_link", fields=["link", "person"]),
        ]


class LinkAnswer(models.Model):
    """A button of a weekly link that was pressed. Law: each button works once."""

    class Kind(models.TextChoices):
        TALKED = "talked", pgettext_lazy("answer", "Talked with")
        NOT_REACHED = "not_reached", pgettext_lazy("answer", "Could not reach")
        CAME_HOME = "came_home", pgettext_lazy("answer", "Came home")
        PHONE_CHANGED = "phone_changed", pgettext_lazy("answer", "Phone changed")
        UNKNOWN = "unknown", pgettext_lazy("answer", "Do not know this person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.ForeignKey(LinkQuestion, models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=16, choices=Kind)
    answered_at = models.DateTimeField()
    contact = models.OneToOneField(Contact, models.PROTECT, null=True, related_name="link_answer")

    class Meta:
        constraints = [models.UniqueConstraint(name="each_button_works_once", fields=["question", "kind"])]
