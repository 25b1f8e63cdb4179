"""What the three rehearsal servers show in a chat, as data for the page."""

from typing import Any, Final

from bot.testing.telegram import FakeBot, Person
from bot.testing.wechat import Follower, Way
from bot.testing.wecom import Customer
from bot.testing.wecom.customers import CUSTOMER

NEWEST: Final = 60
"""Messages of a chat that the page shows."""


def telegram_pane(bot: FakeBot, person: Person) -> list[dict[str, Any]]:
    """The private chat, oldest first."""
    kept = sorted(bot.messages.get(person.number, {}).items())[-NEWEST:]
    return [_telegram_message(bot, message) for _, message in kept]


def _telegram_message(bot: FakeBot, message: dict[str, Any]) -> dict[str, Any]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    photo = message.get("photo")
    document = message.get("document", {})
    return {
        "id": message["message_id"],
        "mine": message["from"]["id"] != bot.id,
        "text": message.get("text") or message.get("caption") or document.get("file_name", ""),
        "at": message["date"],
        "image": f"/demo/telegram/files/{photo[-1]['file_id']}" if photo else "",
        "keys": [
            [
                {"label": key["text"], "data": key.get("callback_data"), "url": key.get("url")}
                for key in row
            ]
            for row in rows
        ],
    }


def wechat_pane(follower: Follower) -> list[dict[str, Any]]:
    """The chat with the account, oldest first; notices are set apart."""
    profile = follower.profile
    said = [
        {
            "id": one.id,
            "mine": False,
            "notice": one.way in (Way.TEMPLATE, Way.SUBSCRIPTION),
            "text": "" if one.kind == "image" else one.text,
            "at": int(one.at.timestamp()),
            "image": f"/demo/wechat/files/{one.media_id}" if one.kind == "image" else "",
            "url": one.url,
            "keys": [
                [{"label": label, "data": choice, "url": None}] for choice, label in one.choices
            ],
        }
        for one in profile.shown[-NEWEST:]
    ]
    wrote = [
        {"id": one.id, "mine": True, "text": one.text, "at": int(one.at.timestamp()), "keys": []}
        for one in profile.wrote[-NEWEST:]
    ]
    return sorted([*said, *wrote], key=lambda one: int(str(one["id"])))[-NEWEST:]


def wecom_pane(customer: Customer) -> list[dict[str, Any]]:
    """The chat with customer service, servicers of WeCom included, oldest first."""
    said = [
        {
            "id": one.id,
            "mine": False,
            "text": "" if one.kind == "image" else one.text,
            "at": int(one.at.timestamp()),
            "image": f"/demo/wecom/files/{one.media_id}" if one.kind == "image" else "",
            "keys": [
                [{"label": label, "data": choice, "url": None}] for choice, label in one.choices
            ],
        }
        for one in customer.profile.shown[-NEWEST:]
    ]
    wrote = [
        {
            "id": int(one["msgid"].removeprefix("msg")),
            "mine": True,
            "text": one["text"]["content"],
            "at": one["send_time"],
            "keys": [],
        }
        for one in customer.corp.said.get(customer.account, ())
        if one["origin"] == CUSTOMER and one["external_userid"] == customer.userid
        if one["msgtype"] == "text"
    ][-NEWEST:]
    return sorted([*said, *wrote], key=lambda one: int(str(one["id"])))[-NEWEST:]
