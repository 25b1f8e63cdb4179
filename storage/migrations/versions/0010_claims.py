"""Who of the staff has a conversation; who said what, in which claim."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_HELD = sa.text("held_until IS NOT NULL")


def upgrade() -> None:
    """Add the columns: nobody has a conversation, and the assistant said all there is."""
    op.add_column(
        "conversation", sa.Column("epoch", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("conversation", sa.Column("holder", sa.Text(), nullable=True))
    op.add_column("conversation", sa.Column("holder_name", sa.Text(), nullable=True))
    op.add_column("conversation", sa.Column("held_since", sa.BigInteger(), nullable=True))
    op.add_column("conversation", sa.Column("held_until", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_conversation_held",
        "conversation",
        ["held_until"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )
    op.add_column("message", sa.Column("author", sa.Text(), nullable=True))
    op.add_column(
        "message", sa.Column("epoch", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column(
        "message", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("message", sa.Column("files", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in ("files", "urgent", "epoch", "author"):
        op.drop_column("message", name)
    op.drop_index("ix_conversation_held", "conversation")
    for name in ("held_until", "held_since", "holder_name", "holder", "epoch"):
        op.drop_column("conversation", name)
