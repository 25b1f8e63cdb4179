"""What a Telegram update means: read strictly from its JSON, whichever library received it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from dialogs.message import Identity, Inbound, IncomingFile

CHANNEL: Final = "telegram"

OTHER_LOCALE: Final = "locale:other"
"""Button value of ``/language``: the core puts the language not now spoken in its place."""

COMMANDS: Final = {
    "help": "cmd:help",
    "status": "cmd:status",
    "review": "cmd:review",
    "pause": "cmd:pause",
    "human": "cmd:handover",
    "filings": "cmd:filings",
    "restart": "cmd:restart",
    "mydata": "cmd:my_data",
    "delete": "cmd:delete_all",
    "back": "cmd:back",
    "language": OTHER_LOCALE,
}
"""What the commands of the menu press, beside ``/start``."""

_COMMAND = re.compile(r"/([A-Za-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST = 2**63
_GROUPS = ("group", "supergroup")

_OTHERS: Final = {
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "dice": "unreadable",
    "game": "unreadable",
    "poll": "unreadable",
    "story": "unreadable",
    "checklist": "unreadable",
    "invoice": "unreadable",
    "paid_media": "unreadable",
}
"""Content we do not read, as the assistant calls it. Animations carry a document too."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message for the assistant."""

    inbound: Inbound


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key pressed in a private chat; ``data`` is what stood behind it."""

    identity: Identity
    query: str
    data: str
    message: int | None  # of the bot, under which the key was
    locale: str | None


@dataclass(frozen=True, slots=True)
class InGroup:
    """Somebody wrote, pressed or added the bot where others read along."""

    chat: int
    locale: str | None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """A person blocked the bot, or let it in again."""

    identity: Identity
    reachable: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to do; ``reason`` is counted."""

    reason: str


Event: TypeAlias = Said | Pressed | InGroup | Reach | Nothing


class _Unreadable(Exception):
    """The update lacks what it must have, or has it in another form."""


def translate(update: object, now: datetime) -> Event:
    """Read one update. Never raises: what cannot be read is ``Nothing("unreadable")``."""
    try:
        if not isinstance(update, Mapping):
            return Nothing("unreadable")
        if "message" in update:
            return _message(_object(update, "message"), now)
        if "edited_message" in update:
            return _edited(_object(update, "edited_message"), now)
        if "callback_query" in update:
            return _pressed(_object(update, "callback_query"))
        if "my_chat_member" in update:
            return _membership(_object(update, "my_chat_member"))
    except _Unreadable:
        return Nothing("unreadable")
    return Nothing("unknown_kind")


def chat_of(update: object) -> int | None:
    """The chat an update belongs to, found with as little reading as possible; else None."""
    if not isinstance(update, Mapping):
        return None
    for kind in ("message", "edited_message", "my_chat_member", "callback_query"):
        part = update.get(kind)
        if not isinstance(part, Mapping):
            continue
        holder = part.get("from") if kind == "callback_query" else part.get("chat")
        number = holder.get("id") if isinstance(holder, Mapping) else None
        return number if isinstance(number, int) else None
    return None


def _message(message: Mapping[str, Any], now: datetime) -> Event:
    if message.get("business_connection_id") or message.get("guest_query_id"):
        return Nothing("business")
    chat = _object(message, "chat")
    kind = chat.get("type")
    if kind in _GROUPS:
        return InGroup(_number(chat, "id"), _locale(message))
    if kind != "private":
        return Nothing("channel")
    sender = message.get("from")
    if isinstance(sender, Mapping) and sender.get("is_bot") is True:
        return Nothing("bot")
    content = _content(message)
    if content is None:
        return Nothing("service")
    return Said(
        Inbound(
            Identity(CHANNEL, str(_number(chat, "id"))),
            str(_number(message, "message_id")),
            _moment(message.get("date"), now),
            locale=_locale(message),
            **content,
        )
    )


def _content(message: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of ``Inbound`` that hold the content; None for a service message."""
    text = message.get("text")
    if isinstance(text, str):
        return _text(_whole(text))
    for key, other in _OTHERS.items():
        if key in message:
            return {"other": other}
    file = _file(message)
    if file is not None:
        return {"files": (file,)}
    return None


def _text(text: str) -> dict[str, Any]:
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return {"text": text}
    name, rest = command.group(1).lower(), (command.group(2) or "").strip()
    if name == "start":
        payload = rest if _PAYLOAD.fullmatch(rest) else ""
        return {"button": "cmd:resume", "label": "/start", "start": payload}
    if name in COMMANDS:
        return {"button": COMMANDS[name], "label": f"/{name}"}
    return {"text": text}


def _file(message: Mapping[str, Any]) -> IncomingFile | None:
    if "photo" in message:
        sizes = message["photo"]
        if not isinstance(sizes, list) or not sizes or not isinstance(sizes[-1], Mapping):
            raise _Unreadable
        return _incoming(sizes[-1], "photo.jpg", "image/jpeg")
    if "document" in message:
        return _incoming(_object(message, "document"), "document", "application/octet-stream")
    return None


def _incoming(file: Mapping[str, Any], name: str, media_type: str) -> IncomingFile:
    given, said = file.get("file_name"), file.get("mime_type")
    size = file.get("file_size")
    return IncomingFile(
        _string(file, "file_id"),
        _plain_name(given) if isinstance(given, str) and _plain_name(given) else name,
        said[:100] if isinstance(said, str) else media_type,
        size if isinstance(size, int) else 0,
    )


def _plain_name(name: str) -> str:
    """A file name as a label: no folders, nothing that does not print, not too long."""
    last = re.split(r"[/\\]", _whole(name))[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-100:]


def _edited(message: Mapping[str, Any], now: datetime) -> Event:
    chat = _object(message, "chat")
    if message.get("business_connection_id") or chat.get("type") != "private":
        return Nothing("edited_elsewhere")
    edit = f"edit:{_number(message, 'message_id')}:{_number(message, 'edit_date')}"
    return Said(
        Inbound(
            Identity(CHANNEL, str(_number(chat, "id"))),
            edit,
            _moment(message["edit_date"], now),
            other="edited",
            locale=_locale(message),
        )
    )


def _pressed(query: Mapping[str, Any]) -> Event:
    query_id = _string(query, "id")
    sender = _object(query, "from")
    locale = _locale(query)
    message = query.get("message")
    if not isinstance(message, Mapping):
        return Nothing("press_without_message")
    chat = _object(message, "chat")
    chat_id = _number(chat, "id")
    if chat.get("type", "private") != "private" or chat_id != _number(sender, "id"):
        return InGroup(chat_id, locale, query_id)
    data = query.get("data")
    return Pressed(
        Identity(CHANNEL, str(chat_id)),
        query_id,
        data if isinstance(data, str) else "",
        _number(message, "message_id") if "message_id" in message else None,
        locale,
    )


def _membership(change: Mapping[str, Any]) -> Event:
    chat = _object(change, "chat")
    status = _object(change, "new_chat_member").get("status")
    chat_id = _number(chat, "id")
    if chat.get("type") == "private":
        return Reach(Identity(CHANNEL, str(chat_id)), reachable=status != "kicked")
    if chat.get("type") in _GROUPS and status in ("member", "administrator"):
        return InGroup(chat_id, _locale(change))
    return Nothing("membership")


def _locale(part: Mapping[str, Any]) -> str | None:
    """Chinese for every kind of Chinese, English for all else, None if the platform is silent."""
    sender = part.get("from")
    code = sender.get("language_code") if isinstance(sender, Mapping) else None
    if not isinstance(code, str) or not code:
        return None
    return "zh-CN" if code.lower().startswith("zh") else "en"


def _moment(seconds: object, now: datetime) -> datetime:
    """When the platform took it, never later than our own clock says."""
    if not isinstance(seconds, int) or not 0 < seconds < 2**33:
        return now
    return min(datetime.fromtimestamp(seconds, UTC), now)


def _whole(text: str) -> str:
    """JSON may hold halves of surrogate pairs, which nothing can store."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _object(part: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = part.get(key)
    if not isinstance(value, Mapping):
        raise _Unreadable
    return value


def _number(part: Mapping[str, Any], key: str) -> int:
    value = part.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not -_LARGEST < value < _LARGEST:
        raise _Unreadable
    return value


def _string(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not value:
        raise _Unreadable
    return _whole(value)
