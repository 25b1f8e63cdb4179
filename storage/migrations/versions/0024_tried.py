"""When a notice was first handed to WeChat: only for a while is a repeat the same message."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the column: of what was tried before, no time is known."""
    op.add_column("message", sa.Column("tried_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("message", "tried_at")
