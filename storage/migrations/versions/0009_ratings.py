"""How applicants rate the help of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column: nobody has rated anything."""
    op.add_column("handover", sa.Column("rating", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("handover", "rating")
