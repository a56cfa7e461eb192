"""Sheets of member cards to print."""

import uuid

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waystation.kernel import jobs
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, cards, queries, tasks
from waystation.stewardship.people.forms import PersonFilterForm, chosen
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS


@requires(Permission.CARD_PRINT)
@require_POST
def sheet(request):
    """The cards of the chosen people: at once when they are few, by a job when they are many."""
    ids = _chosen_ids(request)
    if not ids:
        toast(request, _("Choose the people whose cards are to be printed."))
        return redirect("people:list")
    if len(ids) > cards.AT_ONCE:
        return _by_job(request, ids)
    people = list(
        Person.objects.filter(pk__in=ids)
        .select_related("home", "station")
        .defer(*SEALED_COLUMNS)
        .order_by("name_key", "pk")
    )
    now = timezone.now()
    issued = actions.issue_cards(people, by=request.user, at=now)
    path = people[0].stay_path or people[0].home_path
    actions.note_cards_printed(by=request.user, at=now, cards=len(issued), unit_path=path)
    pages = cards.sheets(people, issued)
    try:
        content = cards.pdf(cards.html(pages, by=request.user, at=now))
    except cards.NoPdf:
        context = {"pages": pages, "by": request.user, "at": now, "without_pdf": True}
        return render(request, "people/cards.html", context)
    return HttpResponse(content, content_type="application/pdf", headers=_as_file())


def _as_file() -> dict:
    return {"Content-Disposition": 'inline; filename="cards.pdf"'}


def _chosen_ids(request) -> list:
    """The ticked people, or everybody whom the filters find; only those in care of one's own."""
    if request.POST.get("all"):
        form = PersonFilterForm(QueryDict(request.POST.get("filters", "")), reach=request.reach)
        people = queries.people_by(chosen(form), request.reach)
    else:
        ticked = [pk for pk in request.POST.getlist("pk") if _is_id(pk)]
        people = Person.objects.living().within(request.reach).filter(pk__in=ticked[: cards.MOST])
    people = people.select_related(None).only("pk", "home_path", "stay_path", "destination_path")
    return [person.pk for person in people[: cards.MOST] if queries.sight(request.user, person, request.reach).cares]


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _by_job(request, ids):
    """Many cards are drawn while the page may be closed."""
    args = {"people": [str(pk) for pk in ids], "language": get_language()}
    path = request.reach.paths[0] if request.reach.paths else ""
    job = jobs.enqueue(tasks.PRINT_CARDS, by=request.user, at=timezone.now(), args=args, unit_path=path)
    return redirect("web:job", job.pk)
