"""What the demonstration shows of sites: hours, rooms and functions of all twelve stations. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone, translation

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stations.sites import actions
from waystation.stations.sites.actions import Said
from waystation.stations.sites.models import ChecklistItem, Room, Schedule, SpecialDay, Station
from waystation.stations.sites.week import read_week
from waystation.web.ningde.cast import STATIONS

SOURCE = "市委组织部关于规范驻城（镇）党建工作站功能设置的通知（示例）"
SUMMER = "周一至周五 8:00–12:00，15:00–18:00；周六 9:00–11:30"
REMARK = "节假日来访请先电话联系"
ASKED_DAYS = 240  # since when the checklist is asked
FIRST_DAYS = 200  # when the stations stated it for the first time
REVIEW_DAYS = 45  # when most of them stated it again


@dataclass(frozen=True)
class RoomPlan:
    """A room: its function, how many it holds, what stands in it, to whom it is open, and its own hours."""

    name: str
    function: str
    capacity: int | None
    equipment: str
    open_to: str
    hours: str = ""


CENTRE_ROOMS = (
    RoomPlan("便民服务大厅", "service", 40, "党务、综治、民政、医保窗口各1个，叫号机，填单台，无障碍通道", "everybody"),
    RoomPlan("流动党员报到登记处", "education", 6, "登记台2个，身份证读卡器，打印机", "members"),
    RoomPlan("议事会议室", "office", 24, "会议桌椅，投影，视频会议终端", "partners"),
    RoomPlan("谈心谈话室", "office", 4, "沙发，茶几", "members"),
    RoomPlan("党员教育培训室", "education", 60, "远程教育终端，投影，座椅60把", "partners"),
    RoomPlan("党员活动室", "education", 40, "党旗党徽，制度牌，座椅40把", "members"),
    RoomPlan(
        "图书阅览室", "culture", 30, "图书2600册，报刊18种，老花镜", "everybody",
        "周一至周五 8:30–12:00，14:30–20:30；周六至周日 9:00–17:00",
    ),
    RoomPlan("文体活动室", "culture", 20, "乒乓球台2张，象棋，书画桌", "everybody", "每天 9:00–11:30，14:30–21:00"),
)  # fmt: skip
TOWNSHIP_ROOMS = (
    RoomPlan("便民服务窗口", "service", 12, "综合窗口2个，填单台", "everybody"),
    RoomPlan("值班办公室", "office", 6, "办公桌4张，电话，打印机", "staff"),
    RoomPlan("议事会议室", "office", 18, "会议桌椅，投影", "partners"),
    RoomPlan("党员活动室", "education", 30, "党旗党徽，制度牌，电视", "members"),
    RoomPlan("图书角", "culture", 10, "图书600册，报刊6种", "everybody"),
)
# A township's station shares what it lacks; every second one has a room for culture and sport.
EXTRA_ROOM = RoomPlan("文体活动室", "culture", 16, "乒乓球台1张，象棋", "everybody", "每天 9:00–11:30，14:30–20:30")

# What shows each item of the usual checklist, in its order.
EVIDENCE = (
    "一楼大厅设党务、综治、民政、医保窗口，经办人挂牌",
    "服务清单和流程上墙，附二维码",
    "有代办员2名，代办登记簿在窗口",
    "值班表上墙，每日两人",
    "可坐二十人以上，有投影",
    "独立房间，与办公室分开",
    "报到登记处设在大厅入口",
    "远程教育终端已接通，每月两次",
    "制度上墙，每月主题党日使用",
    "档案专柜一组，专人保管钥匙",
    "图书报刊每季度更新",
    "器材完好，晚间和周末开放",
)


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to all stations, that of Xiapu above all; returns how much was added."""
    city = User.objects.get(username="city")
    stations = _stations()
    with translation.override("zh-hans"):
        added = _checklist(city, at)
        for number, (key, one) in enumerate(stations.items()):
            head = User.objects.filter(username=f"{key}.head").first()
            added += _rooms(one, number, by=head, at=at)
            added += _functions(one, number, by=head, at=at)
        added += _days(stations, by=city, at=at)
        added += _summer(Station.objects.select_related("unit").get(unit=station), at=at)
    return added


def _morning(at: datetime, days: int) -> datetime:
    """Half past nine, that many days before."""
    return timezone.localtime(at - timedelta(days=days)).replace(hour=9, minute=30, second=0, microsecond=0)


def _stations() -> dict[str, Station]:
    """The stations of the cast by their keys."""
    found = {}
    for plan in STATIONS:
        rows = Station.objects.in_use().select_related("unit", "host_town")
        found[plan.key] = rows.get(unit__name=plan.name, unit__parent__code=plan.parent)
    return found


def _checklist(by: User, at: datetime) -> int:
    if ChecklistItem.objects.exists():
        return 0
    then = _morning(at, ASKED_DAYS)
    return len(actions.adopt_usual_checklist(starts_on=timezone.localdate(then), source=SOURCE, by=by, at=then))


def _rooms(station: Station, number: int, *, by, at: datetime) -> int:
    if Room.objects.filter(station=station).exists():
        return 0
    is_centre = station.kind == Station.Kind.COUNTY_CENTRE
    plans = CENTRE_ROOMS if is_centre else TOWNSHIP_ROOMS + ((EXTRA_ROOM,) if number % 2 else ())
    then = _morning(at, FIRST_DAYS + 10)
    for plan in plans:
        room = actions.open_room(
            station, name=plan.name, function=plan.function, capacity=plan.capacity, equipment=plan.equipment,
            open_to=plan.open_to, note="", opened_on=timezone.localdate(then), by=by, at=then,
        )  # fmt: skip
        if plan.hours:
            actions.set_hours(
                station, read_week(plan.hours), starts_on=timezone.localdate(then), room=room, by=by, at=then
            )
    if is_centre:
        _a_room_that_was_closed(station, by=by, at=at)
    return len(plans)


def _a_room_that_was_closed(station: Station, *, by, at: datetime) -> None:
    then = _morning(at, FIRST_DAYS)
    room = actions.open_room(
        station, name="临时会议室", function="office", capacity=12, equipment="折叠桌椅", open_to="staff", note="",
        opened_on=timezone.localdate(then), by=by, at=then,
    )  # fmt: skip
    later = _morning(at, REVIEW_DAYS)
    actions.close_room(room, on=timezone.localdate(later), reason="改为党员教育培训室", by=by, at=later)


def _functions(station: Station, number: int, *, by, at: datetime) -> int:
    """Stated twice: at first more was missing; since then some of it came and some was planned."""
    if station.statements.exists():
        return 0
    items = list(ChecklistItem.objects.in_force(timezone.localdate(at)).order_by("position"))
    is_centre = station.kind == Station.Kind.COUNTY_CENTRE
    lacks = {(number * 3 + step) % len(items) for step in range(2 if is_centre else 4)}
    first = {
        item: Said("missing", None, "") if place in lacks else Said("present", None, EVIDENCE[place % len(EVIDENCE)])
        for place, item in enumerate(items)
    }
    then, review = _morning(at, FIRST_DAYS), _morning(at, REVIEW_DAYS)
    added = len(actions.state_functions(station, first, by=by, at=then))
    again = {}
    for step, place in enumerate(sorted(lacks)):
        # One of them came, the next is planned (with some the day has passed), the rest is still missing.
        if step == 0:
            again[items[place]] = Said("present", None, EVIDENCE[place % len(EVIDENCE)])
        elif step == 1:
            away = 20 if number % 4 == 2 else 90 + number * 7
            planned = timezone.localdate(review) + timedelta(days=away)
            again[items[place]] = Said("planned", planned, "已列入年度建设计划，经费已落实")
    if number != len(STATIONS) - 1:
        added += len(actions.state_functions(station, again, by=by, at=review))
    return added


def _days(stations: dict[str, Station], *, by, at: datetime) -> int:
    """New Year's Day, for all of them."""
    if SpecialDay.objects.exists():
        return 0
    first = date(timezone.localdate(at).year + 1, 1, 1)
    made = actions.set_special_days(
        stations.values(), first=first, last=first + timedelta(days=2), openings=(), reason="元旦", by=by, at=at
    )
    return len(made)


def _summer(station: Station, *, at: datetime) -> int:
    """Summer hours of the station that the demonstration shows, and a remark."""
    if Schedule.objects.filter(station=station, room=None).count() > 1:
        return 0
    head = User.objects.get(username="xiapu.head")
    starts_on = date(timezone.localdate(at).year + 1, 7, 1)
    actions.set_hours(station, read_week(SUMMER), starts_on=starts_on, by=head, at=at)
    actions.edit_station(
        station, host_town=station.host_town, communities=station.communities.all(), address=station.address,
        phone=station.phone, other_phone="0593-0000213", hours_note=REMARK, services=station.services, by=head, at=at,
    )  # fmt: skip
    return 2
