"""Where a provider can query filing records, the applicant is not asked what they hold."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest

from dialogs import assistant as assistant_module
from dialogs.assistant import Assistant
from dialogs.case import RECORD_LOOKUP, Case
from dialogs.message import Identity, Inbound
from dialogs.standing import standing
from dialogs.world import SHANGHAI, World
from filing.kind import DomainRecord, SubjectRecord
from filing.record import RecordStatus
from storage.memory import memory_stores
from tests.dialogs.talk import HAPPY

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
IDS = count(1)


class Records:
    """Knows one answer, and what it was asked."""

    def __init__(self, answer: Callable[[], RecordStatus | None]) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    async def look_up(self, subject_certificate: str, domain: str) -> RecordStatus | None:
        """What the records say."""
        self.asked.append((subject_certificate, domain))
        await asyncio.sleep(0)
        return self.answer()


class Person:
    """Somebody talking to a whole assistant in memory."""

    def __init__(self, world: World, records: Records) -> None:
        stores = memory_stores(lambda: NOW)
        self.assistant = Assistant(
            world, stores.cases, stores.dead_letters, lambda: NOW, records=records
        )
        self.identity = Identity("web", f"person-{next(IDS)}")
        self.said = ""

    async def press(self, value: str) -> None:
        """Press a button."""
        inbound = Inbound(self.identity, f"m{next(IDS)}", NOW, button=value, label="")
        handled = await self.assistant.handle(inbound)
        self.said = "\n".join(reply.text for reply in handled.replies)

    async def come_to(self, step: str) -> None:
        """Answer until ``step`` is asked."""
        await self.press("cmd:resume")
        while (asking := await self.asking()) != step:
            assert asking is not None
            await self.press(f"answer:{asking}:{HAPPY[asking]}")

    async def case(self) -> Case:
        """The stored case."""
        return await self.assistant.case(self.identity)

    async def asking(self) -> str | None:
        """The open question."""
        return standing(await self.case(), NOW, self.assistant.world).asking


def knowing(subject: SubjectRecord, domain: DomainRecord) -> Records:
    return Records(lambda: RecordStatus(subject, domain))


def authors(case: Case) -> dict[str, str]:
    assert case.filing is not None
    return {answer.step: answer.author for answer in case.filing.answers}


async def test_what_the_records_know_is_not_asked(world: World) -> None:
    records = knowing(SubjectRecord.NONE, DomainRecord.NONE)
    person = Person(world, records)
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    assert await person.asking() == "subject_name"
    assert records.asked == [(HAPPY["cert_number"], HAPPY["domain"])]
    assert "备案记录" in person.said
    by = authors(await person.case())
    assert by["subject_record"] == by["domain_record"] == RECORD_LOOKUP
    assert by["cert_number"] == "applicant"


async def test_a_turn_with_a_look_up_is_one_version(world: World) -> None:
    person = Person(world, knowing(SubjectRecord.NONE, DomainRecord.NONE))
    await person.come_to("server_location")
    before = (await person.case()).version
    await person.press("answer:server_location:mainland")
    assert (await person.case()).version == before + 1


async def test_records_that_rule_a_first_filing_out_lead_to_the_explanation(world: World) -> None:
    person = Person(world, knowing(SubjectRecord.ELSEWHERE, DomainRecord.NONE))
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    assert await person.asking() is None
    assert "新增网站" in person.said


async def test_what_the_records_leave_unsure_is_asked(world: World) -> None:
    person = Person(world, knowing(SubjectRecord.NONE, DomainRecord.UNSURE))
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    assert await person.asking() == "domain_record"


def _broken() -> RecordStatus:
    raise ConnectionError("no route")


@pytest.mark.parametrize("answer", [lambda: None, _broken], ids=["unknown", "broken"])
async def test_without_an_answer_the_applicant_is_asked(
    world: World, answer: Callable[[], RecordStatus | None]
) -> None:
    records = Records(answer)
    person = Person(world, records)
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    assert await person.asking() == "subject_record"
    await person.press("cmd:why")
    assert len(records.asked) == 1, "and not looked up again at every message"


async def test_a_slow_look_up_keeps_nobody_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant_module, "RECORDS_WITHIN", timedelta(milliseconds=20))

    class Slow(Records):
        async def look_up(self, subject_certificate: str, domain: str) -> RecordStatus | None:
            await asyncio.sleep(60)
            return None

    person = Person(world, Slow(lambda: None))
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    assert await person.asking() == "subject_record"


async def test_the_applicant_can_say_otherwise(world: World) -> None:
    records = knowing(SubjectRecord.NONE, DomainRecord.NONE)
    person = Person(world, records)
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    await person.press("edit:subject_record")
    assert await person.asking() == "subject_record"
    await person.press("answer:subject_record:elsewhere")
    assert "新增网站" in person.said
    assert len(records.asked) == 1


async def test_another_certificate_is_looked_up_anew(world: World) -> None:
    records = knowing(SubjectRecord.NONE, DomainRecord.NONE)
    person = Person(world, records)
    await person.come_to("server_location")
    await person.press("answer:server_location:mainland")
    await person.press("edit:cert_number")
    await person.press("answer:cert_number:91350100M000100Y43")
    assert records.asked[-1][0] == "91350100M000100Y43"
    assert await person.asking() == "subject_name"
