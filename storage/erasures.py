"""What was erased for good, noted outside the database: a restored backup forgets it again.

One JSON object a line: random ids and a time, nothing about anybody.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FILE_NAME = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One applicant, or some files, that must not come back."""

    at: str  # ISO 8601
    applicant: str | None = None
    files: tuple[str, ...] = ()


class Erasures:
    """The list of them, in a file that backups take along and restores add to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(
        self, at: datetime, *, applicant: str | None = None, files: Iterable[str] = ()
    ) -> None:
        """Add one, durably; call it before anything is deleted."""
        self.add([Erasure(at.isoformat(), applicant, tuple(files))])

    def add(self, erasures: Sequence[Erasure]) -> None:
        """Add some, durably."""
        if not erasures:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lines = b"".join(_line(one) for one in erasures)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def all(self) -> tuple[Erasure, ...]:
        """Every one of them, oldest first; a line cut off by a crash is left out."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        return read_erasures(text)


def read_erasures(text: bytes) -> tuple[Erasure, ...]:
    """Erasures from the lines of such a file."""
    found = []
    for line in text.splitlines():
        try:
            data: dict[str, Any] = json.loads(line)
            found.append(Erasure(data["at"], data.get("applicant"), tuple(data.get("files", ()))))
        except (ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def _line(one: Erasure) -> bytes:
    data = {"at": one.at, "applicant": one.applicant, "files": list(one.files)}
    return json.dumps({key: value for key, value in data.items() if value}).encode() + b"\n"
