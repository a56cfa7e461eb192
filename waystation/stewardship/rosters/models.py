"""Rosters as they are handed in, and the reconciliation of the two sides."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from waystation.kernel.fields import KeyField, SealedField
from waystation.kernel.ids import new_id
from waystation.kernel.models import Job, StoredFile
from waystation.organizations.models import Unit
from waystation.stewardship.people.models import Arrival, Departure, Person


class ImportQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("unit_path"))


class Import(models.Model):
    """One roster file on its way in: uploaded, mapped, checked, committed and perhaps undone.

    Its laws: one bad row never rejects the others; a row is committed exactly once; nothing is undone that
    something later depends on.
    """

    class Kind(models.TextChoices):
        DEPARTURES = "departures", _("Departures")
        ARRIVALS = "arrivals", _("Arrivals")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        COMMITTING = "committing", _("Being committed")
        COMMITTED = "committed", _("Committed")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.UPLOADED)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # who hands the roster in
    unit_path = KeyField(max_length=255)
    station = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # where these people report
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    # One entry a sheet that is a roster: {"sheet", "head_row", "columns": {"0": "name", …}, "titles": […]}.
    tables = models.JSONField(default=list)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    problem = models.CharField(max_length=300, default="", blank=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)  # titles, subtotals, signatures, empty rows
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "created_at"], name="import_unit")]
        constraints = [
            models.CheckConstraint(
                name="import_undo_is_dated",
                condition=~Q(state="undone") & Q(undone_at=None) | Q(state="undone", undone_at__isnull=False),
            )
        ]

    @property
    def good(self):
        return self.new + self.changed


class ImportRow(models.Model):
    """One row of a roster file: what it says (sealed), the verdict on it and what became of it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        DUPLICATE = "duplicate", _("Duplicate")
        WRONG = "wrong", _("Wrong")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()  # order in the file over all sheets; the cursor of the commit
    sheet = models.CharField(max_length=100)
    number = models.PositiveIntegerField()  # row number as a spreadsheet shows it
    name = models.CharField(max_length=100, default="")
    cells = SealedField()
    verdict = models.CharField(max_length=16, choices=Verdict)
    # [{"code", "field", …parameters}]: never the value of a sealed column.
    problems = models.JSONField(default=list)
    same_as = models.PositiveIntegerField(null=True)  # position of the earlier row that is the same person
    committed_at = models.DateTimeField(null=True)
    departure = models.ForeignKey(Departure, models.SET_NULL, null=True, related_name="import_rows")
    arrival = models.ForeignKey(Arrival, models.SET_NULL, null=True, related_name="import_rows")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="import_rows")
    made_person = models.BooleanField(default=False)
    before = SealedField()  # the columns a "changed" row overwrote, for the undo

    class Meta:
        constraints = [models.UniqueConstraint(name="one_row_a_position", fields=["batch", "position"])]
        indexes = [models.Index(fields=["batch", "verdict", "position"], name="import_row_verdict")]


class ColumnMemory(models.Model):
    """What a unit last chose for a column title, so that its next roster maps itself."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Import.Kind)
    title = models.CharField(max_length=100)
    field = models.CharField(max_length=32, default="", blank=True)  # empty: leave this column out

    class Meta:
        constraints = [models.UniqueConstraint(name="one_memory_a_title", fields=["unit", "kind", "title"])]


class MatchRun(models.Model):
    """One run of the matcher over the pending departures and arrivals of a county."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    departures = models.PositiveIntegerField(default=0)
    arrivals = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)


class CandidateQuerySet(models.QuerySet):
    def within(self, reach):
        return self.filter(reach.path_q("origin_path") | reach.path_q("station_path"))

    def open(self):
        return self.filter(state=MatchCandidate.State.OPEN)


class MatchCandidate(models.Model):
    """A pair the matcher proposes, or a row that stands alone, in one of four lanes.

    Laws: a rejected pair is never proposed again; both sides confirm, by two people, or one side and the
    county's override with a reason; a pair in the conflicting lane is only confirmed one by one.
    """

    class Lane(models.TextChoices):
        MATCHED = "matched", _("Matched")
        CONFLICTING = "conflicting", _("Conflicting")
        ONLY_DEPARTED = "only_departed", _("Only departed")
        ONLY_ARRIVED = "only_arrived", _("Only arrived")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SETTLED = "settled", _("Taken into care")
        REJECTED = "rejected", _("Not the same person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(MatchRun, models.SET_NULL, null=True, related_name="candidates")
    departure = models.ForeignKey(Departure, models.CASCADE, null=True, related_name="candidates")
    arrival = models.ForeignKey(Arrival, models.CASCADE, null=True, related_name="candidates")
    lane = models.CharField(max_length=16, choices=Lane)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    weight = models.FloatField(default=0)  # log2 of the Bayes factor, from the model
    reasons = models.JSONField(default=list)  # [{"code", …}], put into words by matching/reasons.py
    origin_path = KeyField(max_length=255, default="")
    station_path = KeyField(max_length=255, default="")
    name_key = KeyField(max_length=100, default="")  # the board's order
    origin_confirmed_at = models.DateTimeField(null=True)
    origin_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    station_confirmed_at = models.DateTimeField(null=True)
    station_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, default="", blank=True)
    # What a human did about a row that stands alone: called the member, asked the origin.
    followed_up_at = models.DateTimeField(null=True)
    followed_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    follow_up = models.CharField(max_length=200, default="", blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "lane", "station_path"], name="candidate_station"),
            models.Index(fields=["state", "lane", "origin_path"], name="candidate_origin"),
            models.Index(fields=["lane", "state", "name_key", "id"], name="candidate_board"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_candidate_a_pair",
                fields=["departure", "arrival"],
                condition=Q(departure__isnull=False, arrival__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_open_single_a_departure", fields=["departure"], condition=Q(arrival=None, state="open")
            ),
            models.UniqueConstraint(
                name="one_open_single_an_arrival", fields=["arrival"], condition=Q(departure=None, state="open")
            ),
            models.UniqueConstraint(
                name="one_settled_candidate_a_departure", fields=["departure"], condition=Q(state="settled")
            ),
            models.UniqueConstraint(
                name="one_settled_candidate_an_arrival", fields=["arrival"], condition=Q(state="settled")
            ),
            models.CheckConstraint(
                name="candidate_lane_fits_its_rows",
                condition=Q(lane__in=["matched", "conflicting"], departure__isnull=False, arrival__isnull=False)
                | Q(lane="only_departed", departure__isnull=False, arrival=None)
                | Q(lane="only_arrived", departure=None, arrival__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_has_a_decider_iff_decided",
                condition=Q(state="open", decided_at=None, decided_by=None)
                | ~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_follow_up_is_dated",
                condition=Q(followed_up_at=None, followed_up_by=None)
                | Q(followed_up_at__isnull=False, followed_up_by__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_is_confirmed_by_two_people",
                condition=Q(origin_confirmed_by=None)
                | Q(station_confirmed_by=None)
                | ~Q(origin_confirmed_by=F("station_confirmed_by")),
            ),
            models.CheckConstraint(
                name="candidate_origin_confirmation_is_dated",
                condition=Q(origin_confirmed_by=None, origin_confirmed_at=None)
                | Q(origin_confirmed_by__isnull=False, origin_confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_station_confirmation_is_dated",
                condition=Q(station_confirmed_by=None, station_confirmed_at=None)
                | Q(station_confirmed_by__isnull=False, station_confirmed_at__isnull=False),
            ),
        ]
