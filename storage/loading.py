"""Reads whole cases back from their rows, any number with eight queries."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    case,
    literal_column,
    select,
)

from dialogs.case import Answer, Case, Consent, Erasing, FilingRecord, Hold
from dialogs.message import Identity
from dialogs.ports import NewerCase
from filing.event import Event, EventType
from filing.materials.material import Material, Side, Verdict
from storage import codec, places
from storage.crypto import Cipher
from storage.instant import from_micros
from storage.keys import DataKeys
from storage.tables import (
    answer,
    consent,
    conversation,
    event,
    filing,
    identity,
    material,
    material_verdict,
)

Kind = TypeVar("Kind", EventType, Side)

_ANSWER = (
    answer.c.filing_id,
    answer.c.n,
    answer.c.step,
    answer.c.sealed,
    answer.c.at,
    answer.c.author,
    answer.c.blanked_at,
)
_EVENT = (event.c.filing_id, event.c.n, event.c.type, event.c.at, event.c.sealed)
_CONSENT = (
    consent.c.conversation_id,
    consent.c.kind,
    consent.c.granted,
    consent.c.text_version,
    consent.c.text_hash,
    consent.c.at,
    consent.c.channel,
)

HOLD = (
    conversation.c.epoch,
    conversation.c.holder,
    conversation.c.holder_name,
    conversation.c.held_since,
    conversation.c.held_until,
)
"""The columns that say who has a conversation."""


def load_cases(connection: Connection, keys: DataKeys, which: ColumnElement[bool]) -> list[Case]:
    """The cases of the conversations that fulfil ``which``. Times come back in UTC.

    Raises ``UnreadableRecord`` or ``NewerCase``.

    Each is seen from where its applicant wrote last. A conversation that was joined to another
    one is nobody's any more, and no case.
    """
    query: Select[Any] = (
        select(
            identity.c.channel,
            identity.c.external_id,
            conversation.c.last_channel,
            conversation.c.last_external_id,
            conversation.c.id,
            conversation.c.applicant_id,
            conversation.c.locale,
            conversation.c.version,
            conversation.c.active_filing,
            conversation.c.attention,
            conversation.c.erase_at,
            conversation.c.erase_told_at,
            *HOLD,
        )
        .join_from(identity, conversation)
        .where(which)
        .order_by(identity.c.channel, identity.c.external_id)
    )
    found = connection.execute(query).all()
    if not found:
        return []
    everywhere: defaultdict[str, list[Identity]] = defaultdict(list)
    for row in found:
        everywhere[row.id].append(Identity(row.channel, row.external_id))
    rows = list({row.id: row for row in found}.values())
    held = _Held.of(connection, keys, [row.applicant_id for row in rows], [row.id for row in rows])
    return [
        Case(
            conversation_id=row.id,
            applicant_id=row.applicant_id,
            identity=everywhere[row.id][0],
            linked=tuple(everywhere[row.id][1:]),
            last_on=_last_on(row),
            locale=row.locale,
            version=row.version,
            active=row.active_filing,
            filings={found.id: found for found in held.filings.get(row.applicant_id, ())},
            attention=codec.load_attention(
                held.ciphers[row.id].open(row.attention, places.attention(row.id, row.version))
            ),
            consents=tuple(held.consents.get(row.id, ())),
            hold=hold_of(row),
            epoch=row.epoch,
            erasing=_erasing_of(row),
        ).seen_from(_latest(row, everywhere[row.id]))
        for row in rows
    ]


IS_LAST = case(
    (
        and_(
            identity.c.channel == conversation.c.last_channel,
            identity.c.external_id == conversation.c.last_external_id,
        ),
        literal_column("1", Integer),
    ),
    else_=literal_column("0", Integer),
)
"""Whether an applicant wrote last on this identity of theirs."""

LAST_FIRST = (IS_LAST.desc(), identity.c.channel, identity.c.external_id)
"""An order of a conversation's identities: where its applicant wrote last first."""


def latest_identities(
    which: ColumnElement[bool], *order: ColumnElement[Any]
) -> Callable[[Connection], Sequence[Identity]]:
    """A read of whose conversations these are: each by the identity they wrote on last."""
    query = (
        select(conversation.c.id, identity.c.channel, identity.c.external_id)
        .join_from(conversation, identity)
        .where(which)
        .order_by(*order, conversation.c.id, *LAST_FIRST)
    )

    def work(connection: Connection) -> Sequence[Identity]:
        found: dict[str, Identity] = {}
        for row in connection.execute(query):
            found.setdefault(row.id, Identity(row.channel, row.external_id))
        return tuple(found.values())

    return work


def _last_on(row: Row[Any]) -> Identity | None:
    if row.last_channel is None:
        return None
    return Identity(row.last_channel, row.last_external_id)


def _latest(row: Row[Any], everywhere: Sequence[Identity]) -> Identity:
    last = _last_on(row)
    return last if last is not None and last in everywhere else everywhere[0]


def hold_of(row: Row[Any]) -> Hold | None:
    """Who has the conversation, of a row with the columns ``HOLD``."""
    if row.holder is None:
        return None
    since, until = from_micros(row.held_since), from_micros(row.held_until)
    return Hold(row.holder, row.holder_name, row.epoch, since, until)


def _erasing_of(row: Row[Any]) -> Erasing | None:
    if row.erase_at is None:
        return None
    told = None if row.erase_told_at is None else from_micros(row.erase_told_at)
    return Erasing(from_micros(row.erase_at), told)


@dataclass(frozen=True, slots=True)
class _Held:
    """What belongs to some conversations and their applicants."""

    ciphers: Mapping[str, Cipher]  # by scope
    filings: Mapping[str, Sequence[FilingRecord]]  # by applicant
    consents: Mapping[str, Sequence[Consent]]  # by conversation

    @classmethod
    def of(
        cls,
        connection: Connection,
        keys: DataKeys,
        applicants: Sequence[str],
        conversations: Sequence[str],
    ) -> "_Held":
        query = (
            select(filing)
            .where(filing.c.applicant_id.in_(applicants))
            .order_by(filing.c.created_at, filing.c.id)
        )
        rows = connection.execute(query).all()
        ids = [row.id for row in rows]
        ciphers = keys.load(connection, [*conversations, *ids])
        answers, events = _answers(connection, ciphers, ids), _events(connection, ciphers, ids)
        materials = _materials(connection, ciphers, ids)
        verdicts = _verdicts(connection, ciphers, ids)
        filings: defaultdict[str, list[FilingRecord]] = defaultdict(list)
        for row in rows:
            filings[row.applicant_id].append(
                FilingRecord(
                    row.id,
                    row.flow,
                    row.flow_version,
                    from_micros(row.created_at),
                    tuple(answers.get(row.id, ())),
                    tuple(events.get(row.id, ())),
                    tuple(materials.get(row.id, ())),
                    tuple(verdicts.get(row.id, ())),
                    None if row.gone_over_at is None else from_micros(row.gone_over_at),
                )
            )
        return cls(ciphers, filings, _consents(connection, conversations))


def _known(kinds: type[Kind], value: str, where: str) -> Kind:
    """A stored kind. Raises ``NewerCase`` for one that only a later version can have stored."""
    try:
        return kinds(value)
    except ValueError:
        raise NewerCase(where) from None


def _answers(
    connection: Connection, ciphers: Mapping[str, Cipher], filings: Sequence[str]
) -> Mapping[str, Sequence[Answer]]:
    query = (
        select(*_ANSWER)
        .where(answer.c.filing_id.in_(filings))
        .order_by(answer.c.filing_id, answer.c.n)
    )
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for filing_id, n, step, sealed, at, author, blanked_at in connection.execute(query):
        plain = ciphers[filing_id].open(sealed, places.answer(filing_id, n, step))
        value, basis = codec.load_answer(plain)
        blanked = None if blanked_at is None else from_micros(blanked_at)
        found[filing_id].append(Answer(step, value, from_micros(at), author, basis, blanked))
    return found


def _events(
    connection: Connection, ciphers: Mapping[str, Cipher], filings: Sequence[str]
) -> Mapping[str, Sequence[Event]]:
    query = (
        select(*_EVENT).where(event.c.filing_id.in_(filings)).order_by(event.c.filing_id, event.c.n)
    )
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for filing_id, n, kind, at, sealed in connection.execute(query):
        happened = _known(EventType, kind, f"event {filing_id}/{n}")
        plain = ciphers[filing_id].open(sealed, places.event(filing_id, n, kind))
        found[filing_id].append(Event(happened, from_micros(at), codec.load_data(plain)))
    return found


def _materials(
    connection: Connection, ciphers: Mapping[str, Cipher], filings: Sequence[str]
) -> Mapping[str, Sequence[Material]]:
    query = (
        select(material)
        .where(material.c.filing_id.in_(filings))
        .order_by(material.c.filing_id, material.c.n)
    )
    found: defaultdict[str, list[Material]] = defaultdict(list)
    for row in connection.execute(query):
        place = places.material(row.filing_id, row.n, row.id)
        findings, valid_until = codec.load_found(
            ciphers[row.filing_id].open(row.sealed, place), place
        )
        found[row.filing_id].append(
            Material(
                row.id,
                row.slot,
                _known(Side, row.side, place),
                from_micros(row.at),
                row.media_type,
                row.size,
                row.width,
                row.height,
                findings,
                valid_until,
                row.author,
                row.gone,
            )
        )
    return found


def _verdicts(
    connection: Connection, ciphers: Mapping[str, Cipher], filings: Sequence[str]
) -> Mapping[str, Sequence[Verdict]]:
    query = (
        select(material_verdict)
        .where(material_verdict.c.filing_id.in_(filings))
        .order_by(material_verdict.c.filing_id, material_verdict.c.n)
    )
    found: defaultdict[str, list[Verdict]] = defaultdict(list)
    for row in connection.execute(query):
        place = places.verdict(row.filing_id, row.n, row.material)
        code, note = codec.load_reason(ciphers[row.filing_id].open(row.sealed, place))
        found[row.filing_id].append(
            Verdict(row.material, row.accepted, from_micros(row.at), row.agent, code, note)
        )
    return found


def _consents(
    connection: Connection, conversations: Sequence[str]
) -> Mapping[str, Sequence[Consent]]:
    query = (
        select(*_CONSENT)
        .where(consent.c.conversation_id.in_(conversations))
        .order_by(consent.c.conversation_id, consent.c.n)
    )
    found: defaultdict[str, list[Consent]] = defaultdict(list)
    for scope, kind, granted, version, text_hash, at, channel in connection.execute(query):
        found[scope].append(Consent(kind, granted, version, text_hash, from_micros(at), channel))
    return found
