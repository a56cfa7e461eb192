from django.db import migrations
from django.db.models import OuterRef, Subquery


def follow_history(apps, schema_editor):
    """A grid that came of a split or a merge began on that day; one statement, whatever their number."""
    successions = apps.get_model("grids", "GridSuccession").objects.using(schema_editor.connection.alias)
    units = apps.get_model("organizations", "Unit").objects.using(schema_editor.connection.alias)
    days = successions.filter(successor=OuterRef("pk")).order_by("happened_on").values("happened_on")[:1]
    units.filter(opened_on=None, pk__in=successions.values("successor")).update(opened_on=Subquery(days))


class Migration(migrations.Migration):
    dependencies = [
        ("grids", "0003_open_assignments_are_indexed"),
        ("organizations", "0003_first_days_of_units"),
    ]

    operations = [migrations.RunPython(follow_history, migrations.RunPython.noop)]
