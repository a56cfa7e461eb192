"""ID and telephone numbers as rosters have them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waystation.kernel.partial_dates import PartialDate
from waystation.stewardship.people.identity import (
    FEMALE,
    MALE,
    IdNumber,
    IdState,
    Phone,
    PhoneKind,
    check_character,
    disagreements,
    mask_phone,
    read_id_number,
    read_phones,
    read_sex,
)

VALID = "350982196903163027"  # its check character is computed below
VALID = VALID[:17] + check_character(VALID[:17])

digits = st.builds(
    lambda county, day, order: f"{county}{day:%Y%m%d}{order:03d}",
    st.sampled_from(["350982", "350922", "110101", "810000", "830000"]),
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    st.integers(1, 999),
)
numbers = digits.map(lambda text: text + check_character(text))


def test_the_check_character_is_that_of_the_standard():
    # The example of GB 11643-1999, annex A.
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "110105-19491231-002X",
        "11010519491231002×",
        "11010519491231002*",
        "110105\u00a019491231\u200b002X",
    ],
)
def test_a_valid_number_is_read_however_it_is_written(written):
    assert read_id_number(written) == IdNumber("11010519491231002X", IdState.VALID)


@given(numbers)
def test_a_whole_number_is_valid_and_says_birth_and_sex(number):
    read = read_id_number(number)
    assert read.state is IdState.VALID
    assert read.birth.isoformat().replace("-", "") == number[6:14]
    assert read.sex == (MALE if int(number[16]) % 2 else FEMALE)


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number, at, step):
    wrong = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
    assert read_id_number(wrong).state in (IdState.WRONG_CHECK, IdState.DIGITS_LOST)


@given(numbers.filter(lambda number: not number.endswith("X")))
def test_a_number_made_by_a_spreadsheet_keeps_its_certain_digits(number):
    as_excel_stores_it = float(number[:15] + "000")
    assert read_id_number(as_excel_stores_it) == IdNumber(number[:15], IdState.DIGITS_LOST)
    assert read_id_number(repr(as_excel_stores_it)).text == number[:15]


@given(numbers.filter(lambda number: number[6:8] == "19" and number[8:10] >= "20"))
def test_an_old_number_is_upgraded_to_the_new_one(number):
    old = number[:6] + number[8:17]
    assert read_id_number(old) == IdNumber(number, IdState.UPGRADED)
    assert read_id_number(float(old)) == IdNumber(number, IdState.UPGRADED)
    assert IdNumber(number, IdState.VALID).old_form == old


def test_the_birth_column_decides_the_century_of_an_old_number():
    assert read_id_number("350982010606497").birth == PartialDate(2001, 6, 6)
    assert read_id_number("350982010606497", PartialDate(1901, 6)).birth == PartialDate(1901, 6, 6)
    assert read_id_number("350982630720488", PartialDate(1985)).birth.year == 1963


@pytest.mark.parametrize(
    ("written", "text", "state"),
    [
        ("3.50982E+17", "35098", IdState.DIGITS_LOST),
        ("350982198107134000", "350982198107134", IdState.DIGITS_LOST),
        ("350922297105144414", "350922297105144414", IdState.WRONG_CHECK),
        ("350982198113134552", "350982198113134552", IdState.WRONG_CHECK),
        ("350982198102304552", "350982198102304552", IdState.WRONG_CHECK),
        ("35098219810713455", "35098219810713455", IdState.INCOMPLETE),
        ("350982********3027", "350982********3027", IdState.INCOMPLETE),
        ("", "", IdState.MISSING),
        ("无", "", IdState.MISSING),
        ("—", "", IdState.MISSING),
        (None, "", IdState.MISSING),
        (0, "", IdState.MISSING),
        (float("nan"), "", IdState.MISSING),
    ],
)
def test_what_is_not_whole_says_so(written, text, state):
    assert read_id_number(written) == IdNumber(text, state)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()))
def test_reading_never_fails(value):
    assert read_id_number(value).state in IdState
    assert all(phone.text for phone in read_phones(value))
    number = read_id_number(value)
    assert number.birth is None or number.birth.day
    assert len(number.masked()) == len(number.text)


def test_a_masked_number_shows_county_and_last_four():
    assert IdNumber(VALID, IdState.VALID).masked() == f"350982********{VALID[-4:]}"
    assert IdNumber("35098", IdState.DIGITS_LOST).masked() == "*****"


def test_permits_of_hong_kong_macao_and_taiwan_residents_are_valid():
    permit = "83000019940823002" + check_character("83000019940823002")
    assert read_id_number(permit).is_residence_permit
    assert read_id_number(permit).state is IdState.VALID
    assert not read_id_number(VALID).is_residence_permit


def test_columns_that_contradict_the_number_are_told():
    number = read_id_number(VALID)
    assert disagreements(number, FEMALE, PartialDate(1969, 3)) == []
    assert disagreements(number, MALE, PartialDate(1968, 3, 16)) == ["sex", "birth"]
    assert disagreements(read_id_number("无"), MALE, PartialDate(1968)) == []


def test_sex_is_read_from_words_and_codes():
    assert [read_sex(value) for value in ("男", "女性", " 女 ", 1, 2.0, "M", "不详", None)] == [
        MALE, FEMALE, FEMALE, MALE, FEMALE, MALE, None, None,
    ]  # fmt: skip


MOBILE, LINE, BAD = PhoneKind.MOBILE, PhoneKind.LANDLINE, PhoneKind.BAD


@pytest.mark.parametrize(
    ("written", "phones"),
    [
        (13895473891.0, [Phone("13895473891", MOBILE)]),
        ("136 0739 3627", [Phone("13607393627", MOBILE)]),
        ("+86-15896748054", [Phone("15896748054", MOBILE)]),
        ("0086 136 7026 7261", [Phone("13670267261", MOBILE)]),
        ("１３５６０８７５８９８", [Phone("13560875898", MOBILE)]),
        ("18708158673.0", [Phone("18708158673", MOBILE)]),
        (
            "13670267261/0593-5282447",
            [Phone("13670267261", MOBILE), Phone("0593-5282447", LINE)],
        ),
        (
            "13670267261、13670267262；5282447",
            [Phone("13670267261", MOBILE), Phone("13670267262", MOBILE), Phone("5282447", LINE)],
        ),
        ("13670267261 13670267262", [Phone("13670267261", MOBILE), Phone("13670267262", MOBILE)]),
        ("13670267261，13670267261", [Phone("13670267261", MOBILE)]),
        ("(0593)5282447", [Phone("0593-5282447", LINE)]),
        ("010-62345678", [Phone("010-62345678", LINE)]),
        ("13670267261（妻）", [Phone("13670267261", MOBILE)]),
        ("1367026726", [Phone("1367026726", BAD)]),
        ("无", []),
        ("", []),
        (None, []),
    ],
)
def test_telephones_are_read_however_they_are_written(written, phones):
    assert read_phones(written) == phones


def test_masked_telephones_keep_what_people_recognise():
    assert mask_phone("13912346624") == "139****6624"
    assert Phone("0593-5282447", LINE).masked() == "0593-****447"
    assert mask_phone("110") == "***"


def test_partial_dates_agree_as_far_as_both_go():
    assert PartialDate(1985, 8).agrees(PartialDate(1985, 8, 17))
    assert PartialDate(1985).agrees(PartialDate(1985, 8, 17))
    assert not PartialDate(1985, 8, 16).agrees(PartialDate(1985, 8, 17))


@pytest.mark.parametrize("text", ["1985", "1985-08", "1985-08-17"])
def test_partial_dates_survive_their_text(text):
    assert PartialDate.parse_iso(text).isoformat() == text


@pytest.mark.parametrize("parts", [(1985, None, 3), (1985, 13), (1985, 2, 30)])
def test_impossible_partial_dates_are_refused(parts):
    with pytest.raises(ValueError):
        PartialDate(*parts)
