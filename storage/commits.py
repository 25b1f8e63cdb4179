"""Writes a group of turns in one transaction, leaving out those that may not be stored."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import TypeAlias, cast

from sqlalchemy import Connection, Dialect, exists, literal_column, select

from dialogs.ports import Due, DuplicateCall, DuplicateInbound, LostClaim, SpentForm, StaleCase
from scheduler.reconcile import Known
from storage import tables
from storage.changes import moment_of, takes_conversation
from storage.instant import from_micros, to_micros
from storage.reminder_rows import planned_rows, status_of
from storage.rows import NewMessage, TurnRow
from storage.statements import Lookup, SqlRow, Writes
from storage.turns import PreparedTurn

Refusal: TypeAlias = StaleCase | DuplicateInbound | DuplicateCall | SpentForm | LostClaim
"""Why a turn was not stored."""

Outcome: TypeAlias = Refusal | tuple[Due, ...]
"""Why a turn was not stored; or it was, and these of its messages are claimed."""


_ReminderRow: TypeAlias = tuple[str, str, str, int, int, str, int | None, int]

_Held: TypeAlias = dict[object, object]
"""Fences of claimed reminders, by key."""


class TurnWriter:
    """Knows the statements of one database, compiled once."""

    def __init__(self, dialect: Dialect, lease: timedelta) -> None:
        conversation, identity, message = tables.conversation, tables.identity, tables.message
        # Locked in order of id, so that two processes cannot wait for each other.
        versions = select(conversation.c.id, conversation.c.version).order_by(conversation.c.id)
        self._lease = lease // timedelta(microseconds=1)
        self._writes = Writes(dialect)
        self._versions = Lookup(dialect, versions.with_for_update(), (conversation.c.id,))
        self._identities = Lookup(
            dialect,
            select(identity.c.channel, identity.c.external_id),
            (identity.c.channel, identity.c.external_id),
        )
        self._inbound = Lookup(
            dialect,
            select(message.c.channel, message.c.external_id, message.c.message_id),
            (message.c.channel, message.c.external_id, message.c.message_id),
        )
        # The condition on seq leads SQLite to the index of what waits for one person.
        waits = exists().where(
            message.c.channel == identity.c.channel,
            message.c.external_id == identity.c.external_id,
            message.c.due_at.is_not(None),
            message.c.seq > literal_column("0"),
        )
        self._waiting = Lookup(
            dialect,
            select(identity.c.channel, identity.c.external_id).where(waits),
            (identity.c.channel, identity.c.external_id),
        )

        self._receipts = Lookup(dialect, select(tables.receipt.c.key), (tables.receipt.c.key,))
        grant = tables.form_grant
        unused = select(grant.c.token_hash, grant.c.expires_at).where(grant.c.used_at.is_(None))
        self._forms = Lookup(
            dialect, unused.order_by(grant.c.token_hash).with_for_update(), (grant.c.token_hash,)
        )
        reminder = tables.reminder
        self._reminders = Lookup(
            dialect,
            select(
                reminder.c.filing_id,
                reminder.c.key,
                reminder.c.deadline,
                reminder.c.at,
                reminder.c.deadline_at,
                reminder.c.status,
                reminder.c.settled_at,
                reminder.c.fence,
            )
            .order_by(reminder.c.key)
            .with_for_update(),
            (reminder.c.filing_id,),
        )
        claims = select(reminder.c.key, reminder.c.fence).where(
            reminder.c.status == literal_column("'sending'")
        )
        self._claims = Lookup(
            dialect, claims.order_by(reminder.c.key).with_for_update(), (reminder.c.key,)
        )

    def write(self, connection: Connection, group: Sequence[PreparedTurn]) -> Sequence[Outcome]:
        """Store the turns in their order; for each, what became of it.

        Several turns of one conversation may be in a group, each based on the one before.
        """
        conversations = sorted({(_id(turn),) for turn in group if _old(turn)})
        versions = {found[0]: found[1] for found in self._versions.run(connection, conversations)}
        taken = set(
            self._identities.run(
                connection, list({_identity(turn) for turn in group if not _old(turn)})
            )
        )
        handled = set(
            self._inbound.run(connection, list({key for turn in group if (key := _inbound(turn))}))
        )
        waiting = set(
            self._waiting.run(
                connection, list({_identity(turn) for turn in group if turn.turn.hand_over})
            )
        )
        calls = [call for turn in group if (call := _call(turn))]
        answered = set(self._receipts.run(connection, list(set(calls))))
        sent = sorted({(turn.turn.form,) for turn in group if turn.turn.form is not None})
        forms = {found[0]: found[1] for found in self._forms.run(connection, sent)}
        reminders, held = self._known_reminders(connection, group)
        outcomes: list[Outcome] = []
        rows: list[TurnRow] = []
        for turn in group:
            refusal = (
                _answered(turn, answered)
                or _refusal(turn, versions, taken, handled)
                or _spent(turn, forms)
                or _lost(turn, held)
            )
            if refusal is not None:
                outcomes.append(refusal)
                continue
            if takes_conversation(turn.turn):  # what the turns before it say is withdrawn too
                self._writes.run(connection, rows)
                rows = []
            claimed: tuple[Due, ...] = ()
            if turn.turn.hand_over and _identity(turn) not in waiting:
                turn_rows, claimed = self._claimed(turn)
                rows += turn_rows
            else:
                rows += turn.rows
            outcomes.append(claimed)
            answered.add(_call(turn))
            forms.pop(turn.turn.form, None)
            for one in turn.turn.settled:
                held.pop(one.key, None)
            for filing_id, wanted in turn.turn.reminders.items():
                planned, reminders[filing_id] = planned_rows(
                    reminders.get(filing_id, ()), wanted, to_micros(moment_of(turn.turn))
                )
                rows += planned
            versions[_id(turn)] = turn.stored.version
            taken.add(_identity(turn))
            handled.add(_inbound(turn))
            if turn.turn.outgoing:
                waiting.add(_identity(turn))
        self._writes.run(connection, rows)
        return outcomes

    def _known_reminders(
        self, connection: Connection, group: Sequence[PreparedTurn]
    ) -> tuple[dict[str, Sequence[Known]], _Held]:
        """The stored reminders of the filings that are planned anew, and who holds those settled.

        Most of those settled are among them, and need no look of their own.
        """
        filings = sorted({(key,) for turn in group for key in turn.turn.reminders})
        found: defaultdict[str, list[Known]] = defaultdict(list)
        held: _Held = {}
        seen: set[str] = set()
        for row in self._reminders.run(connection, filings):
            filing_id, key, deadline, at, deadline_at, status, settled_at, fence = cast(
                _ReminderRow, row
            )
            seen.add(key)
            if status == "sending":
                held[key] = fence
            found[filing_id].append(
                Known(
                    key,
                    deadline,
                    from_micros(at),
                    from_micros(deadline_at),
                    status_of(status),
                    None if settled_at is None else from_micros(settled_at),
                )
            )
        settled = {one.key for turn in group for one in turn.turn.settled}
        others = self._claims.run(connection, [(key,) for key in sorted(settled - seen)])
        return dict(found), held | {one[0]: one[1] for one in others}

    def _claimed(self, turn: PreparedTurn) -> tuple[list[TurnRow], tuple[Due, ...]]:
        """The turn's rows with those to deliver claimed, and the claims."""
        rows: list[TurnRow] = []
        claims: set[str | None] = set()
        until = to_micros(moment_of(turn.turn)) + self._lease
        for row in turn.rows:
            if isinstance(row, NewMessage) and row.due_at is not None:
                claims.add(row.public_id)
                rows.append(row.claimed(until))
            else:
                rows.append(row)
        ends = from_micros(until)
        return rows, tuple(Due(one, 1, 1, ends) for one in turn.turn.outgoing if one.id in claims)


def _id(turn: PreparedTurn) -> str:
    return turn.stored.conversation_id


def _old(turn: PreparedTurn) -> bool:
    return turn.turn.before.version > 0


def _identity(turn: PreparedTurn) -> SqlRow:
    return (turn.stored.identity.channel, turn.stored.identity.external_id)


def _inbound(turn: PreparedTurn) -> SqlRow:
    """The key of the message handled; empty for a turn that answers none."""
    inbound = turn.turn.inbound
    if inbound is None:
        return ()
    return (inbound.identity.channel, inbound.identity.external_id, inbound.message_id)


def _call(turn: PreparedTurn) -> SqlRow:
    """The key of the call answered; empty for a turn that answers none."""
    receipt = turn.turn.receipt
    return () if receipt is None else (receipt.key,)


def _answered(turn: PreparedTurn, answered: Set[SqlRow]) -> DuplicateCall | None:
    """Whether the call the turn answers was answered before."""
    call = _call(turn)
    return (
        DuplicateCall(f"the call {call[0]} was answered before")
        if call in answered and call
        else None
    )


def _spent(turn: PreparedTurn, forms: Mapping[object, object]) -> SpentForm | None:
    """Whether the form the turn fills is used up by now, or over."""
    form = turn.turn.form
    if form is None:
        return None
    until = forms.get(form)
    if isinstance(until, int) and until > to_micros(moment_of(turn.turn)):
        return None
    return SpentForm("this secure form was sent before, or has run out")


def _lost(turn: PreparedTurn, held: Mapping[object, object]) -> LostClaim | None:
    """Whether a reminder the turn settles is no longer its own."""
    for one in turn.turn.settled:
        if held.get(one.key) != one.fence:
            return LostClaim(f"reminder {one.key} is not held under fence {one.fence}")
    return None


def _refusal(
    turn: PreparedTurn,
    versions: Mapping[object, object],
    taken: Set[SqlRow],
    handled: Set[SqlRow],
) -> Refusal | None:
    key = _inbound(turn)
    if key and key in handled:
        return DuplicateInbound(f"message {key[2]} on {key[0]} was handled before")
    before = turn.turn.before.version
    if not _old(turn):
        if _identity(turn) in taken:
            return StaleCase(f"conversation {_id(turn)}: this identity has one already")
        return None
    found = versions.get(_id(turn))
    if found != before:
        return StaleCase(f"conversation {_id(turn)} is at version {found}, the turn at {before}")
    return None
