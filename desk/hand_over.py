"""Accepted papers of a filing as one ZIP for the provider's console, written while it is sent.

Files are named by their slot in the console's order; a manifest says what each is, as JSON for
programs and as CSV for people.
"""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

from dialogs.paper_overview import ListedPaper, ListedPiece
from dialogs.world import SHANGHAI
from filing.materials.material import Side

MANIFEST: Final = "manifest"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png"}


class Contents(Protocol):
    """Where pictures lie; ``desk.helping.KeptFiles`` in the program."""

    async def get(self, file_id: str) -> "Content":
        """A file by its id. Raises LookupError for one that is not there."""
        ...


class Content(Protocol):
    """A kept picture."""

    @property
    def content(self) -> bytes:
        """Its bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """What the manifest says of one file."""

    slot: str
    label: str
    file: str  # its name in the archive; empty where its content is gone
    sha256: str
    width: int
    height: int
    received_at: str
    accepted_by: str
    accepted_at: str
    version: int  # which one of its slot it was
    versions: int  # how many were received for the slot in all


async def accepted_as_zip(
    filing: str, papers: Sequence[ListedPaper], contents: Contents, now: datetime
) -> AsyncIterator[bytes]:
    """The archive in parts, one picture in memory at a time."""
    sink = Sink()
    lines: list[Line] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for number, paper in enumerate(papers, 1):
            several = len(paper.accepted) > 1
            for place, piece in enumerate(paper.accepted, 1):
                name = _name(number, paper.slot, piece, place if several else 0)
                content = await _read(contents, piece)
                lines.append(_line(paper, piece, name if content else "", content))
                if content:
                    archive.writestr(_entry(name, piece.material.at), content)
                    yield sink.taken()
        for name, text in (
            (f"{MANIFEST}.json", _as_json(filing, now, lines)),
            (f"{MANIFEST}.csv", as_csv(lines)),
        ):
            archive.writestr(_entry(name, now), text.encode())
    yield sink.taken()


def as_csv(lines: Sequence[Line]) -> str:
    """The manifest for people: UTF-8 with a mark for Excel; no cell is computed."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(Line.__slots__)
    for line in lines:
        cells = [str(one) for one in asdict(line).values()]
        writer.writerow([f"'{one}" if one.startswith(_FORMULA) else one for one in cells])
    return out.getvalue()


def _as_json(filing: str, now: datetime, lines: Sequence[Line]) -> str:
    data = {
        "filing": filing,
        "exported_at": now.isoformat(timespec="seconds"),
        "files": [asdict(one) for one in lines],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _line(paper: ListedPaper, piece: ListedPiece, name: str, content: bytes) -> Line:
    material, verdict = piece.material, piece.verdict
    assert verdict is not None
    return Line(
        paper.slot,
        paper.name,
        name,
        sha256(content).hexdigest() if content else "",
        material.width,
        material.height,
        material.at.isoformat(timespec="seconds"),
        verdict.by,
        verdict.at.isoformat(timespec="seconds"),
        piece.number,
        len(paper.pieces),
    )


def _name(number: int, slot: str, piece: ListedPiece, page: int) -> str:
    """``03_identity_document.principal_1_front.jpg``: nothing in it is the applicant's choice."""
    side = "" if piece.material.side is Side.WHOLE else f"_{piece.material.side}"
    pages = f"_{page}" if page else ""
    return f"{number:02}_{slot}{pages}{side}{_ENDINGS.get(piece.material.media_type, '')}"


async def _read(contents: Contents, piece: ListedPiece) -> bytes:
    """The content; empty where retention, or an erasure, was quicker."""
    if piece.material.gone:
        return b""
    try:
        return (await contents.get(piece.material.id)).content
    except LookupError:
        return b""


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    moment = at.astimezone(SHANGHAI).timetuple()[:6]
    entry = zipfile.ZipInfo(name, max(moment, (1980, 1, 1, 0, 0, 0)))
    entry.external_attr = 0o600 << 16
    return entry


class Sink(io.RawIOBase):
    """Takes what an archive writes, to be handed on; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, part: object) -> int:
        """Keep a part until it is taken."""
        content = bytes(part)  # type: ignore[call-overload]  # any buffer
        self._parts.append(content)
        return len(content)

    def taken(self) -> bytes:
        """All that was written since it was asked last."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content
