"""What the WeChat channel keeps: windows by person, deliveries seen, and the token."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "wechat_person",
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("talk_until", sa.BigInteger(), nullable=True),
        sa.Column("talk_left", sa.Integer(), nullable=False),
        sa.Column("touch_until", sa.BigInteger(), nullable=True),
        sa.Column("touch_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_wechat_person")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wechat_delivery",
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("openid", "key", name=op.f("pk_wechat_delivery")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_wechat_delivery_at"), "wechat_delivery", ["at"])
    op.create_index(
        "ix_wechat_delivery_due",
        "wechat_delivery",
        ["due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_table(
        "wechat_token",
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("forced_at", sa.BigInteger(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_token")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("wechat_token")
    op.drop_table("wechat_delivery")
    op.drop_table("wechat_person")
