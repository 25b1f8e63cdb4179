"""The rehearsal in a terminal: customer and servicers over WeCom's calls, in one window."""

from io import StringIO
from pathlib import Path

from bot.testing.wecom import FakeWeCom
from bot.testing.wecom.__main__ import console_of, rehearse
from tests.bot.wecom.running import at_work


async def test_lines_are_said_acts_are_done_and_answers_shown(tmp_path: Path) -> None:
    out = StringIO()
    async with at_work(tmp_path) as wecom:
        console = console_of(wecom.wecom, out)

        async def type_in(line: str) -> str:
            before = len(out.getvalue())
            await console.take(f"{line}\n")
            await wecom.settle()
            await console.show_news()
            return out.getvalue()[before:]

        assert "[1] " in await type_in("我要备案")
        assert "[1] " in await type_in("1")
        assert "撤回" in await type_in("/recall")
        assert "语音" in await type_in("/voice")
        await type_in("/take")
        assert await type_in("在吗") == ""
        assert await type_in("/reply 在的") == "\n在的\n"
        ended = await type_in("/end")
        assert "客服同事已离开" in ended and "zhangsan" not in ended  # a userid is for the desk
        assert "no such act: /dance" in await type_in("/dance")
        assert "/photo: " in await type_in("/photo nowhere.jpg")


async def test_it_says_how_to_connect_and_ends_with_its_input() -> None:
    out = StringIO()
    await rehearse(0, "http://127.0.0.1:1/wecom/callback", lambda: "", out)
    async with FakeWeCom() as wecom:
        assert f"BEIAN_WECOM_CORP_ID={wecom.corp.corp_id}" in out.getvalue()
