"""Rows of the machinery: the audit trail, jobs, stored files, submissions, dated settings."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .fields import KeyField, prefix_q
from .ids import new_id
from .job_kinds import KINDS


class AuditEventQuerySet(models.QuerySet):
    def about(self, row: models.Model):
        """Events on one object."""
        return self.filter(object_label=row._meta.label_lower, object_pk=str(row.pk))

    def under(self, path: str):
        """Events in a unit and everything below it."""
        return self.filter(prefix_q("unit_path", path))


class AuditEvent(models.Model):
    """One thing somebody did or was refused. Rows are only ever added; the database sees to it.

    Events are numbered without gaps and each carries the hash of the one before.
    """

    class Result(models.TextChoices):
        OK = "ok", _("Carried out")
        DENIED = "denied", _("Denied")
        ERROR = "error", _("Failed")

    number = models.BigIntegerField(_("Event number"), primary_key=True)
    at = models.DateTimeField(_("Time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("User"),
    )
    actor_label = models.CharField(_("User"), max_length=200, blank=True)
    role = KeyField(_("Role"), max_length=40, blank=True)
    session = KeyField(_("Session"), max_length=64, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    verb = KeyField(_("Action"), max_length=80)
    object_label = KeyField(_("Kind of object"), max_length=80, blank=True)
    object_pk = KeyField(_("Object"), max_length=64, blank=True)
    unit_path = KeyField(_("Unit"), max_length=255, blank=True)
    purpose = models.CharField(_("Purpose"), max_length=500, blank=True)
    result = KeyField(_("Result"), max_length=10, choices=Result, default=Result.OK)
    fields = models.JSONField(_("Fields"), default=list)
    facts = models.JSONField(_("Details"), default=dict)
    prev_hash = KeyField(max_length=64)
    hash = KeyField(max_length=64)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Audit event")
        indexes = [
            models.Index(fields=["object_label", "object_pk"], name="audit_by_object"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
            models.Index(fields=["verb", "at"], name="audit_by_verb"),
            models.Index(fields=["unit_path", "at"], name="audit_by_unit"),
        ]
        constraints = [models.CheckConstraint(name="audit_number_is_positive", condition=Q(number__gt=0))]

    def __str__(self):
        return f"#{self.number} {self.verb}"


class AuditHead(models.Model):
    """The end of the chain: the last number and its hash. One row, locked by whoever appends."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = KeyField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_has_one_head", condition=Q(id=1)),
        ]


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def under(self, path: str):
        """Jobs of a unit and everything below it."""
        return self.filter(prefix_q("unit_path", path))


class Job(models.Model):
    """Work done outside a request. At any moment at most one worker holds it, by its lease."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting in line")
        RUNNING = "running", _("Running")
        DONE = "done", _("Finished")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = KeyField(_("Kind"), max_length=60)
    title = models.CharField(_("Title"), max_length=200, blank=True)
    args = models.JSONField(default=dict)
    state = KeyField(_("State"), max_length=10, choices=State, default=State.QUEUED)
    done = models.BigIntegerField(_("Done so far"), default=0)
    total = models.BigIntegerField(_("Total"), default=0)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    attempts = models.SmallIntegerField(_("Attempts"), default=0)
    due_at = models.DateTimeField(_("Due at"))
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(_("Last sign of life"), null=True)
    worker = KeyField(max_length=120, blank=True)
    task_id = models.UUIDField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    cancel_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    result = models.JSONField(_("Result"), default=dict, encoder=DjangoJSONEncoder)
    error = models.CharField(_("Reason of failure"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Started by"),
    )
    created_at = models.DateTimeField(_("Created at"))
    started_at = models.DateTimeField(_("Started at"), null=True)
    finished_at = models.DateTimeField(_("Finished at"), null=True)
    unit_path = KeyField(_("Unit"), max_length=255, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("Job")
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_by_lease"),
            models.Index(fields=["state", "due_at"], name="job_by_due"),
            models.Index(fields=["created_by", "created_at"], name="job_by_creator"),
            models.Index(fields=["unit_path", "created_at"], name="job_by_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_is_leased_iff_running",
                condition=Q(state="running", lease_until__isnull=False) | ~Q(state="running") & Q(lease_until=None),
            ),
            models.CheckConstraint(
                name="job_is_finished_iff_it_ended",
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | ~Q(state__in=["queued", "running"]) & Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_cancel_asker_has_time",
                condition=Q(cancel_asked_by=None) | Q(cancel_asked_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        """The title for people: its own, else that of its kind."""
        if self.title or self.kind not in KINDS:
            return self.title or self.kind
        return str(KINDS[self.kind].title)

    @property
    def is_unfinished(self):
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    @property
    def percent(self):
        """Progress from 0 to 100; None while the total is unknown."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


class WorkerBeat(models.Model):
    """The last sign of life of a worker process."""

    worker = KeyField(primary_key=True, max_length=120)
    at = models.DateTimeField()


class StoredFile(models.Model):
    """A file kept sealed on disk under a random name; `name` is only shown, never opened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = KeyField(_("Kind"), max_length=40)
    name = models.CharField(_("File name"), max_length=255)
    place = KeyField(max_length=80, unique=True)
    size = models.BigIntegerField(_("Size in bytes"))
    sha256 = KeyField(max_length=64)
    created_at = models.DateTimeField(_("Created at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Stored by"),
    )

    class Meta:
        verbose_name = _("Stored file")
        indexes = [models.Index(fields=["kind", "created_at"], name="file_by_kind")]

    def __str__(self):
        return self.name


class Submission(models.Model):
    """A form that was sent. The same key never has two effects; kept for a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    key = models.UUIDField()
    body_hash = KeyField(max_length=64)
    status = models.SmallIntegerField(default=0)
    location = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                condition=Q(user__isnull=False),
                name="submission_is_unique_for_its_user",
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(user=None),
                name="submission_is_unique_without_a_user",
            ),
        ]


class DatedSetting(models.Model):
    """The value of a rule over a period, with its source. Periods of one key never overlap."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = KeyField(_("Rule"), max_length=80)
    value = models.CharField(_("Value"), max_length=200)
    starts_on = models.DateField(_("In force from"))
    ends_on = models.DateField(_("In force until (excluded)"), null=True, blank=True)
    source = models.CharField(_("Basis"), max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Set by"),
    )
    created_at = models.DateTimeField(_("Set at"))

    class Meta:
        verbose_name = _("Dated setting")
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_on"], name="setting_starts_once_a_day"),
            models.UniqueConstraint(fields=["key"], condition=Q(ends_on=None), name="setting_has_one_open_period"),
            models.CheckConstraint(
                name="setting_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
            ),
        ]

    def __str__(self):
        return f"{self.key} = {self.value}"
