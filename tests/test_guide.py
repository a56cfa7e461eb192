"""The user guide names only pictures that its script takes, and both languages have every section."""

import re

import pytest

from tools.screenshots import GUIDE, shots

SECTIONS = sorted(path for language in ("zh", "en") for path in (GUIDE / language).glob("*.md"))


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_picture_of_a_section_is_taken(path):
    language = path.parent.name
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text(encoding="utf-8"))
    taken = {f"../images/{language}/{shot.name}.png" for shot in shots()}
    assert set(named) <= taken
    assert [name for name in named if not (path.parent / name).exists()] == []


def test_both_languages_have_the_same_sections():
    names = {language: {path.name for path in SECTIONS if path.parent.name == language} for language in ("zh", "en")}
    assert names["zh"] == names["en"]


def test_every_section_stands_in_the_index_of_its_language():
    for path in SECTIONS:
        if path.stem != "README":
            index = (path.parent / "README.md").read_text(encoding="utf-8")
            assert f"({path.name})" in index, path


def test_no_picture_is_left_over():
    used = "\n".join(path.read_text(encoding="utf-8") for path in SECTIONS)
    kept = sorted(f"{path.parent.name}/{path.name}" for path in (GUIDE / "images").glob("*/*.png"))
    assert [name for name in kept if f"images/{name}" not in used] == []
