"""The facts that appraisals ask of the apps below: stays, excuses, hours learnt, contacts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Max, Q, Sum
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals import facts
from waystation.stewardship.contacts.models import Contact, Excuse
from waystation.stewardship.education.models import LearningRecord
from waystation.stewardship.people.models import Stay


def stays(people: list, starts_on: date, ends_on: date) -> dict:
    """The stays that touch the period, with the days in care within it."""
    found = defaultdict(list)
    rows = Stay.objects.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on), person__in=people, starts_on__lt=ends_on)
    for stay in rows.select_related("station").order_by("starts_on"):
        days = (min(stay.ends_on or ends_on, ends_on) - max(stay.starts_on, starts_on)).days
        words = ngettext(
            "%(station)s, in care since %(day)s: %(days)s day of this period",
            "%(station)s, in care since %(day)s: %(days)s days of this period",
            days,
        )
        text = words % {"station": stay.station.name, "day": zh_date(stay.starts_on), "days": days}
        found[stay.person_id].append(facts.Fact(text, reverse("people:file-section", args=[stay.person_id, "moves"])))
    return found


def excuses(people: list, starts_on: date, ends_on: date) -> dict:
    """From when to when nothing was required of the member; the facts of health stay sealed."""
    found = defaultdict(list)
    rows = Excuse.objects.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on), person__in=people, starts_on__lt=ends_on)
    for row in rows.order_by("starts_on"):
        words = _("Nothing is required since %(day)s: %(reason)s")
        text = words % {"day": zh_date(row.starts_on), "reason": row.get_reason_display()}
        found[row.person_id].append(facts.Fact(text, reverse("people:file", args=[row.person_id])))
    return found


def learning(people: list, starts_on: date, ends_on: date) -> dict:
    """The hours that count, of occasions attended and of study confirmed; the address opens their rows."""
    rows = LearningRecord.objects.counting().filter(
        person__in=people, learnt_on__gte=starts_on, learnt_on__lt=ends_on
    )  # fmt: skip
    found = {}
    for row in rows.order_by().values("person").annotate(hours=Sum("hours"), records=Count("pk")):
        words = ngettext("%(hours)s hours in %(n)d record", "%(hours)s hours in %(n)d records", row["records"])
        text = words % {"hours": floatformat(row["hours"]), "n": row["records"]}
        url = f"{reverse('education:person', args=[row['person']])}?year={starts_on.year}"
        found[row["person"]] = [facts.Fact(text, url)]
    return found


def contacts(people: list, starts_on: date, ends_on: date) -> dict:
    """How often somebody was in touch with the member; what was said is not told."""
    rows = Contact.objects.standing().filter(
        person__in=people, outcome=Contact.Outcome.REACHED, contacted_on__gte=starts_on, contacted_on__lt=ends_on
    )  # fmt: skip
    found = {}
    for row in rows.order_by().values("person").annotate(times=Count("pk"), last=Max("contacted_on")):
        words = ngettext("reached %(n)d time, last on %(day)s", "reached %(n)d times, last on %(day)s", row["times"])
        text = words % {"n": row["times"], "day": zh_date(row["last"])}
        found[row["person"]] = [facts.Fact(text, reverse("contacts:person", args=[row["person"]]))]
    return found


facts.register(pgettext_lazy("fact", "In care"), stays)
facts.register(pgettext_lazy("fact", "Learning"), learning, permission=Permission.EDUCATION_VIEW)
facts.register(pgettext_lazy("fact", "Contact"), contacts, permission=Permission.CONTACT_VIEW)
facts.register(gettext_lazy("Excused"), excuses, permission=Permission.CONTACT_VIEW)
