"""Papers are deleted in time and for good: played over months on a simulated clock."""

import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.clock import SimulatedClock
from bot.keeping import keeping_time
from bot.materials.running import RetentionMetrics, retention_of
from bot.metrics import Metrics
from bot.settings import BrokenSettings, Settings, load_settings
from bot.wiring import Program, open_program
from dialogs.blanked_words import GONE
from dialogs.case import Answer, Case, FilingRecord
from dialogs.message import Identity, Inbound
from dialogs.turn import TurnResult
from filing.correcting import correction_of
from filing.event import Event, EventType
from filing.materials.material import Material, Side
from filing.materials.retention import KeepingTime, kept_until
from scheduler.retention import Deleted
from storage.errors import FileMissing
from tests.bot.web.real import START

E = EventType
DAY = timedelta(days=1)
SOMEBODY = Identity("web", "a")


@dataclass
class Life:
    """One applicant's life with the program, days told by the clock."""

    program: Program
    clock: SimulatedClock
    home: Path
    who: Identity = SOMEBODY

    async def talk(self) -> None:
        """Say something."""
        await self.program.assistant.handle(
            Inbound(self.who, self.clock().isoformat(), self.clock(), text="你好")
        )

    async def filing(self) -> FilingRecord:
        """The active filing."""
        found = (await self.program.assistant.case(self.who)).filing
        assert found is not None
        return found

    async def send(self, slot: str = "identity_document.principal") -> str:
        """Hand in a picture; its id."""
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(out, "PNG")
        got = await self.program.receiver.receive(self.who, "a.png", out.getvalue())
        [file] = got.files
        piece = Material(
            file.file_id, slot, Side.WHOLE, self.clock(), file.media_type, file.size, 40, 30
        )

        def keep(case: Case) -> TurnResult:
            assert case.filing is not None
            pieces = (*case.filing.materials, piece)
            after = case.with_filing(replace(case.filing, materials=pieces))
            return TurnResult(replace(after, version=case.version + 1), ())

        await self.program.assistant.act(self.who, keep)
        return file.file_id

    async def happen(self, kind: EventType, **data: str) -> Event:
        """Something happens to the filing today."""
        event = Event(kind, self.clock(), data)
        await self.program.assistant.record(self.who, event)
        return event

    async def pass_days(self, days: int) -> Deleted:
        """Let days pass; what the nights deleted, of which the last two and some others run."""
        total = Deleted()
        for day in range(1, days + 1):
            self.clock.advance(DAY)
            if day < days - 1 and day % 9:
                continue
            night = await retention_of(self.program, self.clock).run()
            total = Deleted(
                *(
                    getattr(total, name) + getattr(night, name)
                    for name in ("materials", "filings", "loose", "orphans", "failed")
                )
            )
        return total

    @property
    def on_disk(self) -> int:
        """How many contents lie in the store of files."""
        return sum(path.is_file() for path in (self.home / "files").rglob("*"))

    async def approve(self) -> None:
        """All the way through the reviews, in one day."""
        for kind in (E.FIRST_REVIEW_PASSED, E.MATERIALS_SUBMITTED, E.AUTHENTICITY_PASSED):
            await self.happen(kind)
        await self.happen(E.SUBMITTED_TO_BUREAU)
        await self.happen(E.BUREAU_APPROVED, filing_number="苏ICP备2026000001号-1")


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    """A program on SQLite whose clock moves by days."""
    clock = SimulatedClock(START)
    settings = Settings(_env_file=None, home=tmp_path)
    async with open_program(settings, clock) as program:
        begun = Life(program, clock, tmp_path)
        await begun.talk()
        yield begun


async def test_papers_go_thirty_days_after_the_approval(life: Life) -> None:
    kept = [await life.send(), await life.send("subject_certificate.subject"), await life.send()]
    assert life.on_disk == 3
    await life.pass_days(20)
    await life.approve()
    assert await life.pass_days(29) == Deleted()
    assert life.on_disk == 3
    assert await life.pass_days(1) == Deleted(materials=3, filings=1)
    assert life.on_disk == 0
    filing = await life.filing()
    assert [one.gone for one in filing.materials] == [True] * 3  # what there was stays known
    for one in kept:
        with pytest.raises(FileMissing):
            await life.program.stores.files.get(one)
    assert await life.pass_days(40) == Deleted()


async def test_a_filing_returned_and_handed_in_again_keeps_its_papers_until_it_is_approved(
    life: Life,
) -> None:
    await life.send()
    await life.happen(E.FIRST_REVIEW_PASSED)
    await life.pass_days(20)
    await life.happen(E.RETURNED, stage="materials", code="R18", reason="照片不清晰")
    assert await life.pass_days(40) == Deleted()
    await life.send()
    await life.approve()
    assert await life.pass_days(29) == Deleted()
    assert (await life.pass_days(1)).materials == 2
    assert life.on_disk == 0


async def test_an_approval_told_by_mistake_deletes_nothing_and_the_right_one_does(
    life: Life,
) -> None:
    await life.send()
    await life.approve()
    await life.pass_days(10)
    told = [one for one in (await life.filing()).events if one.type is E.BUREAU_APPROVED]
    await life.program.assistant.record(
        life.who, correction_of(told[0], life.clock(), "agent:小李")
    )
    assert await life.pass_days(50) == Deleted()
    await life.happen(E.BUREAU_APPROVED, filing_number="苏ICP备2026000002号-1")
    assert await life.pass_days(29) == Deleted()
    assert (await life.pass_days(1)).materials == 1


async def test_a_withdrawn_filing_loses_its_papers_and_one_taken_up_again_does_not(
    life: Life,
) -> None:
    await life.send()
    await life.happen(E.FIRST_REVIEW_PASSED)
    await life.happen(E.WITHDRAWN)
    await life.pass_days(20)
    await life.send()  # it is worked on again
    assert await life.pass_days(29) == Deleted()
    assert (await life.pass_days(1)).materials == 2


async def test_an_abandoned_filing_loses_its_papers_ninety_days_after_the_last_sign_of_life(
    life: Life,
) -> None:
    await life.send()
    await life.pass_days(80)
    await life.talk()
    assert await life.pass_days(89) == Deleted()
    assert await life.pass_days(1) == Deleted(materials=1, filings=1)
    assert life.on_disk == 0


def on_disk(home: Path) -> bytes:
    """All bytes of the database's files."""
    return b"".join(path.read_bytes() for path in sorted(home.glob("beian.db*")))


async def test_answers_and_the_lines_they_were_written_in_go_with_the_papers(life: Life) -> None:
    def give(case: Case) -> TurnResult:
        assert case.filing is not None
        given = tuple(
            Answer(step, value, life.clock())
            for step, value in (("phone", "13800138000"), ("domain", "example.cn"))
        )
        after = case.with_filing(replace(case.filing, answers=given))
        return TurnResult(replace(after, version=case.version + 1), (), heard="手机138 0013 8000")

    await life.program.assistant.act(life.who, give)
    await life.approve()
    await life.pass_days(29)
    assert (await life.filing()).answers[0].value == "13800138000"
    night = await retention_of(life.program, life.clock).run()
    assert night.answers == 0
    with closing(sqlite3.connect(life.home / "beian.db")) as database:
        sealed = [
            *database.execute("SELECT sealed FROM answer WHERE step = 'phone'"),
            *database.execute("SELECT sealed FROM message WHERE kind = 'heard' AND turn = 2"),
        ]
    assert all(one in on_disk(life.home) for (one,) in sealed)
    assert len(sealed) == 2
    life.clock.advance(DAY)
    night = await retention_of(life.program, life.clock).run()
    assert (night.answers, night.failed) == (1, 0)
    assert not any(one in on_disk(life.home) for (one,) in sealed)
    phone, domain = (await life.filing()).answers
    assert (phone.value, phone.blanked_at) == (None, life.clock())
    assert domain.value == "example.cn"
    lines = await life.program.stores.transcript.since(life.who, 0)
    assert f"手机{GONE}" in [one.heard for one in lines]
    assert not await life.program.stores.answers.holders(life.clock())
    assert (await retention_of(life.program, life.clock).run()).answers == 0


async def test_other_files_go_too_and_those_of_nobody_at_once(life: Life) -> None:
    put = life.program.stores.files.put
    await put(life.who, "身份证.jpg", "image/jpeg", b"shown to a colleague")
    await put(Identity("web", "never seen"), "b.jpg", "image/jpeg", b"its turn never came")
    assert (await life.pass_days(1)).loose == 1
    await life.approve()
    assert (await life.pass_days(31)).loose == 1
    assert life.on_disk == 0


async def test_a_night_that_broke_off_is_made_up_by_the_next(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    await life.send()
    await life.approve()
    await life.pass_days(29)

    async def away(*_: object) -> None:
        raise ConnectionError("the store is away")

    with monkeypatch.context() as broken:
        broken.setattr(life.program.assistant.cases, "commit", away)
        night = await life.pass_days(1)
    assert (night.failed, life.on_disk) == (2, 0)  # to mark the papers, and to blank answers
    assert (await life.pass_days(1)).materials == 1
    assert [one.gone for one in (await life.filing()).materials] == [True]


async def test_the_operator_may_shorten_the_times_and_not_lengthen_them(tmp_path: Path) -> None:
    short = keeping_time(load_settings(home=tmp_path, retention_days=7, retention_idle_days=14))
    assert short == KeepingTime(7 * DAY, 14 * DAY)
    for wrong in ({"retention_days": 31}, {"retention_idle_days": 91}, {"retention_days": 0}):
        with pytest.raises(BrokenSettings, match="BEIAN_RETENTION"):
            load_settings(home=tmp_path, **wrong)
    with pytest.raises(ValueError, match="1 to 30"):
        KeepingTime(after_end=timedelta(days=31))


def test_what_was_deleted_is_counted_without_a_name() -> None:
    metrics = Metrics()
    counting = RetentionMetrics(metrics.registry)
    counting.ran(Deleted(3, 1, 2, 0, 1), START)
    page = metrics.page().decode()
    assert 'beian_files_deleted_total{kind="materials"} 3.0' in page
    assert "beian_retention_failed 1.0" in page


APPROVED = [(E.SUBMITTED_TO_BUREAU, 5), (E.BUREAU_APPROVED, 20)]


def at(day: int) -> datetime:
    """So many days after the start."""
    return START + day * DAY


@pytest.mark.parametrize(
    "events, changes, seen, day",
    [
        ([], [0], None, 90),
        ([], [0, 5], None, 95),
        ([], [0], 50, 140),
        ([(E.FIRST_REVIEW_PASSED, 10)], [0], None, 100),
        ([(E.WITHDRAWN, 10)], [0], None, 40),
        ([(E.WITHDRAWN, 10)], [0, 25], None, 55),
        ([(E.WITHDRAWN, 10)], [0], 39, 40),  # talking about it does not bring it back
        (APPROVED, [0], 45, 50),
        ([(E.WITHDRAWN, 10), (E.SUBMITTED_FOR_FIRST_REVIEW, 20)], [0], None, 110),
        ([*APPROVED, (E.POLICE_FILED, 40)], [0], None, 50),
    ],
)
def test_when_papers_go(
    events: list[tuple[EventType, int]], changes: list[int], seen: int | None, day: int
) -> None:
    told = [Event(kind, at(on), _data(kind)) for kind, on in events]
    heard = None if seen is None else at(seen)
    assert kept_until(told, map(at, changes), KeepingTime(), heard) == at(day)


def _data(kind: EventType) -> dict[str, str]:
    numbers = {E.BUREAU_APPROVED: {"filing_number": "苏ICP备2026000001号-1"}}
    return numbers.get(kind, {})
