"""Papers that people scan or photograph: what is taken, in which words it is refused, how it is given back."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import FileResponse
from django.utils.translation import gettext as _

from waystation.kernel import files
from waystation.kernel.models import StoredFile

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def declare(kind: str, *, title) -> files.FileKind:
    """Declare a kind of file that is a scan: PDF, PNG or JPG, at most 10 MB (what `refusal_words` says)."""
    return files.declare(kind, title=title, max_bytes=10 * files.MIB, suffixes=tuple(CONTENT_TYPES))


def scan_field(label, help_text) -> forms.FileField:
    """A field for a scan; on a phone the browser offers the camera."""
    widget = forms.FileInput(attrs={"accept": ",".join(CONTENT_TYPES)})
    return forms.FileField(label=label, help_text=help_text, widget=widget)


def refusal_words(refusal: files.UploadRefused) -> str:
    """Why `files.store` did not take a scan, for the person who chose it."""
    if isinstance(refusal, files.UploadTooLarge):
        return _("The file is too large: at most 10 MB.")
    if isinstance(refusal, files.UploadEmpty):
        return _("The file is empty.")
    return _("This is no PDF, PNG or JPG file.")


def content_type(stored: StoredFile) -> str:
    """The type of a scan by its name, whose first bytes were checked when it was stored."""
    return CONTENT_TYPES.get(Path(stored.name).suffix.lower(), "application/octet-stream")


def is_image(stored: StoredFile) -> bool:
    """Whether a browser shows it in the page."""
    return content_type(stored).startswith("image/")


def answer(stored: StoredFile) -> FileResponse:
    """The scan: an image is shown, anything else is saved and opened outside the browser.

    Raises sealing.Tampered and FileNotFoundError.
    """
    return FileResponse(
        files.open_stored(stored), content_type=content_type(stored), filename=stored.name,
        as_attachment=not is_image(stored),
    )  # fmt: skip
