"""Numbers of the grids that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

TERM_NOTICE_DAYS = "grid.term_notice_days"

dated.declare(
    TERM_NOTICE_DAYS,
    30,
    unit=_("days"),
    title=_("The end of a grid leader's term is shown this long before"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
