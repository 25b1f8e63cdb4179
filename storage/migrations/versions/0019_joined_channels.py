"""Codes that join a person's channels, and where each person wrote last."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create the table; whoever had one channel wrote last on it."""
    op.create_table(
        "link_code",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("asked_channel", sa.Text(), nullable=False),
        sa.Column("asked_external_id", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_channel", sa.Text(), nullable=True),
        sa.Column("used_external_id", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_link_code_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_link_code_conversation_id"), "link_code", ["conversation_id"])
    op.create_index("uq_link_code_hash", "link_code", ["code_hash"], unique=True)
    op.add_column("conversation", sa.Column("last_channel", sa.Text(), nullable=True))
    op.add_column("conversation", sa.Column("last_external_id", sa.Text(), nullable=True))
    conversation = sa.table(
        "conversation",
        *map(sa.column, ("id", "last_channel", "last_external_id")),
    )
    identity = sa.table("identity", *map(sa.column, ("channel", "external_id", "conversation_id")))
    theirs = identity.c.conversation_id == conversation.c.id
    op.execute(
        conversation.update().values(
            last_channel=sa.select(identity.c.channel).where(theirs).limit(1).scalar_subquery(),
            last_external_id=sa.select(identity.c.external_id)
            .where(theirs)
            .limit(1)
            .scalar_subquery(),
        )
    )


def downgrade() -> None:
    """Drop them. What was joined stays so."""
    op.drop_column("conversation", "last_external_id")
    op.drop_column("conversation", "last_channel")
    op.drop_table("link_code")
