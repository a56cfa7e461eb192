"""Acts on many people: chosen on a list, shown with their numbers, then done."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, mandates_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import bulk_acts, ledgers, tasks
from waystation.stewardship.people.forms import PersonFilterForm, understood
from waystation.stewardship.people.selections import Selection, selection
from waystation.stewardship.people.views.exports import XLSX

P = Permission


def person_filters(query, reach) -> dict | None:
    """The filters of the list of people, as its form reads them; None if one is not understood."""
    return understood(PersonFilterForm(query, reach=reach))


@requires(P.PERSON_VIEW)
@require_POST
@idempotent
def act(request):
    """What would be done with the chosen people and for how many; with a yes it is done."""
    found = bulk_acts.act_named(request.POST.get("act", ""))
    back = _back(request)
    if found is None:
        toast(request, _("Choose first what is to be done."))
        return redirect(back)
    reach = Reach.of(request.user, found.permission)
    if not reach:
        raise PermissionDenied(found.permission)
    people = selection(request, person_filters, reach)
    if not people.ids:
        toast(request, _("Choose the people first. Only those in your own care can be chosen."))
        return redirect(back)
    targets = list(found.targets(request.user))
    target = request.POST.get("target", "")
    if target and target not in dict(targets):
        raise Http404
    if target and request.POST.get("confirmed"):
        return _done(request, found, people, target, back)
    return render(request, "people/bulk.html", _shown(request, found, people, targets, target, back))


def _shown(request, found, people: Selection, targets: list, target: str, back: str) -> dict:
    return {
        "act": found,
        "people": people,
        "targets": targets,
        "target": target,
        "target_words": dict(targets).get(target, ""),
        "preview": found.preview(people.ids, target, request.user) if target else None,
        "back": back,
        "is_cut": people.is_all and len(people) >= bulk_acts.MOST,
        "most": bulk_acts.MOST,
    }


def _done(request, found, people: Selection, target: str, back: str):
    try:
        number = found.run(people.ids, target, by=request.user, at=timezone.now())
    except found.refusals as refusal:
        toast(request, str(refusal))
    else:
        toast(request, found.done(number))
    return redirect(back)


def _back(request) -> str:
    """The list from which the people were chosen, with its filters."""
    given = request.POST.get("back", "")
    if given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    query = request.POST.get("filters", "")[:1000]
    return f"{reverse('people:list')}{'?' if query else ''}{query}"


@requires(P.LEDGER_EXPORT)
@require_POST
def export_chosen(request):
    """The ledger of the chosen people; of all that the filters show by the page of the export."""
    people = selection(request, person_filters, request.reach)
    if people.is_all:
        return redirect(f"{reverse('people:export')}?{urlencode({'filters': people.filters})}")
    if not people.ids:
        toast(request, _("Choose the people first. Only those in your own care can be chosen."))
        return redirect(_back(request))
    own = next(mandate.unit for mandate in mandates_of(request.user) if mandate.unit_id in request.reach.units)
    order = ledgers.Order(ledgers.MEMBERS, {"pks": people.ids}, request.reach, request.user, own)
    now, stream = timezone.now(), io.BytesIO()
    rows = ledgers.write(stream, order, at=now)
    tasks.note(order, rows=rows, purpose="", at=now)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=ledgers.file_name(order, at=now), content_type=XLSX)
