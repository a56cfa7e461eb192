from django.db import migrations
from django.db.models import Max

CHUNK = 500


def _days(rows, day):
    return dict(rows.order_by().values("person").annotate(day=Max(day)).values_list("person", "day"))


def fill(apps, schema_editor):
    """What rolls, activities and dues on record say about when each member was last seen or paid."""
    state = apps.get_model("contacts", "ContactState")
    lines = apps.get_model("education", "Attendance").objects.filter(
        mark="present", is_double=False, occasion__state="held"
    )
    took_part = apps.get_model("groups", "GroupMember").objects.filter(attended__state="held")
    paid = apps.get_model("dues", "DuesEntry").objects.filter(reverses=None, reversals=None)
    last = None
    while True:
        rows = state.objects.order_by("pk") if last is None else state.objects.order_by("pk").filter(pk__gt=last)
        rows = list(rows[:CHUNK])
        if not rows:
            return
        last, ids = rows[-1].pk, [row.pk for row in rows]
        on_rolls = _days(lines.filter(person__in=ids), "occasion__held_on")
        at_activities = _days(took_part.filter(person__in=ids), "attended__held_on")
        of_dues = _days(paid.filter(person__in=ids), "paid_on")
        for row in rows:
            seen = [day for day in (on_rolls.get(row.pk), at_activities.get(row.pk)) if day]
            for name in ("last_real_on", "last_any_on", "quiet_since") if seen else ():
                setattr(row, name, max([*seen, getattr(row, name) or seen[0]]))
            row.last_paid_on = of_dues.get(row.pk)
        state.objects.bulk_update(rows, ["last_real_on", "last_any_on", "last_paid_on", "quiet_since"])


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_days_of_dues"),
        ("dues", "0002_what_is_recorded_stays"),
        ("education", "0001_initial"),
        ("groups", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
