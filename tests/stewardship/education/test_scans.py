"""The signed sheet of an occasion, scanned: what is taken, who opens it, and that it stays on record."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stewardship.education import made
from tests.stewardship.education.made import NOON
from waystation.kernel import files
from waystation.kernel.models import AuditEvent, StoredFile
from waystation.stewardship.education import actions
from waystation.stewardship.education.actions import errors
from waystation.stewardship.education.models import SheetScan
from waystation.stewardship.grids.actions import assign

pytestmark = pytest.mark.django_db
PDF, PNG = b"%PDF-1.4\n%an invented sheet\n", b"\x89PNG\r\n\x1a\n...."


@pytest.fixture
def occasion(places):
    made.members(places, "林美")
    return made.occasion(places["station"])


def add(occasion, content=PDF, name="签到表.pdf", by=None):
    return actions.add_scan(occasion, scan=io.BytesIO(content), name=name, by=by, at=NOON)


def withdraw(scan, reason="传错", by=None):
    return actions.withdraw_scan(scan, reason=reason, by=by, at=NOON)


def in_vain(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


# --- laws -----------------------------------------------------------------------------------------


def test_an_occasion_has_several_scans_open_or_closed_sealed_on_disk(occasion, settings):
    first = add(occasion)
    actions.close_roll(made.marked(occasion), by=None, at=NOON)
    second = add(occasion, PNG, "第二页.png")

    assert set(occasion.scans.standing()) == {first, second}
    assert b"".join(files.stream(first.file)) == PDF
    assert PDF not in (settings.FILES_ROOT / first.file.place).read_bytes()
    assert AuditEvent.objects.filter(verb="scan.added").count() == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [("签到表.exe", PDF), ("签到表.png", PDF), ("签到表.pdf", b""), ("a.pdf", PDF + bytes(10 * files.MIB))],
)
def test_a_scan_is_an_image_or_a_pdf_of_ten_megabytes(occasion, name, content):
    with pytest.raises(files.UploadRefused):
        add(occasion, content, name)
    assert SheetScan.objects.count() == StoredFile.objects.count() == 0


def test_the_same_file_stands_once_and_nothing_is_added_to_what_is_cancelled(occasion):
    first = add(occasion)
    with pytest.raises(errors.ScanKnown):
        add(occasion, name="另一个名称.pdf")
    assert StoredFile.objects.count() == 1
    withdraw(first)
    again = add(occasion)
    actions.cancel_occasion(occasion, reason="录错", by=None, at=NOON)
    with pytest.raises(errors.OccasionCancelled):
        add(occasion, PNG, "b.png")
    withdraw(again)


def test_a_scan_is_withdrawn_once_and_with_a_reason(occasion):
    scan = add(occasion)
    with pytest.raises(errors.ReasonMissing):
        withdraw(scan, reason=" ")
    withdraw(scan, by=make.user())
    with pytest.raises(errors.AlreadyWithdrawn):
        withdraw(scan)
    scan.refresh_from_db()
    assert (scan.reason, scan.withdrawn_at, list(occasion.scans.standing())) == ("传错", NOON, [])
    assert AuditEvent.objects.filter(verb="scan.withdrawn").count() == 1


def test_the_database_keeps_every_scan_as_it_was(occasion, places):
    scan, other = add(occasion), add(made.occasion(places["station"]), PNG, "b.png")
    row = SheetScan.objects.filter(pk=scan.pk)
    in_vain(lambda: row.update(withdrawn_at=NOON))
    in_vain(lambda: row.update(reason="传错"))
    in_vain(lambda: row.update(withdrawn_by=make.user()))
    in_vain(lambda: row.update(file=add(occasion, PNG, "c.png").file))
    in_vain(lambda: row.update(occasion=other.occasion))
    in_vain(lambda: row.update(added_at=timezone.now()))
    in_vain(lambda: SheetScan.objects.create(occasion=other.occasion, file=scan.file, added_at=NOON))
    in_vain(row.delete)
    in_vain(lambda: row._raw_delete(row.db))
    withdraw(scan)
    in_vain(lambda: row.update(withdrawn_at=None, reason=""))
    in_vain(lambda: row.update(reason="改写"))
    scan.refresh_from_db()
    assert (scan.reason, scan.occasion) == ("传错", occasion)


# --- pages ----------------------------------------------------------------------------------------


def address(name, thing):
    return reverse(f"education:{name}", args=[thing.pk])


def test_an_officer_attaches_a_scan_opens_it_and_withdraws_it(client, places, occasion, enter):
    officer = enter("station_officer", places["station"])
    page = address("occasion", occasion)
    assert address("scan-new", occasion) in client.get(page).content.decode()
    upload = SimpleUploadedFile("签到表.pdf", PDF)
    assert client.post(address("scan-new", occasion), {"scan": upload}).url == page
    scan = SheetScan.objects.get()
    assert (scan.added_by, scan.file.created_by) == (officer, officer)
    assert address("scan", scan) in client.get(page).content.decode()

    answer = client.get(address("scan", scan))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    event = AuditEvent.objects.get(verb="scan.opened")
    assert (event.actor, event.facts["occasion"]) == (officer, str(occasion.pk))

    client.post(address("scan-withdraw", scan), {"reason": ""})
    assert SheetScan.objects.standing().exists()
    client.post(address("scan-withdraw", scan), {"reason": "拍得不清"})
    text = client.get(page).content.decode()
    assert ("拍得不清" in text, "已撤回" in text) == (True, True)
    assert client.get(address("scan", scan)).status_code == 200


def test_a_wrong_file_comes_back_with_the_reason(client, places, occasion, enter):
    enter("station_officer", places["station"])
    url = address("scan-new", occasion)
    for upload, words in (
        (SimpleUploadedFile("签到表.docx", b"PK\x03\x04"), "文件不是PDF"),
        (SimpleUploadedFile("签到表.png", b"not an image"), "文件不是PDF"),
    ):
        assert words in client.post(url, {"scan": upload}).content.decode()
    assert client.post(url, {}).context["form"].errors
    add(occasion)
    assert "已经上传过" in client.post(url, {"scan": SimpleUploadedFile("a.pdf", PDF)}).content.decode()
    actions.cancel_occasion(occasion, reason="录错", by=None, at=NOON)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("role", "where", "opens", "records", "old"),
    [
        ("station_head", "station", 200, 302, 200),
        ("station_officer", "station", 200, 302, 200),
        ("county_organiser", "county", 200, 302, 200),
        ("city_organiser", "city", 200, 403, 404),
        ("station_head", "beside", 404, 404, 404),
        ("branch_secretary", "branch", 404, 404, 404),
        ("destination_contact", "community", 403, 403, 403),
        ("system_admin", "city", 403, 403, 403),
    ],
)
def test_who_opens_a_scan_and_who_withdraws_it(client, places, occasion, enter, role, where, opens, records, old):
    scan, withdrawn = add(occasion), withdraw(add(occasion, PNG, "b.png"))
    enter(role, places[where])
    assert client.get(address("scan", scan)).status_code == opens
    assert client.get(address("scan", withdrawn)).status_code == old
    assert client.get(address("scan-new", occasion)).status_code == {302: 200}.get(records, records)
    assert client.post(address("scan-withdraw", scan), {"reason": "传错"}).status_code == records
    assert AuditEvent.objects.filter(verb="scan.opened").count() == (opens == 200) + (old == 200)


def test_a_grid_leader_attaches_the_sheet_of_the_own_grid_and_of_no_other(client, places, occasion, enter):
    grid = make.grid(places["station"])
    assign(occasion.roll.get().person.stays.get(), grid, by=None, at=NOON)
    own = made.occasion(grid.unit, kind="group", held_on=timezone.localdate(NOON))
    enter("grid_leader", grid.unit)
    client.post(address("scan-new", own), {"scan": SimpleUploadedFile("a.png", PNG)})
    assert client.get(address("scan", own.scans.get())).status_code == 200
    assert client.get(address("scan", add(occasion))).status_code == 404
    assert client.get(address("scan-new", occasion)).status_code == 404


def test_a_scan_sent_twice_is_attached_once(client, places, occasion, enter):
    enter("station_officer", places["station"])
    key = "0b9d3c52-8a9e-4f3c-9f5d-3f1a6d1c2b11"
    for _time in range(2):
        client.post(address("scan-new", occasion), {"scan": SimpleUploadedFile("a.pdf", PDF), "idem": key})
    assert SheetScan.objects.count() == 1
