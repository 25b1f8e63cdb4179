"""The XML that WeChat posts and reads: strict on the way in, CDATA on the way out."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

Fields: TypeAlias = Mapping[str, "str | Fields | tuple[Fields, ...]"]
"""A callback's elements by name: text, elements of its own, or a list of those."""

_DEEPEST: Final = 5
_MOST: Final = 200  # elements
_MARKS: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNSPOKEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


class Unreadable(Exception):
    """No callback: not the XML we know, or XML that could do more than say something."""


def read(document: bytes) -> Fields:
    """The fields of a callback. Raises Unreadable; never expands or fetches anything.

    Only UTF-8 is taken: in another encoding a declaration could pass the look-out for it.
    """
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    if _MARKS.search(document) or "\x00" in text:
        raise Unreadable("declares entities")
    if re.match(r"\ufeff?\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", text, re.IGNORECASE):
        raise Unreadable("not UTF-8")
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise Unreadable("no XML") from None
    if root.tag != "xml" or sum(1 for _ in root.iter()) > _MOST:
        raise Unreadable("no callback")
    return _fields(root, 1)


def _fields(element: Element, depth: int) -> Fields:
    if depth > _DEEPEST:
        raise Unreadable("too deep")
    found: dict[str, str | Fields | tuple[Fields, ...]] = {}
    for child in element:
        if len(child) == 0:
            value: str | Fields = child.text or ""
        else:
            value = _fields(child, depth + 1)
        before = found.get(child.tag)
        if before is None:
            found[child.tag] = value
        elif isinstance(before, str) or isinstance(value, str):
            raise Unreadable(f"{child.tag} twice")  # which one would be meant?
        else:
            earlier = before if isinstance(before, tuple) else (before,)
            found[child.tag] = (*earlier, value)
    return found


def text_reply(to: str, sender: str, at: int, text: str) -> bytes:
    """A passive reply in plain text; ``at`` is in seconds since 1970."""
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName>"
        f"<FromUserName>{_cdata(sender)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType>{_cdata('text')}</MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    ).encode()


def envelope(encrypted: str, signed: str, timestamp: str, nonce: str) -> bytes:
    """An encrypted reply as the answer to a callback."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt>"
        f"<MsgSignature>{_cdata(signed)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    ).encode()


def _cdata(text: str) -> str:
    """Text that reads back as it is, except for what XML cannot hold."""
    return f"<![CDATA[{_UNSPOKEN.sub('�', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
