"""What the channel of WeCom customer service keeps: cursors, what was pulled, sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "wecom_account",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_wecom_account")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wecom_message",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("pk_wecom_message")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_wecom_message_at"), "wecom_message", ["at"])
    op.create_index(
        "ix_wecom_message_due",
        "wecom_message",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_index(
        "ix_wecom_message_waiting",
        "wecom_message",
        ["account", "person", "place"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_table(
        "wecom_session",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("servicer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_wecom_session")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("wecom_session")
    op.drop_table("wecom_message")
    op.drop_table("wecom_account")
