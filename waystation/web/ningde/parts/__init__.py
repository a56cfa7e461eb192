"""The daily life of the station of Xiapu, part by part; each part says how much it added."""

from waystation.web.ningde.parts import (
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
    offices,
    sites,
)

# In the order in which one needs the other.
PARTS = {
    "sites": sites.build,
    "offices": offices.build,
    "duty": duty.build,
    "funds": funds.build,
    "duties": duties.build,
    "contacts": contacts.build,
    "grids": grids.build,
    "groups": groups.build,
    "formalities": formalities.build,
    "dues": dues.build,
    "education": education.build,
    "appraisals": appraisals.build,
}
