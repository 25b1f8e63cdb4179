"""What applicants say of the help of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column: nobody has said anything."""
    op.add_column("handover", sa.Column("comment", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("handover", "comment")
