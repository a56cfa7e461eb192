"""How often organization life is held and how many hours are learnt: numbers that change by decree."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

MEMBERS = "education.members_quarterly"
COMMITTEE = "education.committee_monthly"
COMMITTEE_LEAST = "education.committee_least"
GROUP = "education.group_monthly"
LECTURE = "education.lecture_quarterly"
THEME_DAY = "education.theme_day_monthly"
LIFE = "education.life_yearly"
APPRAISAL = "education.appraisal_yearly"
HOURS = "education.hours"
LEADER_HOURS = "education.leader_hours"
NEWCOMER_HOURS = "education.newcomer_hours"
REMIND_FROM = "education.remind_from_month"
ITEM_DAYS = "education.item_days"
MISSED_DAYS = "education.missed_days"
PACK_DAYS = "education.pack_days"
EXCUSE_DAYS = "education.excuse_days"
AWAY_MONTHS = "education.away_months"
AWAY_LONG_MONTHS = "education.away_long_months"

_BRANCH_RULES = "《中国共产党支部工作条例（试行）》（2018年）"
_MEMBER_RULES = "《中国共产党党员教育管理工作条例》（2019年）"
_OWN = "本系统默认值（无上级规定，按本地办法设定）"

dated.declare(
    MEMBERS, 1, unit=_("a quarter"), title=_("Members' meetings"), source=f"{_BRANCH_RULES}：党员大会一般每季度召开1次"
)
dated.declare(
    COMMITTEE, 1, unit=_("a month"), title=_("Committee meetings of a branch"),
    source=f"{_BRANCH_RULES}：支部委员会会议一般每月召开1次",
)  # fmt: skip
dated.declare(
    COMMITTEE_LEAST, 7, unit=_("members"), title=_("Full members from which on a branch has a committee"),
    source=f"{_BRANCH_RULES}：有正式党员7人以上的党支部，应当设立党支部委员会",
)  # fmt: skip
dated.declare(
    GROUP, 1, unit=_("a month"), title=_("Group meetings"), source=f"{_BRANCH_RULES}：党小组会一般每月召开1次"
)
dated.declare(LECTURE, 1, unit=_("a quarter"), title=_("Party lectures"), source=f"{_BRANCH_RULES}：党课一般每季度1次")
dated.declare(THEME_DAY, 1, unit=_("a month"), title=_("Theme Party days"), source=f"{_MEMBER_RULES}第十六条：每月1次")
dated.declare(
    LIFE, 1, unit=_("a year"), title=_("Organization life meetings"), source=f"{_MEMBER_RULES}第十七条：每年至少1次"
)
dated.declare(
    APPRAISAL, 1, unit=_("a year"), title=_("Democratic appraisals"), source=f"{_MEMBER_RULES}第十八条：一般每年1次"
)
dated.declare(
    HOURS, 32, unit=_("hours"), title=_("Hours of joint study a member has in a year"),
    source=f"{_MEMBER_RULES}第二十条：不少于32学时",
)  # fmt: skip
dated.declare(
    LEADER_HOURS, 56, unit=_("hours"), title=_("Hours of joint study a branch secretary or station head has in a year"),
    source="《全国党员教育培训工作规划》：基层党组织书记和班子成员不少于56学时",
)  # fmt: skip
dated.declare(
    NEWCOMER_HOURS, 24, unit=_("hours"), title=_("Hours of training class in the first year after joining the Party"),
    source="本系统默认值（按本地党员教育培训规划核定）",
)  # fmt: skip
dated.declare(
    AWAY_MONTHS, 3, unit=_("months"), title=_("Absent from organization life for this long, a member is listed"),
    source=_OWN, kind=dated.between(1, 60),
)  # fmt: skip
dated.declare(
    AWAY_LONG_MONTHS, 6, unit=_("months"),
    title=_("Absent without a reason for this long, a member may count as having left the Party; people look into it"),
    source=f"{_MEMBER_RULES}第三十一条第六项：没有正当理由连续6个月不参加组织生活的，按照自行脱党予以除名",
    kind=dated.between(1, 60),
)  # fmt: skip
dated.declare(
    REMIND_FROM, 9, unit=_("month"), title=_("From this month on, members behind with their hours are listed"),
    source=_OWN,
)  # fmt: skip
dated.declare(
    ITEM_DAYS,
    14,
    unit=_("days"),
    title=_("A planned occasion stands among the open items this long before"),
    source=_OWN,
)
dated.declare(
    MISSED_DAYS,
    31,
    unit=_("days"),
    title=_("A missed planned occasion is put among the open items for this long; then it is only a gap"),
    source="本站自行规定（无上级规定）",
    kind=dated.between(0, 365),
)
dated.declare(
    PACK_DAYS,
    30,
    unit=_("days"),
    title=_("Study brought home is to be brought within this time, unless another day is written"),
    source=_OWN,
    kind=dated.between(1, 365),
)
dated.declare(
    EXCUSE_DAYS,
    8,
    unit=_("days"),
    title=_("An excuse granted for days before still changes the rolls of those days this long after it was granted"),
    source=_OWN,
    kind=dated.between(1, 366),
)
