"""Reminders on a database: claimed in batches under leases, followed into the outbox."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from dialogs.message import Identity
from dialogs.ports import WITHDRAWN
from dialogs.reminding import Claimed, Purpose, Reminder, StaffTask
from scheduler.notices import ARRIVED, CHAT_OF, REFUSED, UNKNOWN
from scheduler.ports import (
    ADDRESS_ORDER,
    CHANNEL_DOWN,
    LATE,
    LEASE,
    Attempt,
    Figures,
    Outcome,
    ReminderRecord,
    Stuck,
)
from storage.engine import Database
from storage.instant import from_micros, to_micros
from storage.loading import IS_LAST, LAST_FIRST
from storage.reminder_rows import status_of
from storage.statements import Prepared
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
from storage.turnback import Looks

_Row: TypeAlias = tuple[Any, ...]
"""A reminder's columns in the order of ``_COLUMNS``."""

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class SqlReminders:
    """``ReminderStore`` on SQLite or PostgreSQL.

    PostgreSQL's sweepers pass over each other's rows (SKIP LOCKED); SQLite has one writer.
    """

    def __init__(self, database: Database, lease: timedelta = LEASE) -> None:
        self._database = database
        self._lease = lease // _MICROSECOND
        self._more = False  # the last claim was full
        self._looks = Looks()
        dialect = database.dialect
        in_one = dialect.name == "postgresql"
        self._in_one = Prepared(_lease_and_begin(), dialect) if in_one else None
        self._lease_due = Prepared(_LEASE, dialect)
        self._begin = Prepared(_BEGIN, dialect)
        self._leased = Prepared(_LEASED, dialect)
        self._is_taken = Prepared(_IS_TAKEN, dialect)

    async def claim(self, now: datetime, limit: int) -> Sequence[Claimed]:
        """See ``ReminderStore``."""
        at = to_micros(now)
        if (since := self._looks.set_since("", at)) is not None:
            over = {"now": at, "since": since, "until": at + self._lease}
            await self._database.write(lambda connection: connection.execute(_COME_NEAR, over))
        self._looks.looked("", at, since)
        if not self._more:  # most looks find nothing: look first, and write nothing
            due = await self.next_due()
            if due is None or due > now:
                return []
        claimed = await self._database.write(partial(self._claim, at, limit))
        self._more = len(claimed) >= limit
        return claimed

    async def follow_up(self, now: datetime, limit: int) -> Sequence[Outcome]:
        """See ``ReminderStore``."""
        return await self._database.write(partial(_follow_up, to_micros(now), limit))

    async def stuck(self, since: datetime, after: str, limit: int) -> Sequence[Stuck]:
        """See ``ReminderStore``."""
        query = (
            select(reminder.c.key, reminder.c.filing_id, reminder.c.outgoing_id)
            .join_from(reminder, message, message.c.public_id == reminder.c.outgoing_id)
            .where(
                reminder.c.status == "handed",
                message.c.status == "due",
                message.c.at <= to_micros(since),
                reminder.c.key > after,
            )
            .order_by(reminder.c.key)
            .limit(limit)
        )

        def work(connection: Connection) -> list[Stuck]:
            rows = connection.execute(query).all()
            filings = [row.filing_id for row in rows]
            chats = _by_filing(connection.execute(_CHATS.where(filing.c.id.in_(filings))))
            addresses = _by_filing(connection.execute(_ADDRESSES.where(filing.c.id.in_(filings))))
            tried = _tried(connection, [row.key for row in rows])
            return [
                Stuck(
                    row.key,
                    row.outgoing_id,
                    (*chats.get(row.filing_id, ()), *addresses.get(row.filing_id, ())),
                    frozenset(tried.get(row.key, ())),
                )
                for row in rows
            ]

        return await self._database.read(work)

    async def take_back(self, outgoing_ids: Sequence[str], now: datetime) -> int:
        """See ``ReminderStore``."""
        taken = (
            update(message)
            .where(message.c.public_id.in_(outgoing_ids), message.c.status == "due")
            .values(
                status="undeliverable",
                reason=CHANNEL_DOWN,
                due_at=None,
                settled_at=to_micros(now),
            )
        )
        return await self._database.write(lambda c: c.execute(taken).rowcount)

    async def told(
        self, way: Identity, platform_id: str | None, now: datetime, *, arrived: bool
    ) -> bool:
        """See ``ReminderStore``."""
        work = partial(_told, way, platform_id, to_micros(now), ARRIVED if arrived else REFUSED)
        return await self._database.write(work)

    async def doubt(self, channels: Sequence[str], after: datetime, before: datetime) -> int:
        """See ``ReminderStore``."""
        unheard = (
            select(message.c.public_id, message.c.settled_at)
            .join_from(reminder, message, message.c.public_id == reminder.c.outgoing_id)
            .where(
                reminder.c.status == "sent",
                reminder.c.settled_at > to_micros(after),
                reminder.c.settled_at <= to_micros(before),
                message.c.channel.in_(channels),
                message.c.status == "sent",
                message.c.reason.is_distinct_from(ARRIVED),
            )
            .distinct()
        )

        def work(connection: Connection) -> int:
            rows = connection.execute(unheard).all()
            for row in rows:
                come_back(connection, row.public_id, UNKNOWN, row.settled_at)
            return len(rows)

        found = await self._database.read(lambda connection: connection.execute(unheard).first())
        return 0 if found is None else await self._database.write(work)

    async def next_due(self) -> datetime | None:
        """See ``ReminderStore``."""
        query = select(func.min(reminder.c.due_at)).where(reminder.c.due_at.is_not(None))
        found = await self._database.read(lambda c: c.execute(query).scalar())
        return None if found is None else from_micros(found)

    async def backlog(self, channels: Collection[str], since: datetime, now: datetime) -> int:
        """See ``ReminderStore``."""
        query = (
            select(func.count())
            .select_from(message)
            .where(
                message.c.channel.in_(channels),
                message.c.due_at > to_micros(since),
                message.c.due_at <= to_micros(now),
                message.c.status == "due",
            )
        )
        found = await self._database.read(lambda c: c.execute(query).scalar())
        return found or 0

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
            chats = _by_filing(connection.execute(_CHATS.where(filing.c.id.in_(ids))))
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
        """Lease what is due, note a delivery of each, and read along whom it may reach.

        A few statements over all of it: one for each row cost more than everything else.
        """
        rows = self._lease_rows(now, limit, connection)
        together = _ways_of(rows, connection)
        by_key = {row[0]: row for row in rows}  # somebody with two chats comes twice
        due = sorted(by_key.values(), key=_BY_TIME)
        tried = _tried(connection, [row[0] for row in due if row[_FENCE] > 1])
        moments = _moments_of(due)
        return [
            Claimed(
                _reminder(row, moments),
                row[_FENCE],
                row[_ATTEMPTS],
                (known := together[row[1]])[0],
                known,
                frozenset(tried[row[0]]) if row[0] in tried else _NONE,
            )
            for row in due
        ]

    def _lease_rows(self, now: int, limit: int, connection: Connection) -> list[_Row]:
        """What was leased just now, each row once for every chat of its person."""
        until = now + self._lease
        if self._in_one is not None:
            return self._in_one.fetch(connection, now=now, most=limit, until=until)
        # Rows are found again by the end of their lease: no other may end at that microsecond.
        while self._is_taken.fetch(connection, until=until):
            until -= 1
        self._lease_due.run(connection, now=now, most=limit, until=until)
        self._begin.run(connection, now=now, until=until)
        return self._leased.fetch(connection, until=until)


_COLUMNS = (
    reminder.c.key,
    reminder.c.filing_id,
    reminder.c.deadline,
    reminder.c.kind,
    reminder.c.offset,
    reminder.c.purpose,
    reminder.c.at,
    reminder.c.deadline_at,
    reminder.c.number,
    reminder.c.total,
    reminder.c.attempts,
    reminder.c.fence,
)
_ATTEMPTS, _FENCE = 10, 11
_NONE: frozenset[Identity] = frozenset()
_UPDATED, _IS_LAST, _CHANNEL, _NAME, _HAS_ADDRESS = 12, 13, 14, 15, 16
_BY_TIME = itemgetter(6)

_IS_KNOWN = reminder.c.purpose.in_([literal_column(f"'{purpose.value}'") for purpose in Purpose])
"""What a later version plans with another purpose is left to its own sweepers."""

# What is due, and whatever else of the same filings is, so that people are told of all at once.
# PostgreSQL reads a part that locks exactly once, which a sub-query's limit relies on.
_due = (
    select(reminder.c.key, reminder.c.filing_id)
    .where(reminder.c.due_at <= bindparam("now"), _IS_KNOWN)
    .order_by(reminder.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due_now")
)
_due_too = (
    select(reminder.c.key)
    .where(
        reminder.c.filing_id.in_(select(_due.c.filing_id)),
        reminder.c.due_at <= bindparam("now"),
        _IS_KNOWN,
    )
    .with_for_update(skip_locked=True, of=reminder)
    .cte("due_too")
)
_LEASE = (
    update(reminder)
    .where(reminder.c.key.in_(select(_due_too.c.key)))
    .values(
        status=literal_column("'sending'"),
        due_at=bindparam("until"),
        attempts=reminder.c.attempts + literal_column("1"),
        fence=reminder.c.fence + literal_column("1"),
    )
)

# After the clock was put back: what is leased so for no longer than ever; what was put off after a
# try is tried. What is planned waits for its own time, whatever the clock said before.
_COME_NEAR = (
    update(reminder)
    .where(
        reminder.c.due_at > bindparam("now"),
        or_(
            and_(
                reminder.c.status == literal_column("'sending'"),
                reminder.c.due_at > bindparam("until"),
            ),
            and_(
                reminder.c.status == literal_column("'planned'"),
                reminder.c.attempts > literal_column("0"),
                reminder.c.due_at > reminder.c.at,
                bindparam("since", type_=BigInteger) == literal_column("0"),
            ),
        ),
    )
    .values(
        due_at=case(
            (reminder.c.status == literal_column("'sending'"), bindparam("until")),
            else_=bindparam("now"),
        )
    )
)

# What was leased a moment ago is found by the end of its lease.
_held = reminder.alias("held_now")
_IS_HELD = (_held.c.due_at == bindparam("until"), _held.c.status == literal_column("'sending'"))
_IS_TAKEN: Select[Any] = select(literal_column("1")).where(*_IS_HELD).limit(literal_column("1"))
_DELIVERY = ("reminder_key", "fence", "at", "status")


def _begun_of(held: FromClause) -> Select[Any]:
    at = bindparam("now", type_=BigInteger)
    return select(held.c.key, held.c.fence, at, literal_column("'begun'"))


_BEGIN = insert(delivery).from_select(_DELIVERY, _begun_of(_held).where(*_IS_HELD))


def _leased_of(held: FromClause) -> Select[Any]:
    """What was leased with whom it is about; without any conversation nobody can be spoken to."""
    has_address = exists().where(
        contact.c.conversation_id == conversation.c.id,
        contact.c.verified_at.is_not(None),
        contact.c.stopped_at.is_(None),
    )
    return (
        select(
            *(held.c[column.name] for column in _COLUMNS),
            conversation.c.updated_at,
            IS_LAST,
            identity.c.channel,
            identity.c.external_id,
            has_address,
        )
        .join_from(held, filing, filing.c.id == held.c.filing_id)
        .join(conversation, conversation.c.applicant_id == filing.c.applicant_id)
        .join(identity, identity.c.conversation_id == conversation.c.id)
    )


_LEASED = _leased_of(_held).where(*_IS_HELD)


def _lease_and_begin() -> Select[Any]:
    """All in one statement, as PostgreSQL can."""
    held = _LEASE.returning(*_COLUMNS).cte("held")
    begun = insert(delivery).from_select(_DELIVERY, _begun_of(held)).cte("begun")
    return _leased_of(held).add_cte(begun)


_CHATS = (
    select(filing.c.id, identity.c.channel, identity.c.external_id)
    .join_from(filing, conversation, conversation.c.applicant_id == filing.c.applicant_id)
    .join(identity, identity.c.conversation_id == conversation.c.id)
    .order_by(conversation.c.updated_at.desc(), *LAST_FIRST)
)
_PLACES = case(
    *(
        (contact.c.channel == literal_column(f"'{name}'"), literal_column(str(-place)))
        for place, name in enumerate(ADDRESS_ORDER)
    ),
    else_=literal_column(str(-len(ADDRESS_ORDER))),
)
_ADDRESSES = (
    select(filing.c.id, contact.c.channel, contact.c.id)
    .join_from(contact, conversation, contact.c.conversation_id == conversation.c.id)
    .join(filing, filing.c.applicant_id == conversation.c.applicant_id)
    .where(
        contact.c.verified_at.is_not(None),
        contact.c.stopped_at.is_(None),
    )
    .order_by(_PLACES.desc(), contact.c.at)
)
"""The verified addresses of a filing's applicant, in the order in which they are taken."""


def _ways_of(rows: Sequence[_Row], connection: Connection) -> Mapping[str, tuple[Identity, ...]]:
    """A filing's chats, the one last used first, then its applicant's verified addresses."""
    chats: dict[str, list[tuple[int, int, str, str]]] = {}
    for row in rows:
        chat = (-row[_UPDATED], -row[_IS_LAST], row[_CHANNEL], row[_NAME])
        known = chats.setdefault(row[1], [])
        if chat not in known:
            known.append(chat)
    reachable = list({row[1] for row in rows if row[_HAS_ADDRESS]})
    found: Mapping[str, list[Identity]] = {}
    if reachable:
        found = _by_filing(connection.execute(_ADDRESSES.where(filing.c.id.in_(reachable))))
    return {
        filing_id: (
            *(Identity(channel, name) for _, _, channel, name in sorted(known)),
            *found.get(filing_id, ()),
        )
        for filing_id, known in chats.items()
    }


def _by_filing(rows: Iterable[Any]) -> Mapping[str, list[Identity]]:
    """Identities by filing, in the order of the rows."""
    found: dict[str, list[Identity]] = {}
    for filing_id, channel, external_id in rows:
        found.setdefault(filing_id, []).append(Identity(channel, external_id))
    return found


def _tried(connection: Connection, keys: Sequence[str]) -> Mapping[str, set[Identity]]:
    """On which ways reminders went out before."""
    found: defaultdict[str, set[Identity]] = defaultdict(set)
    if keys:
        query = select(delivery.c.reminder_key, delivery.c.way).where(
            delivery.c.reminder_key.in_(keys),
            delivery.c.way.is_not(None),
            delivery.c.outgoing_id.is_not(None),
            delivery.c.status != WITHDRAWN,
        )
        for key, way in connection.execute(query):
            channel, _, external_id = way.partition("/")
            found[key].add(Identity(channel, external_id))
    return found


_CAME_BACK = ("sent", "undeliverable", WITHDRAWN)


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
        .where(reminder.c.status == "handed", message.c.status.in_(_CAME_BACK))
        .order_by(reminder.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True, of=reminder)
    )
    outcomes: list[Outcome] = []
    for row in connection.execute(query).all():
        sent = row.status == "sent"
        at = row.settled_at if row.settled_at is not None else now
        withdrawn = row.status == WITHDRAWN
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
            .values(
                status="sent" if sent else WITHDRAWN if withdrawn else "refused",
                reason=row.reason,
                settled_at=at,
            )
        )
        if withdrawn:  # nothing was tried
            continue
        late = timedelta(microseconds=max(0, at - row.at))
        outcomes.append(Outcome(row.key, row.kind, sent, late, row.reason))
    return outcomes


def _told(
    way: Identity, platform_id: str | None, now: int, became: str, connection: Connection
) -> bool:
    chat = Identity(CHAT_OF.get(way.channel, way.channel), way.external_id)
    taken = (
        select(message.c.public_id, message.c.status, message.c.reason)
        .where(
            message.c.conversation_id.in_(_talks_of(chat)),
            message.c.channel == way.channel,
            message.c.external_id == way.external_id,
            message.c.platform_id == platform_id if platform_id else message.c.status == "sent",
        )
        .order_by(message.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(taken).first()
    if row is None:
        return False
    if row.status != "sent" or row.reason == ARRIVED:  # told before
        return True
    if became == ARRIVED:
        heard = update(message).where(message.c.public_id == row.public_id).values(reason=became)
        connection.execute(heard)
    else:
        come_back(connection, row.public_id, became, now)
    return True


def come_back(connection: Connection, outgoing_id: str, reason: str, at: int) -> None:
    """Let a message count as refused after all; its reminder is followed up anew."""
    connection.execute(
        update(message)
        .where(message.c.public_id == outgoing_id, message.c.status == "sent")
        .values(status="undeliverable", reason=reason, settled_at=at)
    )
    connection.execute(
        update(reminder)
        .where(reminder.c.outgoing_id == outgoing_id, reminder.c.status == "sent")
        .values(status="handed", settled_at=None)
    )


def _talks_of(chat: Identity) -> Select[Any]:
    """The conversations of whoever somebody on a chat is."""
    here = conversation.alias("here")
    return (
        select(conversation.c.id)
        .join_from(identity, here, here.c.id == identity.c.conversation_id)
        .join(conversation, conversation.c.applicant_id == here.c.applicant_id)
        .where(identity.c.channel == chat.channel, identity.c.external_id == chat.external_id)
    )


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
    moments = _moments_of(rows)
    return [
        ReminderRecord(
            _reminder(tuple(row), moments),
            status_of(row.status),
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


def _moments_of(rows: Iterable[_Row]) -> Mapping[int, datetime]:
    """The times of reminders by their stored form; many share theirs."""
    return {micros: from_micros(micros) for micros in {at for row in rows for at in row[6:8]}}


def _reminder(row: _Row, moments: Mapping[int, datetime]) -> Reminder:
    key, filing_id, deadline, kind, offset, purpose, at, deadline_at, number, total = row[:10]
    return Reminder(
        key,
        filing_id,
        deadline,
        kind,
        offset,
        _PURPOSES.get(purpose, Purpose.REMIND),
        moments[at],
        moments[deadline_at],
        number,
        total,
    )


_PURPOSES = {purpose.value: purpose for purpose in Purpose}


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
