"""Reading updates: what each means, and that nothing whatever makes it raise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.translate import OTHER_LOCALE, Nothing, Pressed, Said, chat_of, translate

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SENT = int((NOW - timedelta(minutes=3)).timestamp())


def message(**content: Any) -> dict[str, Any]:
    """A private message."""
    return {
        "update_id": 1,
        "message": {
            "message_id": 55,
            "date": SENT,
            "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "is_bot": False, "language_code": "zh-hans"},
            **content,
        },
    }


def said(update: object) -> Said:
    event = translate(update, NOW)
    assert isinstance(event, Said)
    return event


def test_a_text_keeps_its_id_time_and_language() -> None:
    inbound = said(message(text="域名是 example.cn")).inbound
    assert inbound.identity.channel == "telegram"
    assert inbound.identity.external_id == "7"
    assert inbound.message_id == "55"
    assert inbound.at == NOW - timedelta(minutes=3)
    assert inbound.text == "域名是 example.cn"
    assert inbound.locale == "zh-CN"


@pytest.mark.parametrize(
    "code, locale",
    [("zh-hans", "zh-CN"), ("zh-TW", "zh-CN"), ("zh", "zh-CN"), ("en", "en"), ("fr", "en")],
)
def test_every_chinese_is_chinese_and_all_else_english(code: str, locale: str) -> None:
    sender = {"id": 7, "is_bot": False, "language_code": code}
    assert said(message(text="?", **{"from": sender})).inbound.locale == locale


def test_without_a_language_there_is_no_hint() -> None:
    assert said(message(text="?", **{"from": {"id": 7}})).inbound.locale is None


@pytest.mark.parametrize(
    "text, button, start",
    [
        ("/start", "cmd:resume", ""),
        ("/start abc_DEF-1", "cmd:resume", "abc_DEF-1"),
        ("/start 带中文 的", "cmd:resume", ""),
        ("/START@TheBot", "cmd:resume", ""),
        ("/help", "cmd:help", None),
        ("/status@TheBot now", "cmd:status", None),
        ("/language", OTHER_LOCALE, None),
        ("  /pause\n", "cmd:pause", None),
    ],
)
def test_commands_become_buttons(text: str, button: str, start: str | None) -> None:
    inbound = said(message(text=text)).inbound
    assert (inbound.button, inbound.start, inbound.text) == (button, start, None)
    assert inbound.label and inbound.label.startswith("/")


@pytest.mark.parametrize("text", ["/", "/wat", "/start/", "//help", "help", "网址 /help"])
def test_what_only_looks_like_a_command_is_text(text: str) -> None:
    assert said(message(text=text)).inbound.text == text


@pytest.mark.parametrize(
    "given_name, shown",
    [
        ("执照.pdf", "执照.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\scan.jpg", "scan.jpg"),
        ("a\x00b\u202egnp.exe", "abgnp.exe"),
        ("", "document"),
        ("/", "document"),
        ("长" * 300, "长" * 100),
        (17, "document"),
    ],
)
def test_a_file_name_is_only_a_label(given_name: object, shown: str) -> None:
    file = {"file_id": "f", "file_name": given_name, "mime_type": "image/png", "file_size": 3}
    [incoming] = said(message(document=file)).inbound.files
    assert incoming.name == shown


def test_the_largest_size_of_a_photo_is_taken() -> None:
    sizes = [{"file_id": "small", "file_size": 1}, {"file_id": "large", "file_size": 9}]
    [incoming] = said(message(photo=sizes)).inbound.files
    assert (incoming.file_id, incoming.size, incoming.media_type) == ("large", 9, "image/jpeg")


def test_a_clock_ahead_of_ours_does_not_reach_the_record() -> None:
    ahead = int((NOW + timedelta(days=3)).timestamp())
    assert said(message(text="?", date=ahead)).inbound.at == NOW
    assert said(message(text="?", date="soon")).inbound.at == NOW
    assert said(message(text="?", date=10**18)).inbound.at == NOW


def test_each_edit_of_a_message_is_another_message() -> None:
    def edit(at: int) -> str:
        update = message(text="改", edit_date=at)
        event = said({"edited_message": update["message"]})
        assert event.inbound.other == "edited"
        return event.inbound.message_id

    assert edit(SENT) == edit(SENT) != edit(SENT + 1)
    assert edit(SENT) != "55"


def test_a_press_on_a_message_too_old_to_be_shown_still_counts() -> None:
    query = {
        "id": "q",
        "from": {"id": 7},
        "data": "abc.0",
        "message": {"chat": {"id": 7, "type": "private"}, "message_id": 5, "date": 0},
    }
    event = translate({"callback_query": query}, NOW)
    assert isinstance(event, Pressed)
    assert (event.data, event.message, event.query) == ("abc.0", 5, "q")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)

KEYS = [*message(text="", photo=[], document={}, sticker={})["message"], "file_id", "data"]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A real update with one thing in it replaced, taken away or added."""
    update: dict[str, Any] = draw(
        st.sampled_from(
            [
                message(text="你好"),
                message(document={"file_id": "f", "file_name": "a", "file_size": 1}),
                message(photo=[{"file_id": "f"}]),
                {"edited_message": message(text="改", edit_date=SENT)["message"]},
                {
                    "callback_query": {
                        "id": "q",
                        "from": {"id": 7},
                        "message": message(text="?")["message"],
                        "data": "abc.0",
                    }
                },
                {
                    "my_chat_member": {
                        "chat": {"id": 7, "type": "private"},
                        "new_chat_member": {"status": "kicked"},
                    }
                },
            ]
        )
    )
    part: Any = update
    for _ in range(draw(st.integers(0, 3))):
        inner = [value for value in part.values() if isinstance(value, dict)]
        if not inner:
            break
        part = draw(st.sampled_from(inner))
    copy = dict(part)
    key = draw(st.sampled_from([*copy, *KEYS]))
    if draw(st.booleans()):
        copy[key] = draw(json_values)
    else:
        copy.pop(key, None)
    return _with(update, part, copy)


def _with(whole: Any, part: Any, copy: Any) -> Any:
    if whole is part:
        return copy
    if isinstance(whole, dict):
        return {key: _with(value, part, copy) for key, value in whole.items()}
    return whole


@settings(max_examples=500)
@given(st.one_of(mutated(), json_values))
def test_no_update_makes_it_raise_and_what_it_reads_can_be_stored(update: object) -> None:
    chat_of(update)
    event = translate(update, NOW)
    if isinstance(event, Said):
        inbound = event.inbound
        given_ones = [inbound.text, inbound.button, inbound.files or None, inbound.other]
        assert sum(one is not None for one in given_ones) == 1
        assert inbound.at.utcoffset() is not None
        (inbound.words or "").encode()
        inbound.message_id.encode("ascii")
    elif isinstance(event, Nothing):
        assert event.reason.isascii()
