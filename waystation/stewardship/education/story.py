"""The part of a person's time line that education knows."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waystation.kernel.days import midnight
from waystation.organizations.permissions import Permission
from waystation.stewardship.education.models import Delivery, LearningRecord
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import timeline
from waystation.stewardship.people.queries.sights import Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """The hours of each year in one line that opens them, and each time study was brought home."""
    if not sight.may(Permission.EDUCATION_VIEW):
        return
    years = LearningRecord.objects.counting().filter(person=person).order_by().values("year")
    for row in years.annotate(hours=Sum("hours"), rows=Count("pk"), last=Max("learnt_on")):
        yield timeline.Entry(
            midnight(row["last"]),
            _("Learning in %(year)s: %(hours)s hours") % {"year": row["year"], "hours": row["hours"]},
            [ngettext("%(n)d record", "%(n)d records", row["rows"]) % {"n": row["rows"]}],
            about=f"learning:{person.pk}:{row['year']}",
            url=f"{reverse('education:person', args=[person.pk])}?year={row['year']}",
        )
    brought = Delivery.objects.filter(person=person, state=Delivery.State.DELIVERED).select_related("pack")
    for row in brought:
        yield timeline.Entry(
            midnight(row.delivered_on),
            _("Study was brought home: %(title)s") % {"title": row.pack.title},
            [row.carrier],
            about=f"delivery:{row.pk}",
            tone="ok",
        )
