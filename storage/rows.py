"""The rows a turn may write, one type each: its fields are its statement's parameters, in order."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import ClauseElement

from dialogs.ports import WITHDRAWN
from dialogs.reminding import HELD
from storage import tables


class NewApplicant(NamedTuple):
    """A person who writes for the first time."""

    id: str
    created_at: int


class NewConversation(NamedTuple):
    """A conversation's first turn."""

    id: str
    applicant_id: str
    locale: str
    version: int
    active_filing: str | None
    attention: bytes
    updated_at: int
    waiting_since: int | None
    last_channel: str | None
    last_external_id: str | None


class ConversationChange(NamedTuple):
    """A later turn of a conversation."""

    locale: str
    version: int
    active_filing: str | None
    attention: bytes
    updated_at: int
    waiting_since: int | None
    last_channel: str | None
    last_external_id: str | None
    conversation: str


class HoldChange(NamedTuple):
    """Who has the conversation now, and until when; nobody where all but the epoch is empty."""

    epoch: int
    holder: str | None
    holder_name: str | None
    held_since: int | None
    held_until: int | None
    conversation: str


class ErasureChange(NamedTuple):
    """When all of a person's is to go, and when they were told that it happens; none: it stays."""

    erase_at: int | None
    erase_told_at: int | None
    conversation: str


class WaitingWithdrawn(NamedTuple):
    """What waits to be sent in a conversation that somebody takes, if nobody is sending it."""

    settled_at: int
    conversation: str
    now: int


class RemindersReleased(NamedTuple):
    """Reminders put off while somebody had the conversation: due again."""

    due_at: int
    applicant: str


class NewIdentity(NamedTuple):
    """The person on one channel."""

    channel: str
    external_id: str
    conversation_id: str


class NewDataKey(NamedTuple):
    """A scope's data key, wrapped by the master key."""

    scope: str
    wrapped: bytes
    key_id: str


class NewFiling(NamedTuple):
    """A filing begun."""

    id: str
    applicant_id: str
    flow: str
    flow_version: int
    created_at: int


class FilingChange(NamedTuple):
    """A filing carried over to another version of its flow."""

    flow: str
    flow_version: int
    filing: str


class FilingGoneOver(NamedTuple):
    """A filing whose answers were gone over: those due are blanked."""

    gone_over_at: int
    filing: str


class AnswerBlanked(NamedTuple):
    """An answer whose value went, or whose basis was a fingerprint over one that did."""

    sealed: bytes
    blanked_at: int | None
    filing: str
    number: int


class NewAnswer(NamedTuple):
    """One answer."""

    filing_id: str
    n: int
    step: str
    sealed: bytes
    at: int
    author: str
    blanked_at: int | None


class NewEvent(NamedTuple):
    """One event of a filing."""

    filing_id: str
    n: int
    type: str
    at: int
    recorded_at: int
    sealed: bytes


class NewMaterial(NamedTuple):
    """One piece received for a filing."""

    filing_id: str
    n: int
    id: str
    slot: str
    side: str
    at: int
    media_type: str
    size: int
    width: int
    height: int
    sealed: bytes
    author: str
    gone: bool


class MaterialGone(NamedTuple):
    """A piece whose content was deleted."""

    filing: str
    number: int


class NewVerdict(NamedTuple):
    """What staff said of a piece."""

    filing_id: str
    n: int
    material: str
    accepted: bool
    at: int
    agent: str
    sealed: bytes


class IndexEntry(NamedTuple):
    """A step's present value as the blind index knows it."""

    filing_id: str
    step: str
    digest: bytes


class IndexGone(NamedTuple):
    """A step whose value was taken back."""

    filing: str
    key: str


class NewConsent(NamedTuple):
    """A consent given or refused."""

    conversation_id: str
    n: int
    kind: str
    granted: bool
    text_version: str
    text_hash: str
    at: int
    channel: str


class NewMessage(NamedTuple):
    """One line of the transcript, or one thing to deliver, or both."""

    public_id: str | None
    conversation_id: str
    turn: int
    kind: str
    channel: str
    external_id: str
    message_id: str | None
    sealed: bytes | None
    status: str
    attempts: int
    due_at: int | None
    fence: int
    at: int
    author: str | None
    epoch: int
    urgent: bool
    files: bytes | None

    def claimed(self, until: int) -> "NewMessage":
        """The row as its first claim leaves it."""
        return self._replace(status="sending", due_at=until, attempts=1, fence=1)


class FormSpent(NamedTuple):
    """A secure form that this turn used up."""

    used_at: int
    token: str


class NewForm(NamedTuple):
    """A permission to fill a secure form once."""

    token_hash: str
    filing_id: str
    steps: str
    channel: str | None
    external_id: str | None
    locale: str
    expires_at: int


class NewReminder(NamedTuple):
    """A reminder that should exist, or that was cancelled and should exist again."""

    key: str
    filing_id: str
    deadline: str
    kind: str
    offset: str
    purpose: str
    at: int
    deadline_at: int
    number: int
    total: int
    status: str
    due_at: int | None
    settled_at: int | None


class ReminderMoved(NamedTuple):
    """A planned reminder at another time."""

    at: int
    deadline_at: int
    number: int
    total: int
    due_at: int
    moved: str


class OutgoingWithdrawn(NamedTuple):
    """What a cancelled reminder left in an outbox, if nobody is sending it yet."""

    settled_at: int
    cancelled: str


class ReminderCancelled(NamedTuple):
    """A reminder that should no longer exist."""

    settled_at: int
    cancelled: str


class ReminderSettled(NamedTuple):
    """What a sweeper did with the reminder it held."""

    status: str
    due_at: int | None
    outgoing_id: str | None
    reason: str | None
    settled_at: int | None
    settled: str
    held: int


class DeliverySettled(NamedTuple):
    """What came of one attempt."""

    status: str
    way: str | None
    outgoing_id: str | None
    reason: str | None
    settled_at: int
    settled: str
    held: int


class NewStaffTask(NamedTuple):
    """Something staff must look at; known by its key, it is there once."""

    key: str
    filing_id: str
    kind: str
    deadline: str | None
    note: str
    at: int


class NewQuestion(NamedTuple):
    """A question without an answer that helped."""

    conversation_id: str
    turn: int
    channel: str
    external_id: str
    at: int
    sealed: bytes
    route: str
    helped: bool | None
    locale: str
    province: str | None
    subject_kind: str | None
    filing_kind: str | None
    stage: str | None
    step: str | None
    article: str | None


class QuestionAnswered(NamedTuple):
    """An article that came later was told to whoever asked."""

    answered_at: int
    answered_by: str
    number: int


class NewReceipt(NamedTuple):
    """What another program's call was answered."""

    key: str
    conversation_id: str
    answer: str
    at: int


class Counted(NamedTuple):
    """A question was dealt with."""

    at: int
    route: str


class HandoverBegun(NamedTuple):
    """Somebody waits for a person."""

    conversation_id: str
    waiting_since: int


class HandoverTaken(NamedTuple):
    """A person came; the first one is kept."""

    taken_at: int
    agent: str
    conversation: str


class HandoverAnswered(NamedTuple):
    """A person said something; the first time is kept."""

    answered_at: int
    conversation: str


class HandoverClosed(NamedTuple):
    """Nobody waits any more, and no person is there."""

    closed_at: int
    conversation: str


class HandoverRated(NamedTuple):
    """How the applicant rates the help they had last."""

    rating: int
    conversation: str


class HandoverCommented(NamedTuple):
    """What the applicant says of the help they had last."""

    comment: bytes
    conversation: str


TurnRow: TypeAlias = (
    NewApplicant
    | NewConversation
    | ConversationChange
    | HoldChange
    | ErasureChange
    | WaitingWithdrawn
    | RemindersReleased
    | NewIdentity
    | NewDataKey
    | NewFiling
    | FilingChange
    | NewAnswer
    | NewEvent
    | NewMaterial
    | MaterialGone
    | NewVerdict
    | IndexEntry
    | IndexGone
    | NewConsent
    | NewMessage
    | FilingGoneOver
    | AnswerBlanked
    | FormSpent
    | NewForm
    | NewQuestion
    | QuestionAnswered
    | NewReceipt
    | Counted
    | HandoverBegun
    | HandoverTaken
    | HandoverAnswered
    | HandoverClosed
    | HandoverRated
    | HandoverCommented
    | NewReminder
    | ReminderMoved
    | OutgoingWithdrawn
    | ReminderCancelled
    | ReminderSettled
    | DeliverySettled
    | NewStaffTask
)
"""Any row a turn may write."""


def unsent(now: BindParameter[int] | int) -> ColumnElement[bool]:
    """Waits in the outbox, and nobody is sending it: not begun, or the sender's lease is over."""
    status, due_at = tables.message.c.status, tables.message.c.due_at
    is_lost = and_(status == literal_column("'sending'"), due_at <= now)
    return or_(is_lost, status == literal_column("'due'"))


def _index_entry(dialect: str) -> ClauseElement:
    # Both databases spell it alike, SQLAlchemy does not.
    if dialect == "postgresql":
        added = postgresql.insert(tables.blind_index)
        return added.on_conflict_do_update(
            index_elements=["filing_id", "step"], set_={"digest": added.excluded.digest}
        )
    put = sqlite.insert(tables.blind_index)
    return put.on_conflict_do_update(
        index_elements=["filing_id", "step"], set_={"digest": put.excluded.digest}
    )


def _reminder(dialect: str) -> ClauseElement:
    kept = ("status", "due_at", "at", "deadline_at", "number", "total", "settled_at", "reason")
    if dialect == "postgresql":
        added = postgresql.insert(tables.reminder)
        return added.on_conflict_do_update(
            index_elements=["key"], set_={name: added.excluded[name] for name in kept}
        )
    put = sqlite.insert(tables.reminder)
    return put.on_conflict_do_update(
        index_elements=["key"], set_={name: put.excluded[name] for name in kept}
    )


def _staff_task(dialect: str) -> ClauseElement:
    if dialect == "postgresql":
        return postgresql.insert(tables.staff_task).on_conflict_do_nothing(index_elements=["key"])
    return sqlite.insert(tables.staff_task).on_conflict_do_nothing(index_elements=["key"])


def _of_open_handover() -> Update:
    handover = tables.handover
    return update(handover).where(
        handover.c.conversation_id == bindparam("conversation"), handover.c.closed_at.is_(None)
    )


def writes(dialect: str) -> Mapping[type[TurnRow], ClauseElement]:
    """The statement of each row type, parents before children."""
    conversation, filing, blind = tables.conversation, tables.filing, tables.blind_index
    message, reminder, delivery = tables.message, tables.reminder, tables.delivery
    handover = tables.handover
    latest_handover = (
        select(func.max(handover.c.n))
        .where(
            handover.c.conversation_id == bindparam("conversation"),
            handover.c.taken_at.is_not(None),
        )
        .scalar_subquery()
    )
    handed = (
        select(reminder.c.outgoing_id)
        .where(
            reminder.c.key == bindparam("cancelled"),
            reminder.c.status == literal_column("'handed'"),
        )
        .scalar_subquery()
    )
    return MappingProxyType(
        {
            NewApplicant: insert(tables.applicant),
            NewConversation: insert(conversation),
            ConversationChange: update(conversation).where(
                conversation.c.id == bindparam("conversation")
            ),
            HoldChange: update(conversation).where(conversation.c.id == bindparam("conversation")),
            ErasureChange: update(conversation).where(
                conversation.c.id == bindparam("conversation")
            ),
            WaitingWithdrawn: update(message)
            .where(
                message.c.conversation_id == bindparam("conversation"),
                message.c.kind == literal_column("'said'"),
                ~message.c.urgent,
                unsent(bindparam("now")),
            )
            .values(
                status=literal_column(f"'{WITHDRAWN}'"),
                due_at=null(),
                settled_at=bindparam("settled_at"),
            ),
            NewIdentity: insert(tables.identity),
            NewDataKey: insert(tables.data_key),
            NewFiling: insert(filing),
            FilingChange: update(filing).where(filing.c.id == bindparam("filing")),
            FilingGoneOver: update(filing).where(filing.c.id == bindparam("filing")),
            AnswerBlanked: update(tables.answer).where(
                tables.answer.c.filing_id == bindparam("filing"),
                tables.answer.c.n == bindparam("number"),
            ),
            NewAnswer: insert(tables.answer),
            NewEvent: insert(tables.event),
            NewMaterial: insert(tables.material),
            MaterialGone: update(tables.material)
            .where(
                tables.material.c.filing_id == bindparam("filing"),
                tables.material.c.n == bindparam("number"),
            )
            .values(gone=true()),
            NewVerdict: insert(tables.material_verdict),
            IndexGone: delete(blind).where(
                blind.c.filing_id == bindparam("filing"), blind.c.step == bindparam("key")
            ),
            IndexEntry: _index_entry(dialect),
            NewConsent: insert(tables.consent),
            NewMessage: insert(tables.message),
            FormSpent: update(tables.form_grant).where(
                tables.form_grant.c.token_hash == bindparam("token")
            ),
            NewForm: insert(tables.form_grant),
            NewQuestion: insert(tables.question),
            QuestionAnswered: update(tables.question).where(
                tables.question.c.n == bindparam("number"),
                tables.question.c.answered_at.is_(None),
            ),
            NewReceipt: insert(tables.receipt),
            Counted: insert(tables.asked),
            HandoverBegun: insert(handover),
            HandoverTaken: _of_open_handover().where(handover.c.taken_at.is_(None)),
            HandoverAnswered: _of_open_handover().where(handover.c.answered_at.is_(None)),
            HandoverClosed: _of_open_handover(),
            HandoverRated: update(handover).where(handover.c.n == latest_handover),
            HandoverCommented: update(handover).where(handover.c.n == latest_handover),
            OutgoingWithdrawn: update(message)
            .where(message.c.public_id == handed, message.c.status == literal_column("'due'"))
            .values(
                status=literal_column("'withdrawn'"),
                due_at=null(),
                settled_at=bindparam("settled_at"),
            ),
            ReminderCancelled: update(reminder)
            .where(
                reminder.c.key == bindparam("cancelled"),
                reminder.c.status.in_(
                    [
                        literal_column("'planned'"),
                        literal_column("'sending'"),
                        literal_column("'handed'"),
                    ]
                ),
            )
            .values(
                status=literal_column("'cancelled'"),
                due_at=null(),
                settled_at=bindparam("settled_at"),
            ),
            ReminderMoved: update(reminder)
            .where(
                reminder.c.key == bindparam("moved"),
                reminder.c.status == literal_column("'planned'"),
            )
            .values(reason=null()),
            NewReminder: _reminder(dialect),
            RemindersReleased: update(reminder)
            .where(
                reminder.c.filing_id.in_(
                    select(filing.c.id).where(filing.c.applicant_id == bindparam("applicant"))
                ),
                reminder.c.status == literal_column("'planned'"),
                reminder.c.reason == literal_column(f"'{HELD}'"),
            )
            .values(due_at=bindparam("due_at"), reason=null()),
            ReminderSettled: update(reminder)
            .where(reminder.c.key == bindparam("settled"), reminder.c.fence == bindparam("held"))
            .values(attempts=literal_column("0")),  # those that end in a fault are counted
            DeliverySettled: update(delivery).where(
                delivery.c.reminder_key == bindparam("settled"),
                delivery.c.fence == bindparam("held"),
            ),
            NewStaffTask: _staff_task(dialect),
        }
    )
