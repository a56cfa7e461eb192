"""Groups that the facts on file suggest: enough members of one trade, one skill or one community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from waystation.kernel import dated
from waystation.organizations.models import Unit
from waystation.stewardship.groups import rules
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.groups.queries import basis_q, in_care
from waystation.stewardship.people.models import MemberKind, Stay

Kind = FunctionalGroup.Kind
_FACTS = {Kind.TRADE: "person__trade", Kind.SKILL: "person__skill", Kind.AREA: "destination"}


@dataclass(frozen=True)
class Proposal:
    """A group that could be founded: the fact, how many members in care share it, how many are full members."""

    kind: str
    basis: str
    community: Unit | None
    people: int
    formal: int

    @property
    def key(self) -> str:
        """What a form sends back: "trade:餐饮服务", "area:93"."""
        return f"{self.kind}:{self.community.pk if self.community else self.basis}"

    @property
    def reason(self) -> str:
        """Why, in words."""
        sentences = {
            Kind.TRADE: _("%(people)d members in care follow the trade %(basis)s, %(formal)d of them full members"),
            Kind.SKILL: _("%(people)d members in care have the skill %(basis)s, %(formal)d of them full members"),
            Kind.AREA: _("%(people)d members in care live in %(basis)s, %(formal)d of them full members"),
        }
        return sentences[Kind(self.kind)] % {"people": self.people, "basis": self.basis, "formal": self.formal}

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def name(self) -> str:
        """The name that is suggested."""
        return _("%(basis)s functional group") % {"basis": self.basis}

    def stays(self, station: Unit) -> QuerySet[Stay]:
        """The open stays of everybody who shares the fact."""
        return in_care(station).filter(basis_q(self.kind, self.basis, self.community and self.community.pk))


def proposals(station: Unit, day: date) -> list[Proposal]:
    """Every fact that enough full members in care of the station share and no open group stands on, the largest
    first. Five queries, whatever the number of members."""
    least = dated.value(rules.LEAST_FORMAL, day)
    taken = {
        (kind, community or basis)
        for kind, basis, community in FunctionalGroup.objects.open()
        .filter(station=station)
        .values_list("kind", "basis", "community")
    }
    found = []
    for kind, fact in _FACTS.items():
        for value, people, formal in _shared(station, fact, least):
            if (str(kind), value) not in taken:
                found.append((kind, value, people, formal))
    communities = Unit.objects.in_bulk([value for kind, value, *_n in found if kind == Kind.AREA])
    made = [
        Proposal(str(kind), communities[value].name if value in communities else value, communities.get(value), *counts)
        for kind, value, *counts in found
    ]
    return sorted(made, key=lambda one: (-one.people, one.key))


def _shared(station: Unit, fact: str, least: int) -> QuerySet:
    rows = in_care(station).exclude(**{fact: "" if fact.startswith("person__") else None}).order_by()
    counted = rows.values(fact).annotate(
        people=Count("pk"), formal=Count("pk", filter=Q(person__member_kind=MemberKind.FULL))
    )
    return counted.filter(formal__gte=least).values_list(fact, "people", "formal")
