"""Hostile and unsuitable files: each is refused quickly, in words, and the caller does not grow."""

import gzip
import io
import resource
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.kernel.sheets.workbooks import cell, raw_parts, xlsx, zipped
from waystation.kernel.jail import Unreadable
from waystation.kernel.sheets.limits import UPLOAD_LIMITS, UploadLimits
from waystation.kernel.sheets.reading import read_workbook

FIXTURES = Path(__file__).parent / "fixtures"


def processor_seconds():
    """Used so far by this process and its children; unlike a clock it does not see a busy machine."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def read_all(file, **options):
    """Read every row and keep none."""
    return sum(1 for sheet in read_workbook(file, **options) for _ in sheet)


def refusal(file, **options) -> Unreadable:
    """Read everything; return why that failed. It must be quick and small on this side."""
    tracemalloc.start()
    started = processor_seconds()
    try:
        with pytest.raises(Unreadable) as refused:
            read_all(file, **options)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert processor_seconds() - started < 10
    assert peak < 20_000_000
    assert refused.value.message.endswith(("。", "."))
    return refused.value


def far_cell():
    return zipped(raw_parts(cell("A1") + cell("XFD1048576")))


def far_cell_in_other_spelling():
    row = "<x:row r='1'>< /x:row>".replace("< /", "</")
    parts = raw_parts(row + "<row><c  s='1'\n r = 'xfd1048576' t='inlineStr'><is><t>x</t></is></c></row>")
    return zipped(parts)


def far_row_without_references():
    return zipped(raw_parts(cell("A1") + '<row r="1048576">' + "<c><v>1</v></c>" * 20_000 + "</row>"))


def rows_beyond_the_limit():
    return zipped(raw_parts(cell("A1") + cell("C50001")))


def columns_beyond_the_limit():
    return zipped(raw_parts(cell("A1") + cell("GS7")))


def false_string_count():
    parts = raw_parts('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'count="1" uniqueCount="4294967295"><si><t>x</t></si></sst>'
    )
    return zipped(parts)


def false_dimension():
    return zipped(raw_parts(cell("A1"), before='<dimension ref="A1:XFD1048576"/>'))


def inflates_to_300_megabytes():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in raw_parts("").items():
            archive.writestr(name, content)
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(bytes(1_000_000))
    return stream


def inflates_more_than_it_says():
    """The directory says 100 bytes; what is packed are three hundred million."""
    content = inflates_to_300_megabytes().getvalue()
    size = struct.pack("<I", 300_000_000)
    assert size in content
    return io.BytesIO(content.replace(size, struct.pack("<I", 100)))


def million_merged_cells():
    merged = "".join(f'<mergeCell ref="A{number}:B{number}"/>' for number in range(1, 1_000_001))
    return zipped(raw_parts(cell("A1"), after=f'<mergeCells count="1000000">{merged}</mergeCells>'))


def ten_thousand_sheets():
    return zipped(raw_parts(cell("A1"), sheets=10_000))


def ten_thousand_names_of_one_sheet():
    parts = raw_parts(cell("A1"), sheets=1)
    names = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(10_000))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('<sheet name="S1" sheetId="1" r:id="rId1"/>', names)
    return zipped(parts)


def too_many_parts():
    return zipped(raw_parts(cell("A1")) | {f"xl/media/{n}.png": b"x" for n in range(200)})


def nested_zip():
    return zipped(raw_parts(cell("A1")) | {"xl/embeddings/a.bin": zipped({"a": "b"}).getvalue()})


def macros():
    return zipped(raw_parts(cell("A1")) | {"xl/vbaProject.bin": b"x"})


def truncated_zip():
    content = xlsx(("a", [["x"] * 20] * 500)).getvalue()
    return io.BytesIO(content[: len(content) // 2])


def flipped_zip():
    content = bytearray(xlsx(("a", [[f"{r}-{c}" for c in range(20)] for r in range(500)])).getvalue())
    for at in range(len(content) // 3, len(content) // 3 + 400):
        content[at] ^= 0x5A
    return io.BytesIO(content)


def no_workbook_inside():
    return zipped(raw_parts(cell("A1")) | {"xl/workbook.xml": "not xml <<<"})


def encrypted_zip_part():
    content = bytearray(zipped(raw_parts(cell("A1"))).getvalue())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    return io.BytesIO(content)


def two_parts_of_one_name():
    content = zipped(raw_parts(cell("A1"), sheets=2)).getvalue()
    return io.BytesIO(content.replace(b"sheet2.xml", b"sheet1.xml"))


def packed_by_a_method_nobody_uses():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in raw_parts(cell("A1")).items():
            archive.writestr(name, content)
    return stream


def xls():
    return (FIXTURES / "roster.xls").read_bytes()


def xls_whose_sector_table_runs_in_circles():
    content = bytearray(xls())
    table = struct.unpack_from("<I", content, 76)[0]
    start = (table + 1) * 512
    for entry in range(128):
        struct.pack_into("<I", content, start + 4 * entry, 1)
    return io.BytesIO(content)


def xls_with_sectors_outside_the_file():
    content = bytearray(xls())
    struct.pack_into("<I", content, 48, 0x00FFFFF0)  # the first sector of the directory
    return io.BytesIO(content)


def xls_that_claims_a_huge_sector_table():
    content = bytearray(xls())
    struct.pack_into("<I", content, 44, 0x7FFFFFFF)
    return io.BytesIO(content)


def truncated_xls():
    return io.BytesIO(xls()[:1000])


def xls_with_a_password():
    content = bytearray(xls())
    workbook = content.index(b"\x09\x08")  # the first record; the next becomes FILEPASS
    following = workbook + 4 + struct.unpack_from("<H", content, workbook + 2)[0]
    struct.pack_into("<H", content, following, 0x2F)
    return io.BytesIO(content)


def compound_file_without_workbook():
    return io.BytesIO(xls().replace("Workbook".encode("utf-16-le"), "Wordwork".encode("utf-16-le")))


def ods_of_a_million_columns():
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="a">'
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="1000000">'
        "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def ods_with_a_password():
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": b"\x01\x02",
            "META-INF/manifest.xml": manifest,
        }
    )


def opendocument_text():
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})


def huge_cell():
    return zipped(raw_parts(cell("A1", "x" * 1_000_000)))


def unclosed_quotation_mark():
    return io.BytesIO(('姓名,备注\n张三,"没有结尾\n' + "李四,备注\n" * 20_000).encode())


def csv_of_too_many_rows():
    return io.BytesIO("姓名,电话\n".encode() * 50_001)


def mixed_encodings():
    return io.BytesIO("姓名,性别\n张三,男\n".encode() + "李四,女\n".encode("gb18030"))


def bom_of_another_encoding():
    return io.BytesIO(b"\xef\xbb\xbf" + "姓名,性别\n李四,女\n".encode("gb18030"))


HOSTILE = [
    (far_cell, "too_far"),
    (far_cell_in_other_spelling, "too_far"),
    (far_row_without_references, ("unreadable", "too_far", "too_heavy")),
    (rows_beyond_the_limit, "too_far"),
    (columns_beyond_the_limit, "too_far"),
    (false_string_count, "false_string_count"),
    (false_dimension, "false_dimension"),
    (inflates_to_300_megabytes, "unpacks_too_large"),
    (inflates_more_than_it_says, ("unpacks_too_large", "damaged")),
    (million_merged_cells, "too_many_merges"),
    (ten_thousand_sheets, "too_many_sheets"),
    (ten_thousand_names_of_one_sheet, "too_many_sheets"),
    (too_many_parts, "too_many_parts"),
    (nested_zip, "nested_archive"),
    (macros, "macros"),
    (truncated_zip, "damaged"),
    (flipped_zip, "damaged"),
    (no_workbook_inside, "damaged"),
    (encrypted_zip_part, "encrypted"),
    (two_parts_of_one_name, "damaged"),
    (packed_by_a_method_nobody_uses, "damaged"),
    (xls_whose_sector_table_runs_in_circles, "damaged"),
    (xls_with_sectors_outside_the_file, "damaged"),
    (xls_that_claims_a_huge_sector_table, "damaged"),
    (truncated_xls, "damaged"),
    (xls_with_a_password, "encrypted"),
    (compound_file_without_workbook, "not_a_spreadsheet"),
    (ods_of_a_million_columns, ("damaged", "unreadable", "too_heavy", "too_slow")),
    (ods_with_a_password, "encrypted"),
    (opendocument_text, "not_a_spreadsheet"),
    (huge_cell, "cell_too_long"),
    (unclosed_quotation_mark, "cell_too_long"),
    (csv_of_too_many_rows, "too_far"),
    (mixed_encodings, "mixed_encoding"),
    (bom_of_another_encoding, "mixed_encoding"),
    (lambda: FIXTURES / "password.xlsx", "encrypted"),
    (lambda: io.BytesIO(b""), "empty_file"),
    (lambda: io.BytesIO(b"\r\n \x00"), "empty_file"),
    (lambda: io.BytesIO(b"x" * (UPLOAD_LIMITS.file_bytes + 1)), "too_large"),
    (lambda: io.BytesIO(b"\n<html><body><table><tr><td>1</td></tr></table>"), "web_page"),
    (lambda: io.BytesIO(b"\xef\xbb\xbf<!-- a -->\n<TABLE border=1>"), "web_page"),
    (lambda: io.BytesIO("\ufeff<html><table>".encode("utf-16-le")), "web_page"),
    (lambda: io.BytesIO(b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"), "web_page"),
    (
        lambda: io.BytesIO(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'),
        "old_workbook",
    ),
    (lambda: io.BytesIO(b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(99)), "old_workbook"),
    (lambda: zipped({"xl/workbook.bin": "x"}), "old_workbook"),
    (lambda: zipped({"word/document.xml": "<a/>"}), "not_a_spreadsheet"),
    (lambda: zipped({"名册.xlsx": "x"}), "archive"),
    (lambda: io.BytesIO(b"PK\x05\x06" + bytes(18)), "damaged"),
    (lambda: io.BytesIO(b"Rar!\x1a\x07\x00" + bytes(99)), "archive"),
    (lambda: io.BytesIO(gzip.compress(b"a,b\n1,2\n")), "archive"),
    (lambda: io.BytesIO(b"%PDF-1.7\n"), "not_a_spreadsheet"),
    (lambda: io.BytesIO("姓名,性别\n张三,男\n".encode("utf-16-le")), "unknown_encoding"),
    (lambda: io.BytesIO(b"name,\xff\xff\xff\n"), "unknown_encoding"),
]


@pytest.mark.parametrize(
    ("make", "codes"), HOSTILE, ids=[f"{n}-{make.__name__}" for n, (make, _) in enumerate(HOSTILE)]
)
def test_a_hostile_or_unsuitable_file_is_refused_in_words(make, codes):
    refused = refusal(make())
    assert refused.code in ((codes,) if isinstance(codes, str) else codes)


def test_a_refusal_names_the_cell_and_the_limits():
    assert "XFD1048576" in refusal(far_cell()).message
    message = refusal(rows_beyond_the_limit()).message
    assert "C50001" in message
    assert "50000" in message


def test_empty_formatted_cells_far_away_do_no_harm():
    rows = cell("A1") + '<row r="2"><c r="XFD2" s="0"/></row><row r="1048576" ht="15"/>'
    file = zipped(raw_parts(rows, before='<dimension ref="A1:XFD1048576"/>'))
    (sheet,) = [(sheet.name, list(sheet)) for sheet in read_workbook(file)]
    assert sheet == ("S1", [(1, ["x"])])


def test_the_last_allowed_cell_is_read():
    file = zipped(raw_parts(cell("A1") + cell("GR50000")))
    for sheet in read_workbook(file):
        number, cells = list(sheet)[-1]
    assert (number, len(cells), cells[-1]) == (50_000, 200, "x")


def test_all_sheets_together_are_limited_too():
    rows = cell("A1") + cell("GR50000")
    assert refusal(zipped(raw_parts(rows, sheets=3))).code == "too_many_cells"


def test_limits_can_be_chosen_by_the_caller():
    file = xlsx(("a", [["x"]] * 10))
    assert refusal(file, limits=UploadLimits(rows=9)).code == "too_far"
    assert len(list(next(read_workbook(file, limits=UploadLimits(rows=10))))) == 10


def test_any_flipped_byte_is_refused_or_read_but_never_breaks_the_caller():
    content = xlsx(("a", [["姓名", "电话"], ["张三", "13000000001"]])).getvalue()
    for at in range(0, len(content), len(content) // 12):
        damaged = bytearray(content)
        damaged[at] ^= 0xFF
        try:
            outcome = read_all(io.BytesIO(damaged))
        except Unreadable as refused:
            outcome = refused.message
        assert outcome
