"""One letter, filled in: the .docx with its page on how to sign, and the PDF of the same."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Final, Literal, TypeAlias
from unicodedata import category

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from bot.letters.blocks import read_sheet
from bot.letters.pdf import draw_pdf
from bot.letters.template import Template
from filing.letters.values import VALUES, SiteRow, Values
from knowledge.letter_book import LetterForm

Format: TypeAlias = Literal["docx", "pdf"]

FORMATS: Final[tuple[Format, ...]] = ("docx", "pdf")

BY_HAND: Final = "＿" * 8
"""Stands where something is written in with a pen."""

_HEADING: Final = "签署说明（本页不是文书的内容，不用签，也不用上传）"


def make_letter(letter: LetterForm, template: Template, values: Values, form: Format) -> bytes:
    """The letter as a file. Raises jinja2.UndefinedError where a value it needs is missing."""
    document = template.filled(_safe(values))
    _add_signing(document, letter)
    title = letter.title["zh-CN"]
    if form == "pdf":
        return draw_pdf(read_sheet(document), title)
    document.core_properties.title = title
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _safe(values: Values) -> Values:
    """The values as one line of visible text each, with lines where a pen is to write."""
    blanks = {name: BY_HAND for name, value in VALUES.items() if value.by_hand}
    return blanks | {name: _clean(value) for name, value in values.items()}


def _clean(value: str | bool | tuple[SiteRow, ...]) -> str | bool | tuple[SiteRow, ...]:
    if isinstance(value, str):
        return _visible(value)
    if isinstance(value, tuple):
        return tuple(
            replace(
                row,
                name=_visible(row.name),
                domain=_visible(row.domain),
                content=_visible(row.content),
            )
            for row in value
        )
    return value


def _visible(text: str) -> str:
    """Without control characters, marks that turn the direction, and halves of pairs."""
    return "".join(" " if one in "\n\t\r" else one for one in text if _is_visible(one))


def _is_visible(letter: str) -> bool:
    return letter in "\n\t\r" or category(letter)[0] != "C"


def _add_signing(document: Document, letter: LetterForm) -> None:
    """A page that says what to do with the letter; it is no part of it."""
    steps: Mapping[str, tuple[str, ...]] = letter.sign
    heading = document.add_paragraph()
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_after = Pt(12)
    heading.add_run(_HEADING).bold = True
    lines = [f"{number}. {step}。" for number, step in enumerate(steps["zh-CN"], start=1)]
    if letter.official:
        lines.append(f"注意：{letter.official['zh-CN']}。")
    for line in (f"《{letter.title['zh-CN']}》打印后请：", *lines):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = Pt(4)
