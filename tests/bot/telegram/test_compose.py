"""Replies as messages: nothing lost, nothing too long, keys that say nothing of their meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.client import Keyboard
from bot.telegram.compose import (
    MAX_TEXT,
    FilePart,
    TextPart,
    compose,
    key_data,
    keyboard,
    read_key_data,
    split,
)
from dialogs.message import Button, Citation, Identity, OutgoingFile, Reply, ReplyKind
from dialogs.ports import Outgoing

SOMEBODY = Identity("telegram", "7")


def outgoing(reply: Reply) -> Outgoing:
    return Outgoing("AbCdEfGhIjKl", SOMEBODY, reply)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_reply_is_one_message_with_its_keys() -> None:
    reply = Reply(ReplyKind.QUESTION, "对吗？", (Button("对", "yes"), Button("不对", "no")))
    [part] = compose(outgoing(reply))
    assert isinstance(part, TextPart) and part.keyboard
    [row] = part.keyboard.rows
    assert [(key.label, key.data) for key in row] == [
        ("对", "AbCdEfGhIjKl.0"),
        ("不对", "AbCdEfGhIjKl.1"),
    ]


def test_sources_stand_below_as_plain_lines() -> None:
    source = Citation("某管理办法", "https://law.example.cn/33", "2026-11-20")
    [part] = compose(outgoing(Reply(ReplyKind.ANSWER, "二十个工作日。", citations=(source,))))
    assert part == TextPart("二十个工作日。\n— 某管理办法（2026-11-20） https://law.example.cn/33")


def test_files_come_before_the_question_that_is_asked_with_them() -> None:
    file = OutgoingFile("备案表.html", "/tmp/sheet.html")
    reply = Reply(ReplyKind.NOTICE, "给您。", (Button("好", "ok"),), files=(file,))
    first, last = compose(outgoing(reply))
    assert first == FilePart(file)
    assert isinstance(last, TextPart) and last.keyboard


def test_a_file_alone_needs_no_text() -> None:
    file = OutgoingFile("备案表.html", "/tmp/sheet.html")
    assert compose(outgoing(Reply(ReplyKind.NOTICE, " ", files=(file,)))) == (FilePart(file),)


def test_only_the_last_piece_of_a_long_reply_has_keys() -> None:
    text = "\n".join(f"第 {number} 行" + "长" * 80 for number in range(120))
    parts = compose(outgoing(Reply(ReplyKind.QUESTION, text, (Button("好", "ok"),))))
    assert len(parts) == 3
    keyboards = [part.keyboard for part in parts if isinstance(part, TextPart)]
    assert [bool(one) for one in keyboards] == [False, False, True]
    assert all(part.text.startswith("第 ") for part in parts if isinstance(part, TextPart))


def test_a_form_is_a_key_that_opens_a_page_or_a_line_of_text() -> None:
    form = Button("打开", "form", url="https://beian.example.cn/form/t")
    reply = Reply(ReplyKind.QUESTION, "请填写。", (form, Button("在这里发", "cmd:type_here")))
    [part] = compose(outgoing(reply))
    assert isinstance(part, TextPart) and part.keyboard
    assert [key.url for row in part.keyboard.rows for key in row] == [form.url, None]
    [part] = compose(outgoing(reply), links_as_text=True)
    assert isinstance(part, TextPart) and part.keyboard
    assert part.text == "请填写。\n打开: https://beian.example.cn/form/t"
    [key] = part.keyboard.rows[0]
    assert key.data == "AbCdEfGhIjKl.1"  # its place among all buttons


@given(
    st.text(st.sampled_from("字a \n。😀，"), max_size=400),
    st.integers(min_value=10, max_value=60),
)
def test_split_text_is_whole_and_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_text_is_cut_between_lines_and_never_inside_a_character() -> None:
    assert split("一二三\n四五六\n七八九", 8) == ("一二三\n四五六", "七八九")
    assert split("😀" * 5, 5) == ("😀😀", "😀😀", "😀")
    assert split("字" * MAX_TEXT) == ("字" * MAX_TEXT,)
    assert split("  \n ") == ()


@given(
    st.lists(st.text(st.sampled_from("字a "), min_size=1, max_size=90), max_size=130),
)
def test_any_number_of_buttons_makes_a_keyboard_telegram_takes(labels: list[str]) -> None:
    buttons = [Button(label, f"v{place}") for place, label in enumerate(labels)]
    made = keyboard("AbCdEfGhIjKl", buttons) or Keyboard(())
    keys = [key for row in made.rows for key in row]
    assert len(keys) == min(len(labels), 100)
    assert all(1 <= len(row) <= 8 for row in made.rows)
    assert all(1 <= len((key.data or "").encode()) <= 64 for key in keys)
    assert all(key.label.strip() and len(key.label) <= 60 for key in keys)
    places = [read_key_data(key.data or "") for key in keys]
    assert places == [("AbCdEfGhIjKl", place) for place in range(len(keys))]


def test_a_message_id_too_long_for_a_key_is_an_error_here_not_at_telegram() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        key_data("x" * 70, 0)


@given(st.text(max_size=70))
def test_foreign_key_data_is_read_as_nothing_or_harmlessly(data: str) -> None:
    read = read_key_data(data)
    assert read is None or (read[0] and 0 <= read[1] <= 999)


def test_a_colleagues_words_stand_below_their_name() -> None:
    [part] = compose(outgoing(Reply(ReplyKind.ANSWER, "您好，我来看。", by="客服小李")))
    assert isinstance(part, TextPart)
    assert part.text == "👤 客服小李\n您好，我来看。"
