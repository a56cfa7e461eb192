import django.db.models.deletion
import django.db.models.expressions
import waystation.kernel.fields
import waystation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organizations", "0001_initial"),
        ("people", "0002_index_only_merged_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occasion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("members", "Members' meeting"),
                            ("committee", "Committee meeting"),
                            ("group", "Group meeting"),
                            ("lecture", "Party lecture"),
                            ("theme_day", "Theme Party day"),
                            ("life", "Organization life meeting"),
                            ("appraisal", "Democratic appraisal"),
                            ("study", "Joint study"),
                            ("class", "Training class"),
                        ],
                        max_length=16,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Roll open"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=16,
                        verbose_name="State",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Held on")),
                ("place", models.CharField(blank=True, default="", max_length=100, verbose_name="Place")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours")),
                ("topic", models.CharField(max_length=200, verbose_name="Topic")),
                ("lead", models.CharField(blank=True, default="", max_length=50, verbose_name="Led by")),
                ("recorder", models.CharField(blank=True, default="", max_length=50, verbose_name="Minutes taken by")),
                ("minutes", models.TextField(blank=True, default="", max_length=4000, verbose_name="Minutes")),
                ("guests", models.CharField(blank=True, default="", max_length=300, verbose_name="Guests")),
                ("group_key", models.UUIDField(blank=True, null=True)),
                (
                    "group_title",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Functional group"),
                ),
                ("expected", models.PositiveIntegerField(default=0)),
                ("present", models.PositiveIntegerField(default=0)),
                ("on_leave", models.PositiveIntegerField(default=0)),
                ("absent", models.PositiveIntegerField(default=0)),
                ("excused", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("cancel_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
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
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="education.occasion",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="occasions", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_path", "held_on"], name="occasion_unit_day"),
                    models.Index(fields=["held_on", "unit"], name="occasion_day_unit"),
                    models.Index(
                        condition=models.Q(("group_key__isnull", False)),
                        fields=["group_key", "held_on"],
                        name="occasion_group",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hours__gte", 0),
                            models.Q(
                                ("hours__lte", 12), models.Q(("hours__lte", 100), ("kind", "class")), _connector="OR"
                            ),
                        ),
                        name="occasion_hours_are_within_limits",
                        violation_error_message="At most 12 hours a day; a training class at most 100 hours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="occasion_is_open_or_closed_with_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), models.Q(("cancel_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancel_reason", "")),
                            _connector="OR",
                        ),
                        name="occasion_is_cancelled_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("same_as", None), models.Q(("same_as", models.F("id")), _negated=True), _connector="OR"
                        ),
                        name="occasion_is_not_the_same_as_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "expected__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("present"), "+", models.F("on_leave")
                                    ),
                                    "+",
                                    models.F("absent"),
                                ),
                            )
                        ),
                        name="occasion_figures_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("group_key", None), models.Q(("group_title", ""), _negated=True), _connector="OR"
                        ),
                        name="occasion_group_has_a_title",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_double", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("occasion", "Organization life"),
                            ("class", "Training class"),
                            ("home", "Study at home"),
                            ("online", "Online course"),
                            ("brought", "Study brought home"),
                        ],
                        max_length=16,
                        verbose_name="How",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "Reported, not confirmed"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Not confirmed"),
                            ("reversed", "Taken back"),
                        ],
                        max_length=16,
                        verbose_name="State",
                    ),
                ),
                ("learnt_on", models.DateField(verbose_name="Day")),
                ("year", models.PositiveSmallIntegerField()),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Hours")),
                ("title", models.CharField(max_length=200, verbose_name="What was studied")),
                ("note", models.CharField(blank=True, default="", max_length=300, verbose_name="Evidence")),
                ("reported_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("reversed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                ("is_self_reported", models.BooleanField(default=False)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="learning", to="people.person"
                    ),
                ),
                (
                    "recorded_for",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reversed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="education.occasion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "year"], name="learning_person_year"),
                    models.Index(condition=models.Q(("state", "claimed")), fields=["person"], name="learning_claimed"),
                    models.Index(fields=["recorded_for"], name="learning_recorded_for"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_double", False), ("occasion__isnull", False), ("state", "confirmed")),
                        fields=("person", "occasion"),
                        name="one_credit_a_person_and_occasion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hours__gte", 0),
                            models.Q(
                                ("hours__lte", 12), models.Q(("hours__lte", 100), ("source", "class")), _connector="OR"
                            ),
                        ),
                        name="learning_hours_are_within_limits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "occasion"), _negated=True),
                            ("occasion__isnull", False),
                            _connector="OR",
                        ),
                        name="learning_from_an_occasion_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "claimed")),
                            models.Q(models.Q(("state", "claimed"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="learning_is_decided_iff_not_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_self_reported", False),
                            models.Q(("decided_at", None), ("decided_by", None)),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("reported_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="learning_reported_by_the_member_is_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "reversed"), _negated=True),
                                ("reversed_at", None),
                                ("reversed_by", None),
                            ),
                            models.Q(
                                ("reversed_at__isnull", False),
                                ("state", "reversed"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="learning_is_taken_back_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="learning_refusal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not marked"),
                            ("present", "Present"),
                            ("leave", "On leave"),
                            ("absent", "Absent"),
                            ("excused", "Excused"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="Mark",
                    ),
                ),
                ("is_excused", models.BooleanField(default=False)),
                ("is_double", models.BooleanField(default=False)),
                ("marked_at", models.DateTimeField(null=True)),
                (
                    "marked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="people.person"
                    ),
                ),
                (
                    "recorded_for",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roll", to="education.occasion"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["occasion", "mark"], name="attendance_mark")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_double", False)),
                        fields=("occasion", "person"),
                        name="one_line_a_person_and_occasion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_excused", True), ("mark__in", ["excused", "present"])),
                            models.Q(("is_excused", False), ("mark__in", ["", "present", "leave", "absent"])),
                            _connector="OR",
                        ),
                        name="excused_member_is_not_absent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("marked_at__isnull", False),
                            models.Q(("marked_at", None), ("marked_by", None)),
                            _connector="OR",
                        ),
                        name="attendance_mark_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("title", models.CharField(max_length=100, verbose_name="Title")),
                ("materials", models.TextField(max_length=2000, verbose_name="Materials")),
                ("issued_on", models.DateField(verbose_name="Issued on")),
                ("due_on", models.DateField(verbose_name="To be brought by")),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_packs", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit_path", "issued_on"], name="pack_unit")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "To be brought"), ("delivered", "Brought"), ("called_off", "Called off")],
                        default="due",
                        max_length=16,
                        verbose_name="State",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="To be brought by")),
                ("carrier", models.CharField(blank=True, default="", max_length=50, verbose_name="Carried by")),
                ("delivered_on", models.DateField(null=True, verbose_name="Brought on")),
                (
                    "feedback",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="What the member said"),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_deliveries", to="people.person"
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="study_deliveries", to="people.stay"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery",
                        to="education.learningrecord",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="education.pack"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["unit_path", "due_on"], name="delivery_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("pack", "stay"), name="one_delivery_a_pack_and_stay"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_on__isnull", False), ("state", "delivered")),
                            models.Q(models.Q(("state", "delivered"), _negated=True), ("delivered_on", None)),
                            _connector="OR",
                        ),
                        name="delivery_is_brought_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "due")),
                            models.Q(models.Q(("state", "due"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_is_closed_iff_not_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "called_off"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_is_called_off_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("year", models.PositiveSmallIntegerField(verbose_name="Year")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved")], default="draft", max_length=16
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="life_plans", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit_path", "year"], name="plan_unit_year")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "year"), name="one_plan_a_unit_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="plan_year_is_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None), ("state", "draft")),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False), ("state", "approved")
                            ),
                            _connector="OR",
                        ),
                        name="plan_is_approved_by_somebody_or_a_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanItem",
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
                            ("members", "Members' meeting"),
                            ("committee", "Committee meeting"),
                            ("group", "Group meeting"),
                            ("lecture", "Party lecture"),
                            ("theme_day", "Theme Party day"),
                            ("life", "Organization life meeting"),
                            ("appraisal", "Democratic appraisal"),
                            ("study", "Joint study"),
                            ("class", "Training class"),
                        ],
                        max_length=16,
                        verbose_name="Kind",
                    ),
                ),
                ("month", models.PositiveSmallIntegerField(verbose_name="Month")),
                ("day", models.DateField(blank=True, null=True, verbose_name="Day")),
                ("topic", models.CharField(blank=True, default="", max_length=200, verbose_name="Topic")),
                ("lead", models.CharField(blank=True, default="", max_length=50, verbose_name="Led by")),
                ("group_key", models.UUIDField(blank=True, null=True)),
                (
                    "group_title",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Functional group"),
                ),
                ("dropped_at", models.DateTimeField(null=True)),
                ("drop_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                (
                    "dropped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grid",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="education.plan"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["plan", "month"], name="plan_item_month")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__gte", 1), ("month__lte", 12)), name="plan_item_month_is_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grid", None), ("group_title", ""), _connector="OR"),
                        name="plan_item_is_for_one_audience",
                        violation_error_message="An occasion is for a grid or for a functional group, not for both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("group_key", None), models.Q(("group_title", ""), _negated=True), _connector="OR"
                        ),
                        name="plan_item_group_has_a_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drop_reason", ""), ("dropped_at", None), ("dropped_by", None)),
                            models.Q(("dropped_at__isnull", False), models.Q(("drop_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="plan_item_is_dropped_with_a_reason_or_stands",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="occasion",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="occasions",
                to="education.planitem",
            ),
        ),
        migrations.CreateModel(
            name="YearTotal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("hours", models.DecimalField(decimal_places=1, default=0, max_digits=6)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="year_totals",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "year"), name="one_total_a_person_and_year"),
                    models.CheckConstraint(condition=models.Q(("hours__gte", 0)), name="year_total_is_not_negative"),
                ],
            },
        ),
    ]
