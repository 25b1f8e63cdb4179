"""Since when somebody waits for a person, where it can be counted.

Who waits already is found with their next message: until now it stood in their sealed attention.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_WAITING = sa.text("waiting_since IS NOT NULL")


def upgrade() -> None:
    """Add the column and what counts it."""
    op.add_column("conversation", sa.Column("waiting_since", sa.BigInteger()))
    op.create_index(
        "ix_conversation_waiting",
        "conversation",
        ["waiting_since"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_conversation_waiting", "conversation")
    op.drop_column("conversation", "waiting_since")
