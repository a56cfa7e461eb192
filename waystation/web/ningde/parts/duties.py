"""What the demonstration shows of duties: changes agreed, refused and waiting, and a member to be handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.duties import actions
from waystation.stewardship.duties.models import Proposal
from waystation.stewardship.duties.queries import parties
from waystation.stewardship.people.models import Stay

OFFICER, OTHER_OFFICER, SECRETARY, TOWN, HELPER = (
    "xiapu.officer", "xiapu.officer2", "baiyang.branch", "baiyang", "longjin",
)  # fmt: skip
# What happened to members of the branch of Baiyang: days ago, duty, to whom, by whom, why, and what came of it.
_AT_HOME = (
    (75, "education", "branch", OFFICER, "返乡三个月，就近参加支部学习", SECRETARY),
    (40, "talk", "branch", OFFICER, "支部书记进城走访，由支部谈话", SECRETARY),
    (30, "life", "town", SECRETARY, "统一组织返乡主题党日", "refused"),
    (2, "contact", "branch", SECRETARY, "家中老人生病，由支部就近联系", ""),
    (1, "appraisal", "branch", OFFICER, "本年度评议由流出地支部主持", ""),
)
# The same of members who live in the community of Longjin.
_IN_TOWN = (
    (60, "service", OFFICER, "社区党群服务中心就近服务", HELPER),
    (25, "service", OFFICER, "在社区便民窗口代办事项", HELPER),
    (3, "service", HELPER, "该党员任社区楼栋长，由社区对接", ""),
)


@transaction.atomic
def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    if Proposal.objects.filter(stay__station=station).exists():
        return 0
    users = {
        user.username: user
        for user in User.objects.filter(username__in=(OFFICER, OTHER_OFFICER, SECRETARY, TOWN, HELPER))
    }
    stays = (
        Stay.objects.open().filter(station=station).select_related("person__home", "departure__origin", "destination")
    )
    home = [stay for stay in stays.order_by("pk") if stay.person.home_id in _units(users, SECRETARY)]
    town = [stay for stay in stays.order_by("pk") if stay.destination_id in _units(users, HELPER)]
    done = 0
    for (days, kind, to, by, why, second), stay in zip(_AT_HOME, home, strict=False):
        unit = stay.person.home if to == "branch" else _town_of(stay)
        done += _tell(
            stay,
            kind,
            unit,
            users[by],
            users[OFFICER if second == "refused" else second] if second else None,
            second,
            why,
            days,
            at,
        )
    for (days, kind, by, why, second), stay in zip(_IN_TOWN, town, strict=False):
        done += _tell(stay, kind, stay.destination, users[by], users.get(second), second, why, days, at)
    return done + _hand_over(station, stays.order_by("-pk").first(), users[OTHER_OFFICER], at)


def _units(users: dict[str, User], name: str) -> set[int]:
    return set(users[name].mandates.values_list("unit", flat=True))


def _town_of(stay: Stay) -> Unit:
    return next(unit for _part, unit in parties(stay) if unit.kind == Unit.Kind.TOWN)


def _tell(stay, kind, to, by, second, outcome, why, days, at) -> int:
    """One proposal of some days ago, but not before the stay, and the answer of the other side."""
    moment = max(at - timedelta(days=days), stay.opened_at)
    day = max(timezone.localdate(moment), stay.starts_on)
    proposal = actions.propose_change(stay, kind=kind, to=to, starts_on=day, reason=why, by=by, at=moment)
    later = min(moment + timedelta(hours=20), at)
    if outcome == "refused":
        actions.refuse_proposal(proposal, reason="本月已由驻城站安排，不再变更", by=second, at=later)
    elif second is not None:
        side = "taker" if proposal.holder_agreed_by_id else "holder"
        actions.agree(proposal, side=side, by=second, at=later)
    return 1


def _hand_over(station: Unit, stay: Stay | None, by: User, at: datetime) -> int:
    """A member whose family moves to another county: the other station has not answered yet."""
    stations = Unit.objects.active().filter(kind=Unit.Kind.STATION, parent__kind=Unit.Kind.COUNTY)
    other = stations.exclude(pk=station.pk).order_by("path").first()
    if stay is None or other is None:
        return 0
    actions.ask_transfer(
        stay, to=other, destination=None, reason="随子女迁居，改在当地经商", by=by, at=at - timedelta(days=1)
    )
    return 1
