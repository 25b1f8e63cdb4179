"""Changing the master key: all that is sealed with it is sealed anew, in one transaction.

What applicants told is sealed with data keys, which stay; only their wrapping changes. The blind
index, second factors, what WeChat's channel keeps and the audit trail hang on the master key.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, text, update

from desk.audit import BEGINNING
from desk.deeds import CONSOLE, Deed, Draft
from storage import places
from storage.audit import AuditTrail
from storage.crypto import MasterKey
from storage.errors import BrokenTrail, WrongMasterKey
from storage.keys import DataKeys
from storage.loading import load_cases
from storage.migrate import require_head
from storage.opening import open_database
from storage.tables import (
    agent,
    audit,
    blind_index,
    conversation,
    data_key,
    filing,
    wechat_delivery,
    wechat_token,
    wecom_message,
)

T = TypeVar("T")

_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was sealed anew. ``head`` is the trail's newest checksum under the key before."""

    data_keys: int
    values: int  # of the blind index
    entries: int  # of the audit trail
    head: bytes


async def rotate(url: str, old: MasterKey, new: MasterKey, now: datetime) -> Rotated | None:
    """Seal everything with ``new``; None if that was done before.

    No other process may work on the database: it would go on with the key before. Raises
    ``WrongMasterKey`` if it was sealed with another key than ``old``, and ``BrokenTrail`` if the
    audit trail does not fit: sealing it anew would hide what was done to it.
    """
    database = open_database(url)
    try:
        return await database.restructure(partial(_rotate, old, new, now))
    finally:
        await database.close()


def _rotate(
    old: MasterKey, new: MasterKey, now: datetime, connection: Connection
) -> Rotated | None:
    require_head(connection)
    used = set(connection.execute(select(data_key.c.key_id).distinct()).scalars())
    if used == {new.id} or (not used and _fits(connection, new, now) and _has_trail(connection)):
        return None
    for key_id in used - {old.id}:
        raise WrongMasterKey(key_id, old.id)
    if not _fits(connection, old, now):
        raise BrokenTrail
    values = _index(connection, DataKeys(old), new)
    keys = _data_keys(connection, old, new)
    _factors(connection, old, new)
    _wechat(connection, old, new)
    _wecom(connection, old, new)
    entries, head = _trail(connection, old, new, now)
    return Rotated(keys, values, entries, head)


def _has_trail(connection: Connection) -> bool:
    return connection.execute(select(audit.c.n).limit(1)).first() is not None


def _fits(connection: Connection, master: MasterKey, now: datetime) -> bool:
    trail = AuditTrail(master, lambda: now)
    verifier = trail.verifier(None)
    for row in _rows(connection, select(audit).order_by(audit.c.n)):
        verifier.see(trail.entry_or_ruin_of(row))
    return verifier.verdict().broken_at is None


def _data_keys(connection: Connection, old: MasterKey, new: MasterKey) -> int:
    changed = (
        update(data_key)
        .where(data_key.c.scope == bindparam("of"))
        .values(wrapped=bindparam("anew"), key_id=new.id)
    )
    count = 0
    query = select(data_key).where(data_key.c.key_id == old.id)
    for batch in _batches(connection.execute(query).all()):
        rows = [
            {
                "of": row.scope,
                "anew": new.wrap(old.unwrap(row.wrapped, row.scope, row.key_id), row.scope),
            }
            for row in batch
        ]
        connection.execute(changed, rows)
        count += len(rows)
    return count


def _index(connection: Connection, keys: DataKeys, new: MasterKey) -> int:
    """The digests of the values that stand in the index now."""
    indexed: dict[str, list[str]] = {}
    for filing_id, step in connection.execute(select(blind_index.c.filing_id, blind_index.c.step)):
        indexed.setdefault(filing_id, []).append(step)
    changed = (
        update(blind_index)
        .where(blind_index.c.filing_id == bindparam("of"), blind_index.c.step == bindparam("which"))
        .values(digest=bindparam("anew"))
    )
    count = 0
    for batch in _batches(list(indexed)):
        owners = select(filing.c.applicant_id).where(filing.c.id.in_(batch))
        cases = load_cases(connection, keys, conversation.c.applicant_id.in_(owners))
        answers = {one.id: one.answers for case in cases for one in case.filings.values()}
        rows = []
        for filing_id in batch:
            last = {one.step: one.value for one in answers[filing_id]}
            for step in indexed[filing_id]:
                value = last.get(step)
                if value is not None:
                    digest = new.blind(step, value)
                    rows.append({"of": filing_id, "which": step, "anew": digest})
        if rows:
            connection.execute(changed, rows)
        count += len(rows)
    return count


def _factors(connection: Connection, old: MasterKey, new: MasterKey) -> None:
    for row in connection.execute(
        select(agent.c.id, agent.c.factor).where(agent.c.factor.is_not(None))
    ).all():
        place = places.factor(row.id)
        sealed = new.staff_secrets.seal(old.staff_secrets.open(row.factor, place), place)
        connection.execute(update(agent).where(agent.c.id == row.id).values(factor=sealed))


def _wechat(connection: Connection, old: MasterKey, new: MasterKey) -> None:
    connection.execute(delete(wechat_token))  # another is had for the asking
    waiting = select(wechat_delivery).where(wechat_delivery.c.sealed.is_not(None))
    for row in connection.execute(waiting).all():
        place = places.wechat_delivery(row.openid, row.key)
        sealed = new.channel_secrets.seal(old.channel_secrets.open(row.sealed, place), place)
        connection.execute(
            update(wechat_delivery)
            .where(wechat_delivery.c.openid == row.openid, wechat_delivery.c.key == row.key)
            .values(sealed=sealed)
        )


def _wecom(connection: Connection, old: MasterKey, new: MasterKey) -> None:
    waiting = select(wecom_message).where(wecom_message.c.sealed.is_not(None))
    for row in connection.execute(waiting).all():
        place = places.wecom_message(row.account, row.key)
        sealed = new.channel_secrets.seal(old.channel_secrets.open(row.sealed, place), place)
        connection.execute(
            update(wecom_message)
            .where(wecom_message.c.account == row.account, wecom_message.c.key == row.key)
            .values(sealed=sealed)
        )


def _trail(
    connection: Connection, old: MasterKey, new: MasterKey, now: datetime
) -> tuple[int, bytes]:
    before, after = AuditTrail(old, lambda: now), AuditTrail(new, lambda: now)
    changed = (
        update(audit)
        .where(audit.c.n == bindparam("of"))
        .values(sealed=bindparam("anew"), mac=bindparam("chained"))
    )
    entries, head, chained = 0, BEGINNING, BEGINNING
    with _let_change(connection):
        for batch in _batches(list(_rows(connection, select(audit).order_by(audit.c.n)))):
            rows = []
            for row in batch:
                entry = before.entry_of(row)
                sealed, chained = after.sealed(entry.draft, entry.n, entry.at, chained)
                rows.append({"of": entry.n, "anew": sealed, "chained": chained})
                head = entry.mac
            connection.execute(changed, rows)
            entries += len(rows)
    detail = {"before": old.id, "after": new.id, "head": head.hex()}
    after.append(connection, Draft(CONSOLE, Deed.MASTER_KEY_CHANGED.value, "", detail))
    return entries, head


@contextmanager
def _let_change(connection: Connection) -> Iterator[None]:
    """Take the trail's guards away, and put the same ones back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        yield
        connection.execute(text("ALTER TABLE audit ENABLE TRIGGER USER"))
        return
    guards = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
    ).all()
    for name, _ in guards:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in guards:
        connection.exec_driver_sql(sql)


def _rows(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(query).all()


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
