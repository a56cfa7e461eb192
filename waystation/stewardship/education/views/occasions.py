"""Pages of occasions: the list, entering one, its roll, corrections."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.sheets.cells import clean
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.education import actions
from waystation.stewardship.education.actions.rolls import AWAY, MARKS, MOST_OF_A_REASON
from waystation.stewardship.education.forms import (
    LineForm,
    OccasionFilterForm,
    OccasionForm,
    OccasionWordsForm,
    ReasonForm,
)
from waystation.stewardship.education.models import Attendance, Kind, Occasion, Plan, PlanItem
from waystation.stewardship.education.queries.occasions import marks_of, occasions_by, perhaps_same, roll_of, scans_of
from waystation.stewardship.education.queries.plans import due_day
from waystation.stewardship.education.views.common import P, key_asked, may, sees_reasons
from waystation.stewardship.groups.models import FunctionalGroup, SuggestedActivity
from waystation.stewardship.people.models import Person

MOST_FOUND = 20


@requires(P.EDUCATION_VIEW)
@require_safe
def occasion_list(request):
    """Occasions in reach, the latest first."""
    form = OccasionFilterForm(request.GET or None, reach=request.reach)
    filters = form.cleaned_data if form.is_valid() else {}
    page = page_of(occasions_by(filters, request.reach), request.GET, by="held_on", newest_first=True)
    context = {"page": page, "form": form, "may": may(request.user), "filters": request.GET.urlencode()}
    return render(request, "education/occasion_list.html", context)


@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_new(request):
    """Enter an occasion; a planned one brings its words along."""
    item, suggested, group = _item_asked(request), _suggested_asked(request), _group_asked(request)
    initial = _of_suggested(suggested) if suggested else _initial(request, item)
    if group is not None:
        initial |= _of_group(group)
    form = OccasionForm(request.POST or None, reach=request.reach, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.enter_occasion(
                item=item, suggested=suggested, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Entered. Now mark the roll and close it."))
            return redirect("education:occasion", made.pk)
    return render(request, "education/occasion_new.html", {"form": form, "item": item, "suggested": suggested})


def _suggested_asked(request) -> SuggestedActivity | None:
    """What the leader of a group suggested and the station took up, while its occasion is not entered."""
    key = key_asked(request, "suggested")
    if key is None:
        return None
    rows = SuggestedActivity.objects.within(request.reach).to_enter()
    return get_object_or_404(rows.select_related("group"), pk=key)


def _group_asked(request) -> FunctionalGroup | None:
    """The functional group whose page the user comes from."""
    key = key_asked(request, "group")
    if key is None:
        return None
    rows = FunctionalGroup.objects.open().filter(request.reach.path_q("station_path"))
    return get_object_or_404(rows, pk=key)


def _of_group(group: FunctionalGroup) -> dict:
    return {"unit": group.station_id, "kind": Kind.GROUP, "group": group.pk}


def _of_suggested(suggested: SuggestedActivity) -> dict:
    return {
        **_of_group(suggested.group),
        "held_on": min(timezone.localdate(), suggested.held_on),
        "topic": suggested.topic,
        "place": suggested.place,
    }


def _item_asked(request) -> PlanItem | None:
    key = key_asked(request, "item")
    if key is None:
        return None
    rows = PlanItem.objects.filter(plan__in=Plan.objects.within(request.reach), dropped_at=None)
    return get_object_or_404(rows.select_related("plan__unit", "grid"), pk=key)


def _initial(request, item: PlanItem | None) -> dict:
    today = timezone.localdate()
    if item is None:
        own = request.reach.units[0]
        return {"unit": request.GET.get("unit") or own, "held_on": today}
    return {
        "unit": item.grid_id or item.plan.unit_id,
        "kind": item.kind,
        "held_on": min(today, due_day(item, item.plan.year)),
        "topic": item.topic,
        "lead": item.lead,
        "group": item.group_key,
        "group_title": "" if item.group_key else item.group_title,
    }


def _occasion_or_404(reach: Reach, pk) -> Occasion:
    rows = Occasion.objects.within(reach).select_related("unit", "item", "same_as__unit", "created_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


@requires(P.EDUCATION_VIEW)
@require_safe
def occasion(request, pk):
    """One occasion with its roll: to tick while it is open, to correct line by line afterwards."""
    found = _occasion_or_404(request.reach, pk)
    marks = marks_of(found)
    tab = request.GET.get("mark", "all")
    rows = roll_of(found)
    if tab != "all":
        rows = rows.filter(mark="" if tab == "open" else tab)
    may_record = Reach.of(request.user, P.EDUCATION_RECORD).covers(found.unit_path)
    is_open = found.state == Occasion.State.OPEN
    page = page_of(rows, _long(request.GET), by="person__name_key")
    context = {
        "occasion": found,
        "page": page,
        "away": any(line.mark in AWAY for line in page.rows),
        "tabs": _tabs(marks, tab),
        "tab": tab,
        "count": sum(marks.values()) if tab == "all" else marks.get("" if tab == "open" else tab, 0),
        "is_open": is_open,
        "may_record": may_record,
        "may_mark": may_record and is_open,
        "unmarked": marks.get("", 0),
        "sees_reasons": sees_reasons(request.user, found.unit_path),
        "most": MOST_OF_A_REASON,
        "scans": scans_of(found),
        "found": _found(request, found) if may_record and is_open else [],
        "asked": request.GET.get("q", "")[:50],
        "same": perhaps_same(found)[:5] if may_record and is_open and not found.same_as_id else [],
        "reason_form": ReasonForm(),
    }
    return render(request, "education/occasion.html", context)


def _long(params: QueryDict) -> QueryDict:
    """A roll is ticked page by page, so its pages are long unless another size is asked for."""
    params = params.copy()
    params.setdefault("size", "100")
    return params


def _tabs(marks: dict, active: str) -> list[dict]:
    words = [("all", _("All"), sum(marks.values()))]
    words += [(mark.value or "open", str(mark.label), marks.get(mark.value, 0)) for mark in Attendance.Mark]
    return [
        {"label": label, "url": f"?mark={key}", "is_active": key == active, "count": count}
        for key, label, count in words
        if count or key in ("all", active)
    ]


def _found(request, occasion: Occasion) -> list[Person]:
    """Members by the beginning of a name, to put on the roll."""
    asked = request.GET.get("q", "").strip()[:50]
    if not asked:
        return []
    reach = Reach.of(request.user, P.EDUCATION_VIEW)
    people = Person.objects.living().within(reach).filter(full_name__startswith=asked)
    people = people.exclude(attendances__occasion=occasion.pk).select_related("home")
    return list(people.order_by("name_key", "pk")[:MOST_FOUND])


@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_edit(request, pk):
    """The words of an occasion."""
    found = _occasion_or_404(request.reach, pk)
    form = OccasionWordsForm(request.POST or None, instance=Occasion.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        actions.edit_occasion(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("Saved."))
        return redirect("education:occasion", found.pk)
    return render(request, "education/occasion_edit.html", {"form": form, "occasion": found})


# --- the roll -------------------------------------------------------------------------------------


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_mark(request, pk):
    """Mark the ticked lines, all lines of the tab, or the rest as present; the reasons that were typed are written."""
    found = _occasion_or_404(request.reach, pk)
    if "only_reasons" in request.POST:
        return _reasons_given(request, found)
    wanted = Attendance.Mark.PRESENT if "rest" in request.POST else request.POST.get("mark", "")
    if wanted not in {mark.value for mark in MARKS}:
        toast(request, _("Choose present, on leave or absent."))
        return redirect("education:occasion", found.pk)
    try:
        done = actions.mark(
            found, wanted, lines=_lines(request, found), reasons=_typed(request), by=request.user, at=timezone.now()
        )
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, ngettext("%(n)d line was marked.", "%(n)d lines were marked.", done) % {"n": done})
    return redirect("education:occasion", found.pk)


def _lines(request, found: Occasion):
    """Which lines are marked: nothing stands for those without a mark."""
    if "rest" in request.POST:
        return None
    if not request.POST.get("all"):
        return _known(request.POST.getlist("pk"))
    lines, tab = found.roll.filter(is_double=False), request.POST.get("tab", "all")
    return (lines if tab == "all" else lines.filter(mark="" if tab == "open" else tab)).values("pk")


def _reasons_given(request, found: Occasion):
    try:
        done = actions.give_reasons(found, _typed(request), by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, ngettext("%(n)d reason was saved.", "%(n)d reasons were saved.", done) % {"n": done})
    return redirect("education:occasion", found.pk)


def _typed(request) -> dict[UUID, str]:
    """The reasons that differ from what stood on the page, so that a page open for long undoes nobody's writing."""
    post, begin = request.POST, "reason-"
    ids = _known([name.removeprefix(begin) for name in post if name.startswith(begin)])
    typed = {pk: clean(post[f"{begin}{pk}"]) for pk in ids if f"{begin}{pk}" in post}
    return {pk: text for pk, text in typed.items() if text != post.get(f"was-{pk}", "")}


def _known(ids: list[str]) -> list[UUID]:
    """The ids that are ids at all."""
    found = []
    for text in ids:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_add(request, pk):
    """Put the chosen members on the roll."""
    found = _occasion_or_404(request.reach, pk)
    people = Person.objects.living().within(Reach.of(request.user, P.EDUCATION_VIEW))
    chosen = people.filter(pk__in=_known(request.POST.getlist("person"))[:MOST_FOUND])
    try:
        done = actions.add_to_roll(found, chosen, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        words = ngettext("%(n)d member was put on the roll.", "%(n)d members were put on the roll.", done)
        toast(request, words % {"n": done})
    return redirect("education:occasion", found.pk)


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_close(request, pk):
    """Close the roll and credit the hours; reasons that were typed are kept even if it cannot be closed yet."""
    found = _occasion_or_404(request.reach, pk)
    try:
        if typed := _typed(request):
            actions.give_reasons(found, typed, by=request.user, at=timezone.now())
        closed = actions.close_roll(found, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The roll is closed: %(n)d of %(of)d present.") % {"n": closed.present, "of": closed.expected})
    return redirect("education:occasion", found.pk)


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_same(request, pk):
    """Say that another unit's entry is about the same occasion."""
    found = _occasion_or_404(request.reach, pk)
    other = perhaps_same(found).filter(pk__in=_known([request.POST.get("other", "")])).first()
    if other is None:
        toast(request, _("Choose the entry of the other unit first."))
        return redirect("education:occasion", found.pk)
    try:
        actions.name_same(found, other, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The hours of both entries are credited once."))
    return redirect("education:occasion", found.pk)


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def occasion_cancel(request, pk):
    """Cancel an occasion, with a reason."""
    found = _occasion_or_404(request.reach, pk)
    reason = request.POST.get("reason", "")[:200]
    try:
        actions.cancel_occasion(found, reason=reason, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The occasion is cancelled; nobody has hours from it."))
    return redirect("education:occasion", found.pk)


@requires(P.EDUCATION_RECORD)
@idempotent
def line(request, pk):
    """Correct one line of a closed roll, with a reason; a reason of absence that is withheld stays if left empty."""
    rows = Attendance.objects.filter(occasion__in=Occasion.objects.within(request.reach), is_double=False)
    found = get_object_or_404(rows.select_related("occasion__unit", "person"), pk=pk)
    sees = sees_reasons(request.user, found.occasion.unit_path)
    initial = {"mark": found.mark, "absence": found.reason if sees else ""}
    form = LineForm(request.POST or None, initial=initial, is_withheld=bool(found.reason) and not sees)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not sees and not given["absence"]:
            given["absence"] = None
        try:
            actions.correct_line(found, by=request.user, at=timezone.now(), **given)
        except actions.EducationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Corrected; the hours follow."))
            return redirect("education:occasion", found.occasion_id)
    return render(request, "education/line.html", {"form": form, "line": found, "occasion": found.occasion})
