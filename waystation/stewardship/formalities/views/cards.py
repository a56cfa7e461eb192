"""Activity cards: the register, one card, its issue, its yearly check and its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities import actions, ledgers
from waystation.stewardship.formalities.forms import CardEndForm, CardForm, CheckForm, SearchForm
from waystation.stewardship.formalities.models import ActivityCard
from waystation.stewardship.formalities.queries.cards import due, window_of
from waystation.stewardship.formalities.queries.lists import CLOSED, cards_by
from waystation.stewardship.formalities.views.common import member_or_404, today
from waystation.stewardship.people.large_ledgers import asked_by, deliver
from waystation.stewardship.people.models import Departure

P = Permission
TABS = ("valid", "due", CLOSED)


def _filters(sent: QueryDict) -> tuple[dict, SearchForm]:
    form = SearchForm(sent or None)
    tab = sent.get("tab") if sent.get("tab") in TABS else TABS[0]
    return {**form.filters, "tab": tab}, form


@requires(P.ACTIVITY_CARD_CHECK)
@require_safe
def card_list(request):
    """The register of issue; the cards due for the yearly check can be checked many at a time."""
    filters, form = _filters(request.GET)
    tab, window = filters["tab"], window_of(today())
    page = page_of(cards_by(filters, request.reach, today()), request.GET)
    checked = _checked(page.rows, window.year)
    for row in page.rows:
        row.checked_on = checked.get(row.pk)
    labels = {"valid": _("Valid"), "due": _("To be checked"), CLOSED: _("Lost or withdrawn")}
    url = reverse("formalities:card-list")
    context = {
        "page": page,
        "form": form,
        "tab": tab,
        "extra": [("tab", tab)],
        "tabs": [
            {"label": labels[name], "url": f"{url}?tab={name}", "is_active": name == tab, "count": None}
            for name in TABS
        ],
        "window": window,
        "is_over": window.is_over(today()),
        "check_form": CheckForm(),
        "query": request.GET.urlencode(),
        "may_export": bool(Reach.of(request.user, P.LEDGER_EXPORT)),
    }
    return render(request, "formalities/cards.html", context)


def _checked(cards: list[ActivityCard], year: int) -> dict:
    checks = ActivityCard.objects.filter(pk__in=[card.pk for card in cards], checks__year=year)
    return dict(checks.values_list("pk", "checks__checked_on"))


@requires(P.LEDGER_EXPORT)
@require_POST
@idempotent
def export(request):
    """The register of the cards that the list shows."""
    filters, _form = _filters(request.GET)
    return deliver(request, asked_by(request, ledgers.CARDS, filters))


@require_POST
@requires(P.ACTIVITY_CARD_CHECK)
@idempotent
def check(request):
    """Record the yearly check of the chosen cards, or of all that the list of due cards shows."""
    filters, _search = _filters(request.POST)
    form, back = CheckForm(request.POST), f"{reverse('formalities:card-list')}?tab=due"
    cards = cards_by({**filters, "tab": "due"}, request.reach, today())
    if not request.POST.get("all"):
        cards = cards.filter(pk__in=_known(request.POST.getlist("pk")))
    chosen = list(cards.order_by("pk")[:5000])
    if not form.is_valid() or not chosen:
        messages.error(request, _("Choose the cards that you have seen, and the day."))
        return redirect(back)
    try:
        done = actions.check_cards(chosen, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.FormalityRefused as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d card was checked.", "%(n)d cards were checked.", done)
        toast(request, words % {"n": done})
    return redirect((request.POST.get("card") and _card_url(request.POST["card"])) or back)


def _card_url(text: str) -> str:
    found = _known([text])
    return reverse("formalities:card", args=found) if found else ""


def _known(texts: list[str]) -> list[UUID]:
    """The ids that are ids at all."""
    found = []
    for text in texts:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


@requires(P.ACTIVITY_CARD_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new(request, pk):
    """Issue a card to a member, filled in from the open departure."""
    person = member_or_404(request, pk)
    form = CardForm(request.POST or None, initial=_from_departure(person))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.issue_card(person, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FormalityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The activity card %(number)s was issued.") % {"number": made.number})
            return redirect("formalities:card", made.pk)
    return render(request, "formalities/card_new.html", {"form": form, "person": person})


def _from_departure(person) -> dict:
    departure = Departure.objects.open().filter(person=person).select_related("destination").first()
    if departure is None:
        return {}
    place = departure.destination_text or (departure.destination.name if departure.destination else "")
    left = departure.left if len(departure.left) == 10 else None
    return {"reason": departure.reason, "place": place, "left": left, "number": departure.card_no}


def _card_or_404(request, pk) -> ActivityCard:
    rows = ActivityCard.objects.within(request.reach).select_related("person", "branch", "issued_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


@requires(P.ACTIVITY_CARD_CHECK)
@require_safe
def card(request, pk):
    """One card: its issue, every yearly check, and what can be done next."""
    found = _card_or_404(request, pk)
    issuing = Reach.of(request.user, P.ACTIVITY_CARD_ISSUE)
    window = window_of(today())
    context = {
        "card": found,
        "checks": found.checks.select_related("unit", "checked_by").order_by("-year"),
        "window": window,
        "is_due": due(ActivityCard.objects.filter(pk=found.pk), window).exists(),
        "check_form": CheckForm(),
        "may_close": found.state == ActivityCard.State.VALID and issuing.covers(found.branch_path),
        "may_replace": found.state == ActivityCard.State.LOST
        and not ActivityCard.objects.valid().filter(person=found.person_id).exists()
        and issuing.covers(found.person.home_path),
        "sees_file": bool(Reach.of(request.user, P.PERSON_VIEW)),
    }
    return render(request, "formalities/card.html", context)


@requires(P.ACTIVITY_CARD_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def lost(request, pk):
    """Report the card lost; another may then be issued."""
    return _end(request, pk, actions.report_lost, _("Report the card lost"))


@requires(P.ACTIVITY_CARD_ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def withdraw(request, pk):
    """The card was handed in, or is called in."""
    return _end(request, pk, actions.withdraw_card, _("Withdraw the card"))


def _end(request, pk, act, title: str):
    found = _card_or_404(request, pk)
    form = CardEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.FormalityRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("Saved."))
            return redirect("formalities:card", found.pk)
    context = {
        "form": form,
        "title": title,
        "sub": f"{found.person.full_name} · {found.number}",
        "back": reverse("formalities:card", args=[found.pk]),
    }
    return render(request, "formalities/reason.html", context)
