"""Sheets of member cards to print."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waystation.kernel import jobs, papers
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, cards, tasks
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS
from waystation.stewardship.people.selections import selection
from waystation.stewardship.people.views.bulk import person_filters


@requires(Permission.CARD_PRINT)
@require_POST
def sheet(request):
    """The cards of the chosen people: at once when they are few, by a job when they are many."""
    ids = selection(request, person_filters, request.reach).ids
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
    except papers.NoPdf:
        context = {"pages": pages, "by": request.user, "at": now, "without_pdf": True}
        return render(request, "people/cards.html", context)
    return HttpResponse(content, content_type="application/pdf", headers=_as_file())


def _as_file() -> dict:
    return {"Content-Disposition": 'inline; filename="cards.pdf"'}


def _by_job(request, ids):
    """Many cards are drawn while the page may be closed."""
    args = {"people": [str(pk) for pk in ids], "language": get_language()}
    path = request.reach.paths[0] if request.reach.paths else ""
    job = jobs.enqueue(tasks.PRINT_CARDS, by=request.user, at=timezone.now(), args=args, unit_path=path)
    return redirect("web:job", job.pk)
