"""Writes on the signed sheets of occasions: a scan is added, withdrawn, opened."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from waystation.kernel import audit, files
from waystation.kernel.ids import new_id
from waystation.kernel.models import StoredFile
from waystation.stewardship.education.actions.errors import (
    AlreadyWithdrawn,
    OccasionCancelled,
    ReasonMissing,
    ScanKnown,
)
from waystation.stewardship.education.files import SIGNED_SHEET
from waystation.stewardship.education.models import Occasion, SheetScan


@transaction.atomic
def add_scan(occasion: Occasion, *, scan: BinaryIO, name: str, by, at: datetime) -> SheetScan:
    """Attach a scan of the signed sheet to an occasion, whether its roll is open or closed.

    Refuses a cancelled occasion (OccasionCancelled), the same file twice (ScanKnown), and a file that is no scan
    (files.UploadRefused).
    """
    fresh = Occasion.objects.select_for_update().get(pk=occasion.pk)
    if fresh.state == Occasion.State.CANCELLED:
        raise OccasionCancelled
    stored = files.store(scan, kind=SIGNED_SHEET, name=name, by=by, at=at)
    if fresh.scans.standing().filter(file__sha256=stored.sha256).exists():
        raise ScanKnown
    made = SheetScan.objects.create(id=new_id(), occasion=fresh, file=stored, added_at=at, added_by=by)
    _record("scan.added", made, fresh, by, at)
    return made


@transaction.atomic
def withdraw_scan(scan: SheetScan, *, reason: str, by, at: datetime) -> SheetScan:
    """Withdraw a wrong scan; it stays on record with the reason. Refuses no reason and a second time."""
    if not reason.strip():
        raise ReasonMissing
    mine = SheetScan.objects.standing().filter(pk=scan.pk)
    if not mine.update(withdrawn_at=at, withdrawn_by=by, reason=reason.strip()[:200]):
        raise AlreadyWithdrawn
    scan.refresh_from_db()
    _record("scan.withdrawn", scan, scan.occasion, by, at)
    return scan


@transaction.atomic
def open_scan(scan: SheetScan, *, by, at: datetime) -> StoredFile:
    """The file of a scan, to be given to whoever asked. It names members, so each reading is recorded."""
    _record("scan.opened", scan, scan.occasion, by, at)
    return scan.file


def _record(verb: str, scan: SheetScan, occasion: Occasion, by, at: datetime) -> None:
    audit.record(verb, on=scan, by=by, at=at, unit_path=occasion.unit_path, occasion=str(occasion.pk))
