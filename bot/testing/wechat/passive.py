"""Reads what a callback is answered, as strictly as WeChat: nothing, `success`, or one message.

Anything else makes WeChat tell the person that the account has a fault.
Source: 被动回复用户消息 and 消息加解密说明, developers.weixin.qq.com.
"""

from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from bot.testing.tencent import Refusal
from bot.testing.wechat.envelope import Envelope, NotOurs, Sealed
from bot.testing.wechat.rules import check_text

_NOTHING = (b"", b"success")
_KINDS = frozenset({"text", "image", "voice", "transfer_customer_service"})


class Odd(ValueError):
    """No answer WeChat could make sense of; the message says why."""


@dataclass(slots=True)
class _Reader:
    """Elements below ``<xml>`` by path, and which of them stood in CDATA."""

    values: dict[str, str] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    path: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name)
        place = "/".join(self.path)
        if attributes or place in self.values:
            raise Odd(f"<{name}> has attributes or stands twice")
        self.values[place] = ""

    def end(self, name: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        self.values["/".join(self.path)] += data

    def cdata(self) -> None:
        self.marked.add("/".join(self.path))

    def doctype(self, *_: Any) -> NoReturn:
        raise Odd("a DOCTYPE has no place in a message")


def read_xml(text: str) -> tuple[dict[str, str], frozenset[str]]:
    """The elements below ``<xml>`` by path, and those in CDATA. Raises Odd."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartCdataSectionHandler = reader.cdata
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise Odd(f"no XML: {error}") from None
    inner = {
        place.removeprefix("xml/"): value
        for place, value in reader.values.items()
        if place.startswith("xml/")
    }
    if not inner:
        raise Odd("the root is not <xml>")
    return inner, frozenset(place.removeprefix("xml/") for place in reader.marked)


def read_answer(
    envelope: Envelope, body: bytes, openid: str, original_id: str
) -> dict[str, str] | None:
    """The message in an answer, or None for nothing to say. Raises Odd."""
    if body in _NOTHING:
        return None
    outer, _ = read_xml(_decoded(body))
    if set(outer) != {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}:
        raise Odd("safe mode takes Encrypt, MsgSignature, TimeStamp and Nonce, nothing else")
    try:
        text = envelope.open(
            Sealed(outer["Encrypt"], outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
        )
    except NotOurs as error:
        raise Odd(str(error)) from None
    if text in ("", "success"):
        return None
    return _checked(text, openid, original_id)


def _checked(text: str, openid: str, original_id: str) -> dict[str, str]:
    message, marked = read_xml(text)
    for name in ("ToUserName", "FromUserName", "MsgType", "Content", "Image/MediaId"):
        if name in message and name not in marked:
            raise Odd(f"{name} is not in CDATA")
    if message.get("ToUserName") != openid or message.get("FromUserName") != original_id:
        raise Odd("ToUserName and FromUserName are not those of the message, swapped")
    if not message.get("CreateTime", "").isdecimal():
        raise Odd("CreateTime is no whole number")
    if message.get("MsgType") not in _KINDS:
        raise Odd(f"MsgType {message.get('MsgType')!r} is unknown")
    if message["MsgType"] == "text":
        try:
            check_text(message.get("Content"))
        except Refusal as error:
            raise Odd(error.errmsg) from None
    return message


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Odd("the answer is no UTF-8") from None
