"""What a registry entry says, and the words that entries share."""

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


def holding(purpose: str, basis: str, retention: str, **by_class: str) -> Holding:
    fields: dict[str, str] = {}
    for data_class, names in by_class.items():
        for name in names.split():
            if name in fields:
                raise ValueError(f"{name} stands in two classes")
            fields[name] = data_class
    return Holding(purpose, basis, retention, fields)


WHO_S2 = (
    "id full_name name_key given_key pinyin initials sex born nation education member_kind joined trade id_mask id_state "
    "phone_mask phone_tail"
)
WHO_S3 = "id_number phone other_phone"
WHO_K = "id_index phone_index other_phone_index"
