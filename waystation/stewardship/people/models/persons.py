"""A person and the formal relation with a branch."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel.fields import KeyField, SealedField, disjoint
from waystation.kernel.ids import new_id
from waystation.organizations.models import Unit
from waystation.stewardship.people.models.particulars import Particulars


class PersonQuerySet(models.QuerySet):
    def within(self, reach, ending: str = "path"):
        """People of an origin in reach, with a stay in reach, or staying in a community in reach.

        Who only helps at a destination has its newcomers in reach, not those whose home it is. `ending` names
        other columns or aliases than the indexed ones.
        """
        cared_for = reach.caring.path_q(f"home_{ending}") | reach.caring.path_q(f"stay_{ending}")
        return self.filter(cared_for | reach.path_q(f"destination_{ending}"))

    def pieces(self, reach) -> list[models.QuerySet]:
        """The people `within` the reach in parts that share nobody: who stays there, who else comes from there, who
        else lives there."""
        stays = reach.caring.path_q("stay_path") & Q(stay_path__gt="")
        lives = reach.path_q("destination_path") & Q(destination_path__gt="")
        return disjoint(self, stays, reach.caring.path_q("home_path"), lives)

    def living(self):
        """Files in use: not merged into another."""
        return self.filter(merged_into=None)

    def in_standing(self):
        """Of whom a member's duties are asked: neither suspended, nor out of the Party, nor dead."""
        return self.filter(party_status=PartyStatus.NORMAL)


class PartyStatus(models.TextChoices):
    """How somebody stands in the Party. Nobody is deleted: the status changes, by a decision with a document."""

    NORMAL = "normal", pgettext_lazy("party status", "Normal")
    SUSPENDED = "suspended", pgettext_lazy("party status", "Membership suspended")
    LEFT = "left", pgettext_lazy("party status", "Out of the Party")
    DIED = "died", pgettext_lazy("party status", "Died")


class Person(Particulars):
    """One file for one human being, a member or a resident.

    `home_path`, `stay_path` and `destination_path` repeat the places of the open membership and of the open
    stay, because lists filter on them; the actions that change those rows keep them. The branch of who is out of
    the Party or dead keeps the file: there `home` is that of the last membership.
    """

    ENDED = (PartyStatus.LEFT, PartyStatus.DIED)  # no member any more

    home = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    home_path = KeyField(max_length=255, default="")
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    stay_path = KeyField(max_length=255, default="")  # the grid's path once assigned, else the station's
    destination = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    destination_path = KeyField(max_length=255, default="")
    address = SealedField()
    employer = models.CharField(_("Employer"), max_length=100, default="", blank=True)
    skill = models.CharField(_("Skill"), max_length=50, default="", blank=True)
    hardship = SealedField()
    volunteers = models.BooleanField(_("Willing to volunteer"), null=True)
    card_no = models.CharField(_("Activity card no."), max_length=30, default="", blank=True)
    party_status = models.CharField(_("Party status"), max_length=10, choices=PartyStatus, default=PartyStatus.NORMAL)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="person")
    # Nearly every file is living: a full index of the column would tempt a planner to read them all by it.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="aliases", db_index=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "id"], name="person_name"),
            models.Index(fields=["given_key"], name="person_given"),
            models.Index(fields=["pinyin"], name="person_pinyin"),
            models.Index(fields=["initials"], name="person_initials"),
            models.Index(fields=["phone_tail"], name="person_phone_tail"),
            models.Index(fields=["id_index"], name="person_id_index"),
            models.Index(fields=["phone_index"], name="person_phone_index"),
            models.Index(fields=["other_phone_index"], name="person_other_phone_index"),
            models.Index(fields=["home_path", "name_key"], name="person_home"),
            models.Index(fields=["stay_path", "name_key"], name="person_stay"),
            models.Index(fields=["destination_path"], name="person_destination"),
            models.Index(fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)),
            # What `pieces` counts, without a look at the rows themselves.
            models.Index(
                fields=["stay_path", "home_path", "destination_path"], name="person_stays",
                condition=Q(merged_into=None, stay_path__gt=""),
            ),
            models.Index(
                fields=["home_path", "stay_path", "destination_path"], name="person_comes",
                condition=Q(merged_into=None),
            ),
            models.Index(
                fields=["destination_path", "home_path", "stay_path"], name="person_lives",
                condition=Q(merged_into=None, destination_path__gt=""),
            ),
            # The few in hardship, of whom the visits due are asked.
            *(
                models.Index(
                    fields=[f"{place}_path"], name=f"person_hardship_{place}",
                    condition=Q(merged_into=None, hardship__isnull=False),
                )
                for place in ("home", "stay")
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                name="one_living_file_an_id_number",
                fields=["id_index"],
                condition=Q(merged_into=None, id_index__isnull=False),
            ),
            models.CheckConstraint(name="merged_file_has_no_account", condition=Q(merged_into=None) | Q(user=None)),
            models.CheckConstraint(name="person_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))),
        ]


class Membership(models.Model):
    """A member's one formal relation, with a branch (条例 2019, art. 32: one formal branch, many places of
    organisation life)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    branch = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_open_membership_a_person", fields=["person"], condition=Q(ends_on=None)),
            models.CheckConstraint(
                name="membership_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
        ]
