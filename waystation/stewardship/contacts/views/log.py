"""Contacts due, the log, and writing into it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.sealing import Tampered
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.contacts import actions, queries, rules
from waystation.stewardship.contacts.forms import (
    ContactForm,
    LogFilterForm,
    MeetingForm,
    PurposeForm,
    QuietFilterForm,
    ReasonForm,
    VisitForm,
    chosen,
)
from waystation.stewardship.contacts.models import Contact
from waystation.stewardship.contacts.queries.log import people_within
from waystation.stewardship.contacts.queries.sections import about
from waystation.stewardship.contacts.views.common import may, named_person, person_or_404, powers, tabs

P = Permission
MOST_AT_ONCE = 500
FORMS = {"visit": VisitForm}


@requires(P.CONTACT_VIEW)
@require_safe
def quiet(request):
    """Members without real contact for so many days, the longest first."""
    today = timezone.localdate()
    form = QuietFilterForm(request.GET, reach=request.reach)
    filters = chosen(form)
    page = page_of(queries.states_by(filters, request.reach, day=today), request.GET, by="quiet_since")
    for row in page.rows:
        row.days = (today - row.quiet_since).days
    context = {
        "tabs": tabs(request, "list"),
        "form": form,
        "page": page,
        "days": filters.get("days") or dated.value(rules.QUIET_DAYS, today),
        "filters": request.GET.urlencode(),
        "may": may(request, P.CONTACT_LOG, P.LEDGER_EXPORT),
        "total": page.total if page.total is not None else page.at_least,
    }
    return render(request, "contacts/quiet.html", context)


@requires(P.CONTACT_VIEW)
@require_safe
def log(request):
    """Every contact in reach, the newest entries first."""
    form = LogFilterForm(request.GET, reach=request.reach)
    rows = queries.contacts_by(chosen(form), request.reach, day=timezone.localdate())
    context = {
        "tabs": tabs(request, "log"),
        "form": form,
        "page": page_of(rows, request.GET, newest_first=True),
        "filters": request.GET.urlencode(),
        "may": may(request, P.LEDGER_EXPORT),
    }
    return render(request, "contacts/log.html", context)


@requires(P.CONTACT_VIEW)
@require_safe
def person(request, pk):
    """Contact and care of one member."""
    found = person_or_404(request, pk)
    rows = Contact.objects.filter(person=found).select_related("unit", "recorded_by").defer("sealed_note", "needs")
    context = {
        "person": found,
        "about": about(found, timezone.localdate()),
        "page": page_of(rows, request.GET, newest_first=True),
        "may": powers(request.user, found),
    }
    return render(request, "contacts/person.html", context)


@requires(P.CONTACT_LOG)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def new(request):
    """Write one contact, or one home visit, with one member into the log."""
    found = named_person(request)
    kind = "visit" if request.GET.get("kind") == "visit" else ""
    form = FORMS.get(kind, ContactForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = queries.unit_for(request.user, found, P.CONTACT_LOG)
        try:
            actions.log_contact(
                found, form.said, unit=unit, spoken_by=form.cleaned_data["spoken_by"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The contact with %(name)s is in the log.") % {"name": found.full_name})
            return redirect("contacts:person", found.pk)
    return render(request, "contacts/new.html", {"form": form, "person": found, "is_visit": bool(kind)})


@requires(P.CONTACT_LOG)
@require_POST
@idempotent
def meeting(request):
    """The same contact with every member chosen in the list: first the form, then the entries."""
    people = list(_chosen_people(request))
    if not people:
        toast(request, _("Choose the members first."))
        return redirect("contacts:list")
    form = MeetingForm(request.POST if "channel" in request.POST else None)
    if form.is_bound and form.is_valid():
        unit = queries.unit_for(request.user, people[0], P.CONTACT_LOG)
        try:
            rows = actions.log_contacts(
                people, form.said, unit=unit, spoken_by=form.cleaned_data["spoken_by"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext("%(n)d contact is in the log.", "%(n)d contacts are in the log.", len(rows))
            toast(request, words % {"n": len(rows)})
            return redirect("contacts:list")
    return render(request, "contacts/meeting.html", {"form": form, "people": people})


def _chosen_people(request):
    """The people that are ticked, or everybody whom the filters find; never more than can be meant."""
    people = people_within(request.reach)
    if request.POST.get("all"):
        form = QuietFilterForm(request.GET, reach=Reach.of(request.user, P.CONTACT_VIEW))
        if not form.is_valid():  # a filter that is not understood must not choose more people than meant
            return people.none()
        states = queries.states_by(chosen(form), request.reach, day=timezone.localdate())
        return people.filter(pk__in=states.order_by().values("pk"))[:MOST_AT_ONCE]
    ids = []
    for text in request.POST.getlist("pk")[:MOST_AT_ONCE]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return people.filter(pk__in=ids).order_by("name_key", "pk")


@requires(P.CONTACT_VIEW)
@require_safe
def contact(request, pk):
    """One entry of the log, with what can be done about it."""
    return _contact_page(request, _entry_or_404(request.reach, pk))


def _entry_or_404(reach: Reach, pk) -> Contact:
    rows = Contact.objects.within(reach).select_related("person", "unit", "recorded_by", "struck_by")
    return get_object_or_404(rows, pk=pk)


def _contact_page(request, row: Contact, **more):
    able = powers(request.user, row.person)
    context = {"row": row, "may": able, "form": ReasonForm(), "purpose_form": PurposeForm(), **more}
    return render(request, "contacts/contact.html", context)


@requires(P.CONTACT_LOG)
@require_POST
@idempotent
def strike(request, pk):
    """Strike a wrong entry out, with the reason."""
    row = _entry_or_404(request.reach, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.strike_contact(row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except actions.ContactRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _("The entry is struck out; it stays readable."))
            return redirect("contacts:contact", row.pk)
    return _contact_page(request, row, form=form)


@requires(P.PERSON_REVEAL)
@require_POST
def reveal(request, pk):
    """A sealed note for a minute, for a purpose, on the record."""
    row = _entry_or_404(request.reach, pk)
    form = PurposeForm(request.POST)
    if not form.is_valid() or form.cleaned_data["field"] not in actions.SEALED:
        raise Http404
    try:
        words = actions.open_sealed(
            row, form.cleaned_data["field"], purpose=form.words, by=request.user, at=timezone.now()
        )
    except Tampered:
        words = _("The value cannot be read. Tell the system administrator.")
    response = _contact_page(request, row, shown={form.cleaned_data["field"]: words or "—"})
    response.headers["Refresh"] = "60"
    return response
