"""What can go wrong in the stores, each with what to do about it.

StorageError
├── StoreUnavailable     the database did not take or give something; it may be tried again
├── SchemaOutdated       the tables are missing or older than this program
├── SchemaNewer          the tables were changed by a newer version of this program
├── UnsupportedDatabase  the database URL names a kind this program does not serve
├── KeyProblem
│   ├── BadMasterKey     the configured key is not 32 bytes in base64
│   ├── KeyFileExposed   the key file can be read by others
│   ├── MissingKey       no key file where one must be already
│   └── WrongMasterKey   the records were encrypted with another master key
├── UnreadableRecord     a stored value cannot be opened: changed, or its key was destroyed
├── InconsistentTurn     a turn takes back what was stored, or has no time
├── FileTooLarge         a file over the limit
├── FileMissing          no file of this id, or its content is gone
├── BrokenTrail          the audit trail was changed
├── BrokenBackup         a backup that is changed, cut off or none of ours
├── NotEmpty             there is something already where a backup should go
├── AgentExists          a staff name already taken
└── NoSuchAgent          a staff name nobody has

``StaleCase`` and ``DuplicateInbound`` belong to the dialogue (``dialogs.ports``): they are part
of the stores' contract, not faults. No message holds a stored value or a key.
"""

from desk.staff import NameTaken


class StorageError(Exception):
    """Something the stores could not do."""


class StoreUnavailable(StorageError):
    """The database did not answer as it should; nothing is known to be wrong with the data."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the database failed: {what}; check that it runs, is reachable, has room on its "
            "disk and is not held by another program"
        )


class SchemaOutdated(StorageError):
    """The tables are not the ones this program works with."""

    def __init__(self, found: str | None, wanted: str) -> None:
        stands = f"at migration {found}" if found else "without tables"
        super().__init__(
            f"the database is {stands}, this program needs {wanted}: run `beian db upgrade`"
        )


class SchemaNewer(StorageError):
    """The tables of a later version of this program."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the database is at migration {found}, this program knows up to {known}: start the "
            "newer version, or restore the backup made before it was installed"
        )


class UnsupportedDatabase(StorageError):
    """A database URL of a kind that is not served."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"BEIAN_DATABASE_URL names {kind}; use sqlite:///path/to/file.db or "
            "postgresql://user:password@host/database"
        )


class KeyProblem(StorageError):
    """The master key cannot be used."""


class BadMasterKey(KeyProblem):
    """A master key of the wrong form."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source}: a master key is 32 random bytes in base64 (44 characters); "
            "make a new one with `openssl rand -base64 32`, and only for an empty database"
        )


class KeyFileExposed(KeyProblem):
    """A key file that others on this machine may read."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: others on this machine may read the master key: run `chmod 600 {path}`, "
            "and if they are not trusted, treat the key as known to them"
        )


class MissingKey(KeyProblem):
    """Something sealed is to be opened, and there is no key."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"there is no {path}; put the master key there that the backup was made with, "
            "or set BEIAN_MASTER_KEY"
        )


class WrongMasterKey(KeyProblem):
    """Data keys wrapped by another master key than the one configured."""

    def __init__(self, stored_id: str, configured_id: str) -> None:
        super().__init__(
            f"the records were encrypted with master key {stored_id}, the configured one is "
            f"{configured_id}: set BEIAN_MASTER_KEY to the earlier key, or put the earlier "
            "key file back; without it the records cannot be read"
        )


class UnreadableRecord(StorageError):
    """A stored value that cannot be opened."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where}: cannot be decrypted or read: it was changed outside this program, or its "
            "key was destroyed by an erasure; restore the database from a backup"
        )


class InconsistentTurn(StorageError):
    """A turn that does not fit what it says it started from."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: the turn was not stored; this is a fault in the caller")


class FileTooLarge(StorageError):
    """A file over the size limit, in bytes."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"the file has {size} bytes, at most {limit} are kept: send a smaller one")


class FileMissing(StorageError, LookupError):
    """A file that is not there (any more)."""

    def __init__(self, file_id: str) -> None:
        super().__init__(
            f"file {file_id}: there is none of this id, or its content is gone; ask the applicant "
            "to send it again, or restore the files folder together with the database"
        )


class AgentExists(StorageError, NameTaken):
    """A staff name already taken."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is already a staff account {name!r}: choose another name")


class NoSuchAgent(StorageError):
    """A staff name nobody has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no staff account {name!r}: see `beian agents list`")


class BrokenBackup(StorageError):
    """A backup from which nothing may be restored."""

    def __init__(self, how: str) -> None:
        super().__init__(f"the backup {how}; take another one, nothing was restored")


class NotEmpty(StorageError):
    """A backup is put back only where nothing is."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} holds something already; restore into an empty database and an empty "
            "BEIAN_HOME (only the master key may lie there)"
        )


class BrokenTrail(StorageError):
    """The audit trail does not fit together."""

    def __init__(self) -> None:
        super().__init__(
            "the audit trail was changed, and sealing it anew would hide that: see "
            "`beian audit verify`; nothing was done"
        )
