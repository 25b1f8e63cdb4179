"""Nothing an applicant told can be read without the master key, or after an erasure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from desk.alerts.alert import TEAM, Alert, AlertKind
from desk.docket import Docket
from desk.dockets import Kept
from desk.placing import Placing
from desk.quality.ports import Review
from desk.terms import Terms
from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import DeadLetter, FormGrant, Outgoing, Receipt
from dialogs.reminding import Purpose, Reminder, ReminderStatus, Settled, StaffTask
from storage.crypto import MasterKey
from storage.errors import StorageError, UnreadableRecord, WrongMasterKey
from storage.opening import open_database
from storage.ports import Stores
from storage.tables import answer, applicant, data_key, message, metadata
from storage.wechat_ports import Opens
from tests.desk.dockets import LIMITS, HalfAnHour
from tests.storage.conftest import Place
from tests.storage.making import ID_NUMBER, NOW, PHONE, asked, full_case, person, say, turn, unique

SECRETS = [
    ID_NUMBER,
    PHONE,
    "张测试",
    "照片不清晰",
    "执照照片过期了",
    "执照扫描件",
    "picture of a licence",
    "tea@example-mail.cn",
]
EMAIL = "tea@example-mail.cn"
STAFF = {
    "agent",
    "agent_session",
    "agent_recovery",
    "alert_choice",
    "login_attempt",
    "audit",
    "article_draft",
    "asked",
    "wechat_token",
    "wecom_account",
    "lease",
    "pace",
}
"""Tables that hold nothing about applicants."""

ELSEWHERE = {"wecom_message", "wecom_session"}
"""Tables of a channel these people are not on; ``test_erased_whole`` fills them too."""


async def _tell_everything(stores: Stores, identity: Identity) -> str:
    """Fills every table with something of this person; returns the applicant's id."""
    before = await stores.cases.open(identity, NOW, "zh-CN")
    after = full_case(before)
    grant = FormGrant(unique("hash"), after.active or "", ("phone",), NOW, identity)
    heard = f"我叫张测试，身份证{ID_NUMBER}，电话{PHONE}"
    await stores.cases.commit(
        turn(
            before,
            say(identity, f"已记录：{ID_NUMBER}"),
            Outgoing(unique("out"), identity, delete="77"),
            heard=heard,
            after=after,
            forms=(grant,),
            questions=(asked("张测试能备案吗"),),
            receipt=Receipt(unique("call"), "{}"),
        )
    )
    await _be_reminded(stores, await stores.cases.open(identity, NOW, "zh-CN"))
    await stores.wechat.heard(identity.external_id, "1", Opens.TALK, NOW)
    await stores.wechat.keep(identity.external_id, "1", heard.encode(), NOW)
    await stores.contacts.add(identity, "email", EMAIL, "c0de", NOW + timedelta(hours=1), NOW)
    await stores.contacts.open_feed(identity, unique("feed"), NOW)
    await stores.links.open(identity, unique("code"), "", NOW)
    await stores.notice_consents.granted(identity.external_id, "template", unique("event"), NOW)
    await stores.files.put(identity, "执照扫描件.png", "image/png", b"picture of a licence")
    await stores.dead_letters.put(DeadLetter(identity, "m2", NOW, "ValueError at turn.py:7"))
    await _be_helped(stores, before.conversation_id, after.active or "")
    return before.applicant_id


async def _be_helped(stores: Stores, conversation_id: str, filing_id: str) -> None:
    """What staff write to one another about a person."""
    about = f"张测试的电话是{PHONE}"
    await stores.notebook.add(conversation_id, "甲", about, ("乙",), NOW)
    await stores.notebook.save_draft(conversation_id, about, "甲", 0, NOW)
    await stores.tasks.add(filing_id, about, "甲", NOW)
    alert = Alert(unique("alert"), AlertKind.WAITING, NOW, filing_id, conversation_id)
    await stores.alerts.keep({alert: [("telegram", TEAM)]}, NOW, NOW)
    week = date(2026, 11, 23)
    await stores.reviews.put(Review(conversation_id, week, "甲", NOW, {"plain": 1}, about))
    await stores.presence.beat(conversation_id, "甲", NOW, typing=True)
    [case] = await stores.dockets.cases([conversation_id])
    docket = Docket(conversation_id, case.version, NOW, "telegram", "zh-CN", name="张测试")
    placing = Placing.by(HalfAnHour(), LIMITS)
    await stores.dockets.put([Kept(docket, Terms().with_texts([about]))], placing)


async def _be_reminded(stores: Stores, case: Case) -> None:
    """A reminder claimed and left to staff."""
    filing = case.active or ""
    reminder = Reminder(
        unique("reminder"), filing, "audit:-:1", "audit", "P1D", Purpose.REMIND, NOW, NOW, 1, 1
    )
    await stores.cases.commit(replace(turn(case, after=case), reminders={filing: (reminder,)}))
    held = await stores.reminders.claim(NOW, 5)
    [claimed] = [one for one in held if one.reminder.key == reminder.key]
    failed = Settled(reminder.key, claimed.fence, ReminderStatus.FAILED)
    task = StaffTask(unique("task"), filing, "unreachable", None, NOW)
    later = await stores.cases.open(case.identity, NOW, "zh-CN")
    await stores.cases.commit(replace(turn(later, after=later), settled=(failed,), tasks=(task,)))


def _bytes_on_disk(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


async def _rows(place: Place) -> dict[str, int]:
    database = open_database(place.url)
    counts = await database.read(
        lambda connection: {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }
    )
    await database.close()
    return counts


async def test_no_secret_stands_in_any_byte_of_the_database_or_the_files(
    sqlite_place: Place,
) -> None:
    async with sqlite_place.opened() as stores:
        await _tell_everything(stores, person())
        during = list(_bytes_on_disk(sqlite_place.folder))
    after = list(_bytes_on_disk(sqlite_place.folder))
    assert any(name.endswith("-wal") for name, _ in during)
    for name, content in (*during, *after):
        for secret in SECRETS:
            assert secret.encode() not in content, name
            assert secret.encode("unicode_escape") not in content or secret.isascii(), name


async def test_an_erasure_leaves_no_row_and_no_file(place: Place) -> None:
    async with place.opened() as stores:
        applicant_id = await _tell_everything(stores, person("wechat"))
        full = await _rows(place)
        assert {table for table, count in full.items() if not count} == STAFF | ELSEWHERE
        await stores.filings.erase(applicant_id)
    assert set((await _rows(place)).values()) == {0}
    assert [path for path in (place.folder / "files").rglob("*") if path.is_file()] == []


async def test_an_erasure_takes_only_the_one_applicant(place: Place) -> None:
    async with place.opened() as stores:
        await _tell_everything(stores, person())
        before = await _rows(place)
        await stores.filings.erase(await _tell_everything(stores, person("wechat")))
    assert await _rows(place) == before
    assert len([path for path in (place.folder / "files").rglob("*") if path.is_file()]) == 1


async def test_an_erased_key_is_gone_from_the_database_file_itself(sqlite_place: Place) -> None:
    async with sqlite_place.opened() as stores:
        await _tell_everything(stores, person())
        applicant_id = await _tell_everything(stores, person())
        database = open_database(sqlite_place.url)
        wrapped = await database.read(
            lambda connection: connection.execute(select(data_key.c.wrapped)).scalars().all()
        )
        await database.close()

        def found() -> int:
            return sum(
                any(key in content for _, content in _bytes_on_disk(sqlite_place.folder))
                for key in wrapped
            )

        assert found() == len(wrapped) == 8
        await stores.filings.erase(applicant_id)
        assert found() == 4


async def test_another_process_notices_that_its_case_was_erased(place: Place) -> None:
    identity = person()
    async with place.opened() as here, place.opened() as there:
        applicant_id = await _tell_everything(here, identity)
        cached = await there.cases.open(identity, NOW, "zh-CN")
        await here.filings.erase(applicant_id)
        with pytest.raises(Exception, match="version None"):
            await there.cases.commit(turn(cached))
        assert (await there.cases.open(identity, NOW, "zh-CN")).version == 0


async def test_the_wrong_master_key_is_refused_at_the_start(place: Place) -> None:
    async with place.opened() as stores:
        await _tell_everything(stores, person())
    with pytest.raises(WrongMasterKey, match="put the earlier key file back"):
        async with place.opened(MasterKey(bytes(32))):
            pass


async def test_a_value_copied_into_another_row_does_not_open(place: Place) -> None:
    first, second = person(), person()
    async with place.opened() as stores:
        await _tell_everything(stores, first)
        await _tell_everything(stores, second)
    database = open_database(place.url)

    def swap(connection: Connection) -> None:
        rows = connection.execute(select(answer).where(answer.c.n == 1)).all()
        for row, other in zip(rows, reversed(rows), strict=True):
            connection.execute(
                update(answer)
                .where(answer.c.filing_id == row.filing_id, answer.c.n == 1)
                .values(sealed=other.sealed)
            )

    await database.write(swap)
    await database.close()
    async with place.opened() as stores:
        with pytest.raises(UnreadableRecord, match="restore the database") as failed:
            await stores.cases.open(first, NOW, "zh-CN")
    assert all(secret not in str(failed.value) for secret in SECRETS)


async def test_a_message_that_cannot_be_decrypted_does_not_hold_up_the_others(
    place: Place,
) -> None:
    broken, fine = person(), person()
    async with place.opened() as stores:
        for identity in (broken, fine):
            before = await stores.cases.open(identity, NOW, "zh-CN")
            await stores.cases.commit(turn(before, say(identity, "你好"), heard=None))
        database = open_database(place.url)
        spoil = (
            update(message)
            .where(message.c.external_id == broken.external_id)
            .values(sealed=b"\x01 spoilt")
        )
        await database.write(lambda connection: connection.execute(spoil))
        await database.close()
        claimed = await stores.outbox.claim("telegram", NOW, 10)
        assert [due.outgoing.identity for due in claimed] == [fine]
        assert list(await stores.outbox.claim("telegram", NOW, 10)) == []


async def test_a_failing_statement_shows_no_value(place: Place) -> None:
    database = open_database(place.url)
    rows = [{"id": PHONE, "created_at": ID_NUMBER}] * 2
    with pytest.raises((StorageError, IntegrityError)) as failed:
        await database.write(lambda connection: connection.execute(insert(applicant), rows))
    await database.close()
    assert PHONE not in str(failed.value)
    assert ID_NUMBER not in str(failed.value)
