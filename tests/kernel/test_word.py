"""Official papers as Word: only our templates, in a sandbox, escaped."""

import ast
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from waystation.kernel import files, word

ROOT = Path(word.__file__).resolve().parents[1]
LETTER = ROOT / "stewardship/appraisals/word/origin_letter.docx"
VALUES = {
    "issuer": "霞浦站", "number": "第1号", "round": "评议", "year": 2026, "origin": "柏洋村党支部",
    "date": "今日", "count": 1,
    "rows": [{"no": 1, "name": "缪春花", "kind": "正式党员", "grade": "合格", "remark": ""}],
}  # fmt: skip


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_template_is_filled_with_every_row():
    rows = [{**VALUES["rows"][0], "no": number, "name": f"成员{number}"} for number in range(1, 4)]

    text = text_of(word.docx(LETTER, {**VALUES, "rows": rows, "count": 3}))

    assert "柏洋村党支部：" in text
    assert [f"成员{number}" in text for number in range(1, 5)] == [True, True, True, False]
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize(
    "hostile", ["{{ 7*7 }}", "{% for x in y %}", "<w:p>", "a & b <c>", "𠮷田㛃", "甲\x0b\x00乙", "\ud800"]
)
def test_whatever_stands_in_a_value_stays_text(hostile):
    text = text_of(word.docx(LETTER, {**VALUES, "origin": hostile}))

    assert word.legal(hostile) in text
    assert "49" not in text


def test_a_value_that_is_missing_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        word.docx(LETTER, {key: value for key, value in VALUES.items() if key != "origin"})


def test_only_templates_of_the_package_are_opened(tmp_path):
    outside = tmp_path / "upload.docx"
    outside.write_bytes(LETTER.read_bytes())

    for path in (outside, ROOT / "../pyproject.toml", ROOT / "kernel/word.py"):
        with pytest.raises(word.NotOurTemplate):
            word.docx(path, VALUES)


@pytest.mark.django_db
def test_a_stored_upload_is_no_template_even_if_it_lies_in_the_package(tmp_path, settings, monkeypatch):
    """Files are kept elsewhere; here their folder is put where the templates are, and one is linked there."""
    monkeypatch.setattr(word, "ROOT", tmp_path / "package")
    settings.FILES_ROOT = word.ROOT / "files"
    settings.KEY_FILE = tmp_path / "keys.json"
    files.store(io.BytesIO(LETTER.read_bytes()), kind="test", name="letter.docx", by=None, at=timezone.now())
    (upload,) = [path for path in settings.FILES_ROOT.rglob("*") if path.is_file()]
    outside, link = tmp_path / "letter.docx", word.ROOT / "letter.docx"
    outside.write_bytes(LETTER.read_bytes())
    link.symlink_to(outside)

    for path in (upload, outside, link, word.ROOT / "../letter.docx"):
        with pytest.raises(word.NotOurTemplate):
            word.docx(path, VALUES)


def test_uploads_are_kept_outside_of_the_package(settings):
    assert not Path(settings.FILES_ROOT).resolve().is_relative_to(ROOT)


def test_templates_are_opened_by_one_module_and_asked_for_by_one_that_knows_no_upload():
    """Whoever adds another user of Word papers reads docs/trust.md first, then names the module here."""
    opening, asking = set(), {}
    for path in ROOT.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = imported(tree)
        name = str(path.relative_to(ROOT))
        words = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if {one.split(".")[0] for one in named | words} & {"docxtpl", "jinja2"}:
            opening.add(name)
        if "waystation.kernel.word" in named:
            asking[name] = named

    assert opening == {"kernel/word.py"}
    assert set(asking) == {"stewardship/appraisals/notices.py"}
    for named in asking.values():
        assert not named & {"waystation.kernel.files", "django.http", "django.core.files"}


def imported(tree) -> set[str]:
    """Every module a file imports, and every name that it takes out of one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            if node.level and any(alias.name == "word" for alias in node.names):
                found.add("waystation.kernel.word")
    return found


def test_a_template_that_reaches_for_more_is_stopped_by_the_sandbox(tmp_path, monkeypatch):
    monkeypatch.setattr(word, "ROOT", tmp_path)
    hostile = tmp_path / "hostile.docx"
    document = Document()
    document.add_paragraph("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    document.save(hostile)

    with pytest.raises(SecurityError):
        word.docx(hostile, {})


def test_the_shipped_templates_are_what_the_script_makes():
    script = ROOT.parent / "tools/word_templates.py"

    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_a_paper_holds_no_macro_and_no_outside_link():
    with zipfile.ZipFile(io.BytesIO(word.docx(LETTER, VALUES))) as archive:
        names = archive.namelist()
        links = b"".join(archive.read(name) for name in names if name.endswith(".rels"))

    assert not [name for name in names if "vba" in name.lower()]
    assert b'TargetMode="External"' not in links
