"""Questions without an answer, kept with their turn: on memory, SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SimulatedClock
from bot.settings import Settings
from bot.world import load_world
from dialogs.assistant import Assistant
from dialogs.case import Colleague
from dialogs.holding import taken
from dialogs.late_answers import Told, answer_late
from dialogs.message import Identity, Inbound
from dialogs.ports import DuplicateInbound, LateAnswer, StoredQuestion
from dialogs.world import World
from storage.ports import Stores
from tests.storage.making import NOW, asked, person, turn, unique

HOUR = timedelta(hours=1)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


async def _ask(stores: Stores, identity: Identity, *texts: str) -> list[StoredQuestion]:
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before, questions=tuple(map(asked, texts))))
    return await _of(stores, identity)


async def _of(stores: Stores, identity: Identity) -> list[StoredQuestion]:
    return [one for one in await stores.questions.unanswered() if one.identity == identity]


async def test_questions_come_back_as_they_were_kept(stores: Stores) -> None:
    identity = person()
    first, second = await _ask(stores, identity, "能养猫吗", "猫呢")
    assert first.question == asked("能养猫吗")
    assert (first.identity, first.at) == (identity, NOW)
    assert first.number < second.number


async def test_a_question_is_kept_with_its_turn_or_not_at_all(stores: Stores) -> None:
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    kept = turn(before, message_id="m1", questions=(asked("能养猫吗"),))
    await stores.cases.commit(kept)
    with pytest.raises(DuplicateInbound):
        await stores.cases.commit(
            replace(kept, before=await stores.cases.open(identity, NOW, "zh-CN"))
        )
    assert len(await _of(stores, identity)) == 1


async def test_only_questions_since_a_moment_are_listed(stores: Stores) -> None:
    identity = person()
    await _ask(stores, identity, "能养猫吗")
    listed = await stores.questions.unanswered(NOW + HOUR)
    assert [one for one in listed if one.identity == identity] == []
    assert await stores.questions.unanswered(NOW) == await stores.questions.unanswered()


async def test_what_helped_is_no_gap_but_counts(stores: Stores) -> None:
    article = unique("article")
    for helped in (True, True, False):
        identity = person()
        for _ in range(2):  # a person counts once
            before = await stores.cases.open(identity, NOW, "zh-CN")
            question = asked("能养猫吗", helped=helped, article=article)
            await stores.cases.commit(turn(before, questions=(question,)))
        assert len(await _of(stores, identity)) == (0 if helped else 2)
    assert (await stores.questions.votes())[article] == (2, 1)


async def test_a_question_answered_late_is_no_gap_any_more(stores: Stores) -> None:
    identity = person()
    first, second = await _ask(stores, identity, "能养猫吗", "能养狗吗")
    before = await stores.cases.open(identity, NOW, "zh-CN")
    late = (LateAnswer(first.number, "cats"),)
    await stores.cases.commit(replace(turn(before), late_answers=late))
    assert await _of(stores, identity) == [second]


async def test_questions_go_when_their_asker_is_erased(stores: Stores) -> None:
    identity = person()
    await _ask(stores, identity, "能养猫吗")
    case = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.filings.erase(case.applicant_id)
    assert await _of(stores, identity) == []


def _assistant(stores: Stores, world: World) -> Assistant:
    return Assistant(world, stores.cases, stores.dead_letters, SimulatedClock(NOW))


async def _told(stores: Stores, identity: Identity) -> list[str]:
    """What was said to one person."""
    return [
        one.said.text for one in await stores.transcript.since(identity, 0) if one.said is not None
    ]


async def test_an_article_reaches_each_who_asked_once(stores: Stores, world: World) -> None:
    assistant, (one, other, stranger) = _assistant(stores, world), (person(), person(), person())
    gap = [
        *await _ask(stores, one, "要付钱吗", "收多少钱"),
        *await _ask(stores, other, "付费吗"),
    ]
    await _ask(stores, stranger, "能养猫吗")
    assert await answer_late(assistant, stores.questions, gap, "fee") == Told(2)
    assert await answer_late(assistant, stores.questions, gap, "fee") == Told(0)
    [text] = await _told(stores, one)
    assert "“收多少钱”" in text
    assert "不收费" in text
    assert len(await _told(stores, other)) == 1
    assert await _told(stores, stranger) == []
    assert len(await _of(stores, stranger)) == 1
    due = await stores.outbox.claim(one.channel, NOW, 100)
    assert {row.outgoing.identity for row in due} >= {one, other}


async def test_two_colleagues_at_once_send_it_once(stores: Stores, world: World) -> None:
    identity = person()
    gap = await _ask(stores, identity, "要付钱吗")
    told = await asyncio.gather(
        *(answer_late(_assistant(stores, world), stores.questions, gap, "fee") for _ in range(3))
    )
    assert sorted(one.now for one in told) == [0, 0, 1]
    assert len(await _told(stores, identity)) == 1


async def test_an_erased_asker_hears_nothing_and_comes_back_to_nothing(
    stores: Stores, world: World
) -> None:
    identity = person()
    gap = await _ask(stores, identity, "要付钱吗")
    case = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.filings.erase(case.applicant_id)
    assert await answer_late(_assistant(stores, world), stores.questions, gap, "fee") == Told(0)
    assert (await stores.cases.open(identity, NOW, "zh-CN")).version == 0


async def test_while_a_colleague_talks_to_somebody_the_article_waits(
    stores: Stores, world: World
) -> None:
    identity = person()
    gap = await _ask(stores, identity, "要付钱吗")
    before = await stores.cases.open(identity, NOW, "zh-CN")
    held = taken(before, Colleague("a1", "小李"), NOW, timedelta(minutes=10))
    await stores.cases.commit(turn(before, after=held))
    assistant = _assistant(stores, world)
    assert await answer_late(assistant, stores.questions, gap, "fee") == Told(0, later=1)
    assert await _of(stores, identity) == gap


async def test_an_unknown_article_is_refused(stores: Stores, world: World) -> None:
    gap = await _ask(stores, person(), "要付钱吗")
    with pytest.raises(LookupError, match="cats"):
        await answer_late(_assistant(stores, world), stores.questions, gap, "cats")


async def test_a_message_without_an_answer_is_kept_by_the_assistant(
    stores: Stores, world: World
) -> None:
    assistant, identity = _assistant(stores, world), person()
    for number, text in enumerate(("你好", "今天黄金多少钱一克")):
        await assistant.handle(Inbound(identity, f"m{number}", NOW, text=text))
    [kept] = await _of(stores, identity)
    assert kept.question.text == "今天黄金多少钱一克"
    assert kept.question.route == "fallback"
