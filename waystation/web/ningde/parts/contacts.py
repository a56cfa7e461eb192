"""What the demonstration shows of contacts: months of calls and visits, excused and lost members, the weekly five."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.contacts import actions
from waystation.stewardship.contacts.actions import Said
from waystation.stewardship.contacts.models import Contact, ContactState, Excuse, LostContact, WeeklyLink, WeeklyMark
from waystation.stewardship.people.models import Person, Stay

_NOTES = {
    "phone": (
        "近况平稳，工作照旧",
        "问了党费交纳和参加主题党日的安排",
        "在外务工顺利，家中老人托付邻居照看",
        "提醒下月学习",
    ),
    "wechat": ("转发学习材料，已阅", "发来工地照片，报平安", "询问组织关系转接办法"),
    "visit": ("到店里看望，生意尚可", "入户走访，送去学习资料", "看望并了解住房情况"),
    "meeting": ("参加主题党日", "参加支部学习会"),
    "met": ("在市场碰面，聊了近况",),
}
_CHANNELS = ("phone", "phone", "phone", "wechat", "wechat", "visit", "meeting", "met")
_IN_VAIN = "电话停机或无人接听"
_EXCUSED = 3
_QUIET = (6, 9, 14, 21, 27)  # members nobody has reached for a while
_SEARCHING, _SUSPENDED = 4, 12


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    stays = list(Stay.objects.open().filter(station=station).select_related("person__home").order_by("person__born"))
    done = 0
    if len(stays) > 1 and not Contact.objects.filter(person__station=station).exists():
        done += _log_months(stays, station, at)
        done += _excuse(stays[:_EXCUSED], station, at)
        done += _lose(stays, station, at)
    actions.renew_states([stay.person_id for stay in stays])
    return done + _weekly(station, at) + _links(station, at)


def out_of_reach(station: Unit) -> dict:
    """Since which day nobody has reached each of those whose telephone is off; they come to no meeting either."""
    tried = Contact.objects.filter(person__station=station, note=_IN_VAIN).values("person")
    reached = Contact.objects.filter(person__in=tried, is_real=True).order_by()
    return dict(reached.values("person").annotate(day=Max("contacted_on")).values_list("person", "day"))


def _by(username: str) -> User:
    return User.objects.get(username=username)


def _led_by(leader: User, at: datetime) -> Unit | None:
    """The grid that the leader is in charge of; none once the term is over."""
    held = Mandate.objects.in_force(timezone.localdate(at)).filter(user=leader, role="grid_leader")
    mandate = held.select_related("unit").first()
    return mandate.unit if mandate else None


def _speakers(stay: Stay, station: Unit) -> list[tuple[User, Unit]]:
    """Who calls a member: an officer, the secretary of the branch at home, the leader of the grid."""
    found = [(_by("xiapu.officer"), station), (_by("xiapu.officer2"), station)]
    units = Unit.objects.filter(path__in=[stay.person.home_path, stay.person.stay_path])
    held = Mandate.objects.filter(unit__in=units, role__in=("branch_secretary", "grid_leader"), ends_on=None)
    return found + [(mandate.user, mandate.unit) for mandate in held.select_related("user", "unit")]


def _log_months(stays: list[Stay], station: Unit, at: datetime) -> int:
    chance, done, near = random.Random(350921001), 0, _led_by(_by("xiapu.grid1"), at).path
    special = {_SEARCHING: 150, _SUSPENDED: 430} | {number: 62 + number for number in _QUIET}
    others = [n for n, stay in enumerate(stays) if stay.person.stay_path == near and n > _EXCUSED and n not in special]
    special |= {number: 41 + 9 * place for place, number in enumerate(others[:3])}  # for the five of the first grid
    for number, stay in enumerate(stays):
        speakers = _speakers(stay, station)
        silent = special.get(number, 0)
        first = max(stay.starts_on, (at - timedelta(days=480)).date())
        day = first + timedelta(days=chance.randint(1, 6))
        while day <= timezone.localdate(at) - timedelta(days=silent):
            by, unit = chance.choice(speakers)
            _one(stay.person, day, chance, by, unit, at)
            done += 1
            day += timedelta(days=chance.randint(16, 34))
        if silent:
            done += _tried_in_vain(stay.person, chance, speakers[0], silent, at)
    return done


def _moment(day: date, chance: random.Random, at: datetime) -> datetime:
    hour = datetime.combine(day, datetime.min.time()) + timedelta(hours=chance.randint(9, 17))
    return min(timezone.make_aware(hour), at)


def _one(person: Person, day: date, chance: random.Random, by: User, unit: Unit, at: datetime) -> None:
    channel = chance.choice(_CHANNELS)
    reached = chance.random() < 0.9 or channel in ("visit", "meeting", "met")
    note = chance.choice(_NOTES[channel]) if reached else "无人接听"
    said = Said(channel, "reached" if reached else "not_reached", day, note=note)
    actions.log_contact(person, said, unit=unit, by=by, at=_moment(day, chance, at))


def _tried_in_vain(person: Person, chance: random.Random, speaker, silent: int, at: datetime) -> int:
    by, unit = speaker
    for days in range(silent - 20, 10, -50):
        day = (at - timedelta(days=days)).date()
        said = Said("phone", "not_reached", day, note=_IN_VAIN)
        actions.log_contact(person, said, unit=unit, by=by, at=_moment(day, chance, at))
    return len(range(silent - 20, 10, -50))


def _excuse(stays: list[Stay], station: Unit, at: datetime) -> int:
    """The three eldest: one to be looked at again, two visited lately, one whose household needs something."""
    officer, facts = _by("xiapu.officer"), ("年近九旬，腿脚不便", "中风后居家休养", "听力视力衰退，由子女照料")
    for number, stay in enumerate(stays):
        moment = at - timedelta(days=400 - 130 * number)
        reason = ("immobile", "ill", "aged")[number]
        starts_on = timezone.localdate(moment)
        if not Excuse.objects.open().filter(person=stay.person).exists():
            actions.excuse_member(
                stay.person, reason=reason, starts_on=starts_on, facts=facts[number], by=officer, at=moment
            )
        if number:
            day = timezone.localdate(at) - timedelta(days=20 * number)
            said = Said(
                "visit", "reached", day, note="送学上门，身体状况稳定", companions="社区网格员",
                needs="希望帮忙联系安装扶手" if number == 1 else "",
            )  # fmt: skip
            actions.log_contact(stay.person, said, unit=station, by=officer, at=at - timedelta(days=20 * number))
    return len(stays)


def _lose(stays: list[Stay], station: Unit, at: datetime) -> int:
    """One member being searched for, and one whose membership is suspended."""
    oldest = sorted(stays[_EXCUSED:], key=lambda stay: stay.starts_on)
    searching, suspended = stays[_SEARCHING], stays[_SUSPENDED]
    if suspended.starts_on > timezone.localdate(at) - timedelta(days=440):
        suspended = oldest[0]
    steps = (("family", "家属称已数月没有消息"), ("employer", "原务工单位称早已离职"), ("police", "派出所协查未果"))
    _case(searching, station, at, steps[:2], "1")
    case = _case(suspended, station, at, steps, "7")
    county = Mandate.objects.filter(role="county_organiser", unit__in=_county_of(station), ends_on=None).first()
    if case is None or county is None:
        return 1
    decided = timezone.localdate(at) - timedelta(days=180)
    actions.suspend_membership(
        case, decided_on=decided, document="霞委组〔2026〕17号", by=county.user, at=at - timedelta(days=179)
    )
    return 2


def _county_of(station: Unit):
    ids = [int(part) for part in station.path.split(".") if part]
    return Unit.objects.filter(pk__in=ids, kind=Unit.Kind.COUNTY)


def _case(stay: Stay, station: Unit, at: datetime, steps, situation: str) -> LostContact | None:
    since = ContactState.objects.get(pk=stay.person_id).quiet_since
    reported = since + timedelta(days=100)
    if reported > timezone.localdate(at):
        return None
    moment = timezone.make_aware(datetime.combine(reported, datetime.min.time()) + timedelta(hours=10))
    officer = _by("xiapu.officer")
    case = actions.report_lost(stay.person, lost_since=since, situation=situation, unit=station, by=officer, at=moment)
    for number, (way, result) in enumerate(steps):
        later = moment + timedelta(days=6 * number + 2)
        actions.add_step(case, way=way, searched_on=timezone.localdate(later), result=result, by=officer, at=later)
    return case


def _weekly(station: Unit, at: datetime) -> int:
    """The five of last week and of this week in the first grid, with what its leader has tapped."""
    leader = _by("xiapu.grid1")
    grid, done = _led_by(leader, at), 0
    if grid is None:
        return 0
    for days, outcomes in ((7, ("phoned", "visited", "not_reached", "met")), (0, ("not_reached", "phoned"))):
        moment = at - timedelta(days=days)
        dues = actions.prepare_week(grid, day=timezone.localdate(moment), at=moment)
        if WeeklyMark.objects.filter(due__in=[due.row.pk for due in dues]).exists():
            continue
        for due, outcome in zip(dues, outcomes, strict=False):
            when = moment - timedelta(hours=2)
            actions.mark_due(due.row, key=uuid.uuid4(), outcome=outcome, tapped_at=when, by=leader, at=moment)
            done += 1
    return done


def _links(station: Unit, at: datetime) -> int:
    """A link to the branch of Baiyang: last week's, answered, and one in use now."""
    secretary, officer = _by("baiyang.branch"), _by("xiapu.officer")
    branch = Unit.objects.get(mandates__user=secretary, mandates__role="branch_secretary", mandates__ends_on=None)
    if WeeklyLink.objects.open().filter(branch=branch, sender=station, expires_at__gt=at).exists():
        return 0
    done = 0
    for moment in (at - timedelta(days=8), at):
        try:
            link = actions.make_link(
                branch, sender=station, reader=secretary.full_name, digits="27", by=officer, at=moment
            ).link
        except actions.ContactRefused:
            continue
        done += 1
        if moment < at:
            actions.open_link(link, "27", at=moment)
            for question, kind in zip(link.questions.order_by("place"), ("not_reached", "phone_changed"), strict=False):
                actions.answer_question(link, question.pk, kind, at=moment + timedelta(minutes=3))
    return done
