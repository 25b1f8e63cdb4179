"""Claims as the desk uses them: exactly one colleague, and nothing on its way behind their back."""

import asyncio
from datetime import timedelta

import pytest

from desk.claims import LEASE, ClaimLost, HeldBy, NoConversation, ReasonMissing
from dialogs.world import World
from filing.event import Event, EventType
from storage.memory import memory_stores
from tests.desk.office import LI, START, WANG, Office


@pytest.fixture
def office(world: World) -> Office:
    """An office in memory."""
    return Office(world, memory_stores(lambda: START))


async def test_a_colleague_takes_speaks_and_hands_back(office: Office) -> None:
    identity, scope = await office.begin("web")
    taken = await office.claims.take(LI, scope)
    assert "小李" in taken.told[0].text
    assert await office.say(identity, "在吗") == ()
    said = await office.claims.say(LI, scope, "在的，您说。")
    assert [(one.author, one.reply and one.reply.by) for one in said.outgoing] == [
        ("agent:小李", "客服小李")
    ]
    back = await office.claims.hand_back(LI, scope)
    assert back.replies[-1].step is not None
    lines = await office.stores.transcript.since(identity, 0)
    assert [line.heard for line in lines if line.heard] == ["你好", "在吗"]
    authors = [line.author for line in lines if line.said]
    assert authors.count("agent:小李") == 1
    assert set(authors) == {"assistant", "agent:小李"}


async def test_only_with_a_reason_is_it_taken_from_another(office: Office) -> None:
    _, scope = await office.begin()
    await office.claims.take(LI, scope)
    with pytest.raises(HeldBy) as refused:
        await office.claims.take(WANG, scope)
    assert refused.value.hold.name == "小李"
    with pytest.raises(ReasonMissing):
        await office.claims.take_over(WANG, scope, "  ")
    taken = await office.claims.take_over(WANG, scope, "小李下班了")
    assert taken.before is not None
    assert taken.before.name == "小李"
    with pytest.raises(ClaimLost) as lost:
        await office.claims.say(LI, scope, "还有一句")
    assert lost.value.hold is not None
    assert lost.value.hold.name == "小王"


async def test_a_heartbeat_is_stored_only_when_half_of_the_lease_is_over(office: Office) -> None:
    identity, scope = await office.begin()
    await office.claims.take(LI, scope)
    version = (await office.assistant.case(identity)).version
    office.now += LEASE / 2 - timedelta(seconds=1)
    await office.claims.renew(LI, scope)
    assert (await office.assistant.case(identity)).version == version
    office.now += timedelta(seconds=2)
    hold = await office.claims.renew(LI, scope)
    assert hold.until == office.now + LEASE
    with pytest.raises(ClaimLost):
        await office.claims.renew(WANG, scope)


async def test_silence_ends_a_claim_and_a_word_in_time_does_not(office: Office) -> None:
    identity, scope = await office.begin()
    hold = (await office.claims.take(LI, scope)).hold
    waiting: list[str] = []
    office.assistant.summoners.append(lambda case: waiting.append(case.conversation_id))
    office.now += LEASE
    [found] = await office.stores.claims.lapsed(office.now)
    assert (found.id, found.epoch) == (scope, hold.epoch)
    await office.claims.say(LI, scope, "我还在")
    with pytest.raises(ClaimLost):
        await office.claims.expire(scope, hold.epoch)
    office.now += LEASE
    await office.claims.expire(scope, hold.epoch)
    assert (await office.assistant.case(identity)).handover == "waiting"
    assert waiting == [scope]
    assert await office.stores.claims.lapsed(office.now) == []
    with pytest.raises(ClaimLost):
        await office.claims.say(LI, scope, "我回来了")


async def test_what_is_being_sent_is_waited_for_and_the_notice_comes_behind_it(
    office: Office,
) -> None:
    _, scope = await office.begin()
    [under_way] = await office.next_out()
    paused = asyncio.Event()

    async def pause(seconds: float) -> None:
        paused.set()
        await asyncio.sleep(0)

    office.claims.pause = pause
    taking = asyncio.create_task(office.claims.take(LI, scope))
    await paused.wait()
    assert not taking.done()
    assert await office.next_out() == []  # the notice waits behind it
    await office.stores.outbox.delivered(under_way, "1", office.now)
    await taking
    [notice] = await office.next_out()
    assert notice.outgoing.reply is not None
    assert "小李" in notice.outgoing.reply.text


async def test_a_sender_that_died_is_waited_for_no_longer_than_its_lease(office: Office) -> None:
    _, scope = await office.begin()
    [lost] = await office.next_out()

    async def pause(seconds: float) -> None:
        office.now += timedelta(seconds=20)

    office.claims.pause = pause
    await office.claims.take(LI, scope)
    assert office.now >= lost.until
    [notice] = await office.next_out()
    assert notice.outgoing.reply is not None
    assert "小李" in notice.outgoing.reply.text


async def test_events_of_other_programs_are_kept_in_silence(office: Office) -> None:
    identity, scope = await office.begin()
    await office.claims.take(LI, scope)
    event = Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, office.now)
    assert (await office.assistant.record(identity, event)).replies == ()
    case = await office.assistant.case(identity)
    assert case.filing is not None
    assert case.filing.events == (event,)
    told = await office.claims.hand_back(LI, scope)
    assert any("初审" in reply.text for reply in told.replies)


async def test_a_turn_that_fails_is_put_aside_in_silence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, scope = await office.begin()
    await office.claims.take(LI, scope)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("dialogs.assistant.take_turn", broken)
    assert await office.say(identity, "看得到吗") == ()
    lines = await office.stores.transcript.since(identity, 0)
    assert lines[-1].heard == "看得到吗"
    assert len(await office.stores.dead_letters.latest()) == 1


async def test_files_are_wanted_while_somebody_is_here_to_look_at_them(office: Office) -> None:
    identity, scope = await office.begin()
    assert not await office.assistant.expects_file(identity)
    await office.claims.take(LI, scope)
    assert await office.assistant.expects_file(identity)


async def test_nobody_has_a_conversation_that_is_not_there(office: Office) -> None:
    with pytest.raises(NoConversation):
        await office.claims.take(LI, "nobody's")
