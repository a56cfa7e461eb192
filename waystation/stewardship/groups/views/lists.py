"""The list of functional groups and the page of one."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from waystation.kernel import dated
from waystation.organizations.access import Reach, permissions_of, requires
from waystation.organizations.permissions import Permission
from waystation.stewardship.groups import life, queries, rules
from waystation.stewardship.groups.forms import GroupFilterForm, LeaderForm
from waystation.stewardship.groups.models import FunctionalGroup, GroupLeader
from waystation.stewardship.groups.views.finding import group_or_404
from waystation.stewardship.people import bulk_acts, classes
from waystation.stewardship.people.models import Person

P = Permission
PAGE = 50
MOST_SUGGESTED = 20
MOST_OF_LIFE = 10


@requires(P.GROUP_VIEW)
@require_safe
def group_list(request):
    """Every group in reach with its leader, its size and its last activity."""
    form, day = GroupFilterForm(request.GET, reach=request.reach), timezone.localdate()
    quiet_days = dated.value(rules.QUIET_DAYS, day)
    groups = queries.groups_by(form.chosen(), request.reach, day=day, quiet_days=quiet_days)
    rows = queries.with_heads(groups).order_by("station_path", "name", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "quiet_since": day - timedelta(days=quiet_days),
        "least": dated.value(rules.LEAST_FORMAL, day),
        "may_manage": bool(Reach.of(request.user, P.GROUP_MANAGE)),
        "may_export": P.LEDGER_EXPORT in permissions_of(request.user),
        "query": request.GET.urlencode(),
    }
    return render(request, "groups/list.html", context)


@requires(P.GROUP_VIEW)
@require_safe
def group(request, pk):
    """One group: leader, members, what it did and plans, and where it came from.

    Members outside the viewer's own reach are counted and not named.
    """
    found = group_or_404(request.reach, pk)
    day = timezone.localdate()
    form = classes.ClassFilterForm(request.GET, reach=request.reach, without=("group",))
    people = Person.objects.within(Reach.of(request.user, P.PERSON_VIEW))
    seen = queries.members(found).filter(person__in=people.values("pk"))
    shown = seen.filter(person__in=classes.narrowed(Person.objects.living(), form.chosen(), day).values("pk"))
    manages = Reach.of(request.user, P.GROUP_MANAGE).covers(found.station_path)
    may_manage = manages and found.closed_on is None
    head = queries.with_heads(FunctionalGroup.objects.filter(pk=found.pk)).get()
    activities, leads = queries.activities(found), queries.leader(found)
    context = {
        "group": head,
        "form": form,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "hidden": head.size - seen.count(),
        "life": _life(request.user, found, day),
        "leader": leads,
        "names_leader": seen.filter(led__ends_on=None, led__isnull=False).exists(),
        "leaders": GroupLeader.objects.filter(group=found, member__person__in=people.values("pk"))
        .select_related("member__person")
        .order_by("-starts_on", "-pk"),
        "leader_form": LeaderForm(rows=queries.members(found), initial={"member": leads and leads.member_id})
        if may_manage
        else None,
        "planned": [one for one in activities if one.state == one.State.PLANNED],
        "held": [one for one in activities if one.state != one.State.PLANNED],
        "suggested": queries.suggested(found)[:MOST_SUGGESTED] if manages else [],
        "fitting": queries.fitting(found).count() if may_manage else 0,
        "least": dated.value(rules.LEAST_FORMAL, day),
        "origins": found.origins.select_related("predecessor"),
        "successions": found.successions.select_related("successor"),
        "may_manage": may_manage,
        "acts": bulk_acts.acts_for(request.user) if may_manage else [],
        "may": {"ledger_export": P.LEDGER_EXPORT in permissions_of(request.user)},
        "filters": urlencode({**form.chosen(), "group": found.pk}),
        "others": FunctionalGroup.objects.open().filter(station=found.station_id).exclude(pk=found.pk),
    }
    return render(request, "groups/group.html", context)


def _life(user, group: FunctionalGroup, day: date) -> dict:
    """The organization life of the group; its rows are opened by whoever may open those of the station."""
    book = life.book()
    if book is None:
        return {}
    path = group.station_path
    enters = group.closed_on is None and Reach.of(user, P.EDUCATION_RECORD).covers(path)
    return {
        "held": book.held(group, MOST_OF_LIFE),
        "to_come": book.to_come(group, day, MOST_OF_LIFE) if group.closed_on is None else [],
        "opens": Reach.of(user, P.EDUCATION_VIEW).covers(path),
        "all": book.list_of(group),
        "form": book.form_of(group) if enters else "",
    }
