"""Ballot boxes: opening, papers, the voters' list, the count, closing; and the public page of a ballot."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waystation.kernel import papers
from waystation.kernel.idempotency import idempotent
from waystation.kernel.toasts import toast
from waystation.organizations.access import public, requires
from waystation.organizations.models import Unit
from waystation.stewardship.appraisals import notices, tallies
from waystation.stewardship.appraisals.actions import balloting
from waystation.stewardship.appraisals.actions.errors import AppraisalRefused
from waystation.stewardship.appraisals.forms.ballots import BallotForm, BoxForm, CodeForm, CountForm, members_of
from waystation.stewardship.appraisals.models import BallotBox, Grade, PaperCount
from waystation.stewardship.appraisals.queries.ballots import least_of, papers_of
from waystation.stewardship.appraisals.queries.rounds import managed
from waystation.stewardship.appraisals.views.common import FORM, P


@requires(P.APPRAISAL_MANAGE)
@require_http_methods(FORM)
@idempotent
def open_box(request, pk):
    """Open a ballot box at a station or grid."""
    held = get_object_or_404(managed(request.reach), pk=pk)
    places = Unit.objects.under(held.unit).active().filter(kind__in=[Unit.Kind.STATION, Unit.Kind.GRID])
    form = BoxForm(request.POST or None, units=places.order_by("path"))
    if request.method == "POST" and form.is_valid():
        try:
            box = balloting.open_box(held, unit=form.cleaned_data["unit"], by=request.user, at=timezone.now())
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("appraisals:box", box.pk)
    return render(request, "appraisals/box_open.html", {"round": held, "form": form})


def _box_or_404(request, pk, path: str = "round__unit_path") -> BallotBox:
    rows = BallotBox.objects.filter(request.reach.path_q(path)).defer("tally")
    return get_object_or_404(rows.select_related("round", "unit"), pk=pk)


@requires(P.APPRAISAL_MANAGE)
@require_safe
def box(request, pk):
    """One box: how it is run, who was given a paper, and, once closed, the sums."""
    held = _box_or_404(request, pk)
    voters = held.voters.select_related("appraisal__person").order_by("appraisal__person__name_key", "appraisal")
    count = PaperCount.objects.filter(box=held).only("first_at", "agreed_at").first()
    context = {
        "box": held,
        "voters": voters,
        "given": sum(voter.has_taken for voter in voters),
        "unprinted": len(voters) - held.printed,
        "count": count,
        "least": least_of(held),
        "sums": _sums(held),
        "grades": Grade,
    }
    return render(request, "appraisals/box.html", context)


def _sums(held: BallotBox) -> list[tuple]:
    """Each member with the marks of each grade; nothing while the box is open or holds too few ballots."""
    if held.closed_at is None or held.ballots < least_of(held):
        return []
    tally = tallies.counted(BallotBox.objects.get(pk=held.pk))
    return [(name, list(tally.counts[pk].values())) for pk, name in members_of(held)]


@require_POST
@requires(P.APPRAISAL_MANAGE)
def papers_sheet(request, pk):
    """Print the papers that are missing. Their codes are shown this once and kept nowhere."""
    held = _box_or_404(request, pk)
    try:
        codes = balloting.print_papers(held, by=request.user, at=timezone.now())
    except AppraisalRefused as refusal:
        toast(request, str(refusal))
        return redirect("appraisals:box", held.pk)
    document = notices.ballot_papers(held, codes)
    try:
        content = papers.pdf(document, style=notices.STYLE)
    except papers.NoPdf:
        return HttpResponse(document)
    return HttpResponse(content, content_type="application/pdf")


@require_POST
@requires(P.APPRAISAL_MANAGE)
@idempotent
def cancel_papers(request, pk):
    """Make the unused papers worthless."""
    return _told(request, pk, balloting.cancel_papers, _("The unused papers are worthless now."))


@require_POST
@requires(P.APPRAISAL_MANAGE)
@idempotent
def close(request, pk):
    """End the ballot and count."""
    return _told(request, pk, balloting.close_box, _("The box is closed and counted."))


def _told(request, pk, act, words: str):
    held = _box_or_404(request, pk)
    try:
        act(held, by=request.user, at=timezone.now())
    except AppraisalRefused as refusal:
        words = str(refusal)
    toast(request, words)
    return redirect("appraisals:box", held.pk)


@require_POST
@requires(P.APPRAISAL_MANAGE)
@idempotent
def mark(request, pk):
    """Note who was given a paper, for several at once."""
    held = _box_or_404(request, pk)
    known = {pk for pk, _name in members_of(held)}
    chosen = [text for text in request.POST.getlist("pk") if text in known]
    try:
        marked = balloting.mark_voters(held, chosen, by=request.user, at=timezone.now())
        toast(request, _("%(n)d more were given a paper.") % {"n": marked})
    except AppraisalRefused as refusal:
        toast(request, str(refusal))
    return redirect("appraisals:box", held.pk)


@requires(P.PERSON_CORRECT)
@require_http_methods(FORM)
@idempotent
def count(request, pk):
    """Type the count of the ballots on paper; two people do it apart from each other."""
    held = _box_or_404(request, pk, "unit_path")
    form = CountForm(request.POST or None, box=held)
    if request.method == "POST" and form.is_valid():
        try:
            row = balloting.type_count(held, form.tally(), by=request.user, at=timezone.now())
        except AppraisalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            toast(request, _counted(row))
            return redirect("appraisals:count", held.pk)
    state = PaperCount.objects.filter(box=held).select_related("first_by").defer("first", "second").first()
    context = {"box": held, "form": form, "state": state, "grades": Grade}
    return render(request, "appraisals/count.html", context)


def _counted(row: PaperCount) -> str:
    if row.agreed_at is not None:
        return _("Both counts agree.")
    if row.first_at is None:
        return _("The two counts differ: both are gone, count and type again.")
    return _("Your count is kept sealed; somebody else types the second.")


# --- the public page ------------------------------------------------------------------------------


@require_http_methods(FORM)
@public("Whoever holds a paper of an anonymous ballot votes without signing in; nothing about the voter is kept.")
def ballot(request, pk):
    """One ballot. No session, key or event is written here, and a signed-in browser is turned away (ADR 0009)."""
    rows = BallotBox.objects.filter(closed_at=None).defer("tally").select_related("round", "unit")
    held = rows.filter(pk=pk).first()
    if held is None:
        return render(request, "appraisals/ballot_over.html", status=404)
    if request.user.is_authenticated:
        return render(request, "appraisals/ballot_signed_in.html", {"box": held})
    answer = _voted(request, held) if request.method == "POST" else None
    response = answer or render(request, "appraisals/ballot.html", {"box": held, "form": CodeForm()})
    response.headers["Cache-Control"] = "no-store"  # what was chosen must not stay on the phone
    return response


def _voted(request, held: BallotBox):
    """The names only after a good code, the ballot only after them. Trying a code writes nothing."""
    form = CodeForm(request.POST)
    if form.is_valid() and not papers_of(held, form.cleaned_data["code"]).exists():
        form.add_error("code", str(balloting.PaperUsedOrUnknown()))
    if not form.is_valid():
        return render(request, "appraisals/ballot.html", {"box": held, "form": form})
    code = form.cleaned_data["code"]
    chosen = BallotForm(request.POST if "cast" in request.POST else None, initial={"code": code}, box=held)
    if chosen.is_valid():
        try:
            balloting.cast(held, code=code, ballot=chosen.ballot())
        except AppraisalRefused as refusal:
            chosen.add_error(None, str(refusal))
        else:
            return redirect("appraisals:ballot-cast")
    return render(request, "appraisals/ballot.html", {"box": held, "form": chosen, "chooses": True})


@require_safe
@public("Says that a ballot was cast; it holds nothing else.")
def ballot_cast(request):
    """The ballot is in the box."""
    return render(request, "appraisals/ballot_cast.html")
