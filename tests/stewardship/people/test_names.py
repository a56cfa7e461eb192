"""Names: kept as given, compared by a key, found by their sound."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waystation.stewardship.people import names
from waystation.stewardship.people.names import NameProblem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张　三", "张三"),
        ("张  三 ", "张三"),
        ("劉鍾國", "刘钟国"),
        ("谢翰囯", "谢翰国"),
        ("陳燕强", "陈燕強"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽‧买买提"),
        ("古力娜扎.拜合提亚尔", "古力娜扎・拜合提亚尔"),
        ("ＡＢＣ", "abc"),
        ("张三（预备）", "张三"),
        ("张三\ufe00", "张三"),
        ("⼀凡", "一凡"),
        ("李末", "李未"),
    ],
)
def test_the_same_name_typed_differently_has_one_key(one, other):
    assert names.name_key(one) == names.name_key(other)


@pytest.mark.parametrize(("one", "other"), [("王伟", "王芳"), ("李乾", "李干"), ("兰英", "蓝英")])
def test_different_names_keep_different_keys(one, other):
    assert names.name_key(one) != names.name_key(other)


@given(st.text(max_size=30))
def test_a_key_is_its_own_key(name):
    key = names.name_key(name)
    assert names.name_key(key) == key or not key or "(" in key or key[-1].isascii()


def test_the_shown_name_is_the_given_one():
    assert names.display_form(" 劉 鍾囯\u3000") == "劉 鍾囯"
    assert names.display_form("⼀凡") == "⼀凡"  # NFKC would change it


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("王伟", "伟"),
        ("欧阳国斌", "国斌"),
        ("上官爱", "爱"),
        ("诸葛亮", "亮"),
        ("司马相如", "相如"),
        ("欧阳", "阳"),
        ("雷龘", "龘"),
        ("蓝志民", "志民"),
        ("阿依古丽·买买提", "阿依古丽"),
        ("王", "王"),
    ],
)
def test_given_names_leave_the_surname(name, given):
    assert names.given_name(name) == given


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("解缙", "xie jin"),
        ("查良镛", "zha liang yong"),
        ("区成", "ou cheng"),
        ("朴树", "piao shu"),
        ("盖叫天", "ge jiao tian"),
        ("任盈盈", "ren ying ying"),
        ("曾国藩", "zeng guo fan"),
        ("尉迟恭", "yu chi gong"),
        ("万俟卨", "mo qi xie"),
        ("缪华金", "miao hua jin"),
        ("吕布", "lv bu"),
        ("劉　秀", "liu xiu"),
    ],
)
def test_surnames_are_read_as_surnames(name, sound):
    assert names.pinyin(name) == sound


def test_initials_are_those_of_the_syllables():
    assert names.initials("王小明") == "wxm"
    assert names.initials("欧阳国斌") == "oygb"
    assert names.initials("阿依古丽·买买提") == "ayglmmt"


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("王伟", []),
        ("阿依古丽·买买提", []),
        ("\U00020bb7田", []),  # extension B
        ("王\U0002ebf5", []),  # extension I, unknown to Python's tables
        ("", [NameProblem.EMPTY]),
        ("　 ", [NameProblem.EMPTY]),
        ("王3", [NameProblem.DIGITS]),
        ("王" * 51, [NameProblem.TOO_LONG]),
        ("王<b>", [NameProblem.STRANGE]),
        ("王\x00伟", [NameProblem.STRANGE]),
        ("王\ue81e", [NameProblem.PRIVATE_USE]),
    ],
)
def test_a_bad_name_says_what_is_wrong(name, problems):
    assert names.problems(name) == problems


def test_rare_and_private_characters_are_told_by_their_ranges():
    for code in (0x3400, 0x20000, 0x2A700, 0x2B740, 0x2B820, 0x2CEB0, 0x2EBF0, 0x30000, 0x31350):
        assert names.is_han(chr(code))
        assert names.is_rare(chr(code))
        assert names.pinyin(f"王{chr(code)}")
    assert not names.is_rare("王")
    assert names.needs_checking("王\ue81e")
    assert not names.needs_checking("王龘")


@given(st.text())
def test_keys_of_anything_never_fail(text):
    names.name_key(text)
    names.pinyin(text)
    names.initials(text)
    names.given_name(text)
    assert isinstance(names.problems(text), list)


def test_twenty_thousand_names_take_less_than_a_second():
    names.pinyin("王钟")  # the dictionaries load once
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 1200)]
    made = [characters[at % 37] + characters[at * 7 % 1200] + characters[at * 13 % 1199] for at in range(20_000)]
    started = time.process_time()
    for name in made:
        names.name_key(name)
        names.pinyin(name)
        names.initials(name)
    assert time.process_time() - started < 1
