"""Numbers of these pages that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

SHORT_MONTHS = "absence.short_months"
VERIFY_DAYS = "arrival.verify_days"

dated.declare(
    SHORT_MONTHS,
    6,
    unit=_("months"),
    title=_("An absence shorter than this is a short absence, not a mobile member's"),
    source="中共中央办公厅《关于进一步加强和改进流动党员管理工作的意见》（2024年）：连续6个月以上",
)
dated.declare(
    VERIFY_DAYS,
    7,
    unit=_("days"),
    title=_("An arrival not verified after this long is shown as due"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
