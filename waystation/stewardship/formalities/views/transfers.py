"""Formal transfers: the lists, one transfer with its letter, and its receipt."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import papers as kernel_papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities import actions, ledgers, papers
from waystation.stewardship.formalities.forms import ReasonForm, ReceiptForm, SearchForm, TransferForm
from waystation.stewardship.formalities.models import Transfer
from waystation.stewardship.formalities.queries.lists import CLOSED, ON_WAY, RECEIPT_DUE, TO_RECEIVE, transfers_by
from waystation.stewardship.formalities.queries.sides import may_sign
from waystation.stewardship.formalities.views.common import member_or_404, today
from waystation.stewardship.people.actions import reveal_field
from waystation.stewardship.people.large_ledgers import asked_by, deliver

P = Permission
TABS = (ON_WAY, TO_RECEIVE, RECEIPT_DUE, CLOSED)


def _filters(request) -> tuple[dict, SearchForm]:
    form = SearchForm(request.GET or None)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else ON_WAY
    return {**form.filters, "tab": tab}, form


@requires(P.TRANSFER_VIEW)
@require_safe
def transfer_list(request):
    """Transfers on their way, those to be received here, those whose receipt is overdue, and closed ones."""
    filters, form = _filters(request)
    page = page_of(transfers_by(filters, request.reach, today()), request.GET, newest_first=True)
    labels = {
        ON_WAY: _("On their way"),
        TO_RECEIVE: _("To be received here"),
        RECEIPT_DUE: _("Receipt overdue"),
        CLOSED: _("Closed"),
    }
    url = reverse("formalities:transfer-list")
    context = {
        "page": page,
        "form": form,
        "tab": filters["tab"],
        "extra": [("tab", filters["tab"])],
        "tabs": [
            {"label": labels[tab], "url": f"{url}?tab={tab}", "is_active": tab == filters["tab"], "count": None}
            for tab in TABS
        ],
        "today": today(),
        "query": request.GET.urlencode(),
        "may_export": bool(Reach.of(request.user, P.LEDGER_EXPORT)),
    }
    return render(request, "formalities/transfers.html", context)


@requires(P.LEDGER_EXPORT)
@require_POST
@idempotent
def export(request):
    """The ledger of the transfers that the list shows."""
    filters, _form = _filters(request)
    return deliver(request, asked_by(request, ledgers.TRANSFERS, filters))


@requires(P.TRANSFER_TRACK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new(request, pk):
    """A letter for a member, or a transfer begun online."""
    person = member_or_404(request, pk)
    form = TransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.issue_transfer(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FormalityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Issued. Until the receipt is recorded the branch stays responsible."))
            return redirect("formalities:transfer", made.pk)
    return render(request, "formalities/transfer_new.html", {"form": form, "person": person})


def _transfer_or_404(rows, pk) -> Transfer:
    rows = rows.select_related("person", "origin", "to", "issued_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


@requires(P.TRANSFER_VIEW)
@require_safe
def transfer(request, pk):
    """One transfer: what the letter says, how far it is, and what can be done next."""
    found = _transfer_or_404(Transfer.objects.within(request.reach), pk)
    tracking = Reach.of(request.user, P.TRANSFER_TRACK)
    is_open = found.state == Transfer.State.ISSUED
    context = {
        "transfer": found,
        "today": today(),
        "may_receive": found.state in (Transfer.State.ISSUED, Transfer.State.EXPIRED) and may_sign(found, request.user),
        "may_withdraw": is_open and tracking.covers(found.origin_path),
        "may_again": found.state in (Transfer.State.EXPIRED, Transfer.State.WITHDRAWN)
        and tracking.covers(found.origin_path)
        and found.person.home_id == found.origin_id,
        "may_print": found.channel == Transfer.Channel.LETTER and tracking.covers(found.origin_path),
        "sees_file": bool(Reach.of(request.user, P.PERSON_VIEW)),
    }
    return render(request, "formalities/transfer.html", context)


@requires(P.TRANSFER_TRACK)
@require_safe
def letter(request, pk):
    """The letter with stub and receipt as PDF. The ID number stands on it for those who may read it, on the record."""
    found = get_object_or_404(
        Transfer.objects.filter(request.reach.path_q("origin_path")).select_related("person", "origin", "to"),
        pk=pk, channel=Transfer.Channel.LETTER,
    )  # fmt: skip
    now, revealing = timezone.now(), Reach.of(request.user, P.PERSON_REVEAL)
    may_reveal = revealing.covers(found.person.home_path)
    if may_reveal:
        for field in ("id_number", "phone"):
            reveal_field(found.person, field=field, purpose=_("Transfer letter"), by=request.user, at=now)
    draw = partial(papers.html, found, by=request.user, at=now, with_number=may_reveal)
    return kernel_papers.answer(request, draw, pdf=papers.pdf, name=f"letter-{found.pk.hex[-10:]}.pdf")


@requires(P.TRANSFER_TRACK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def receive(request, pk):
    """Record the receipt, for the receiving side; from its day on the new branch is responsible."""
    found = _transfer_or_404(Transfer.objects.to_be_received_in(request.reach), pk)
    if not may_sign(found, request.user):
        raise Http404
    form = ReceiptForm(request.POST or None, initial={"ends_stay": _lives_there(found)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive_transfer(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FormalityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Received. The formal relation is with %(to)s now.") % {"to": found.to_name})
            return redirect("formalities:transfer", found.pk)
    return render(request, "formalities/receive.html", {"form": form, "transfer": found})


def _lives_there(found: Transfer) -> bool:
    """Whether the member lives where the new branch is, or leaves the area: then the stay usually ends."""
    return found.to is None or bool(found.to.parent and found.to.parent.is_seat)


@requires(P.TRANSFER_TRACK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def withdraw(request, pk):
    """Take the letter back, with a reason."""
    found = _transfer_or_404(Transfer.objects.sent_from(request.reach), pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_transfer(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FormalityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The letter was withdrawn."))
            return redirect("formalities:transfer", found.pk)
    context = {
        "form": form,
        "title": _("Withdraw the letter"),
        "sub": f"{found.person.full_name} · {found.to_name}",
        "back": reverse("formalities:transfer", args=[found.pk]),
    }
    return render(request, "formalities/reason.html", context)
