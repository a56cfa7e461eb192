"""The list of duty sheets, one sheet, and what is printed or taken out of them."""

from __future__ import annotations

from functools import partial

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waystation.kernel import papers as kernel_papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.duties import ledgers, papers
from waystation.stewardship.duties.forms import TABS, SheetFilterForm
from waystation.stewardship.duties.models import Duty
from waystation.stewardship.duties.queries import sheets as queries
from waystation.stewardship.people.large_ledgers import asked_by, deliver
from waystation.stewardship.people.models import Stay
from waystation.stewardship.people.queries.lists import SEALED_COLUMNS, SEALED_OF_DEPARTURES

P = Permission
RELATED = ("person__home", "departure__origin", "station", "destination")
_SEALED = (
    *(f"person__{name}" for name in SEALED_COLUMNS),
    *(f"departure__{name}" for name in SEALED_OF_DEPARTURES),
)


@requires(P.DUTY_VIEW)
@require_safe
def sheet_list(request):
    """What waits for an answer of my unit, and the sheets in reach with who answers today."""
    agreeing, taking = Reach.of(request.user, P.DUTY_AGREE), Reach.of(request.user, P.STAY_TRANSFER)
    proposals = queries.proposals_waiting(request.user, agreeing)
    transfers = queries.transfers_waiting(request.user, taking)
    waiting = proposals.count() + transfers.count()
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "sheets"
    context = {"tab": tab, "tabs": _tabs(tab, waiting), "may_export": bool(Reach.of(request.user, P.LEDGER_EXPORT))}
    if tab == "waiting":
        related = ("stay__person", "stay__station", "holder", "taker", "proposed_by", "proposer")
        context |= {
            "page": page_of(proposals.select_related(*related), request.GET),
            "transfers": transfers.select_related("stay__person", "station", "to", "asked_by").order_by("pk")[:50],
        }
        return render(request, "duties/waiting.html", context)
    form = SheetFilterForm(request.GET or None, reach=request.reach)
    today = timezone.localdate()
    found = queries.sheets_by(form.filters, request.reach, today).select_related(*RELATED).defer(*_SEALED)
    page = page_of(found, request.GET, newest_first=True)
    context |= {
        "form": form,
        "page": page,
        "rows": queries.with_holders(page.rows, today),
        "kinds": Duty.Kind.choices,
        "kind": form.filters.get("kind", ""),
        "filters": request.GET.urlencode(),
    }
    return render(request, "duties/list.html", context)


def _tabs(tab: str, waiting: int) -> list[dict]:
    url = reverse("duties:list")
    return [
        {"label": _("Sheets"), "url": url, "is_active": tab == "sheets", "count": None},
        {
            "label": _("Waiting for my answer"),
            "url": f"{url}?tab=waiting",
            "is_active": tab == "waiting",
            "count": waiting,
        },
    ]


def found_sheet(request, pk) -> Stay:
    """The stay if its sheet is in reach, else the page that says that there is none."""
    return get_object_or_404(queries.sheets_within(request.reach).select_related(*RELATED), pk=pk)


@requires(P.DUTY_VIEW)
@require_safe
def sheet(request, pk):
    """Duties by who answers for them, today and on every other day, and what is proposed."""
    stay = found_sheet(request, pk)
    agreeing = Reach.of(request.user, P.DUTY_AGREE)
    transfer = stay.transfers.select_related("to", "station", "asked_by", "destination").order_by("-asked_at").first()
    moving = Reach.of(request.user, P.STAY_TRANSFER)
    drawn = queries.sheet(stay, timezone.localdate())
    context = {
        "stay": stay,
        "sheet": drawn,
        "changes": queries.changes_of(drawn),
        **_taken_over(stay, request.reach.caring),
        "number": papers.number(stay),
        "proposals": [_with_powers(row, request.user, agreeing) for row in queries.proposals_of(stay)[:50]],
        "transfer": transfer,
        "may_propose": stay.ends_on is None and bool(agreeing),
        "may_transfer": stay.ends_on is None and moving.covers(stay.station_path),
        "may_accept": bool(transfer) and moving.covers(transfer.to_path) and transfer.asked_by_id != request.user.pk,
        "may_withdraw": bool(transfer) and moving.covers(transfer.station_path),
        "sees_file": bool(Reach.of(request.user, P.PERSON_VIEW)),
    }
    return render(request, "duties/sheet.html", context)


def _taken_over(stay: Stay, caring: Reach) -> dict:
    """Whether another station handed the member over, and which; where the member was before is not for a helper."""
    found = queries.taken_over(stay)
    cares = caring.covers(stay.station_path) or caring.covers(stay.person.home_path)
    return {"has_moved": found is not None, "taken_over": found if cares else None}


def _with_powers(row, user, reach: Reach):
    """The proposal with what the user may do about it: `agrees_for` a side, `refuses`, `withdraws`."""
    is_open = row.state == row.State.OPEN
    row.agrees_for = ""
    for side, other in (("holder", "taker"), ("taker", "holder")):
        said = getattr(row, f"{side}_agreed_by_id"), getattr(row, f"{other}_agreed_by_id")
        if is_open and said[0] is None and said[1] != user.pk and reach.covers(getattr(row, f"{side}_path")):
            row.agrees_for = row.agrees_for or side
    row.refuses = is_open and (reach.covers(row.holder_path) or reach.covers(row.taker_path))
    row.withdraws = is_open and (row.proposed_by_id == user.pk or reach.covers(row.proposer_path))
    row.refuses = row.refuses and not row.withdraws
    return row


@requires(P.DUTY_VIEW)
@require_safe
def paper(request, pk):
    """The sheet as PDF on A4 with rows for the three signatures and a code to check it."""
    stay, now = found_sheet(request, pk), timezone.now()
    drawn = queries.sheet(stay, timezone.localdate(now))
    draw = partial(papers.html, drawn, by=request.user, at=now)
    return kernel_papers.answer(request, draw, pdf=papers.pdf, name=f"duty-sheet-{papers.number(stay)}.pdf")


@requires(P.LEDGER_EXPORT)
@require_POST
@idempotent
def export(request):
    """The ledger of all sheets that the filters of the list find. Who took it is recorded."""
    filters = SheetFilterForm(request.GET or None, reach=Reach.of(request.user, P.DUTY_VIEW)).filters
    return deliver(request, asked_by(request, ledgers.SHEETS, filters, unit=filters.get("station")))
