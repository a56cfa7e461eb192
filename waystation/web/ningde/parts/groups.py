"""What the demonstration shows of groups: five that do more than hold the organization life which education adds, one
of them quiet and without a leader, one whose leader suggests activities; saved lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.groups.actions import (
    add_members,
    decline,
    found_group,
    name_leader,
    plan_activity,
    record_activity,
    suggest_activity,
)
from waystation.stewardship.groups.models import FunctionalGroup, GroupMember
from waystation.stewardship.groups.queries import basis_q, in_care, members
from waystation.stewardship.people.actions import save_list
from waystation.stewardship.people.models import MemberKind, SavedList, Stay
from waystation.web.ningde.parts.contacts import out_of_reach


@dataclass(frozen=True)
class _Group:
    name: str
    kind: str
    basis: str
    purpose: str
    topics: tuple[str, ...]
    is_led: bool = True


GROUPS = (
    _Group("餐饮服务功能党小组", "trade", "餐饮服务", "食品安全互查、带头诚信经营",
           ("社区长者食堂志愿服务", "餐饮行业诚信经营承诺", "冬季用火用气安全互查")),
    _Group("水产养殖功能党小组", "trade", "水产养殖", "海参、紫菜养殖技术互助，台风季结对巡查",
           ("台风过后互助清网", "海参养殖用工信息对接")),
    _Group("电商物流功能党小组", "trade", "电商物流", "帮带乡亲直播销售家乡农产品",
           ("直播助农专场", "电商用工信息对接", "年货节备货分工")),
    _Group("建筑装修功能党小组", "trade", "建筑装修", "安全生产提醒，农民工权益宣传", ("工地夏季义诊送清凉",),
           is_led=False),
    _Group("驻城老党员宣讲小组", "special", "", "老党员讲家乡变化、讲优良传统",
           ("进社区义诊陪诊志愿服务", "重阳节走访慰问")),
)  # fmt: skip
_PLACE = "驻城党群驿站"
COMING = "驻城党员志愿服务日"
LEAST = 3
LISTS = (
    ("高龄党员", {"word:age": "old", "word:status": "care"}, True),
    ("未编入功能党小组", {"word:group": "none"}, True),
    ("预备党员", {"word:member_kind": "probationary"}, False),
    ("没有登记电话", {"word:phone": "no", "word:status": "care"}, False),
)


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    officer = User.objects.get(username="xiapu.officer")
    added = 0
    for number, plan in enumerate(GROUPS):
        if not FunctionalGroup.objects.filter(station=station, name=plan.name).exists():
            added += _found(plan, number, station, officer, at)
    for name, filters, is_shared in LISTS:
        if not SavedList.objects.filter(owner=officer, name=name).exists():
            save_list(name=name, filters=filters, unit=station if is_shared else None, by=officer, at=at)
            added += 1
    return added


def _stays(plan: _Group, station: Unit) -> list[Stay]:
    """Who could take part, the longest in care first."""
    shared = basis_q(plan.kind, plan.basis, None)
    rows = in_care(station).select_related("person").order_by("starts_on", "pk")
    if shared is not None:
        return list(rows.filter(shared))
    oldest = rows.filter(person__member_kind=MemberKind.FULL, person__born__gt="").order_by("person__born", "pk")
    return sorted(oldest[:6], key=lambda stay: stay.starts_on)


def _found(plan: _Group, number: int, station: Unit, officer: User, at: datetime) -> int:
    stays = _stays(plan, station)
    full = [stay for stay in stays if stay.person.member_kind == MemberKind.FULL]
    if len(full) < LEAST:
        return 0
    # Founded when enough were in care; who came later is proposed on the page of the group.
    founded = max(at - timedelta(days=120 - 7 * number), _noon(full[LEAST - 1].starts_on) + timedelta(days=2))
    if founded >= at:
        return 0
    group = found_group(
        station=station, name=plan.name, kind=plan.kind, basis=plan.basis, purpose=plan.purpose,
        stays=[stay.pk for stay in stays if _noon(stay.starts_on) < founded], by=officer, at=founded,
    )  # fmt: skip
    rows, away = list(members(group)), out_of_reach(station)
    here = [row for row in rows if row.person_id not in away]  # nobody leads whom nobody reaches
    if plan.is_led and here:
        name_leader(group, here[number % len(here)], by=officer, at=founded + timedelta(hours=3))
    for count, (topic, days_ago) in enumerate(_days(plan)):
        held = at - timedelta(days=days_ago)
        if held.date() > founded.date():
            came = [row for row in rows[count % 2 :] if away.get(row.person_id, held.date()) >= held.date()]
            _meet(group, topic, held, [row.pk for row in came], officer)
    if plan.is_led and number % 2 == 0:
        day = (at + timedelta(days=9)).date()
        plan_activity(group, held_on=day, topic=COMING, place=_PLACE, by=officer, at=at)
    _succeed(group, stays, officer, at)
    return 1


def _succeed(group: FunctionalGroup, stays: list[Stay], officer: User, at: datetime) -> None:
    """The member whom one may be leads the group of her trade, so that the leader's page is seen from the inside.

    She suggested two activities: one was declined, one waits for the station.
    """
    stay = next((stay for stay in stays if stay.person.user), None)
    joined = at - timedelta(days=10)
    if stay is None or stay.starts_on >= joined.date():
        return
    leader = stay.person.user
    add_members(group, [stay.pk], by=officer, at=joined)
    name_leader(group, GroupMember.objects.get(group=group, stay=stay, ends_on=None), by=officer, at=joined)
    asked = joined + timedelta(days=1)
    outing = suggest_activity(
        group, held_on=(asked + timedelta(days=4)).date(), topic="到三沙镇参观渔港", place="三沙镇",
        reason="了解家乡海产品进城的路子。", by=leader, at=asked,
    )  # fmt: skip
    decline(outing, reason="当天站里安排了集中学习，请另选日期。", by=officer, at=asked + timedelta(days=1))
    suggest_activity(
        group, held_on=(at + timedelta(days=6)).date(), topic="餐饮店用火用气安全互查", place="松城街道龙津社区",
        reason="入冬用气多，想请站里约上消防的同志一起看几家店。", by=leader, at=at - timedelta(hours=2),
    )  # fmt: skip


def _meet(group: FunctionalGroup, topic: str, held: datetime, attended: list, officer: User) -> None:
    day, before, after = timezone.localdate(held), held - timedelta(days=5), held + timedelta(hours=5)
    said = {"held_on": day, "topic": topic, "place": _PLACE}
    meeting = plan_activity(group, **said, by=officer, at=before)
    record_activity(
        meeting, **said, record="按分工开展，服务情况已向工作站报告。", attended=attended, by=officer, at=after
    )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _days(plan: _Group) -> Iterator[tuple[str, int]]:
    last = 12 if plan.is_led else 70
    for number, topic in enumerate(reversed(plan.topics)):
        yield topic, last + 30 * number
