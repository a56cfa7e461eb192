import django.db.models.deletion
import waystation.kernel.fields
import waystation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0002_audit_is_append_only"),
        ("organizations", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("departures", "Departures"), ("arrivals", "Arrivals")], max_length=16),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checking", "Being checked"),
                            ("checked", "Checked"),
                            ("committing", "Being committed"),
                            ("committed", "Committed"),
                            ("undone", "Undone"),
                            ("failed", "Could not be read"),
                        ],
                        default="uploaded",
                        max_length=16,
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("file_name", models.CharField(max_length=200)),
                ("tables", models.JSONField(default=list)),
                ("problem", models.CharField(blank=True, default="", max_length=300)),
                ("new", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("duplicate", models.PositiveIntegerField(default=0)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("passed_over", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("committed_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "committed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="rosters.import",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kernel.job"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit_path", "created_at"], name="import_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("state", "undone"), _negated=True), ("undone_at", None)),
                            models.Q(("state", "undone"), ("undone_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_undo_is_dated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("sheet", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(default="", max_length=100)),
                ("cells", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("duplicate", "Duplicate"),
                            ("wrong", "Wrong"),
                        ],
                        max_length=16,
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                ("same_as", models.PositiveIntegerField(null=True)),
                ("committed_at", models.DateTimeField(null=True)),
                ("made_person", models.BooleanField(default=False)),
                ("before", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "arrival",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="people.arrival",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="rosters.import"
                    ),
                ),
                (
                    "departure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="people.departure",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["batch", "verdict", "position"], name="import_row_verdict")],
                "constraints": [models.UniqueConstraint(fields=("batch", "position"), name="one_row_a_position")],
            },
        ),
        migrations.CreateModel(
            name="MatchRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("departures", models.PositiveIntegerField(default=0)),
                ("arrivals", models.PositiveIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kernel.job"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MatchCandidate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "lane",
                    models.CharField(
                        choices=[
                            ("matched", "Matched"),
                            ("conflicting", "Conflicting"),
                            ("only_departed", "Only departed"),
                            ("only_arrived", "Only arrived"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("settled", "Taken into care"), ("rejected", "Not the same person")],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("weight", models.FloatField(default=0)),
                ("reasons", models.JSONField(default=list)),
                ("origin_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                ("station_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                ("name_key", waystation.kernel.fields.KeyField(default="", max_length=100)),
                ("origin_confirmed_at", models.DateTimeField(null=True)),
                ("station_confirmed_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("followed_up_at", models.DateTimeField(null=True)),
                ("follow_up", models.CharField(blank=True, default="", max_length=200)),
                (
                    "arrival",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="people.arrival",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "departure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="people.departure",
                    ),
                ),
                (
                    "followed_up_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "origin_confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station_confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="candidates",
                        to="rosters.matchrun",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "lane", "station_path"], name="candidate_station"),
                    models.Index(fields=["state", "lane", "origin_path"], name="candidate_origin"),
                    models.Index(fields=["lane", "state", "name_key", "id"], name="candidate_board"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("arrival__isnull", False), ("departure__isnull", False)),
                        fields=("departure", "arrival"),
                        name="one_candidate_a_pair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("arrival", None), ("state", "open")),
                        fields=("departure",),
                        name="one_open_single_a_departure",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("departure", None), ("state", "open")),
                        fields=("arrival",),
                        name="one_open_single_an_arrival",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "settled")),
                        fields=("departure",),
                        name="one_settled_candidate_a_departure",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "settled")),
                        fields=("arrival",),
                        name="one_settled_candidate_an_arrival",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("arrival__isnull", False),
                                ("departure__isnull", False),
                                ("lane__in", ["matched", "conflicting"]),
                            ),
                            models.Q(("arrival", None), ("departure__isnull", False), ("lane", "only_departed")),
                            models.Q(("arrival__isnull", False), ("departure", None), ("lane", "only_arrived")),
                            _connector="OR",
                        ),
                        name="candidate_lane_fits_its_rows",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="candidate_has_a_decider_iff_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("followed_up_at", None), ("followed_up_by", None)),
                            models.Q(("followed_up_at__isnull", False), ("followed_up_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="candidate_follow_up_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin_confirmed_by", None),
                            ("station_confirmed_by", None),
                            models.Q(("origin_confirmed_by", models.F("station_confirmed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="candidate_is_confirmed_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin_confirmed_at", None), ("origin_confirmed_by", None)),
                            models.Q(("origin_confirmed_at__isnull", False), ("origin_confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="candidate_origin_confirmation_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("station_confirmed_at", None), ("station_confirmed_by", None)),
                            models.Q(("station_confirmed_at__isnull", False), ("station_confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="candidate_station_confirmation_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnMemory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("departures", "Departures"), ("arrivals", "Arrivals")], max_length=16),
                ),
                ("title", models.CharField(max_length=100)),
                ("field", models.CharField(blank=True, default="", max_length=32)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "kind", "title"), name="one_memory_a_title")],
            },
        ),
    ]
