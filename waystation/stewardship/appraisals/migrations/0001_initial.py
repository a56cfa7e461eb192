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
            name="BallotBox",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("tally", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("printed", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("ballots", models.PositiveIntegerField(null=True)),
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
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ballots", None), ("closed_at", None), ("closed_by", None)),
                            models.Q(
                                ("ballots__isnull", False), ("closed_at__isnull", False), ("closed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="ballots_are_counted_iff_the_box_is_closed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AppraisalRound",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("year", models.PositiveSmallIntegerField(verbose_name="Year")),
                ("title", models.CharField(max_length=100, verbose_name="Title")),
                ("standards", models.TextField(max_length=2000, verbose_name="Standards")),
                ("demands", models.TextField(max_length=2000, verbose_name="Demands")),
                ("goals", models.TextField(max_length=2000, verbose_name="Goals")),
                ("method", models.TextField(max_length=2000, verbose_name="Method")),
                (
                    "mutual",
                    models.CharField(
                        choices=[
                            ("none", "No mutual assessment"),
                            ("named", "By named members"),
                            ("ballot", "By anonymous ballot"),
                        ],
                        default="named",
                        max_length=8,
                        verbose_name="Mutual assessment",
                    ),
                ),
                ("peers", models.PositiveSmallIntegerField(default=2, verbose_name="Members who assess each member")),
                (
                    "weight_self",
                    models.PositiveSmallIntegerField(default=10, verbose_name="Weight of the self-assessment"),
                ),
                (
                    "weight_mutual",
                    models.PositiveSmallIntegerField(default=20, verbose_name="Weight of the mutual assessment"),
                ),
                ("weight_station", models.PositiveSmallIntegerField(default=35, verbose_name="Weight of the station")),
                ("weight_origin", models.PositiveSmallIntegerField(default=35, verbose_name="Weight of the origin")),
                ("excellent_from", models.PositiveSmallIntegerField(default=90, verbose_name="Excellent from")),
                ("qualified_from", models.PositiveSmallIntegerField(default=75, verbose_name="Qualified from")),
                ("basic_from", models.PositiveSmallIntegerField(default=60, verbose_name="Basically qualified from")),
                ("cutoff_on", models.DateField(verbose_name="Members in care on")),
                ("due_on", models.DateField(verbose_name="Assessments until")),
                ("reply_days", models.PositiveSmallIntegerField(default=0)),
                ("excellent_limit", models.CharField(blank=True, default="", max_length=20)),
                ("ballot_points", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("scoring", "Assessments being handed in"),
                            ("unsealed", "Unsealed"),
                            ("replies", "Open for replies"),
                            ("decided", "Decided"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("unsealed_at", models.DateTimeField(null=True)),
                ("unsealing_reason", models.CharField(blank=True, default="", max_length=300)),
                ("replies_at", models.DateTimeField(null=True)),
                ("reply_until", models.DateField(null=True)),
                ("excess_reason", models.CharField(blank=True, default="", max_length=300)),
                ("decided_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.CharField(blank=True, default="", max_length=300)),
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
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
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
                    "replies_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisal_rounds",
                        to="organizations.unit",
                    ),
                ),
                (
                    "unsealed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit_path", "year"], name="appraisal_round_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("unit", "year"),
                        name="one_appraisal_round_a_unit_and_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "weight_self",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(100), "-", models.F("weight_mutual")
                                        ),
                                        "-",
                                        models.F("weight_station"),
                                    ),
                                    "-",
                                    models.F("weight_origin"),
                                ),
                            )
                        ),
                        name="appraisal_sides_weigh_one_hundred",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mutual", "none"), ("weight_mutual", 0)),
                            models.Q(models.Q(("mutual", "none"), _negated=True), ("weight_mutual__gt", 0)),
                            _connector="OR",
                        ),
                        name="mutual_assessment_weighs_nothing_iff_there_is_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("excellent_from__lte", 100),
                            ("qualified_from__lt", models.F("excellent_from")),
                            ("basic_from__lt", models.F("qualified_from")),
                        ),
                        name="appraisal_grades_descend",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("cutoff_on"))),
                        name="appraisal_is_due_after_its_cutoff",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at", None), ("published_by", None), ("state", "draft")),
                            ("state", "withdrawn"),
                            models.Q(
                                models.Q(("state__in", ["draft", "withdrawn"]), _negated=True),
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="round_is_published_iff_not_a_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("opened_at", None),
                                ("opened_by", None),
                                ("state__in", ["draft", "published", "withdrawn"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["draft", "published", "withdrawn"]), _negated=True),
                                ("opened_at__isnull", False),
                                ("opened_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="round_is_opened_iff_beyond_publication",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["draft", "published", "withdrawn", "scoring"]),
                                ("unsealed_at", None),
                                ("unsealed_by", None),
                            ),
                            models.Q(
                                ("state__in", ["unsealed", "replies", "decided", "closed"]),
                                ("unsealed_at__isnull", False),
                                ("unsealed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="round_is_unsealed_iff_beyond_scoring",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["replies", "decided", "closed"]),
                                ("replies_at__isnull", False),
                                ("replies_by__isnull", False),
                                ("reply_until__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state__in", ["replies", "decided", "closed"]), _negated=True),
                                ("replies_at", None),
                                ("replies_by", None),
                                ("reply_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="round_has_a_reply_window_iff_opened_for_replies",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["decided", "closed"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["decided", "closed"]), _negated=True),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="round_is_decided_with_a_decider",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at", None), ("closed_by", None)
                            ),
                            _connector="OR",
                        ),
                        name="round_is_closed_with_a_closer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("withdrawal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="round_withdrawal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("origin_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("is_probationary", models.BooleanField()),
                ("is_excused", models.BooleanField()),
                ("self_points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("mutual_points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("station_points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("origin_points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("gap", models.PositiveSmallIntegerField(default=0)),
                ("consulted_at", models.DateTimeField(null=True)),
                (
                    "proposed_grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("excellent", "Excellent"),
                            ("qualified", "Qualified"),
                            ("basic", "Basically qualified"),
                            ("unqualified", "Not qualified"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="Proposed grade",
                    ),
                ),
                ("proposal_reason", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("reply_until", models.DateField(null=True)),
                ("reply_agrees", models.BooleanField(null=True)),
                ("reply", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("reply_on_behalf", models.BooleanField(default=False)),
                ("replied_at", models.DateTimeField(null=True)),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("excellent", "Excellent"),
                            ("qualified", "Qualified"),
                            ("basic", "Basically qualified"),
                            ("unqualified", "Not qualified"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="Grade",
                    ),
                ),
                ("decision_reason", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("decided_on", models.DateField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
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
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "origin_scorer",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="appraisals", to="people.person"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replied_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "station_scorer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appraisals", to="people.stay"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisals",
                        to="appraisals.appraisalround",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["station_path", "grade"], name="appraisal_station"),
                    models.Index(fields=["origin_path", "grade"], name="appraisal_origin"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "stay"), name="one_appraisal_a_stay_and_round"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_probationary", False), models.Q(("grade", ""), ("proposed_grade", "")), _connector="OR"
                        ),
                        name="probationary_member_gets_no_grade",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_at", None), ("proposed_by", None), ("proposed_grade", "")),
                            models.Q(
                                models.Q(("proposed_grade", ""), _negated=True),
                                ("proposed_at__isnull", False),
                                ("proposed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="appraisal_proposal_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replied_at", None), ("replied_by", None), ("reply_agrees", None)),
                            models.Q(
                                ("replied_at__isnull", False),
                                ("replied_by__isnull", False),
                                ("reply_agrees__isnull", False),
                                ("reply_until__isnull", False),
                                models.Q(("proposed_grade", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="appraisal_reply_answers_a_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("decided_on", None), ("grade", "")),
                            models.Q(
                                models.Q(("grade", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decided_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="appraisal_grade_is_decided_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_on", None),
                            ("replied_at__isnull", False),
                            models.Q(("reply_until__isnull", False), ("decided_on__gt", models.F("reply_until"))),
                            _connector="OR",
                        ),
                        name="no_grade_before_the_reply_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_on", None), ("gap", 0), ("consulted_at__isnull", False), _connector="OR"
                        ),
                        name="no_grade_over_a_gap_without_consultation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(
                                models.Q(
                                    ("station_scorer", None),
                                    models.Q(("decided_by", models.F("station_scorer")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("origin_scorer", None),
                                    models.Q(("decided_by", models.F("origin_scorer")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="who_decides_scored_for_neither_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("station_scorer", None),
                            ("origin_scorer", None),
                            models.Q(("station_scorer", models.F("origin_scorer")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_sides_are_scored_by_two_people",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("self", "Self"), ("mutual", "Mutual"), ("station", "Station"), ("origin", "Origin")],
                        max_length=8,
                    ),
                ),
                ("is_required", models.BooleanField(default=True)),
                ("sheet", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("on_behalf", models.BooleanField(default=False)),
                ("handed_in_at", models.DateTimeField(null=True)),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="appraisals.appraisal",
                    ),
                ),
                (
                    "assessor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="people.person",
                    ),
                ),
                (
                    "handed_in_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="appraisals.appraisalround",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("handed_in_at", None)), fields=["round", "side"], name="assessment_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("side", "mutual"), _negated=True),
                        fields=("appraisal", "side"),
                        name="one_assessment_a_side",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("side", "mutual")),
                        fields=("appraisal", "assessor"),
                        name="one_mutual_assessment_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_in_at", None), ("handed_in_by", None), ("sheet", None)),
                            models.Q(
                                ("handed_in_at__isnull", False),
                                ("handed_in_by__isnull", False),
                                ("sheet__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="assessment_is_sealed_iff_handed_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assessor", models.F("person")), ("side", "self")),
                            models.Q(
                                ("assessor__isnull", False),
                                ("side", "mutual"),
                                models.Q(("assessor", models.F("person")), _negated=True),
                            ),
                            models.Q(("assessor", None), ("side__in", ["station", "origin"])),
                            _connector="OR",
                        ),
                        name="members_assess_themselves_or_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperCount",
            fields=[
                (
                    "box",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="paper_count",
                        serialize=False,
                        to="appraisals.ballotbox",
                    ),
                ),
                ("first", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("first_at", models.DateTimeField(null=True)),
                ("second", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_at", None),
                            models.Q(("first_at__isnull", False), ("second_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_counts_agree_only_if_both_are_typed",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="ballotbox",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="boxes", to="appraisals.appraisalround"
            ),
        ),
        migrations.AddField(
            model_name="ballotbox",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
            ),
        ),
        migrations.CreateModel(
            name="BallotPaper",
            fields=[
                ("digest", waystation.kernel.fields.KeyField(max_length=64, primary_key=True, serialize=False)),
                (
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="appraisals.ballotbox"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Held on")),
                ("station_people", models.CharField(max_length=200, verbose_name="Present for the station")),
                ("origin_people", models.CharField(max_length=200, verbose_name="Present for the origin")),
                ("text", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "conclusion",
                    models.CharField(
                        choices=[
                            ("excellent", "Excellent"),
                            ("qualified", "Qualified"),
                            ("basic", "Basically qualified"),
                            ("unqualified", "Not qualified"),
                        ],
                        max_length=12,
                        verbose_name="Grade that both sides propose",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "appraisal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultation",
                        to="appraisals.appraisal",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("station_people", ""), _negated=True),
                            models.Q(("origin_people", ""), _negated=True),
                        ),
                        name="both_sides_attend_a_consultation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=60, verbose_name="Criterion")),
                (
                    "explanation",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="What is looked at"),
                ),
                ("weight", models.PositiveSmallIntegerField(verbose_name="Weight")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="appraisals.appraisalround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "order"), name="one_criterion_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 100)), name="criterion_weighs_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultNotice",
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
                        choices=[("origin", "Letter to the origin"), ("member", "Feedback to the member")], max_length=8
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("origin_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("issued_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(null=True)),
                ("received_on_behalf", models.BooleanField(default=False)),
                (
                    "appraisal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notice",
                        to="appraisals.appraisal",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="appraisals.appraisalround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "year", "serial"), name="one_notice_a_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "origin")),
                        fields=("round", "origin"),
                        name="one_letter_an_origin_and_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("appraisal", None), ("kind", "origin")),
                            models.Q(("appraisal__isnull", False), ("kind", "member")),
                            _connector="OR",
                        ),
                        name="feedback_is_about_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at", None), ("received_by", None)),
                            models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_receipt_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotVoter",
            fields=[
                (
                    "appraisal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="voter",
                        serialize=False,
                        to="appraisals.appraisal",
                    ),
                ),
                ("has_taken", models.BooleanField(default=False)),
                (
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="voters", to="appraisals.ballotbox"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="papercount",
            name="first_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="papercount",
            name="second_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="ballotbox",
            constraint=models.UniqueConstraint(fields=("round", "unit"), name="one_ballot_box_a_round_and_unit"),
        ),
        migrations.AddConstraint(
            model_name="papercount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_by", None),
                    ("second_by", None),
                    models.Q(("first_by", models.F("second_by")), _negated=True),
                    _connector="OR",
                ),
                name="paper_ballots_are_counted_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="papercount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("first", None), ("first_at", None), ("first_by", None)),
                        models.Q(("first__isnull", False), ("first_at__isnull", False), ("first_by__isnull", False)),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("second", None), ("second_at", None), ("second_by", None)),
                        models.Q(("second__isnull", False), ("second_at__isnull", False), ("second_by__isnull", False)),
                        _connector="OR",
                    ),
                ),
                name="paper_counts_are_dated",
            ),
        ),
    ]
