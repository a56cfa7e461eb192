"""Numbers of duty that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

CHECK_IN_MINUTES = "duty.check_in_minutes"
REST_HOURS = "duty.rest_hours"
DAYS_RUNNING = "duty.days_running"
CARRY_MONTHS = "duty.carry_months"
SOLVER_SECONDS = "duty.solver_seconds"

dated.declare(
    CHECK_IN_MINUTES,
    60,
    unit=_("minutes"),
    title=_("So long before a shift begins its people may check in"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
dated.declare(
    REST_HOURS,
    11,
    unit=_("hours"),
    title=_("Least rest between shifts on two days"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
dated.declare(
    DAYS_RUNNING,
    6,
    unit=_("days"),
    title=_("Most days on duty one after the other"),
    source="《中华人民共和国劳动法》第三十八条：保证劳动者每周至少休息一日",
)
dated.declare(
    CARRY_MONTHS,
    3,
    unit=_("months"),
    title=_("Past months whose balance the next rota evens out"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
dated.declare(
    SOLVER_SECONDS,
    20,
    unit=_("seconds"),
    title=_("Longest time to draw up a rota"),
    source="本系统默认值（无上级规定，按本地办法设定）",
)
