"""A figure as a page shows it: what it finds, the drawing, and the table behind it."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import TypeAlias

from markupsafe import Markup

from desk.charts.svg import NARROW, WIDE

Cell: TypeAlias = str | int | float | None
Say = Callable[..., str]
"""Says a text of the desk in the reader's language: ``say("numbers.load.title", days=90)``."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a drawing. ``None`` is a cell without a value."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def csv(self) -> bytes:
        """As a file that spreadsheets open as it is: UTF-8 with a mark, no cell a formula."""
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(self.headings)
        writer.writerows([_harmless(cell) for cell in row] for row in self.rows)
        return out.getvalue().encode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. Without enough to show there is no drawing, and ``finding`` says why."""

    key: str
    title: str
    finding: str
    table: Table
    wide: Markup | None = None
    narrow: Markup | None = None
    note: str = ""

    def drawn(self, draw: Callable[[str, float], Markup]) -> "Figure":
        """This figure with a drawing for wide sheets and one for phones."""
        return replace(
            self,
            wide=draw(f"{self.key}-wide", WIDE),
            narrow=draw(f"{self.key}-narrow", NARROW),
        )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that ``share`` of the ordered values do not exceed. There must be one."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
