"""Why members were away from an occasion, and the scanned sheets that those present signed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import waystation.kernel.ids
from waystation.kernel import append_only

GUARDS = (
    append_only.Guard(
        "education_sheetscan",
        "id occasion_id file_id added_at added_by_id",
        once=(("withdrawn_at withdrawn_by_id reason", "OLD.withdrawn_at IS NOT NULL"),),
    ),
)


def install(apps, schema_editor):
    append_only.install(schema_editor.connection, GUARDS)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection, GUARDS)


def _by():
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("education", "0002_days_of_life"),
        ("kernel", "0002_audit_is_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attendance",
            name="reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=100, verbose_name="Reason of absence"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.CheckConstraint(
                condition=Q(reason="") | Q(mark__in=["leave", "absent"]),
                name="attendance_reason_is_of_leave_or_absence",
            ),
        ),
        migrations.CreateModel(
            name="SheetScan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="education.occasion"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("added_by", _by()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", _by()),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="Reason")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(withdrawn_at=None, withdrawn_by=None, reason="")
                        | Q(withdrawn_at__isnull=False) & ~Q(reason=""),
                        name="scan_is_withdrawn_with_a_reason_or_stands",
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
