import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_fill_excuses"), ("people", "0002_index_only_merged_files")]

    operations = [
        migrations.AlterField(
            model_name="excuse",
            name="recorded_for",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AlterField(model_name="excuse", name="review_on", field=models.DateField()),
        migrations.AddConstraint(
            model_name="excuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None), ("ending_reason", ""), ("ends_on", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ends_on__isnull", False),
                        models.Q(("ending_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="excuse_is_ended_with_a_reason_or_open",
            ),
        ),
    ]
