"""What may be uploaded as the voucher of an expense."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import scans

VOUCHER = "voucher"
scans.declare(VOUCHER, title=_("Vouchers"))
