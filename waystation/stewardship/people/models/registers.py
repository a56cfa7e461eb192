"""The two registers, the origin's and the station's, and the stay that both confirm."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models.particulars import Particulars
from waystation.stewardship.people.models.persons import Person


class DepartureQuerySet(models.QuerySet):
    def within(self, reach, ending: str = "path"):
        return self.filter(reach.path_q(f"origin_{ending}") | reach.path_q(f"station_{ending}"))

    def open(self):
        return self.filter(state__in=Departure.OPEN)

    def pending(self):
        return self.filter(state=Departure.State.PENDING)


class Departure(Particulars):
    """The origin says: this member has left. Open until the member returns (条例 2019, art. 32), or is no mobile
    member any more because the formal relation went where the member lives (art. 25).

    Laws: one open departure a person; only a pending one is cancelled; a refusal has a written reason; the range of
    the movement is chosen only where neither a station nor a destination of the tree tells it.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Awaiting arrival")
        DEPARTED = "departed", _("Departed")
        REFUSED = "refused", _("Sent back")
        CANCELLED = "cancelled", _("Cancelled")
        RETURNED = "returned", _("Returned home")
        TRANSFERRED = "transferred", _("Formal relation transferred")
        ENDED = "ended", _("No member any more")

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("Mobile member")
        SHORT = "short", _("Short absence")

    class Range(models.TextChoices):
        COUNTY = "county", _("Within the county")
        CITY = "city", _("Another county of the city")
        PROVINCE = "province", _("Another city of the province")
        BEYOND = "beyond", _("Another province")

    class PlaceKind(models.TextChoices):
        """外出流向, the kinds of the yearly statistics (党内统计年报表, 流动党员情况表)."""

        PUBLIC = "public", _("Unit of the public sector")
        OVERSEAS = "overseas", _("Business of Hong Kong, Macao, Taiwan or foreign investors")
        PRIVATE = "private", _("Unit outside the public sector")
        SELF_EMPLOYED = "self_employed", _("Self-employed business")
        URBAN = "urban", _("Urban community")
        TOWNSHIP = "township", _("Township community")
        VILLAGE = "village", _("Administrative village")
        OTHER = "other", pgettext_lazy("kind of place", "Other")

    OPEN = (State.PENDING, State.DEPARTED)
    OVER = (State.RETURNED, State.TRANSFERRED, State.ENDED)  # the member was away and is not any more

    person = models.ForeignKey(Person, models.PROTECT, related_name="departures")
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.MOBILE)
    origin = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    origin_path = KeyField(max_length=255)
    branch_text = models.CharField(_("Branch as written"), max_length=100, default="", blank=True)
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # where the member reports
    station_path = KeyField(max_length=255, default="")
    destination = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    destination_text = models.CharField(_("Destination"), max_length=200, default="", blank=True)
    place_kind = models.CharField(_("Kind of place gone to"), max_length=16, choices=PlaceKind, default="", blank=True)
    # Said by whoever registers, only where no unit of the tree tells it; read through `queries.movement`.
    range_chosen = models.CharField(_("Range of the movement"), max_length=10, choices=Range, default="", blank=True)
    left = KeyField(_("Left on"), max_length=10, default="", blank=True)
    expected_back = KeyField(_("Expected back"), max_length=10, default="", blank=True)
    reason = models.CharField(_("Reason for leaving"), max_length=100, default="", blank=True)
    card_no = models.CharField(_("Activity card no."), max_length=30, default="", blank=True)
    dues_paid_to = models.CharField(_("Dues paid to"), max_length=20, default="", blank=True)
    remark = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)

    objects = DepartureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["origin_path", "state"], name="departure_origin"),
            models.Index(fields=["station_path", "state"], name="departure_station"),
            models.Index(fields=["id_index"], name="departure_id_index"),
            models.Index(fields=["phone_index"], name="departure_phone_index"),
            models.Index(fields=["name_key", "id"], name="departure_name"),
            models.Index(fields=["pinyin"], name="departure_pinyin"),
            models.Index(
                fields=["origin_path", "station_path"], name="departure_waits_from", condition=Q(state="pending")
            ),
            models.Index(
                fields=["station_path", "origin_path"], name="departure_waits_at", condition=Q(state="pending")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_departure_a_person", fields=["person"], condition=Q(state__in=["pending", "departed"])
            ),
            models.CheckConstraint(
                name="departure_is_closed_iff_not_open",
                condition=Q(state__in=["pending", "departed"], closed_at=None)
                | Q(state__in=["refused", "cancelled", "returned", "transferred", "ended"], closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="departure_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(closing_reason="")
            ),
            models.CheckConstraint(
                name="departure_place_kind_is_on_the_list",
                condition=Q(
                    place_kind__in=[
                        "",
                        "public",
                        "overseas",
                        "private",
                        "self_employed",
                        "urban",
                        "township",
                        "village",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="departure_range_is_chosen_only_where_no_unit_tells_it",
                condition=Q(range_chosen="")
                | Q(range_chosen__in=["county", "city", "province", "beyond"], station=None, destination=None),
            ),
        ]


class ArrivalQuerySet(models.QuerySet):
    def within(self, reach, ending: str = "path"):
        return self.filter(reach.path_q(f"station_{ending}") | reach.path_q(f"home_{ending}"))

    def pending(self):
        return self.filter(state=Arrival.State.PENDING)


class Arrival(Particulars):
    """The station says: this person reported here. A claim until verified; then a stay follows."""

    class State(models.TextChoices):
        PENDING = "pending", _("To be verified")
        SETTLED = "settled", _("Verified")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Channel(models.TextChoices):
        DESK = "desk", _("At the desk")
        QR = "qr", _("By QR code")
        ROSTER = "roster", _("By roster")

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="arrivals")
    state = models.CharField(max_length=16, choices=State, default=State.PENDING)
    channel = models.CharField(max_length=8, choices=Channel)
    station = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    station_path = KeyField(max_length=255)
    home = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # the origin, as far as understood
    home_path = KeyField(max_length=255, default="")
    home_text = models.CharField(_("Origin as written"), max_length=100, default="", blank=True)
    destination = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    destination_path = KeyField(max_length=255, default="")
    destination_text = models.CharField(_("Community as written"), max_length=100, default="", blank=True)
    address = SealedField()
    employer = models.CharField(_("Employer"), max_length=100, default="", blank=True)
    skill = models.CharField(_("Skill"), max_length=50, default="", blank=True)
    hardship = SealedField()
    volunteers = models.BooleanField(_("Willing to volunteer"), null=True)
    arrived = KeyField(_("Arrived on"), max_length=10, default="", blank=True)
    registered = KeyField(_("Registered on"), max_length=10, default="", blank=True)
    card_no = models.CharField(_("Activity card no."), max_length=30, default="", blank=True)
    remark = models.CharField(_("Remark"), max_length=200, default="", blank=True)
    notice_version = models.CharField(
        max_length=20, default="", blank=True
    )  # the notice shown before self-registration
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closing_reason = models.CharField(max_length=200, default="", blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["station_path", "state"], name="arrival_station"),
            models.Index(fields=["home_path", "state"], name="arrival_home"),
            models.Index(fields=["id_index"], name="arrival_id_index"),
            models.Index(fields=["phone_index"], name="arrival_phone_index"),
            models.Index(fields=["name_key", "id"], name="arrival_name"),
            models.Index(fields=["pinyin"], name="arrival_pinyin"),
        ]
        constraints = [
            models.CheckConstraint(
                name="arrival_is_pending_or_closed",
                condition=Q(state="pending", closed_at=None) | ~Q(state="pending") & Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="arrival_has_a_person_iff_settled",
                condition=Q(state="settled", person__isnull=False) | ~Q(state="settled") & Q(person=None),
            ),
            models.CheckConstraint(
                name="arrival_refusal_has_a_reason", condition=~Q(state="refused") | ~Q(closing_reason="")
            ),
        ]


class StayQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("station_path") | reach.path_q("person__home_path"))

    def open(self):
        return self.filter(ends_on=None)


class Stay(models.Model):
    """A verified member is in the care of a station, from a day until, but not on, another.

    Laws: one open stay a person; never without the confirmation of both sides, by two people, or of one side
    and the county's override with a written reason.
    """

    class Ending(models.TextChoices):
        RETURNED = "returned", _("Returned home")
        MOVED_ON = "moved_on", _("Moved on")
        TRANSFERRED = "transferred", _("Formal relation transferred")
        MISTAKEN = "mistaken", _("Opened by mistake")
        ENDED = "ended", _("No member any more")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    departure = models.ForeignKey(Departure, models.PROTECT, related_name="stays")
    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="stays")
    station = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    station_path = KeyField(max_length=255)
    destination = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ending = models.CharField(max_length=16, choices=Ending, default="", blank=True)
    origin_confirmed_at = models.DateTimeField(null=True)
    origin_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    station_confirmed_at = models.DateTimeField(null=True)
    station_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    overridden_at = models.DateTimeField(null=True)
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    override_reason = models.CharField(max_length=200, default="", blank=True)
    opened_at = models.DateTimeField()

    objects = StayQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["station_path", "ends_on", "id"], name="stay_station"),
            models.Index(fields=["station", "person"], name="stay_open", condition=Q(ends_on=None)),  # whom it covers
        ]
        constraints = [
            models.UniqueConstraint(name="one_open_stay_a_person", fields=["person"], condition=Q(ends_on=None)),
            models.UniqueConstraint(name="one_stay_an_arrival", fields=["arrival"], condition=~Q(ending="mistaken")),
            models.CheckConstraint(
                name="stay_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="stay_has_an_ending_iff_ended",
                condition=Q(ends_on=None, ending="") | Q(ends_on__isnull=False) & ~Q(ending=""),
            ),
            models.CheckConstraint(
                name="stay_is_confirmed_by_both_sides_or_overridden",
                condition=Q(origin_confirmed_by__isnull=False, station_confirmed_by__isnull=False, overridden_by=None)
                & ~Q(origin_confirmed_by=F("station_confirmed_by"))
                | Q(overridden_by__isnull=False)
                & ~Q(override_reason="")
                & (Q(origin_confirmed_by__isnull=False) | Q(station_confirmed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="stay_override_is_by_a_third_person",
                condition=Q(overridden_by=None)
                | (Q(origin_confirmed_by=None) | ~Q(overridden_by=F("origin_confirmed_by")))
                & (Q(station_confirmed_by=None) | ~Q(overridden_by=F("station_confirmed_by"))),
            ),
            models.CheckConstraint(
                name="stay_origin_confirmation_is_dated",
                condition=Q(origin_confirmed_by=None, origin_confirmed_at=None)
                | Q(origin_confirmed_by__isnull=False, origin_confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="stay_station_confirmation_is_dated",
                condition=Q(station_confirmed_by=None, station_confirmed_at=None)
                | Q(station_confirmed_by__isnull=False, station_confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="stay_override_is_dated",
                condition=Q(overridden_by=None, overridden_at=None)
                | Q(overridden_by__isnull=False, overridden_at__isnull=False),
            ),
        ]
