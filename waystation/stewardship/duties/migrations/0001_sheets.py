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
            name="Proposal",
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
                            ("dues", "Dues"),
                            ("life", "Organization life"),
                            ("talk", "Talk"),
                            ("education", "Education"),
                            ("appraisal", "Appraisal"),
                            ("service", "Service"),
                            ("contact", "Contact"),
                        ],
                        max_length=16,
                        verbose_name="Duty",
                    ),
                ),
                ("holder_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("taker_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("proposer_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("starts_on", models.DateField(verbose_name="Takes effect on")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for agreement"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("holder_agreed_at", models.DateTimeField(null=True)),
                ("taker_agreed_at", models.DateTimeField(null=True)),
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
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "holder_agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="people.stay"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "taker_agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["holder_path"], name="proposal_holder"),
                    models.Index(condition=models.Q(("state", "open")), fields=["taker_path"], name="proposal_taker"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("stay", "kind"), name="one_open_proposal_a_duty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder", models.F("taker")), _negated=True),
                        name="proposal_changes_the_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="proposal_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_is_open_or_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_refusal_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(("holder_agreed_by__isnull", False), ("taker_agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_is_agreed_by_both_units",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holder_agreed_by", None),
                            ("taker_agreed_by", None),
                            models.Q(("holder_agreed_by", models.F("taker_agreed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_is_agreed_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("holder_agreed_at", None), ("holder_agreed_by", None)),
                            models.Q(("holder_agreed_at__isnull", False), ("holder_agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_holder_agreement_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taker_agreed_at", None), ("taker_agreed_by", None)),
                            models.Q(("taker_agreed_at__isnull", False), ("taker_agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_taker_agreement_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dues", "Dues"),
                            ("life", "Organization life"),
                            ("talk", "Talk"),
                            ("education", "Education"),
                            ("appraisal", "Appraisal"),
                            ("service", "Service"),
                            ("contact", "Contact"),
                        ],
                        max_length=16,
                    ),
                ),
                ("unit_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("starts_on", models.DateField()),
                ("took_effect_at", models.DateTimeField(null=True)),
                (
                    "stay",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="people.stay",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="duties.proposal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_path", "kind"], name="duty_unit"),
                    models.Index(
                        condition=models.Q(("took_effect_at", None)), fields=["starts_on"], name="duty_to_come"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stay", "kind", "starts_on"), name="one_unit_a_duty_and_first_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="StayTransfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("to_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for the other station"),
                            ("accepted", "Taken over"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                    "destination",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "new_stay",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="came_by", to="people.stay"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="people.stay"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["to_path"], name="stay_transfer_to"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["station_path"], name="stay_transfer_from"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("stay",), name="one_open_transfer_a_stay"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("station", models.F("to")), _negated=True),
                        name="stay_transfer_changes_the_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="stay_transfer_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="stay_transfer_is_open_or_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="stay_transfer_refusal_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            models.Q(
                                ("closed_by__isnull", False),
                                ("new_stay__isnull", False),
                                models.Q(("closed_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="stay_transfer_is_accepted_by_another",
                    ),
                ],
            },
        ),
    ]
