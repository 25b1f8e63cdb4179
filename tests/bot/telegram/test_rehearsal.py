"""The rehearsal in a terminal: what is typed reaches the bot, what it says is printed."""

from io import StringIO

import httpx

from bot.telegram.service import TelegramConfig
from bot.testing.telegram import FakeBot, FakeTelegram
from bot.testing.telegram.__main__ import TOKEN, Console, rehearse
from tests.bot.telegram.running import running


async def test_lines_are_said_and_numbers_press_keys(telegram: FakeTelegram) -> None:
    bot: FakeBot = telegram.add_bot(TOKEN)
    out = StringIO()
    console = Console(bot, out)
    async with running(TelegramConfig(TOKEN, telegram.base_url, long_poll=2)) as at_work:
        await console.take("你好\n")
        await at_work.settle_with(bot)
        await console.show_news()
        assert out.getvalue() == "\n听到：你好\n  [1] 好\n  [2] 不好\n"
        for line in ("2", "", "9"):
            await console.take(line)
        await at_work.settle_with(bot)
        await console.show_news()
    assert "听到：no" in out.getvalue()
    assert "听到：9" in out.getvalue()


async def test_it_says_how_to_connect_and_ends_with_its_input(unused_port: int) -> None:
    out, base_url = StringIO(), f"http://127.0.0.1:{unused_port}"

    def no_more_lines() -> str:
        assert httpx.get(f"{base_url}/bot{TOKEN}/getMe").json()["ok"] is True
        return ""

    await rehearse(unused_port, no_more_lines, out)
    assert f"BEIAN_TELEGRAM_API_BASE={base_url}" in out.getvalue()
    assert f"BEIAN_TELEGRAM_TOKEN={TOKEN}" in out.getvalue()
