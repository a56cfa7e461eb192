"""Triggers by which dues on record stay on record; only the file they belong to follows a merge."""

from django.db import migrations

from waystation.kernel import append_only

GUARDS = (
    append_only.Guard(
        "dues_duesentry",
        "id original_id amount paid_on first_month last_month unit_id receipt_no brought_by remark reverses_id recorded_at recorded_by_id",
    ),
    append_only.Guard("dues_ratetable", "id starts_on source created_at created_by_id"),
    append_only.Guard("dues_rateline", "id table_id category over up_to basis_points least most"),
)


def install(apps, schema_editor):
    append_only.install(schema_editor.connection, GUARDS)


def remove(apps, schema_editor):
    append_only.remove(schema_editor.connection, GUARDS)


class Migration(migrations.Migration):
    dependencies = [("dues", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
