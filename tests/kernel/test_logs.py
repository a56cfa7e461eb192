import json
import logging
import sys

from waystation.kernel.logs import LineFormatter


def line(message, *args, exc_info=None):
    record = logging.LogRecord("web", logging.INFO, __file__, 1, message, args, exc_info)
    return LineFormatter().format(record)


def test_a_line_is_one_json_object_and_keeps_chinese_readable():
    text = line("导入 %s 行", 3)

    assert json.loads(text)["message"] == "导入 3 行"
    assert "导入 3 行" in text
    assert sorted(json.loads(text)) == ["level", "logger", "message", "t"]


def test_hostile_text_stays_text():
    hostile = 'a\r\n{"level": "ERROR"}\x1b[31m\x00\x85\u2028\u202e\u2066\u200b\ufeff\ud800'

    text = line("%s", hostile)

    assert json.loads(text)["message"] == hostile
    assert all(letter.isprintable() for letter in text)
    assert len(text.splitlines()) == 1


def test_numbers_of_people_are_blotted_out_in_messages_and_traces():
    try:
        raise ValueError("35090219900307123X 13800138000")
    except ValueError:
        text = line("身份证35090219900307123X,手机13800138000。", exc_info=sys.exc_info())

    assert "35090219900307123X" not in text
    assert "13800138000" not in text
    assert "350***********123X" in text
    assert "138****8000" in text
    assert "ValueError" in json.loads(text)["trace"]
