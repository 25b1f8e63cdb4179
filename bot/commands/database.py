"""`beian db`, `beian backup` and `beian keys`: what is kept, and the key that seals it."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.running import guarded, settings_of

db = typer.Typer(help="The database's schema.", no_args_is_help=True)
backup = typer.Typer(
    help="Backups: everything but the master key, sealed, in one file.", no_args_is_help=True
)
keys = typer.Typer(help="The master key.", no_args_is_help=True)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's schema up to date."""
    from bot.database import upgrade

    print(guarded(lambda: upgrade(settings_of())))


@db.command("current")
def db_current() -> None:
    """Show the schema's revision."""
    from bot.database import current

    print(guarded(lambda: current(settings_of())))


@keys.command("rotate")
def keys_rotate(
    to: Annotated[
        Path | None,
        typer.Option(help="File of the new key; made if there is none. Needed with a variable."),
    ] = None,
) -> None:
    """Seal everything with a new master key. Stop all processes first, and back up."""
    from bot.rotating import rotate

    done = guarded(lambda: rotate(settings_of(), to))
    if done.rotated is not None:
        print(
            f"sealed anew: {done.rotated.data_keys} data keys, {done.rotated.values} indexed "
            f"values, {done.rotated.entries} entries of the audit trail"
        )
        print(f"the trail's checksum before: {done.rotated.head.hex()}")
    print(f"master key {done.new_id}")
    if done.kept is None:
        print(f"set BEIAN_MASTER_KEY to what {to} holds; keep the old key for older backups")
    else:
        print(f"the key before is kept for older backups: {done.kept}")


@backup.command("create")
def backup_create(
    file: Annotated[Path, typer.Argument(help="Where to, e.g. /backups/beian-2026-11-26.")],
) -> None:
    """Back up database and files while the program runs."""
    from bot.backing_up import create

    made = guarded(lambda: create(settings_of(), file))
    print(f"{file}: {sum(made.rows.values())} rows, {made.files} files")


@backup.command("verify")
def backup_verify(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Restore a backup into a temporary database, open what lies in it, throw it away."""
    from bot.backing_up import verify

    found = guarded(lambda: verify(settings_of(), file))
    print(
        f"sound: made at {found.made_at.isoformat(timespec='seconds')}, "
        f"{sum(found.rows.values())} rows, {found.files} files"
    )


@backup.command("restore")
def backup_restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    newer: Annotated[
        list[Path] | None,
        typer.Option(help="A later backup, or an erasures.jsonl: what is erased there stays so."),
    ] = None,
) -> None:
    """Restore a backup into an empty database and home; what was erased since stays erased."""
    from bot.backing_up import restore

    done = guarded(lambda: restore(settings_of(), file, newer or []))
    print(
        f"restored {sum(done.archive.rows.values())} rows and {done.archive.files} files; "
        f"erased again: {done.erased_applicants} applicants, {done.erased_files} files"
    )
