"""What a callback means: read strictly from its fields."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from bot.tencent.happenings import Nothing, Said, Tapped, text_of
from bot.tencent.xml import Fields
from bot.wechat.texts import menu_labels, say
from dialogs.message import Identity, Inbound
from storage.wechat_ports import Opens

CHANNEL: Final = "wechat"

OTHER_LOCALE: Final = "locale:other"
"""What the menu presses to change the language: the core puts the one not now spoken there."""

UNSUPPORTED: Final = "【收到不支持的消息类型，暂无法显示】"
"""The text WeChat sends in place of what an account cannot get: stickers, files, cards."""

_PERSON = re.compile(r"[A-Za-z0-9_-]{6,64}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_KEY: Final = 64
_OTHERS: Final = {
    "voice": "voice",
    "video": "video",
    "shortvideo": "video",
    "location": "location",
    "file": "unreadable",
}


@dataclass(frozen=True, slots=True)
class Pictured:
    """A picture, to be fetched within three days."""

    inbound: Inbound
    media_id: str


@dataclass(frozen=True, slots=True)
class Left:
    """The person follows no more."""


@dataclass(frozen=True, slots=True)
class TemplateDone:
    """What became of a template message: ``success`` or ``failed:…`` in WeChat's words."""

    message_id: str
    status: str


@dataclass(frozen=True, slots=True)
class NoticeDone:
    """Whether the last one-time notice arrived."""

    arrived: bool


@dataclass(frozen=True, slots=True)
class Consented:
    """Answers to the question for one-time notices, by template id."""

    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Changed:
    """What somebody set in WeChat about the account's notices, by template id."""

    allowed: Mapping[str, bool]


Event: TypeAlias = (
    Said | Tapped | Pictured | Left | TemplateDone | NoticeDone | Consented | Changed | Nothing
)


@dataclass(frozen=True, slots=True)
class Posted:
    """One callback. ``key`` is the same for every repeat of it, and for nothing else."""

    identity: Identity
    account: str  # whom it is to: who answers it
    key: str
    at: datetime
    event: Event
    opens: Opens | None = None


def is_person(text: str) -> bool:
    """Whether a text can be an openid: they begin with a letter, and name no chat room."""
    return _PERSON.fullmatch(text) is not None and text[0].isalpha()


def translate(fields: Fields, now: datetime) -> Posted | None:
    """Read one callback; None if it does not even say whom it is from."""
    person, account = text_of(fields, "FromUserName"), text_of(fields, "ToUserName")
    if not _PERSON.fullmatch(person) or not account:
        return None
    at = _moment(text_of(fields, "CreateTime"), now)
    identity = Identity(CHANNEL, person)
    if text_of(fields, "MsgType") == "event":
        key = _event_key(fields)
        event, opens = _event(fields, Inbound(identity, key, at))
        return Posted(identity, account, key, at, event, opens)
    number = text_of(fields, "MsgId")
    if not number.isascii() or not number.isdecimal():
        return Posted(identity, account, _hashed(fields), at, Nothing("unreadable"))
    key = number[:_LONGEST_KEY]
    said = _message(fields, identity, key, at)
    return Posted(identity, account, key, at, said, Opens.TALK)


def _message(fields: Fields, identity: Identity, key: str, at: datetime) -> Event:
    kind = text_of(fields, "MsgType")
    if kind == "text":
        text = text_of(fields, "Content")
        if text.strip() == UNSUPPORTED:
            return Said(Inbound(identity, key, at, other="unreadable"))
        said = Inbound(identity, key, at, text=text)
        data = text_of(fields, "bizmsgmenuid")
        return Tapped(said, data) if data else Said(said)
    if kind == "voice" and (heard := _spoken(fields)):
        return Said(Inbound(identity, key, at, text=heard))
    if kind == "image" and (media_id := text_of(fields, "MediaId")):
        return Pictured(Inbound(identity, key, at), media_id)
    if kind == "link" and (url := text_of(fields, "Url").strip()):
        return Said(Inbound(identity, key, at, text=url))
    return Said(Inbound(identity, key, at, other=_OTHERS.get(kind, "unreadable")))


def _spoken(fields: Fields) -> str:
    """What WeChat heard, without the full stop it puts behind everything, a name included."""
    return text_of(fields, "Recognition").strip().rstrip("。")


def _event(fields: Fields, bare: Inbound) -> tuple[Event, Opens | None]:
    name, key = text_of(fields, "Event"), text_of(fields, "EventKey")
    match name.lower():
        case "subscribe":
            return _arrived(bare, key.removeprefix("qrscene_")), Opens.TOUCH
        case "scan":
            return _arrived(bare, key), Opens.TOUCH
        case "unsubscribe":
            return Left(), None
        case "click":
            label = menu_labels().get(key)
            if label is None:
                return Nothing("unknown_menu"), Opens.TOUCH
            return Said(_with_button(bare, key, label)), Opens.TOUCH
        case "templatesendjobfinish":
            return TemplateDone(text_of(fields, "MsgID"), text_of(fields, "Status")), None
        case "subscribe_msg_sent_event":
            codes = [text_of(one, "ErrorCode") for one in _listed(fields)]
            return NoticeDone(all(code in ("", "0") for code in codes)), None
        case "subscribe_msg_popup_event":
            return Consented(_consents(fields)), None
        case "subscribe_msg_change_event":
            return Changed(_consents(fields)), None
        case "view" | "location":
            return Nothing(f"event_{name.lower()}"), None
    return Nothing("event_other"), None


def _arrived(bare: Inbound, payload: str) -> Event:
    """Somebody comes, by a QR code perhaps: it begins or goes on."""
    start = payload if _PAYLOAD.fullmatch(payload) else ""
    return Said(replace(_with_button(bare, "cmd:resume", say("followed", None)), start=start))


def _with_button(bare: Inbound, value: str, label: str) -> Inbound:
    return replace(bare, button=value, label=label)


def _consents(fields: Fields) -> Mapping[str, bool]:
    return {
        template: text_of(one, "SubscribeStatusString") == "accept"
        for one in _listed(fields)
        if (template := text_of(one, "TemplateId"))
    }


def _listed(fields: Fields) -> list[Mapping[str, Any]]:
    """What stands in the one element of such an event that holds a list."""
    found: list[Any] = []
    for value in fields.values():
        if isinstance(value, Mapping):
            listed: Any = value.get("List", ())
            found += listed if isinstance(listed, tuple | list) else (listed,)
    return [one for one in found if isinstance(one, Mapping)]


def _event_key(fields: Fields) -> str:
    """Events have no number: they are told apart by when, what and about what."""
    about = text_of(fields, "EventKey") or text_of(fields, "MsgID")
    nested = {name: value for name, value in fields.items() if not isinstance(value, str)}
    parts = ["event", text_of(fields, "CreateTime"), text_of(fields, "Event"), about]
    key = ":".join([*parts, _plain(nested)] if nested else parts)
    return key if len(key) <= _LONGEST_KEY else _digest(key)


def _hashed(fields: Fields) -> str:
    return _digest(_plain(fields))


def _plain(fields: Fields) -> str:
    """The same for a callback just posted and one that was kept."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False)


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:48]


def _moment(seconds: str, now: datetime) -> datetime:
    """When it was sent, never later than our own clock says."""
    if not seconds.isascii() or not seconds.isdecimal() or len(seconds) > 10 or not int(seconds):
        return now
    return min(datetime.fromtimestamp(int(seconds), UTC), now)
