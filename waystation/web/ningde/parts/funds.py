"""What the demonstration shows of funds: a year of Xiapu in full, and the outline of it at the other stations."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from waystation.accounts.models import User
from waystation.kernel import papers
from waystation.organizations.models import Unit
from waystation.organizations.queries import county_of
from waystation.stations.funds import actions
from waystation.stations.funds.models import Account, BudgetChange, BudgetLine
from waystation.stations.funds.papers import STYLE
from waystation.stations.sites.models import Station

LINES = {
    "办公经费": "22000", "场地与水电": "36000", "教育培训": "40000", "活动开展": "45000", "走访慰问": "25000",
    "宣传资料": "18000",
}  # fmt: skip
# Month and day, line, payee, what for, amount, and what became of it: booked unless it is said.
SPENT = (
    ((3, 18), "办公经费", "松城街道兴达文具店", "档案盒、登记簿、打印纸", "1286.50", ""),
    ((3, 25), "场地与水电", "国网霞浦县供电公司", "一季度电费", "1932.74", ""),
    ((4, 2), "宣传资料", "霞浦县新彩印刷厂", "流动党员服务指南3000册", "4350.00", ""),
    ((4, 10), "活动开展", "松城街道龙津社区居委会", "清明返乡党员座谈会场地布置", "860.00", ""),
    ((4, 22), "教育培训", "霞浦县电商公共服务中心", "电商直播培训班（第1期）场租与讲课费", "6200.00", ""),
    ((5, 6), "办公经费", "霞浦县宏图电脑经营部", "打印复印一体机", "3680.00", ""),
    ((5, 15), "走访慰问", "霞浦县惠民超市", "走访困难党员慰问品12份", "3588.00", ""),
    ((5, 28), "活动开展", "霞浦县蓝海文化传媒公司", "志愿服务队马甲、旗帜", "2450.00", ""),
    ((6, 8), "场地与水电", "霞浦县自来水公司", "上半年水费", "618.36", ""),
    ((6, 20), "教育培训", "霞浦县农业技术推广站", "海参养殖技术培训班讲课费", "3000.00", ""),
    ((6, 28), "活动开展", "霞浦县城关照相馆", "七一主题党日照片冲印", "468.00", ""),
    ((7, 1), "活动开展", "霞浦县畲乡客运公司", "赴柏洋村主题党日用车", "2800.00", ""),
    ((7, 9), "办公经费", "松城街道兴达文具店", "签到本、文件夹", "342.80", ""),
    ((7, 16), "走访慰问", "霞浦县惠民超市", "高温慰问值守党员饮用水", "936.00", ""),
    ((7, 30), "场地与水电", "国网霞浦县供电公司", "二季度电费", "2284.15", ""),
    ((8, 12), "教育培训", "霞浦县职业中专学校", "养老护理员培训班教材", "1560.00", ""),
    ((8, 20), "宣传资料", "霞浦县新彩印刷厂", "办事指南展板6块", "1980.00", ""),
    ((9, 3), "办公经费", "中国电信霞浦分公司", "宽带与固话年费", "1888.00", ""),
    ((9, 10), "办公经费", "中国电信霞浦分公司", "宽带与固话年费", "1888.00", "reversed"),
    ((9, 25), "活动开展", "霞浦县蓝海文化传媒公司", "中秋返乡恳谈会音响租用", "1200.00", ""),
    ((10, 14), "走访慰问", "霞浦县惠民超市", "重阳节慰问老党员", "2646.00", ""),
    ((10, 27), "场地与水电", "国网霞浦县供电公司", "三季度电费", "2411.08", ""),
    ((11, 6), "教育培训", "霞浦县电商公共服务中心", "电商直播培训班（第2期）讲课费", "4800.00", ""),
    ((11, 12), "宣传资料", "霞浦县新彩印刷厂", "民主评议表格印制", "735.00", "returned"),
    ((11, 18), "活动开展", "松城街道龙津社区居委会", "联合志愿服务活动午餐", "1350.00", "waiting"),
)  # fmt: skip
OUTLINE = ("办公经费", "活动开展", "教育培训")


@dataclass(frozen=True)
class Team:
    """Who acts for a station: enters, heads, and decides for the county."""

    officer: User
    head: User
    county: User


def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    year = at.year if at.month >= 4 else at.year - 1
    if Account.objects.filter(station=station, year=year).exists():
        return 0
    with transaction.atomic():
        added = _grants(year, at)
        added += _xiapu(station, year, at)
        others = Station.objects.filter(unit__closed_on=None).exclude(unit=station).select_related("unit")
        for number, other in enumerate(others.order_by("unit__path")):
            added += _outline(other.unit, number, year, at)
    return added


def _moment(year: int, month: int, day: int, at: datetime) -> datetime:
    """Ten o'clock of a day of the year, never later than now."""
    return min(at, timezone.make_aware(datetime(year, month, day, 10)))


def _team(station: Unit) -> Team:
    def holder(unit: Unit, role: str) -> User:
        return User.objects.filter(mandates__unit=unit, mandates__role=role).order_by("pk").first()

    return Team(
        holder(station, "station_officer"),
        holder(station, "station_head"),
        holder(county_of(station), "county_organiser"),
    )


def _grants(year: int, at: datetime) -> int:
    """The city grants to every station at once; each county matches it."""
    city = User.objects.get(username="city")
    stations = [one.unit for one in Station.objects.filter(unit__closed_on=None).select_related("unit")]
    day = _moment(year, 2, 25, at)
    given = actions.grant_to_all(
        stations, year=year, source="city", amount=Decimal(100_000), granted_on=day.date(),
        document_no=f"宁委组〔{year}〕12号", by=city, at=day,
    )  # fmt: skip
    for station in stations:
        team, moment = _team(station), _moment(year, 3, 5, at)
        account = Account.objects.get(station=station, year=year)
        for grant in account.appropriations.all():
            actions.receive(grant, received_on=moment.date(), by=team.officer, at=moment)
        document = f"{county_of(station).short_name}委组〔{year}〕8号"
        actions.grant(
            station, year=year, source="county", amount=Decimal(100_000), granted_on=moment.date(),
            received_on=_moment(year, 3, 12, at).date(), document_no=document, by=team.county, at=moment,
        )  # fmt: skip
    return given * 2


def _budget(account: Account, lines: dict[str, str], team: Team, moment: datetime) -> dict[str, BudgetLine]:
    made = {}
    for title, amount in lines.items():
        made[title] = actions.add_line(
            account, title=title, amount=Decimal(amount), reason="年度预算安排", by=team.head, at=moment
        )
    for change in BudgetChange.objects.filter(account=account, state="entered"):
        actions.approve_change(change, by=team.county, at=moment + timedelta(hours=3))
    return made


def _xiapu(station: Unit, year: int, at: datetime) -> int:
    team, account = _team(station), Account.objects.get(station=station, year=year)
    lines = _budget(account, LINES, team, _moment(year, 3, 15, at))
    for (month, day), title, payee, purpose, amount, fate in SPENT:
        moment = _moment(year, month, day, at)
        entry = _entered(lines[title], payee, purpose, amount, team, moment)
        if fate == "waiting":
            continue
        later = min(at, moment + timedelta(days=2))
        if fate == "returned":
            actions.return_expense(entry, reason="发票抬头应为工作站全称，请换开后重新录入", by=team.county, at=later)
            continue
        actions.approve_expense(entry, by=team.county, at=later)
        if fate == "reversed":
            reversal = actions.reverse_expense(
                entry, reason="与9月3日重复报销", by=team.officer, at=min(at, moment + timedelta(days=5))
            )
            actions.approve_expense(reversal, by=team.county, at=min(at, moment + timedelta(days=6)))
    _changes(account, lines, team, year, at)
    return len(SPENT) + len(LINES)


def _changes(account: Account, lines: dict[str, BudgetLine], team: Team, year: int, at: datetime) -> None:
    """One change that holds, and one that waits for the county."""
    moment = _moment(year, 8, 3, at)
    change = actions.propose_change(
        account, giver=lines["场地与水电"], taker=lines["活动开展"], amount=Decimal(6000),
        reason="下半年联合活动增加", by=team.head, at=moment,
    )  # fmt: skip
    actions.approve_change(change, by=team.county, at=moment + timedelta(hours=5))
    actions.propose_change(
        account, taker=lines["教育培训"], amount=Decimal(8000), reason="增办第3期电商直播培训班", by=team.head,
        at=_moment(year, 11, 16, at),
    )  # fmt: skip


def _outline(station: Unit, number: int, year: int, at: datetime) -> int:
    """A budget of three lines and a few expenses, so that county and city have something to add up."""
    team, account = _team(station), Account.objects.get(station=station, year=year)
    amounts = ("30000", f"{60000 - number * 1000}", "45000")
    lines = _budget(account, dict(zip(OUTLINE, amounts, strict=True)), team, _moment(year, 3, 20, at))
    for place, title in enumerate(OUTLINE):
        amount = f"{2000 + number * 137 + place * 811}.{number * 7 % 100:02d}"
        moment = _moment(year, 5 + place * 2, 10 + number, at)
        entry = _entered(lines[title], "示例商行", f"{title}支出", amount, team, moment)
        actions.approve_expense(entry, by=team.county, at=min(at, moment + timedelta(days=1)))
    return len(OUTLINE) * 2


def _entered(line: BudgetLine, payee: str, purpose: str, amount: str, team: Team, moment: datetime):
    line.account = Account.objects.select_related("station").get(pk=line.account_id)
    return actions.enter_expense(
        line.account, line=line, amount=Decimal(amount), spent_on=moment.date(), payee=payee, purpose=purpose,
        voucher=io.BytesIO(_voucher(payee)), voucher_name=f"{purpose[:20]}发票.pdf", by=team.officer, at=moment,
    )  # fmt: skip


@cache
def _voucher(payee: str) -> bytes:
    """An invented receipt as PDF; where none can be drawn, the smallest file that is one."""
    page = format_html(
        "<!doctype html><html lang=zh-Hans><meta charset=utf-8><title>{0}</title><body><h1>收款收据（演示）</h1>"
        "<table><tr><th>收款单位</th><td>{0}</td></tr><tr><th>付款单位</th><td>驻城党建工作站</td></tr>"
        "<tr><th>说明</th><td>本收据为演示数据，金额以录入为准，不作报销凭证。</td></tr></table></body></html>",
        payee,
    )
    try:
        return papers.pdf(str(page), style=STYLE)
    except papers.NoPdf:
        objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n"
        return b"%PDF-1.4\n" + objects + b"%%EOF\n"
