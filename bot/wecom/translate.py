"""What was pulled means: read strictly from one message or event of ``sync_msg``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from bot.tencent.files import PHOTO
from bot.tencent.happenings import Nothing, Said, Tapped, text_of
from bot.wecom.texts import say
from dialogs.message import Identity, Inbound
from storage.wecom_ports import SessionState

CHANNEL: Final = "wecom"

CUSTOMER: Final = 3
EVENT: Final = 4
SERVICER: Final = 5
"""``origin``: who it is from."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY = re.compile(r"[!-~]{1,128}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OTHERS: Final = {
    "voice": "voice",
    "video": "video",
    "location": "location",
    "business_card": "contact",
}
_KINDS: Final = {"image": "picture", "voice": "voice", "video": "video", "file": "file"}
_CHANGES: Final = {
    1: SessionState.HUMAN,  # taken out of the queue
    2: SessionState.HUMAN,  # given to another servicer
    3: SessionState.ENDED,
    4: SessionState.HUMAN,  # taken up again
}
_FAILED: Final = {4: "window_closed", 5: "window_closed", 6: "none_left", 10: "blocked"}


@dataclass(frozen=True, slots=True)
class Filed:
    """A picture or another file, to be fetched within three days."""

    inbound: Inbound
    media_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody opened the chat. ``code`` lets one message of welcome through, for 20 seconds."""

    inbound: Inbound
    code: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The session changed hands in WeCom. ``code`` lets one last word through, once it ended."""

    state: SessionState
    servicer: str
    code: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A servicer wrote in WeCom."""

    servicer: str
    text: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """A message of ours that was taken did not arrive; ``reason`` as of the undeliverable."""

    message_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """The person took one of their messages back."""

    key: str


Happening: TypeAlias = (
    Said | Tapped | Filed | Entered | Changed | Spoke | Bounced | Recalled | Nothing
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """One message or event. ``key`` is the same for every repeat of it, and for nothing else."""

    identity: Identity
    key: str
    at: datetime
    happening: Happening
    is_talk: bool = False  # a customer's message: it opens the 48 hours


@dataclass(frozen=True, slots=True)
class Person:
    """A customer at one account: what WeCom counts windows and sessions by."""

    account: str  # open_kfid
    customer: str  # external_userid

    @property
    def external_id(self) -> str:
        """What the rest of the program knows them by."""
        return f"{self.account}.{self.customer}"

    @staticmethod
    def of(external_id: str) -> "Person":
        """Raises ValueError for an id that is none of this channel."""
        account, _, customer = external_id.partition(".")
        if not _ID.fullmatch(account) or not _ID.fullmatch(customer):
            raise ValueError("no customer of WeCom")
        return Person(account, customer)


def is_person(external_id: str) -> bool:
    """Whether an id is a customer at an account."""
    try:
        Person.of(external_id)
    except ValueError:
        return False
    return True


def key_of(message: Mapping[str, Any]) -> str:
    """The id of what was pulled; empty if it is none that can be kept."""
    key = text_of(message, "msgid")
    return key if _KEY.fullmatch(key) else ""


def whose(message: Mapping[str, Any], account: str) -> str:
    """Whom something is about; empty where it is about nobody, or not about this account."""
    event = message.get("event")
    place = event if isinstance(event, Mapping) and message.get("msgtype") == "event" else message
    named = text_of(place, "open_kfid") or text_of(message, "open_kfid")
    customer = text_of(place, "external_userid")
    if (named and named != account) or not _ID.fullmatch(customer):
        return ""
    return Person(account, customer).external_id


def moment(message: Mapping[str, Any], now: datetime) -> datetime:
    """When it was sent, never later than our own clock says."""
    at = message.get("send_time")
    if not isinstance(at, int) or isinstance(at, bool) or not 0 < at < 10**10:
        return now
    return min(datetime.fromtimestamp(at, UTC), now)


def translate(message: Mapping[str, Any], person: str, now: datetime) -> Pulled:
    """Read what was pulled of a person (``whose``)."""
    identity, key, at = Identity(CHANNEL, person), key_of(message), moment(message, now)
    bare = Inbound(identity, key, at)
    origin = message.get("origin")
    if message.get("msgtype") == "event":
        event = message.get("event")
        return Pulled(identity, key, at, _event(event if isinstance(event, Mapping) else {}, bare))
    if origin == CUSTOMER:
        return Pulled(identity, key, at, _message(message, bare), is_talk=True)
    if origin == SERVICER:
        return Pulled(identity, key, at, _spoken(message))
    return Pulled(identity, key, at, Nothing("origin_other"))


def _message(message: Mapping[str, Any], bare: Inbound) -> Happening:
    kind = text_of(message, "msgtype")
    content = message.get(kind)
    content = content if isinstance(content, Mapping) else {}
    if kind == "text" and (text := text_of(content, "content")):
        said = replace(bare, text=text)
        data = text_of(content, "menu_id")
        return Tapped(said, data) if data else Said(said)
    if kind in ("image", "file") and (media_id := text_of(content, "media_id")):
        name = PHOTO if kind == "image" else text_of(content, "filename")
        return Filed(bare, media_id, name)
    if kind == "link" and (url := text_of(content, "url").strip()):
        return Said(replace(bare, text=url))
    return Said(replace(bare, other=_OTHERS.get(kind, "unreadable")))


def _spoken(message: Mapping[str, Any]) -> Happening:
    kind, servicer = text_of(message, "msgtype"), text_of(message, "servicer_userid")
    content = message.get(kind)
    text = text_of(content, "content") if isinstance(content, Mapping) and kind == "text" else ""
    what = say(_KINDS.get(kind, "other"), None)
    return Spoke(servicer[:64], text or say("sent", None, what=what))


def _event(event: Mapping[str, Any], bare: Inbound) -> Happening:
    name = text_of(event, "event_type")
    match name:
        case "enter_session":
            payload = text_of(event, "scene_param")
            start = payload if _PAYLOAD.fullmatch(payload) else ""
            code = text_of(event, "welcome_code")
            if not code and not start:
                return Nothing("entered")
            came = replace(bare, button="cmd:resume", label=say("entered", None), start=start)
            return Entered(came, code)
        case "session_status_change":
            change = event.get("change_type")
            state = _CHANGES.get(change) if isinstance(change, int) else None
            if state is None:
                return Nothing("session_other")
            servicer = text_of(event, "new_servicer_userid") if state is SessionState.HUMAN else ""
            code = text_of(event, "msg_code") if state is SessionState.ENDED else ""
            return Changed(state, servicer[:64], code)
        case "msg_send_fail":
            why = event.get("fail_type")
            reason = _FAILED.get(why, "refused") if isinstance(why, int) else "refused"
            return Bounced(text_of(event, "fail_msgid"), reason)
        case "user_recall_msg":
            return Recalled(text_of(event, "recall_msgid"))
    return Nothing(f"event_{name}" if name in _KNOWN else "event_other")


_KNOWN: Final = frozenset({"servicer_status_change", "reject_customer_msg_switch_change"})
"""Events there is nothing to do about."""
