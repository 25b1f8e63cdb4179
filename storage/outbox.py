"""Delivery of what was said: leases with fences, in order for each identity.

A row waits while it has a ``due_at``: from then on it may be claimed; a claim moves it to the
end of the lease, so that what a dead process held comes back by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from dialogs.message import Identity
from dialogs.ports import WITHDRAWN, Due, Outgoing
from scheduler.notices import CHAT_OF
from scheduler.ports import ADDRESS_ORDER
from storage.engine import Database
from storage.errors import UnreadableRecord
from storage.grouping import Grouped
from storage.instant import from_micros, to_micros
from storage.keys import DataKeys
from storage.messages import outgoing_of
from storage.ports import LEASE
from storage.statements import SqlRow, compiled_sql, write
from storage.tables import conversation, identity, message
from storage.turnback import Looks

_earlier = message.alias("earlier")
_head = message.alias("head")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a claimed row."""

    due: Due
    status: str
    again_at: int | None = None
    platform_id: str | None = None
    reason: str | None = None
    settled_at: int | None = None

    @property
    def row(self) -> SqlRow:
        """The parameters of ``_SETTLE`` in the order of ``_SETTLED``."""
        return (
            self.status,
            self.again_at,
            self.platform_id,
            self.reason,
            self.settled_at,
            self.due.outgoing.id,
            self.due.fence,
        )


_SETTLED = ("status", "due_at", "platform_id", "reason", "settled_at", "public", "held")


class SqlOutbox:
    """``Outbox`` on SQLite or PostgreSQL.

    Rows said before a person took the conversation are not given out: a claim looks at the
    conversation's epoch and withdraws them (``docs/adr/0007-claims-enforced-on-send.md``), as it
    does those to a channel that has been unlinked since.

    An outcome reported after the lease ran out and another worker claimed the row changes
    nothing: the fence has moved on. So a row is delivered at least once, and twice only when
    a worker outlives its lease or dies between sending and reporting.
    """

    def __init__(self, database: Database, keys: DataKeys, lease: timedelta = LEASE) -> None:
        self._database = database
        self._keys = keys
        self._lease = lease // timedelta(microseconds=1)
        self._looks = Looks()
        self._settle_sql = compiled_sql(_SETTLE, database.dialect, _SETTLED)
        self._outcomes: Grouped[_Outcome, None] = Grouped(self._settle)

    async def claim(self, channel: str, now: datetime, limit: int) -> Sequence[Due]:
        """See ``Outbox``. A row that cannot be decrypted is given up, not claimed."""
        at = to_micros(now)
        since = self._looks.set_since(channel, at)
        work = partial(self._claim, channel, at, limit, since)
        claimed = await self._database.write(work)
        self._looks.looked(channel, at, since)
        return claimed

    async def delivered(self, due: Due, platform_id: str | None, now: datetime) -> None:
        """See ``Outbox``."""
        await self._outcomes.submit(
            _Outcome(due, "sent", platform_id=platform_id, settled_at=to_micros(now))
        )

    async def retry(self, due: Due, at: datetime, reason: str | None = None) -> None:
        """See ``Outbox``."""
        await self._outcomes.submit(_Outcome(due, "due", again_at=to_micros(at), reason=reason))

    async def undeliverable(self, due: Due, reason: str, now: datetime) -> None:
        """See ``Outbox``."""
        await self._outcomes.submit(
            _Outcome(due, "undeliverable", reason=reason, settled_at=to_micros(now))
        )

    async def find(self, outgoing_id: str) -> Outgoing | None:
        """See ``Outbox``."""
        return await self._database.read(partial(self._find, outgoing_id))

    async def hurry(self, identity: Identity, now: datetime) -> None:
        """See ``Outbox``."""
        sooner = (
            update(message)
            .where(
                message.c.channel == identity.channel,
                message.c.external_id == identity.external_id,
                message.c.due_at > to_micros(now),
                message.c.status == "due",
            )
            .values(due_at=to_micros(now))
        )
        await self._database.write_at_once(lambda connection: connection.execute(sooner))

    async def close(self) -> None:
        """Finish recording outcomes."""
        await self._outcomes.finish()

    def _claim(
        self, channel: str, now: int, limit: int, since: int | None, connection: Connection
    ) -> list[Due]:
        if since is not None:
            over = {"on": channel, "now": now, "since": since, "until": now + self._lease}
            connection.execute(_COME_NEAR, over)
        due = {"on": channel, "now": now, "most": limit}
        rows = connection.execute(_CLAIMABLE, due).all()
        while overtaken := [row for row in rows if row.is_overtaken]:
            # Whoever was sending it when a person came, or the channel left, put it back or died.
            connection.execute(_WITHDRAW, [{"place": row.seq, "settled": now} for row in overtaken])
            rows = connection.execute(_CLAIMABLE, due).all()
        if not rows:
            return []
        ciphers = self._keys.find(connection, {row.conversation_id for row in rows})
        claimed: list[Due] = []
        unreadable: list[int] = []
        for row in rows:
            try:
                outgoing = outgoing_of(row, ciphers)
            except UnreadableRecord:
                unreadable.append(row.seq)
            else:
                until = from_micros(now + self._lease)
                claimed.append(Due(outgoing, row.attempts + 1, row.fence + 1, until))
        leased = [row.seq for row in rows if row.seq not in unreadable]
        connection.execute(
            update(message)
            .where(message.c.seq.in_(leased))
            .values(
                status="sending",
                attempts=message.c.attempts + 1,
                fence=message.c.fence + 1,
                due_at=now + self._lease,
            )
        )
        if unreadable:
            connection.execute(
                update(message)
                .where(message.c.seq.in_(unreadable))
                .values(status="undeliverable", due_at=None, reason="unreadable", settled_at=now)
            )
        return claimed

    async def _settle(self, outcomes: Sequence[_Outcome]) -> Sequence[None]:
        behind = [
            {
                "on": outcome.due.outgoing.identity.channel,
                "to": outcome.due.outgoing.identity.external_id,
                "until": outcome.again_at,
                "public": outcome.due.outgoing.id,
                "held": outcome.due.fence,
            }
            for outcome in outcomes
            if outcome.again_at is not None
        ]

        def work(connection: Connection) -> None:
            write(connection, self._settle_sql, [outcome.row for outcome in outcomes])
            if behind:
                connection.execute(_WAIT_BEHIND, behind)

        if behind:
            await self._database.write(work)
        else:
            await self._database.write_at_once(work)
        return [None] * len(outcomes)

    def _find(self, outgoing_id: str, connection: Connection) -> Outgoing | None:
        row = connection.execute(select(message).where(message.c.public_id == outgoing_id)).first()
        if row is None:
            return None
        return outgoing_of(row, self._keys.load(connection, [row.conversation_id]))


OVERTAKEN = and_(
    message.c.epoch < conversation.c.epoch,
    message.c.kind == literal_column("'said'"),
    ~message.c.urgent,
)
"""Said before a person took the conversation: not to be sent any more."""

_CHAT = case(
    *(
        (message.c.channel == literal_column(f"'{notice}'"), literal_column(f"'{chat}'"))
        for notice, chat in CHAT_OF.items()
    ),
    else_=message.c.channel,
)
"""The chat channel a message goes to: notices go to people of one."""

_home = conversation.alias("home")
PARTED = and_(
    message.c.kind == literal_column("'said'"),
    message.c.channel.not_in([literal_column(f"'{name}'") for name in ADDRESS_ORDER]),
    ~exists().where(
        identity.c.channel == _CHAT,
        identity.c.external_id == message.c.external_id,
        _home.c.id == identity.c.conversation_id,
        _home.c.applicant_id == conversation.c.applicant_id,
    ),
)
"""Said to somebody who is no longer, or not any more, this applicant: not to be sent."""

_CLAIMABLE = (
    select(message, or_(OVERTAKEN, PARTED).label("is_overtaken"))
    .join_from(message, conversation)
    .where(
        message.c.channel == bindparam("on"),
        message.c.due_at <= bindparam("now"),
        ~exists().where(
            _earlier.c.channel == message.c.channel,
            _earlier.c.external_id == message.c.external_id,
            _earlier.c.due_at.is_not(None),
            _earlier.c.seq < message.c.seq,
        ),
    )
    .order_by(message.c.due_at, message.c.seq)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=message)
)

# After the clock was put back: what was put off is tried, what is leased is so for no longer than
# ever.
_COME_NEAR = (
    update(message)
    .where(
        message.c.channel == bindparam("on"),
        message.c.due_at > bindparam("now"),
        or_(
            and_(
                message.c.status == literal_column("'sending'"),
                message.c.due_at > bindparam("until"),
            ),
            and_(message.c.status == literal_column("'due'"), message.c.at > bindparam("since")),
        ),
    )
    .values(
        due_at=case(
            (message.c.status == literal_column("'sending'"), bindparam("until")),
            else_=bindparam("now"),
        )
    )
)

_WITHDRAW = (
    update(message)
    .where(message.c.seq == bindparam("place"))
    .values(status=WITHDRAWN, due_at=None, settled_at=bindparam("settled"))
)

_SETTLE = (
    update(message)
    .where(
        message.c.public_id == bindparam("public"),
        message.c.fence == bindparam("held"),
        message.c.status == literal_column("'sending'"),
    )
    .values(
        status=bindparam("status"),
        due_at=bindparam("due_at"),
        platform_id=bindparam("platform_id"),
        reason=func.coalesce(bindparam("reason"), message.c.reason),
        settled_at=bindparam("settled_at"),
    )
)

# What waits behind a row to be tried again is not looked at before: claims stay cheap while
# a platform is down, however much piles up.
_WAIT_BEHIND = (
    update(message)
    .where(
        message.c.channel == bindparam("on"),
        message.c.external_id == bindparam("to"),
        message.c.due_at < bindparam("until"),
        exists().where(
            _head.c.public_id == bindparam("public"),
            _head.c.fence == bindparam("held"),
            _head.c.status == "due",
        ),
    )
    .values(due_at=bindparam("until"))
)
