"""The weekly link of a branch secretary: no account, no script, large type, each button once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from waystation.kernel.actors import current_actor
from waystation.kernel.sealing import BadSignature, sign, verify
from waystation.organizations.access import public
from waystation.portal import throttle
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.models import LinkAnswer, WeeklyLink
from waystation.stewardship.contacts.queries.links import link_of, questions_of, summary_of

PASS = "weekly-pass"
GOOD_FOR = timedelta(minutes=30)
LONGEST_DIGITS = 8


@require_http_methods(["GET", "HEAD", "POST"])
@public("Whoever was sent the weekly link of a branch answers its questions; the end of the phone is asked first.")
def weekly(request, token):
    """The digits first, then the questions; whatever is wrong with a link looks the same from outside."""
    now = timezone.now()
    if not throttle.admit(throttle.WEEKLY, current_actor().ip, at=now):
        return _gone(request, status=429)
    link = link_of(token, at=now)
    if link is None:
        return _gone(request)
    if request.method != "POST":
        return _digits_page(request, link)
    if "pass" in request.POST:
        if not _may_pass(link, request.POST["pass"], now):
            return _digits_page(request, link, problem=_("The page was open for too long. Enter the digits again."))
        return _answer(request, link, now)
    return _enter(request, link, now)


def _enter(request, link: WeeklyLink, now):
    digits = request.POST.get("digits", "").strip()[:LONGEST_DIGITS]
    try:
        actions.open_link(link, digits, at=now)
    except actions.WrongDigits as refusal:
        return _digits_page(request, link, problem=str(refusal))
    except actions.LinkGone:
        return _gone(request)
    return _questions_page(request, link, now)


def _answer(request, link: WeeklyLink, now):
    named, _colon, kind = request.POST.get("answer", "").partition(":")
    try:
        question = UUID(named)
    except ValueError:
        question = None
    try:
        given = actions.answer_question(link, question, kind, at=now)
    except actions.LinkGone:
        return _gone(request)
    except actions.ContactRefused as refusal:
        return _questions_page(request, link, now, said=str(refusal))
    words = {"name": given.question.person.full_name, "answer": given.get_kind_display()}
    return _questions_page(request, link, now, said=_("%(name)s: %(answer)s. Thank you.") % words)


def _may_pass(link: WeeklyLink, word: str, now) -> bool:
    """Whether the digits were right on this link within the last half hour."""
    try:
        return verify(PASS, word, at=now).get("l") == link.pk.hex
    except BadSignature:
        return False


def _digits_page(request, link: WeeklyLink, *, problem: str = ""):
    context = {"link": link, "problem": problem}
    return render(request, "portal/weekly_digits.html", context)


def _questions_page(request, link: WeeklyLink, now, *, said: str = ""):
    today = timezone.localdate(now)
    cards = []
    for question in questions_of(link):
        given = {answer.kind for answer in question.answers.all()}
        buttons = [{"kind": kind, "label": label, "is_used": kind in given} for kind, label in LinkAnswer.Kind.choices]
        state = getattr(question.person, "contact_state", None)
        days = (today - state.quiet_since).days if state and state.quiet_since else None
        cards.append({"question": question, "buttons": buttons, "days": days})
    context = {
        "link": link,
        "cards": cards,
        "summary": summary_of(link, today),
        "left": sum(1 for card in cards if not any(button["is_used"] for button in card["buttons"])),
        "said": said,
        "word": sign(PASS, {"l": link.pk.hex}, expires_at=now + GOOD_FOR),
    }
    response = render(request, "portal/weekly.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _gone(request, *, status: int = 404):
    return render(request, "portal/weekly_gone.html", status=status)
