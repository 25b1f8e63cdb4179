"""What staff keep beside a conversation: on memory, SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.notebook import DraftChanged, mentioned_in
from desk.presence import GONE_AFTER, TYPING_FOR, Present
from dialogs.case import Case
from dialogs.ports import StaleCase
from dialogs.reminding import StaffTask
from storage.ports import Stores
from tests.storage.making import NOW, person, say, turn, unique, with_answers

SECOND = timedelta(seconds=1)


async def _begun(stores: Stores) -> Case:
    """A stored conversation with a filing."""
    identity = person()
    before = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(before, after=with_answers(before, domain="example.cn")))
    return await stores.cases.open(identity, NOW, "zh-CN")


async def test_notes_come_back_as_they_were_written(stores: Stores) -> None:
    case = await _begun(stores)
    first = await stores.notebook.add(case.conversation_id, "甲", "执照是旧的", (), NOW)
    second = await stores.notebook.add(
        case.conversation_id, "乙", "@甲 再看看😀", ("甲",), NOW + SECOND
    )
    assert await stores.notebook.notes(case.conversation_id) == [first, second]


async def test_a_note_is_in_no_transcript(stores: Stores) -> None:
    case = await _begun(stores)
    await stores.notebook.add(case.conversation_id, "甲", "只给同事看", (), NOW)
    await stores.notebook.save_draft(case.conversation_id, "还没写完", "甲", 0, NOW)
    said = await stores.transcript.since(case.identity, 0)
    assert "只给同事看" not in repr(said)
    assert "还没写完" not in repr(said)
    due = await stores.outbox.claim(case.identity.channel, NOW + timedelta(days=1), 1000)
    assert "只给同事看" not in repr([one.outgoing.reply for one in due])


async def test_there_is_no_note_on_a_conversation_nobody_began(stores: Stores) -> None:
    assert await stores.notebook.add(unique("none"), "甲", "?", (), NOW) is None
    assert await stores.notebook.save_draft(unique("none"), "?", "甲", 0, NOW) is None
    assert await stores.notebook.notes(unique("none")) == []


async def test_a_mention_waits_until_its_agent_has_looked(stores: Stores) -> None:
    case, agent = await _begun(stores), unique("乙")
    note = await stores.notebook.add(case.conversation_id, "甲", f"@{agent}", (agent,), NOW)
    assert await stores.notebook.mentioning(agent) == [note]
    await stores.notebook.seen("somebody else", case.conversation_id, NOW)
    assert await stores.notebook.mentioning(agent) == [note]
    await stores.notebook.seen(agent, case.conversation_id, NOW)
    assert await stores.notebook.mentioning(agent) == []


async def test_of_two_who_change_a_draft_the_second_is_shown_the_first(stores: Stores) -> None:
    scope = (await _begun(stores)).conversation_id
    assert await stores.notebook.draft(scope) is None
    first = await stores.notebook.save_draft(scope, "您好", "甲", 0, NOW)
    assert first is not None
    with pytest.raises(DraftChanged) as found:
        await stores.notebook.save_draft(scope, "你好", "乙", 0, NOW)
    assert found.value.now == first
    second = await stores.notebook.save_draft(scope, "您好。", "乙", first.version, NOW)
    assert second is not None and second.version == 2
    assert await stores.notebook.draft(scope) == second
    with pytest.raises(DraftChanged):
        await stores.notebook.save_draft(scope, "！", "甲", first.version, NOW)


async def test_a_task_by_hand_is_set_given_and_done_once(stores: Stores) -> None:
    case = await _begun(stores)
    assert case.active is not None
    task = await stores.tasks.add(
        case.active, "打电话问域名证书", "甲", NOW, assignee="乙", due_at=NOW + timedelta(days=1)
    )
    assert task is not None
    assert await stores.tasks.of_filing(case.active) == [task]
    assert task in await stores.tasks.open(1000)
    assert task in await stores.tasks.open(1000, assignee="乙")
    assert task not in await stores.tasks.open(1000, assignee="甲")
    assert await stores.tasks.assign(task.key, "甲")
    assert await stores.tasks.finish(task.key, "甲", NOW + SECOND)
    assert not await stores.tasks.finish(task.key, "乙", NOW)
    assert not await stores.tasks.assign(task.key, "乙")
    done = replace(task, assignee="甲", done_at=NOW + SECOND, done_by="甲")
    assert await stores.tasks.of_filing(case.active) == [done]
    assert task.key not in {one.key for one in await stores.tasks.open(1000)}
    assert await stores.tasks.add(unique("none"), "?", "甲", NOW) is None


async def test_a_task_of_the_assistant_stands_beside_those_by_hand(stores: Stores) -> None:
    case = await _begun(stores)
    assert case.active is not None
    set_by_us = StaffTask(unique("task"), case.active, "overdue", "sms:-:x", NOW, "blocked")
    await stores.cases.commit(replace(turn(case), tasks=(set_by_us,)))
    await stores.tasks.add(case.active, "打电话", "甲", NOW + SECOND)
    ours, by_hand = await stores.tasks.of_filing(case.active)
    assert (ours.kind, ours.deadline, ours.note, ours.author) == (
        "overdue",
        "sms:-:x",
        "blocked",
        None,
    )
    assert by_hand.text == "打电话"
    assert await stores.reminders.finish_task(ours.key, NOW)
    assert [one.done_at for one in await stores.tasks.of_filing(case.active)] == [None, NOW]


async def test_who_is_there_is_known_for_a_while(stores: Stores) -> None:
    scope = (await _begun(stores)).conversation_id
    beat, present = stores.presence.beat, stores.presence.present
    assert await beat(scope, "乙", NOW, typing=False)
    assert not await beat(scope, "乙", NOW + SECOND, typing=False)
    assert await beat(scope, "乙", NOW + SECOND, typing=True)
    assert await beat(scope, "甲", NOW + SECOND, typing=False)
    assert await present(scope, NOW + SECOND) == [Present("乙", True), Present("甲", False)]
    later = NOW + SECOND + TYPING_FOR
    assert await present(scope, later) == [Present("乙", False), Present("甲", False)]
    await stores.presence.leave(scope, "甲")
    assert await present(scope, later) == [Present("乙", False)]
    assert await present(scope, NOW + SECOND + GONE_AFTER) == []
    assert not await beat(unique("none"), "甲", NOW, typing=False)


async def test_the_pulse_moves_with_everything_a_page_shows(stores: Stores) -> None:
    case = await _begun(stores)
    scope = case.conversation_id

    async def mark() -> str:
        pulse = await stores.pulses.of(scope)
        assert pulse is not None and pulse.identity == case.identity
        return pulse.mark(NOW)

    marks = [await mark()]
    assert await mark() == marks[0]
    await stores.cases.commit(turn(case, say(case.identity, "您好")))
    marks.append(await mark())
    [due] = [
        one
        for one in await stores.outbox.claim(case.identity.channel, NOW, 1000)
        if one.outgoing.identity == case.identity
    ]
    marks.append(await mark())
    await stores.outbox.delivered(due, "7", NOW)
    marks.append(await mark())
    await stores.notebook.add(scope, "甲", "看看", (), NOW)
    marks.append(await mark())
    await stores.notebook.save_draft(scope, "您好", "甲", 0, NOW)
    marks.append(await mark())
    assert len(set(marks)) == len(marks)
    assert await stores.pulses.of(unique("none")) is None


async def test_all_of_it_goes_when_the_applicant_is_erased(stores: Stores) -> None:
    case, agent = await _begun(stores), unique("乙")
    assert case.active is not None
    await stores.notebook.add(case.conversation_id, "甲", f"@{agent}", (agent,), NOW)
    await stores.notebook.save_draft(case.conversation_id, "您好", "甲", 0, NOW)
    await stores.tasks.add(case.active, "打电话", "甲", NOW)
    await stores.presence.beat(case.conversation_id, "甲", NOW, typing=True)
    await stores.filings.erase(case.applicant_id)
    assert await stores.notebook.notes(case.conversation_id) == []
    assert await stores.notebook.mentioning(agent) == []
    assert await stores.notebook.draft(case.conversation_id) is None
    assert await stores.tasks.of_filing(case.active) == []
    assert await stores.presence.present(case.conversation_id, NOW) == []
    with pytest.raises(StaleCase):
        await stores.cases.commit(turn(case))


@pytest.mark.parametrize(
    "text, called",
    [
        ("@小安 看看", ("小安",)),
        ("请@小安看看，还有@bo。", ("小安", "bo")),
        ("@bob", ("bob",)),
        ("@bobby @bob", ("bob",)),
        ("小安", ()),
        ("@小安宁", ("小安宁",)),
        ("@小安 @小安", ("小安",)),
    ],
)
def test_a_mention_is_an_at_and_a_colleagues_name(text: str, called: tuple[str, ...]) -> None:
    assert mentioned_in(text, ("小安", "小安宁", "bo", "bob")) == called
