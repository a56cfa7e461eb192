"""Every stay from before the sheets gets one: dues with the origin, the rest with the station."""

from django.db import connection, migrations
from django.utils import timezone

KINDS = ("dues", "life", "talk", "education", "appraisal", "service", "contact")
ALLOCATE = """
INSERT INTO duties_duty (stay_id, kind, unit_id, unit_path, starts_on, took_effect_at)
SELECT stay.id, %s, unit.id, unit.path, stay.starts_on, %s
FROM people_stay stay
JOIN people_person person ON person.id = stay.person_id
JOIN people_departure departure ON departure.id = stay.departure_id
JOIN organizations_unit unit ON unit.id = {unit}
WHERE NOT EXISTS (SELECT 1 FROM duties_duty held WHERE held.stay_id = stay.id AND held.kind = %s)
"""  # noqa: S608 - the unit is one of the two expressions below


def allocate(apps, schema_editor):
    moment = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        for kind in KINDS:
            unit = "COALESCE(person.home_id, departure.origin_id)" if kind == "dues" else "stay.station_id"
            cursor.execute(ALLOCATE.format(unit=unit), [kind, moment, kind])


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_sheets")]
    operations = [migrations.RunPython(allocate, migrations.RunPython.noop, elidable=True)]
