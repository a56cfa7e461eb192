"""Numbers of contact and care that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated
from waystation.stewardship.contacts.models import Contact

REAL_CHANNELS = "contact.real_channels"
QUIET_DAYS = "contact.quiet_days"
NEW_DAYS = "weekly.new_days"
AGED_YEARS = "weekly.aged_years"
VISIT_DAYS = "care.visit_days"
REVIEW_DAYS = "excuse.review_days"
PROMPT_MONTHS = "lost.prompt_months"
SUSPEND_MONTHS = "lost.suspend_months"
REMOVE_MONTHS = "lost.remove_months"
SEARCH_WAYS = "lost.search_ways"
LINK_DAYS = "weekly_link.days"
LINK_TRIES = "weekly_link.tries"
LINK_QUESTIONS = "weekly_link.questions"
LINK_QUIET_DAYS = "weekly_link.quiet_days"
LINK_ITEM_DAYS = "weekly_link.item_days"
TAP_DAYS = "weekly.tap_days"
HELP_DAYS = "weekly.help_days"

_LOCAL = "本系统默认值（无上级规定，按本地办法设定）"
_OWN = "本站自行规定（无上级规定）"
_days = dated.between(0, 366)
_ART_24 = "《中国共产党党员教育管理工作条例》（2019年）第二十四条"

dated.declare(
    REAL_CHANNELS,
    "visit met phone wechat qq sms meeting other",
    unit="",
    title=_("Channels by which a member who answered in person counts as really contacted"),
    source=_LOCAL,
    kind=dated.some_of(Contact.Channel.choices),
    names=Contact.Channel.choices,
    several=True,
)
dated.declare(
    QUIET_DAYS,
    30,
    unit=_("days"),
    title=_("Without real contact for this long a member stands on the list of contacts due"),
    source=f"《中国共产党党员教育管理工作条例》（2019年）第三十二条：保持经常联系；{_LOCAL}",
)
dated.declare(
    NEW_DAYS,
    30,
    unit=_("days"),
    title=_("So long a member counts as new in care and is due for a first visit"),
    source=_LOCAL,
)
dated.declare(AGED_YEARS, 80, unit=_("years"), title=_("From this age a member is due for a visit"), source=_LOCAL)
dated.declare(
    VISIT_DAYS,
    90,
    unit=_("days"),
    title=_("Excused members and members in hardship are visited at home at least this often"),
    source=f"《中国共产党党员教育管理工作条例》（2019年）第二十三条：送学上门、走访慰问；{_LOCAL}",
)
dated.declare(REVIEW_DAYS, 365, unit=_("days"), title=_("An excuse is looked at again after this long"), source=_LOCAL)
dated.declare(
    PROMPT_MONTHS,
    3,
    unit=_("months"),
    title=_("Without real contact for this long somebody is asked whether contact is lost"),
    source=_LOCAL,
)
dated.declare(
    SUSPEND_MONTHS,
    6,
    unit=_("months"),
    title=_("Contact must be lost this long before the membership may be suspended"),
    source=f"{_ART_24}：失去联系6个月以上、通过各种方式查找仍然没有取得联系，停止党籍",
)
dated.declare(
    REMOVE_MONTHS,
    24,
    unit=_("months"),
    title=_("The membership must be suspended this long before the member may be removed"),
    source=f"{_ART_24}：停止党籍2年后确实无法取得联系，按照自行脱党予以除名",
)
dated.declare(
    SEARCH_WAYS,
    3,
    unit=_("ways"),
    title=_("A lost member must be searched for in so many different ways before a decision"),
    source=f"{_ART_24}：通过各种方式查找；次数为{_LOCAL}",
)
dated.declare(LINK_DAYS, 7, unit=_("days"), title=_("A weekly link is good for this long"), source=_LOCAL)
dated.declare(
    LINK_TRIES, 5, unit=_("tries"), title=_("After so many wrong digits a weekly link is closed"), source=_LOCAL
)
dated.declare(
    LINK_QUESTIONS, 12, unit=_("members"), title=_("A weekly link asks about so many members at most"), source=_LOCAL
)
dated.declare(
    LINK_QUIET_DAYS,
    14,
    unit=_("days"),
    title=_("A weekly link asks about members without real contact for this long"),
    source=_LOCAL,
)
dated.declare(
    LINK_ITEM_DAYS,
    7,
    unit=_("days"),
    title=_("What a branch answers on its weekly link and the sender must see to is due after this long"),
    source=_OWN,
    kind=_days,
)
dated.declare(
    TAP_DAYS,
    14,
    unit=_("days"),
    title=_("A tap on the weekly five that is sent later than this is refused"),
    source=_OWN,
    kind=_days,
)
dated.declare(
    HELP_DAYS,
    3,
    unit=_("days"),
    title=_("Where a member of the weekly five needs help, the station sees to it within this time"),
    source=_OWN,
    kind=_days,
)
