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
            name="FunctionalGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_path", waystation.kernel.fields.KeyField(max_length=255)),
                ("name", models.CharField(max_length=60, verbose_name="Name of the group")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("trade", "Trade"),
                            ("skill", "Skill"),
                            ("area", "Area"),
                            ("level", "Level of the origin"),
                            ("special", "Special task"),
                        ],
                        max_length=8,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "basis",
                    models.CharField(blank=True, default="", max_length=100, verbose_name="What its members share"),
                ),
                ("purpose", models.CharField(blank=True, default="", max_length=200, verbose_name="What it is for")),
                ("established_on", models.DateField()),
                ("closed_on", models.DateField(null=True)),
                ("closing_reason", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                (
                    "community",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.unit",
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
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="functional_groups",
                        to="organizations.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["station_path", "closed_on"], name="group_station")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("station", "name"),
                        name="group_name_is_unique_among_open_ones",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on", None), ("closing_reason", "")),
                            models.Q(("closed_on__isnull", False), models.Q(("closing_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="group_is_closed_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None), ("closed_on__gte", models.F("established_on")), _connector="OR"
                        ),
                        name="group_closes_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="groups.functionalgroup"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_memberships",
                        to="people.person",
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="group_memberships", to="people.stay"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("group", "person"),
                        name="a_member_is_once_in_a_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="group_member_leaves_after_joining",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupLeader",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("named_at", models.DateTimeField()),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaders", to="groups.functionalgroup"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="led", to="groups.groupmember"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)), fields=("group",), name="one_leader_a_group"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="group_leader_ends_after_starting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupActivity",
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
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Called off")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Day")),
                ("topic", models.CharField(max_length=100, verbose_name="Topic")),
                ("place", models.CharField(blank=True, default="", max_length=100, verbose_name="Place")),
                ("record", models.CharField(blank=True, default="", max_length=1000, verbose_name="What was done")),
                ("planned_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="groups.functionalgroup",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("attended", models.ManyToManyField(blank=True, related_name="attended", to="groups.groupmember")),
            ],
            options={
                "indexes": [models.Index(fields=["group", "state", "held_on"], name="group_activity_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None), ("state", "planned")),
                            models.Q(models.Q(("state", "planned"), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="activity_is_planned_or_settled",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupSuccession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("happened_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="groups.functionalgroup",
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
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="origins", to="groups.functionalgroup"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor",), name="a_group_is_merged_once"),
                    models.CheckConstraint(
                        condition=models.Q(("predecessor", models.F("successor")), _negated=True),
                        name="group_does_not_succeed_itself",
                    ),
                ],
            },
        ),
    ]
