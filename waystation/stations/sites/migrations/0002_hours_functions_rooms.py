import django.db.models.deletion
import waystation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("sites", "0001_initial"),
    ]

    operations = [
        migrations.RenameField(
            model_name="station",
            old_name="opening_hours",
            new_name="hours_note",
        ),
        migrations.AddField(
            model_name="station",
            name="other_phone",
            field=models.CharField(blank=True, default="", max_length=30),
        ),
        migrations.AddField(
            model_name="station",
            name="services",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("service", "Convenience service"),
                            ("office", "Office and meetings"),
                            ("education", "Member education and management"),
                            ("culture", "Culture, sport and recreation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=60)),
                ("meaning", models.CharField(blank=True, default="", max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("source", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="checklist_item_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("title",),
                        name="checklist_title_is_unique_while_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "function",
                    models.CharField(
                        choices=[
                            ("service", "Convenience service"),
                            ("office", "Office and meetings"),
                            ("education", "Member education and management"),
                            ("culture", "Culture, sport and recreation"),
                        ],
                        max_length=16,
                    ),
                ),
                ("capacity", models.PositiveIntegerField(null=True)),
                ("equipment", models.CharField(blank=True, default="", max_length=200)),
                (
                    "open_to",
                    models.CharField(
                        choices=[
                            ("staff", "Staff only"),
                            ("members", "Party members"),
                            ("partners", "Party members and partner units"),
                            ("everybody", "Party members and residents"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("closing_reason", models.CharField(blank=True, default="", max_length=100)),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="sites.station"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["station", "closed_on"], name="room_station")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("station", "name"),
                        name="room_name_is_unique_in_a_station_while_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                        ),
                        name="room_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on", None), ("closing_reason", "")),
                            models.Q(("closed_on__isnull", False), models.Q(("closing_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="room_has_a_reason_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity", None), ("capacity__gt", 0), _connector="OR"),
                        name="room_holds_somebody_or_is_not_for_sitting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("follows_station", models.BooleanField(default=False)),
                ("set_at", models.DateTimeField()),
                (
                    "room",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="sites.room",
                    ),
                ),
                (
                    "set_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="schedules", to="sites.station"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("room", None)),
                        fields=("station", "starts_on"),
                        name="one_schedule_of_a_station_begins_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("room__isnull", False)),
                        fields=("room", "starts_on"),
                        name="one_schedule_of_a_room_begins_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("follows_station", False), ("room__isnull", False), _connector="OR"),
                        name="only_a_room_follows_its_station",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningTime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("opens_at", models.TimeField()),
                ("closes_at", models.TimeField()),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="times", to="sites.schedule"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="opening_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__gte", 0), ("weekday__lte", 6)), name="weekday_is_one_of_seven"
                    ),
                    models.UniqueConstraint(
                        fields=("schedule", "weekday", "opens_at"), name="one_opening_of_a_weekday_begins_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("reason", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField()),
                ("is_withdrawn", models.BooleanField(default=False)),
                (
                    "set_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="special_days", to="sites.station"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_withdrawn", False)),
                        fields=("station", "day"),
                        name="one_special_day_of_a_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="special_day_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialTime",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opens_at", models.TimeField()),
                ("closes_at", models.TimeField()),
                (
                    "special_day",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="times", to="sites.specialday"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="special_time_closes_after_it_opens",
                    ),
                    models.UniqueConstraint(
                        fields=("special_day", "opens_at"), name="one_special_time_begins_at_a_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FunctionStatement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("present", "Present"), ("planned", "Planned"), ("missing", "Missing")], max_length=16
                    ),
                ),
                ("planned_by", models.DateField(null=True)),
                ("evidence", models.CharField(blank=True, default="", max_length=200)),
                ("stated_at", models.DateTimeField()),
                ("superseded_at", models.DateTimeField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="sites.checklistitem"
                    ),
                ),
                (
                    "stated_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="sites.station"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("station", "item"),
                        name="one_current_statement_of_an_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned_by__isnull", False), ("state", "planned")),
                            models.Q(models.Q(("state", "planned"), _negated=True), ("planned_by", None)),
                            _connector="OR",
                        ),
                        name="a_plan_and_nothing_else_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "present"), _negated=True),
                            models.Q(("evidence", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="what_is_present_is_shown_by_a_note",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at", None), ("superseded_at__gte", models.F("stated_at")), _connector="OR"
                        ),
                        name="statement_is_superseded_after_it_was_made",
                    ),
                ],
            },
        ),
    ]
