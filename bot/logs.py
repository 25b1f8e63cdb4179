"""Logging: one line an event, ids and codes only; secrets and numbers of people are masked."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

_MASKS = (
    # A Telegram token, wherever a library may have put it: …/bot123:ABC/getMe.
    (re.compile(r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"), "<token>"),
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx](?![0-9A-Za-z])"), "<id>"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "<phone>"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<email>"),
    (re.compile(r"access_token=[^&\s\"']+"), "access_token=<token>"),
    (re.compile(r"/wechat/files/[A-Za-z0-9_.-]{16,}"), "/wechat/files/<token>"),
    (re.compile(r"/form/[A-Za-z0-9_-]{16,}"), "/form/<token>"),
)


class Masking(logging.Filter):
    """Masks every record of every library; ``secrets`` are masked literally."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(one for one in secrets if one)

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by its masked text; never drops a record."""
        record.msg = self.mask(record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            # The type tells enough: a message or a frame could quote what somebody typed.
            record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
            record.exc_info = None
            record.exc_text = None
        return True

    def mask(self, text: str) -> str:
        """The text without secrets and without numbers of people."""
        for secret in self._secrets:
            text = text.replace(secret, "<secret>")
        for pattern, instead in _MASKS:
            text = pattern.sub(instead, text)
        return text


def configure_logging(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Send all logs to standard error, masked; ``form`` is ``"text"`` or ``"json"``."""
    masking = Masking(secrets)

    def masked(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {
            key: masking.mask(one) if isinstance(one, str) else one for key, one in event.items()
        }

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, masked, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_OnlyForeign(masking))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in (
        "httpx",
        "httpcore",
        "aiogram.event",
        "asyncio",
        "alembic",
        "apscheduler",
        "uvicorn",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class _OnlyForeign(logging.Filter):
    """Our own events are masked field by field before; records of libraries are masked here."""

    def __init__(self, masking: Masking) -> None:
        super().__init__()
        self._masking = masking

    def filter(self, record: logging.LogRecord) -> bool:
        return True if isinstance(record.msg, dict) else self._masking.filter(record)
