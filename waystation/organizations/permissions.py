"""The whole policy on one page: what may be done, by which role, and how deep in the tree.

`docs/policy.md` is printed from here (`manage.py print_policy --write`). Imports no pillar.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """Something a user may do, named OBJECT_VERB. The reach says where."""

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower().replace("_", ".", 1)

    ACCOUNT_ISSUE = auto()
    ACTIVITY_CARD_CHECK = auto()
    ACTIVITY_CARD_ISSUE = auto()
    APPRAISAL_DECIDE = auto()
    APPRAISAL_MANAGE = auto()
    APPRAISAL_SCORE_ORIGIN = auto()
    APPRAISAL_SCORE_STATION = auto()
    APPRAISAL_VIEW = auto()
    ARRIVAL_REFUSE = auto()
    ARRIVAL_REGISTER = auto()
    ARRIVAL_VIEW = auto()
    AUDIT_VIEW = auto()
    CARD_PRINT = auto()
    CONTACT_LOG = auto()
    CONTACT_VIEW = auto()
    DEPARTURE_CANCEL = auto()
    DEPARTURE_REGISTER = auto()
    DEPARTURE_VIEW = auto()
    DESK_VIEW = auto()
    DUES_RECORD = auto()
    DUES_REDUCE = auto()
    DUES_VIEW = auto()
    DUTY_AGREE = auto()
    DUTY_VIEW = auto()
    EDUCATION_APPROVE = auto()
    EDUCATION_PLAN = auto()
    EDUCATION_RECORD = auto()
    EDUCATION_VIEW = auto()
    EXCUSE_MANAGE = auto()
    FILE_OWN = auto()
    FUND_APPROVE = auto()
    FUND_BUDGET = auto()
    FUND_ENTER = auto()
    FUND_GRANT = auto()
    FUND_VIEW = auto()
    GRID_ASSIGN = auto()
    GRID_MANAGE = auto()
    GRID_VIEW = auto()
    GROUP_MANAGE = auto()
    GROUP_VIEW = auto()
    IMPORT_ARRIVALS = auto()
    IMPORT_DEPARTURES = auto()
    ITEM_VIEW = auto()
    ITEM_WORK = auto()
    JOB_VIEW = auto()
    LEDGER_EXPORT = auto()
    LOST_DECIDE = auto()
    LOST_REPORT = auto()
    MANDATE_MANAGE = auto()
    MATCH_CONFIRM_ORIGIN = auto()
    MATCH_CONFIRM_STATION = auto()
    MATCH_OVERRIDE = auto()
    MATCH_VIEW = auto()
    PERSON_CORRECT = auto()
    PERSON_MERGE = auto()
    PERSON_REVEAL = auto()
    PERSON_VIEW = auto()
    POSTING_MANAGE = auto()
    ROTA_MANAGE = auto()
    RULE_MANAGE = auto()
    RULE_VIEW = auto()
    SHIFT_VIEW = auto()
    SHIFT_WORK = auto()
    STATION_COMPARE = auto()
    STATION_MANAGE = auto()
    STATION_VIEW = auto()
    STAY_END = auto()
    STAY_TRANSFER = auto()
    TRANSFER_TRACK = auto()
    TRANSFER_VIEW = auto()
    UNIT_CONTACT = auto()
    UNIT_MANAGE = auto()
    UNIT_VIEW = auto()
    USER_MANAGE = auto()
    WEEKLY_SEND = auto()


class Depth(StrEnum):
    UNIT = auto()  # the unit of the mandate and nothing below it
    SUBTREE = auto()  # that unit and every unit under it


@dataclass(frozen=True)
class Role:
    """A job somebody holds in a unit: its name, where it may be held, and what it allows.

    `alone` are those of the permissions that hold in the unit itself and never in what lies below it.
    """

    label: str
    kinds: frozenset[str]
    permissions: frozenset[Permission]
    depth: Depth = Depth.SUBTREE
    is_administrator: bool = False
    helps: bool = False  # at a destination: sees those who live there; cares for them by its open items only
    alone: frozenset[Permission] = frozenset()

    def depth_of(self, permission: Permission) -> Depth:
        """How deep the role holds the permission."""
        return Depth.UNIT if permission in self.alone else self.depth


P = Permission
_EVERY_OFFICER = frozenset({P.DESK_VIEW, P.JOB_VIEW, P.RULE_VIEW, P.STATION_VIEW, P.UNIT_VIEW})
# What origin and station do alike for a member in care.
_CARE = frozenset(
    {
        P.ACTIVITY_CARD_CHECK, P.APPRAISAL_VIEW, P.CONTACT_LOG, P.CONTACT_VIEW, P.DUES_RECORD, P.DUES_VIEW,
        P.DUTY_AGREE, P.DUTY_VIEW, P.EDUCATION_RECORD, P.EDUCATION_VIEW, P.EXCUSE_MANAGE, P.GROUP_VIEW, P.ITEM_VIEW,
        P.ITEM_WORK, P.LOST_REPORT, P.TRANSFER_TRACK, P.TRANSFER_VIEW,
    }
)  # fmt: skip
# What whoever oversees others may look at without acting.
_OVERSIGHT = frozenset(
    {
        P.APPRAISAL_VIEW, P.CONTACT_VIEW, P.DUES_VIEW, P.DUTY_VIEW, P.EDUCATION_VIEW, P.FUND_VIEW, P.GROUP_VIEW,
        P.ITEM_VIEW, P.SHIFT_VIEW, P.STATION_COMPARE, P.TRANSFER_VIEW,
    }
)  # fmt: skip
_ORIGIN = _CARE | frozenset(
    {
        P.ACTIVITY_CARD_ISSUE, P.APPRAISAL_SCORE_ORIGIN,
        P.DEPARTURE_CANCEL, P.DEPARTURE_REGISTER, P.DEPARTURE_VIEW, P.IMPORT_DEPARTURES, P.LEDGER_EXPORT,
        P.MATCH_CONFIRM_ORIGIN, P.MATCH_VIEW, P.PERSON_CORRECT, P.PERSON_REVEAL, P.PERSON_VIEW, P.UNIT_CONTACT,
    }
)  # fmt: skip
_STATION = _CARE | frozenset(
    {
        P.ACCOUNT_ISSUE, P.EDUCATION_PLAN, P.FUND_ENTER, P.FUND_VIEW, P.GROUP_MANAGE, P.SHIFT_VIEW, P.SHIFT_WORK,
        P.STAY_TRANSFER, P.WEEKLY_SEND,
        P.ARRIVAL_REFUSE, P.ARRIVAL_REGISTER, P.ARRIVAL_VIEW, P.CARD_PRINT, P.DEPARTURE_VIEW, P.GRID_ASSIGN,
        P.GRID_VIEW, P.IMPORT_ARRIVALS, P.LEDGER_EXPORT, P.MATCH_CONFIRM_STATION, P.MATCH_VIEW,
        P.PERSON_CORRECT, P.PERSON_REVEAL, P.PERSON_VIEW, P.STAY_END,
    }
)  # fmt: skip

# The keys are stored in Mandate.role: change a label freely, never a key.
ROLES: dict[str, Role] = {
    "city_organiser": Role(
        _("City organiser"), frozenset({"city"}),
        _EVERY_OFFICER | _OVERSIGHT | {P.MATCH_VIEW, P.DEPARTURE_VIEW, P.ARRIVAL_VIEW, P.PERSON_VIEW, P.GRID_VIEW,
                                       P.STATION_MANAGE, P.LEDGER_EXPORT, P.FUND_GRANT, P.UNIT_CONTACT},
    ),
    "county_organiser": Role(
        _("County organiser"), frozenset({"county"}),
        _EVERY_OFFICER | _ORIGIN | _OVERSIGHT | {
            P.ARRIVAL_VIEW, P.CARD_PRINT, P.GRID_VIEW, P.GRID_MANAGE, P.MATCH_OVERRIDE, P.PERSON_MERGE,
            P.STATION_MANAGE, P.APPRAISAL_DECIDE, P.APPRAISAL_MANAGE, P.DUES_REDUCE, P.EDUCATION_APPROVE,
            P.EDUCATION_PLAN, P.FUND_APPROVE, P.FUND_BUDGET, P.FUND_GRANT, P.GROUP_MANAGE, P.LOST_DECIDE,
            P.POSTING_MANAGE, P.ROTA_MANAGE, P.STAY_TRANSFER, P.WEEKLY_SEND,
        },
    ),
    "township_organiser": Role(
        _("Township organiser"), frozenset({"town"}),
        _EVERY_OFFICER | _ORIGIN | {P.DUES_REDUCE, P.POSTING_MANAGE, P.SHIFT_VIEW, P.WEEKLY_SEND},
    ),
    "branch_secretary": Role(
        _("Origin branch secretary"), frozenset({"branch"}), _EVERY_OFFICER | _ORIGIN | {P.ACCOUNT_ISSUE}
    ),
    "station_head": Role(
        _("Station head"), frozenset({"station"}),
        _EVERY_OFFICER | _STATION | {
            P.GRID_MANAGE, P.PERSON_MERGE, P.STATION_MANAGE, P.APPRAISAL_MANAGE, P.APPRAISAL_SCORE_STATION,
            P.EDUCATION_APPROVE, P.FUND_BUDGET, P.POSTING_MANAGE, P.ROTA_MANAGE, P.UNIT_CONTACT,
        },
    ),
    "station_officer": Role(_("Station officer"), frozenset({"station"}), _EVERY_OFFICER | _STATION),
    "grid_leader": Role(
        _("Grid leader"), frozenset({"grid"}),
        _EVERY_OFFICER | {P.GRID_VIEW, P.PERSON_VIEW, P.PERSON_REVEAL, P.CONTACT_LOG, P.CONTACT_VIEW,
                          P.EDUCATION_RECORD, P.EDUCATION_VIEW},
        Depth.UNIT,
    ),
    "destination_contact": Role(
        _("Destination contact"), frozenset({"village", "town"}),
        _EVERY_OFFICER | {P.PERSON_VIEW, P.DUTY_AGREE, P.DUTY_VIEW, P.ITEM_VIEW, P.ITEM_WORK}, helps=True,
        # A duty may be handed to the unit, and its items with it. Below a town other units do theirs, and branches.
        alone=frozenset({P.ITEM_VIEW, P.ITEM_WORK}),
    ),
    "member": Role(_("Member"), frozenset({"branch"}), frozenset({P.FILE_OWN}), Depth.UNIT),
    "system_admin": Role(
        _("System administrator"), frozenset({"city"}),
        frozenset({P.DESK_VIEW, P.JOB_VIEW, P.RULE_MANAGE, P.RULE_VIEW, P.UNIT_CONTACT, P.UNIT_MANAGE,
                   P.UNIT_VIEW, P.STATION_VIEW}),
        is_administrator=True,
    ),
    "security_admin": Role(
        _("Security administrator"), frozenset({"city"}),
        frozenset({P.DESK_VIEW, P.MANDATE_MANAGE, P.UNIT_VIEW, P.USER_MANAGE}),
        is_administrator=True,
    ),
    "audit_admin": Role(
        _("Audit administrator"), frozenset({"city"}), frozenset({P.AUDIT_VIEW, P.DESK_VIEW, P.UNIT_VIEW}),
        is_administrator=True,
    ),
}  # fmt: skip

ADMINISTRATORS = frozenset(key for key, role in ROLES.items() if role.is_administrator)
