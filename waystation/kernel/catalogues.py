"""Message catalogues without system gettext: extract, keep translations, check, compile.

Each app owns `locale/zh_Hans/LC_MESSAGES/django.po`. Files are named without line numbers and
without dates, so a catalogue only changes when its messages do.
"""

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # The guards of a view that anybody may open take a reason, which the page of permissions says.
    "public": None,
    "signed_in": None,
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml", ".eml"}
SKIPPED = {"migrations", "locale", "static", "node_modules", "__pycache__"}
HEADER = """msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|(?<!%)(?:%%)*(%[sdrif])|\{(\w*)[^{}]*\}")


@dataclass
class AppCatalogue:
    """What one app says: the messages of its code and templates with their translations."""

    folder: Path
    root: Path

    @property
    def po(self) -> Path:
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    @property
    def name(self) -> str:
        return self.folder.relative_to(self.root).as_posix()

    def stored(self) -> Catalog:
        """The catalogue as the file holds it; empty without a file."""
        if not self.po.exists():
            return Catalog(locale=LOCALE)
        with self.po.open("rb") as file:
            return read_po(file, locale=LOCALE, charset="utf-8")

    def current(self) -> Catalog:
        """The messages of today's code, with the translations that are already there."""
        known, catalogue = self.stored(), Catalog(locale=LOCALE, charset="utf-8", fuzzy=False)
        for place, said, context in self._said():
            plural = isinstance(said, tuple)
            if not (said[0] if plural else said):
                continue
            before = known.get(said, context)
            message = catalogue.add(said, locations=[(place, 0)], context=context)
            if before is not None:
                message.string = _fitting(before.string, plural)
                message.user_comments = before.user_comments
                message.flags |= before.flags & {"fuzzy"}
        return catalogue

    def _said(self) -> Iterator[tuple[str, str | tuple, str | None]]:
        for path in self._sources(self.folder):
            text = path.read_text(encoding="utf-8")
            if path.suffix != ".py":
                lines = templatize(text, origin=str(path)).splitlines()
                text = "\n".join(line.strip() for line in lines)
            source = io.BytesIO(text.encode())
            for _line, said, _comments, context in extract("python", source, KEYWORDS):
                yield path.relative_to(self.folder).as_posix(), said, context

    def _sources(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                if path.name not in SKIPPED and not (path / "apps.py").exists():
                    yield from self._sources(path)
            elif path.suffix == ".py" or (
                path.suffix in TEMPLATE_SUFFIXES and "templates" in path.relative_to(self.folder).parts
            ):
                yield path

    # --- acts ---------------------------------------------------------------------------------

    def update(self) -> bool:
        """Write the catalogue if it changed; says whether it did."""
        text = as_text(self.current())
        if text == self._text() or (not text and not self.po.exists()):
            return False
        self.po.parent.mkdir(parents=True, exist_ok=True)
        self.po.write_text(text, encoding="utf-8")
        return True

    def _text(self) -> str:
        return self.po.read_text(encoding="utf-8") if self.po.exists() else ""

    def check(self) -> list[str]:
        """Everything wrong: out of date, untranslated, fuzzy, with other placeholders, or never to be collected."""
        catalogue = self.current()
        faults = [] if as_text(catalogue) == self._text() else [f"{self.name}: out of date"]
        for message in sorted(catalogue, key=lambda message: str(message.id)):
            if message.id and (fault := fault_of(message)):
                faults.append(f"{self.name}: {fault}: {message.id!r}")
        return faults + self._unheard()

    def _unheard(self) -> list[str]:
        """What would be said and never collected: texts inside an f-string, or asked for by another name."""
        faults = []
        for path in (path for path in self._sources(self.folder) if path.suffix == ".py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                    names = [one.asname for one in node.names if one.asname and one.name in KEYWORDS]
                    faults += [f"{path.name}:{node.lineno}: known as {name}" for name in names if name not in KEYWORDS]
                if isinstance(node, ast.JoinedStr):
                    faults += [f"{path.name}:{call.lineno}: in an f-string" for call in _texts_in(node)]
        return [f"{self.name}: {fault}" for fault in faults]

    def compile(self) -> bool:
        """Write the compiled catalogue; says whether there is one."""
        if not self.po.exists():
            return False
        with self.mo.open("wb") as file:
            write_mo(file, self.stored())
        return True


def _texts_in(node: ast.AST) -> list[ast.Call]:
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS]


def catalogues(root: Path, labels: set[str] = frozenset()) -> list[AppCatalogue]:
    """The catalogues of all apps below `root` (folders with `apps.py`), or of those named."""
    folders = sorted(path.parent for path in root.rglob("apps.py"))
    return [AppCatalogue(folder, root) for folder in folders if not labels or folder.name in labels]


def disagreements(found: list[AppCatalogue]) -> list[str]:
    """Messages that two apps translate differently: at run time all catalogues are one."""
    said: dict[tuple, dict[str, str]] = {}
    for app in found:
        for message in app.stored():
            text = message.string[0] if isinstance(message.string, tuple) else message.string
            singular = message.id[0] if isinstance(message.id, tuple) else message.id
            if singular and text:
                said.setdefault((message.context, singular), {}).setdefault(text, app.name)
    return [
        f"{' and '.join(texts.values())} disagree: {key[1]!r}: {' / '.join(texts)}"
        for key, texts in said.items()
        if len(texts) > 1
    ]


def as_text(catalogue: Catalog) -> str:
    """The catalogue as a file; nothing if it has no message."""
    if not len(catalogue):
        return ""
    file = io.BytesIO()
    write_po(file, catalogue, omit_header=True, sort_output=True, include_lineno=False, width=100)
    return HEADER + file.getvalue().decode()


def fault_of(message: Message) -> str | None:
    """What is wrong with one translation."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    if not all(strings):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    asked = [placeholders(text) for text in ids]
    needed, allowed = set.intersection(*asked), set.union(*asked)
    for string in strings:
        if not needed <= placeholders(string) <= allowed:
            return "other placeholders"
        if _edges(string) != _edges(ids[0]):
            return "other line breaks at the edges"
    return None


def placeholders(text: str) -> set[str]:
    """The names (or marks) that a message fills in later."""
    return {"".join(found) for found in _PLACEHOLDER.findall(text)}


def _edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


def _fitting(string, plural: bool):
    """Chinese has one plural form, whatever shape the message had before."""
    first = string[0] if isinstance(string, tuple | list) else string
    return (first,) if plural else first
