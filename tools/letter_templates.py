"""Write the letters' .docx templates from their readable sources in ``tools/letters``.

    .venv/bin/python -m tools.letter_templates

A source is read line by line: ``#`` a title, ``##`` a section, ``^`` a centred line, ``=`` a line
without indent, ``>`` a line to sign or seal, ``_ 3`` three lines to write on, ``---`` a new page,
``|`` a row of a table (``*`` before a name, ``<`` joined to the cell before, ``//`` a new line in a
cell, ``+2`` two empty ones) whose columns ``:widths`` gives in centimetres, ``{%p …`` and
``{%tr …`` tags of docxtpl; anything else is a paragraph.
"""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

SOURCES: Final = Path(__file__).parent / "letters"
TEMPLATES: Final = Path(__file__).parents[1] / "knowledge" / "letters"

_BODY, _TABLE, _TITLE = Pt(12), Pt(10.5), Pt(20)
_LINE = Pt(23)
_DATE = datetime(2026, 11, 26)  # noqa: DTZ001  # as a document's properties have it
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def build(source: str) -> bytes:
    """The template as a .docx file; the same source gives the same file."""
    document = _empty()
    widths: tuple[float, ...] = ()
    rows: list[list[str]] = []
    new_page = False
    last: Paragraph | None = None
    for line in (*source.splitlines(), ""):
        if line.startswith(("|", "{%tr ")):
            rows.append(_cells(line))
            continue
        if rows:
            _table(document, rows, widths)
            rows = []
        if line.startswith(":widths "):
            widths = tuple(float(one) for one in line.split()[1:])
            if last is not None and not last.paragraph_format.space_after:
                last.paragraph_format.space_after = Pt(5)
        elif line == "---":
            new_page = True
        elif line:
            if last is not None and line.startswith((">", "{%p if")):
                last.paragraph_format.keep_with_next = True
            first = _paragraphs(document, line)
            first.paragraph_format.page_break_before = new_page or None
            new_page, last = False, document.paragraphs[-1]
    return _packed(document)


def _empty() -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", _BODY
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")  # else some programs choose other forms of letters
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    properties = document.core_properties
    properties.author, properties.language = "", "zh-CN"
    properties.comments = properties.title = ""
    properties.created = properties.modified = _DATE
    return document


def _paragraphs(document: DocumentType, line: str) -> Paragraph:
    """The paragraphs of one line of the source; the first of them."""
    mark, _, rest = line.partition(" ")
    match mark:
        case "#":
            paragraph = document.add_paragraph()
            run = paragraph.add_run(rest)
            run.bold, run.font.size = True, _TITLE
            form = paragraph.paragraph_format
            form.alignment, form.space_before, form.space_after = _CENTRE, Pt(6), Pt(18)
            form.line_spacing, form.keep_with_next = Pt(30), True
        case "##":
            paragraph = document.add_paragraph()
            paragraph.add_run(rest).bold = True
            form = paragraph.paragraph_format
            form.space_before, form.space_after, form.keep_with_next = Pt(8), Pt(3), True
        case "^":
            paragraph = document.add_paragraph(rest)
            form = paragraph.paragraph_format
            form.alignment, form.space_after = _CENTRE, Pt(10)
        case "=":
            paragraph = document.add_paragraph(rest)
            paragraph.paragraph_format.keep_with_next = True
        case ">":
            paragraph = document.add_paragraph(rest)
            form = paragraph.paragraph_format
            form.left_indent, form.keep_together = Cm(7), True
            form.space_before = Pt(16)
            form.keep_with_next = not rest.startswith("签署日期")
        case "_":
            paragraph = _line_to_write_on(document)
            for _ in range(int(rest) - 1):
                _line_to_write_on(document)
        case "{%p":
            paragraph = document.add_paragraph(line)
            paragraph.paragraph_format.keep_with_next = True
        case _:
            paragraph = document.add_paragraph(line)
            form = paragraph.paragraph_format
            form.first_line_indent = Pt(2 * _BODY.pt)
            form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _line_to_write_on(document: DocumentType) -> Paragraph:
    paragraph = document.add_paragraph("＿" * 37)
    paragraph.paragraph_format.line_spacing = Pt(28)
    return paragraph


def _cells(line: str) -> list[str]:
    if not line.startswith("|"):
        return [line]
    return [cell.strip() for cell in line.strip("|").split("|")]


def _table(document: DocumentType, rows: list[list[str]], widths: tuple[float, ...]) -> None:
    table = document.add_table(len(rows), len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for place, cells in enumerate(rows):
        _row(table, place, cells, widths)
    after = document.add_paragraph()
    after.paragraph_format.line_spacing = Pt(8)


def _row(table: Table, place: int, cells: list[str], widths: tuple[float, ...]) -> None:
    row = table.rows[place]
    row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))
    for number, text in enumerate(cells):
        cell = row.cells[number]
        cell.width = Cm(widths[number])
        if text == "<":
            continue
        joined = _joined(cells[number + 1 :])
        if joined:
            cell = cell.merge(row.cells[number + joined])
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        is_name = text.startswith("*")
        lines = [part for one in text.lstrip("*").split("//") for part in _spread(one)]
        for index, one in enumerate(lines):
            paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
            run = paragraph.add_run(one)
            run.font.size = _TABLE
            form = paragraph.paragraph_format
            form.line_spacing = Pt(17)
            form.space_before = form.space_after = Pt(3)
            if is_name:
                form.alignment = _CENTRE


def _joined(rest: list[str]) -> int:
    return next((place for place, cell in enumerate(rest) if cell != "<"), len(rest))


def _spread(text: str) -> list[str]:
    """A line of a cell and the empty ones after it, as ``+2`` says."""
    said, empty = re.fullmatch(r"(.*?)(?:\+(\d))?", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return [*([said] if said or not empty else []), *([""] * int(empty or 0))]


def _packed(document: DocumentType) -> bytes:
    """The file, its entries without the time they were written at."""
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    with (
        zipfile.ZipFile(loose) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name != "docProps/thumbnail.jpeg":
                content = _clean(name, before.read(name))
                after.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _clean(name: str, content: bytes) -> bytes:
    """An entry without the picture of another document that python-docx puts in."""
    if name == "_rels/.rels":
        return re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
    return content


def main() -> None:
    """Write every template."""
    for source in sorted(SOURCES.glob("*.md")):
        place = TEMPLATES / f"{source.stem}.docx"
        place.write_bytes(build(source.read_text(encoding="utf-8")))
        print(place.relative_to(TEMPLATES.parents[1]))


if __name__ == "__main__":
    main()
