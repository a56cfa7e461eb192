"""Pages of the signed sheets of an occasion, scanned."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import files, scans
from waystation.kernel.idempotency import idempotent
from waystation.kernel.sheets.cells import clean
from waystation.kernel.toasts import toast
from waystation.organizations.access import Reach, requires
from waystation.stewardship.education import actions
from waystation.stewardship.education.forms import ScanForm
from waystation.stewardship.education.models import Occasion, SheetScan
from waystation.stewardship.education.views.common import P


@requires(P.EDUCATION_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def scan_new(request, pk):
    """Attach a scan of the signed sheet."""
    occasions = Occasion.objects.within(request.reach).exclude(state=Occasion.State.CANCELLED)
    found = get_object_or_404(occasions.select_related("unit"), pk=pk)
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["scan"]
        try:
            actions.add_scan(found, scan=upload, name=upload.name, by=request.user, at=timezone.now())
        except files.UploadRefused as refusal:
            form.add_error("scan", scans.refusal_words(refusal))
        except actions.EducationRefused as refusal:
            form.add_error("scan", str(refusal))
        else:
            toast(request, _("The scan is attached."))
            return redirect("education:occasion", found.pk)
    return render(request, "education/scan_new.html", {"form": form, "occasion": found})


def _scan_or_404(reach: Reach, pk) -> SheetScan:
    return get_object_or_404(SheetScan.objects.within(reach).select_related("occasion", "file"), pk=pk)


@requires(P.EDUCATION_VIEW)
@require_safe
def scan(request, pk):
    """One scan; a withdrawn one for those only who record here."""
    found = _scan_or_404(request.reach, pk)
    if found.withdrawn_at and not Reach.of(request.user, P.EDUCATION_RECORD).covers(found.occasion.unit_path):
        raise Http404
    return scans.answer(actions.open_scan(found, by=request.user, at=timezone.now()))


@require_POST
@requires(P.EDUCATION_RECORD)
@idempotent
def scan_withdraw(request, pk):
    """Withdraw a wrong scan, with a reason."""
    found = _scan_or_404(request.reach, pk)
    reason = clean(request.POST.get("reason", ""))
    try:
        actions.withdraw_scan(found, reason=reason, by=request.user, at=timezone.now())
    except actions.EducationRefused as refusal:
        toast(request, str(refusal))
    else:
        toast(request, _("The scan is withdrawn; it stays on record with the reason."))
    return redirect("education:occasion", found.occasion_id)
