"""Whoever asks for a person is announced, once."""

from datetime import datetime

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.wiring import new_assistant
from dialogs.case import Case
from dialogs.message import Identity, Inbound
from dialogs.world import SHANGHAI, World
from storage.memory import memory_stores


async def test_staff_are_told_once_that_somebody_waits(world: World) -> None:
    clock = SimulatedClock(datetime(2026, 11, 24, 9, tzinfo=SHANGHAI))
    assistant = new_assistant(Settings(_env_file=None), world, clock, memory_stores(clock))
    told: list[Case] = []
    assistant.summoners.append(told.append)
    somebody = Identity("web", "somebody")
    for number, text in enumerate(["你好", "转人工", "转人工", "有人吗"]):
        await assistant.handle(Inbound(somebody, str(number), clock(), text=text))
    assert [case.identity for case in told] == [somebody]
