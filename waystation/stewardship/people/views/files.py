"""The page of one person, and its sealed values."""

from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from waystation.kernel.sealing import Tampered
from waystation.organizations.access import requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.people import actions, queries
from waystation.stewardship.people.forms import RevealForm
from waystation.stewardship.people.models import Person
from waystation.stewardship.people.queries.files import facts_of, one_sealed, state_of
from waystation.stewardship.people.queries.panels import panels_of
from waystation.stewardship.people.queries.shares import shares_of
from waystation.stewardship.people.views import rights

SECTIONS = {
    "overview": _("Overview"),
    "life": _("Time line"),
    "moves": _("Moves"),
    "changes": _("Corrections"),
}
_SEEN, _SEEN_FOR = "people.sighting", 60  # seconds in which the time line follows the page that is noted already


@requires(Permission.PERSON_VIEW)
@require_safe
def file(request, pk, section="overview"):
    """One person: who cares for them, what happened, and what is on file."""
    if section not in SECTIONS:
        raise Http404
    people = Person.objects.within(request.reach).select_related("home", "station", "destination")
    person = people.filter(pk=pk).first()
    if person is None:
        winner = get_object_or_404(_winners(request, pk))
        return redirect("people:file", winner.pk)
    sight = queries.sight(request.user, person, request.reach)
    links = rights.links(request.user)
    if section == "life":
        story = queries.timeline.timeline(person, sight, links=links)
        rights.keep_open_links(request.user, story)
    else:
        story = queries.timeline.outline(person, sight)
        queries.movement.with_ranges(story.departures if section == "moves" else [])
    follows = section == "life" and request.htmx
    if not (follows and _was_noted(request, person)):
        relations = tuple(sorted(sight.relations))
        actions.note_sighting(person, by=request.user, at=timezone.now(), relations=relations)
    if follows:
        return render(request, "people/_life.html", {"entries": story.entries})
    context = {
        "person": person,
        "sight": sight,
        "story": story,
        "state": state_of(person, story),
        "contacts": queries.contacts(person, timezone.localdate()),
        "places": queries.place_names(person),
        "shares": shares_of(story.stay, timezone.localdate()),
        "facts": facts_of(person, sight),
        "may": rights.on_person(request.user, person, story),
        "section": section,
        "sections": {k: v for k, v in SECTIONS.items() if k != "changes" or sight.numbers},
        "links": links,
        "panels": panels_of(person, request.user, sight) if section == "overview" else [],
        "reveal_form": RevealForm(),
        "seen": signing.dumps([str(person.pk), str(request.user.pk)], salt=_SEEN) if section == "overview" else "",
    }
    return render(request, "people/file.html", context)


def _was_noted(request, person: Person) -> bool:
    """Whether the page that asks for its time line was noted a moment ago, for this user and this person."""
    try:
        seen = signing.loads(request.GET.get("seen", ""), salt=_SEEN, max_age=_SEEN_FOR)
    except signing.BadSignature:
        return False
    return seen == [str(person.pk), str(request.user.pk)]


def _winners(request, pk):
    """The file that this one was merged into, if it is in reach: old links lead on."""
    alias = Person.objects.filter(pk=pk).values("merged_into")
    return Person.objects.within(request.reach).filter(pk__in=alias)


@requires(Permission.PERSON_REVEAL)
@require_http_methods(["GET", "POST"])
def reveal(request, pk, field):
    """Show one sealed value for a minute, for a purpose; a GET puts the mask back."""
    person = get_object_or_404(Person.objects.within(request.reach), pk=pk)
    form = RevealForm({"field": field, "purpose": request.POST.get("purpose")})
    known = field in dict(form.fields["field"].choices)
    if not known or not queries.sight(request.user, person, request.reach).cares:
        raise Http404
    context = {"person": person, "fact": one_sealed(person, field), "reveal_form": form}
    if request.method == "POST" and form.is_valid():
        context |= _opened(request, person, **form.cleaned_data)
    template = "people/_sealed.html" if request.htmx else "people/revealed.html"
    response = render(request, template, {**context, "may_reveal": True})
    if context.get("value") and not request.htmx:
        response.headers["Refresh"] = "60"  # without JavaScript the mask comes back all the same
    return response


def _opened(request, person, **asked) -> dict:
    """The value, or the sentence that it cannot be read."""
    try:
        return {"value": actions.reveal_field(person, by=request.user, at=timezone.now(), **asked)}
    except Tampered:
        return {"problem": _("The value cannot be read. Tell the system administrator.")}
