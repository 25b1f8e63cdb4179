"""Who is typing is passed on between applicant and colleague, while one has the conversation."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SimulatedClock
from bot.typing_signs import TypingSigns
from desk.claims import Claims
from desk.presence import APPLICANT, HOLDER, TYPING_FOR
from dialogs.assistant import Assistant
from dialogs.case import Colleague
from dialogs.message import Identity, Inbound
from storage.memory import memory_stores
from tests.bot.web.real import real_world

WHO = Identity("web", "visitor")
LI = Colleague("1", "li")


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


async def test_signs_go_both_ways_and_only_while_it_is_held(clock: SimulatedClock) -> None:
    stores = memory_stores(clock)
    assistant = Assistant(real_world(), stores.cases, stores.dead_letters, clock)
    signs = TypingSigns(assistant, stores.presence)
    conversation = (await assistant.handle(Inbound(WHO, "m1", clock(), text="你好"))).case
    scope = conversation.conversation_id
    assert not await signs.applicant_types(WHO)
    assert await stores.presence.present(scope, clock()) == []

    await Claims(assistant, stores.claims, clock).take(LI, scope)
    assert not await signs.staff_types(WHO)
    assert await signs.applicant_types(WHO)
    [seen] = await stores.presence.present(scope, clock())
    assert (seen.who, seen.typing) == (APPLICANT, True)
    await stores.presence.beat(scope, "chen", clock(), typing=True)
    assert not await signs.staff_types(WHO)  # a colleague who only drafts
    await stores.presence.beat(scope, HOLDER, clock(), typing=True)
    assert await signs.staff_types(WHO)
    clock.advance(TYPING_FOR + timedelta(seconds=1))
    assert not await signs.staff_types(WHO)
