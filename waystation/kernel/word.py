"""Official papers as Word: templates that we ship, filled in a sandbox.

A template is code, so none is ever uploaded: only .docx files of this package are opened. What fills them is text;
it is escaped, and a name that the template asks for and nobody gives is an error, not a blank.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from waystation.kernel.sheets.ledgers import legal

ROOT = Path(__file__).resolve().parents[1]


class NotOurTemplate(Exception):
    """Only templates that are shipped with the program are filled."""


def docx(template: Path, values: Mapping) -> bytes:
    """The template filled with the values: texts, numbers, and lists or mappings of them.

    Raises NotOurTemplate for a file outside the package.
    """
    path = Path(template).resolve()
    if not path.is_relative_to(ROOT) or path.suffix != ".docx":
        raise NotOurTemplate(str(template))
    docxtpl = import_module("docxtpl")  # slow: brings a document library with it
    document = docxtpl.DocxTemplate(path)
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(_plain(values), jinja_env=environment, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _plain(value):
    """Only plain data goes into a template: no object whose methods it could call."""
    if isinstance(value, Mapping):
        return {str(key): _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return legal(str(value))
