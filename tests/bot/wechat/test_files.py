"""Pictures in WeChat: fetched where one is wanted, and answered where they cannot be had."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.materials.receiving import Door
from bot.settings import Settings
from bot.testing.wechat import FakeWeChat, Fault, Follower
from bot.wiring import open_program
from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity
from tests.bot.materials.files import picture
from tests.bot.wechat.running import running


async def test_a_picture_is_fetched_only_where_one_is_wanted(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock, tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, home=tmp_path)
    async with open_program(settings, clock, in_memory=True) as program:
        door, say = Door(program.assistant, program.receiver), program.world.wording.say
        identity = Identity("wechat", person.openid)
        async with running(
            wechat, program.assistant, program.stores, clock, door=door, patience=30
        ) as at_work:
            await person.say("你好")
            await at_work.settle()
            await person.photo(picture("JPEG"))  # nobody asked for one
            await at_work.settle()
            assert wechat.account.called("media/get") == []
            case = await program.assistant.case(identity)
            claims = Claims(program.assistant, program.stores.claims, clock)
            await claims.take(Colleague("a1", "小李"), case.conversation_id)
            await person.photo(picture("JPEG", comment=b"SECRET"))
            await at_work.settle()
            wechat.account.order(Fault("media/get", status=502, times=1))
            await person.photo(picture("JPEG"))  # had at the second try
            await at_work.settle()
            lost = await person.photo(picture("JPEG"))
            await at_work.settle()
            entries = await program.stores.transcript.latest(identity, 50)
            kept = [file for one in entries for file in one.files]
            assert lost and len(kept) == 3
            content = (await program.stores.files.get(kept[0].file_id)).content
            assert content.startswith(b"\xff\xd8\xff") and b"SECRET" not in content
            wechat.account.order(Fault("media/get", status=502, times=2))
            await person.photo(picture("JPEG"))
            await at_work.settle()
            texts = [one.text for one in await person.messages()]
            assert say("invalid.file.not_fetched", "zh-CN") in texts[-1]


async def test_a_picture_of_three_days_ago_is_gone(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    async with running(wechat, clock=clock) as at_work:
        media_id = wechat.account.keep("image", "photo.jpg", picture("JPEG"))
        assert (await at_work.service.client.download(media_id)).content.startswith(b"\xff\xd8\xff")
        clock.advance(timedelta(days=3))
        with pytest.raises(Exception, match="40007"):
            await at_work.service.client.download(media_id)
