"""Every letter, filled in: the names and numbers stand in it, as Word file and as PDF."""

from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as DocumentType

from bot.letters.command import specimen
from bot.letters.making import BY_HAND, make_letter
from bot.letters.template import Template, read_template
from filing.letters.values import VALUES, SiteRow, Values, ValueType, values_of
from filing.model import Certificate, Filing, ResponsiblePerson, Subject, Website
from filing.subject import CERTIFICATES_OF, CertificateType, SubjectKind
from knowledge.letter_book import LetterForm, load_letter_book
from tools.letter_templates import SOURCES, TEMPLATES, build

BOOK = load_letter_book()
LETTERS = list(BOOK.letters.values())
KEYS = [one.key for one in LETTERS]
KINDS = (
    SubjectKind.ENTERPRISE,
    SubjectKind.SOLE_PROPRIETOR,
    SubjectKind.INDIVIDUAL,
    SubjectKind.GOVERNMENT,
    SubjectKind.PUBLIC_INSTITUTION,
    SubjectKind.FOUNDATION,
)


def label(_vocabulary: str, option: str) -> str:
    """Options as they are."""
    return option


def filing_of(kind: SubjectKind) -> Filing:
    """A filing with everything that letters show; each value stands nowhere else."""
    return Filing(
        subject=Subject(
            kind,
            Certificate(CERTIFICATES_OF[kind][0], "N-SUBJECT", "证件住所一号"),
            "示例有限公司",
            "广东",
            "广东省深圳市示例区样本路一号",
        ),
        principal=ResponsiblePerson(
            "张垚堃",
            Certificate(CertificateType.PASSPORT, "N-PRINCIPAL"),
            True,
            "13800000001",
            email="p@example.cn",
        ),
        site_manager=ResponsiblePerson(
            "李喆䶮",
            Certificate(CertificateType.ID_CARD, "N-MANAGER"),
            False,
            "13800000002",
            email="m@example.cn",
        ),
        site_manager_same=False,
        website=Website(
            name="样例之窗",
            domain="example.cn",
            service_content="unit_portal",
            languages=("zh-Hans",),
            ips=("192.0.2.10",),
        ),
    )


def words_of(document: DocumentType) -> str:
    """All that a Word file says, its tables too."""
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def in_word(letter: LetterForm, values: Values) -> str:
    """What the letter says as a Word file."""
    content = make_letter(letter, read_template(letter), values, "docx")
    return words_of(Document(BytesIO(content)))


def in_pdf(letter: LetterForm, values: Values, template: Template | None = None) -> list[str]:
    """What the letter says as PDF, page by page."""
    content = make_letter(letter, template or read_template(letter), values, "pdf")
    pages = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in pages]


def squeezed(text: str) -> str:
    """Without blanks and line ends: where lines break is not the point."""
    return "".join(text.split())


CASES = [(letter, kind) for letter, kind in product(LETTERS, KINDS) if kind in letter.subjects]


@pytest.mark.parametrize(
    "letter, kind", CASES, ids=[f"{one.key}-{kind.value}" for one, kind in CASES]
)
def test_a_letter_shows_every_name_and_number_and_nothing_unfilled(
    letter: LetterForm, kind: SubjectKind
) -> None:
    values = values_of(filing_of(kind), label, "示例云")
    text = in_word(letter, values)
    for name in letter.uses:
        if VALUES[name].type is ValueType.TEXT:
            assert str(values.get(name, BY_HAND)) in text, name
    assert not [sign for sign in ("{{", "{%", "}}", "None", "Undefined") if sign in text]
    assert "（公章）：" not in text or kind.is_unit


@pytest.mark.parametrize("letter", LETTERS, ids=KEYS)
def test_the_pdf_says_what_the_word_file_says_on_paper_of_a4(letter: LetterForm) -> None:
    values = specimen(letter)
    content = make_letter(letter, read_template(letter), values, "pdf")
    pages = list(pypdfium2.PdfDocument(content))
    assert all(abs(page.get_width() - 595.3) < 1 for page in pages)
    assert all(abs(page.get_height() - 841.9) < 1 for page in pages)
    *sheets, last = [squeezed(page.get_textpage().get_text_range()) for page in pages]
    read = "".join((*sheets, last))
    written = in_word(letter, values)
    assert all(squeezed(line) in read for line in written.splitlines())
    # How to sign stands on a page of its own.
    assert last.startswith("签署说明（本页不是文书的内容")
    assert all(squeezed(step) in last for step in letter.sign["zh-CN"])
    assert not any("签署说明" in sheet for sheet in sheets)
    assert b"/FontFile3" in content  # the font is in the file
    assert len(content) < 200_000  # and only the letters that are used


@pytest.mark.parametrize("length", [10, 450, 600, 750, 900])
def test_a_signature_never_stands_on_a_page_alone(length: int) -> None:
    letter = BOOK.letters["commitment_guangdong_unit"]
    *pages, _ = in_pdf(letter, {**specimen(letter), "address": "长" * length})
    signed = next(page for page in pages if "签署日期" in page)
    assert "签字" in signed and "公章" in signed
    assert len(squeezed(signed)) > 60  # some of the text stands above


def test_rare_characters_are_shown_and_those_of_no_font_are_told() -> None:
    letter = BOOK.letters["site_manager_authorisation"]
    usual = "".join(in_pdf(letter, {**specimen(letter), "site_manager_name": "喆垚堃䶮𬭚"}))
    assert "喆垚堃䶮𬭚" in usual and "〓" not in usual
    lacking = "".join(in_pdf(letter, {**specimen(letter), "site_manager_name": "مريم"}))
    assert "〓〓〓〓" in lacking and "字库里没有的字" in lacking


HOSTILE = {
    "jinja": "{{ 7 * 7 }}{% for x in y %}",
    "xml": "<w:p><w:r><w:t>假</w:t></w:r></w:p>&amp;",
    "control": "甲\n乙\u2028丙\x00\x0b丁",
    "direction": "\u202e反\u202c向\u200b",
    "half": "半\ud83d个",
    "mark": "{_{ x }_}",
    "long": "W" * 3000,
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_whatever_stands_in_a_value_stays_text(value: str) -> None:
    letter = BOOK.letters["construction_plan"]
    rows = (SiteRow("1", value, value, value),)
    values = {**specimen(letter), "subject_name": value, "site_name": value, "websites": rows}
    document = Document(BytesIO(make_letter(letter, read_template(letter), values, "docx")))
    plain = Document(BytesIO(make_letter(letter, read_template(letter), specimen(letter), "docx")))
    assert len(document.paragraphs) == len(plain.paragraphs)
    assert "49" not in squeezed(words_of(document)).replace("示例", "")
    assert "\u202e" not in words_of(document)
    text = "".join(in_pdf(letter, values))
    assert "签署日期" in text


def test_the_shipped_templates_come_from_their_sources() -> None:
    assert {one.stem for one in SOURCES.glob("*.md")} == set(KEYS)
    for source in SOURCES.glob("*.md"):
        built = ZipFile(BytesIO(build(source.read_text(encoding="utf-8"))))
        shipped = ZipFile(TEMPLATES / f"{source.stem}.docx")
        for name in built.namelist():
            assert shipped.read(name) == built.read(name), f"{source.stem}: {name}"


@pytest.mark.parametrize("letter", LETTERS, ids=KEYS)
def test_a_shipped_template_shows_what_its_entry_says(letter: LetterForm) -> None:
    template = read_template(letter)
    assert not list(template.problems(letter))
    assert template.variables() == letter.uses


def test_the_manual_lists_every_variable() -> None:
    manual = Path("docs/letters.md").read_text(encoding="utf-8")
    for value in VALUES.values():
        step = f"`{value.step}`" if value.step else ""
        assert f"| `{value.name}` | {value.type} | {value.meaning} | {step} |" in manual
