"""Tasks, users and the audit trail, as a desk counts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from waystation.kernel.models import Job
from waystation.organizations.permissions import Permission
from waystation.web import audit_queries, job_queries, user_queries
from waystation.web.desk_items.core import Desk, Item, item, url_of

P = Permission


@item(P.JOB_VIEW)
def failed_jobs(desk: Desk) -> Iterator[Item]:
    rows = job_queries.visible(desk.user, desk.reach(P.JOB_VIEW))
    yield Item(
        "failed-jobs",
        _("Tasks that failed"),
        job_queries.filtered(rows, {"state": Job.State.FAILED}),
        url_of("web:jobs", state=Job.State.FAILED),
        order=2,
        hides=True,
    )


# --- the three administrators ---------------------------------------------------------------------


@item(P.RULE_MANAGE)
def running_jobs(desk: Desk) -> Iterator[Item]:
    rows = job_queries.visible(desk.user, desk.reach(P.JOB_VIEW))
    yield Item(
        "jobs",
        _("Tasks waiting or running"),
        job_queries.filtered(rows, {"state": "unfinished"}),
        url_of("web:jobs", state="unfinished"),
        is_task=False,
    )


@item(P.USER_MANAGE, of_the_moment=True)
def users(desk: Desk) -> Iterator[Item]:
    labels = {
        "locked": _("Users locked out now"),
        "new": _("Waiting for the first sign-in"),
        "roleless": _("Users without a mandate"),
    }
    buttons = {"locked": pgettext("button", "Unlock"), "roleless": pgettext("button", "Give a role")}
    for state, label in labels.items():
        yield Item(
            f"users-{state}",
            label,
            user_queries.filtered({"state": state}, now=desk.now),
            url_of("web:user-list", state=state),
            is_task=state != "new",
            button=buttons.get(state, ""),
        )


@item(P.AUDIT_VIEW)
def audit(desk: Desk) -> Iterator[Item]:
    reach = desk.reach(P.AUDIT_VIEW)
    today, week = desk.today.isoformat(), (desk.today - timedelta(days=6)).isoformat()
    rows = audit_queries.visible(reach)
    kinds: list[tuple[str, str, dict, bool]] = [
        ("audit-today", _("Events today"), {"since": today}, False),
        ("audit-denied", _("Refused in seven days"), {"since": week, "result": "denied"}, True),
        ("audit-exports", _("Exports in seven days"), {"since": week, "verb": "exported"}, False),
        ("audit-reveals", _("Numbers shown in seven days"), {"since": week, "verb": "revealed"}, False),
    ]  # fmt: skip
    for key, label, filters, is_task in kinds:
        yield Item(
            key,
            label,
            audit_queries.filtered(rows, filters),
            url_of("web:audit", **filters),
            is_task=is_task,
        )
