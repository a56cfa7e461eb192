"""What the demonstration shows of duty: the staff of a station, two months of its rota, and the baton."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from waystation.accounts.models import User, security_stamp
from waystation.organizations.actions import grant_mandate
from waystation.organizations.models import Unit
from waystation.stations.duty.actions.handovers import Settled, check_in, close_shift
from waystation.stations.duty.actions.items import hand_item, open_item, park_item
from waystation.stations.duty.actions.postings import ask_leave, enter_leave, open_posting
from waystation.stations.duty.actions.rotas import add_pattern, make_rota, publish_rota
from waystation.stations.duty.actions.turns import SwapRefused, accept_swap, ask_swap
from waystation.stations.duty.models import Handover, Leave, OpenItem, Posting, Rota, Shift, ShiftPattern, Swap, Turn
from waystation.stations.duty.queries.days import first_of_month, month_before, next_month
from waystation.stations.duty.queries.holding import in_hand, takers, unread_briefs

ALL = ["party", "order", "civil", "insurance", "labour"]
# Sign-in name, invented name, kind of posting, who sends, windows, most shifts a week and a month.
STAFF = (
    ("xiapu.head", "", "full_time", "霞浦县委组织部", ALL, 5, 16),
    ("xiapu.officer", "", "full_time", "霞浦县委组织部", ALL, 6, 24),
    ("xiapu.officer2", "", "full_time", "霞浦县委组织部", ["party", "civil", "labour"], 6, 24),
    ("xiapu.sent1", "雷志敏", "sent", "柏洋乡", ["party", "order", "insurance"], 4, 14),
    ("xiapu.sent2", "吴美玲", "sent", "崇儒畲族乡", ["party", "civil", "insurance"], 4, 14),
    ("xiapu.sent3", "蓝建平", "sent", "水门畲族乡", ["party", "order", "labour"], 4, 14),
    ("xiapu.village1", "谢金旺", "village", "柏洋乡柏洋村", ["party", "civil"], 3, 8),
    ("xiapu.village2", "钟秀珠", "village", "崇儒畲族乡溪边村", ["party", "civil"], 3, 8),
)
PATTERN = (
    ("上午班", time(8, 30), time(12), range(5), False, 2, ["party", "civil", "insurance"]),
    ("下午班", time(14, 30), time(17, 30), range(5), False, 2, ["party", "labour"]),
    ("周末班", time(9), time(11, 30), (5,), False, 1, ["party"]),
    ("节日班", time(9), time(11, 30), (), True, 1, ["party"]),
)
TITLES = (
    ("contact", "回访近一个月未联系的流动党员", "已电话回访，情况正常"),
    ("service", "代办柏洋乡党员医保异地备案", "材料齐全，已在窗口办结"),
    ("arrival", "补齐报到登记表上缺的联系电话", "已补登"),
    ("transfer", "催问组织关系介绍信回执", "对方党支部已寄出回执"),
    ("life", "通知松城片主题党日时间地点", "已逐一通知"),
    ("education", "整理本月学习签到表", "已归档"),
    ("talk", "约谈新报到党员", "已约定时间并完成谈话"),
    ("card", "登记活动证补发申请", "已报县委组织部"),
    ("dues", "核对二季度党费缴纳名单", "名单已核对"),
    ("other", "检修服务窗口打印机", "已修好"),
)
WAITING = (
    ("service", "代办失业登记：缺身份证复印件", 2),
    ("contact", "龙津社区两名党员电话打不通，换时间再打", 1),
    ("transfer", "三沙镇来函核实党员去向", 4),
    ("talk", "与返乡创业党员约谈", 6),
    ("other", "县委组织部要本月值班统计", -1),
)
NOTES = (
    "上午来访6人，医保备案2件已收，下午县里来人检查台账，请提前开会议室。",
    "打印机缺粉，已报修；柏洋乡来电，周五有三名党员来报到。",
    "窗口正常。钥匙在一号柜，签到表在蓝色文件夹里。",
    "有一名党员约下午三点来谈话，请接待。",
)  # fmt: skip
SOLVER_SECONDS = 2


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    if Posting.objects.filter(station=station).exists():
        return 0
    this = first_of_month(timezone.localdate(at))
    last = month_before(this)
    _post_staff(station, month_before(last), at)
    for month in (last, this):
        _rota(station, month)
    _live_through(station, at)
    _ask(station, at)
    models = (Posting, ShiftPattern, Shift, Turn, Leave, Swap, Handover, OpenItem)
    return sum(model.objects.count() for model in models)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _post_staff(station: Unit, since: date, at: datetime) -> None:
    begins = _morning(since)
    for username, name, kind, sent_by, windows, week, month in STAFF:
        user = User.objects.filter(username=username).first() or _new_user(username, name, station, at)
        open_posting(
            station=station, user=user, kind=kind, sent_by=sent_by, windows=windows, most_week=week,
            most_month=month, starts_on=since, by=None, at=begins,
        )  # fmt: skip
    for name, start, end, weekdays, on_holidays, staff, windows in PATTERN:
        add_pattern(
            station=station, name=name, begins=start, ends=end, weekdays=weekdays, on_holidays=on_holidays,
            staff=staff, windows=windows, starts_on=since, by=None, at=begins,
        )  # fmt: skip


def _new_user(username: str, name: str, station: Unit, at: datetime) -> User:
    """An invented colleague who is entered by switching only: nobody knows a password."""
    user = User(username=username, full_name=name, created_at=at, password_set_at=at, security_stamp=security_stamp())
    user.set_unusable_password()
    user.save()
    day = timezone.localdate(at) - timedelta(days=120)
    grant_mandate(user=user, role="station_officer", unit=station, starts_on=day, by=None, at=at)
    return user


def _rota(station: Unit, month: date) -> None:
    """Drawn up and published in the last days of the month before, as a station does it."""
    then = _morning(month - timedelta(days=6))
    village = Posting.objects.get(station=station, user__username="xiapu.village1")
    days = {"starts_on": month + timedelta(days=9), "ends_on": month + timedelta(days=13)}
    head = User.objects.get(username="xiapu.head")
    enter_leave(village, reason="回村参加换届工作", by=head, at=then, **days)
    rota, _made = Rota.objects.get_or_create(station=station, month=month)
    make_rota(rota, by=head, at=then, seconds=SOLVER_SECONDS)
    rota.refresh_from_db()
    publish_rota(rota, by=head, at=then + timedelta(hours=2))


def _live_through(station: Unit, at: datetime) -> None:
    """Every shift until now as it was held: items came in, were done, handed on or parked."""
    titles = _endless(TITLES)
    past = Shift.objects.published().filter(station=station, ends_at__lte=at).order_by("starts_at")
    for number, shift in enumerate(past):
        turns = list(shift.turns.filter(removed_at=None).select_related("user"))
        if not turns:
            continue
        start, end = shift.starts_at - timedelta(minutes=8), shift.ends_at + timedelta(minutes=4)
        for turn in turns:
            read = list(unread_briefs(station).values_list("pk", flat=True))
            check_in(turn, read=read, by=turn.user, at=start)
        opened = start + timedelta(minutes=40)
        due_on = shift.day + timedelta(days=number % 5)
        for topic, title, _outcome in (next(titles), next(titles)):
            open_item(unit=station, topic=topic, title=title, due_on=due_on, by=None, at=opened)
        following = takers(station, at=end, besides=shift).filter(starts_at__gt=shift.starts_at).first()
        _close(shift, following, number, by=turns[0].user, at=end)


def _endless(rows: tuple) -> Iterator:
    while True:
        yield from rows


def _close(shift: Shift, following: Shift | None, number: int, *, by, at: datetime) -> None:
    """Most is done on the shift; some goes on to the next, and a little waits for a day."""
    outcomes = {title: outcome for _topic, title, outcome in TITLES}
    day = timezone.localdate(at)
    settled = []
    for place, item in enumerate(in_hand(shift, at=at, day=day).select_related("unit").order_by("opened_at")):
        if (number + place) % 11 == 10:
            settled.append(Settled(item, until=day + timedelta(days=2)))
        elif (number + place) % 4 == 3 and following is not None:
            settled.append(Settled(item, to=following, note="对方下一班时间方便"))
        else:
            settled.append(Settled(item, outcome=outcomes.get(item.title, "已办结")))
    close_shift(shift, settled=settled, rest_to=following, note=NOTES[number % len(NOTES)], by=by, at=at)


def _ask(station: Unit, at: datetime) -> None:
    """What stands open now: items, leave to decide, and a swap that waits for an answer."""
    today = timezone.localdate(at)
    items = [
        open_item(unit=station, topic=topic, title=title, due_on=today + timedelta(days=days), by=None, at=at)
        for topic, title, days in WAITING
    ]
    following = takers(station, at=at).filter(starts_at__gt=at).first()
    if following is not None:
        hand_item(items[1], to=following, note="上午占线", by=None, at=at)
    park_item(items[3], until=today + timedelta(days=3), by=None, at=at)
    officer = Posting.objects.select_related("user").get(station=station, user__username="xiapu.sent1")
    first = next_month(first_of_month(today)) + timedelta(days=4)
    ask_leave(officer, starts_on=first, ends_on=first + timedelta(days=2), reason="体检", by=officer.user, at=at)
    _ask_swap(station, at)


def _ask_swap(station: Unit, at: datetime) -> None:
    """One request has been accepted, and one for another shift waits for an answer."""
    asked = User.objects.get(username="xiapu.officer")
    turns = Turn.objects.live().published().filter(shift__station=station, starts_at__gt=at).exclude(user=asked)
    taken = None
    for turn in turns.select_related("shift", "user").order_by("starts_at"):
        try:
            swap = ask_swap(turn, of=asked, reason="家中有事，请帮忙代班", by=turn.user, at=at)
        except SwapRefused:
            continue
        if taken is not None:
            return
        taken = accept_swap(swap, by=asked, at=at)
