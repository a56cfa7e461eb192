"""Pages for people without an account: reporting at a station, and what a card is worth."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel import dated
from waystation.kernel.idempotency import idempotent
from waystation.kernel.sealing import BadSignature, sign, verify
from waystation.organizations.access import Reach, public
from waystation.organizations.permissions import Permission
from waystation.portal import actions, steps, throttle
from waystation.portal.doors import knock, too_many
from waystation.portal.forms import ELSEWHERE, FORMS
from waystation.stations.sites import reporting
from waystation.stations.sites.models import Station
from waystation.stewardship.people.models import Arrival, Card
from waystation.stewardship.people.names import surname
from waystation.stewardship.people.queries import sight
from waystation.stewardship.people.rules import VERIFY_DAYS

RECEIPT = "receipt"


# --- reporting by QR code -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@public("Whoever stands before the poster of a station may report; it is a claim until verified.")
@idempotent
def arrive(request, token):
    """One thing a page, then everything once more to check, then a receipt."""
    station = reporting.station_of(token)
    if station is None:
        return render(request, "portal/bad_code.html", status=404)
    if request.method != "POST":
        return _step_page(request, station, "notice", {})
    now, posted = timezone.now(), request.POST
    answers = steps.unpack(posted.get("answers", ""), station=station.pk, at=now)
    step = posted.get("step") if posted.get("step") in steps.STEPS else "notice"
    if wanted := posted.get("go"):
        allowed = wanted in steps.STEPS and answers.get("told")
        return _step_page(request, station, wanted if allowed else "notice", answers)
    if step == "check":
        return _send(request, station, answers, now)
    form = _form(step, station, posted)
    if not form.is_valid():
        return _step_page(request, station, step, answers, form=form)
    answers = {**answers, **_given(step, form)}
    following = "check" if answers.get("checked") else steps.following(step, answers)
    return _step_page(request, station, following, answers)


def _form(step: str, station: Station, data=None, initial=None):
    more = {"station": station} if step == "community" else {}
    return FORMS[step](data, initial=initial, **more)


def _given(step: str, form) -> dict:
    given = dict(form.cleaned_data)
    if step == "community":
        chosen = given["community"]
        label = dict(form.fields["community"].choices)[chosen]
        given["community_text"] = "" if chosen == ELSEWHERE else str(label)
    if step == "notice" and not given["may_ask_id"]:
        given["id_number"] = ""
    return given


def _step_page(request, station, step: str, answers: dict, *, form=None):
    now = timezone.now()
    if step == "check":
        step = steps.first_missing(answers)
        answers = {**answers, "checked": step == "check"}
    number, of = steps.place(step, answers)
    context = {
        "station": station,
        "step": step,
        "number": number,
        "of": of,
        "answers": steps.pack(answers, station=station.pk, at=now),
        "version": actions.NOTICE_VERSION,
    }
    if step == "check":
        context["rows"] = _rows(answers)
        return render(request, "portal/check.html", context)
    context["form"] = form or _form(step, station, initial=answers)
    template = "portal/notice.html" if step == "notice" else "portal/step.html"
    return render(request, template, context)


def _rows(answers: dict) -> list[dict]:
    place = answers.get("community_text") or _("Another place")
    said = [
        ("name", _("Name"), answers["full_name"]),
        ("phone", _("Phone"), answers["phone"]),
        ("id_number", _("ID number"), answers.get("id_number", "")),
        ("origin", _("Party branch at home"), answers["home_text"]),
        ("community", _("Lives in"), f"{place} {answers.get('address', '')}".strip()),
        ("trade", _("Work"), " ".join(filter(None, [answers.get("trade"), answers.get("skill")]))),
    ]
    return [
        {"step": step, "label": label, "value": value}
        for step, label, value in said
        if step != "id_number" or answers.get("may_ask_id")
    ]


def _send(request, station: Station, answers: dict, now):
    if steps.first_missing(answers) != "check":
        return _step_page(request, station, "check", answers)
    if not knock(throttle.REPORT):
        return too_many(request, throttle.REPORT)
    arrival = actions.report(station, answers, at=now)
    receipt = sign(RECEIPT, {"a": arrival.pk.hex})
    return redirect(reverse("portal:arrived", args=[receipt]))


def reference(arrival: Arrival) -> str:
    """What a visitor reads out on the telephone: the last ten characters of the entry's number."""
    text = arrival.pk.hex[-10:].upper()
    return f"{text[:5]}-{text[5:]}"


@require_safe
@public("The receipt of one's own report; it holds a number and the station, nothing personal.")
def arrived(request, token):
    """Reference number, what happens next, and whom to call. Reloading sends nothing again."""
    try:
        pk = verify(RECEIPT, token)["a"]
    except (BadSignature, KeyError):
        return render(request, "portal/bad_code.html", status=404)
    arrival = Arrival.objects.filter(pk=pk).only("pk", "station_id").first()
    station = Station.objects.filter(pk=getattr(arrival, "station_id", None)).first()
    if station is None:
        raise Http404
    days = dated.value(VERIFY_DAYS, timezone.localdate())
    context = {"station": station, "reference": reference(arrival), "days": days}
    return render(request, "portal/arrived.html", context)


# --- what a card is worth -------------------------------------------------------------------------


@require_safe
@public("Whoever is shown a card may know whether it is valid; the person is not named.")
def card(request, token):
    """To the file for those who may open it; "valid" or "withdrawn" for everybody else."""
    if not knock(throttle.CARD):
        return too_many(request, throttle.CARD)
    found = _card_of(token)
    if found is None:
        return render(request, "portal/card.html", {"card": None}, status=404)
    if _may_open(request.user, found):
        return redirect("people:file", found.person_id)
    family = surname(found.person.full_name)
    context = {"card": found, "masked": f"{family}**", "is_valid": found.revoked_at is None}
    return render(request, "portal/card.html", context)


def _card_of(token: str) -> Card | None:
    try:
        pk = verify("card", token)["c"]
    except (BadSignature, KeyError):
        return None
    return Card.objects.filter(pk=pk).select_related("person").first()


def _may_open(user, found: Card) -> bool:
    if not user.is_authenticated:
        return False
    reach = Reach.of(user, Permission.PERSON_VIEW)
    return bool(reach) and bool(sight(user, found.person, reach))
