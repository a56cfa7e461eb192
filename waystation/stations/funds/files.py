"""What may be uploaded as the voucher of an expense."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import files

VOUCHER = "voucher"
CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
files.declare(VOUCHER, title=_("Vouchers"), max_bytes=10 * files.MIB, suffixes=tuple(CONTENT_TYPES))
