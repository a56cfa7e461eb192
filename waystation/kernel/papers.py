"""Official papers: a page that we draw ourselves becomes a PDF, and fetches nothing while it does."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse


class Fetched(Exception):
    """The document names something outside itself. Nothing was fetched and nothing drawn."""


class NoPdf(Exception):
    """The libraries that draw PDF files are not installed on this computer."""


def pdf(document: str, *, style: str) -> bytes:
    """The document as PDF, drawn with a style sheet of our static files. Codes are in the document itself.

    Raises NoPdf where the drawing libraries are missing, and Fetched.
    """
    try:
        weasyprint = import_module("weasyprint")  # slow: loads Pango and its fonts
    except OSError as error:
        raise NoPdf from error
    fetcher = _refusing_fetcher(weasyprint)
    css = Path(finders.find(style)).read_text(encoding="utf-8")
    page = weasyprint.HTML(string=document, url_fetcher=fetcher)
    try:
        return page.write_pdf(stylesheets=[weasyprint.CSS(string=css, url_fetcher=fetcher)])
    except weasyprint.urls.FatalURLFetchingError as refusal:
        # It is no Exception, so it would end the worker and not only the job.
        raise Fetched(str(refusal)) from None


def answer(request, draw: Callable[..., str], *, pdf: Callable[[str], bytes], name: str) -> HttpResponse:
    """The paper that `draw` draws as a PDF of this name, or as a page to print where PDF files cannot be drawn.

    `draw` takes `request` and `without_pdf` where it draws such a page; `pdf` is that of the app, with its style.
    """
    try:
        content = pdf(draw())
    except NoPdf:
        return HttpResponse(draw(request=request, without_pdf=True))
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _refusing_fetcher(weasyprint):
    """A fetcher that stops the drawing when anything at all would be fetched."""

    class Refusing(weasyprint.urls.URLFetcher):
        def fetch(self, url, headers=None):
            raise weasyprint.urls.FatalURLFetchingError("A paper fetches nothing.")

    return Refusing()
