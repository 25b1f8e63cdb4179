"""The XML of callbacks: read strictly, written so that it says what was said."""

from contextlib import suppress

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.tencent.xml import Unreadable, envelope, read, text_reply

BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 6))
HOSTILE = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>',
    "external dtd": '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml/>',
    "five levels": f'<!DOCTYPE x [<!ENTITY a0 "lol">{BOMB}]><xml><A>&a5;</A></xml>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 5000}">]><xml><A>{"&a;" * 500}</A></xml>',
    "lower case": "<!doctype xml><xml/>",
    "with blanks": "<! DOCTYPE xml><xml/>",
    "undefined entity": "<xml><A>&unknown;</A></xml>",
    "an entity alone": '<!ENTITY a "b"><xml/>',
}


def test_a_message_is_read() -> None:
    document = "<xml><A><![CDATA[备案 <b>]]></A><B>1</B><C/><D> x </D></xml>".encode()
    assert read(document) == {"A": "备案 <b>", "B": "1", "C": "", "D": " x "}


def test_lists_are_read() -> None:
    one = "<List><Id>{}</Id></List>"
    document = f"<xml><E>{one.format(1)}{one.format(2)}</E><F>{one.format(3)}</F></xml>".encode()
    assert read(document) == {
        "E": {"List": ({"Id": "1"}, {"Id": "2"})},
        "F": {"List": {"Id": "3"}},
    }


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
def test_xml_that_does_more_than_say_something_is_refused(document: str) -> None:
    with pytest.raises(Unreadable):
        read(document.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-7", "cp037", "gb18030"])
def test_only_utf8_is_read(encoding: str) -> None:
    hidden = HOSTILE["external entity"]
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{hidden}案'
    try:
        document = declared.encode(encoding)
    except UnicodeEncodeError:
        document = declared[:-1].encode(encoding)
    with pytest.raises(Unreadable):
        read(document)
    with pytest.raises(Unreadable):
        read(f'<?xml version="1.0" encoding="{encoding}"?><xml/>'.encode())


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"<html></html>",
        b"<xml>",
        b"<xml></xml><xml></xml>",
        b"<xml><A>1</A><A>2</A></xml>",
        b"<xml><A>\x00</A></xml>",
        b"<xml><A>\xff</A></xml>",
        b"<xml>" + b"<A>" * 50_000,
        b"<xml>" + b"<A>" * 6 + b"1" + b"</A>" * 6 + b"</xml>",
        b"<xml>" + b"<A/>" * 201 + b"</xml>",
    ],
)
def test_what_is_no_callback_is_refused(document: bytes) -> None:
    with pytest.raises(Unreadable):
        read(document)


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "replace"))
)
def test_nothing_makes_the_reader_stumble(document: bytes) -> None:
    with suppress(Unreadable):
        read(document)


SPOKEN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(SPOKEN)
def test_a_reply_says_what_was_said(text: str) -> None:
    written = text_reply("person", "account", 1, text)
    assert read(written)["Content"] == text
    assert [child.tag for child in fromstring(written)] == [
        "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["]]>", "]]]]>>", "<![CDATA[x]]>", "]]><Content>x</Content>"])
def test_cdata_cannot_be_left(text: str) -> None:
    assert read(text_reply("p", "a", 1, text))["Content"] == text
    assert read(envelope(text, "s", "1", text))["Encrypt"] == text


def test_what_xml_cannot_hold_is_replaced() -> None:
    assert read(text_reply("p", "a", 1, "a\x00b\x1bc\ud800"))["Content"] == "a�b�c�"
