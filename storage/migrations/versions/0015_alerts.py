"""Alerts to staff, how each is told, and who wants which by e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OPEN = sa.text("ended_at IS NULL")
_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "alert",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("filing_id", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_alert_filing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_alert_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_alert")),
        sqlite_with_rowid=False,
    )
    for column in ("at", "filing_id", "conversation_id"):
        op.create_index(op.f(f"ix_alert_{column}"), "alert", [column])
    op.create_index("ix_alert_open", "alert", ["kind"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_table(
        "alert_ping",
        sa.Column("alert_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_key"], ["alert.key"], name=op.f("fk_alert_ping_alert_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alert_key", "channel", "recipient", name=op.f("pk_alert_ping")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_alert_ping_due",
        "alert_ping",
        ["channel", "due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index("ix_alert_ping_sent", "alert_ping", ["channel", "recipient", "settled_at"])
    op.create_table(
        "alert_choice",
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_alert_choice_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_alert_choice")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("alert_choice")
    op.drop_table("alert_ping")
    op.drop_table("alert")
