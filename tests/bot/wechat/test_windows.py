"""What colleagues see of a person's windows."""

from datetime import timedelta

from bot.clock import SimulatedClock
from bot.desk_wiring import helping_of
from bot.settings import Settings
from bot.testing.wechat import FakeWeChat, Follower
from bot.wiring import open_program
from dialogs.message import Identity
from tests.bot.wechat.running import running


async def test_the_desk_counts_what_wechat_counts(
    wechat: FakeWeChat, person: Follower, clock: SimulatedClock
) -> None:
    async with open_program(Settings(_env_file=None), clock, in_memory=True) as program:
        helping = helping_of(program.stores, program.assistant)
        identity = Identity("wechat", person.openid)
        async with running(wechat, program.assistant, program.stores, clock) as at_work:

            async def left() -> tuple[int | None, object]:
                entries = await program.stores.transcript.latest(identity, 50)
                allowance = await helping.allowance(identity, entries, clock())
                refused = allowance.refusal("您好", (), clock())
                return allowance.left, refused and refused.code

            assert await left() == (5, "window_closed")  # nobody wrote yet
            await person.say("你好")
            await at_work.settle()
            assert await left() == (5, None)  # the passive reply costs nothing
            clock.advance(timedelta(hours=1))
            await program.stores.wechat.spend(person.openid, clock(), reserve=0)
            assert await left() == (4, None)
            clock.advance(timedelta(hours=47))
            assert await left() == (0, "window_closed")
