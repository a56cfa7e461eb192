"""Who speaks for which side of a transfer."""

from __future__ import annotations

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.formalities.models import Transfer


def may_sign(transfer: Transfer, user) -> bool:
    """Whether the user may record the receipt: the receiving side signs it, never who issued the letter.

    The receipt (回执) is what the receiving organization answers with; it would prove nothing if the same hands
    wrote both. Who oversees both branches may sign for the receiving one as long as another unit issued the letter.
    Of an organization elsewhere the issuing side notes the slip that came by post.
    """
    if transfer.to_id is not None and transfer.issued_by_id == user.pk:
        return False
    reach = Reach.of(user, Permission.TRANSFER_TRACK)
    return Transfer.objects.to_be_received_in(reach).filter(pk=transfer.pk).exists()
