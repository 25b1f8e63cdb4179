"""Spoiling what is well formed: mutations that keep most of a structure, drawn by a seed."""

import random
from collections.abc import Sequence
from typing import Any, Final, TypeVar

Value = TypeVar("Value")

_DEEP: Final = 60

TEXTS: Final = (
    "你好",
    "开始首次备案",
    "同意",
    "企业",
    "江苏",
    "江苏示例科技有限公司",
    "91320100MA00000001",
    "11010519491231002X",
    "13800138000",
    "域名是example.cn，手机13800138000，邮箱a.b@example.cn",
    "刚才填错了，域名改成例子.cn",
    "http://127.0.0.1/ 帮我查一下页脚",
    "收费吗？要多久？",
    "转人工",
    "返回",
    "重新开始",
    "删除我的所有资料",
    "绑定 123456",
    "2026年2月30日",
    "上周五收到短信了",
    "苏ICP备2026000001号-1",
    "/start",
    "/status@bot x",
    "1",
    "②",
    "是的",
)
"""What people write, each sort once."""

ODD_TEXTS: Final = (
    "",
    " ",
    "\x00",
    "\ud800",
    "\udfff\ud800",
    "\ufffe",
    "\u202e反\u202c",
    "\u200b" * 50,
    "🙂👩‍👩‍👧‍👦" * 20,
    "a\u0301" * 500,
    "案" * 5_000,
    "9" * 5_000,
    "<b>&amp;</b><script>alert(1)</script>",
    "]]><x/><![CDATA[",
    "{{7*7}}{% for x in y %}${7*7}%s%n",
    "' OR 1=1; DROP TABLE answer;--",
    "../../../etc/passwd\x00.jpg",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: a=b\r\n",
    "１１０１０５１９４９１２３１００２Ｘ",
    "-1e999",
    "NaN",
)

ODD_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1),
    *(0.5, -0.0, 1e308, float("inf"), float("nan"), 10**60),
    *([], {}, [[]], [{}], {"": {"": None}}, [None] * 300, {"id": {"id": []}}),
)


def text(chance: random.Random) -> str:
    """Something people write, spoilt half of the time."""
    plain = chance.choice(TEXTS)
    if chance.random() < 0.5:
        return plain
    if chance.random() < 0.4:
        return chance.choice(ODD_TEXTS)
    return spoilt_text(plain, chance)


def spoilt_text(whole: str, chance: random.Random) -> str:
    """A text with a piece of it gone, doubled, or something odd put in."""
    start = chance.randint(0, len(whole))
    end = min(len(whole), start + chance.randint(0, 6))
    match chance.randrange(4):
        case 0:
            return whole[:start] + whole[end:]
        case 1:
            return whole[:end] + whole[start:end] * chance.choice((1, 2, 40)) + whole[end:]
        case 2:
            return whole[:start] + chance.choice(ODD_TEXTS) + whole[end:]
    return whole[:start] + chr(chance.choice((chance.randrange(0x110000), 9, 0x3000))) + whole[end:]


def spoilt_bytes(whole: bytes, chance: random.Random) -> bytes:
    """Bytes with a few of them changed, cut off, moved or doubled."""
    spoilt = bytearray(whole)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randint(0, len(spoilt))
        match chance.randrange(5):
            case 0:
                spoilt[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                del spoilt[at : at + chance.choice((1, 4, 64))]
            case 2:
                spoilt[at:at] = spoilt[at : at + chance.choice((1, 16))]
            case 3:
                spoilt[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f"))
            case 4:
                del spoilt[at:]
    return bytes(spoilt)


def spoilt(whole: Any, chance: random.Random, donors: Sequence[Any] = ()) -> Any:
    """JSON with some of its values replaced, gone, renamed, wrapped or grafted from ``donors``."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        whole = _once(whole, chance, donors)
    return whole


def _once(whole: Any, chance: random.Random, donors: Sequence[Any]) -> Any:
    """A copy in which one place differs; the place is found by going down at random."""
    if isinstance(whole, dict) and whole and chance.random() < 0.85:
        key = chance.choice(tuple(whole))
        copy = dict(whole)
        match chance.randrange(8):
            case 0:
                del copy[key]
            case 1:
                copy[chance.choice((str(key).upper(), "", "__proto__", text(chance)))] = copy[key]
            case 2 if donors:
                donor = chance.choice(donors)
                copy |= donor if isinstance(donor, dict) else {}
            case _:
                copy[key] = _once(copy[key], chance, donors)
        return copy
    if isinstance(whole, list) and whole and chance.random() < 0.8:
        at = chance.randrange(len(whole))
        items = list(whole)
        match chance.randrange(4):
            case 0:
                del items[at]
            case 1:
                items *= chance.choice((2, 50))
            case _:
                items[at] = _once(items[at], chance, donors)
        return items
    return _instead(whole, chance)


def _instead(value: Any, chance: random.Random) -> Any:
    match chance.randrange(7):
        case 0:
            return [value]
        case 1:
            return {"id": value}
        case 2:
            return str(value)
        case 3:
            return _deep(chance)
        case 4 if isinstance(value, int) and not isinstance(value, bool):
            return value + chance.choice((-1, 1, 10**9, 2**62))
        case 4 | 5:
            return text(chance)
    return chance.choice(ODD_VALUES)


def _deep(chance: random.Random) -> Any:
    value: Any = 0
    for _ in range(chance.choice((3, _DEEP))):
        value = [value] if chance.random() < 0.5 else {"a": value}
    return value
