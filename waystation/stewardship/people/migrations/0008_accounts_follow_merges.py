"""An account on a file that was merged goes to the file in use, or is let go where that one has its own."""

from django.db import migrations


def follow(apps, schema_editor):
    person = apps.get_model("people", "Person")
    for merged in person.objects.filter(merged_into__isnull=False, user__isnull=False):
        user, living = merged.user_id, merged
        while living.merged_into_id is not None:
            living = person.objects.get(pk=living.merged_into_id)
        person.objects.filter(pk=merged.pk).update(user=None)
        person.objects.filter(pk=living.pk, user=None).update(user=user)


class Migration(migrations.Migration):
    dependencies = [("people", "0007_departures_closed_as_transferred")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
