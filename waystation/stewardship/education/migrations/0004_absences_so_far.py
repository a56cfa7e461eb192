"""What closed rolls say of members who were absent each time until now; afterwards each change of a roll says it."""

from django.db import migrations
from django.db.models import F, Max, Min, OuterRef, Q, Subquery

CHUNK = 1000


def fill(apps, schema_editor):
    """The people who were ever absent, a thousand at a time: four questions each thousand."""
    state = apps.get_model("contacts", "ContactState")
    lines = apps.get_model("education", "Attendance").objects.filter(is_double=False, occasion__state="held").order_by()
    absent = lines.filter(mark="absent")
    last = None
    while True:
        people = absent.order_by("person").values_list("person", flat=True).distinct()
        ids = list((people if last is None else people.filter(person__gt=last))[:CHUNK])
        if not ids:
            return
        last = ids[-1]
        came = lines.filter(person=OuterRef("person")).exclude(mark="absent").values("person")
        came = came.annotate(day=Max("occasion__held_on")).values("day")
        rows = absent.filter(person__in=ids).annotate(came=Subquery(came))
        rows = rows.filter(Q(came=None) | Q(occasion__held_on__gt=F("came"))).values("person")
        days = {row["person"]: row for row in rows.annotate(a=Min("occasion__held_on"), z=Max("occasion__held_on"))}
        known = list(state.objects.filter(pk__in=days))
        for row in known:
            row.absent_since, row.absent_last_on = days[row.pk]["a"], days[row.pk]["z"]
        state.objects.bulk_update(known, ["absent_since", "absent_last_on"])


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_absences"), ("education", "0003_reasons_and_scans")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
