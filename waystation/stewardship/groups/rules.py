"""Numbers of functional groups that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waystation.kernel import dated

LEAST_FORMAL = "group.least_formal"
QUIET_DAYS = "group.quiet_days"

dated.declare(
    LEAST_FORMAL,
    3,
    unit=pgettext_lazy("unit", "people"),
    title=_("A functional group is founded with at least this many full members"),
    source="参照《中国共产党支部工作条例（试行）》（2018年）第四条：有正式党员3人以上；功能党小组由本地办法设定",
)
dated.declare(
    QUIET_DAYS,
    45,
    unit=_("days"),
    title=_("A functional group without activity for this long is shown as quiet"),
    source="参照《中国共产党支部工作条例（试行）》（2018年）：党小组会一般每月召开1次；本系统默认值",
)
