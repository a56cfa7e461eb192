"""What each app adds to the small world of the matrix."""

from tests.world_parts import (
    appraisals,
    contacts,
    dues,
    duties,
    duty,
    education,
    formalities,
    funds,
    grids,
    groups,
    portal,
    sites,
)

PARTS = (sites, duty, funds, duties, contacts, grids, groups, formalities, dues, education, appraisals, portal)
