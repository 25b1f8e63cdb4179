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


Picture: TypeAlias = ProgressPicture | FooterPicture
