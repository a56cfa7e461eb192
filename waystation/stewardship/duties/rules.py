"""Who answers for which duty when a stay opens; the parties may agree on something else."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated
from waystation.stewardship.duties.models import Duty


class Party(StrEnum):
    """One of the three who look after a member in care, as the value of a rule."""

    ORIGIN = "origin"
    STATION = "station"
    DESTINATION = "destination"


SOURCE = (
    "宁德市委组织部：流出地源头管理、驻城党建工作站集中管理、流入地配合管理；"
    "《中国共产党党员教育管理工作条例》（2019年）第三十二条；党费一般交到正式组织关系所在支部"
)
_PARTIES = (
    (Party.ORIGIN, _("Origin")),
    (Party.STATION, _("Station")),
    (Party.DESTINATION, _("Destination")),
)
_TITLES = {
    Duty.Kind.DUES: _("Who answers for dues when a stay opens"),
    Duty.Kind.LIFE: _("Who answers for organization life when a stay opens"),
    Duty.Kind.TALK: _("Who answers for talks when a stay opens"),
    Duty.Kind.EDUCATION: _("Who answers for education when a stay opens"),
    Duty.Kind.APPRAISAL: _("Who answers for the appraisal when a stay opens"),
    Duty.Kind.SERVICE: _("Who answers for service when a stay opens"),
    Duty.Kind.CONTACT: _("Who answers for contact when a stay opens"),
}


def key_of(kind: str) -> str:
    """The key of the rule for a kind of duty."""
    return f"duty.{Duty.Kind(kind).value}"


for _kind, _title in _TITLES.items():
    dated.declare(
        key_of(_kind),
        Party.ORIGIN if _kind == Duty.Kind.DUES else Party.STATION,
        unit="",
        title=_title,
        source=SOURCE,
        kind=Party,
        names=_PARTIES,
    )
