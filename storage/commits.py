"""Writes a group of turns in one transaction, leaving out those that may not be stored."""

from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import TypeAlias

from sqlalchemy import Connection, Dialect, exists, literal_column, select

from dialogs.ports import Due, DuplicateInbound, StaleCase
from storage import tables
from storage.rows import NewMessage, TurnRow
from storage.statements import Lookup, SqlRow, Writes
from storage.turns import PreparedTurn

Refusal: TypeAlias = StaleCase | DuplicateInbound
"""Why a turn was not stored."""

Outcome: TypeAlias = Refusal | tuple[Due, ...]
"""Why a turn was not stored; or it was, and these of its messages are claimed."""


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
        outcomes: list[Outcome] = []
        rows: list[TurnRow] = []
        for turn in group:
            refusal = _refusal(turn, versions, taken, handled)
            if refusal is not None:
                outcomes.append(refusal)
                continue
            claimed: tuple[Due, ...] = ()
            if turn.turn.hand_over and _identity(turn) not in waiting:
                turn_rows, claimed = self._claimed(turn)
                rows += turn_rows
            else:
                rows += turn.rows
            outcomes.append(claimed)
            versions[_id(turn)] = turn.stored.version
            taken.add(_identity(turn))
            handled.add(_inbound(turn))
            if turn.turn.outgoing:
                waiting.add(_identity(turn))
        self._writes.run(connection, rows)
        return outcomes

    def _claimed(self, turn: PreparedTurn) -> tuple[list[TurnRow], tuple[Due, ...]]:
        """The turn's rows with those to deliver claimed, and the claims."""
        rows: list[TurnRow] = []
        claims: set[str | None] = set()
        for row in turn.rows:
            if isinstance(row, NewMessage) and row.due_at is not None:
                claims.add(row.public_id)
                rows.append(row.claimed(row.at + self._lease))
            else:
                rows.append(row)
        return rows, tuple(Due(one, 1, 1) for one in turn.turn.outgoing if one.id in claims)


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
