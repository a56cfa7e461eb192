"""The list of people, the search, and the suggestions of units."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.paging import page_of
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, bulk_acts, queries
from waystation.stewardship.people.forms import PersonFilterForm, SavedListForm, chosen
from waystation.stewardship.people.queries import places
from waystation.stewardship.people.queries.search import QueryKind
from waystation.stewardship.people.views import rights

P = Permission
# The kinds of units that a list of suggestions offers. The tree itself is no secret; which unit
# may be used is checked when the form is sent.
OPTIONS = {
    "branch": ("branch",),
    "community": ("village",),
    "place": ("village", "town", "county"),
}


@requires(P.PERSON_VIEW)
@require_safe
def people(request):
    """Everybody within reach, by filters that live in the address."""
    form = PersonFilterForm(request.GET, reach=request.reach)
    filters = chosen(form)
    found = queries.people_by(filters, request.reach)
    page = page_of(found, request.GET, by="name_key", pieces=queries.people_pieces(filters, request.reach))
    rows = queries.with_states(page.rows, _sees(request))
    acts = bulk_acts.acts_for(request.user)
    may = rights.holds(request.user, P.CARD_PRINT, P.LEDGER_EXPORT, P.DEPARTURE_REGISTER)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "may": may,
        "filters": request.GET.urlencode(),
        "shows_numbers": any(row.shows_numbers for row in rows),
        "acts": acts,
        "picks": bool(acts) or may["card_print"] or may["ledger_export"],
        "chosen_filters": filters,
        "save_form": SavedListForm(),
    }
    return render(request, "people/list.html", context)


def _sees(request):
    return lambda person: queries.sight(request.user, person, request.reach).numbers


@requires(P.PERSON_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request):
    """One box. A number is only taken from a form, so that it never stands in an address."""
    sent = request.method == "POST"
    text = (request.POST if sent else request.GET).get("q", "")[:60]
    query = queries.read_query(text)
    if query.is_private and not sent:
        # Not even the history of the browser shall keep it.
        return redirect(f"{reverse('people:search')}?number=1")
    found = queries.search(request.user, text, request.reach)
    if query.kind in (QueryKind.ID_NUMBER, QueryKind.PHONE):
        hits = len(found.people)
        actions.note_search(by=request.user, at=timezone.now(), kind=str(query.kind), hits=hits)
    if len(found.people) == 1:
        return redirect("people:file", found.people[0].pk)
    if sent and found.people and not query.is_private:
        return redirect(f"{reverse('people:search')}?{urlencode({'q': text})}")
    return render(request, "people/search.html", _results(request, text, found))


def _results(request, text, found) -> dict:
    groups = [{"kind": group.kind, "rows": queries.with_states(group.people, _sees(request))} for group in found.groups]
    return {
        "groups": groups,
        "in_address": "number" in request.GET,
        "found": found,
        # A number is not written back: the page may stay open on a counter.
        "text": "" if found.query.is_private else text,
        "kinds": QueryKind,
    }


@requires(P.UNIT_VIEW)
@require_safe
def unit_options(request):
    """Suggestions for a field that names a unit, as the options of its list."""
    kinds = OPTIONS.get(request.GET.get("kind", ""), OPTIONS["place"])
    text = request.GET.get(request.GET.get("of", ""), "")[:40]
    names = [
        name for county in places.counties(request.reach) for name in places.options(text, kinds=kinds, within=county)
    ]
    return render(request, "people/_unit_options.html", {"names": names[: places.MOST_OPTIONS]})
