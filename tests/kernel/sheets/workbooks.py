"""Workbooks made on the spot: honest ones by XlsxWriter, hostile ones part by part."""

import io
import zipfile

import xlsxwriter

_WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    "<sheets>{sheets}</sheets></workbook>"
)
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(*sheets, merged=(), hidden=()) -> io.BytesIO:
    """A workbook of (name, rows) pairs; merged ranges ("A1:C1") hold for the first sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        date_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, (name, rows) in enumerate(sheets):
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            if place == 0:
                for span in merged:
                    sheet.merge_range(span, "")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if hasattr(cell, "isoformat"):
                        sheet.write_datetime(number, column, cell, date_format)
                    elif isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    stream.seek(0)
    return stream


def zipped(parts: dict[str, str | bytes]) -> io.BytesIO:
    """A zip file of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


def raw_parts(rows: str, *, before: str = "", after: str = "", sheets: int = 1) -> dict[str, str]:
    """The parts of an .xlsx whose sheets have exactly this XML in them."""
    names = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="rId{number}"/>' for number in range(1, sheets + 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, sheets + 1)
    )
    relations += f'<Relationship Id="rIdS" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _RELATIONS.format(
            relations=f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": _WORKBOOK.format(sheets=names),
        "xl/_rels/workbook.xml.rels": _RELATIONS.format(relations=relations),
    }
    for number in range(1, sheets + 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _SHEET.format(before=before, rows=rows, after=after)
    return parts


def cell(reference: str, text: str = "x") -> str:
    """One row with one inline text, as XML."""
    number = "".join(character for character in reference if character.isdigit())
    return f'<row r="{number}"><c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c></row>'
