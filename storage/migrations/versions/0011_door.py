"""Second factors, login attempts, and an audit trail the database itself keeps from changing."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_REFUSAL = "the audit trail is only appended to"
_SQLITE = """
CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRES = (
    f"""
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$
""",
    """
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
""",
)


def upgrade() -> None:
    """Create tables, columns and triggers."""
    op.add_column("agent", sa.Column("factor", sa.LargeBinary()))
    op.add_column("agent", sa.Column("factor_step", sa.BigInteger()))
    op.add_column("agent", sa.Column("subject", sa.Text()))
    op.create_index("uq_agent_subject", "agent", ["subject"], unique=True)
    op.add_column(
        "agent_session",
        sa.Column("factor_due", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "agent_recovery",
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
            name=op.f("fk_agent_recovery_agent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("agent_id", "digest", name=op.f("pk_agent_recovery")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_attempt",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_login_attempt")),
    )
    op.create_index("ix_login_attempt_key", "login_attempt", ["key", "at"])
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_agent", "audit", ["agent", "n"])
    op.create_index("ix_audit_object", "audit", ["object", "n"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(verb=verb, refusal=_REFUSAL))
    else:
        for statement in _POSTGRES:
            op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_refuse")
    op.drop_table("login_attempt")
    op.drop_table("agent_recovery")
    op.drop_column("agent_session", "factor_due")
    op.drop_index("uq_agent_subject", table_name="agent")
    op.drop_column("agent", "subject")
    op.drop_column("agent", "factor_step")
    op.drop_column("agent", "factor")
