"""The policy as tables: roles × permissions, and addresses with their guards. Read by the page and
by `manage.py print_policy`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from waystation.organizations.addresses import Address, addresses
from waystation.organizations.models import Unit
from waystation.organizations.permissions import ROLES, Depth, Permission, Role

MARKS = {Depth.SUBTREE: "●", Depth.UNIT: "○"}


P = Permission
WORDS = {
    P.ACCOUNT_ISSUE: _("Give members an account of their own"),
    P.ACTIVITY_CARD_CHECK: _("Check activity cards once a year"),
    P.ACTIVITY_CARD_ISSUE: _("Issue activity cards"),
    P.APPRAISAL_DECIDE: _("Decide appraisals after the reply window"),
    P.APPRAISAL_MANAGE: _("Open and run rounds of appraisal"),
    P.APPRAISAL_SCORE_ORIGIN: _("Assess for the origin"),
    P.APPRAISAL_SCORE_STATION: _("Assess for the station"),
    P.APPRAISAL_VIEW: _("See appraisals"),
    P.ARRIVAL_REFUSE: _("Refuse arrivals, send departures back"),
    P.ARRIVAL_REGISTER: _("Register arrivals"),
    P.ARRIVAL_VIEW: _("See arrivals"),
    P.AUDIT_VIEW: _("Read the audit trail"),
    P.CARD_PRINT: _("Print member cards"),
    P.CONTACT_LOG: _("Log contacts and visits"),
    P.CONTACT_VIEW: _("See contacts"),
    P.DEPARTURE_CANCEL: _("Cancel departures"),
    P.DEPARTURE_REGISTER: _("Register departures and returns"),
    P.DEPARTURE_VIEW: _("See departures"),
    P.DESK_VIEW: _("Have a desk"),
    P.DUES_RECORD: _("Record dues"),
    P.DUES_REDUCE: _("Approve lower dues"),
    P.DUES_VIEW: _("See dues"),
    P.DUTY_AGREE: _("Agree on the duty sheet"),
    P.DUTY_VIEW: _("See duty sheets"),
    P.EDUCATION_APPROVE: _("Approve the yearly plan of organization life"),
    P.EDUCATION_PLAN: _("Plan organization life"),
    P.EDUCATION_RECORD: _("Record learning"),
    P.EDUCATION_VIEW: _("See organization life and learning"),
    P.EXCUSE_MANAGE: _("Excuse members from attendance"),
    P.FILE_OWN: _("See one's own file"),
    P.FUND_APPROVE: _("Approve expenses and changes of the budget"),
    P.FUND_BUDGET: _("Set the budget of a station"),
    P.FUND_ENTER: _("Enter expenses"),
    P.FUND_GRANT: _("Record appropriations"),
    P.FUND_VIEW: _("See the money of a station"),
    P.GRID_ASSIGN: _("Put members into grids"),
    P.GRID_MANAGE: _("Make grids, name their leaders"),
    P.GRID_VIEW: _("See grids"),
    P.GROUP_MANAGE: _("Make functional groups, name their leaders"),
    P.GROUP_VIEW: _("See functional groups"),
    P.IMPORT_ARRIVALS: _("Import rosters of arrivals"),
    P.IMPORT_DEPARTURES: _("Import rosters of departures"),
    P.ITEM_VIEW: _("See open items"),
    P.ITEM_WORK: _("Work on open items"),
    P.JOB_VIEW: _("See tasks"),
    P.LEDGER_EXPORT: _("Export ledgers"),
    P.LOST_DECIDE: _("Decide on lost contact"),
    P.LOST_REPORT: _("Report lost contact"),
    P.MANDATE_MANAGE: _("Give and end mandates"),
    P.MATCH_CONFIRM_ORIGIN: _("Confirm pairs for the origin"),
    P.MATCH_CONFIRM_STATION: _("Confirm pairs for the station"),
    P.MATCH_OVERRIDE: _("Decide for a silent side, with a reason"),
    P.MATCH_VIEW: _("See the board"),
    P.PERSON_CORRECT: _("Correct member files"),
    P.PERSON_MERGE: _("Merge member files"),
    P.PERSON_REVEAL: _("Have masked numbers shown"),
    P.PERSON_VIEW: _("See member files"),
    P.POSTING_MANAGE: _("Post staff to stations"),
    P.ROTA_MANAGE: _("Make the duty rota"),
    P.RULE_MANAGE: _("Set rules with a date"),
    P.RULE_VIEW: _("See rules with a date"),
    P.SHIFT_VIEW: _("See the duty rota"),
    P.SHIFT_WORK: _("Be on duty and hand over"),
    P.STATION_COMPARE: _("Compare stations"),
    P.STATION_MANAGE: _("Open and edit stations"),
    P.STATION_VIEW: _("See the register of stations"),
    P.STAY_END: _("End stays"),
    P.STAY_TRANSFER: _("Pass a member to another station"),
    P.TRANSFER_TRACK: _("Track formal transfers"),
    P.TRANSFER_VIEW: _("See formal transfers"),
    P.UNIT_CONTACT: _("Keep the contact particulars of offices"),
    P.UNIT_MANAGE: _("Change the organization tree"),
    P.UNIT_VIEW: _("See the organization tree"),
    P.USER_MANAGE: _("Open, disable and help accounts"),
    P.WEEKLY_SEND: _("Send the weekly link"),
}


@dataclass(frozen=True)
class Line:
    """A permission and, role by role, the mark of how deep it is held ("" for not at all)."""

    permission: Permission
    marks: list[str]

    @property
    def words(self) -> str:
        return str(WORDS.get(self.permission, self.permission))


def matrix() -> list[Line]:
    """Every permission with a mark for each role, in the order of ROLES."""
    return [Line(permission, [_mark(role, permission) for role in ROLES.values()]) for permission in Permission]


def _mark(role: Role, permission: Permission) -> str:
    return MARKS[role.depth_of(permission)] if permission in role.permissions else ""


def kinds_of(role: Role) -> list[str]:
    """The kinds of unit in which the role is held, in the order of the tree."""
    return [str(kind.label) for kind in Unit.Kind if kind.value in role.kinds]


def markdown() -> str:
    """docs/policy.md, in English whatever the language of the console."""
    with translation.override("en"):
        return "\n".join([*_head(), *_roles(), *_matrix(), *_addresses(), ""])


def _head() -> list[str]:
    return [
        "# Policy",
        "",
        "Printed by `manage.py print_policy --write` from "
        "`waystation/organizations/permissions.py` and from the guards of the views.",
        "Do not edit.",
        "",
    ]


def _roles() -> list[str]:
    lines = [
        "## Roles",
        "",
        "| key | role | held in | depth | administrator |",
        "|---|---|---|---|---|",
    ]
    for key, role in ROLES.items():
        kinds = ", ".join(kinds_of(role)).lower()
        administrator = "yes" if role.is_administrator else ""
        lines.append(f"| `{key}` | {role.label} | {kinds} | {role.depth.value} | {administrator} |")
    return [
        *lines,
        "",
        "Nobody holds two of the three administrators' roles (GB/T 22239-2019, 8.1.5).",
        "",
    ]


def _matrix() -> list[str]:
    heads = " | ".join(f"`{key}`" for key in ROLES)
    lines = [
        "## Who may do what",
        "",
        f"{MARKS[Depth.SUBTREE]} in the unit and everything under it, {MARKS[Depth.UNIT]} in the unit alone.",
        "",
        f"| permission | {heads} |",
        "|---|" + ":-:|" * len(ROLES),
    ]
    lines += [f"| {line.words} (`{line.permission}`) | {' | '.join(line.marks)} |" for line in matrix()]
    return [*lines, ""]


def _addresses() -> list[str]:
    known = addresses()
    lines = [
        "## Addresses behind a permission",
        "",
        "| address | name | permission |",
        "|---|---|---|",
    ]
    lines += [f"| `{a.route}` | `{a.name}` | `{a.permission}` |" for a in sorted_by_route(known, "permission")]
    lines += [
        "",
        "## Addresses for every signed-in user, about the user's own account",
        "",
        "| address | name | reason |",
        "|---|---|---|",
    ]
    lines += [f"| `{a.route}` | `{a.name}` | {a.signed_in} |" for a in sorted_by_route(known, "signed_in")]
    lines += [
        "",
        "## Addresses for everybody",
        "",
        "| address | name | reason |",
        "|---|---|---|",
    ]
    return lines + [f"| `{a.route}` | `{a.name}` | {a.public} |" for a in sorted_by_route(known, "public")]


def sorted_by_route(known: list[Address], guard: str) -> list[Address]:
    """The addresses that have this guard, in alphabetical order."""
    has = {"permission": lambda a: a.permission, "signed_in": lambda a: a.signed_in}
    chosen = has.get(guard, lambda a: a.public)
    return sorted((a for a in known if chosen(a)), key=lambda a: a.route)
