"""Reminders with their deliveries, tasks for staff, addresses to remind at, calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WAITING = sa.text("due_at IS NOT NULL")
_HANDED = sa.text("status = 'handed'")
_OPEN = sa.text("done_at IS NULL")


def _child_of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [parent], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "reminder",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("filing_id", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("offset", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("outgoing_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        _child_of("reminder", "filing_id", "filing.id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reminder")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reminder_filing_id"), "reminder", ["filing_id"])
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index(
        "ix_reminder_handed",
        "reminder",
        ["outgoing_id"],
        sqlite_where=_HANDED,
        postgresql_where=_HANDED,
    )
    op.create_table(
        "delivery",
        sa.Column("reminder_key", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("outgoing_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        _child_of("delivery", "reminder_key", "reminder.key"),
        sa.PrimaryKeyConstraint("reminder_key", "fence", name=op.f("pk_delivery")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_task",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("filing_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        _child_of("staff_task", "filing_id", "filing.id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_staff_task")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_staff_task_filing_id"), "staff_task", ["filing_id"])
    op.create_index(
        "ix_staff_task_open", "staff_task", ["at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("code_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _child_of("contact", "conversation_id", "conversation.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_contact_conversation_id"), "contact", ["conversation_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _child_of("calendar_feed", "conversation_id", "conversation.id"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendar_feed")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_calendar_feed_conversation_id"), "calendar_feed", ["conversation_id"])


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("calendar_feed", "contact", "staff_task", "delivery", "reminder"):
        op.drop_table(table)
