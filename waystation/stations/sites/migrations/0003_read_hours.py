"""Hours that were written as a sentence become a schedule; what cannot be read stays as a remark."""

from django.db import migrations
from django.utils import timezone, translation

from waystation.kernel.ids import new_id
from waystation.stations.sites.services import usual_services
from waystation.stations.sites.week import BadHours, read_week


def read_hours(apps, schema_editor):
    models = {name: apps.get_model("sites", name) for name in ("Station", "Schedule", "OpeningTime")}
    now = timezone.now()
    with translation.override("zh-hans"):
        services = "\n".join(usual_services())
    for station in models["Station"].objects.all():
        station.services = services
        try:
            week = read_week(station.hours_note)
        except BadHours:
            week = None
        if week:
            schedule = models["Schedule"].objects.create(
                id=new_id(), station=station, starts_on=timezone.localdate(now), set_at=now
            )
            models["OpeningTime"].objects.bulk_create(
                models["OpeningTime"](id=new_id(), schedule=schedule, weekday=number, opens_at=start, closes_at=end)
                for number, day in enumerate(week.days)
                for start, end in day
            )
            station.hours_note = ""
        station.save()


class Migration(migrations.Migration):
    dependencies = [("sites", "0002_hours_functions_rooms")]

    operations = [migrations.RunPython(read_hours, migrations.RunPython.noop)]
