"""Reads a printed paper as a phone does: pages drawn to pictures, codes read from the pictures."""

import pypdfium2
import zxingcpp


def pages_of(paper: bytes) -> int:
    """How many pages the PDF has."""
    return len(pypdfium2.PdfDocument(paper))


def links_on(paper: bytes, pages: int | None = None) -> list[str]:
    """What the QR codes of the first pages say, in the order found."""
    document = pypdfium2.PdfDocument(paper)
    count = len(document) if pages is None else min(pages, len(document))
    return [
        code.text
        for number in range(count)
        for code in zxingcpp.read_barcodes(
            document[number].render(scale=4).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode
        )
    ]
