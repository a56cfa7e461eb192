import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
import waystation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("duty", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="openitem",
            name="due_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.CreateModel(
            name="ShiftPattern",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="Name of the shift")),
                ("begins", models.TimeField(verbose_name="Begins")),
                ("ends", models.TimeField(verbose_name="Ends")),
                ("weekdays", models.JSONField(default=list, verbose_name="Weekdays")),
                ("on_holidays", models.BooleanField(default=False, verbose_name="Also on holidays")),
                ("staff", models.PositiveSmallIntegerField(default=1, verbose_name="Least staff")),
                ("windows", models.JSONField(default=list, verbose_name="Windows to be open")),
                ("starts_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(null=True, verbose_name="Until (not on)")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins"))), name="pattern_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="pattern_holds_for_days",
                    ),
                    models.CheckConstraint(condition=models.Q(("staff__gte", 1)), name="pattern_wants_somebody"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Overtaken"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("is_fixed", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
                ("checked_in_at", models.DateTimeField(null=True)),
                ("checked_out_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("removed_at", None), ("checked_in_at", None), _connector="OR"),
                        name="who_checked_in_is_not_taken_off",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_out_at", None), ("checked_in_at__isnull", False), _connector="OR"),
                        name="nobody_checks_out_before_in",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="openitem",
            name="parked_until",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "Holiday"), ("working", "Make-up working day")], max_length=10
                    ),
                ),
                ("works_as", models.PositiveSmallIntegerField(null=True)),
                ("name", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_days",
                        to="organizations.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("station", None)), fields=("day",), name="one_kind_of_a_day_everywhere"
                    ),
                    models.UniqueConstraint(fields=("station", "day"), name="one_kind_of_a_day_at_a_station"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "holiday"), ("works_as", None)),
                            models.Q(("kind", "working"), ("works_as__gte", 0), ("works_as__lte", 6)),
                            _connector="OR",
                        ),
                        name="a_make_up_day_works_as_a_weekday",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("station", None)),
                        fields=("user",),
                        name="one_open_feed_of_own_shifts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("user", "station"),
                        name="one_open_feed_of_a_station_a_user",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full_time", "Full-timer hired by the county"),
                            ("sent", "Cadre sent by the township"),
                            ("village", "Village cadre living in town"),
                        ],
                        max_length=16,
                        verbose_name="Kind of posting",
                    ),
                ),
                ("sent_by", models.CharField(blank=True, default="", max_length=100, verbose_name="Sent by")),
                ("windows", models.JSONField(default=list, verbose_name="Windows")),
                ("most_week", models.PositiveSmallIntegerField(verbose_name="Most shifts a week")),
                ("most_month", models.PositiveSmallIntegerField(verbose_name="Most shifts a month")),
                ("starts_on", models.DateField(verbose_name="From")),
                ("ends_on", models.DateField(null=True, verbose_name="Until (not on)")),
                ("created_at", models.DateTimeField()),
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
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="organizations.unit"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["station", "starts_on"], name="posting_station")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("user", "station"),
                        name="one_open_posting_of_a_user_at_a_station",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "station", "starts_on"), name="postings_of_a_user_begin_apart"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="posting_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_week__gte", 1), ("most_week__lte", models.F("most_month"))),
                        name="posting_allows_no_more_a_week_than_a_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="duty.posting"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["posting", "starts_on"], name="leave_posting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="leave_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="leave_is_decided_or_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rota",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")], default="draft", max_length=10
                    ),
                ),
                ("job", models.UUIDField(null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rotas", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("station", "month"), name="one_rota_a_station_and_month"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None), ("state", "draft")),
                            models.Q(("published_at__isnull", False), ("state", "published")),
                            _connector="OR",
                        ),
                        name="rota_is_published_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_at__isnull", False), ("made_by", None), _connector="OR"),
                        name="rota_is_made_before_a_maker_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(max_length=40)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("staff", models.PositiveSmallIntegerField(default=1)),
                ("windows", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="duty.rota"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["station", "starts_at"], name="shift_station"),
                    models.Index(fields=["station", "day"], name="shift_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_ends_after_it_starts"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        fields=("station", "starts_at", "name"),
                        name="one_shift_of_a_name_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="shift_is_closed_after_it_opened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancelled_at", None), ("opened_at", None), _connector="OR"),
                        name="a_cancelled_shift_never_opened",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("handed", "Handed on"), ("parked", "Parked"), ("taken", "Taken back by the unit")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("parked_until", models.DateField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="duty.openitem"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "from_shift",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_out",
                        to="duty.shift",
                    ),
                ),
                (
                    "to_shift",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="steps_in", to="duty.shift"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "at"], name="step_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "handed"), ("parked_until", None), ("to_shift__isnull", False)),
                            models.Q(("kind", "parked"), ("parked_until__isnull", False), ("to_shift", None)),
                            models.Q(("kind", "taken"), ("parked_until", None), ("to_shift", None)),
                            _connector="OR",
                        ),
                        name="a_step_says_where_to",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=400)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="organizations.unit"
                    ),
                ),
                (
                    "read_on_shift",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="briefs_read",
                        to="duty.shift",
                    ),
                ),
                (
                    "shift",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handover", to="duty.shift"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("read_at", None)), fields=["station"], name="handover_unread")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None), ("read_on_shift", None)),
                            models.Q(("read_at__isnull", False), ("read_on_shift__isnull", False)),
                            _connector="OR",
                        ),
                        name="handover_is_read_by_somebody_or_unread",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="openitem",
            name="shift",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="items", to="duty.shift"
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(condition=models.Q(("done_at", None)), fields=["unit", "due_key"], name="item_due"),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)), fields=["unit", "done_at"], name="item_done"
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("done_at", None), ("shift__isnull", False)), fields=["shift"], name="item_shift"
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("shift", None), ("parked_until", None), _connector="OR"),
                name="item_rests_in_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("done_at", None), models.Q(("parked_until", None), ("shift", None)), _connector="OR"
                ),
                name="a_done_item_is_held_by_nobody",
            ),
        ),
        migrations.AddField(
            model_name="shiftpattern",
            name="station",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shift_patterns", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="pattern",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="duty.shiftpattern"
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="asked_of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="swaps_asked", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="posting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="duty.posting"
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="shift",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="duty.shift"),
        ),
        migrations.AddField(
            model_name="turn",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="turns", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="turn",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="duty.turn"),
        ),
        migrations.AddField(
            model_name="swap",
            name="wanted",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="duty.turn"
            ),
        ),
        migrations.AddConstraint(
            model_name="shiftpattern",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)), fields=("station", "name"), name="one_pattern_in_force_of_a_name"
            ),
        ),
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(fields=["user", "starts_at"], name="turn_user"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)), fields=("shift", "user"), name="nobody_is_on_a_shift_twice"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("user", "starts_at"),
                name="nobody_begins_two_shifts_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("turn", "asked_of"),
                name="one_open_request_of_a_turn_to_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "accepted")), fields=("turn",), name="a_turn_is_given_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                    models.Q(models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="swap_is_decided_or_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by", models.F("asked_of")), _negated=True), name="nobody_swaps_with_oneself"
            ),
        ),
    ]
