"""Open items of the station's assessments go back to the station that is to give them, and into no bundle: wherever
the duty of appraisal was handed to, nobody could do them. Two statements; the assessment is found by its key."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Replace


def give_back(apps, schema_editor):
    OpenItem, Assessment = apps.get_model("duty", "OpenItem"), apps.get_model("appraisals", "Assessment")
    items = OpenItem.objects.filter(done_at=None, link="appraisals:score-station").exclude(bundle="")
    # The item names the assessment as text; SQLite keeps keys without the dashes, PostgreSQL reads both.
    key = Cast(Replace(OuterRef("link_pk"), Value("-"), Value("")), models.UUIDField())
    own = Assessment.objects.filter(pk=key, side="station")
    astray = items.annotate(own_path=Subquery(own.values("unit_path")[:1])).filter(~Q(unit_path=F("own_path")))
    astray.update(
        unit=Subquery(own.values("appraisal__station")[:1]), unit_path=Subquery(own.values("unit_path")[:1]),
        shift=None, parked_until=None,
    )  # fmt: skip
    items.update(bundle="")


class Migration(migrations.Migration):
    dependencies = [
        ("appraisals", "0007_the_origin_confirms_a_consultation"),
        ("duty", "0005_former_limits"),
    ]

    operations = [migrations.RunPython(give_back, migrations.RunPython.noop)]
