"""The calls of customer service that the assistant makes, as strict as WeCom.

Sources: documents 94670 (sync_msg), 94677 (send_msg), 95122 (send_msg_on_event), 94669
(service_state), 94665 (add_contact_way), 91039 (gettoken), 90253 (media/upload) on
developer.work.weixin.qq.com.
"""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from bot.testing.tencent import File, Refusal, Upload
from bot.testing.wecom.corp import (
    LOOK_BACK,
    MESSAGES,
    MOVES,
    REPEATED,
    TOKEN_LIFE,
    TOKENLESS_A_MINUTE,
    WINDOW,
    FakeCorp,
    Profile,
    State,
)

Params: TypeAlias = dict[str, Any]
OK: Final = {"errcode": 0, "errmsg": "ok"}
MAX_SIZES: Final = {"image": 2 * 2**20, "voice": 2 * 2**20, "video": 10 * 2**20, "file": 20 * 2**20}
_MSGID = re.compile(r"[0-9a-zA-Z_-]{0,32}")
_SCENE = re.compile(r"[0-9a-zA-Z_-]{0,32}")


def gettoken(corp: FakeCorp, params: Params) -> Any:
    """The access token: the same again while it is valid."""
    if params.get("corpid") != corp.corp_id:
        raise Refusal(40013, "invalid corpid")
    if params.get("corpsecret") != corp.secret:
        raise Refusal(40001, "invalid credential")
    now = corp.now()
    if not corp.token or corp.token_until is None or now >= corp.token_until:
        corp.token, corp.token_until = secrets.token_urlsafe(160), now + TOKEN_LIFE
        corp.tokens_given += 1
    assert corp.token_until is not None
    left = int((corp.token_until - now).total_seconds())
    return {**OK, "access_token": corp.token, "expires_in": left}


def check_token(corp: FakeCorp, value: str) -> None:
    """Raises Refusal: 41001 none, 42001 over, 40014 never one or ended early."""
    if not value:
        raise Refusal(41001, "access_token missing")
    if value != corp.token:
        raise Refusal(40014, "invalid access_token")
    if corp.token_until is None or corp.now() >= corp.token_until:
        raise Refusal(42001, "access_token expired")


def sync_msg(corp: FakeCorp, params: Params) -> Any:
    """What was said at an account after a cursor; nothing that was sent by the API."""
    account, now = params.get("open_kfid"), corp.now()
    if account not in corp.accounts:
        raise Refusal(95000, "invalid open_kfid")
    limit = params.get("limit", 1000)
    if not isinstance(limit, int) or not 1 <= limit <= 1000:
        raise Refusal(40058, "invalid limit")
    if (token := params.get("token")) is not None:
        if corp.sync_tokens.get(str(token), now) <= now:
            raise Refusal(95007, "invalid msg token")
    else:
        corp.tokenless = [one for one in corp.tokenless if one > now - timedelta(minutes=1)]
        if len(corp.tokenless) >= TOKENLESS_A_MINUTE:
            raise Refusal(45009, "api freq out of limit")
        corp.tokenless.append(now)
    said = corp.said.get(str(account), [])
    start = _place(params.get("cursor"))
    oldest = int((now - LOOK_BACK).timestamp())
    while start < len(said) and said[start]["send_time"] < oldest:
        start += 1
    page = said[start : start + min(limit, corp.page)]
    end = start + len(page)
    more = int(end < len(said))
    return {**OK, "next_cursor": f"cursor{end}", "has_more": more, "msg_list": page}


def _place(cursor: object) -> int:
    if not cursor:
        return 0
    found = re.fullmatch(r"cursor(\d+)", str(cursor))
    if found is None:
        raise Refusal(40058, "invalid cursor")
    return int(found.group(1))


def send_msg(corp: FakeCorp, params: Params) -> Any:
    """Send a message to a customer."""
    profile = corp.known(params.get("open_kfid"), params.get("touser"))
    msgid = _msgid(params)
    kind, shown = _message(corp, params, ("text", "image", "file", "msgmenu", "link"))
    if profile.state not in (State.NEW, State.BOT):
        raise Refusal(95018, "send msg session status invalid")
    if profile.wrote_at is None or corp.now() >= profile.wrote_at + WINDOW:
        raise Refusal(95002, "out of 48 hours")
    if profile.left < 1:
        raise Refusal(95001, "send msg out of limit")
    if (profile.account, msgid) in corp.sent:
        raise Refusal(REPEATED, "invalid msgid: already used")
    corp.sent.add((profile.account, msgid))
    profile.left -= 1
    if profile.blocks:
        corp.event(profile, "msg_send_fail", fail_msgid=msgid, fail_type=10)
    else:
        corp.show(profile, kind, msgid=msgid, **shown)
    return {**OK, "msgid": msgid}


def send_msg_on_event(corp: FakeCorp, params: Params) -> Any:
    """Send the one message an event allows."""
    code = corp.codes.pop(str(params.get("code")), None)
    if code is None or corp.now() >= code.until:
        raise Refusal(40089, "invalid code")
    if code.state is not None and code.profile.state is not code.state:
        raise Refusal(95018, "send msg session status invalid")
    msgid = _msgid(params)
    kind, shown = _message(corp, params, ("text", "msgmenu"))
    corp.show(code.profile, kind, msgid=msgid, by_event=True, **shown)
    return {**OK, "msgid": msgid}


def _msgid(params: Params) -> str:
    given = params.get("msgid", "")
    if not isinstance(given, str) or not _MSGID.fullmatch(given):
        raise Refusal(40058, "invalid msgid")
    return given or secrets.token_hex(12)


def _message(corp: FakeCorp, params: Params, kinds: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    kind = params.get("msgtype")
    content = params.get(kind) if isinstance(kind, str) else None
    if kind not in kinds:
        raise Refusal(40008, "invalid message type")
    if not isinstance(content, dict):
        raise Refusal(40058, "invalid Request Parameter")
    if kind == "text":
        return kind, {"text": _text(content.get("content"), 2048)}
    if kind == "msgmenu":
        return kind, _menu(content)
    if kind == "link":
        return kind, {"text": _text(content.get("title"), 128)}
    medium = corp.medium(content.get("media_id"), kind)
    return str(kind), {"text": medium.name, "media_id": content["media_id"]}


def _menu(content: Params) -> dict[str, Any]:
    head, tail = content.get("head_content", ""), content.get("tail_content", "")
    for one in (head, tail):
        if one:
            _text(one, 1024)
    items = content.get("list")
    if not isinstance(items, list) or not 1 <= len(items) <= 10:
        raise Refusal(95008, "menu items out of limit")
    choices: list[tuple[str, str]] = []
    for item in items:
        click = item.get("click") if isinstance(item, dict) else None
        if not isinstance(click, dict) or item.get("type") != "click":
            raise Refusal(95009, "invalid menu item type")
        number = click.get("id")
        if not isinstance(number, str) or not 1 <= len(number.encode()) <= 64:
            raise Refusal(40058, "invalid click id")
        choices.append((number, _text(click.get("content"), 128)))
    return {"text": "\n".join(one for one in (head, tail) if one), "choices": tuple(choices)}


def _text(text: object, limit: int) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Refusal(44004, "empty content")
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        raise Refusal(45002, "content size out of limit")
    return text


def state_get(corp: FakeCorp, params: Params) -> Any:
    """Who has a session."""
    profile = corp.known(params.get("open_kfid"), params.get("external_userid"))
    return {**OK, "service_state": int(profile.state), "servicer_userid": profile.servicer}


def state_trans(corp: FakeCorp, params: Params) -> Any:
    """Change a session."""
    profile = corp.known(params.get("open_kfid"), params.get("external_userid"))
    try:
        wanted = State(int(str(params.get("service_state"))))
    except ValueError:
        raise Refusal(40058, "invalid service_state") from None
    if wanted not in MOVES[profile.state]:
        raise Refusal(95016, "state change not allowed")
    servicer = str(params.get("servicer_userid") or "")
    if wanted is State.HUMAN and servicer not in corp.servicers:
        raise Refusal(95014, "not a servicer")
    move(corp, profile, wanted, servicer)
    seconds = 20 if wanted is State.ENDED else 48 * 3600
    if wanted is State.BOT:
        return OK
    return {**OK, "msg_code": corp.code_for(profile, seconds, wanted)}


def move(corp: FakeCorp, profile: Profile, state: State, servicer: str = "") -> None:
    """Change a session without asking anybody."""
    profile.state, profile.servicer = state, servicer if state is State.HUMAN else ""


def heard(corp: FakeCorp, profile: Profile) -> None:
    """A customer wrote: their window opens anew, and an ended session begins."""
    profile.wrote_at, profile.left = corp.now(), MESSAGES
    if profile.state is State.ENDED:
        profile.state = State.NEW


def media_upload(corp: FakeCorp, params: Params) -> Any:
    """Keep a file for three days."""
    kind, upload = params.get("type"), params.get("media")
    if kind not in MAX_SIZES:
        raise Refusal(40004, "invalid media type")
    if not isinstance(upload, Upload) or len(upload.content) <= 5:
        raise Refusal(41005, "media data missing")
    if len(upload.content) > MAX_SIZES[kind]:
        raise Refusal(40009, "invalid media size")
    if kind == "image" and not upload.content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        raise Refusal(40005, "invalid file type")
    media_id = corp.keep(kind, upload.name, upload.content)
    return {**OK, "type": kind, "media_id": media_id}


def media_get(corp: FakeCorp, params: Params) -> Any:
    """Give a file back."""
    medium = corp.medium(params.get("media_id"))
    return File(medium.name, medium.kind, medium.content)


def add_contact_way(corp: FakeCorp, params: Params) -> Any:
    """The address of an account."""
    if params.get("open_kfid") not in corp.accounts:
        raise Refusal(95000, "invalid open_kfid")
    scene = params.get("scene", "")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        raise Refusal(40058, "invalid scene")
    return {**OK, "url": f"https://work.weixin.qq.com/kf/kfcRehearsal?enc_scene=ENC{scene}"}


Method: TypeAlias = Callable[[FakeCorp, Params], Any]

METHODS: Final[dict[tuple[str, str], Method]] = {
    ("GET", "/cgi-bin/gettoken"): gettoken,
    ("POST", "/cgi-bin/kf/sync_msg"): sync_msg,
    ("POST", "/cgi-bin/kf/send_msg"): send_msg,
    ("POST", "/cgi-bin/kf/send_msg_on_event"): send_msg_on_event,
    ("POST", "/cgi-bin/kf/service_state/get"): state_get,
    ("POST", "/cgi-bin/kf/service_state/trans"): state_trans,
    ("POST", "/cgi-bin/kf/add_contact_way"): add_contact_way,
    ("POST", "/cgi-bin/media/upload"): media_upload,
    ("GET", "/cgi-bin/media/get"): media_get,
}
"""By HTTP method and path."""


def carry_out(corp: FakeCorp, method: str, path: str, params: Params) -> Any:
    """One call with its token checked; raises Refusal."""
    call = METHODS.get((method, path))
    if call is None:
        raise Refusal(40066, "invalid url")
    if call is not gettoken:
        check_token(corp, str(params.get("access_token") or ""))
    return call(corp, params)
