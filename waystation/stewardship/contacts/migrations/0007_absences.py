"""From which day to which a member was absent from organization life: filled from the rolls by the app of rolls."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_days_of_dues")]

    operations = [
        migrations.AddField("contactstate", "absent_since", models.DateField(null=True)),
        migrations.AddField("contactstate", "absent_last_on", models.DateField(null=True)),
        migrations.AddIndex(
            "contactstate",
            models.Index(
                fields=["absent_since", "person"],
                name="state_absent",
                condition=Q(is_mobile=True, absent_since__isnull=False),
            ),
        ),
    ]
