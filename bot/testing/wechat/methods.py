"""The calls of a service account that the assistant makes, as strict as WeChat."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeAlias

from bot.testing.tencent import File, Refusal, Upload, as_object
from bot.testing.wechat.account import FakeAccount, Profile, Way
from bot.testing.wechat.rules import (
    MAX_MENU_ITEMS,
    check_media,
    check_menu,
    check_text,
    check_url,
    check_values,
)

Params: TypeAlias = dict[str, Any]
OK: Final = {"errcode": 0, "errmsg": "ok"}
LONGEST_CODE: Final = 2_592_000


def stable_token(account: FakeAccount, params: Params) -> Any:
    """An access token."""
    if params.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    if params.get("appid") != account.app_id:
        raise Refusal(40013, "invalid appid")
    if params.get("secret") != account.secret:
        raise Refusal(40125, "invalid appsecret")
    return account.tokens.give(account.now(), force=params.get("force_refresh") is True)


def custom_send(account: FakeAccount, params: Params) -> Any:
    """Send a customer-service message."""
    _needs_verification(account)
    person = account.known(params.get("touser"))
    message = _message(account, params)
    if not person.following:
        raise Refusal(45015, "response out of time limit or subscription is canceled")
    person.allowance.spend(account.now())
    account.show(person, Way.SERVICE, **message)
    return OK


def _message(account: FakeAccount, params: Params) -> dict[str, Any]:
    kind = params.get("msgtype")
    content = params.get(kind) if isinstance(kind, str) else None
    if kind not in ("text", "image", "voice", "video", "news", "msgmenu"):
        raise Refusal(40008, "invalid message type")
    if not isinstance(content, dict):
        raise Refusal(47001, "data format error")
    if kind == "text":
        return {"kind": kind, "text": check_text(content.get("content"))}
    if kind == "msgmenu":
        return _menu_message(content)
    if kind == "news":
        return _article(content)
    medium = account.medium(content.get("media_id"), kind)
    return {"kind": kind, "text": medium.name, "media_id": content["media_id"]}


def _menu_message(content: Params) -> dict[str, Any]:
    items = content.get("list")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_MENU_ITEMS:
        raise Refusal(47001, "data format error")
    choices: list[tuple[str, str]] = []
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("id"), str | int):
            raise Refusal(47001, "data format error")
        choices.append((str(item["id"]), check_text(item.get("content"))))
    head, tail = content.get("head_content") or "", content.get("tail_content") or ""
    shown = "\n".join([str(head), *(label for _, label in choices), str(tail)])
    check_text(shown)
    text = "\n".join(part for part in (str(head), str(tail)) if part)
    return {"kind": "msgmenu", "text": text, "choices": tuple(choices)}


def _article(content: Params) -> dict[str, Any]:
    articles = content.get("articles")
    if not isinstance(articles, list) or len(articles) != 1:
        raise Refusal(45008, "article size out of limit")
    (one,) = articles
    if not isinstance(one, dict):
        raise Refusal(47001, "data format error")
    url = check_url(one.get("url"))
    text = check_text(one.get("title"), 192) + "\n" + str(one.get("description") or "")
    return {"kind": "news", "text": text.strip(), "url": url}


def typing(account: FakeAccount, params: Params) -> Any:
    """Show that an answer is being written."""
    _needs_verification(account)
    person = account.known(params.get("touser"))
    if params.get("command") not in ("Typing", "CancelTyping"):
        raise Refusal(45072, "invalid command")
    wrote = person.wrote[-1].at if person.wrote else None
    if wrote is None or account.now() - wrote > timedelta(seconds=30):
        raise Refusal(45080, "user has not talked lately")
    if person.typing and params["command"] == "Typing":
        raise Refusal(45081, "already typing")
    person.typing = params["command"] == "Typing"
    return OK


def template_send(account: FakeAccount, params: Params) -> Any:
    """Send a template message to a follower."""
    _needs_verification(account)
    person = account.known(params.get("touser"))
    template = account.notices.template(params.get("template_id"), one_time=False)
    values = check_values(template.fields, params.get("data"))
    url = check_url(params["url"]) if params.get("url") else ""
    if not person.following:
        raise Refusal(43004, "require subscribe")
    client_msg_id, now = str(params.get("client_msg_id") or ""), account.now()
    if (before := account.notices.repeated(person.openid, client_msg_id, now)) is not None:
        return {**OK, "msgid": before}
    msgid = account.next_id()
    account.notices.remember(person.openid, client_msg_id, now, msgid)
    status = "failed:user block" if person.refuses_templates else "success"
    if status == "success":
        _show_notice(account, person, Way.TEMPLATE, template.title, values, url)
    outcome = {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status}
    account.tell(person, {"MsgType": "event", **outcome})
    return {**OK, "msgid": msgid}


def bizsend(account: FakeAccount, params: Params) -> Any:
    """Send a notice somebody agreed to once."""
    _needs_verification(account)
    person = account.known(params.get("touser"))
    template = account.notices.template(params.get("template_id"), one_time=True)
    values = check_values(template.fields, params.get("data"))
    url = check_url(params["page"], 41030) if params.get("page") else ""
    account.notices.spend(person.openid, template.id)
    msgid = account.next_id()
    refused = person.refuses_templates
    if not refused:
        _show_notice(account, person, Way.SUBSCRIPTION, template.title, values, url)
    sent = {
        "TemplateId": template.id,
        "MsgID": str(msgid),
        "ErrorCode": "43101" if refused else "0",
        "ErrorStatus": "user refuse to accept the msg" if refused else "success",
    }
    event = {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": sent}}
    account.tell(person, {"MsgType": "event", **event})
    return OK


def _show_notice(
    account: FakeAccount, person: Profile, way: Way, title: str, values: dict[str, str], url: str
) -> None:
    lines = [title, *(value for _, value in sorted(values.items()))]
    account.show(person, way, "notice", "\n".join(lines), url=url)


def media_upload(account: FakeAccount, params: Params) -> Any:
    """Keep a file for three days."""
    upload = params.get("media")
    content = upload.content if isinstance(upload, Upload) else None
    kind = check_media(params.get("type"), content)
    assert isinstance(upload, Upload)
    media_id = account.keep(kind, upload.name, upload.content)
    return {"type": kind, "media_id": media_id, "created_at": int(account.now().timestamp())}


def media_get(account: FakeAccount, params: Params) -> Any:
    """Give a file back."""
    medium = account.medium(params.get("media_id"))
    if medium.kind == "video":
        return {"video_url": f"http://127.0.0.1/video/{params['media_id']}"}
    return File(medium.name, medium.kind, medium.content)


def menu_create(account: FakeAccount, params: Params) -> Any:
    """Set the account's menu."""
    account.menu = check_menu(params)
    return OK


def menu_get(account: FakeAccount, params: Params) -> Any:
    """The account's menu."""
    if not account.menu:
        raise Refusal(46003, "menu no exist")
    return {"menu": {"button": account.menu}}


def menu_delete(account: FakeAccount, params: Params) -> Any:
    """Take the menu away."""
    account.menu = []
    return OK


def user_info(account: FakeAccount, params: Params) -> Any:
    """What the account may know of somebody."""
    person = account.known(params.get("openid"))
    if not person.following or person.since is None:
        return {"subscribe": 0, "openid": person.openid}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "language": person.language,
        "subscribe_time": int(person.since.timestamp()),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
    }


def qrcode_create(account: FakeAccount, params: Params) -> Any:
    """A QR code that carries a word."""
    _needs_verification(account)
    scene = params.get("action_info")
    word = scene.get("scene", {}).get("scene_str") if isinstance(scene, dict) else None
    if params.get("action_name") not in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
        raise Refusal(40053, "invalid action name")
    if not isinstance(word, str) or not 1 <= len(word) <= 64:
        raise Refusal(40053, "invalid action info")
    seconds = params.get("expire_seconds", 60)
    if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_CODE:
        raise Refusal(40052, "invalid expire_seconds")
    ticket = secrets.token_urlsafe(60)
    account.codes[ticket] = (word, account.now() + timedelta(seconds=seconds))
    url = f"http://weixin.qq.com/q/{ticket[:22]}"
    return {"ticket": ticket, "expire_seconds": seconds, "url": url}


def page_ticket(account: FakeAccount, params: Params) -> Any:
    """What the account's pages are signed with."""
    _needs_verification(account)
    if params.get("type") != "jsapi":
        raise Refusal(40097, "invalid args")
    ticket, until = account.page_ticket
    if account.now() >= until:
        ticket, until = secrets.token_urlsafe(64), account.now() + timedelta(seconds=7200)
        account.page_ticket = ticket, until
    left = int((until - account.now()).total_seconds())
    return {**OK, "ticket": ticket, "expires_in": left}


def open_page(
    account: FakeAccount, url: str, app_id: str, timestamp: str, nonce: str, signature: str
) -> None:
    """What a page's ``wx.config`` asks. Raises Refusal (63002) unless the account signed it."""
    ticket, until = account.page_ticket
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.split('#')[0]}"
    signed = hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()
    if app_id != account.app_id or signed != signature or account.now() >= until:
        raise Refusal(63002, "invalid signature")


def callback_addresses(account: FakeAccount, params: Params) -> Any:
    """Where callbacks come from."""
    return {"ip_list": ["127.0.0.1"]}


def _needs_verification(account: FakeAccount) -> None:
    if not account.verified:
        raise Refusal(48001, "api unauthorized")


def read_json(body: bytes) -> Params:
    """A call's parameters; raises Refusal: 47001 no JSON, 40033 letters written as escapes."""
    given = as_object(body)
    if b"\\u" in body.replace(b"\\\\", b""):
        raise Refusal(40033, "invalid charset. please check your request, if include \\uxxxx")
    return given


Method: TypeAlias = Callable[[FakeAccount, Params], Any]

METHODS: Final[dict[tuple[str, str], Method]] = {
    ("POST", "/cgi-bin/stable_token"): stable_token,
    ("POST", "/cgi-bin/message/custom/send"): custom_send,
    ("POST", "/cgi-bin/message/custom/typing"): typing,
    ("POST", "/cgi-bin/message/template/send"): template_send,
    ("POST", "/cgi-bin/message/subscribe/bizsend"): bizsend,
    ("POST", "/cgi-bin/media/upload"): media_upload,
    ("GET", "/cgi-bin/media/get"): media_get,
    ("POST", "/cgi-bin/menu/create"): menu_create,
    ("GET", "/cgi-bin/menu/get"): menu_get,
    ("GET", "/cgi-bin/menu/delete"): menu_delete,
    ("GET", "/cgi-bin/user/info"): user_info,
    ("POST", "/cgi-bin/qrcode/create"): qrcode_create,
    ("GET", "/cgi-bin/ticket/getticket"): page_ticket,
    ("GET", "/cgi-bin/getcallbackip"): callback_addresses,
}
"""By HTTP method and path."""


def carry_out(account: FakeAccount, method: str, path: str, params: Params) -> Any:
    """One call with its token and quota checked; raises Refusal."""
    call = METHODS.get((method, path))
    if call is None:
        known = any(path == other for _, other in METHODS)
        raise Refusal(43002 if known else 40066, "require POST method" if known else "invalid url")
    if call is not stable_token:
        account.tokens.check(str(params.get("access_token") or ""), account.now())
    account.count_call(path)
    return call(account, params)
