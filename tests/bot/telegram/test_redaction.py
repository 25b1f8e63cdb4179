"""A bot's token is nowhere to be found, whatever happens and however much is logged."""

import logging
import traceback
from collections.abc import Iterator
from io import StringIO

import httpx
import pytest

from bot.telegram.errors import TelegramFault
from bot.telegram.redaction import keep_out_of_logs, redacted
from bot.telegram.service import Library, TelegramConfig, open_client
from bot.testing.telegram import FakeBot, FakeTelegram, Fault, Person
from tests.bot.telegram.running import TOKEN, running, until

SECRET_PART = TOKEN.partition(":")[2]


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, at the finest level, libraries included."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in ("httpx", "telegram", "aiogram")}
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)
    for name, old in before.items():
        logging.getLogger(name).setLevel(old)


async def test_a_busy_and_troubled_bot_never_logs_its_token_or_what_people_wrote(
    telegram: FakeTelegram, bot: FakeBot, library: Library, log: StringIO
) -> None:
    config = TelegramConfig(TOKEN, telegram.base_url, library, long_poll=1)
    person = Person(bot)
    for fault in (
        Fault(method="getUpdates", status=502, description="Bad Gateway"),
        Fault(method="getUpdates", cut=True),
        Fault(method="sendMessage", cut=True, effect=True),
        Fault(method="sendMessage", status=429, retry_after=1, description="Too Many"),
        Fault(method="sendMessage", status=400, description="Bad Request: nonsense"),
    ):
        bot.order(fault)
    async with running(config) as at_work:
        await until(lambda: at_work.service.ready)
        await person.say("一句私密的话")
        await until(lambda: len(bot.called("sendMessage")) >= 3)
    assert "Telegram" in log.getvalue()
    assert SECRET_PART not in log.getvalue()
    assert "私密" not in log.getvalue()


def test_lines_arguments_and_tracebacks_lose_the_token(log: StringIO) -> None:
    keep_out_of_logs(TOKEN)
    logger = logging.getLogger("some.library.nobody.thought.of")
    url = httpx.URL(f"https://api.telegram.org/bot{TOKEN}/getMe")
    logger.warning("HTTP Request: %s", url)
    logger.warning(f"as a plain line {url}")
    logger.warning("mapped %(url)s", {"url": url})
    try:
        raise ValueError(f"cannot fetch {url}")
    except ValueError:
        logger.exception("failed")
    assert SECRET_PART not in log.getvalue()
    assert log.getvalue().count("<token>") == 4
    assert "Traceback" in log.getvalue()


def test_a_line_that_cannot_be_formatted_is_left_to_logging_to_report() -> None:
    keep_out_of_logs(TOKEN)
    make = logging.getLogRecordFactory()
    record = make("name", logging.WARNING, "file.py", 1, "%s and %s", ("one",), None)
    assert record.args == ("one",)


def test_the_secret_half_alone_is_a_secret_too() -> None:
    keep_out_of_logs(TOKEN)
    assert redacted(f"sent with {SECRET_PART}") == "sent with <token>"
    assert redacted("nothing special") == "nothing special"


async def test_neither_settings_nor_errors_show_it(library: Library) -> None:
    config = TelegramConfig(TOKEN, "http://127.0.0.1:9", library, webhook_secret="hook-secret")
    assert SECRET_PART not in repr(config)
    assert "hook-secret" not in repr(config)
    client = open_client(config)
    with pytest.raises(TelegramFault) as caught:
        await client.me()
    assert SECRET_PART not in "".join(traceback.format_exception(caught.value))
    await client.close()
