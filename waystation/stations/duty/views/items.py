"""Open items: the list, one item, and what becomes of it."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, permissions_of, requires
from waystation.organizations.permissions import Permission
from waystation.stations.duty.actions import items as actions
from waystation.stations.duty.forms import ItemFilterForm, ItemForm, NewItemForm
from waystation.stations.duty.models import OpenItem, Shift
from waystation.stations.duty.queries.holding import takers
from waystation.stations.duty.queries.items import OWN, items_by
from waystation.stations.duty.views.frame import tabs

P = Permission


@requires(P.ITEM_VIEW)
@require_safe
def item_list(request):
    """What units have to do, by who holds it and until when."""
    form = ItemFilterForm(request.GET or None, reach=request.reach)
    filters = form.cleaned_data if form.is_valid() else {"state": OWN}
    now = timezone.now()
    day = timezone.localdate(now)
    rows = items_by(filters, request.reach, user=request.user, day=day, at=now)
    page = page_of(rows, request.GET, by="due_key")
    for item in page.rows:
        item.address = address_of(item, request.user)
        item.is_overdue = item.done_at is None and item.due_on is not None and item.due_on < day
    context = {
        "form": form, "page": page, "day": day, "tabs": tabs(request, "today", "item-list"),
        "may_work": bool(Reach.of(request.user, P.ITEM_WORK)),
    }  # fmt: skip
    return render(request, "duty/items.html", context)


def address_of(item: OpenItem, user) -> str:
    """Where the thing itself is worked on, if that page is open to the user; else the duty sheet that gave the
    unit the item, which leads to the member; empty if there is neither."""
    kind, _colon, stay = item.bundle.partition(":")
    sheet = _open_to(user, "duties:sheet", stay) if kind == "stay" else ""
    return _open_to(user, item.link, item.link_pk) or sheet


def _open_to(user, link: str, pk: str) -> str:
    """The address, if this installation has it and the user's roles open it somewhere."""
    if not link:
        return ""
    try:
        url = reverse(link, args=[pk] if pk else [])
    except NoReverseMatch:
        return ""
    needed = getattr(resolve(url).func, "permission", None)
    return url if needed is None or needed in permissions_of(user) else ""


def _shifts(item: OpenItem):
    ids = [shift.pk for shift in takers(item.unit, at=timezone.now())[:100]]
    return Shift.objects.filter(pk__in=ids).prefetch_related("turns__user").order_by("starts_at")


def _item_or_404(request, pk) -> OpenItem:
    rows = OpenItem.objects.within(request.reach).select_related("unit", "shift", "opened_by", "done_by")
    return get_object_or_404(rows, pk=pk)


@requires(P.ITEM_VIEW)
@require_safe
def item(request, pk):
    """One item: who holds it, how it came there, and what can be done."""
    found = _item_or_404(request, pk)
    may_work = found.done_at is None and Reach.of(request.user, P.ITEM_WORK).covers(found.unit_path)
    return _page(request, found, ItemForm(shifts=_shifts(found)), may_work)


def _page(request, found: OpenItem, form: ItemForm, may_work: bool):
    steps = found.steps.select_related("by", "from_shift", "to_shift").order_by("at", "pk")
    context = {"item": found, "steps": steps, "form": form, "may_work": may_work}
    context["address"] = address_of(found, request.user)
    return render(request, "duty/item.html", context)


@requires(P.ITEM_WORK)
@require_POST
@idempotent
def item_work(request, pk):
    """Finish an item, hand it to a shift, park it, or give it back to the unit."""
    found = _item_or_404(request, pk)
    form = ItemForm(request.POST, shifts=_shifts(found))
    if form.is_valid():
        try:
            words = _work(found, form.cleaned_data, by=request.user, at=timezone.now())
        except actions.ItemRefused as refusal:
            form.add_error(None, str(refusal))
        except actions.AlreadyDone:
            form.add_error(None, _("Somebody else has finished this item already."))
        else:
            toast(request, words)
            return redirect("duty:item", pk=found.pk)
    return _page(request, found, form, may_work=True)


def _work(found: OpenItem, given: dict, **how) -> str:
    act, note = given["act"], given["note"]
    if act == "finish":
        actions.finish_item(found, outcome=given["outcome"], **how)
        return _("The item is done.")
    if act == "hand":
        actions.hand_item(found, to=given["to"], note=note, **how)
        return _("The item was handed to %(shift)s.") % {"shift": given["to"]}
    if act == "park":
        actions.park_item(found, until=given["until"], note=note, **how)
        return _("The item is parked.")
    actions.take_item(found, note=note, **how)
    return _("The unit itself holds the item again.")


@requires(P.ITEM_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def item_new(request):
    """Note something for one's own unit to do."""
    form = NewItemForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        made = actions.open_item(by=request.user, at=timezone.now(), **form.cleaned_data)
        toast(request, _("The item was noted."))
        return redirect("duty:item", pk=made.pk)
    return render(request, "duty/form.html", {
        "form": form, "title": _("New item"), "cancel": reverse("duty:item-list"), "sub": "",
    })  # fmt: skip
