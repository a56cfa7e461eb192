from django.db import migrations

from waystation.kernel.migrating import closer_look


class Migration(migrations.Migration):
    dependencies = [("people", "0010_stays_of_a_station_by_index")]

    operations = [
        closer_look("people_person", "home_path", "stay_path", "destination_path"),
        closer_look("people_departure", "origin_path", "station_path"),
        closer_look("people_arrival", "home_path", "station_path"),
        closer_look("people_stay", "station_path"),
    ]
