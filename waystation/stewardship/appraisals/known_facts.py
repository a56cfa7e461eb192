"""The facts that appraisals ask of the apps below: stays, excuses, hours learnt, rolls, contacts, dues, groups."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Max, Q, Sum
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from waystation.kernel.templatetags.ui import zh_date
from waystation.organizations.permissions import Permission
from waystation.stewardship.appraisals import facts
from waystation.stewardship.contacts.models import Contact, Excuse
from waystation.stewardship.dues.months import span
from waystation.stewardship.dues.queries import Book, books_of
from waystation.stewardship.dues.queries.standing import last_over, reckon
from waystation.stewardship.education.models import Attendance, LearningRecord, Occasion
from waystation.stewardship.groups.models import GroupActivity, GroupMember
from waystation.stewardship.people.models import Stay

Mark = Attendance.Mark
_COUNTED = (Mark.PRESENT, Mark.LEAVE, Mark.ABSENT)  # in this order: of two lines about one occasion the first counts


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


def rolls(people: list, starts_on: date, ends_on: date) -> dict:
    """How often the member was present, on leave, absent by the closed rolls; what nobody asked of them counts not.

    Two units may have written down the very same occasion: it is one.
    """
    lines = Attendance.objects.filter(
        person__in=people, is_double=False, mark__in=_COUNTED, occasion__state=Occasion.State.HELD,
        occasion__held_on__gte=starts_on, occasion__held_on__lt=ends_on,
    )  # fmt: skip
    marks: dict = defaultdict(dict)
    for person, mark, occasion, same in lines.values_list("person", "mark", "occasion", "occasion__same_as"):
        marks[person].setdefault(same or occasion, []).append(_COUNTED.index(mark))
    found = {}
    for person, occasions in marks.items():
        best = [_COUNTED[min(given)] for given in occasions.values()]
        numbers = {mark.value: best.count(mark) for mark in _COUNTED}
        words = ngettext(
            "%(n)d occasion: present %(present)d, on leave %(leave)d, absent %(absent)d",
            "%(n)d occasions: present %(present)d, on leave %(leave)d, absent %(absent)d",
            len(best),
        )
        url = f"{reverse('education:person', args=[person])}?year={starts_on.year}"
        found[person] = [facts.Fact(words % {"n": len(best), **numbers}, url)]
    return found


def dues(people: list, starts_on: date, ends_on: date) -> dict:
    """Up to which month the dues are settled, and for which months of the period nothing is recorded; no amounts."""
    last = min(last_over(ends_on), last_over(timezone.localdate()))
    found = {}
    for person, book in books_of(people).items():
        if told := _dues_told(book, starts_on, last):
            url = f"{reverse('dues:person', args=[person])}?year={starts_on.year}"
            found[person] = [facts.Fact(text, url) for text in told]
    return found


def _dues_told(book: Book, first: date, last: date) -> list[str]:
    standing, told = reckon(book), []
    if standing is None:
        return told
    if standing.settled_to:
        told.append(_("settled to %(month)s") % {"month": f"{standing.settled_to:%Y-%m}"})
    open_months = [month for month in span(max(first, standing.since), last) if not book.settles(month)]
    if open_months:
        words = ngettext(
            "nothing on record for %(n)d month that is over: %(months)s",
            "nothing on record for %(n)d months that are over: %(months)s",
            len(open_months),
        )
        months = pgettext("between months", ", ").join(f"{month:%Y-%m}" for month in open_months)
        told.append(words % {"n": len(open_months), "months": months})
    return told


def group_activities(people: list, starts_on: date, ends_on: date) -> dict:
    """In how much of its functional groups the member took part; the address opens the group, or the file once the
    member has left it."""
    rows = GroupActivity.objects.filter(
        state=GroupActivity.State.HELD, attended__person__in=people, held_on__gte=starts_on, held_on__lt=ends_on
    )  # fmt: skip
    counted = rows.values("attended__person", "group", "group__name").annotate(
        times=Count("pk", distinct=True), last=Max("held_on")
    )
    inside = set(GroupMember.objects.filter(person__in=people, ends_on=None).values_list("person", "group"))
    found = defaultdict(list)
    for row in counted.order_by("group__name", "group"):
        person, group = row["attended__person"], row["group"]
        words = ngettext(
            "%(group)s: took part %(n)d time, last on %(day)s",
            "%(group)s: took part %(n)d times, last on %(day)s",
            row["times"],
        )
        text = words % {"group": row["group__name"], "n": row["times"], "day": zh_date(row["last"])}
        to_group = (person, group) in inside
        url = reverse("groups:group", args=[group]) if to_group else reverse("people:file", args=[person])
        found[person].append(facts.Fact(text, url))
    return found


facts.register(pgettext_lazy("fact", "In care"), stays)
facts.register(gettext_lazy("Organization life"), rolls, permission=Permission.EDUCATION_VIEW)
facts.register(pgettext_lazy("fact", "Learning"), learning, permission=Permission.EDUCATION_VIEW)
facts.register(pgettext_lazy("fact", "Dues"), dues, permission=Permission.DUES_VIEW)
facts.register(gettext_lazy("Functional groups"), group_activities, permission=Permission.GROUP_VIEW)
facts.register(pgettext_lazy("fact", "Contact"), contacts, permission=Permission.CONTACT_VIEW)
facts.register(gettext_lazy("Excused"), excuses, permission=Permission.CONTACT_VIEW)
