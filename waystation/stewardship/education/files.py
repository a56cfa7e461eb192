"""What may be uploaded as the signed sheet of an occasion."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import scans

SIGNED_SHEET = "signed_sheet"
scans.declare(SIGNED_SHEET, title=_("Signed sheets"))
