"""Numbers of transfers and activity cards that change by decree or by local custom."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

NEAR_DAYS = "transfer.valid_days_near"
FAR_DAYS = "transfer.valid_days_far"
MOST_DAYS = "transfer.valid_days_most"
RECEIPT_DAYS = "transfer.receipt_days"
CHECK_MONTH = "activity_card.check_month"
CHECK_DAYS = "activity_card.check_days"
RETURN_DAYS = "activity_card.return_days"

_LETTER = "组织关系介绍信通行做法：市内约10天，市外30天，最长不超过3个月；接收方一个月内寄回回执"
_CARD = "中组部2006年12月8日关于《流动党员活动证》的通知：每年结合民主评议查验一次"

for _key, _default, _unit, _title, _source in (
    (NEAR_DAYS, 10, _("days"), _("A transfer letter within the city is valid for"), _LETTER),
    (FAR_DAYS, 30, _("days"), _("A transfer letter to outside the city is valid for"), _LETTER),
    (MOST_DAYS, 90, _("days"), _("A transfer letter is valid for at most"), _LETTER),
    (RECEIPT_DAYS, 30, _("days"), _("The receipt of a transfer letter comes back within"), _LETTER),
    (CHECK_MONTH, 11, _("month"), _("Month in which the yearly check of activity cards begins"), _CARD),
    (CHECK_DAYS, 92, _("days"), _("Length of the yearly check of activity cards"), _CARD),
    (RETURN_DAYS, 30, _("days"), _("After the return home the activity card is handed in within"), _CARD),
):
    dated.declare(_key, _default, unit=_unit, title=_title, source=_source)
