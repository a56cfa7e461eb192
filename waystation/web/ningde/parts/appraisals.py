"""What the demonstration shows of appraisals: last year's round, closed, and this year's, unsealed: of three gaps
one is not talked about, one waits for the origin's answer and one has it."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from waystation.accounts.models import User
from waystation.organizations.models import Mandate, Unit
from waystation.stewardship.appraisals.actions import (
    assessing,
    balloting,
    consulting,
    deciding,
    noticing,
    opening,
    rounds,
    unsealing,
)
from waystation.stewardship.appraisals.models import Appraisal, AppraisalRound, Assessment
from waystation.stewardship.appraisals.sheets import Sheet

Side = Assessment.Side
CRITERIA = [
    {"title": "政治素质", "explanation": "学习党的创新理论，执行党组织决定", "weight": 30},
    {"title": "组织生活", "explanation": "参加三会一课、主题党日，按期交纳党费", "weight": 25},
    {"title": "作用发挥", "explanation": "参加志愿服务、结对帮扶、招商联络", "weight": 25},
    {"title": "联系报告", "explanation": "保持联系，外出和住址变动及时报告", "weight": 20},
]
WORDS = {
    "standards": "以党章和《中国共产党党员教育管理工作条例》为依据，"
    "从政治素质、组织生活、作用发挥、联系报告四个方面评议。",
    "demands": "实事求是、客观公正；自评不回避问题，互评不讲情面；评价一经提交即密封，启封前任何人不得打听。",
    "goals": "肯定成绩、指出差距，帮助流动党员改进提高，让流出地掌握党员在外表现。",
    "method": "个人自评、党员互评或无记名测评、站点评价、流出地评价按公布的权重测算，测算只作参考；"
    "站地相差一个等次以上须会商；拟定等次征求本人意见后，由县委组织部审定。",
}
BANDS = {"excellent": (92, 97), "qualified": (79, 88), "basic": (64, 71)}
REASONS = ("按时参加主题党日", "积极参加志愿服务", "能按期交纳党费", "外出及时报告")


@transaction.atomic
def build(*, station: Unit, at: datetime) -> int:
    """Add what is not there yet to the station of Xiapu; returns how much was added."""
    if AppraisalRound.objects.filter(unit=station).exists():
        return 0
    cast = _Cast(station)
    _last_year(cast, at - timedelta(days=340))
    _this_year(cast, at)
    return 2


class _Cast:
    """Who does what: the head for the station, each branch's secretary for the origin, the county decides."""

    def __init__(self, station: Unit):
        self.station = station
        self.head = User.objects.get(username="xiapu.head")
        self.officers = [User.objects.get(username=name) for name in ("xiapu.officer", "xiapu.officer2")]
        self.county = User.objects.get(username="xiapu")
        held = Mandate.objects.filter(role="branch_secretary").select_related("user").order_by("pk")
        self.secretaries = {mandate.unit_id: mandate.user for mandate in held}
        self.chance = random.Random(f"appraisals {station.pk}")

    def scorer(self, row: Assessment, one: Appraisal) -> tuple[User, bool]:
        """Who hands in, and whether on behalf of a member who has no account."""
        if row.side == Side.STATION:
            return self.head, False
        if row.side == Side.ORIGIN:
            return self.secretaries.get(one.origin_id, self.county), False
        own = row.assessor.user
        return (own, False) if own else (self.chance.choice(self.officers), True)

    def sheet(self, held: AppraisalRound, grade: str) -> Sheet:
        """Points in the band of a grade, now and then with a reason."""
        points, reasons = {}, {}
        for pk in held.criteria.order_by("order").values_list("pk", flat=True):
            points[str(pk)] = self.chance.randint(*BANDS[grade])
            if self.chance.random() < 0.2:
                reasons[str(pk)] = self.chance.choice(REASONS)
        return Sheet(points, reasons)


def _published(cast: _Cast, at: datetime, *, year: int, cutoff_on: date, due_on: date, **more) -> AppraisalRound:
    held = rounds.draft_round(
        unit=cast.station, criteria=CRITERIA, by=cast.head, at=at, year=year, title=f"{year}年度流动党员双向评议",
        cutoff_on=cutoff_on, due_on=due_on, **WORDS, **more,
    )  # fmt: skip
    return rounds.publish_round(held, by=cast.head, at=at)


def _grades(held: AppraisalRound) -> dict:
    """Which grade each member is like: under a third excellent, one who must improve."""
    ids = list(held.appraisals.order_by("pk").values_list("pk", flat=True))
    like = {pk: "excellent" if number % 4 == 1 else "qualified" for number, pk in enumerate(ids)}
    if len(ids) > 6:
        like[ids[6]] = "basic"
    return like


def _hand_in(cast: _Cast, held: AppraisalRound, like: dict, at: datetime, *, apart=()) -> None:
    """Every assessment of the round; of members `apart` the origin thinks better than the station."""
    rows = Assessment.objects.filter(round=held).select_related("appraisal", "assessor__user", "round")
    for row in rows.order_by("pk"):
        grade = like[row.appraisal_id]
        if row.appraisal_id in apart:
            grade = "excellent" if row.side == Side.ORIGIN else "qualified"
        by, on_behalf = cast.scorer(row, row.appraisal)
        assessing.hand_in(row, cast.sheet(held, grade), on_behalf=on_behalf, by=by, at=at)


def _last_year(cast: _Cast, at: datetime) -> None:
    year, day = timezone.localdate(at).year, timezone.localdate(at)
    held = _published(
        cast, at, year=year, cutoff_on=day, due_on=day + timedelta(days=15), mutual="ballot", weight_self=10,
        weight_mutual=20, weight_station=35, weight_origin=35,
    )  # fmt: skip
    held = opening.open_round(held, by=cast.head, at=at + timedelta(days=2))
    like = _grades(held)
    _vote(cast, held, like, at + timedelta(days=6))
    _hand_in(cast, held, like, at + timedelta(days=9))
    unsealing.unseal_round(held, by=cast.head, at=at + timedelta(days=12))
    graded = held.appraisals.filter(is_probationary=False).select_related("round").order_by("pk")
    for one in graded:
        _settle_gap(cast, one, like[one.pk], at + timedelta(days=13))
        reason = "" if like[one.pk] == deciding.expected(one) else "结合平时表现"
        deciding.propose(one, grade=like[one.pk], reason=reason, by=cast.head, at=at + timedelta(days=13))
    opened = at + timedelta(days=14)
    deciding.open_replies(held, by=cast.head, at=opened)
    for number, one in enumerate(graded.all()):
        _answer_and_decide(cast, one, number, opened)
    moment = opened + timedelta(days=9)
    deciding.conclude(held, by=cast.head, at=moment)
    noticing.close_round(held, by=cast.head, at=moment)
    for number, letter in enumerate(held.notices.filter(kind="origin").order_by("serial")):
        if number != 1 and letter.origin_id in cast.secretaries:
            noticing.receive_notice(letter, by=cast.secretaries[letter.origin_id], at=moment + timedelta(days=2))


def _settle_gap(cast: _Cast, one: Appraisal, grade: str, at: datetime) -> None:
    if not one.gap:
        return
    consulting.consult(
        one, held_on=timezone.localdate(at), station_people="罗春生、曾美华", origin_people="流出地党支部书记",
        text="双方交换了评价依据，取得一致意见。", conclusion=grade, by=cast.head, at=at,
    )  # fmt: skip
    by = cast.secretaries.get(one.origin_id, cast.county)
    consulting.answer_consultation(one, agrees=True, text="情况属实。", by=by, at=at)
    one.refresh_from_db()


def _answer_and_decide(cast: _Cast, one: Appraisal, number: int, opened: datetime) -> None:
    """Most agree at the desk, one objects and is heard, the rest say nothing until the window is over."""
    if number == 2:
        text = "6月、9月两次在龙津社区参加志愿服务未计入，请核实。"
        deciding.reply(one, agrees=False, text=text, on_behalf=True, by=cast.officers[0], at=opened + timedelta(days=2))
    elif number % 3:
        deciding.reply(one, agrees=True, on_behalf=True, by=cast.officers[1], at=opened + timedelta(days=1))
    reason = "已向社区核实，志愿服务属实，予以补记；综合全年表现，维持原定等次。" if number == 2 else ""
    moment = opened + timedelta(days=8)
    deciding.decide(one, grade=one.proposed_grade, reason=reason, by=cast.county, at=moment)


def _vote(cast: _Cast, held: AppraisalRound, like: dict, at: datetime) -> None:
    """A ballot by phone of most members, closed and counted."""
    box = balloting.open_box(held, unit=cast.station, by=cast.head, at=at)
    codes = balloting.print_papers(box, by=cast.head, at=at)
    members = list(box.voters.values_list("appraisal", flat=True))
    balloting.mark_voters(box, members, by=cast.head, at=at)
    for code in codes[: max(6, len(codes) - 2)]:
        ballot = {str(pk): like[pk] if cast.chance.random() < 0.85 else "qualified" for pk in members}
        balloting.cast(box, code=code, ballot=ballot)
    balloting.close_box(box, by=cast.head, at=at + timedelta(days=1))


def _this_year(cast: _Cast, at: datetime) -> None:
    """Published a fortnight ago; everybody who is in care today takes part, the member of the cast too."""
    day = timezone.localdate(at)
    held = _published(
        cast, at - timedelta(days=16), year=day.year, cutoff_on=day, due_on=day + timedelta(days=15), mutual="named",
        peers=2, weight_self=10, weight_mutual=20, weight_station=35, weight_origin=35,
    )  # fmt: skip
    held = opening.open_round(held, by=cast.head, at=at)
    like = _grades(held)
    apart = _apart(cast, held, like)
    _hand_in(cast, held, like, at, apart=apart)
    unsealing.unseal_round(held, by=cast.head, at=at)
    _consult(cast, held, *apart[1:], at)


def _apart(cast: _Cast, held: AppraisalRound, like: dict) -> list:
    """Three members of whom station and origin think differently: one who is not talked about yet, one whose origin
    has answered, and one whose origin is still to answer; its secretary is introduced and is one click away.
    """
    qualified = held.appraisals.filter(is_probationary=False, pk__in=[pk for pk in like if like[pk] == "qualified"])
    rows = list(qualified.select_related("person").order_by("pk"))
    introduced = User.objects.get(username="baiyang.branch")
    asked = next(one for one in rows if cast.secretaries.get(one.origin_id) == introduced and not one.person.user)
    answered = next(one for one in rows if one.origin_id in cast.secretaries and one not in (rows[0], asked))
    first = next(one for one in rows if one not in (answered, asked))
    return [first.pk, answered.pk, asked.pk]


def _consult(cast: _Cast, held: AppraisalRound, answered, asked, at: datetime) -> None:
    """Both sides talked about two gaps; the origin of one has confirmed the record, that of the other has not yet."""
    for one in held.appraisals.filter(pk__in=(answered, asked)).order_by("pk"):
        consulting.consult(
            one, held_on=timezone.localdate(at), station_people="罗春生、曾美华", origin_people="流出地党支部书记",
            text="站方肯定其日常表现；支部补充返乡期间参与防台值守。双方认为作用发挥还不够经常，同意按合格提出。",
            conclusion="qualified", by=cast.head, at=at,
        )  # fmt: skip
        if one.pk == answered:
            by = cast.secretaries[one.origin_id]
            consulting.answer_consultation(one, agrees=True, text="记录属实，同意。", by=by, at=at)
