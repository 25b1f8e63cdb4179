"""Joins a person's channels to one conversation, and parts them again."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from dialogs.linking import AGREE_WITHIN, LINK_LIFE, Settlement, Use
from dialogs.message import Identity
from dialogs.ports import WITHDRAWN
from scheduler.notices import RUNGS
from storage import places
from storage.cases import SqlCaseStore
from storage.engine import Database
from storage.instant import to_micros
from storage.keys import DataKeys
from storage.loading import LAST_FIRST
from storage.rows import unsent
from storage.tables import (
    answer,
    applicant,
    calendar_feed,
    consent,
    contact,
    conversation,
    data_key,
    dead_letter,
    docket,
    event,
    file,
    filing,
    form_grant,
    identity,
    link_code,
    material,
    message,
    question,
)


class SqlLinks:
    """``LinkStore`` on SQLite or PostgreSQL."""

    def __init__(self, database: Database, keys: DataKeys, cases: SqlCaseStore) -> None:
        self._database = database
        self._keys = keys
        self._cases = cases

    async def open(self, whose: Identity, code_hash: str, target: str, now: datetime) -> str | None:
        """See ``LinkStore``."""

        def work(connection: Connection) -> str | None:
            scope = _home(connection, whose)
            if scope is None:
                return None
            connection.execute(delete(link_code).where(link_code.c.conversation_id == scope))
            link_id = token_urlsafe(9)
            connection.execute(
                insert(link_code).values(
                    id=link_id,
                    code_hash=code_hash,
                    conversation_id=scope,
                    asked_channel=whose.channel,
                    asked_external_id=whose.external_id,
                    target=target,
                    expires_at=to_micros(now + LINK_LIFE),
                )
            )
            return link_id

        return await self._database.write(work)

    async def use(self, code_hash: str, by: Identity, now: datetime) -> Use | None:
        """See ``LinkStore``."""
        return await self._database.write(partial(self._use, code_hash, by, now))

    async def settle(
        self, link_id: str, owner: Identity, now: datetime, *, agrees: bool
    ) -> Settlement:
        """See ``LinkStore``."""
        work = partial(self._settle, link_id, owner, now, agrees)
        try:
            settled = await self._database.write(work)
        except IntegrityError:  # whoever used the code wrote for the first time just then
            settled = await self._database.write(work)
        if settled.how == "joined" and settled.user is not None:
            for one in (owner, settled.user):
                self._cases.evict(one)
        return settled

    async def unlink(self, whose: Identity, gone: Identity, now: datetime) -> bool:
        """See ``LinkStore``."""
        parted = await self._database.write(partial(self._unlink, whose, gone, now))
        for one in (whose, gone):
            self._cases.evict(one)
        return parted

    def _use(
        self, code_hash: str, by: Identity, now: datetime, connection: Connection
    ) -> Use | None:
        query = select(link_code).where(
            link_code.c.code_hash == code_hash, link_code.c.expires_at > to_micros(now)
        )
        row = connection.execute(query.with_for_update()).first()
        if row is None:
            return None
        scope = _home(connection, by)
        owner = _owner(connection, row)
        if scope == row.conversation_id:
            return Use("own", row.id, owner)
        user = _user(row)
        if row.settled is not None or user not in (None, by) or row.target not in ("", by.channel):
            if user is None:  # spent on the wrong channel
                connection.execute(
                    update(link_code).where(link_code.c.id == row.id).values(settled="refused")
                )
            return Use("foreign", row.id, owner)
        if _attended(connection, row.conversation_id, scope):
            return Use("busy", row.id, owner)
        if user is None:
            connection.execute(
                update(link_code)
                .where(link_code.c.id == row.id)
                .values(
                    used_channel=by.channel,
                    used_external_id=by.external_id,
                    expires_at=to_micros(now + AGREE_WITHIN),
                )
            )
        return Use("waits", row.id, owner, len(_begun(connection, scope)))

    def _settle(
        self, link_id: str, owner: Identity, now: datetime, agrees: bool, connection: Connection
    ) -> Settlement:
        scope = _home(connection, owner)
        query = select(link_code).where(
            link_code.c.id == link_id,
            link_code.c.conversation_id == scope,
            link_code.c.used_channel.is_not(None),
        )
        row = connection.execute(query.with_for_update()).first()
        if row is None or scope is None:
            return Settlement("over")
        user = Identity(row.used_channel, row.used_external_id)
        if row.settled == "joined":
            return Settlement("joined", user)
        if row.settled is not None or row.expires_at <= to_micros(now):
            return Settlement("over", user)
        if not agrees:
            self._note(connection, link_id, "refused")
            return Settlement("refused", user)
        if not self._join(connection, scope, user, now):
            return Settlement("busy", user)
        self._note(connection, link_id, "joined")
        return Settlement("joined", user)

    def _note(self, connection: Connection, link_id: str, how: str) -> None:
        connection.execute(update(link_code).where(link_code.c.id == link_id).values(settled=how))

    def _join(self, connection: Connection, scope: str, user: Identity, now: datetime) -> bool:
        """Bring a channel, with what was begun there, to a conversation; False if it is held."""
        earlier = _home(connection, user)
        rows = _locked(connection, [scope] if earlier is None else [scope, earlier])
        if _attended(connection, scope, earlier):
            return False
        if earlier is None:
            connection.execute(
                insert(identity).values(
                    channel=user.channel, external_id=user.external_id, conversation_id=scope
                )
            )
        elif earlier != scope:
            self._bring(connection, rows[earlier], rows[scope], now)
        self._changed(connection, rows[scope], now)
        return True

    def _bring(
        self, connection: Connection, earlier: Row[Any], kept: Row[Any], now: datetime
    ) -> None:
        """Make a conversation an earlier one of another's applicant, who now is one person."""
        gone = earlier.applicant_id
        _drop_empty_filings(connection, gone)
        begun = _begun(connection, kept.id)
        if earlier.active_filing in _begun(connection, earlier.id) and not begun:
            _drop_empty_filings(connection, kept.applicant_id)
            active = update(conversation).where(conversation.c.id == kept.id)
            connection.execute(active.values(active_filing=earlier.active_filing))
        for table in (filing, conversation):
            connection.execute(
                update(table)
                .where(table.c.applicant_id == gone)
                .values(applicant_id=kept.applicant_id)
            )
        for one in (identity, calendar_feed):
            connection.execute(
                update(one)
                .where(one.c.conversation_id == earlier.id)
                .values(conversation_id=kept.id)
            )
        for other in (docket, link_code):
            connection.execute(delete(other).where(other.c.conversation_id == earlier.id))
        self._bring_contacts(connection, earlier.id, kept.id)
        _bring_consents(connection, earlier.id, kept.id)
        self._changed(connection, earlier, now)
        connection.execute(
            update(conversation).where(conversation.c.id == earlier.id).values(active_filing=None)
        )
        connection.execute(delete(applicant).where(applicant.c.id == gone))

    def _bring_contacts(self, connection: Connection, earlier: str, kept: str) -> None:
        """Addresses are sealed with their conversation: seal them anew."""
        ciphers = self._keys.load(connection, [earlier, kept])
        query = select(contact.c.id, contact.c.sealed).where(contact.c.conversation_id == earlier)
        for row in connection.execute(query).all():
            place = places.contact(row.id)
            sealed = ciphers[kept].seal(ciphers[earlier].open(row.sealed, place), place)
            connection.execute(
                update(contact)
                .where(contact.c.id == row.id)
                .values(conversation_id=kept, sealed=sealed)
            )

    def _changed(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        """Raise a conversation's version: what other processes know of it is out of date."""
        cipher = self._keys.load(connection, [row.id])[row.id]
        plain = cipher.open(row.attention, places.attention(row.id, row.version))
        connection.execute(
            update(conversation)
            .where(conversation.c.id == row.id)
            .values(
                version=row.version + 1,
                attention=cipher.seal(plain, places.attention(row.id, row.version + 1)),
                updated_at=to_micros(now),
            )
        )

    def _unlink(
        self, whose: Identity, gone: Identity, now: datetime, connection: Connection
    ) -> bool:
        scope = _home(connection, whose)
        if scope is None:
            return False
        connection.execute(  # before the conversation is locked, as settling does
            delete(link_code).where(
                link_code.c.conversation_id == scope,
                link_code.c.asked_channel == gone.channel,
                link_code.c.asked_external_id == gone.external_id,
            )
        )
        row = _locked(connection, [scope])[scope]
        together = _together(connection, scope)
        left = [one for one in together if one != gone]
        if gone not in together or whose not in together or not left:
            return False
        connection.execute(delete(identity).where(*_is(identity, gone)))
        connection.execute(
            update(message)
            .where(
                message.c.channel.in_([gone.channel, *RUNGS.get(gone.channel, ())]),
                message.c.external_id == gone.external_id,
                message.c.kind == "said",
                unsent(to_micros(now)),
            )
            .values(status=WITHDRAWN, due_at=None, settled_at=to_micros(now))
        )
        connection.execute(delete(form_grant).where(*_is(form_grant, gone)))
        heir = {"channel": left[0].channel, "external_id": left[0].external_id}
        for table in (file, dead_letter, question):  # they stay with the filings
            connection.execute(update(table).where(*_is(table, gone)).values(**heir))
        if Identity(row.last_channel or "", row.last_external_id or "") == gone:
            connection.execute(
                update(conversation)
                .where(conversation.c.id == scope)
                .values(last_channel=left[0].channel, last_external_id=left[0].external_id)
            )
        self._changed(connection, row, now)
        return True


def _home(connection: Connection, whose: Identity) -> str | None:
    query = select(identity.c.conversation_id).where(*_is(identity, whose))
    found: str | None = connection.execute(query).scalar()
    return found


def _is(table: Any, whose: Identity) -> Sequence[Any]:
    return (table.c.channel == whose.channel, table.c.external_id == whose.external_id)


def _together(connection: Connection, scope: str) -> list[Identity]:
    """The identities of a conversation, where its applicant wrote last first."""
    query = (
        select(identity.c.channel, identity.c.external_id)
        .join_from(identity, conversation)
        .where(conversation.c.id == scope)
        .order_by(*LAST_FIRST)
    )
    return [Identity(row.channel, row.external_id) for row in connection.execute(query)]


def _owner(connection: Connection, row: Row[Any]) -> Identity:
    """Where whoever asked for a code wrote last."""
    together = _together(connection, row.conversation_id)
    return together[0] if together else Identity(row.asked_channel, row.asked_external_id)


def _user(row: Row[Any]) -> Identity | None:
    return None if row.used_channel is None else Identity(row.used_channel, row.used_external_id)


def _locked(connection: Connection, scopes: Sequence[Any]) -> dict[str, Row[Any]]:
    """The rows of conversations, locked in order of id as turns lock them."""
    query = (
        select(conversation)
        .where(conversation.c.id.in_(scopes))
        .order_by(conversation.c.id)
        .with_for_update()
    )
    return {row.id: row for row in connection.execute(query)}


def _attended(connection: Connection, kept: str, earlier: str | None) -> bool:
    """Whether a person has one of two conversations, or is waited for in the second; or one of
    them is to be erased: what comes to it would go with it."""
    query = select(func.count()).where(
        conversation.c.id.in_([kept, earlier]),
        or_(
            conversation.c.holder.is_not(None),
            conversation.c.erase_at.is_not(None),
            and_(conversation.c.id == earlier, conversation.c.waiting_since.is_not(None)),
        ),
    )
    return bool(connection.execute(query).scalar())


def _begun(connection: Connection, scope: str | None) -> list[str]:
    """The filings begun in a conversation's name: those with an answer or an event."""
    query = (
        select(filing.c.id)
        .join_from(filing, conversation, conversation.c.applicant_id == filing.c.applicant_id)
        .where(conversation.c.id == scope, _is_begun())
    )
    return list(connection.execute(query).scalars())


def _is_begun() -> Any:
    return or_(
        exists().where(answer.c.filing_id == filing.c.id),
        exists().where(event.c.filing_id == filing.c.id),
        exists().where(material.c.filing_id == filing.c.id),
    )


def _drop_empty_filings(connection: Connection, applicant_id: str) -> None:
    query = select(filing.c.id).where(filing.c.applicant_id == applicant_id, ~_is_begun())
    empty = list(connection.execute(query).scalars())
    connection.execute(delete(filing).where(filing.c.id.in_(empty)))
    connection.execute(delete(data_key).where(data_key.c.scope.in_(empty)))


def _bring_consents(connection: Connection, earlier: str, kept: str) -> None:
    """Put the consents of a conversation behind those of another."""
    most = select(func.coalesce(func.max(consent.c.n), -1)).where(consent.c.conversation_id == kept)
    first = connection.execute(most).scalar_one() + 1
    connection.execute(
        update(consent)
        .where(consent.c.conversation_id == earlier)
        .values(conversation_id=kept, n=consent.c.n + first)
    )
