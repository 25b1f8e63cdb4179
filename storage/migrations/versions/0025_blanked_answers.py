"""Which answers were blanked when their time was over, and until when a filing's were gone over."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add the columns: nothing was blanked yet, and nothing gone over."""
    op.add_column("answer", sa.Column("blanked_at", sa.BigInteger(), nullable=True))
    op.add_column("filing", sa.Column("gone_over_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop them. Blanked answers then look as if they had been taken back: they are asked again."""
    op.drop_column("filing", "gone_over_at")
    op.drop_column("answer", "blanked_at")
