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

    ARRIVAL_REGISTER = auto()
    ARRIVAL_REFUSE = auto()
    ARRIVAL_VIEW = auto()
    AUDIT_VIEW = auto()
    CARD_PRINT = auto()
    DEPARTURE_REGISTER = auto()
    DEPARTURE_CANCEL = auto()
    DEPARTURE_VIEW = auto()
    DESK_VIEW = auto()
    FILE_OWN = auto()
    GRID_ASSIGN = auto()
    GRID_MANAGE = auto()
    GRID_VIEW = auto()
    IMPORT_DEPARTURES = auto()
    IMPORT_ARRIVALS = auto()
    JOB_VIEW = auto()
    LEDGER_EXPORT = auto()
    MANDATE_MANAGE = auto()
    MATCH_CONFIRM_ORIGIN = auto()
    MATCH_CONFIRM_STATION = auto()
    MATCH_OVERRIDE = auto()
    MATCH_VIEW = auto()
    PERSON_CORRECT = auto()
    PERSON_MERGE = auto()
    PERSON_REVEAL = auto()
    PERSON_VIEW = auto()
    RULE_MANAGE = auto()
    RULE_VIEW = auto()
    STATION_MANAGE = auto()
    STATION_VIEW = auto()
    STAY_END = auto()
    UNIT_MANAGE = auto()
    UNIT_VIEW = auto()
    USER_MANAGE = auto()


class Depth(StrEnum):
    UNIT = auto()  # the unit of the mandate and nothing below it
    SUBTREE = auto()  # that unit and every unit under it


@dataclass(frozen=True)
class Role:
    """A job somebody holds in a unit: its name, where it may be held, and what it allows."""

    label: str
    kinds: frozenset[str]
    permissions: frozenset[Permission]
    depth: Depth = Depth.SUBTREE
    is_administrator: bool = False
    helps: bool = False  # at a destination: sees those who live there and answers for nobody


P = Permission
_EVERY_OFFICER = frozenset({P.DESK_VIEW, P.JOB_VIEW, P.RULE_VIEW, P.STATION_VIEW, P.UNIT_VIEW})
_ORIGIN = frozenset(
    {
        P.DEPARTURE_CANCEL, P.DEPARTURE_REGISTER, P.DEPARTURE_VIEW, P.IMPORT_DEPARTURES, P.LEDGER_EXPORT,
        P.MATCH_CONFIRM_ORIGIN, P.MATCH_VIEW, P.PERSON_CORRECT, P.PERSON_REVEAL, P.PERSON_VIEW,
    }
)  # fmt: skip
_STATION = frozenset(
    {
        P.ARRIVAL_REFUSE, P.ARRIVAL_REGISTER, P.ARRIVAL_VIEW, P.CARD_PRINT, P.DEPARTURE_VIEW, P.GRID_ASSIGN,
        P.GRID_VIEW, P.IMPORT_ARRIVALS, P.LEDGER_EXPORT, P.MATCH_CONFIRM_STATION, P.MATCH_VIEW,
        P.PERSON_CORRECT, P.PERSON_REVEAL, P.PERSON_VIEW, P.STAY_END,
    }
)  # fmt: skip

# The keys are stored in Mandate.role: change a label freely, never a key.
ROLES: dict[str, Role] = {
    "city_organiser": Role(
        _("City organiser"), frozenset({"city"}),
        _EVERY_OFFICER | {P.MATCH_VIEW, P.DEPARTURE_VIEW, P.ARRIVAL_VIEW, P.PERSON_VIEW, P.GRID_VIEW,
                          P.STATION_MANAGE, P.LEDGER_EXPORT},
    ),
    "county_organiser": Role(
        _("County organiser"), frozenset({"county"}),
        _EVERY_OFFICER | _ORIGIN | {P.ARRIVAL_VIEW, P.CARD_PRINT, P.GRID_VIEW, P.GRID_MANAGE, P.MATCH_OVERRIDE,
                                    P.PERSON_MERGE, P.STATION_MANAGE},
    ),
    "township_organiser": Role(_("Township organiser"), frozenset({"town"}), _EVERY_OFFICER | _ORIGIN),
    "branch_secretary": Role(_("Origin branch secretary"), frozenset({"branch"}), _EVERY_OFFICER | _ORIGIN),
    "station_head": Role(
        _("Station head"), frozenset({"station"}),
        _EVERY_OFFICER | _STATION | {P.GRID_MANAGE, P.PERSON_MERGE, P.STATION_MANAGE},
    ),
    "station_officer": Role(_("Station officer"), frozenset({"station"}), _EVERY_OFFICER | _STATION),
    "grid_leader": Role(
        _("Grid leader"), frozenset({"grid"}), _EVERY_OFFICER | {P.GRID_VIEW, P.PERSON_VIEW, P.PERSON_REVEAL},
        Depth.UNIT,
    ),
    "destination_contact": Role(
        _("Destination contact"), frozenset({"village", "town"}), _EVERY_OFFICER | {P.PERSON_VIEW}, helps=True
    ),
    "member": Role(_("Member"), frozenset({"branch"}), frozenset({P.FILE_OWN}), Depth.UNIT),
    "system_admin": Role(
        _("System administrator"), frozenset({"city"}),
        frozenset({P.DESK_VIEW, P.JOB_VIEW, P.RULE_MANAGE, P.RULE_VIEW, P.UNIT_MANAGE, P.UNIT_VIEW,
                   P.STATION_VIEW}),
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
