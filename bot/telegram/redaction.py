"""Keeps bot tokens out of the log, whoever writes the line.

A token is part of every Bot API address, so HTTP libraries log it.
"""

import logging
from typing import Any, Final

_MARK: Final = "<token>"
_TALKATIVE: Final = ("aiogram", "telegram", "httpx", "httpcore", "aiohttp")
_secrets: list[str] = []


def quieten_libraries() -> None:
    """Let the libraries log only what went wrong: in detail they log what people wrote."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def keep_out_of_logs(token: str) -> None:
    """From now on no log record of this process holds ``token``, nor does its traceback."""
    if not token or token in _secrets:
        return
    if not _secrets:
        _install()
    _secrets.append(token)
    # The part after the colon is the secret one; libraries may print it alone.
    _, _, secret = token.partition(":")
    if len(secret) >= 8:
        _secrets.append(secret)


def redacted(text: str) -> str:
    """The text with every known token replaced."""
    for secret in _secrets:
        text = text.replace(secret, _MARK)
    return text


def _install() -> None:
    """Every record of every logger passes the factory; filters would miss children's records."""
    make = logging.getLogRecordFactory()
    formatter = logging.Formatter()

    def discreet(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a line that cannot be formatted: see logging
            return record
        if (clean := redacted(message)) != message:
            record.msg, record.args = clean, ()
        if record.exc_info:
            trace = formatter.formatException(record.exc_info)
            if (clean := redacted(trace)) != trace:
                # Formatters use this text if it is there.
                record.exc_text, record.exc_info = clean, None
        return record

    logging.setLogRecordFactory(discreet)
