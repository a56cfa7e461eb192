"""Excuses granted before: recorded on the file that they are about, to be looked at again a year later."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    excuses = apps.get_model("contacts", "Excuse").objects
    excuses.filter(recorded_for=None).update(recorded_for=F("person"))
    excuses.exclude(ends_on=None).update(ended_at=F("granted_at"), ending_reason="—")
    for excuse in excuses.filter(review_on=None):
        excuses.filter(pk=excuse.pk).update(review_on=excuse.starts_on + timedelta(days=365))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_care")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
