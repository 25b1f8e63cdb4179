"""Conversations as the desk lists them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table, and the index by which it is kept up to date."""
    op.create_table(
        "docket",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("shape", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_docket_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_docket")),
    )
    op.create_index(op.f("ix_docket_made_at"), "docket", ["made_at"])
    op.create_index(op.f("ix_conversation_updated_at"), "conversation", ["updated_at"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index(op.f("ix_conversation_updated_at"), "conversation")
    op.drop_table("docket")
