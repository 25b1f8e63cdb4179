"""Where conversations stand in the desk's queue, so that the database lists and counts them.

Dockets made before stay out of the queue until the program has made them anew, the latest first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_ORDER = ["band", "rank", "since", "conversation_id"]
_NUMBERS = ("band", "in_open", "in_waiting", "in_risk", "in_stuck", "in_erasing")
_MOMENTS = ("rank", "since", "moves_at", "next_due", "moved_at", "stirred_at")
_TEXTS = ("placed_by", "holder", "channel", "filing", "stage", "province", "asking")
_SOME = {
    "in_open": _ORDER,
    "in_waiting": _ORDER,
    "in_risk": _ORDER,
    "in_stuck": _ORDER,
    "in_erasing": _ORDER,
    "holder": ["holder", *_ORDER],
    "moves_at": ["moves_at"],
    "next_due": ["next_due"],
}
_ALL = {
    "queue": _ORDER,
    "channel": ["channel", *_ORDER],
    "stage": ["stage", *_ORDER],
    "province": ["province", *_ORDER],
    "stirred_at": ["stirred_at", "conversation_id"],
}


def upgrade() -> None:
    """Add the columns, empty, and what finds them."""
    for names, kind in ((_NUMBERS, sa.Integer), (_MOMENTS, sa.BigInteger), (_TEXTS, sa.Text)):
        for name in names:
            op.add_column("docket", sa.Column(name, kind(), nullable=True))
    for name, columns in _ALL.items():
        op.create_index(f"ix_docket_{name}", "docket", columns)
    for name, columns in _SOME.items():
        filled = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_docket_{name}", "docket", columns, sqlite_where=filled, postgresql_where=filled
        )


def downgrade() -> None:
    """Drop them."""
    for name in (*_SOME, *_ALL):
        op.drop_index(f"ix_docket_{name}", "docket")
    for name in (*_NUMBERS, *_MOMENTS, *_TEXTS):
        op.drop_column("docket", name)
