"""Logins of staff, and what an account says about its person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table and the columns."""
    op.add_column("agent", sa.Column("display_name", sa.Text()))
    op.add_column("agent", sa.Column("locale", sa.Text()))
    op.add_column(
        "agent",
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "agent_session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("proven_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_agent_session_agent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_session")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_agent_session_agent_id"), "agent_session", ["agent_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("agent_session")
    op.drop_column("agent", "must_change")
    op.drop_column("agent", "locale")
    op.drop_column("agent", "display_name")
