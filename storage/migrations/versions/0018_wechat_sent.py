"""When messages were taken from a person's windows, and when they stopped following."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns: of what was sent before, no time is known."""
    with op.batch_alter_table("wechat_person") as table:
        table.add_column(sa.Column("talk_sent", sa.Text(), nullable=True))
        table.add_column(sa.Column("touch_sent", sa.Text(), nullable=True))
        table.add_column(sa.Column("gone_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("wechat_person") as table:
        table.drop_column("gone_at")
        table.drop_column("touch_sent")
        table.drop_column("talk_sent")
