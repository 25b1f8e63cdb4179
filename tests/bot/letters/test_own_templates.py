"""An operator's own template: taken where it is sound, refused with its place where it is not."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn

from bot.checking import check_everything
from bot.letters.command import specimen
from bot.letters.loading import load_letters
from bot.letters.making import make_letter
from bot.letters.template import read_template
from bot.settings import Settings
from knowledge.errors import BrokenContent

KEY = "no_training_commitment"
NAMES = (
    "{{ subject_name }}（{{ subject_id_number }}）的网站“{{ site_name }}”（{{ domain }}）不做培训。"
)


def put(content: Path, change: Callable[[DocumentType], object], name: str = f"{KEY}.docx") -> None:
    """Write a template into an operator's content folder."""
    document = Document()
    document.add_paragraph("我们自己的承诺书")
    document.add_paragraph(NAMES)
    change(document)
    (content / "letters").mkdir(exist_ok=True)
    document.save(str(content / "letters" / name))


def refusal(content: Path) -> str:
    """What is said of the operator's letters."""
    with pytest.raises(BrokenContent) as refused:
        load_letters(content)
    return str(refused.value)


def test_a_template_of_the_same_name_takes_the_place_of_ours(tmp_path: Path) -> None:
    put(tmp_path, lambda document: document.add_paragraph("联系人 {{ principal_phone }}"))
    letter = load_letters(tmp_path).letters[KEY]
    assert "principal_phone" in letter.uses
    assert "bureau_name" not in letter.uses
    content = make_letter(letter, read_template(letter, tmp_path), specimen(letter), "pdf")
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert "我们自己的承诺书" in text and "13800000001" in text


BROKEN: dict[str, tuple[Callable[[DocumentType], object], str]] = {
    "unknown": (
        lambda document: document.add_paragraph("电话 {{ pricipal_phone }}"),
        "letters/no_training_commitment.docx: paragraph 3 “电话 {{ pricipal_phone }}”: no variable "
        "is called 'pricipal_phone'; did you mean 'principal_phone'?",
    ),
    "missing": (
        lambda document: setattr(document.paragraphs[1], "text", "{{ subject_name }}"),
        "{{ domain }} (域名，如 example.cn) is missing; the letter must show it: put it in",
    ),
    "syntax": (
        lambda document: document.add_paragraph("电话 {{ principal_phone"),
        "paragraph 3 “电话 {{ principal_phone”",
    ),
    "attribute": (
        lambda document: document.add_paragraph("{{ websites[0].owner }}"),
        "paragraph 3 “{{ websites[0].owner }}”: cannot be filled in",
    ),
    "code": (
        lambda document: document.add_paragraph("{{ ''.__class__.__mro__ }}"),
        "cannot be filled in",
    ),
    "header": (
        lambda document: document.sections[0].header.paragraphs[0].add_run("抬头"),
        "header or footer, which the PDF would lack",
    ),
    "field": (
        lambda document: document.add_paragraph().add_run()._r.append(
            document.element.makeelement(qn("w:fldChar"), {})
        ),
        "a field, such as a date or page number, which the PDF would lack",
    ),
    "nested": (
        lambda document: document.add_table(1, 1).cell(0, 0).add_table(1, 1),
        "a table within a table, which the PDF would lack; make it one table",
    ),
    "numbering": (
        lambda document: setattr(
            document.add_paragraph("甲").paragraph_format.element.get_or_add_pPr()
            .get_or_add_numPr().get_or_add_numId(), "val", 1,
        ),
        "automatic numbering, which the PDF would lack",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template_is_refused_with_its_place_and_cure(tmp_path: Path, case: str) -> None:
    change, said = BROKEN[case]
    put(tmp_path, change)
    assert said in refusal(tmp_path)


def test_a_file_that_is_no_word_file_and_one_of_an_unknown_name_are_refused(
    tmp_path: Path,
) -> None:
    put(tmp_path, lambda _: None, "no_trainig_commitment.docx")
    (tmp_path / "letters" / f"{KEY}.docx").write_bytes(b"PK but no more")
    said = refusal(tmp_path)
    assert "no letter has a template of this name; did you mean 'no_training_commitment" in said
    assert f"letters/{KEY}.docx: this is no .docx file; save it from Word as .docx" in said


def test_beian_check_tells_of_a_broken_template(tmp_path: Path) -> None:
    put(tmp_path, BROKEN["unknown"][0])
    settings = Settings(_env_file=None, content=tmp_path)
    found = check_everything(settings, date(2026, 11, 24))
    assert any("pricipal_phone" in problem for problem in found.problems)


def test_an_own_list_of_letters_is_read_and_checked(tmp_path: Path) -> None:
    shipped = Path("knowledge/letters/letters.toml").read_text(encoding="utf-8")
    (tmp_path / "letters").mkdir()
    own = tmp_path / "letters" / "letters.toml"
    own.write_text(shipped.replace('kind = "commitment"', 'kind = "commitmant"', 1), "utf-8")
    assert "did you mean 'commitment'?" in refusal(tmp_path)
    own.write_text(shipped.replace("亲笔签名", "手写签名"), "utf-8")
    letter = load_letters(tmp_path).letters["commitment_unit"]
    assert any("手写签名" in step for step in letter.sign["zh-CN"])
    settings = Settings(_env_file=None, content=tmp_path)
    assert not check_everything(settings, date(2026, 11, 24)).problems


def test_the_word_file_and_the_pdf_follow_what_the_template_looks_like(tmp_path: Path) -> None:
    def change(document: DocumentType) -> None:
        document.add_paragraph("第一页").add_run().add_break(WD_BREAK.PAGE)
        table = document.add_table(1, 2)
        for column in table._tbl.tblGrid.gridCol_lst:
            del column.attrib[qn("w:w")]  # left to Word
        table.cell(0, 0).text, table.cell(0, 1).text = "左格", "右格"

    put(tmp_path, change)
    letter = load_letters(tmp_path).letters[KEY]
    content = make_letter(letter, read_template(letter, tmp_path), specimen(letter), "pdf")
    pages = [
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(content))
    ]
    assert len(pages) == 3
    assert "第一页" in pages[0] and "左格" in pages[1] and "右格" in pages[1]
