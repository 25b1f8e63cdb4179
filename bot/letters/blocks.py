"""What a .docx letter shows, as paragraphs and tables with their measures in points."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

Align: TypeAlias = Literal["left", "center", "right", "justify"]
_T = TypeVar("_T")

_EMU: Final = 12700  # of Word's units in a point
_SIZE: Final = 12.0  # where a document says nothing
_ALIGNED: Final[dict[object, Align]] = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "justify",
    WD_ALIGN_PARAGRAPH.DISTRIBUTE: "justify",
}
_OWN_HEIGHT: Final = 1.45  # of a line, by the size of its letters


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text in one look."""

    text: str
    size: float
    bold: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``first`` is what its first line is moved in beyond ``left``."""

    words: tuple[Words, ...]
    align: Align = "left"
    left: float = 0
    right: float = 0
    first: float = 0
    before: float = 0
    after: float = 0
    line: float = _SIZE * _OWN_HEIGHT  # height of a line
    keeps_with_next: bool = False
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, over one or more columns."""

    texts: tuple[Text, ...]
    columns: int = 1
    goes_on: bool = False  # belongs to the cell above
    middle: bool = False  # stands in the middle of its height


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the widths of its columns and its rows."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole letter with the measures of its paper."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    blocks: tuple[Text | Grid, ...]


def read_sheet(document: Document) -> Sheet:
    """What a document shows, in order."""
    section = document.sections[0]
    usual = _Usual(document)
    blocks: list[Text | Grid] = []
    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            blocks += _texts(item, usual)
        else:
            blocks.append(_grid(item, usual))
    return Sheet(
        width=_points(section.page_width),
        height=_points(section.page_height),
        left=_points(section.left_margin),
        right=_points(section.right_margin),
        top=_points(section.top_margin),
        bottom=_points(section.bottom_margin),
        blocks=tuple(blocks),
    )


class _Usual:
    """What a document says where neither a paragraph nor its style does."""

    def __init__(self, document: Document) -> None:
        self.style = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
        sizes = document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:sz/@w:val")
        self.size = float(sizes[0]) / 2 if sizes else _SIZE  # Word counts in half points


def _grid(table: Table, usual: _Usual) -> Grid:
    rows = []
    for row in table._tbl.tr_lst:
        cells = []
        for tc in row.tc_lst:
            texts = tuple(
                text
                for paragraph in tc.p_lst
                for text in _texts(Paragraph(paragraph, table), usual)
            )
            alignment = tc.tcPr.find(qn("w:vAlign")) if tc.tcPr is not None else None
            is_middle = alignment is not None and alignment.get(qn("w:val")) == "center"
            cells.append(Cell(texts, tc.grid_span, tc.vMerge == "continue", is_middle))
        rows.append(tuple(cells))
    widths = tuple(_points(column.width) for column in table.columns)
    return Grid(widths, tuple(rows), table.alignment == WD_TABLE_ALIGNMENT.CENTER)


def _texts(paragraph: Paragraph, usual: _Usual) -> Iterator[Text]:
    """A paragraph, in parts where a page ends within it."""
    looks = tuple(_looks(paragraph, usual))

    def said(read: Callable[[Any], _T | None]) -> _T | None:
        """What the paragraph says of itself, else its style, else the usual one."""
        return next((one for one in map(read, looks) if one is not None), None)

    size = _points(said(lambda one: one.font.size if hasattr(one, "font") else None))
    size = size or usual.size
    parts: list[list[Words]] = [[]]
    for run in paragraph.iter_inner_content():
        for one in run.runs if not isinstance(run, Run) else (run,):
            for piece in _pieces(one):
                if piece is None:
                    parts.append([])
                elif piece:
                    parts[-1].append(_words(one, piece, size, said))
    largest = max((words.size for part in parts for words in part), default=size)
    form = [_said_of(name, said) for name in ("left_indent", "right_indent")]
    first = _first_indent(paragraph, said, size)
    for number, part in enumerate(parts):
        yield Text(
            words=tuple(part),
            align=_ALIGNED.get(_said_of("alignment", said), "left"),
            left=_points(form[0]),
            right=_points(form[1]),
            first=first if number == 0 else 0,
            before=_points(_said_of("space_before", said)),
            after=_points(_said_of("space_after", said)),
            line=_height(said, largest),
            keeps_with_next=bool(_said_of("keep_with_next", said)),
            on_new_page=number > 0 or bool(_said_of("page_break_before", said)),
        )


def _looks(paragraph: Paragraph, usual: _Usual) -> Iterator[Any]:
    yield paragraph
    style: Any = paragraph.style
    while style is not None:
        yield style
        style = style.base_style
    if usual.style is not None:
        yield usual.style


def _said_of(name: str, said: Callable[[Callable[[Any], object]], object]) -> Any:
    return said(lambda one: getattr(one.paragraph_format, name))


def _words(run: Run, text: str, size: float, said: Callable[..., Any]) -> Words:
    own = _points(run.font.size) or size
    bold = run.bold if run.bold is not None else said(lambda one: _is_bold(one))
    return Words(text, own, bool(bold), bool(run.underline))


def _is_bold(one: Any) -> bool | None:
    bold = one.font.bold if hasattr(one, "font") else None
    return bold if isinstance(bold, bool) else None


def _pieces(run: Run) -> Iterator[str | None]:
    """A run's text; None where a new page begins."""
    text = ""
    for child in run._r:
        if child.tag == qn("w:t"):
            text += child.text or ""
        elif child.tag == qn("w:tab"):
            text += "\u3000\u3000"
        elif child.tag == qn("w:noBreakHyphen"):
            text += "-"
        elif child.tag in (qn("w:br"), qn("w:cr")):
            if child.get(qn("w:type")) == "page":
                yield text
                yield None
                text = ""
            else:
                text += "\n"
    yield text


def _first_indent(paragraph: Paragraph, said: Callable[..., Any], size: float) -> float:
    """In points; Word in Chinese counts it in hundredths of a letter."""
    properties = paragraph._p.pPr
    indent = properties.find(qn("w:ind")) if properties is not None else None
    letters = indent.get(qn("w:firstLineChars")) if indent is not None else None
    if letters is not None and letters.lstrip("-").isdigit():
        return int(letters) / 100 * size
    return _points(_said_of("first_line_indent", said))


def _height(said: Callable[..., Any], size: float) -> float:
    spacing = _said_of("line_spacing", said)
    rule = _said_of("line_spacing_rule", said)
    if isinstance(spacing, Length):
        at_least = rule == WD_LINE_SPACING.AT_LEAST
        return max(_points(spacing), size * _OWN_HEIGHT) if at_least else _points(spacing)
    return size * _OWN_HEIGHT * (float(spacing) if spacing else 1.0)


def _points(length: object) -> float:
    return float(length) / _EMU if isinstance(length, Length) else 0.0
