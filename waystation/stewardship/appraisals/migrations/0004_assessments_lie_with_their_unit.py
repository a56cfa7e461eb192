"""Each assessment of a unit keeps the path of that unit. NULL is added in place: SQLite would otherwise make the
table anew, without its triggers."""

import waystation.kernel.fields
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Appraisal, Assessment = (apps.get_model("appraisals", name) for name in ("Appraisal", "Assessment"))
    for side in ("station", "origin"):
        path = Appraisal.objects.filter(pk=OuterRef("appraisal")).values(f"{side}_path")
        Assessment.objects.filter(side=side).update(unit_path=Subquery(path))


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0003_rounds_are_found_by_place"),
        ("people", "0004_count_by_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="unit_path",
            field=waystation.kernel.fields.KeyField(max_length=255, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("handed_in_at", None), ("is_required", True)),
                fields=["unit_path", "side", "round"],
                name="assessment_due_of_unit",
            ),
        ),
    ]
