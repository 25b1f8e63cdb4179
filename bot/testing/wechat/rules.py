"""What WeChat takes and what it refuses, with its own error codes.

Sources: 全局返回码, 自定义菜单, 上传临时素材 and 模板消息 on developers.weixin.qq.com. The limit of
a text is not written there: developers measured it.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from bot.testing.tencent import Refusal

MAX_TEXT: Final = 2048  # bytes
MAX_IMAGE: Final = 10 * 2**20
MAX_VOICE: Final = 2 * 2**20
MAX_VIDEO: Final = 10 * 2**20
MAX_THUMB: Final = 64 * 2**10
MAX_MENU_ITEMS: Final = 10  # of a menu message: what the apps show

_SIZES = {"image": MAX_IMAGE, "voice": MAX_VOICE, "video": MAX_VIDEO, "thumb": MAX_THUMB}
_KINDS = {
    "image": (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8"),
    "thumb": (b"\xff\xd8\xff",),
    "voice": (b"#!AMR", b"ID3", b"\xff\xfb", b"\xff\xf3"),
}
_MENU_TYPES: Final = frozenset(
    {
        "click", "view", "scancode_push", "scancode_waitmsg", "pic_sysphoto",
        "pic_photo_or_album", "pic_weixin", "location_select", "media_id", "article_id",
        "article_view_limited", "miniprogram",
    }
)  # fmt: skip

_DATE = r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}日)"
_TIME = r"\d{1,2}:\d{2}(:\d{2})?"
_VALUES: Final = {
    "thing": re.compile(r"[^\n\r\t]{1,20}"),
    "short_thing": re.compile(r"[^\n\r\t]{1,5}"),
    "number": re.compile(r"(?=.{1,32}$)\d+(\.\d+)?"),
    "letter": re.compile(r"[A-Za-z]{1,32}"),
    "symbol": re.compile(r"[^\w\s]{1,5}"),
    "character_string": re.compile(r"[!-~]{1,32}"),
    "time": re.compile(rf"({_DATE} ?)?{_TIME}(~({_DATE} ?)?{_TIME})?"),
    "date": re.compile(rf"{_DATE}( {_TIME})?(~{_DATE}( {_TIME})?)?"),
    "amount": re.compile(r"[^\w\s]?\d{1,10}(\.\d+)?元?"),
    "phone_number": re.compile(r"[0-9+\-() ]{1,17}"),
    "car_number": re.compile(r"[A-Z0-9\u4e00-\u9fff]{1,8}"),
    "name": re.compile(r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·'-]{1,20}"),
    "phrase": re.compile(r"[\u4e00-\u9fff]{1,5}"),
    "const": re.compile(r"[^\n\r\t]{1,20}"),
}
_FIELD = re.compile(r"([a-z_]+?)(\d+)")


def check_text(text: object, limit: int = MAX_TEXT) -> str:
    """The text if it can be sent."""
    if not isinstance(text, str) or not text.strip():
        raise Refusal(44004, "empty content")
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        raise Refusal(45002, "content size out of limit")
    if any(ord(letter) < 32 and letter not in "\n\r\t" for letter in text):
        raise Refusal(40033, "invalid charset")
    return text


def check_media(kind: object, content: bytes | None) -> str:
    """The kind if such a file may be uploaded."""
    if not isinstance(kind, str) or kind not in _SIZES:
        raise Refusal(40004, "invalid media type")
    if not content:
        raise Refusal(41005, "media data missing")
    if len(content) > _SIZES[kind]:
        raise Refusal(40009 if kind == "image" else 40006, "invalid media size")
    if kind == "video":
        if content[4:8] != b"ftyp":
            raise Refusal(40005, "invalid file type")
    elif not content.startswith(_KINDS[kind]):
        raise Refusal(40137 if kind == "image" else 40005, "invalid file type")
    return kind


def check_values(fields: frozenset[str], data: object) -> dict[str, str]:
    """A notice's values if they are those its template asks for, each as its type allows."""
    if not isinstance(data, dict) or not data:
        raise Refusal(47003, "argument invalid! data is empty")
    values: dict[str, str] = {}
    for name in sorted(fields | data.keys()):
        given = data.get(name)
        value = given.get("value") if isinstance(given, dict) else None
        pattern = _VALUES.get(field_type(name))
        if name not in fields or pattern is None:
            raise Refusal(47003, f"argument invalid! data.{name} is not in the template")
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Refusal(47003, f"argument invalid! data.{name}.value invalid")
        values[name] = value
    return values


def field_type(name: str) -> str:
    """``thing`` for ``thing1``; empty for a name no template has."""
    found = _FIELD.fullmatch(name)
    return found.group(1) if found and found.group(1) in _VALUES else ""


def check_url(url: object, errcode: int = 40020) -> str:
    """An address somebody can open from WeChat."""
    if not isinstance(url, str) or len(url.encode()) > 1024:
        raise Refusal(errcode, "invalid url size")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refusal(40048, "invalid url domain")
    return url


def check_menu(menu: object) -> list[dict[str, Any]]:
    """The buttons of an account's menu if they are in order."""
    buttons = menu.get("button") if isinstance(menu, dict) else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refusal(40016, "invalid button size")
    for button in buttons:
        below = button.get("sub_button") if isinstance(button, dict) else None
        if not below:
            _check_button(button, 16, (40018, 40017, 40019, 40020))
            continue
        _check_name(button, 16, 40018)
        if not isinstance(below, list) or len(below) > 5:
            raise Refusal(40023, "invalid sub button size")
        for one in below:
            _check_button(one, 60, (40025, 40024, 40026, 40027))
    return buttons


def _check_button(button: object, longest: int, codes: tuple[int, int, int, int]) -> None:
    name, kind, key, url = codes
    _check_name(button, longest, name)
    assert isinstance(button, dict)
    if button.get("type") not in _MENU_TYPES:
        raise Refusal(kind, "invalid button type")
    if button["type"] == "view":
        check_url(button.get("url"), url)
    elif button["type"] not in ("media_id", "article_id", "article_view_limited", "miniprogram"):
        given = button.get("key")
        if not isinstance(given, str) or not 1 <= len(given.encode()) <= 128:
            raise Refusal(key, "invalid button key size")


def _check_name(button: object, longest: int, errcode: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= longest:
        raise Refusal(errcode, "invalid button name size")
