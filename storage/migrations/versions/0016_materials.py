"""Materials received for a filing, and what staff say of them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_KEPT = sa.text("NOT gone")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "material",
        sa.Column("filing_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filing.id"], name=op.f("fk_material_filing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("filing_id", "n", name=op.f("pk_material")),
        sa.UniqueConstraint("id", name=op.f("uq_material_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_material_kept", "material", ["at"], sqlite_where=_KEPT, postgresql_where=_KEPT
    )
    op.create_table(
        "material_verdict",
        sa.Column("filing_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filing_id"],
            ["filing.id"],
            name=op.f("fk_material_verdict_filing_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("filing_id", "n", name=op.f("pk_material_verdict")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("material_verdict")
    op.drop_table("material")
