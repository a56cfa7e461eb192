"""When unpaid dues are shown to people, and for how many months people pay, or pay less, at a time."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

PROMPT_MONTHS = "dues.prompt_months"
WARN_MONTHS = "dues.warn_months"
BACK_MONTHS = "dues.back_months"
REDUCTION_MONTHS = "dues.reduction_months"
PAYMENT_MONTHS = "dues.payment_months"

_OWN = "本站自行规定（无上级规定）"
_months = dated.between(1, 60)

dated.declare(
    PROMPT_MONTHS,
    3,
    unit=_("months"),
    title=_("Dues unpaid for this long: the branch is asked to remind the member"),
    source="本系统默认值（提前于6个月提醒，按本地办法设定）",
)
dated.declare(
    WARN_MONTHS,
    6,
    unit=_("months"),
    title=_("Dues unpaid for this long: the branch finds out why; people decide, never the system"),
    source="《中国共产党党员教育管理工作条例》（2019年）第三十一条：连续6个月不交纳党费",
)
dated.declare(
    BACK_MONTHS,
    6,
    unit=_("months"),
    title=_("Dues paid later than this need a remark"),
    source="《关于中国共产党党费收缴、使用和管理的规定》（2008年）：补交党费的时间一般不得超过6个月",
)
dated.declare(
    REDUCTION_MONTHS,
    12,
    unit=_("months"),
    title=_("Lower dues are asked for so long at most; then they are looked at again"),
    source=_OWN,
    kind=_months,
)
dated.declare(
    PAYMENT_MONTHS,
    12,
    unit=_("months"),
    title=_("One payment on record covers so many months at most"),
    source=_OWN,
    kind=_months,
)
