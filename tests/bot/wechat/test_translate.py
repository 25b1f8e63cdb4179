"""What a callback means, and that none makes the reader stumble."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tencent.happenings import Nothing, Said, Tapped
from bot.tencent.xml import Unreadable, read
from bot.wechat.translate import (
    Consented,
    Left,
    Pictured,
    Posted,
    TemplateDone,
    translate,
)
from storage.wechat_ports import Opens
from tests.bot.wechat.posting import ACCOUNT, PERSON, posted, said

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SENT = int(NOW.timestamp()) - 3


def of(document: str) -> Posted:
    found = translate(read(document.encode()), NOW)
    assert found is not None
    return found


def event(name: str, key: str = "", **more: str) -> Posted:
    return of(posted("event", at=SENT, Event=name, EventKey=key, **more))


def test_a_text_says_who_when_and_what() -> None:
    found = of(said("备案", "777", at=SENT))
    assert (found.identity.external_id, found.account) == (PERSON, ACCOUNT)
    assert (found.key, found.at, found.opens) == ("777", NOW - timedelta(seconds=3), Opens.TALK)
    assert isinstance(found.event, Said) and found.event.inbound.text == "备案"
    assert found.event.inbound.message_id == "777"


@pytest.mark.parametrize(
    "recognised, text", [("张测试。", "张测试"), ("要多久？", "要多久？"), (" 备案 ", "备案")]
)
def test_speech_counts_as_what_was_recognised(recognised: str, text: str) -> None:
    found = of(posted("voice", MsgId="1", MediaId="m", Recognition=recognised)).event
    assert isinstance(found, Said) and found.inbound.text == text


@pytest.mark.parametrize("recognised", ["", "。", " "])
def test_speech_that_was_not_recognised_is_told_so(recognised: str) -> None:
    found = of(posted("voice", MsgId="1", MediaId="m", Recognition=recognised)).event
    assert isinstance(found, Said) and found.inbound.other == "voice"


def test_a_tapped_line_keeps_its_words() -> None:
    found = of(said("好", bizmsgmenuid="id.0")).event
    assert isinstance(found, Tapped) and (found.data, found.inbound.text) == ("id.0", "好")


@pytest.mark.parametrize(
    "document, kind",
    [
        (posted("image", MsgId="1", MediaId="m", PicUrl="http://x"), Pictured),
        (posted("event", Event="unsubscribe", EventKey=""), Left),
        (posted("event", Event="VIEW", EventKey="https://a.example"), Nothing),
        (posted("event", Event="LOCATION", Latitude="1"), Nothing),
        (posted("event", Event="CLICK", EventKey="not ours"), Nothing),
        (posted("event", Event="whatever"), Nothing),
        (posted("text", Content="no number"), Nothing),
        (posted("event", Event="TEMPLATESENDJOBFINISH", MsgID="9", Status="success"), TemplateDone),
    ],
)
def test_other_callbacks_are_what_they_are(document: str, kind: type) -> None:
    assert isinstance(of(document).event, kind)


@pytest.mark.parametrize(
    "key, start",
    [("qrscene_abc-1", "abc-1"), ("qrscene_", ""), ("", ""), ("qrscene_<x>", ""), ("a" * 65, "")],
)
def test_whoever_follows_brings_the_word_of_the_code(key: str, start: str) -> None:
    found = event("subscribe", key)
    assert isinstance(found.event, Said) and found.event.inbound.start == start
    assert found.event.inbound.button == "cmd:resume" and found.opens is Opens.TOUCH


def test_consents_are_read_one_or_many() -> None:
    one = (
        "<List><TemplateId>{}</TemplateId><SubscribeStatusString>{}</SubscribeStatusString></List>"
    )
    single, many = one.format("a", "accept"), one.format("a", "accept") + one.format("b", "reject")
    for inner, answers in ((single, {"a": True}), (many, {"a": True, "b": False})):
        found = event("subscribe_msg_popup_event", SubscribeMsgPopupEvent=inner)
        assert found.event == Consented(answers)


def test_events_are_told_apart_by_time_kind_and_key() -> None:
    keys = {
        event("CLICK", "cmd:status").key,
        event("CLICK", "cmd:help").key,
        event("SCAN", "cmd:help").key,
        of(posted("event", at=SENT + 1, Event="CLICK", EventKey="cmd:help")).key,
        event("TEMPLATESENDJOBFINISH", MsgID="1", Status="success").key,
        event("TEMPLATESENDJOBFINISH", MsgID="2", Status="success").key,
        event("VIEW", "https://a.example/" + "x" * 500).key,
    }
    assert len(keys) == 7
    assert all(len(key) <= 64 for key in keys)


def test_a_kept_callback_reads_as_it_did() -> None:
    lists = "<List><TemplateId>a</TemplateId></List><List><TemplateId>b</TemplateId></List>"
    fields = read(posted("event", Event="subscribe_msg_popup_event", E=lists).encode())
    assert translate(json.loads(json.dumps(fields)), NOW) == translate(fields, NOW)


@pytest.mark.parametrize("stamp", [str(10**9 * 5), "0", "-5", "now", "９９"])
def test_nobody_writes_from_the_future(stamp: str) -> None:
    assert of(said("好").replace("<CreateTime>0", f"<CreateTime>{stamp}")).at == NOW


VALUES: Any = st.recursive(
    st.text(max_size=20) | st.sampled_from(["text", "event", "image", "subscribe", "1", PERSON]),
    lambda inner: (
        st.dictionaries(st.sampled_from(["List", "TemplateId"]), inner, max_size=2)
        | st.lists(st.dictionaries(st.just("TemplateId"), inner, max_size=1), max_size=2).map(tuple)
    ),
    max_leaves=4,
)
NAMES = st.sampled_from(
    [
        "FromUserName", "ToUserName", "CreateTime", "MsgType", "MsgId", "Content", "Event",
        "EventKey", "MediaId", "Recognition", "Url", "MsgID", "Status", "bizmsgmenuid", "E",
    ]
)  # fmt: skip


@given(st.dictionaries(NAMES, VALUES))
def test_no_callback_makes_the_reader_stumble(fields: dict[str, Any]) -> None:
    translate(fields, NOW)
    translate({"FromUserName": PERSON, "ToUserName": ACCOUNT, **fields}, NOW)


@given(st.data())
def test_no_changed_letter_makes_it_stumble_either(data: st.DataObject) -> None:
    document = bytearray(said("备案 <b>", bizmsgmenuid="id.0").encode())
    for _ in range(data.draw(st.integers(1, 4))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    try:
        fields = read(bytes(document))
    except Unreadable:
        return
    translate(fields, NOW)
