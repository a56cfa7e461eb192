import django.core.validators
import django.db.models.deletion
import waystation.kernel.ids
import waystation.kernel.money
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("kernel", "0002_audit_is_append_only"),
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="Year",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
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
                    "opened_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_accounts",
                        to="organizations.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("station", "year"), name="one_account_a_station_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="account_year_is_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="account_is_closed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appropriation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("city", "City grant"),
                            ("county", "County match"),
                            ("other", "Other income"),
                            ("carried", "Carried over"),
                        ],
                        max_length=16,
                        verbose_name="Source",
                    ),
                ),
                ("document_no", models.CharField(blank=True, default="", max_length=60, verbose_name="Document no.")),
                ("amount", waystation.kernel.money.MoneyField(verbose_name="Amount")),
                ("granted_on", models.DateField(verbose_name="Granted on")),
                ("received_on", models.DateField(null=True, verbose_name="Money received on")),
                ("remark", models.CharField(blank=True, default="", max_length=200, verbose_name="Remark")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "Waiting for approval"), ("booked", "Booked"), ("returned", "Returned")],
                        default="booked",
                        max_length=16,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appropriations", to="funds.account"
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="funds.appropriation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "received_on"], name="appropriation_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("reverses", None)),
                            models.Q(
                                ("amount__lt", 0), ("reverses__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="appropriation_adds_and_its_reversal_takes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reverses__isnull", False),
                                models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("decision", ""),
                                        ("state", "entered"),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_by", models.F("entered_by")), _negated=True),
                                        models.Q(
                                            ("state", "booked"),
                                            models.Q(("state", "returned"), models.Q(("decision", ""), _negated=True)),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                models.Q(("reverses__isnull", False), _negated=True),
                                ("decided_at", None),
                                ("decided_by", None),
                                ("state", "booked"),
                            ),
                            _connector="OR",
                        ),
                        name="appropriation_reversal_is_decided_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False), models.Q(("state", "returned"), _negated=True)),
                        fields=("reverses",),
                        name="appropriation_is_reversed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses", None), ("source", "carried")),
                        fields=("account",),
                        name="a_year_is_carried_over_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="Budget line")),
                ("place", models.PositiveSmallIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="funds.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "title"), name="line_title_is_unique_in_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount", waystation.kernel.money.MoneyField(verbose_name="Amount")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "Waiting for approval"), ("booked", "Booked"), ("returned", "Returned")],
                        default="entered",
                        max_length=16,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=200)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="funds.account"
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given",
                        to="funds.budgetline",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="funds.budgetline",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "entered")), fields=["account"], name="change_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            models.Q(("giver__isnull", False), ("taker__isnull", False), _connector="OR"),
                            models.Q(
                                ("giver", None),
                                ("taker", None),
                                models.Q(("giver", models.F("taker")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="change_moves_money_between_two_places",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("decision", ""), ("state", "entered")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("entered_by")), _negated=True),
                                models.Q(
                                    ("state", "booked"),
                                    models.Q(("state", "returned"), models.Q(("decision", ""), _negated=True)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="change_is_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expense",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="Voucher no.")),
                ("amount", waystation.kernel.money.MoneyField(verbose_name="Amount")),
                ("spent_on", models.DateField(verbose_name="Spent on")),
                ("payee", models.CharField(max_length=100, verbose_name="Payee")),
                ("purpose", models.CharField(max_length=200, verbose_name="What for")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "Waiting for approval"), ("booked", "Booked"), ("returned", "Returned")],
                        default="entered",
                        max_length=16,
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, default="", max_length=200)),
                ("booked_on", models.DateField(null=True, verbose_name="Booked on")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expenses", to="funds.account"
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expenses", to="funds.budgetline"
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="funds.expense",
                    ),
                ),
                (
                    "voucher",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "state", "booked_on"], name="expense_account"),
                    models.Index(fields=["line", "state"], name="expense_line"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "number"), name="voucher_number_is_unique_in_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("reverses", None), ("voucher__isnull", False)),
                            models.Q(
                                ("amount__lt", 0), ("reverses__isnull", False), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="expense_has_a_voucher_and_its_reversal_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("decision", ""), ("state", "entered")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("entered_by")), _negated=True),
                                models.Q(
                                    ("state", "booked"),
                                    models.Q(("state", "returned"), models.Q(("decision", ""), _negated=True)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="expense_is_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("booked_on__isnull", False), ("state", "booked")),
                            models.Q(models.Q(("state", "booked"), _negated=True), ("booked_on", None)),
                            _connector="OR",
                        ),
                        name="expense_has_a_day_iff_booked",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False), models.Q(("state", "returned"), _negated=True)),
                        fields=("reverses",),
                        name="expense_is_reversed_once",
                    ),
                ],
            },
        ),
    ]
