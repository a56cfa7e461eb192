"""What the demonstration shows of education: a plan, the year's organization life, hours, study brought home."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.contacts.actions import excuse_member
from waystation.stewardship.education import actions
from waystation.stewardship.education.models import Attendance, Kind, Occasion, Plan, PlanItem
from waystation.stewardship.education.queries.packs import excused_stays
from waystation.stewardship.education.queries.plans import due_day
from waystation.stewardship.grids.models import Grid
from waystation.stewardship.groups.models import FunctionalGroup
from waystation.stewardship.people.models import Person, Stay
from waystation.web.ningde.parts.contacts import out_of_reach

MONTHS_BACK = 11
PLACE = "驿站党群活动室"
THEMES = (
    "重温入党志愿书", "学习党章和党员教育管理条例", "学雷锋志愿服务进社区", "清明缅怀闽东革命先烈",
    "“五一”走访务工党员", "防汛防台风党员在行动", "“七一”主题党日暨过政治生日",
    "高温慰问一线工友", "助学圆梦结对帮扶", "国庆爱国主义教育",
    "消防安全宣传进工地", "年度学习交流会",
)  # fmt: skip
LECTURES = {
    1: "弘扬“滴水穿石”精神",
    2: "流动党员如何发挥作用",
    3: "习近平总书记在宁德工作期间的实践",
    4: "基层治理与党员担当",
}
MEETINGS = {1: "部署全年工作", 2: "讨论半年工作", 3: "通报党员教育管理情况", 4: "总结全年工作"}
GROUP_TOPICS = ("网格走访情况交流", "学习条例、谈心交流", "安全生产提醒", "返乡党员座谈")
PACKS = (("第三季度学习包", 70, 45), ("第四季度学习包", 25, -6))  # days ago: issued, to be brought by
STUDIES = ("自学《党员教育管理条例》", "共产党员网专题课程")
MATERIALS = "《中国共产党章程》大字本\n党员教育管理条例问答\n本季主题党日图文简报"
MINUTES = "围绕“%s”开展学习讨论，与会党员结合务工实际作了交流发言。"
REASONS = ("当班，无法调休", "出海作业", "返乡办事", "外地出差", "孩子家长会", "病假")
Mark = Attendance.Mark


@transaction.atomic
def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    today = timezone.localdate(at)
    if Plan.objects.filter(unit=station, year=today.year).exists():
        return 0
    head, officer = (User.objects.get(username=f"xiapu.{name}") for name in ("head", "officer"))
    _excuse(station, officer, at)
    plan = _plan(station, head, officer, at)
    added = 1 + _months(station, plan, officer, today)
    added += _grids(station, officer, today)
    added += _groups(plan, officer, today)
    added += _class(station, officer, today)
    added += _branch(today)
    added += _packs(station, officer, today)
    added += _records(station, officer, at)
    _open_roll(station, officer, today)
    actions.open_items_near(at)
    return added + 1


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _excuse(station: Unit, officer: User, at: datetime) -> None:
    """The three eldest are excused, unless somebody is excused already."""
    today = timezone.localdate(at)
    if excused_stays(station, today).exists():
        return
    stays = Stay.objects.open().filter(station=station).exclude(person__born="").select_related("person")
    for stay in stays.order_by("person__born", "pk")[:3]:
        day = max(stay.starts_on, today - timedelta(days=300))
        excuse_member(stay.person, reason="aged", starts_on=day, by=officer, at=_noon(day))


def _plan(station: Unit, head: User, officer: User, at: datetime) -> Plan:
    """The plan of the year with topics, approved by the head at its beginning."""
    year = timezone.localdate(at).year
    begun = _noon(date(year, 1, 1))
    plan = actions.draft_plan(unit=station, year=year, by=officer, at=begun)
    for item in plan.items.order_by("month", "pk"):
        topic = {
            Kind.THEME_DAY: THEMES[item.month - 1],
            Kind.LECTURE: LECTURES[item.quarter],
            Kind.MEMBERS: MEETINGS[item.quarter],
        }.get(item.kind, "")
        day = date(year, item.month, 20) if item.kind == Kind.THEME_DAY else None
        actions.save_item(
            plan, item, kind=item.kind, month=item.month, day=day, topic=topic, lead="罗春生", by=officer, at=begun
        )
    grid = Grid.objects.filter(station=station).select_related("unit").order_by("code").first()
    actions.save_item(plan, kind=Kind.GROUP, month=12, topic="网格党小组年度小结", grid=grid.unit, by=officer, at=begun)
    actions.save_item(
        plan,
        kind=Kind.STUDY,
        month=12,
        topic="海参养殖技术与安全",
        group=FunctionalGroup.objects.open().filter(station=station, name="水产养殖功能党小组").first(),
        group_title="海参养殖功能党小组",
        by=officer,
        at=begun,
    )
    for group, month, day, topic in _of_groups(station, timezone.localdate(at)):
        actions.save_item(
            plan, kind=Kind.THEME_DAY, month=month, day=day, topic=topic, group=group, by=officer, at=begun
        )
    return actions.approve_plan(plan, by=head, at=begun)


def _of_groups(station: Unit, today: date) -> Iterator[tuple]:
    """What the groups with a leader plan: a Party day past that was held, and one to come, both within the year."""
    groups = FunctionalGroup.objects.open().filter(station=station, leaders__ends_on=None, leaders__isnull=False)
    for number, group in enumerate(groups.order_by("name", "pk")):
        past, to_come = today - timedelta(days=18 + 3 * number), today + timedelta(days=9 + number)
        if past.year == today.year and past > group.established_on:
            yield group, past.month, past, "冬季主题党日：学习党的二十届四中全会精神"
        if to_come.year == today.year:
            yield group, to_come.month, to_come, "冬季主题党日：年度总结交流"


def _groups(plan: Plan, officer: User, today: date) -> int:
    """What the groups held for their items of the plan; the last of them has not got round to it."""
    due = plan.items.filter(group_key__isnull=False, day__lt=today).order_by("-day", "pk")
    items = list(due)[:-1]
    for item in items:
        group = FunctionalGroup.objects.get(pk=item.group_key)
        _hold(plan.unit, item.kind, item.day, item.topic, "2", officer, item=item, group=group)
    return len(items)


def _months(station: Unit, plan: Plan, officer: User, today: date) -> int:
    """What was held for the items of the plan in the last months; one lecture was not held, so that a gap is seen."""
    first = today - timedelta(days=31 * MONTHS_BACK)
    added, lectures = 0, 0
    items = plan.items.filter(kind__in=[Kind.THEME_DAY, Kind.LECTURE, Kind.MEMBERS], group_key=None)
    items = items.order_by("month", "pk")
    for item in items:
        day = item.day or date(plan.year, item.month, 8 if item.kind == Kind.LECTURE else 12)
        if not first <= day <= today - timedelta(days=3) or due_day(item, plan.year) < first:
            continue
        lectures += item.kind == Kind.LECTURE
        if item.kind == Kind.LECTURE and lectures == 3:
            continue
        hours = {Kind.THEME_DAY: "3", Kind.LECTURE: "2", Kind.MEMBERS: "2"}[item.kind]
        _hold(station, item.kind, day, item.topic, hours, officer, item=item)
        added += 1
    return added


def _hold(
    unit: Unit,
    kind: str,
    day: date,
    topic: str,
    hours: str,
    by: User,
    *,
    item: PlanItem | None = None,
    group: FunctionalGroup | None = None,
) -> Occasion:
    """An occasion with its roll, marked as members come and stay away, and closed the same day."""
    at = _noon(day)
    made = actions.enter_occasion(
        unit=unit, kind=kind, held_on=day, topic=topic, hours=Decimal(hours), place=PLACE, lead="罗春生",
        recorder="曾美华", minutes=MINUTES % topic, item=item, group=group, by=by, at=at,
    )  # fmt: skip
    lines, keys = {Mark.PRESENT: [], Mark.LEAVE: [], Mark.ABSENT: []}, {}
    away = out_of_reach(Unit.objects.get(pk=unit.parent_id) if unit.kind == Unit.Kind.GRID else unit)
    for line in made.roll.filter(is_excused=False).select_related("person").order_by("person__name_key", "pk"):
        gone = away.get(line.person_id, day) < day
        lines[Mark.ABSENT if gone else _mark(line.person, day)].append(line.pk)
        keys[line.pk] = f"{line.person.name_key}{day}"
    for mark, ids in lines.items():
        if ids:
            reasons = {pk: random.Random(f"{keys[pk]}?").choice(REASONS) for pk in ids} if mark == Mark.LEAVE else {}
            actions.mark(made, mark, lines=ids, reasons=reasons, by=by, at=at)
    return actions.close_roll(made, by=by, at=at) if any(lines.values()) else made


def _mark(person: Person, day: date) -> str:
    """How the member behaves that day: the same at each call, some more eager than others."""
    eager = random.Random(person.name_key).uniform(0.55, 1.0)
    chance = random.Random(f"{person.name_key}{day}").random()
    if chance < eager:
        return Mark.PRESENT
    return Mark.LEAVE if chance < eager + (1 - eager) * 0.7 else Mark.ABSENT


def _grids(station: Unit, officer: User, today: date) -> int:
    """Group meetings of the first two grids in the last months."""
    added = 0
    for grid in Grid.objects.filter(station=station).select_related("unit").order_by("code")[:2]:
        for back, topic in enumerate(GROUP_TOPICS, start=1):
            day = (today.replace(day=15) - timedelta(days=30 * back)).replace(day=16)
            if grid.assignments.filter(starts_on__lte=day).exists():
                _hold(grid.unit, Kind.GROUP, day, topic, "1.5", officer)
                added += 1
    return added


def _class(station: Unit, officer: User, today: date) -> int:
    """A training class of two days."""
    day = today - timedelta(days=100)
    if not Stay.objects.filter(station=station, starts_on__lte=day).exists():
        return 0
    _hold(station, Kind.CLASS, day, "流动党员集中培训班（两天）", "12", officer)
    return 1


def _branch(today: date) -> int:
    """A members' meeting of an origin branch."""
    secretary = User.objects.get(username="baiyang.branch")
    branch = Unit.objects.get(kind=Unit.Kind.BRANCH, parent__code="350921203201")
    _hold(branch, Kind.MEMBERS, today - timedelta(days=60), "通报外出党员在城情况", "2", secretary)
    return 1


def _packs(station: Unit, officer: User, today: date) -> int:
    """A pack that was brought to everybody, and one of which one delivery is made."""
    added = 0
    for number, (title, issued, due) in enumerate(PACKS):
        day = today - timedelta(days=issued)
        stays = [stay for stay in excused_stays(station, day) if stay.starts_on <= day]
        if not stays:
            continue
        pack = actions.issue_pack(
            unit=station, title=title, materials=MATERIALS, issued_on=day, due_on=today - timedelta(days=due),
            by=officer, at=_noon(day),
        )  # fmt: skip
        rows = list(pack.deliveries.order_by("pk"))
        for row in rows if number == 0 else rows[:1]:
            brought = day + timedelta(days=9)
            actions.deliver(
                row, carrier="何秀梅", delivered_on=brought, hours=Decimal(2), feedback="希望多些大字版和音频材料。",
                by=officer, at=_noon(brought),
            )  # fmt: skip
        added += 1
    return added


def _records(station: Unit, officer: User, at: datetime) -> int:
    """Hours from home and the net: some entered by the officer, two reported by the member."""
    today, added = timezone.localdate(at), 0
    people = Person.objects.filter(station=station).order_by("name_key", "pk")
    for number, person in enumerate(people[:12]):
        if person.user_id:
            continue
        actions.record_study(
            person, source="online" if number % 2 else "home", learnt_on=today - timedelta(days=20 + number),
            hours=Decimal(2), title=STUDIES[number % 2], note="学习笔记已核对", by=officer, at=at,
        )  # fmt: skip
        added += 1
    member = User.objects.get(username="member")
    for days, title in ((2, "自学党的创新理论读本"), (5, "收看远程教育节目")):
        actions.report_study(
            member.person, source="home", learnt_on=today - timedelta(days=days), hours=Decimal("1.5"), title=title,
            note="学习笔记三页", by=member, at=at,
        )  # fmt: skip
        added += 1
    return added


def _open_roll(station: Unit, officer: User, today: date) -> None:
    """Yesterday's study, its roll still to be marked."""
    day = today - timedelta(days=1)
    actions.enter_occasion(
        unit=station, kind=Kind.STUDY, held_on=day, topic="学习贯彻上级会议精神", hours=Decimal("1.5"), place=PLACE,
        lead="罗春生", recorder="曾美华", by=officer, at=_noon(day),
    )  # fmt: skip
