"""A code asked for in the web chat, opened in Telegram on the strict server: one conversation."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.clock import real_clock
from bot.linking import ChannelLinks
from bot.settings import Settings
from bot.telegram.service import TelegramConfig
from bot.testing.telegram import FakeTelegram, Person
from bot.wiring import Program, open_program
from dialogs.linking import JOIN_CODE, LinkWay
from dialogs.message import Identity, Inbound, Reply
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.running import TOKEN, running

BROWSER = Identity("web", "a-browser")


class _Ways:
    """The bot can be opened by a link."""

    def served(self) -> tuple[str, ...]:
        return ("telegram", "web")

    async def to(self, channel: str, code: str) -> LinkWay:
        return LinkWay(channel, f"https://t.me/rehearsal_bot?start={JOIN_CODE}{code}")


async def _on_the_web(program: Program, **what: str) -> tuple[Reply, ...]:
    inbound = Inbound(BROWSER, uuid4().hex, real_clock(), **what)  # type: ignore[arg-type]
    return (await program.assistant.handle(inbound)).replies


async def test_a_code_from_the_web_goes_on_in_telegram_once_its_owner_agrees(
    tmp_path: Path,
) -> None:
    settings = Settings(_env_file=None, home=tmp_path)
    async with (
        open_program(settings, real_clock, in_memory=True) as program,
        FakeTelegram() as server,
    ):
        stores, assistant = program.stores, program.assistant
        assistant.links = ChannelLinks(stores.links, stores.attempts, real_clock, _Ways())
        bot = server.add_bot(TOKEN)
        config = TelegramConfig(TOKEN, server.base_url, "aiogram", long_poll=2)
        async with running(config, assistant, stores) as at_work:
            person = Person(bot)
            chat: TelegramChat[Any] = TelegramChat(person, lambda: at_work.settle_with(bot))
            await _on_the_web(program, text="你好")
            await _on_the_web(program, button="answer:consent_processing:agree")
            offered = await _on_the_web(program, text="换到Telegram")
            [url] = [one.url for reply in offered for one in reply.buttons if one.url]
            word = url.partition("start=")[2]

            used = await chat.say(f"/start {word}")
            assert used and BROWSER.external_id[-4:] not in used[-1].text
            asked = [one.said for one in await stores.transcript.latest(BROWSER, 5) if one.said]
            [yes] = [
                button.value for button in asked[-1].buttons if button.value.startswith("link:yes:")
            ]
            assert (await assistant.case(BROWSER)).linked == ()  # nothing before the yes

            await _on_the_web(program, button=yes)
            assert await chat.replies()  # the person is welcomed there
            there = Identity("telegram", str(person.number))
            case = await assistant.case(there)
            assert set(case.everywhere) == {BROWSER, there}
            assert case.filings == (await assistant.case(BROWSER)).filings

            stranger: TelegramChat[Any] = TelegramChat(
                Person(bot), lambda: at_work.settle_with(bot)
            )
            assert await stranger.say(f"/start {word}")  # the code is spent
            assert set((await assistant.case(there)).everywhere) == {BROWSER, there}
