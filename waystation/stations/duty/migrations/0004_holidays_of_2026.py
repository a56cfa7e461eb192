"""The holidays and make-up working days of 2026, as the State Council's General Office arranged them."""

from datetime import date, timedelta

from django.db import migrations

from waystation.kernel.ids import new_id

SOURCE = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
HOLIDAYS = (
    ("元旦", date(2026, 1, 1), 3),
    ("春节", date(2026, 2, 15), 9),
    ("清明节", date(2026, 4, 4), 3),
    ("劳动节", date(2026, 5, 1), 5),
    ("端午节", date(2026, 6, 19), 3),
    ("中秋节", date(2026, 9, 25), 3),
    ("国庆节", date(2026, 10, 1), 7),
)
# Each works as the weekday that the holiday takes off.
MAKE_UP = (
    ("元旦", date(2026, 1, 4), 4),
    ("春节", date(2026, 2, 14), 4),
    ("春节", date(2026, 2, 28), 0),
    ("劳动节", date(2026, 5, 9), 1),
    ("国庆节", date(2026, 9, 20), 1),
    ("国庆节", date(2026, 10, 10), 2),
)


def add(apps, schema_editor):
    days = apps.get_model("duty", "CalendarDay")
    rows = [
        days(id=new_id(), day=first + timedelta(days=number), kind="holiday", name=name, source=SOURCE)
        for name, first, length in HOLIDAYS
        for number in range(length)
    ]
    rows += [
        days(id=new_id(), day=day, kind="working", works_as=weekday, name=f"{name}调休", source=SOURCE)
        for name, day, weekday in MAKE_UP
    ]
    days.objects.bulk_create(rows)


def take_away(apps, schema_editor):
    apps.get_model("duty", "CalendarDay").objects.filter(source=SOURCE).delete()


class Migration(migrations.Migration):
    dependencies = [("duty", "0003_no_closed_shift_holds_an_item")]

    operations = [migrations.RunPython(add, take_away)]
