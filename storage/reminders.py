"""Reminders on a database: claimed in batches under leases, followed into the outbox."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from dialogs.message import Identity
from dialogs.reminding import Claimed, Purpose, Reminder, ReminderStatus, StaffTask
from scheduler.ports import LATE, LEASE, Attempt, Figures, Outcome, ReminderRecord
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.tables import (
    contact,
    conversation,
    delivery,
    event,
    filing,
    identity,
    message,
    reminder,
    staff_task,
)

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class SqlReminders:
    """``ReminderStore`` on SQLite or PostgreSQL.

    PostgreSQL's sweepers pass over each other's rows (SKIP LOCKED); SQLite has one writer.
    """

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease // _MICROSECOND

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """See ``ReminderStore``."""
        due = await self.next_due()  # looked at first: most looks find nothing, and write nothing
        if due is None or due > now:
            return []
        return await self._database.write(partial(self._claim, to_micros(now), limit))

    async def follow_up(self, now: datetime, limit: int) -> Sequence[Outcome]:
        """See ``ReminderStore``."""
        return await self._database.write(partial(_follow_up, to_micros(now), limit))

    async def next_due(self) -> datetime | None:
        """See ``ReminderStore``."""
        query = select(func.min(reminder.c.due_at)).where(reminder.c.due_at.is_not(None))
        found = await self._database.read(lambda c: c.execute(query).scalar())
        return None if found is None else from_micros(found)

    async def of_filing(self, filing_id: str) -> Sequence[ReminderRecord]:
        """See ``ReminderStore``."""
        return await self._database.read(partial(_of_filing, filing_id))

    async def filings_after(self, filing_id: str, limit: int) -> Sequence[tuple[str, Identity]]:
        """See ``ReminderStore``."""
        query = (
            select(filing.c.id)
            .where(filing.c.id > filing_id, exists().where(event.c.filing_id == filing.c.id))
            .order_by(filing.c.id)
            .limit(limit)
        )

        def work(connection: Connection) -> list[tuple[str, Identity]]:
            ids = list(connection.execute(query).scalars())
            chats = _chats(connection, ids)
            return [(one, chats[one][0]) for one in ids if one in chats]

        return await self._database.read(work)

    async def figures(self, now: datetime) -> Figures:
        """See ``ReminderStore``."""
        return await self._database.read(partial(_figures, now))

    async def tasks(self, limit: int = 100) -> Sequence[StaffTask]:
        """See ``ReminderStore``."""
        query = (
            select(staff_task)
            .where(staff_task.c.done_at.is_(None))
            .order_by(staff_task.c.at, staff_task.c.key)
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(query).all())
        return [
            StaffTask(row.key, row.filing_id, row.kind, row.deadline, from_micros(row.at), row.note)
            for row in rows
        ]

    async def finish_task(self, key: str, now: datetime) -> bool:
        """See ``ReminderStore``."""
        done = (
            update(staff_task)
            .where(staff_task.c.key == key, staff_task.c.done_at.is_(None))
            .values(done_at=to_micros(now))
        )
        return await self._database.write(lambda c: c.execute(done).rowcount == 1)

    def _claim(self, now: int, limit: int, connection: Connection) -> list[Claimed]:
        rows = list(connection.execute(_DUE, {"now": now, "most": limit}).all())
        if not rows:
            return []
        filings = {row.filing_id for row in rows}
        if len(rows) == limit:  # the rest of a filing's, so that it is told of all at once
            rows += connection.execute(_rest_of(filings, {row.key for row in rows}, now)).all()
        connection.execute(
            _LEASE,
            [{"held": row.key, "until": now + self._lease, "fence": row.fence + 1} for row in rows],
        )
        connection.execute(
            insert(delivery),
            [
                {"reminder_key": row.key, "fence": row.fence + 1, "at": now, "status": "begun"}
                for row in rows
            ],
        )
        chats, addresses = _chats(connection, filings), _addresses(connection, filings)
        tried = _tried(connection, [row.key for row in rows if row.attempts])
        return [
            Claimed(
                _reminder(row),
                row.fence + 1,
                row.attempts + 1,
                chats[row.filing_id][0],
                (*chats[row.filing_id], *addresses.get(row.filing_id, ())),
                frozenset(tried.get(row.key, ())),
            )
            for row in rows
            if row.filing_id in chats
        ]


_DUE = (
    select(reminder)
    .where(reminder.c.due_at <= bindparam("now"))
    .order_by(reminder.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

_LEASE = (
    update(reminder)
    .where(reminder.c.key == bindparam("held"))
    .values(
        status="sending",
        attempts=reminder.c.attempts + 1,
        fence=bindparam("fence"),
        due_at=bindparam("until"),
    )
)


def _rest_of(filings: set[str], claimed: set[str], now: int) -> Select[Any]:
    return (
        select(reminder)
        .where(
            reminder.c.filing_id.in_(filings),
            reminder.c.due_at <= now,
            reminder.c.key.not_in(claimed),
        )
        .with_for_update(skip_locked=True)
    )


def _chats(
    connection: Connection, filings: Sequence[str] | set[str]
) -> Mapping[str, list[Identity]]:
    """Who a filing belongs to on each channel, the one last used first."""
    query = (
        select(filing.c.id, identity.c.channel, identity.c.external_id)
        .join_from(filing, conversation, conversation.c.applicant_id == filing.c.applicant_id)
        .join(identity, identity.c.conversation_id == conversation.c.id)
        .where(filing.c.id.in_(filings))
        .order_by(conversation.c.updated_at.desc(), identity.c.channel, identity.c.external_id)
    )
    found: defaultdict[str, list[Identity]] = defaultdict(list)
    for filing_id, channel, external_id in connection.execute(query):
        found[filing_id].append(Identity(channel, external_id))
    return found


def _addresses(connection: Connection, filings: set[str]) -> Mapping[str, list[Identity]]:
    """The verified addresses of a filing's applicant, e-mail before SMS."""
    query = (
        select(filing.c.id, contact.c.channel, contact.c.id)
        .join_from(filing, conversation, conversation.c.applicant_id == filing.c.applicant_id)
        .join(contact, contact.c.conversation_id == conversation.c.id)
        .where(
            filing.c.id.in_(filings),
            contact.c.verified_at.is_not(None),
            contact.c.stopped_at.is_(None),
        )
        .order_by(contact.c.channel, contact.c.at)
    )
    found: defaultdict[str, list[Identity]] = defaultdict(list)
    for filing_id, channel, contact_id in connection.execute(query):
        found[filing_id].append(Identity(channel, contact_id))
    return found


def _tried(connection: Connection, keys: Sequence[str]) -> Mapping[str, set[Identity]]:
    """On which ways reminders went out before."""
    found: defaultdict[str, set[Identity]] = defaultdict(set)
    if keys:
        query = select(delivery.c.reminder_key, delivery.c.way).where(
            delivery.c.reminder_key.in_(keys),
            delivery.c.way.is_not(None),
            delivery.c.outgoing_id.is_not(None),
        )
        for key, way in connection.execute(query):
            channel, _, external_id = way.partition("/")
            found[key].add(Identity(channel, external_id))
    return found


def _follow_up(now: int, limit: int, connection: Connection) -> list[Outcome]:
    query = (
        select(
            reminder.c.key,
            reminder.c.fence,
            reminder.c.kind,
            reminder.c.at,
            message.c.status,
            message.c.reason,
            message.c.settled_at,
        )
        .join_from(reminder, message, message.c.public_id == reminder.c.outgoing_id)
        .where(reminder.c.status == "handed", message.c.status.in_(("sent", "undeliverable")))
        .order_by(reminder.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True, of=reminder)
    )
    outcomes: list[Outcome] = []
    for row in connection.execute(query).all():
        sent = row.status == "sent"
        at = row.settled_at if row.settled_at is not None else now
        connection.execute(
            update(reminder)
            .where(reminder.c.key == row.key)
            .values(
                status="sent" if sent else "planned",
                due_at=None if sent else now,
                settled_at=at if sent else None,
                reason=row.reason,
            )
        )
        connection.execute(
            update(delivery)
            .where(delivery.c.reminder_key == row.key, delivery.c.fence == row.fence)
            .values(status="sent" if sent else "refused", reason=row.reason, settled_at=at)
        )
        late = timedelta(microseconds=max(0, at - row.at))
        outcomes.append(Outcome(row.key, row.kind, sent, late, row.reason))
    return outcomes


def _of_filing(filing_id: str, connection: Connection) -> list[ReminderRecord]:
    rows = connection.execute(
        select(reminder)
        .where(reminder.c.filing_id == filing_id)
        .order_by(reminder.c.at, reminder.c.key)
    ).all()
    tries: defaultdict[str, list[Attempt]] = defaultdict(list)
    for row in connection.execute(
        select(delivery)
        .join_from(delivery, reminder)
        .where(reminder.c.filing_id == filing_id)
        .order_by(delivery.c.fence)
    ):
        tries[row.reminder_key].append(
            Attempt(from_micros(row.at), row.status, row.way, row.reason, _moment(row.settled_at))
        )
    return [
        ReminderRecord(
            _reminder(row),
            ReminderStatus(row.status),
            row.reason,
            _moment(row.settled_at),
            tuple(tries.get(row.key, ())),
        )
        for row in rows
    ]


def _figures(now: datetime, connection: Connection) -> Figures:
    at, day_ago = to_micros(now), to_micros(now - _DAY)

    def count(*conditions: Any) -> int:
        query = select(func.count()).select_from(reminder).where(*conditions)
        return int(connection.execute(query).scalar() or 0)

    waits = reminder.c.due_at.is_not(None)
    recent = reminder.c.settled_at > day_ago
    late = sorted(
        max(0, settled - planned)
        for planned, settled in connection.execute(
            select(reminder.c.at, reminder.c.settled_at).where(reminder.c.status == "sent", recent)
        )
    )
    return Figures(
        planned=count(waits, reminder.c.due_at > at, reminder.c.status == "planned"),
        due=count(waits, or_(reminder.c.due_at <= at, reminder.c.status == "sending")),
        handed=count(reminder.c.status == "handed"),
        sent=len(late),
        failed=count(reminder.c.status == "failed", recent),
        late=sum(1 for one in late if one > LATE // _MICROSECOND),
        at_risk=count(
            and_(waits, reminder.c.purpose == Purpose.OVERDUE.value),
            reminder.c.deadline_at <= to_micros(now + _DAY),
        ),
        tasks=int(
            connection.execute(
                select(func.count()).select_from(staff_task).where(staff_task.c.done_at.is_(None))
            ).scalar()
            or 0
        ),
        late_p50=_quantile(late, 0.5),
        late_p99=_quantile(late, 0.99),
        next_due=_moment(
            connection.execute(select(func.min(reminder.c.due_at)).where(waits)).scalar()
        ),
    )


def _quantile(ordered: Sequence[int], share: float) -> timedelta:
    if not ordered:
        return timedelta(0)
    return timedelta(microseconds=ordered[min(len(ordered) - 1, int(len(ordered) * share))])


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        row.key,
        row.filing_id,
        row.deadline,
        row.kind,
        row.offset,
        Purpose(row.purpose),
        from_micros(row.at),
        from_micros(row.deadline_at),
        row.number,
        row.total,
    )


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
