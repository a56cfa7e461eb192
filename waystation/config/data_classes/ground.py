"""What the ground floor and the portal hold."""

from waystation.config.data_classes.holding import DUTY, OPERATION, WORK, Holding, holding

DATA_CLASSES: dict[str, Holding] = {
    "accounts.user": holding(
        "signing in", OPERATION, "while the account is open and three years after",
        S2="id username full_name last_seen_at", S1="language large_type is_active created_at",
        K="password must_change_password password_set_at one_time_password_used_at security_stamp",
    ),
    "kernel.auditevent": holding(
        "who did what", OPERATION, "three years at least",
        S2="actor actor_label role ip object_label object_pk unit_path purpose facts",
        S1="number at verb result fields", K="session prev_hash hash",
    ),
    "kernel.audithead": holding("the end of the audit chain", OPERATION, "as the audit", S1="id number", K="hash"),
    "kernel.job": holding(
        "work outside a request", OPERATION, "ninety days after its end",
        S1="id kind title args state done total note attempts due_at lease_until heartbeat_at worker task_id "
        "cancel_asked_at cancel_asked_by result error created_by created_at started_at finished_at unit_path",
    ),
    "kernel.workerbeat": holding("which workers live", OPERATION, "one day", S1="worker at"),
    "kernel.storedfile": holding(
        "uploaded and made files, sealed on disk", DUTY, WORK, S2="name", S1="id kind size created_at created_by",
        K="place sha256",
    ),
    "kernel.submission": holding(
        "a form is handed in once", OPERATION, "one day", S1="id user status location created_at", K="key body_hash"
    ),
    "kernel.datedsetting": holding(
        "rules with numbers", DUTY, "for good", S1="id key value starts_on ends_on source created_by created_at"
    ),
    "organizations.unit": holding(
        "the organization tree", DUTY, "for good",
        S1="id code name short_name kind parent path is_seat opened_on closed_on",
    ),
    "organizations.unitcontact": holding(
        "how offices are reached", DUTY, "as long as the office has them; what they were before stands in the audit",
        S2="contact_person", S1="unit address phone fax postcode",
    ),
    "organizations.mandate": holding(
        "who holds which role", DUTY, "for good",
        S2="user", S1="id unit role starts_on ends_on granted_at granted_by administers",
    ),
    "portal.bucket": holding("slowing down strangers at open doors", OPERATION, "one day", K="key", S1="tokens filled_at"),
}  # fmt: skip
