"""Pictures as what they say, not as pixels: drawn where they are sent, in the reader's colours."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

RowState: TypeAlias = Literal["done", "now", "todo", "wrong"]


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One stage on the way. ``when`` is a date, a span or empty."""

    label: str
    state: RowState
    when: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """How far a filing is: its stages from top to bottom, and what comes next."""

    title: str
    subtitle: str
    rows: tuple[ProgressRow, ...]
    next_title: str = ""
    next: str = ""
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class FooterPicture:
    """How the bottom of a home page should look: a browser's window with the page's last lines.

    ``numbers`` are links, the filing number first; ``lines`` stand above them.
    """

    address: str
    heading: str
    numbers: tuple[str, ...]
    lines: tuple[str, ...] = ()
    note: str = ""
    kind: Literal["footer"] = "footer"


@dataclass(frozen=True, slots=True)
class SpecimenPicture:
    """How a right picture of a paper looks: drawn by us, and clearly nobody's.

    ``paper`` is the sort drawn: ``card``, ``licence``, ``passport``, ``permit``, ``letter``,
    ``domain``, ``plan`` or ``proof``. ``heading`` stands on the paper itself, as on a real one;
    ``tips`` below it say what makes the picture right, ``marks`` name what the numbers on the
    drawing show.
    """

    paper: str
    title: str
    heading: str
    tips: tuple[str, ...]
    marks: tuple[str, ...] = ()
    word: str = "样例"  # written across the paper
    kind: Literal["specimen"] = "specimen"


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered part of a picture, in thousandths of its width and height."""

    number: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class MarkedPicture:
    """A received picture, made small, with what is wrong marked where it is."""

    file_id: str  # finds the received picture in the store of files
    marks: tuple[Mark, ...]
    kind: Literal["marked"] = "marked"


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code that leads to a page, with the page's address in words below it."""

    address: str
    title: str
    note: str = ""
    kind: Literal["qr"] = "qr"


Picture: TypeAlias = ProgressPicture | FooterPicture | SpecimenPicture | MarkedPicture | QrPicture
