"""Corrections of a file, and the end of a stay."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.people.actions.files import CORRECTABLE, SEALED
from waystation.stewardship.people.forms import CorrectForm, EndStayForm
from waystation.stewardship.people.models import Person, Stay
from waystation.stewardship.people.queries.files import (
    field_label,
    last_correction,
    shown_value,
)


@requires(Permission.PERSON_CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def correct(request, pk, field=""):
    """One field a time, with a reason. What stood there before is kept."""
    person = get_object_or_404(Person.objects.within(request.reach), pk=pk)
    cares = queries.sight(request.user, person, request.reach).cares
    if not cares or (field and field not in CORRECTABLE):
        raise Http404
    context = {"person": person, "fields": [(n, field_label(n)) for n in CORRECTABLE]}
    if not field:
        return render(request, "people/correct.html", context)
    initial = {"version": person.version, "value": _initial(person, field)}
    form = CorrectForm(request.POST or None, field=field, initial=initial)
    context |= {"form": form, "field": field, "label": field_label(field)}
    if form.is_valid():
        done = _correct(request, person, form)
        if not isinstance(done, dict):
            return done
        context |= done
    context["current"] = shown_value(context["person"], field)
    return render(request, "people/correct.html", context)


def _initial(person: Person, field: str) -> str:
    """A sealed value is never filled in: it is typed anew."""
    return "" if field in SEALED else getattr(person, field)


def _correct(request, person, form):
    """Back to the file, or what the page shall say instead."""
    try:
        saved = actions.correct_person(
            person, field=form.field, value=form.text, reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"], by=request.user, at=timezone.now(),
        )  # fmt: skip
    except actions.Changed as changed:
        # What was typed stays; sending it again counts as having seen the newer value.
        form.data = form.data.copy()
        form.data["version"] = changed.person.version
        return {"person": changed.person, "between": last_correction(changed.person)}
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return {}
    if saved is None:
        toast(request, _("Nothing was changed: the file says this already."))
    else:
        toast(request, _("Corrected: %(field)s") % {"field": field_label(form.field)})
    return redirect("people:file", person.pk)


@requires(Permission.STAY_END)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def end_stay(request, pk):
    """The station's care ends; the departure stays open until the member is back."""
    stays = Stay.objects.within(request.reach).filter(request.reach.path_q("station_path"))
    stay = get_object_or_404(stays.select_related("person", "station"), pk=pk)
    form = EndStayForm(request.POST or None)
    if form.is_valid():
        day, ending = form.cleaned_data["on"], form.cleaned_data["ending"]
        try:
            actions.end_stay(stay, on=day, ending=ending, by=request.user, at=timezone.now())
            toast(request, _("The stay has ended."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return _after_a_stay(request, stay)
    return render(request, "people/stay_end.html", {"form": form, "stay": stay})


def _after_a_stay(request, stay):
    """To the file while it is still in sight; the station may have seen it for the last time."""
    still = Person.objects.within(request.reach).filter(pk=stay.person_id).exists()
    return redirect("people:file", stay.person_id) if still else redirect("people:list")
