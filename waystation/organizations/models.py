"""The tree of units and who holds which role in it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import KeyField, prefix_q
from waystation.organizations.permissions import ADMINISTRATORS, ROLES


class UnitQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("path"))

    def under(self, unit):
        """The unit itself and every unit below it."""
        return self.filter(prefix_q("path", unit.path))

    def active(self):
        return self.filter(closed_on=None)

    def stations(self):
        """The open stations, in the order of the tree."""
        return self.active().filter(kind=Unit.Kind.STATION).order_by("path")

    def not_closed_before(self, day):
        """Those open now, and those closed after the day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))


class Unit(models.Model):
    """A place in the organization tree: city, county, town, village, branch, station or grid.

    `path` is the chain of ids from the root, each followed by a dot ("1.7.93."), so that a subtree is one
    range of an index. Its law: the kind of a unit may lie under the kind of its parent (KINDS_UNDER).
    `opened_on` is its first day, if it is known; a unit without one was always there.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        COUNTY = "county", _("County")
        TOWN = "town", _("Town")
        VILLAGE = "village", _("Village or community")
        BRANCH = "branch", _("Branch")
        STATION = "station", _("Station")
        GRID = "grid", _("Grid")

    code = KeyField(max_length=32, null=True, unique=True)  # statistical code of an administrative division
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=100, default="", blank=True)  # 桐城 of 桐城街道, for look-up
    kind = models.CharField(max_length=16, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = KeyField(max_length=255, unique=True)
    is_seat = models.BooleanField(default=False)  # an urban division where people who left their village live
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="unit_kind_name")]
        constraints = [
            models.CheckConstraint(
                name="unit_is_root_iff_city",
                condition=Q(kind="city", parent=None) | ~Q(kind="city") & Q(parent__isnull=False),
            ),
            models.UniqueConstraint(
                name="unit_name_is_unique_among_open_siblings",
                fields=["parent", "kind", "name"],
                condition=Q(closed_on=None),
            ),
            models.CheckConstraint(name="unit_is_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]

    def __str__(self):
        return self.name

    def is_under(self, other) -> bool:
        return self.path.startswith(other.path)


# Which kinds may lie under which. A county-wide service centre lies under its county, a township's
# in-town station under the township that runs it; its grids lie under the station.
KINDS_UNDER: dict[str, frozenset[str]] = {
    "city": frozenset({"county"}),
    "county": frozenset({"town", "station", "branch"}),
    "town": frozenset({"village", "station", "branch"}),
    "village": frozenset({"branch"}),
    "branch": frozenset(),
    "station": frozenset({"grid"}),
    "grid": frozenset(),
}


class UnitContact(models.Model):
    """How the office of a unit is reached (通讯地址、电话、传真、邮编、联系人): the office, never a private person.

    Its law: a row says something, and a postcode has six places. What another app keeps already for a kind of unit,
    as stations keep address and telephones, never stands here (`actions.set_contacts`). Read through `offices`.
    """

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="contact", primary_key=True)
    address = models.CharField(_("Postal address"), max_length=200, default="", blank=True)
    phone = models.CharField(_("Telephone"), max_length=60, default="", blank=True)
    fax = models.CharField(_("Fax"), max_length=30, default="", blank=True)
    postcode = KeyField(_("Postcode"), max_length=6, default="", blank=True)
    contact_person = models.CharField(_("Contact person"), max_length=50, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_contact_says_something",
                condition=~Q(address="", phone="", fax="", postcode="", contact_person=""),
            ),
            models.CheckConstraint(
                name="unit_contact_postcode_has_six_places",
                condition=Q(postcode="") | Q(Exact(Length("postcode"), 6)),
            ),
        ]

    def __str__(self):
        return str(self.unit)


class MandateQuerySet(models.QuerySet):
    def in_force(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def within(self, reach):
        return self.filter(reach.path_q("unit__path"))


class Mandate(models.Model):
    """A user holds a role in a unit from a day until, but not on, another.

    Its law: it is never edited, only ended; nobody holds two of the three administrators' roles
    (GB/T 22239-2019, 8.1.5).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=32, choices=[(key, role.label) for key, role in ROLES.items()])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # True while the role is one of the three administrators' and has no end: the unique index below
    # then lets a user hold one of them at most.
    administers = models.BooleanField(default=False)

    objects = MandateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "starts_on"], name="mandate_user")]
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="one_open_mandate_of_a_role_in_a_unit", fields=["user", "unit", "role"], condition=Q(ends_on=None)
            ),
            models.UniqueConstraint(
                name="one_administrator_role_a_user", fields=["user"], condition=Q(administers=True, ends_on=None)
            ),
            models.CheckConstraint(
                name="mandate_administers_iff_administrator",
                condition=Q(administers=True, role__in=sorted(ADMINISTRATORS))
                | Q(administers=False) & ~Q(role__in=sorted(ADMINISTRATORS)),
            ),
        ]
