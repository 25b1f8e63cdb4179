"""What Telegram refuses, in its own words."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_KEYS: Final = 100
MAX_KEYS_IN_A_ROW: Final = 8
MAX_ANSWER: Final = 200
MAX_COMMANDS: Final = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Refusal(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        """The answer's body."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(what: str) -> Refusal:
    """A 400 in Telegram's manner."""
    return Refusal(400, f"Bad Request: {what}")


def check_text(text: object, limit: int = MAX_TEXT) -> str:
    """The text if it can be sent: not blank, not too long in UTF-16 units."""
    if not isinstance(text, str) or not text.strip():
        raise bad_request("message text is empty")
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > limit:
        raise bad_request("message is too long")
    return text


def check_keyboard(markup: object) -> list[list[dict[str, Any]]] | None:
    """The inline keyboard's rows if there is one and it is in order."""
    if markup in (None, ""):
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: an array of rows is expected")
    keys = [key for row in rows for key in row]
    if len(keys) > MAX_KEYS or any(len(row) > MAX_KEYS_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for key in keys:
        _check_key(key)
    return rows


def _check_key(key: object) -> None:
    if not isinstance(key, dict) or not str(key.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    kinds = {kind for kind in ("callback_data", "url") if key.get(kind) is not None}
    if len(kinds) != 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    if kinds == {"callback_data"}:
        if not 1 <= len(str(key["callback_data"]).encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
        return
    parts = urlsplit(str(key["url"]))
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https", "tg") or (parts.scheme != "tg" and "." not in host):
        raise bad_request(f"inline keyboard button URL '{key['url']}' is invalid: Wrong HTTP URL")


def check_commands(commands: object) -> list[dict[str, str]]:
    """The commands of a menu if they are in order."""
    if not isinstance(commands, list) or not 1 <= len(commands) <= MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH" if commands else "commands must be non-empty")
    for one in commands:
        if not isinstance(one, dict) or not _COMMAND.fullmatch(str(one.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(one.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def check_secret(secret: object) -> str | None:
    """A webhook's secret if it is well-formed."""
    if secret in (None, ""):
        return None
    if not isinstance(secret, str) or not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains illegal characters")
    return secret
