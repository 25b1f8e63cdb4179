"""Consents to one-time notices by WeChat, each spent once."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "notice_consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("spent_at", sa.BigInteger(), nullable=True),
        sa.Column("outgoing_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_consent")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_consent_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_notice_consent_person"), "notice_consent", ["person"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("notice_consent")
