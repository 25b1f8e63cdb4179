"""When all that is kept of a person is to go, at their own wish."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_WANTED = sa.text("erase_at IS NOT NULL")


def upgrade() -> None:
    """Add the columns: nobody has asked yet."""
    op.add_column("conversation", sa.Column("erase_at", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("erase_told_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_conversation_erase",
        "conversation",
        ["erase_at"],
        sqlite_where=_WANTED,
        postgresql_where=_WANTED,
    )


def downgrade() -> None:
    """Drop them. What was asked for is forgotten: ask the people again, or erase before."""
    op.drop_index("ix_conversation_erase", "conversation")
    op.drop_column("conversation", "erase_told_at")
    op.drop_column("conversation", "erase_at")
