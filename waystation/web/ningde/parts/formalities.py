"""What the demonstration shows of formal transfers and activity cards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Unit
from waystation.stewardship.formalities import actions
from waystation.stewardship.formalities.models import ActivityCard, Transfer
from waystation.stewardship.people.models import Stay

COUNTY, OFFICER = "xiapu", "xiapu.officer"
# Letters of one branch to another: from, to, days ago, days valid, why, and what came of them.
_LETTERS = (
    ("baiyang.branch", "xibian.branch", 4, 10, "随子女在西边村定居", ""),
    ("chongru.branch", "baiyang.branch", 6, 10, "返乡承包茶园，转入柏洋村党支部", ""),
    ("xibian.branch", "baiyang.branch", 55, 10, "婚后户籍迁入柏洋村", "received"),
    ("baiyang.branch", "", 38, 60, "在厦门购房定居", ""),
    ("shuimen.branch", "", 70, 30, "调入福州某企业工作", "expired"),
    ("qiaotou.branch", "yantian.branch", 20, 10, "拟随企业迁往盐田", "withdrawn"),
)
_ELSEWHERE = "厦门市思明区筼筜街道党工委"
CARDS = 30
CHECKED = 11  # the first ones: their holders have been to the station since the check began


@transaction.atomic
def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    members = Stay.objects.open().filter(station=station)
    if ActivityCard.objects.filter(person__stays__station=station).exists():
        return 0
    names = {COUNTY, OFFICER, *(name for letter in _LETTERS for name in letter[:2] if name)}
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    stays = list(members.select_related("person__home", "departure", "destination").order_by("pk"))
    return _cards(stays, users, at) + _letters(stays, users, at)


def _cards(stays: list[Stay], users: dict[str, User], at: datetime) -> int:
    made = []
    for number, stay in enumerate(stays[:CARDS], start=1):
        moment = stay.opened_at - timedelta(days=3)
        made.append(
            actions.issue_card(
                stay.person, number=f"闽霞活〔{moment:%Y}〕{number:04d}", issued_on=timezone.localdate(moment),
                reason=stay.departure.reason or "务工经商", left=stay.departure.left,
                place=stay.destination.name if stay.destination else "霞浦县城", by=users[COUNTY], at=moment,
            )
        )  # fmt: skip
    actions.check_cards(
        made[:CHECKED], on=timezone.localdate(at - timedelta(days=2)), remark="按月参加组织生活，党费已交清",
        by=users[OFFICER], at=at - timedelta(days=2),
    )  # fmt: skip
    lost = made[CHECKED]
    actions.report_lost(lost, on=timezone.localdate(at), reason="乘车时遗失，本人书面说明", by=users[COUNTY], at=at)
    actions.issue_card(
        lost.person, number=f"闽霞活〔{at:%Y}〕{CARDS + 1:04d}", issued_on=timezone.localdate(at), reason=lost.reason,
        place=lost.place, left=lost.left, by=users[COUNTY], at=at,
    )  # fmt: skip
    actions.prompt_checks(at)
    return len(made) + 1


def _letters(stays: list[Stay], users: dict[str, User], at: datetime) -> int:
    units = {name: user.mandates.select_related("unit").first().unit for name, user in users.items()}
    used: set = set()
    for number, (origin, to, days, valid, why, outcome) in enumerate(_LETTERS, start=1):
        homes = [stay.person for stay in reversed(stays) if stay.person.home_id == units[origin].pk]
        person = next((one for one in homes if one.pk not in used), None)
        if person is None:
            continue
        used.add(person.pk)
        moment = at - timedelta(days=days)
        letter = actions.issue_transfer(
            person, to=units[to] if to else None, to_text="" if to else _ELSEWHERE, channel="letter",
            number=f"霞组转〔{moment:%Y}〕{number:03d}", issued_on=timezone.localdate(moment), valid_days=valid,
            reason=why, dues_paid_to=f"{moment:%Y-%m}", by=users[origin], at=moment,
        )  # fmt: skip
        _close(letter, outcome, users.get(to), users[origin], moment)
    actions.expire_transfers(at)
    return len(used)


def _close(letter: Transfer, outcome: str, receiver: User | None, issuer: User, moment: datetime) -> None:
    later = moment + timedelta(days=5)
    if outcome == "received":
        actions.receive_transfer(
            letter, received_on=timezone.localdate(later), handled_by="缪家旺", handler_phone="0593-0000888",
            ends_stay=False, by=receiver, at=later,
        )  # fmt: skip
    elif outcome == "withdrawn":
        actions.withdraw_transfer(letter, reason="企业暂不搬迁，本人提出撤回", by=issuer, at=later)
