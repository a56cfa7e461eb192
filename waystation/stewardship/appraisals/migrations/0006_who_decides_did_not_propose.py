"""Who proposed a grade does not decide it. Grades that one person proposed and decided before stay as they are, marked,
so that the law can hold for every other row."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def mark_old_rows(apps, schema_editor):
    Appraisal = apps.get_model("appraisals", "Appraisal")
    Appraisal.objects.filter(decided_by=F("proposed_by")).update(was_decided_alone=True)


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0005_round_opens_as_a_job"),
        ("organizations", "0001_initial"),
        ("people", "0011_a_closer_look_at_paths"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="appraisal",
            name="was_decided_alone",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_old_rows, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    ("proposed_by", None),
                    ("was_decided_alone", True),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="who_decides_did_not_propose",
            ),
        ),
    ]
