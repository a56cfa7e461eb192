"""The log of contacts, and since when each member has been quiet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import SealedField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.models.care import people_q
from waystation.stewardship.people.models import Person


class ContactQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(people_q(reach))

    def standing(self):
        """Contacts that were not struck out."""
        return self.filter(struck_at=None)


class Contact(models.Model):
    """Somebody tried to reach a member on a day, by some channel, and this came of it.

    Laws: it is never edited, only struck out with a reason; it is real only if the member answered in person,
    which nobody does through the family.
    """

    class Channel(models.TextChoices):
        VISIT = "visit", pgettext_lazy("channel", "Home visit")
        MET = "met", pgettext_lazy("channel", "Met elsewhere")
        PHONE = "phone", pgettext_lazy("channel", "Phone")
        WECHAT = "wechat", pgettext_lazy("channel", "WeChat")
        QQ = "qq", pgettext_lazy("channel", "QQ")
        SMS = "sms", pgettext_lazy("channel", "SMS")
        MEETING = "meeting", pgettext_lazy("channel", "Meeting or activity")
        FAMILY = "family", pgettext_lazy("channel", "Through the family")
        OTHER = "other", pgettext_lazy("channel", "Another way")

    class Outcome(models.TextChoices):
        REACHED = "reached", pgettext_lazy("contact", "Reached")
        NOT_REACHED = "not_reached", pgettext_lazy("contact", "Not reached")
        THROUGH_OTHERS = "through_others", pgettext_lazy("contact", "Heard of through others")

    class Source(models.TextChoices):
        DESK = "desk", pgettext_lazy("source", "Entered by hand")
        FIVE = "five", pgettext_lazy("source", "Weekly five")
        LINK = "link", pgettext_lazy("source", "Weekly link")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    # The file on which it was recorded; another one than `person` only while the two are merged.
    recorded_for = models.ForeignKey(Person, models.PROTECT, related_name="+")
    channel = models.CharField(pgettext_lazy("contact", "Channel"), max_length=16, choices=Channel)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome)
    is_real = models.BooleanField()  # by the rule of the day of the contact
    contacted_on = models.DateField()
    spoken_by = models.CharField(_("Who spoke"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # on whose behalf
    companions = models.CharField(_("Together with"), max_length=100, default="", blank=True)
    note = models.CharField(_("Note"), max_length=200, default="", blank=True)
    sealed_note = SealedField()  # the note where it is sensitive; class S3
    needs = SealedField()  # what the household asked for at a visit; class S3
    follow_up_on = models.DateField(null=True)
    meeting = models.UUIDField(null=True)  # the contacts of one meeting share it
    source = models.CharField(max_length=8, choices=Source, default=Source.DESK)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    strike_reason = models.CharField(max_length=200, default="", blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "contacted_on"], name="contact_person")]
        constraints = [
            models.CheckConstraint(
                name="contact_is_struck_out_with_a_reason_or_stands",
                condition=Q(struck_at=None, struck_by=None, strike_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(strike_reason=""),
            ),
            models.CheckConstraint(
                name="real_contact_reached_the_member", condition=Q(is_real=False) | Q(outcome="reached")
            ),
            models.CheckConstraint(
                name="nobody_is_reached_in_person_through_the_family",
                condition=~Q(channel="family") | ~Q(outcome="reached"),
            ),
        ]


class ContactStateQuerySet(models.QuerySet):
    def within(self, reach):
        if reach.stations:
            return self.filter(station__in=reach.stations)
        return self.filter(people_q(reach))

    def mobile(self):
        """Of members in care or away; a file merged into another has neither a stay nor a departure."""
        return self.filter(is_mobile=True)

    def perhaps_lost(self, edge):
        """Neither really in contact nor with dues paid after the day."""
        return self.filter(Q(last_paid_on=None) | Q(last_paid_on__lte=edge), quiet_since__lte=edge)


class ContactState(models.Model):
    """What the log says about one person, kept beside it so that a list of a million people needs no log.

    Whoever was present at organization life was in real contact that day. `quiet_since` is the day of the last real
    contact or, if it is later, the day the member came into care or left; the days without real contact are counted
    from it. `last_paid_on` is the last day of dues paid, which counts for lost contact only. From `absent_since` to
    `absent_last_on` the member was absent each time a roll was called, without leave or excuse, and has not come
    since. `station` is that of the open stay. Their law: they equal what the log, the rolls, the activities, the dues
    and the stays give.
    """

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="contact_state")
    is_mobile = models.BooleanField(default=False)  # an open stay or an open departure
    last_real_on = models.DateField(null=True)
    last_any_on = models.DateField(null=True)
    last_visit_on = models.DateField(null=True)
    last_paid_on = models.DateField(null=True)
    absent_since = models.DateField(null=True)
    absent_last_on = models.DateField(null=True)
    quiet_since = models.DateField(null=True)
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = ContactStateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["quiet_since", "person"], name="state_quiet", condition=Q(is_mobile=True)),
            models.Index(
                fields=["station", "quiet_since", "person"],
                name="state_station",
                condition=Q(is_mobile=True, station__isnull=False),
            ),
            models.Index(
                fields=["absent_since", "person"],
                name="state_absent",
                condition=Q(is_mobile=True, absent_since__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="mobile_member_has_a_day_to_count_from",
                condition=Q(is_mobile=False) | Q(quiet_since__isnull=False),
            )
        ]

    @property
    def heard_on(self):
        """The last organization life, real contact or dues paid: contact cannot be lost before it."""
        return max((day for day in (self.last_real_on, self.last_paid_on) if day is not None), default=None)
