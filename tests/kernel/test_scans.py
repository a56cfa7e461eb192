"""Scans: what is taken, in which words it is refused, and how it is given back."""

import io

import pytest

from tests.make import NOON
from waystation.kernel import files, scans

pytestmark = pytest.mark.django_db

PDF, PNG = b"%PDF-1.4\n%x\n", b"\x89PNG\r\n\x1a\n...."


@pytest.fixture
def kind(monkeypatch):
    monkeypatch.setattr(files, "FILE_KINDS", {})
    return scans.declare("sheet", title="x").key


def store(kind, name, content):
    return files.store(io.BytesIO(content), kind=kind, name=name, by=None, at=NOON)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("签到表.exe", PDF, "文件不是PDF"), ("签到表.png", PDF, "文件不是PDF"), ("签到表", PDF, "文件不是PDF"),
        ("签到表.pdf", b"", "文件是空的"), ("签到表.pdf", PDF + bytes(10 * files.MIB), "不得超过10 MB"),
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused_in_words(kind, name, content, words):
    with pytest.raises(files.UploadRefused) as refusal:
        store(kind, name, content)
    assert words in scans.refusal_words(refusal.value)


@pytest.mark.parametrize(
    ("name", "content", "shown"), [("签到表.PNG", PNG, "inline"), ("签到表.pdf", PDF, "attachment")]
)
def test_an_image_is_shown_and_a_pdf_is_saved(kind, name, content, shown):
    answer = scans.answer(store(kind, name, content))
    assert answer["Content-Disposition"].split(";")[0] == shown
    assert b"".join(answer.streaming_content) == content
