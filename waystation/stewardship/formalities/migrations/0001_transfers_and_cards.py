import django.db.models.deletion
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
            name="ActivityCard",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", waystation.kernel.fields.KeyField(max_length=30, verbose_name="Activity card no.")),
                ("branch_path", waystation.kernel.fields.KeyField(max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[("valid", "Valid"), ("lost", "Lost"), ("withdrawn", "Withdrawn")],
                        default="valid",
                        max_length=16,
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="Issued on")),
                ("reason", models.CharField(blank=True, default="", max_length=100, verbose_name="Reason for leaving")),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="Place gone to")),
                (
                    "left",
                    waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Left on"),
                ),
                ("issued_at", models.DateTimeField()),
                ("closed_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
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
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "filed_as",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="activity_cards", to="people.person"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="formalities.activitycard",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["branch_path", "state"], name="activity_card_branch")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "valid")),
                        fields=("person",),
                        name="one_valid_activity_card_a_person",
                    ),
                    models.UniqueConstraint(
                        fields=("county", "number"), name="activity_card_number_is_unique_in_a_county"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("closed_by", None),
                                ("closed_on", None),
                                ("closing_reason", ""),
                                ("state", "valid"),
                            ),
                            models.Q(
                                models.Q(("state", "valid"), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("closed_on__isnull", False),
                                models.Q(("closing_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="activity_card_is_valid_or_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("checked_on", models.DateField()),
                ("remark", models.CharField(blank=True, default="", max_length=200, verbose_name="Remark")),
                ("checked_at", models.DateTimeField()),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="formalities.activitycard",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "constraints": [models.UniqueConstraint(fields=("card", "year"), name="one_check_a_card_and_year")],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                        choices=[
                            ("issued", "On its way"),
                            ("received", "Received"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="issued",
                        max_length=16,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("letter", "Paper letter"), ("online", "Online, in the national system")],
                        max_length=8,
                        verbose_name="Way",
                    ),
                ),
                (
                    "number",
                    waystation.kernel.fields.KeyField(blank=True, default="", max_length=40, verbose_name="Letter no."),
                ),
                ("origin_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("to_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                (
                    "to_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Receiving organization"),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                (
                    "dues_paid_to",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=7, verbose_name="Dues paid to"
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="Issued on")),
                ("valid_days", models.PositiveSmallIntegerField(verbose_name="Valid for days")),
                ("expires_on", models.DateField()),
                ("receipt_due_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("received_on", models.DateField(null=True, verbose_name="Received on")),
                ("handled_by", models.CharField(blank=True, default="", max_length=50, verbose_name="Handled by")),
                (
                    "handler_phone",
                    models.CharField(blank=True, default="", max_length=30, verbose_name="Telephone of the office"),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.CharField(blank=True, default="", max_length=200)),
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
                    "filed_as",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="people.person"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["origin_path", "state"], name="transfer_origin"),
                    models.Index(fields=["to_path", "state"], name="transfer_to"),
                    models.Index(
                        condition=models.Q(("state", "issued")), fields=["expires_on"], name="transfer_expiring"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "issued")), fields=("person",), name="one_open_transfer_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to__isnull", False), models.Q(("to_text", ""), _negated=True), _connector="OR"
                        ),
                        name="transfer_names_where_it_goes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to", None), models.Q(("to", models.F("origin")), _negated=True), _connector="OR"
                        ),
                        name="transfer_changes_the_branch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel", "online"), models.Q(("number", ""), _negated=True), _connector="OR"
                        ),
                        name="transfer_letter_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gte", models.F("issued_on"))),
                        name="transfer_is_valid_from_its_issue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "issued")),
                            models.Q(models.Q(("state", "issued"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_is_closed_iff_not_on_its_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_by__isnull", False), ("received_on__isnull", False), ("state", "received")
                            ),
                            models.Q(models.Q(("state", "received"), _negated=True), ("received_on", None)),
                            _connector="OR",
                        ),
                        name="transfer_has_a_receipt_iff_received",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_on", None),
                            models.Q(
                                ("received_on__gte", models.F("issued_on")),
                                ("received_on__lte", models.F("expires_on")),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_is_received_while_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_withdrawal_has_a_reason",
                    ),
                ],
            },
        ),
    ]
