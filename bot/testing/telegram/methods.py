"""The Bot API's methods that the assistant uses, as strict as Telegram."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from bot.testing.telegram.bots import DAYS_TO_DELETE, FakeBot, Webhook
from bot.testing.telegram.rules import (
    MAX_ANSWER,
    MAX_CAPTION,
    Refusal,
    bad_request,
    check_commands,
    check_keyboard,
    check_secret,
    check_text,
)

Params: TypeAlias = dict[str, Any]

MAX_DOWNLOAD = 20 * 2**20


async def get_me(bot: FakeBot, params: Params) -> Any:
    """Who the bot is."""
    return bot.profile


async def get_updates(bot: FakeBot, params: Params) -> Any:
    """Unconfirmed updates."""
    if bot.webhook is not None:
        raise Refusal(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    _choose_kinds(bot, params)
    return await bot.updates.read(
        _number(params, "offset", 0),
        min(max(_number(params, "limit", 100), 1), 100),
        _number(params, "timeout", 0),
    )


async def set_webhook(bot: FakeBot, params: Params) -> Any:
    """Have updates posted."""
    url = params.get("url")
    if not url:
        bot.webhook = None
        return True
    if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    _choose_kinds(bot, params)
    bot.webhook = Webhook(url, check_secret(params.get("secret_token")))
    bot.on_update()
    return True


async def delete_webhook(bot: FakeBot, params: Params) -> Any:
    """Have updates kept again."""
    bot.webhook = None
    if _truth(params.get("drop_pending_updates")):
        bot.updates.waiting.clear()
    return True


async def get_webhook_info(bot: FakeBot, params: Params) -> Any:
    """Where updates are posted."""
    return {
        "url": bot.webhook.url if bot.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.waiting),
    }


async def send_message(bot: FakeBot, params: Params) -> Any:
    """Send a text."""
    chat = _chat(bot, params)
    text = check_text(params.get("text"))
    if params.get("parse_mode"):
        raise bad_request("can't parse entities: this server takes plain text only")
    return _said(bot, chat, {"text": text.strip()}, params)


async def send_document(bot: FakeBot, params: Params) -> Any:
    """Send a file."""
    chat = _chat(bot, params)
    upload = params.get("document")
    if not isinstance(upload, Upload):
        raise bad_request("there is no document in the request")
    if params.get("caption"):
        check_text(params["caption"], MAX_CAPTION)
    file_id = f"file-{len(bot.files) + 1}"
    bot.files[file_id] = upload.content
    document = {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_name": upload.name,
        "file_size": len(upload.content),
    }
    return _said(bot, chat, {"document": document}, params)


async def send_photo(bot: FakeBot, params: Params) -> Any:
    """Send a picture."""
    chat = _chat(bot, params)
    upload = params.get("photo")
    if not isinstance(upload, Upload):
        raise bad_request("there is no photo in the request")
    if not upload.content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        raise bad_request("IMAGE_PROCESS_FAILED")
    file_id = f"file-{len(bot.files) + 1}"
    bot.files[file_id] = upload.content
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 90}
    return _said(bot, chat, {"photo": [size]}, params)


async def edit_message_text(bot: FakeBot, params: Params) -> Any:
    """Replace a text and its keys."""
    message = _own_message(bot, params)
    new = {**message, "text": check_text(params.get("text")).strip()}
    return _changed(bot, message, new, params)


async def edit_message_reply_markup(bot: FakeBot, params: Params) -> Any:
    """Replace the keys."""
    message = _own_message(bot, params)
    return _changed(bot, message, dict(message), params)


async def delete_message(bot: FakeBot, params: Params) -> Any:
    """Delete a message of either side, within two days."""
    chat = _chat(bot, params)
    shown = bot.messages.get(chat, {})
    message = shown.get(_number(params, "message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if bot.now() - message["date"] > DAYS_TO_DELETE:
        raise bad_request("message can't be deleted")
    del shown[message["message_id"]]
    return True


async def answer_callback_query(bot: FakeBot, params: Params) -> Any:
    """Let a pressed key rest."""
    query = str(params.get("callback_query_id"))
    if query not in bot.queries:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.get("text")
    if text is not None and len(str(text)) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    bot.queries[query] = text or ""
    return True


async def set_my_commands(bot: FakeBot, params: Params) -> Any:
    """Set a menu."""
    bot.commands[str(params.get("language_code") or "")] = check_commands(params.get("commands"))
    return True


async def get_my_commands(bot: FakeBot, params: Params) -> Any:
    """A menu."""
    return bot.commands.get(str(params.get("language_code") or ""), [])


async def get_file(bot: FakeBot, params: Params) -> Any:
    """Where a file can be fetched."""
    file_id = str(params.get("file_id"))
    content = bot.files.get(file_id)
    if content is None:
        raise bad_request("invalid file_id")
    if len(content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id,
        "file_size": len(content),
        "file_path": f"documents/{file_id}",
    }


async def send_chat_action(bot: FakeBot, params: Params) -> Any:
    """Show that something is being written."""
    _chat(bot, params)
    return True


class Upload:
    """A file in a multipart form."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content


METHODS: dict[str, Callable[[FakeBot, Params], Awaitable[Any]]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "getFile": get_file,
    "sendChatAction": send_chat_action,
}


def _said(bot: FakeBot, chat: int, content: Params, params: Params) -> Params:
    rows = check_keyboard(params.get("reply_markup"))
    bot.check_rate(chat)
    message = {
        "message_id": bot.next_message_id(),
        "date": int(bot.now()),
        "from": bot.profile,
        "chat": bot.chats[chat].profile,
        **content,
    }
    if rows:
        message["reply_markup"] = {"inline_keyboard": rows}
    return bot.keep(message)


def _changed(bot: FakeBot, old: Params, new: Params, params: Params) -> Params:
    rows = check_keyboard(params.get("reply_markup"))
    bot.check_rate(old["chat"]["id"])
    new.pop("reply_markup", None)
    if rows:
        new["reply_markup"] = {"inline_keyboard": rows}
    if new == old:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    return bot.keep({**new, "edit_date": int(bot.now())})


def _own_message(bot: FakeBot, params: Params) -> Params:
    message = bot.messages.get(_chat(bot, params), {}).get(_number(params, "message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != bot.id:
        raise bad_request("message can't be edited")
    return message


def _chat(bot: FakeBot, params: Params) -> int:
    if params.get("chat_id") in (None, ""):
        raise bad_request("chat_id is empty")
    chat_id = _number(params, "chat_id")
    bot.reachable(chat_id)
    return chat_id


def _number(params: Params, name: str, default: int | None = None) -> int:
    value = params.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        return int(str(value))
    except ValueError:
        raise bad_request(f"{name} must be an integer") from None


def _choose_kinds(bot: FakeBot, params: Params) -> None:
    kinds = params.get("allowed_updates")
    if isinstance(kinds, list):
        bot.updates.allowed = frozenset(map(str, kinds)) or None


def _truth(value: object) -> bool:
    return str(value).lower() in ("true", "1")
