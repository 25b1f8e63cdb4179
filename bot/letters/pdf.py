"""A letter as PDF, drawn from its .docx: the same text on the same paper, the font embedded."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont
from pylopdf_fonts_zh_cn import serif_path

from bot.letters.blocks import Cell, Grid, Sheet, Text, Words
from bot.letters.lines import broken

_PAD: Final = 5.4  # between the edge of a cell and its text, as Word has it
_STRETCH: Final = 1.5  # points between letters that a justified line may gain at most
_BOLD: Final = 0.03  # thickness of the outline that makes letters bold, by their size
_UNKNOWN: Final = "〓"
_NOTE: Final = "（文中的“〓”是字库里没有的字：请改用 Word 版打印，或者手写补上。）"

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each table it drops


def draw_pdf(sheet: Sheet, title: str) -> bytes:
    """The sheet as a PDF file. Letters that the font lacks show as 〓, and a last line says so."""
    paper = _Paper(sheet, title)
    for number, block in enumerate(sheet.blocks):
        if isinstance(block, Grid):
            paper.table(block)
        else:
            paper.text(block, sheet.blocks[number + 1 :])
    if paper.lacking:
        paper.text(Text((Words(_NOTE, 9),), line=14, before=6), ())
    return bytes(paper.pdf.output())


@dataclass(slots=True)
class _Paper:
    """Pages being written from top to bottom. All measures are in points."""

    sheet: Sheet
    title: str
    pdf: FPDF = field(init=False)
    y: float = field(init=False, default=0)
    lacking: bool = field(init=False, default=False)
    _widths: dict[str, float] = field(init=False, default_factory=dict)
    _known: frozenset[int] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        pdf = FPDF(unit="pt", format=(self.sheet.width, self.sheet.height))
        pdf.set_auto_page_break(False)
        pdf.add_font("letter", fname=str(serif_path()))
        pdf.set_font("letter", size=100)
        pdf.set_title(self.title)
        pdf.set_lang("zh-CN")
        font = pdf.fonts["letter"]
        assert isinstance(font, TTFFont)
        font.ttfont.recalcBBoxes = False  # known already, and slow to work out
        self.pdf, self._known = pdf, frozenset(font.cmap)
        self._new_page()

    def text(self, text: Text, following: Sequence[Text | Grid]) -> None:
        """Write a paragraph; one that keeps with what follows goes to the next page with it."""
        text = self._shown(text)
        if text.on_new_page and self.y > self.sheet.top:
            self._new_page()
        room = self._room(text)
        lines = broken(text.words, room, text.first, self._measure)
        is_first = self.y <= self.sheet.top
        needed = 0 if is_first else text.before
        self.y += needed
        together = len(lines) * text.line if len(lines) < 4 else 2 * text.line
        if self.y + together + self._kept(text, following) > self._bottom and not is_first:
            self._new_page()
        for number, line in enumerate(lines):
            if self.y + text.line > self._bottom:
                self._new_page()
            is_last = number == len(lines) - 1
            left = self.sheet.left + text.left + (text.first if number == 0 else 0)
            space = room - (text.first if number == 0 else 0)
            self._line(line, text, left, space, self.y, is_last=is_last)
            self.y += text.line
        self.y += text.after

    def table(self, grid: Grid) -> None:
        """Draw a table row by row; a row stays on one page unless it is higher than one."""
        if not all(grid.widths):  # left to Word
            even = self._width / len(grid.widths)
            grid = replace(grid, widths=(even,) * len(grid.widths))
        offset = (self._width - sum(grid.widths)) / 2 if grid.centred else 0.0
        for number, row in enumerate(grid.rows):
            cells = [replace(cell, texts=tuple(map(self._shown, cell.texts))) for cell in row]
            widths = _spans(cells, grid.widths)
            heights = [
                self._cell_height(cell, wide) for cell, wide in zip(cells, widths, strict=True)
            ]
            high = min(max(heights, default=0), self._bottom - self.sheet.top)
            if self.y + high > self._bottom:
                self._new_page()
            below = grid.rows[number + 1] if number + 1 < len(grid.rows) else ()
            left = self.sheet.left + offset
            for place, (cell, wide, own) in enumerate(zip(cells, widths, heights, strict=True)):
                joined = place < len(below) and below[place].goes_on
                self._borders(left, wide, high, top=not cell.goes_on, bottom=not joined)
                gap = (high - own) / 2 if cell.middle else 0
                self._in_cell(cell, left, wide, self.y + max(gap, 0), self.y + high)
                left += wide
            self.y += high

    # ---- pages and measures

    @property
    def _bottom(self) -> float:
        return self.sheet.height - self.sheet.bottom

    @property
    def _width(self) -> float:
        return self.sheet.width - self.sheet.left - self.sheet.right

    def _new_page(self) -> None:
        self.pdf.add_page()
        self.y = self.sheet.top

    def _room(self, text: Text, width: float | None = None) -> float:
        return max((self._width if width is None else width) - text.left - text.right, 24)

    def _measure(self, text: str, size: float) -> float:
        for letter in set(text) - self._widths.keys():
            self.pdf.set_font("letter", size=100)
            self._widths[letter] = self.pdf.get_string_width(letter) / 100
        return sum(map(self._widths.__getitem__, text)) * size

    def _kept(self, text: Text, following: Sequence[Text | Grid]) -> float:
        """The height of what a paragraph must stand on one page with."""
        needed, last = 0.0, text
        for block in following:
            if not last.keeps_with_next or isinstance(block, Grid) or block.on_new_page:
                break
            shown = self._shown(block)
            lines = broken(shown.words, self._room(shown), shown.first, self._measure)
            needed += last.after + shown.before + min(len(lines), 3) * shown.line
            last = block
        return needed if needed < self._bottom - self.sheet.top else 0

    def _shown(self, text: Text) -> Text:
        words = tuple(replace(one, text=self._drawable(one.text)) for one in text.words)
        return replace(text, words=words)

    def _drawable(self, text: str) -> str:
        if all(letter == "\n" or ord(letter) in self._known for letter in text):
            return text
        self.lacking = True
        return "".join(
            letter if letter == "\n" or ord(letter) in self._known else _UNKNOWN for letter in text
        )

    # ---- cells

    def _cell_height(self, cell: Cell, width: float) -> float:
        if cell.goes_on:
            return 0
        return sum(
            text.before
            + text.after
            + text.line
            * len(broken(text.words, self._inner(text, width), text.first, self._measure))
            for text in cell.texts
        )

    def _inner(self, text: Text, width: float) -> float:
        return self._room(text, width - 2 * _PAD)

    def _in_cell(self, cell: Cell, left: float, width: float, top: float, bottom: float) -> None:
        for text in cell.texts if not cell.goes_on else ():
            top += text.before
            room = self._inner(text, width)
            lines = broken(text.words, room, text.first, self._measure)
            for number, line in enumerate(lines):
                if top + text.line > bottom + 1:
                    return  # nothing of ours is higher than a page
                indent = text.first if number == 0 else 0
                start = left + _PAD + text.left + indent
                is_last = number == len(lines) - 1
                self._line(line, text, start, room - indent, top, is_last=is_last)
                top += text.line
            top += text.after

    def _borders(
        self, left: float, width: float, height: float, *, top: bool, bottom: bool
    ) -> None:
        self.pdf.set_line_width(0.6)
        right, end = left + width, self.y + height
        self.pdf.line(left, self.y, left, end)
        self.pdf.line(right, self.y, right, end)
        if top:
            self.pdf.line(left, self.y, right, self.y)
        if bottom:
            self.pdf.line(left, end, right, end)

    # ---- one line

    def _line(
        self,
        line: Sequence[Words],
        text: Text,
        left: float,
        room: float,
        top: float,
        *,
        is_last: bool,
    ) -> None:
        """Write a line: moved to where it belongs, or its letters spread to fill it."""
        spare = room - sum(self._measure(one.text, one.size) for one in line)
        letters = sum(len(one.text) for one in line)
        spread = 0.0
        match text.align:
            case "center":
                left += spare / 2
            case "right":
                left += spare
            case "justify" if not is_last and letters > 1 and spare > 0:
                spread = min(spare / (letters - 1), _STRETCH)
        for one in line:
            base = top + text.line / 2 + one.size * 0.36
            self.pdf.set_font("letter", size=one.size)
            self.pdf.set_char_spacing(spread)
            if one.text.strip(" "):
                self._write(one, left, base)
            wide = self._measure(one.text, one.size) + spread * len(one.text)
            if one.underlined:
                self.pdf.set_line_width(0.5)
                self.pdf.line(left, base + 2.5, left + wide, base + 2.5)
            left += wide
        self.pdf.set_char_spacing(0)

    def _write(self, words: Words, left: float, base: float) -> None:
        if not words.bold:
            self.pdf.text(left, base, words.text)
            return
        with self.pdf.local_context(text_mode=TextMode.FILL_STROKE):
            self.pdf.set_line_width(words.size * _BOLD)
            self.pdf.text(left, base, words.text)


def _spans(cells: Sequence[Cell], widths: Sequence[float]) -> list[float]:
    spans, column = [], 0
    for cell in cells:
        spans.append(sum(widths[column : column + cell.columns]))
        column += cell.columns
    return spans
