"""The tables. Moments are whole microseconds (UTC), ``sealed`` columns are encrypted.

Children go with their parents: deleting an ``applicant`` empties every table but ``data_key``,
``file``, ``dead_letter`` and WeChat's own, which an erasure clears by name (``storage.filings``).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_QUEUE = ("band", "rank", "since", "conversation_id")
"""The order of the desk's queue."""


def _some(table: str, column: str, *columns: str) -> Index:
    """An index of the rows in which a column is filled."""
    filled = text(f"{column} IS NOT NULL")
    return Index(f"ix_{table}_{column}", *columns, sqlite_where=filled, postgresql_where=filled)


# SQLite numbers rows by itself only in a column declared INTEGER.
_Serial = BigInteger().with_variant(Integer(), "sqlite")


def _child_of(parent: str) -> ForeignKey:
    return ForeignKey(parent, ondelete="CASCADE")


applicant = Table(
    "applicant",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", BigInteger, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("applicant_id", Text, _child_of("applicant.id"), nullable=False, index=True),
    Column("locale", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("active_filing", Text),
    Column("attention", LargeBinary, nullable=False),  # sealed Attention
    Column("updated_at", BigInteger, nullable=False, index=True),
    Column("epoch", BigInteger, nullable=False, server_default="0"),  # rises with every claim
    Column("holder", Text),  # id of the agent who has it; the next three with it, or none
    Column("holder_name", Text),
    Column("held_since", BigInteger),
    Column("held_until", BigInteger),  # the lease's end
    Index(
        "ix_conversation_held",
        "held_until",
        sqlite_where=text("held_until IS NOT NULL"),
        postgresql_where=text("held_until IS NOT NULL"),
    ),
    Column("waiting_since", BigInteger),  # for a person, while they do
    Index(
        "ix_conversation_waiting",
        "waiting_since",
        sqlite_where=text("waiting_since IS NOT NULL"),
        postgresql_where=text("waiting_since IS NOT NULL"),
    ),
    Column("erase_at", BigInteger),  # all of this person's is to go then
    Column("erase_told_at", BigInteger),  # when they were told that it happens now
    Index(
        "ix_conversation_erase",
        "erase_at",
        sqlite_where=text("erase_at IS NOT NULL"),
        postgresql_where=text("erase_at IS NOT NULL"),
    ),
    Column("last_channel", Text),  # where the applicant wrote last
    Column("last_external_id", Text),
)

identity = Table(
    "identity",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

link_code = Table(
    "link_code",
    metadata,
    Column("id", Text, primary_key=True),  # random; stands in buttons
    Column("code_hash", Text, nullable=False),
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("asked_channel", Text, nullable=False),  # who asked for it
    Column("asked_external_id", Text, nullable=False),
    Column("target", Text, nullable=False),  # the channel it is for; empty: any
    Column("expires_at", BigInteger, nullable=False),  # once used: until when it may be agreed to
    Column("used_channel", Text),  # who used it
    Column("used_external_id", Text),
    Column("settled", Text),  # joined or refused
    Index("uq_link_code_hash", "code_hash", unique=True),
    sqlite_with_rowid=False,
)
"""Codes by which a person joins another channel of theirs to a conversation, one at a time."""

filing = Table(
    "filing",
    metadata,
    Column("id", Text, primary_key=True),  # public and random
    Column("applicant_id", Text, _child_of("applicant.id"), nullable=False, index=True),
    Column("flow", Text, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("gone_over_at", BigInteger),  # answers given until then are blanked, where due
)

answer = Table(
    "answer",
    metadata,
    Column("filing_id", Text, _child_of("filing.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),  # 0, 1, 2 … only appended
    Column("step", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # value and basis: the basis is a plain hash
    Column("at", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("blanked_at", BigInteger),  # when its value went
    sqlite_with_rowid=False,
)

event = Table(
    "event",
    metadata,
    Column("filing_id", Text, _child_of("filing.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it happened
    Column("recorded_at", BigInteger, nullable=False),  # when it was told
    Column("sealed", LargeBinary, nullable=False),  # the event's data
    sqlite_with_rowid=False,
)

material = Table(
    "material",
    metadata,
    Column("filing_id", Text, _child_of("filing.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),  # 0, 1, 2 … only appended
    Column("id", Text, nullable=False),  # of its content in ``file``
    Column("slot", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("width", Integer, nullable=False),  # pixels
    Column("height", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what was found on it, until when it is valid
    Column("author", Text, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),  # its content was deleted
    UniqueConstraint("id"),
    # What retention looks through: pieces whose content is still there.
    Index(
        "ix_material_kept",
        "at",
        sqlite_where=text("NOT gone"),
        postgresql_where=text("NOT gone"),
    ),
    sqlite_with_rowid=False,
)

material_verdict = Table(
    "material_verdict",
    metadata,
    Column("filing_id", Text, _child_of("filing.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("material", Text, nullable=False),  # material.id
    Column("accepted", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("agent", Text, nullable=False),  # their name
    Column("sealed", LargeBinary, nullable=False),  # the reason: its code, and in words
    sqlite_with_rowid=False,
)

blind_index = Table(
    "blind_index",
    metadata,
    Column("filing_id", Text, _child_of("filing.id"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False, index=True),
    sqlite_with_rowid=False,
)

consent = Table(
    "consent",
    metadata,
    Column("conversation_id", Text, _child_of("conversation.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    sqlite_with_rowid=False,
)

message = Table(
    "message",
    metadata,
    Column("seq", _Serial, primary_key=True),  # rises by conversation, never used twice
    Column("public_id", Text),  # of what we send
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False),
    Column("turn", BigInteger, nullable=False),  # the conversation's version it led to
    Column("kind", Text, nullable=False),  # heard, said or delete
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("message_id", Text),  # the platform's id of what we heard
    Column("sealed", LargeBinary),  # words heard, Reply said, or id to delete
    # heard, shown, due, sending, sent, undeliverable, withdrawn
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", BigInteger),  # may be claimed from then on; while leased: the lease's end
    Column("fence", BigInteger, nullable=False, server_default="0"),  # rises with every claim
    Column("platform_id", Text),  # what the platform calls the delivered message
    Column("reason", Text),  # why it could not be delivered
    Column("settled_at", BigInteger),
    Column("at", BigInteger, nullable=False),
    Column("author", Text),  # of what was said: assistant or agent:<name>
    Column("epoch", BigInteger, nullable=False, server_default="0"),  # the conversation's, then
    Column("urgent", Boolean, nullable=False, server_default=false()),  # goes whoever has it
    Column("files", LargeBinary),  # sealed: the files kept of what was heard
    Column("tried_at", BigInteger),  # of a notice: its first try that may have arrived
    Index("ix_message_conversation", "conversation_id", "seq"),
    Index("uq_message_public_id", "public_id", unique=True),
    Index(
        "uq_message_inbound",
        "channel",
        "external_id",
        "message_id",
        unique=True,
        sqlite_where=text("message_id IS NOT NULL"),
        postgresql_where=text("message_id IS NOT NULL"),
    ),
    # A row waits for delivery exactly while it has a due_at.
    Index(
        "ix_message_due",
        "channel",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_message_waiting",
        "channel",
        "external_id",
        "seq",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

reminder = Table(
    "reminder",
    metadata,
    Column("key", Text, primary_key=True),
    Column("filing_id", Text, _child_of("filing.id"), nullable=False, index=True),
    Column("deadline", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("offset", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("deadline_at", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("due_at", BigInteger),  # may be claimed from then on; while leased: the lease's end
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("outgoing_id", Text),  # what was put in the outbox last
    Column("reason", Text),
    Column("settled_at", BigInteger),
    # A row waits for a sweeper exactly while it has a due_at.
    Index(
        "ix_reminder_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_reminder_handed",
        "outgoing_id",
        sqlite_where=text("status = 'handed'"),
        postgresql_where=text("status = 'handed'"),
    ),
    sqlite_with_rowid=False,
)

delivery = Table(
    "delivery",
    metadata,
    Column("reminder_key", Text, _child_of("reminder.key"), primary_key=True),
    Column("fence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # when it was claimed
    Column("status", Text, nullable=False),  # begun, handed, sent, refused, dropped
    Column("way", Text),  # the channel and whom it names there
    Column("outgoing_id", Text),
    Column("reason", Text),
    Column("settled_at", BigInteger),
    sqlite_with_rowid=False,
)

staff_task = Table(
    "staff_task",
    metadata,
    Column("key", Text, primary_key=True),
    Column("filing_id", Text, _child_of("filing.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("deadline", Text),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("sealed", LargeBinary),  # what a colleague wrote
    Column("due_at", BigInteger),
    Column("author", Text),  # an agent's name; none: the assistant
    Column("assignee", Text),
    Column("done_by", Text),
    Index(
        "ix_staff_task_open",
        "at",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

contact = Table(
    "contact",
    metadata,
    Column("id", Text, primary_key=True),  # random; what the outbox knows the address by
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),  # email or sms
    Column("sealed", LargeBinary, nullable=False),  # the address
    Column("locale", Text, nullable=False),
    Column("code_hash", Text),  # of the code or link that proves it; none once it is verified
    Column("code_expires_at", BigInteger),
    Column("wrong", Integer, nullable=False, server_default="0"),
    Column("verified_at", BigInteger),
    Column("stopped_at", BigInteger),  # the person wants nothing more there
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

question = Table(
    "question",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("turn", BigInteger, nullable=False),  # the conversation's version it led to
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # its words, masked
    Column("route", Text, nullable=False),  # answer, clarify or fallback
    Column("helped", Boolean),  # as its asker said, if they did
    Column("locale", Text, nullable=False),
    Column("province", Text),
    Column("subject_kind", Text),
    Column("filing_kind", Text),
    Column("stage", Text),
    Column("step", Text),
    Column("article", Text),  # the one told
    Column("answered_at", BigInteger),  # when an article that came later was sent
    Column("answered_by", Text),
    Index(
        "ix_question_open",
        "at",
        sqlite_where=text("answered_at IS NULL"),
        postgresql_where=text("answered_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)

asked = Table(
    "asked",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("route", Text, nullable=False),  # answer, clarify, fallback or handover
)
"""How each question was dealt with: only counted, nobody's, so it outlives an erasure."""

handover = Table(
    "handover",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("waiting_since", BigInteger, nullable=False, index=True),
    Column("taken_at", BigInteger),  # by whoever came first
    Column("agent", Text),  # their id
    Column("answered_at", BigInteger),  # their first words, or a colleague's
    Column("closed_at", BigInteger),  # back with the assistant
    Column("rating", Integer),  # 1 to 5, by who was helped
    Column("comment", LargeBinary),  # sealed: their words on it
)

article_draft = Table(
    "article_draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("locale", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("text", Text, nullable=False),  # the whole file
    Column("questions", Text, nullable=False),  # JSON list of numbers
    Column("status", Text, nullable=False, index=True),
    Column("author", Text, nullable=False),  # id of an agent
    Column("changed_at", BigInteger, nullable=False),
    Column("reviewer", Text),
    Column("reviewed_at", BigInteger),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)

review = Table(
    "review",
    metadata,
    Column("conversation_id", Text, _child_of("conversation.id"), primary_key=True),
    Column("week", Text, primary_key=True, index=True),  # its Monday, ISO
    Column("reviewer", Text, nullable=False),
    Column("agent", Text),  # who had helped
    Column("at", BigInteger, nullable=False),
    Column("scores", Text, nullable=False),  # JSON: points by item
    Column("sealed", LargeBinary, nullable=False),  # the comment
    sqlite_with_rowid=False,
)

alert = Table(
    "alert",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("filing_id", Text, _child_of("filing.id"), index=True),
    Column("conversation_id", Text, _child_of("conversation.id"), index=True),
    Column("ended_at", BigInteger),  # nothing to see to any more
    Index(
        "ix_alert_open",
        "kind",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

alert_ping = Table(
    "alert_ping",
    metadata,
    Column("alert_key", Text, _child_of("alert.key"), primary_key=True),
    Column("channel", Text, primary_key=True),  # telegram or email
    Column("recipient", Text, primary_key=True),  # an agent's id, or the team
    Column("status", Text, nullable=False),  # due, sending, sent, failed or dropped
    Column("due_at", BigInteger),  # may be claimed from then on; while leased: the lease's end
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("reason", Text),
    Column("settled_at", BigInteger),
    Index(
        "ix_alert_ping_due",
        "channel",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index("ix_alert_ping_sent", "channel", "recipient", "settled_at"),
    sqlite_with_rowid=False,
)

receipt = Table(
    "receipt",
    metadata,
    Column("key", Text, primary_key=True),  # the caller's idempotency key
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("answer", Text, nullable=False),  # JSON, without personal data
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

data_key = Table(
    "data_key",
    metadata,
    Column("scope", Text, primary_key=True),  # conversation, filing or file id
    Column("wrapped", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),  # of the master key that wrapped it
    sqlite_with_rowid=False,
)

form_grant = Table(
    "form_grant",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("filing_id", Text, _child_of("filing.id"), nullable=False, index=True),
    Column("steps", Text, nullable=False),  # JSON list of step keys
    Column("channel", Text),  # the identity that asked for the form
    Column("external_id", Text),
    Column("locale", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    sqlite_with_rowid=False,
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Index("ix_dead_letter_identity", "channel", "external_id"),
)

file = Table(
    "file",
    metadata,
    Column("id", Text, primary_key=True),  # random; also the name on disk
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("name", LargeBinary, nullable=False),  # sealed: people put names into file names
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes before encryption
    Column("at", BigInteger, nullable=False),
    Index("ix_file_identity", "channel", "external_id"),
)

agent = Table(
    "agent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("display_name", Text),  # what applicants see
    Column("locale", Text),
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Column("factor", LargeBinary),  # sealed: secret of the one-time codes
    Column("factor_step", BigInteger),  # the 30 seconds whose code was used last
    Column("subject", Text),  # who this is at the OpenID Connect provider
    UniqueConstraint("name"),
    Index("uq_agent_subject", "subject", unique=True),
)

alert_choice = Table(
    "alert_choice",
    metadata,
    Column("agent_id", Text, _child_of("agent.id"), primary_key=True),
    Column("email", Text, nullable=False),
    Column("kinds", Text, nullable=False),  # of alerts, with blanks between
    sqlite_with_rowid=False,
)
"""Which alerts members of staff want by e-mail."""

agent_recovery = Table(
    "agent_recovery",
    metadata,
    Column("agent_id", Text, _child_of("agent.id"), primary_key=True),
    Column("digest", Text, primary_key=True),  # of a code that replaces a one-time code, once
    sqlite_with_rowid=False,
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("key", Text, nullable=False),  # network address, or hash of a name
    Column("at", BigInteger, nullable=False),
    Index("ix_login_attempt_key", "key", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("at", BigInteger, nullable=False),
    Column("agent", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the detail, a JSON object of texts
    Column("mac", LargeBinary, nullable=False),  # keyed hash over this and the entry before
    Index("ix_audit_agent", "agent", "n"),
    Index("ix_audit_object", "object", "n"),
)

note = Table(
    "note",
    metadata,
    Column("id", Text, primary_key=True),  # random
    Column("conversation_id", Text, _child_of("conversation.id"), nullable=False, index=True),
    Column("author", Text, nullable=False),  # an agent's name
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

mention = Table(
    "mention",
    metadata,
    Column("note_id", Text, _child_of("note.id"), primary_key=True),
    Column("agent", Text, primary_key=True),
    Column("seen_at", BigInteger),
    Index(
        "ix_mention_unseen",
        "agent",
        sqlite_where=text("seen_at IS NULL"),
        postgresql_where=text("seen_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

shared_draft = Table(
    "shared_draft",
    metadata,
    Column("conversation_id", Text, _child_of("conversation.id"), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

presence = Table(
    "presence",
    metadata,
    Column("conversation_id", Text, _child_of("conversation.id"), primary_key=True),
    Column("who", Text, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    Column("typed_at", BigInteger, nullable=False),  # 0: not at all
    sqlite_with_rowid=False,
)

docket = Table(
    "docket",
    metadata,
    Column("conversation_id", Text, _child_of("conversation.id"), primary_key=True),
    Column("version", BigInteger, nullable=False),  # of the conversation it was made from
    Column("shape", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of the last message that was read for it
    Column("made_at", BigInteger, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("terms", LargeBinary, nullable=False),  # sealed: fingerprint of the words
    # Where it stands in the queue (``desk.queue``); all empty until a program that knows of it
    # has placed it. What a chip holds has 1 in its column.
    Column("band", Integer),
    Column("rank", BigInteger),  # in the band: microseconds, of a later one less if newest first
    Column("since", BigInteger),  # when somebody began to wait, else ``storage.placed.NEVER``
    Column("in_open", Integer),
    Column("in_waiting", Integer),
    Column("in_risk", Integer),
    Column("in_stuck", Integer),
    Column("in_erasing", Integer),
    Column("moves_at", BigInteger),  # time alone moves it then
    Column("next_due", BigInteger),  # its first deadline that is not long over
    Column("placed_by", Text),  # mark of the limits and hours of service
    Column("holder", Text),  # id of the agent who has the conversation
    Column("channel", Text),
    Column("filing", Text),  # the one it shows; the next four are of it
    Column("stage", Text),
    Column("province", Text),
    Column("asking", Text),  # key of the open question
    Column("moved_at", BigInteger),  # its last answer or event
    Column("stirred_at", BigInteger),  # when something last happened in the conversation
    Index("ix_docket_queue", *_QUEUE),
    *(
        _some("docket", name, *_QUEUE)
        for name in ("in_open", "in_waiting", "in_risk", "in_stuck", "in_erasing")
    ),
    _some("docket", "holder", "holder", *_QUEUE),
    *(Index(f"ix_docket_{name}", name, *_QUEUE) for name in ("channel", "stage", "province")),
    _some("docket", "moves_at", "moves_at"),
    _some("docket", "next_due", "next_due"),
    Index("ix_docket_stirred_at", "stirred_at", "conversation_id"),
)

agent_session = Table(
    "agent_session",
    metadata,
    Column("id", Text, primary_key=True),  # hash of the token in the browser
    Column("agent_id", Text, _child_of("agent.id"), nullable=False, index=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("proven_at", BigInteger, nullable=False),
    Column("factor_due", Boolean, nullable=False, server_default=false()),
    Column("address", Text, nullable=False),
    Column("browser", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What the WeChat channel keeps beside the conversations.
wechat_person = Table(
    "wechat_person",
    metadata,
    Column("openid", Text, primary_key=True),
    Column("follows", Boolean, nullable=False),
    Column("talk_until", BigInteger),
    Column("talk_left", Integer, nullable=False),
    Column("touch_until", BigInteger),
    Column("touch_left", Integer, nullable=False),
    Column("talk_sent", Text),  # when messages were sent lately, in microseconds
    Column("touch_sent", Text),  # of former versions: the same for those of a touch
    Column("gone_at", BigInteger),  # when they stopped following
    sqlite_with_rowid=False,
)

wechat_delivery = Table(
    "wechat_delivery",
    metadata,
    Column("openid", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # the same for every repeat
    Column("at", BigInteger, nullable=False, index=True),
    Column("answer", Text),  # ids of the messages it was answered with; empty: none
    Column("sealed", LargeBinary),  # what was posted, until it is dealt with
    Column("due_at", BigInteger),  # from then on anybody may take it over
    Index(
        "ix_wechat_delivery_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

notice_consent = Table(
    "notice_consent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False, index=True),  # an openid
    Column("template_id", Text, nullable=False),
    Column("key", Text, nullable=False),  # how it was given: counts once
    Column("at", BigInteger, nullable=False),
    Column("spent_at", BigInteger),
    Column("outgoing_id", Text),  # the message it was spent on
    UniqueConstraint("key"),
    sqlite_with_rowid=False,
)

wechat_token = Table(
    "wechat_token",
    metadata,
    Column("app_id", Text, primary_key=True),
    Column("sealed", LargeBinary),
    Column("until", BigInteger, nullable=False),
    Column("forced_at", BigInteger),
    Column("holder", Text),  # who fetches one now
    Column("leased_until", BigInteger),
    sqlite_with_rowid=False,
)

# What the channel of WeCom customer service keeps beside the conversations.
wecom_account = Table(
    "wecom_account",
    metadata,
    Column("account", Text, primary_key=True),  # open_kfid
    Column("cursor", Text),  # behind what was taken in last
    Column("taken", BigInteger, nullable=False),  # how much ever was: numbers what is taken in
    Column("holder", Text),  # who pulls now
    Column("leased_until", BigInteger),
    sqlite_with_rowid=False,
)

wecom_message = Table(
    "wecom_message",
    metadata,
    Column("account", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # msgid
    Column("place", BigInteger, nullable=False),  # in the order of their account
    Column("person", Text, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("sealed", LargeBinary),  # what was pulled, until it is dealt with
    Column("due_at", BigInteger),  # waits while there is one; leased: the lease's end
    Index(
        "ix_wecom_message_due",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "ix_wecom_message_waiting",
        "account",
        "person",
        "place",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    sqlite_with_rowid=False,
)

wecom_session = Table(
    "wecom_session",
    metadata,
    Column("person", Text, primary_key=True),
    Column("state", Integer, nullable=False),  # 0 to 4, as WeCom counts
    Column("servicer", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),  # of what one process does for all
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

pace = Table(
    "pace",
    metadata,
    Column("name", Text, primary_key=True),  # of what all processes do in turn
    Column("free_at", BigInteger, nullable=False),  # the next moment nobody has reserved
    sqlite_with_rowid=False,
)
