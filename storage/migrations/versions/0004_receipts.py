"""Answers given to other programs, so that a repeated call gets the same."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "receipt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_receipt_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_receipt_conversation_id"), "receipt", ["conversation_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("receipt")
