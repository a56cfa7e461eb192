"""Ledgers taken out as spreadsheets, and files that jobs have made."""

import io
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel import files, jobs
from waystation.kernel.models import Job, StoredFile
from waystation.organizations.access import Reach, mandates_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import large_ledgers, ledgers, tasks
from waystation.stewardship.people.forms import (
    ArrivalFilterForm,
    DepartureFilterForm,
    ExportForm,
    PersonFilterForm,
    chosen,
)

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 2000  # rows; more are written by a job
LEDGERS = {
    ledgers.MEMBERS: (PersonFilterForm, _("Mobile members"), "people:list"),
    ledgers.DEPARTURES: (DepartureFilterForm, _("Departed members"), "people:departure-list"),
    ledgers.ARRIVALS: (ArrivalFilterForm, _("Arrived members"), "people:arrival-list"),
}


@requires(P.LEDGER_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, ledger=ledgers.MEMBERS):
    """A ledger by the filters of its list. Whole numbers only with a purpose, on the record."""
    if ledger not in LEDGERS:
        raise Http404
    posted = request.method == "POST"
    sent = request.POST if posted else request.GET
    filters = sent.get("filters", "")[:1000]
    may_reveal = bool(Reach.of(request.user, P.PERSON_REVEAL))
    form = ExportForm(sent if posted else None, may_reveal=may_reveal)
    form_class, label, back = LEDGERS[ledger]
    filter_form = form_class(QueryDict(filters), reach=request.reach)
    numbers = form.is_valid() and bool(form.cleaned_data.get("with_numbers"))
    order = _order(request, ledger, chosen(filter_form), with_numbers=numbers)
    if posted and form.is_valid():
        return _delivered(request, order, purpose=form.cleaned_data.get("purpose", ""))
    context = {
        "form": form,
        "ledger": ledger,
        "label": label,
        "back": back,
        "filters": filters,
        "filter_form": filter_form,
        "count": order.rows().order_by()[: AT_ONCE + 1].count(),
        "most": AT_ONCE,
    }
    return render(request, "people/export.html", context)


def _order(request, ledger, filters, *, with_numbers) -> ledgers.Order:
    own = [m.unit for m in mandates_of(request.user) if m.unit_id in request.reach.units]
    return ledgers.Order(
        kind=ledger,
        filters=filters,
        reach=request.reach,
        user=request.user,
        unit=own[0],
        with_numbers=with_numbers,
    )


def _delivered(request, order, *, purpose):
    """The file at once, or the page of the job that writes it."""
    now = timezone.now()
    if order.rows().order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        args = tasks.args_of(order, purpose=purpose, language=get_language())
        job = jobs.enqueue(tasks.EXPORT_LEDGER, by=request.user, at=now, args=args, unit_path=order.unit.path)
        return redirect("web:job", job.pk)
    stream = io.BytesIO()
    rows = ledgers.write(stream, order, at=now)
    tasks.note(order, rows=rows, purpose=purpose, at=now)
    stream.seek(0)
    name = ledgers.file_name(order, at=now)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


_MADE_BY = {
    tasks.PRINT_CARDS: P.CARD_PRINT,
    tasks.EXPORT_LEDGER: P.LEDGER_EXPORT,
    large_ledgers.TAKE: P.LEDGER_EXPORT,
}


@requires(P.JOB_VIEW)
@require_safe
def made_file(request, pk):
    """The file that a job of one's own has made."""
    own = Job.objects.filter(created_by=request.user, state=Job.State.DONE, kind__in=_MADE_BY)
    job = get_object_or_404(own, pk=pk)
    made_in = job.result.get("reach", {"paths": (), "exact": (job.unit_path,)})
    if not all(reach and reach.includes(**made_in) for reach in _needed(job, request.user)):
        raise PermissionDenied
    stored = get_object_or_404(StoredFile, pk=job.result.get("file"))
    return FileResponse(files.open_stored(stored), as_attachment=True, filename=stored.name)


def _needed(job: Job, user) -> Iterator[Reach]:
    """Whoever fetches the file must still be allowed to make it, and where it was made."""
    yield Reach.of(user, _MADE_BY[job.kind])
    if job.kind == large_ledgers.TAKE:
        yield large_ledgers.reach_of(user, job.args["ledger"])
    if job.args.get("with_numbers"):
        yield Reach.of(user, P.PERSON_REVEAL)
