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
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_key", waystation.kernel.fields.KeyField(max_length=100)),
                ("given_key", waystation.kernel.fields.KeyField(default="", max_length=100)),
                ("pinyin", waystation.kernel.fields.KeyField(default="", max_length=200)),
                ("initials", waystation.kernel.fields.KeyField(default="", max_length=50)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("male", "Male"), ("female", "Female")],
                        default="",
                        max_length=6,
                        verbose_name="Sex",
                    ),
                ),
                ("born", waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Born")),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="Nation")),
                ("education", models.CharField(blank=True, default="", max_length=20, verbose_name="Education")),
                (
                    "member_kind",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("full", "Full member"), ("probationary", "Probationary member")],
                        default="",
                        max_length=16,
                        verbose_name="Kind of member",
                    ),
                ),
                (
                    "joined",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=10, verbose_name="Joined the Party"
                    ),
                ),
                ("trade", models.CharField(blank=True, default="", max_length=50, verbose_name="Trade")),
                ("id_number", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "id_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("id_mask", models.CharField(default="", max_length=20)),
                ("id_state", models.CharField(default="", max_length=16)),
                ("phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("phone_mask", models.CharField(default="", max_length=20)),
                ("phone_tail", waystation.kernel.fields.KeyField(default="", max_length=4)),
                ("other_phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "other_phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("home_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                ("stay_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                ("destination_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                ("address", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("employer", models.CharField(blank=True, default="", max_length=100, verbose_name="Employer")),
                ("skill", models.CharField(blank=True, default="", max_length=50, verbose_name="Skill")),
                ("hardship", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("volunteers", models.BooleanField(null=True, verbose_name="Willing to volunteer")),
                ("card_no", models.CharField(blank=True, default="", max_length=30, verbose_name="Activity card no.")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
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
                    "home",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="people.person",
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
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name_key", "id"], name="person_name"),
                    models.Index(fields=["given_key"], name="person_given"),
                    models.Index(fields=["pinyin"], name="person_pinyin"),
                    models.Index(fields=["initials"], name="person_initials"),
                    models.Index(fields=["phone_tail"], name="person_phone_tail"),
                    models.Index(fields=["id_index"], name="person_id_index"),
                    models.Index(fields=["phone_index"], name="person_phone_index"),
                    models.Index(fields=["other_phone_index"], name="person_other_phone_index"),
                    models.Index(fields=["home_path", "name_key"], name="person_home"),
                    models.Index(fields=["stay_path", "name_key"], name="person_stay"),
                    models.Index(fields=["destination_path"], name="person_destination"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("id_index__isnull", False), ("merged_into", None)),
                        fields=("id_index",),
                        name="one_living_file_an_id_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="person_is_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("before", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "winner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="merge_undo_is_dated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("person",), name="one_open_membership_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="membership_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Departure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_key", waystation.kernel.fields.KeyField(max_length=100)),
                ("given_key", waystation.kernel.fields.KeyField(default="", max_length=100)),
                ("pinyin", waystation.kernel.fields.KeyField(default="", max_length=200)),
                ("initials", waystation.kernel.fields.KeyField(default="", max_length=50)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("male", "Male"), ("female", "Female")],
                        default="",
                        max_length=6,
                        verbose_name="Sex",
                    ),
                ),
                ("born", waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Born")),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="Nation")),
                ("education", models.CharField(blank=True, default="", max_length=20, verbose_name="Education")),
                (
                    "member_kind",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("full", "Full member"), ("probationary", "Probationary member")],
                        default="",
                        max_length=16,
                        verbose_name="Kind of member",
                    ),
                ),
                (
                    "joined",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=10, verbose_name="Joined the Party"
                    ),
                ),
                ("trade", models.CharField(blank=True, default="", max_length=50, verbose_name="Trade")),
                ("id_number", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "id_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("id_mask", models.CharField(default="", max_length=20)),
                ("id_state", models.CharField(default="", max_length=16)),
                ("phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("phone_mask", models.CharField(default="", max_length=20)),
                ("phone_tail", waystation.kernel.fields.KeyField(default="", max_length=4)),
                ("other_phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "other_phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Awaiting arrival"),
                            ("departed", "Departed"),
                            ("refused", "Sent back"),
                            ("cancelled", "Cancelled"),
                            ("returned", "Returned home"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("mobile", "Mobile member"), ("short", "Short absence")],
                        default="mobile",
                        max_length=16,
                    ),
                ),
                ("origin_path", waystation.kernel.fields.KeyField(max_length=255)),
                (
                    "branch_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Branch as written"),
                ),
                ("station_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                (
                    "destination_text",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="Destination"),
                ),
                (
                    "left",
                    waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Left on"),
                ),
                (
                    "expected_back",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=10, verbose_name="Expected back"
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=100, verbose_name="Reason for leaving")),
                ("card_no", models.CharField(blank=True, default="", max_length=30, verbose_name="Activity card no.")),
                ("dues_paid_to", models.CharField(blank=True, default="", max_length=20, verbose_name="Dues paid to")),
                ("remark", models.CharField(blank=True, default="", max_length=200, verbose_name="Remark")),
                ("created_at", models.DateTimeField()),
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
                    "created_by",
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
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="departures", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["origin_path", "state"], name="departure_origin"),
                    models.Index(fields=["station_path", "state"], name="departure_station"),
                    models.Index(fields=["id_index"], name="departure_id_index"),
                    models.Index(fields=["phone_index"], name="departure_phone_index"),
                    models.Index(fields=["name_key", "id"], name="departure_name"),
                    models.Index(fields=["pinyin"], name="departure_pinyin"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "departed"])),
                        fields=("person",),
                        name="one_open_departure_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ["pending", "departed"])),
                            models.Q(("closed_at__isnull", False), ("state__in", ["refused", "cancelled", "returned"])),
                            _connector="OR",
                        ),
                        name="departure_is_closed_iff_not_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="departure_refusal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=32)),
                ("before", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("after", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("reason", models.CharField(max_length=200)),
                ("corrected_at", models.DateTimeField()),
                (
                    "corrected_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", waystation.kernel.fields.KeyField(max_length=20, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
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
                    "revoked_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)), fields=("person",), name="one_valid_card_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="card_revocation_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("full_name", models.CharField(max_length=100, verbose_name="Name")),
                ("name_key", waystation.kernel.fields.KeyField(max_length=100)),
                ("given_key", waystation.kernel.fields.KeyField(default="", max_length=100)),
                ("pinyin", waystation.kernel.fields.KeyField(default="", max_length=200)),
                ("initials", waystation.kernel.fields.KeyField(default="", max_length=50)),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("male", "Male"), ("female", "Female")],
                        default="",
                        max_length=6,
                        verbose_name="Sex",
                    ),
                ),
                ("born", waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Born")),
                ("nation", models.CharField(blank=True, default="", max_length=20, verbose_name="Nation")),
                ("education", models.CharField(blank=True, default="", max_length=20, verbose_name="Education")),
                (
                    "member_kind",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not given"), ("full", "Full member"), ("probationary", "Probationary member")],
                        default="",
                        max_length=16,
                        verbose_name="Kind of member",
                    ),
                ),
                (
                    "joined",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=10, verbose_name="Joined the Party"
                    ),
                ),
                ("trade", models.CharField(blank=True, default="", max_length=50, verbose_name="Trade")),
                ("id_number", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "id_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("id_mask", models.CharField(default="", max_length=20)),
                ("id_state", models.CharField(default="", max_length=16)),
                ("phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                ("phone_mask", models.CharField(default="", max_length=20)),
                ("phone_tail", waystation.kernel.fields.KeyField(default="", max_length=4)),
                ("other_phone", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                (
                    "other_phone_index",
                    waystation.kernel.fields.BlindIndexField(blank=True, editable=False, max_length=64, null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "To be verified"),
                            ("settled", "Verified"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=16,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("desk", "At the desk"), ("qr", "By QR code"), ("roster", "By roster")], max_length=8
                    ),
                ),
                ("station_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("home_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                (
                    "home_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Origin as written"),
                ),
                ("destination_path", waystation.kernel.fields.KeyField(default="", max_length=255)),
                (
                    "destination_text",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="Community as written"),
                ),
                ("address", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("employer", models.CharField(blank=True, default="", max_length=100, verbose_name="Employer")),
                ("skill", models.CharField(blank=True, default="", max_length=50, verbose_name="Skill")),
                ("hardship", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("volunteers", models.BooleanField(null=True, verbose_name="Willing to volunteer")),
                (
                    "arrived",
                    waystation.kernel.fields.KeyField(blank=True, default="", max_length=10, verbose_name="Arrived on"),
                ),
                (
                    "registered",
                    waystation.kernel.fields.KeyField(
                        blank=True, default="", max_length=10, verbose_name="Registered on"
                    ),
                ),
                ("card_no", models.CharField(blank=True, default="", max_length=30, verbose_name="Activity card no.")),
                ("remark", models.CharField(blank=True, default="", max_length=200, verbose_name="Remark")),
                ("notice_version", models.CharField(blank=True, default="", max_length=20)),
                ("created_at", models.DateTimeField()),
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
                    "created_by",
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
                    "home",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["station_path", "state"], name="arrival_station"),
                    models.Index(fields=["home_path", "state"], name="arrival_home"),
                    models.Index(fields=["id_index"], name="arrival_id_index"),
                    models.Index(fields=["phone_index"], name="arrival_phone_index"),
                    models.Index(fields=["name_key", "id"], name="arrival_name"),
                    models.Index(fields=["pinyin"], name="arrival_pinyin"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "pending")),
                            models.Q(models.Q(("state", "pending"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="arrival_is_pending_or_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person__isnull", False), ("state", "settled")),
                            models.Q(models.Q(("state", "settled"), _negated=True), ("person", None)),
                            _connector="OR",
                        ),
                        name="arrival_has_a_person_iff_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("closing_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="arrival_refusal_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returned", "Returned home"),
                            ("moved_on", "Moved on"),
                            ("transferred", "Formal relation transferred"),
                            ("mistaken", "Opened by mistake"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("origin_confirmed_at", models.DateTimeField(null=True)),
                ("station_confirmed_at", models.DateTimeField(null=True)),
                ("overridden_at", models.DateTimeField(null=True)),
                ("override_reason", models.CharField(blank=True, default="", max_length=200)),
                ("opened_at", models.DateTimeField()),
                (
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="people.arrival"
                    ),
                ),
                (
                    "departure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="people.departure"
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
                    "origin_confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "overridden_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="people.person"
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
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
            ],
            options={
                "indexes": [models.Index(fields=["station_path", "ends_on"], name="stay_station")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("person",), name="one_open_stay_a_person"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ending", "mistaken"), _negated=True),
                        fields=("arrival",),
                        name="one_stay_an_arrival",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="stay_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ending", ""), ("ends_on", None)),
                            models.Q(("ends_on__isnull", False), models.Q(("ending", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="stay_has_an_ending_iff_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("origin_confirmed_by__isnull", False),
                                ("overridden_by", None),
                                ("station_confirmed_by__isnull", False),
                                models.Q(("origin_confirmed_by", models.F("station_confirmed_by")), _negated=True),
                            ),
                            models.Q(
                                ("overridden_by__isnull", False),
                                models.Q(("override_reason", ""), _negated=True),
                                models.Q(
                                    ("origin_confirmed_by__isnull", False),
                                    ("station_confirmed_by__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="stay_is_confirmed_by_both_sides_or_overridden",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("overridden_by", None),
                            models.Q(
                                models.Q(
                                    ("origin_confirmed_by", None),
                                    models.Q(("overridden_by", models.F("origin_confirmed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("station_confirmed_by", None),
                                    models.Q(("overridden_by", models.F("station_confirmed_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="stay_override_is_by_a_third_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin_confirmed_at", None), ("origin_confirmed_by", None)),
                            models.Q(("origin_confirmed_at__isnull", False), ("origin_confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="stay_origin_confirmation_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("station_confirmed_at", None), ("station_confirmed_by", None)),
                            models.Q(("station_confirmed_at__isnull", False), ("station_confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="stay_station_confirmation_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overridden_at", None), ("overridden_by", None)),
                            models.Q(("overridden_at__isnull", False), ("overridden_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="stay_override_is_dated",
                    ),
                ],
            },
        ),
    ]
