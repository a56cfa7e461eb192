"""Every stored field, its class, why we hold it and for how long. One registry for the whole product.

`docs/data.md` is printed from here. A field that is not named fails the tests (trust control D1).

- S3: what would hurt most (ID number, address, talk and hardship facts): sealed, each reading logged.
- S2: personal (name, phone tail, membership): within reach only, exports logged.
- S1: work data without a person in it.
- K: keys, sessions, digests: never shown, never exported.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Holding:
    """Why the rows of a model are held, on what basis, and for how long; and the class of each field."""

    purpose: str
    basis: str
    retention: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        return set(self.fields)


LOGGED = {"S3": "each reading", "S2": "each export and each opened file", "S1": "changes", "K": "changes"}
EXPORTED = {"S3": "with a reason, by those who may reveal", "S2": "in ledgers", "S1": "freely", "K": "never"}

DUTY = "条例 2019, art. 32–33: keeping mobile members in the organisation (PIPL art. 13(3))"
OPERATION = "running and securing the system (网络安全法 art. 21; GB/T 22239-2019)"
WHILE_MEMBER = "while the member is in care and five years after"
WORK = "five years after the work is closed"


def _holding(purpose: str, basis: str, retention: str, **by_class: str) -> Holding:
    fields: dict[str, str] = {}
    for data_class, names in by_class.items():
        for name in names.split():
            if name in fields:
                raise ValueError(f"{name} stands in two classes")
            fields[name] = data_class
    return Holding(purpose, basis, retention, fields)


_WHO_S2 = (
    "id full_name name_key given_key pinyin initials sex born nation education member_kind joined trade id_mask id_state "
    "phone_mask phone_tail"
)
_WHO_S3 = "id_number phone other_phone"
_WHO_K = "id_index phone_index other_phone_index"

DATA_CLASSES: dict[str, Holding] = {
    "accounts.user": _holding(
        "signing in", OPERATION, "while the account is open and three years after",
        S2="id username full_name last_seen_at", S1="language large_type is_active created_at",
        K="password must_change_password password_set_at one_time_password_used_at security_stamp",
    ),
    "kernel.auditevent": _holding(
        "who did what", OPERATION, "three years at least",
        S2="actor actor_label role ip object_label object_pk unit_path purpose facts",
        S1="number at verb result fields", K="session prev_hash hash",
    ),
    "kernel.audithead": _holding("the end of the audit chain", OPERATION, "as the audit", S1="id number", K="hash"),
    "kernel.job": _holding(
        "work outside a request", OPERATION, "ninety days after its end",
        S1="id kind title args state done total note attempts due_at lease_until heartbeat_at worker task_id "
        "cancel_asked_at cancel_asked_by result error created_by created_at started_at finished_at unit_path",
    ),
    "kernel.workerbeat": _holding("which workers live", OPERATION, "one day", S1="worker at"),
    "kernel.storedfile": _holding(
        "uploaded and made files, sealed on disk", DUTY, WORK, S2="name", S1="id kind size created_at created_by",
        K="place sha256",
    ),
    "kernel.submission": _holding(
        "a form is handed in once", OPERATION, "one day", S1="id user status location created_at", K="key body_hash"
    ),
    "kernel.datedsetting": _holding(
        "rules with numbers", DUTY, "for good", S1="id key value starts_on ends_on source created_by created_at"
    ),
    "organizations.unit": _holding(
        "the organization tree", DUTY, "for good", S1="id code name short_name kind parent path is_seat closed_on"
    ),
    "organizations.mandate": _holding(
        "who holds which role", DUTY, "for good",
        S2="user", S1="id unit role starts_on ends_on granted_at granted_by administers",
    ),
    "sites.station": _holding(
        "where a station is and whom it serves", DUTY, "for good",
        S1="unit kind host_town address phone opening_hours communities",
    ),
    "people.person": _holding(
        "one file for one member", DUTY, WHILE_MEMBER,
        S3=f"{_WHO_S3} address hardship", K=_WHO_K,
        S2=f"{_WHO_S2} home home_path station stay_path destination destination_path employer skill volunteers card_no "
        "user merged_into",
        S1="version created_at",
    ),
    "people.membership": _holding(
        "the formal relation", DUTY, WHILE_MEMBER, S2="id person branch starts_on ends_on"
    ),
    "people.departure": _holding(
        "the origin's register of who left", DUTY, WHILE_MEMBER,
        S3=_WHO_S3, K=_WHO_K,
        S2=f"{_WHO_S2} person origin origin_path branch_text station station_path destination destination_text left "
        "expected_back reason card_no dues_paid_to remark closing_reason",
        S1="state kind created_at created_by closed_at closed_by",
    ),
    "people.arrival": _holding(
        "the station's register of who arrived", DUTY, WHILE_MEMBER,
        S3=f"{_WHO_S3} address hardship", K=_WHO_K,
        S2=f"{_WHO_S2} person station station_path home home_path home_text destination destination_path "
        "destination_text employer skill volunteers arrived registered card_no remark closing_reason",
        S1="state channel notice_version created_at created_by closed_at closed_by",
    ),
    "people.stay": _holding(
        "a member in the care of a station", DUTY, WHILE_MEMBER,
        S2="id person departure arrival station station_path destination starts_on ends_on ending override_reason",
        S1="origin_confirmed_at origin_confirmed_by station_confirmed_at station_confirmed_by overridden_at "
        "overridden_by opened_at",
    ),
    "people.correction": _holding(
        "what stood in a file before", DUTY, WHILE_MEMBER,
        S3="before after", S2="id person field reason", S1="corrected_at corrected_by",
    ),
    "people.merge": _holding(
        "two files that were one person", DUTY, WHILE_MEMBER,
        S3="before", S2="id winner loser", S1="merged_at merged_by undone_at undone_by",
    ),
    "people.card": _holding(
        "member cards", DUTY, WHILE_MEMBER, S2="id person number", S1="issued_at issued_by revoked_at revoked_by"
    ),
    "rosters.import": _holding(
        "rosters handed in", DUTY, WORK,
        S1="id kind state unit unit_path station file file_name tables corrects job problem new changed duplicate wrong "
        "passed_over created_at created_by committed_at committed_by undone_at undone_by",
    ),
    "rosters.importrow": _holding(
        "what a roster said, row by row", DUTY, WORK,
        S3="cells before", S2="id name departure arrival person",
        S1="batch position sheet number verdict problems same_as committed_at made_person",
    ),
    "rosters.columnmemory": _holding("how a unit names its columns", DUTY, "for good", S1="id unit kind title field"),
    "rosters.matchrun": _holding(
        "runs of the matcher", DUTY, WORK,
        S1="id county job departures arrivals started_at started_by finished_at",
    ),
    "rosters.matchcandidate": _holding(
        "pairs to confirm and rows that stand alone", DUTY, WHILE_MEMBER,
        S2="id departure arrival reasons origin_path station_path name_key reason follow_up",
        S1="run lane state weight origin_confirmed_at origin_confirmed_by station_confirmed_at station_confirmed_by "
        "decided_at decided_by followed_up_at followed_up_by",
    ),
    "portal.bucket": _holding("slowing down strangers at open doors", OPERATION, "one day", K="key", S1="tokens filled_at"),
    "grids.grid": _holding("grids of a station", DUTY, "for good", S1="unit station code area communities"),
    "grids.gridassignment": _holding(
        "who is in which grid", DUTY, WHILE_MEMBER,
        S2="id person stay grid starts_on ends_on", S1="assigned_at assigned_by",
    ),
}  # fmt: skip
