"""Numbers of the kernel itself that a decree or an assessor may change."""

from django.utils.translation import gettext_lazy as _

from . import dated

IDLE_DAYS = "account.idle_days"

dated.declare(
    IDLE_DAYS,
    90,
    unit=_("days"),
    title=_("An account not used for this long is disabled; 0 never disables one"),
    source="GB/T 22239-2019 8.1.4.2 c；本系统默认值90天",
)
