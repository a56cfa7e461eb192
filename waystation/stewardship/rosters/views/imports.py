"""The import wizard: upload, columns, preview, result. One address an import; its state is the step."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from waystation.kernel import files as stored_files
from waystation.kernel import jobs
from waystation.kernel.idempotency import idempotent
from waystation.kernel.paging import page_of
from waystation.kernel.toasts import toast
from waystation.organizations.access import requires
from waystation.organizations.models import Unit
from waystation.organizations.permissions import Permission
from waystation.stewardship.people.actions.errors import Refused
from waystation.stewardship.rosters import files
from waystation.stewardship.rosters.actions import importing, undoing
from waystation.stewardship.rosters.forms import ColumnsForm, ImportFilterForm, UploadForm
from waystation.stewardship.rosters.models import Import, ImportRow
from waystation.stewardship.rosters.queries import imports as queries
from waystation.stewardship.rosters.views.common import back, batch_or_404, must_work_on

STEPS = {
    Import.State.UPLOADED: 2, Import.State.FAILED: 1, Import.State.CHECKING: 3, Import.State.CHECKED: 3,
    Import.State.COMMITTING: 4, Import.State.COMMITTED: 4, Import.State.UNDONE: 4,
}  # fmt: skip


@requires(Permission.MATCH_VIEW)
@require_GET
def import_list(request) -> HttpResponse:
    """Every import of the units in reach, newest first."""
    form = ImportFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    filters = {**chosen, "mine": request.user if chosen.get("mine") else None}
    page = page_of(queries.imports_by(filters, request.reach), request.GET, newest_first=True)
    return render(
        request, "rosters/import_list.html",
        {"page": page, "filter_form": form, "kinds": queries.kinds_of(request.user)},
    )  # fmt: skip


@requires(Permission.MATCH_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def import_new(request) -> HttpResponse:
    """Step 1: upload a roster, or the corrected rows of an earlier one (?corrects=)."""
    kinds = queries.kinds_of(request.user)
    if not kinds:
        raise PermissionDenied(Permission.IMPORT_DEPARTURES)
    corrects = _corrected(request)
    asked = request.GET.get("kind")
    kind = corrects.kind if corrects else asked if asked in kinds else kinds[0]
    form = _upload_form(request, kind, [kind] if corrects or asked in kinds else kinds, corrects)
    if request.method == "POST" and form.is_valid() and (batch := _take_in(request, form, kind, corrects)):
        return redirect("rosters:import", batch.pk)
    context = {
        "form": form,
        "kind": kind,
        "kinds": kinds,
        "corrects": corrects,
        "steps": _steps(),
        "step": 1,
        "kind_label": Import.Kind(kind).label if len(form.fields["kind"].choices) == 1 else "",
    }
    return render(request, "rosters/import_new.html", context)


def _corrected(request) -> Import | None:
    """The import whose wrong rows are handed in again."""
    pk = request.GET.get("corrects")
    if not pk:
        return None
    try:
        batch = batch_or_404(request, pk)
    except (ValueError, TypeError):
        return None
    must_work_on(request, batch)
    return batch


def _upload_form(request, kind: str, kinds: list[str], corrects: Import | None) -> UploadForm:
    posted = request.POST.get("kind")
    kind = posted if posted in kinds else kind
    units = list(queries.units_for(request.user, kind))
    return UploadForm(
        request.POST or None, request.FILES or None, kinds=kinds, units=units,
        stations=queries.stations_for(units[0].path) if units else [], corrects=corrects,
    )  # fmt: skip


def _take_in(request, form: UploadForm, kind: str, corrects: Import | None) -> Import | None:
    """Store the file and create the import; what the store refuses becomes an error of the form."""
    given, now = form.cleaned_data, timezone.now()
    try:
        stored = stored_files.store(given["file"], kind=files.KIND, name=given["file"].name, by=request.user, at=now)
    except stored_files.UploadRefused as refusal:
        form.add_error("file", _refusal(refusal))
        return None
    kind = given["kind"]
    unit: Unit = corrects.unit if corrects else given["unit"]
    station = corrects.station if corrects else unit if kind == Import.Kind.ARRIVALS else given.get("station")
    return importing.create_import(
        kind=kind, stored=stored, unit=unit, station=station, by=request.user, at=now, corrects=corrects
    )


def _refusal(refusal: stored_files.UploadRefused) -> str:
    if isinstance(refusal, stored_files.UploadTooLarge):
        return _("The file is larger than %(size)s MB.") % {"size": refusal.limit // 1_000_000}
    if isinstance(refusal, stored_files.UploadEmpty):
        return _("The file is empty.")
    return _("This is not a spreadsheet of one of these types: %(types)s") % {"types": " ".join(files.SUFFIXES)}


def _steps() -> list[dict]:
    return [{"label": label} for label in (_("Upload"), _("Columns"), _("Preview"), _("Result"))]


@requires(Permission.MATCH_VIEW)
@require_GET
def import_page(request, pk) -> HttpResponse:
    """The import at the step it has reached."""
    batch = batch_or_404(request, pk)
    return _page(request, batch)


def _page(request, batch: Import, *, form=None, refusal=None, status: int = 200) -> HttpResponse:
    may_work = queries.may_work_on(request.user, batch)
    context = {
        "batch": batch, "may_work": may_work, "steps": _steps(), "step": STEPS[batch.state],
        "problem": queries.problem_of(batch), "refusal": refusal,
    }  # fmt: skip
    wants_columns = batch.state == Import.State.UPLOADED or form is not None or "columns" in request.GET
    if may_work and wants_columns and batch.state in (Import.State.UPLOADED, Import.State.CHECKED):
        sheets = queries.sheets_of(batch)
        form = form or ColumnsForm(batch=batch, sheets=sheets)
        context |= {"form": form, "sheets": sheets, "step": 2}
    elif batch.state in (Import.State.CHECKED, Import.State.COMMITTED, Import.State.UNDONE):
        context |= _preview(request, batch, may_work)
    return render(request, "rosters/import.html", context, status=status)


def _preview(request, batch: Import, may_work: bool) -> dict:
    """The rows of one verdict; people who may not work on the import see the counts alone."""
    verdicts = ImportRow.Verdict
    first = next((v for v in (verdicts.WRONG, verdicts.NEW, verdicts.CHANGED) if getattr(batch, v)), verdicts.NEW)
    asked = request.GET.get("tab")
    tab = asked if asked in verdicts.values else first
    tabs = [
        {"label": v.label, "url": f"?tab={v}", "is_active": v == tab, "count": getattr(batch, v)}
        for v in (verdicts.NEW, verdicts.CHANGED, verdicts.DUPLICATE, verdicts.WRONG)
    ]
    context = {"tabs": tabs, "tab": tab}
    if may_work:
        params = request.GET.copy()
        params["tab"], params["size"] = tab, "50"
        page = page_of(queries.rows_of(batch, tab), params, by="position")
        context |= {"page": page, "rows": queries.row_views(page.rows, batch.kind)}
    return context


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def import_columns(request, pk) -> HttpResponse:
    """Step 2: take the choice of sheets and columns, and begin to check."""
    batch = batch_or_404(request, pk)
    must_work_on(request, batch)
    form = ColumnsForm(request.POST, batch=batch, sheets=queries.sheets_of(batch, with_samples=False))
    if not form.is_valid():
        form = ColumnsForm(request.POST, batch=batch, sheets=queries.sheets_of(batch))
        return _page(request, batch, form=form, status=422)
    now = timezone.now()
    try:
        importing.set_columns(batch, form.tables(), by=request.user, at=now)
        importing.start_check(batch, by=request.user, at=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("rosters:import", batch.pk)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def import_commit(request, pk) -> HttpResponse:
    """Step 3: begin to write the good rows."""
    batch = batch_or_404(request, pk)
    must_work_on(request, batch)
    try:
        importing.start_commit(batch, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("rosters:import", batch.pk)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def import_retry(request, pk) -> HttpResponse:
    """Start the check or the commit again after its job failed or was cancelled."""
    batch = batch_or_404(request, pk)
    must_work_on(request, batch)
    try:
        if batch.job is not None:
            jobs.retry(batch.job, by=request.user, at=timezone.now())
    except jobs.NotRetryable:
        messages.error(request, _("This work has ended or goes on already."))
    return redirect("rosters:import", batch.pk)


@requires(Permission.MATCH_VIEW)
@require_POST
@idempotent
def import_undo(request, pk) -> HttpResponse:
    """Step 4: take the whole import back, or say what depends on it."""
    batch = batch_or_404(request, pk)
    must_work_on(request, batch)
    try:
        result = undoing.undo_import(batch, by=request.user, at=timezone.now())
    except undoing.UndoRefused as refusal:
        return _page(request, batch, refusal=refusal, status=409)
    words = ngettext(
        "The import is undone: %(removed)s row taken back, %(restored)s restored.",
        "The import is undone: %(removed)s rows taken back, %(restored)s restored.",
        result.removed,
    )
    toast(request, words % {"removed": result.removed, "restored": result.restored})
    return redirect(back(request, "rosters:import", batch.pk))


def sample_url(kind: str) -> str:
    """Where the sample of a kind of roster is taken from."""
    return f"{reverse('rosters:import-sample')}?kind={kind}"
