"""The part of a person's time line that the appraisals know."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals.models import Appraisal
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries import timeline
from waystation.stewardship.people.queries.sights import Sight


@timeline.register
def tell(person: Person, sight: Sight) -> Iterator[timeline.Entry]:
    """Each round the member was in, for the two sides that appraise; the grade only once it is decided."""
    if not sight.may(Permission.APPRAISAL_VIEW):
        return
    rows = Appraisal.objects.filter(person=person).select_related("round", "station")
    for row in rows:
        url, names = reverse("appraisals:member", args=[row.pk]), {"round": row.round.title}
        notes = [_("probationary: takes part, no grade")] if row.is_probationary else []
        yield timeline.Entry(
            row.round.opened_at, _("Appraised in %(round)s") % names, [row.station.name, *notes],
            about=f"appraisal:{row.pk}", url=url,
        )  # fmt: skip
        if row.replied_at is not None:
            words = _("Agreed with the proposed result") if row.reply_agrees else _("Objected to the proposed result")
            yield timeline.Entry(row.replied_at, words, [row.round.title], url=url)
        if row.decided_at is not None:
            words = _("Graded “%(grade)s” in %(round)s") % {**names, "grade": row.get_grade_display()}
            yield timeline.Entry(row.decided_at, words, url=url, tone="ok")
