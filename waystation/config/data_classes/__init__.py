"""Every stored field, its class, why we hold it and for how long. One registry for the whole product.

`docs/data.md` is printed from here. A field that is not named fails the tests (trust control D1).

- S3: what would hurt most (ID number, address, talk and hardship facts): sealed, each reading logged.
- S2: personal (name, phone tail, membership): within reach only, exports logged.
- S1: work data without a person in it.
- K: keys, sessions, digests: never shown, never exported.
"""

from waystation.config.data_classes import (
    appraisals,
    contacts,
    dues,
    duties,
    duty,
    education,
    formalities,
    funds,
    grids,
    ground,
    groups,
    people,
    rosters,
    sites,
)
from waystation.config.data_classes.holding import EXPORTED, LOGGED, Holding

PARTS = (
    ground, sites, duty, funds, people, rosters, duties, contacts, grids, groups, formalities, dues, education, appraisals,
)  # fmt: skip
DATA_CLASSES: dict[str, Holding] = {label: held for part in PARTS for label, held in part.DATA_CLASSES.items()}

__all__ = ["DATA_CLASSES", "EXPORTED", "LOGGED", "Holding"]
