"""What staff keep beside a conversation: notes, a shared draft, tasks by hand, who is there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_UNSEEN = sa.text("seen_at IS NULL")
_OF_TASKS = ("sealed", "due_at", "author", "assignee", "done_by")


def upgrade() -> None:
    """Create the tables, and what tasks by hand need."""
    with op.batch_alter_table("staff_task") as tasks:
        tasks.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        tasks.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        tasks.add_column(sa.Column("author", sa.Text(), nullable=True))
        tasks.add_column(sa.Column("assignee", sa.Text(), nullable=True))
        tasks.add_column(sa.Column("done_by", sa.Text(), nullable=True))
    op.create_table(
        "note",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_conversation("note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_note_conversation_id"), "note", ["conversation_id"])
    op.create_table(
        "mention",
        sa.Column("note_id", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_mention_note_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "agent", name=op.f("pk_mention")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_mention_unseen",
        "mention",
        ["agent"],
        sqlite_where=_UNSEEN,
        postgresql_where=_UNSEEN,
    )
    op.create_table(
        "shared_draft",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_conversation("shared_draft"),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_shared_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "presence",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("typed_at", sa.BigInteger(), nullable=False),
        _of_conversation("presence"),
        sa.PrimaryKeyConstraint("conversation_id", "who", name=op.f("pk_presence")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; tasks set by hand go, as nobody could read them any more."""
    for name in ("presence", "shared_draft", "mention", "note"):
        op.drop_table(name)
    op.execute(sa.text("DELETE FROM staff_task WHERE kind = 'by_hand'"))
    with op.batch_alter_table("staff_task") as tasks:
        for name in _OF_TASKS:
            tasks.drop_column(name)


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversation.id"],
        name=op.f(f"fk_{table}_conversation_id"),
        ondelete="CASCADE",
    )
