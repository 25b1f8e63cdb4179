"""What was pulled is read strictly: nothing in it can break the channel."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tencent.happenings import Nothing, Said, Tapped
from bot.wecom.translate import (
    Bounced,
    Changed,
    Entered,
    Filed,
    Person,
    Recalled,
    Spoke,
    is_person,
    key_of,
    moment,
    translate,
    whose,
)
from storage.wecom_ports import SessionState

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SOMEBODY = "wk1.wm1"
NAMED = {"open_kfid": "wk1", "external_userid": "wm1"}


def said(kind: str, origin: int = 3, **content: Any) -> dict[str, Any]:
    at = int(NOW.timestamp()) - 5
    return {
        "msgid": "m1", "send_time": at, "origin": origin, "msgtype": kind, kind: content, **NAMED,
    }  # fmt: skip


def event(kind: str, **more: Any) -> dict[str, Any]:
    about = {"event_type": kind, **NAMED, **more}
    return {"msgid": "m1", "send_time": 0, "origin": 4, "msgtype": "event", "event": about}


def happening(message: dict[str, Any]) -> Any:
    assert whose(message, "wk1") == SOMEBODY
    return translate(message, SOMEBODY, NOW).happening


def test_messages_of_customers() -> None:
    pulled = translate(said("text", content="你好"), SOMEBODY, NOW)
    assert isinstance(pulled.happening, Said)
    assert pulled.happening.inbound.text == "你好"
    assert (pulled.key, pulled.at, pulled.is_talk) == ("m1", NOW - timedelta(seconds=5), True)
    tapped = happening(said("text", content="好", menu_id="abc.1"))
    assert isinstance(tapped, Tapped)
    assert (tapped.inbound.text, tapped.data) == ("好", "abc.1")
    photo = happening(said("image", media_id="M"))
    assert isinstance(photo, Filed)
    assert (photo.media_id, photo.name) == ("M", "photo.jpg")
    link = happening(said("link", title="t", url=" https://example.cn "))
    assert isinstance(link, Said)
    assert link.inbound.text == "https://example.cn"


@pytest.mark.parametrize(
    "kind, other",
    [
        ("voice", "voice"),
        ("video", "video"),
        ("location", "location"),
        ("business_card", "contact"),
        ("miniprogram", "unreadable"),
        ("channels_shop_order", "unreadable"),
        ("image", "unreadable"),  # without a media id
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(kind: str, other: str) -> None:
    told = happening(said(kind, latitude=1.0))
    assert isinstance(told, Said)
    assert told.inbound.other == other


def test_events() -> None:
    entered = happening(event("enter_session", welcome_code="W", scene_param="join-ABC"))
    assert isinstance(entered, Entered)
    assert (entered.code, entered.inbound.start) == ("W", "join-ABC")
    bad = happening(event("enter_session", welcome_code="W", scene_param="<script>"))
    assert isinstance(bad, Entered)
    assert bad.inbound.start == ""
    assert happening(event("enter_session")) == Nothing("entered")
    change = event("session_status_change", change_type=1, new_servicer_userid="z", msg_code="c")
    assert happening(change) == Changed(SessionState.HUMAN, "z", "")
    over = event("session_status_change", change_type=3, old_servicer_userid="z", msg_code="c")
    assert happening(over) == Changed(SessionState.ENDED, "", "c")
    assert happening(event("session_status_change", change_type=9)) == Nothing("session_other")
    assert happening(event("msg_send_fail", fail_msgid="x-0", fail_type=10)) == Bounced(
        "x-0", "blocked"
    )
    assert happening(event("msg_send_fail", fail_type="?")) == Bounced("", "refused")
    assert happening(event("user_recall_msg", recall_msgid="m0")) == Recalled("m0")
    assert happening(event("something_new")) == Nothing("event_other")


def test_what_servicers_write() -> None:
    wrote = {**said("text", 5, content="您好"), "servicer_userid": "zhangsan"}
    assert happening(wrote) == Spoke("zhangsan", "您好")
    sent = {**said("image", 5, media_id="M"), "servicer_userid": "zhangsan"}
    assert happening(sent) == Spoke("zhangsan", "（在企业微信里发了一条图片）")
    assert happening(said("text", 6, content="x")) == Nothing("origin_other")


def test_nobody_of_another_account_is_spoken_for() -> None:
    assert whose(said("text"), "wk2") == ""
    assert whose({"msgtype": "text"}, "wk1") == ""
    assert whose(event("servicer_status_change", external_userid=""), "wk1") == ""


def test_a_customer_is_known_by_account_and_name() -> None:
    assert Person.of(SOMEBODY) == Person("wk1", "wm1")
    for wrong in ("", "wk1", ".wm1", "wk1.", "wk1.wm1.x", "oOpenId_of_an_account", "wk1.w m"):
        assert not is_person(wrong)


def test_times_are_never_later_than_now() -> None:
    assert moment({"send_time": 2**31}, NOW) == NOW
    for wrong in (None, "1", True, -1, 10**12):
        assert moment({"send_time": wrong}, NOW) == NOW


_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
_ANY = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "msgid": _ANY, "send_time": _ANY, "origin": st.sampled_from([3, 4, 5, "3"]) | _ANY,
            "msgtype": st.sampled_from(["text", "image", "event", "link"]) | _ANY,
            "text": _ANY, "image": _ANY, "link": _ANY, "servicer_userid": _ANY,
            "event": st.dictionaries(
                st.sampled_from(["event_type", "change_type", "fail_type", "welcome_code"]),
                st.sampled_from(["enter_session", "session_status_change", 1, 3]) | _ANY,
            ) | _ANY,
        },
    )
)  # fmt: skip
def test_nothing_breaks_the_reading(message: dict[str, Any]) -> None:
    message = json.loads(json.dumps(message))
    assert isinstance(key_of(message), str)
    assert isinstance(whose(message, "wk1"), str)
    translate(message, SOMEBODY, NOW)
