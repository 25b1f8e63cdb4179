"""A letter's .docx template: checked before the assistant starts, filled in when handed out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.letters.blocks import read_sheet
from filing.letters.values import VALUES, SiteRow, Values, ValueType
from knowledge.errors import Problem
from knowledge.letter_book import LetterForm
from knowledge.rules_schema import did_you_mean

_UNREADABLE: Final = (PackageNotFoundError, BadZipFile, KeyError, ValueError, SyntaxError)
_NOT_CARRIED: Final = {
    "w:drawing": "a picture or text box",
    "w:pict": "a picture or text box",
    "w:object": "an embedded object",
    "w:numPr": "automatic numbering",
    "w:sdt": "a content control",
    "w:footnoteReference": "a footnote",
    "w:smartTag": "a smart tag",
    "w:fldSimple": "a field, such as a date or page number",
    "w:fldChar": "a field, such as a date or page number",
    "w:sym": "a symbol of another font",
    "w:ins": "a tracked change",
    "w:del": "a tracked change",
}
"""What Word shows and the PDF would not: the two must say the same."""

_EXAMPLE: Final[dict[ValueType, object]] = {
    ValueType.TEXT: "示例",
    ValueType.ROWS: (SiteRow("1", "示例", "example.cn", "示例"),),
}


@dataclass(frozen=True, slots=True)
class Template:
    """The .docx file of one letter. ``name`` is how it is called in messages."""

    name: str
    content: bytes

    def filled(self, values: Values) -> Document:
        """The letter with these values, which are text and nothing else whatever stands in them.

        Raises jinja2.UndefinedError where one that it shows is missing.
        """
        template = DocxTemplate(BytesIO(self.content))
        template.render(dict(values), _environment())
        document: Document = template.docx
        return document

    def variables(self) -> frozenset[str]:
        """The names of all variables it shows. Raises what an unreadable file raises."""
        return frozenset(name for name, _ in _named(_source(self.content)))

    def problems(self, letter: LetterForm) -> Iterator[Problem]:
        """What keeps it from being used for a letter, each with its place and cure."""
        try:
            source = _source(self.content)
        except _UNREADABLE:
            yield Problem(self.name, 0, "this is no .docx file", "save it from Word as .docx")
            return
        yield from self._not_carried()
        try:
            named = _named(source)
        except TemplateSyntaxError as error:
            message = f"{self._place(source, error.lineno)}: {error.message}"
            yield Problem(self.name, 0, message, "mend the {{ … }} or {% … %} there")
            return
        unknown = [(name, line) for name, line in named if name not in VALUES]
        for name, line in unknown:
            message = f"{self._place(source, line)}: no variable is called {name!r}"
            cure = f"{did_you_mean(name, frozenset(VALUES))}; docs/letters.md lists all"
            yield Problem(self.name, 0, message, cure)
        shown = {name for name, _ in named}
        for name in letter.names:
            if name not in shown:
                message = f"{{{{ {name} }}}} ({VALUES[name].meaning}) is missing"
                yield Problem(self.name, 0, message, "the letter must show it: put it in")
        if not unknown:
            yield from self._failing(source)

    def _failing(self, source: str) -> Iterator[Problem]:
        """Faults that show only when it is filled in, for bodies and for individuals."""
        for is_unit in (True, False):
            values = {
                name: is_unit if value.type is ValueType.FLAG else _EXAMPLE[value.type]
                for name, value in VALUES.items()
            }
            try:
                read_sheet(self.filled(values))  # type: ignore[arg-type]  # as their types say
            except (TemplateError, TypeError, SyntaxError) as error:
                place = self._place(source, _line_of(error))
                message = f"{place}: cannot be filled in: {error}"
                yield Problem(self.name, 0, message, "write it as in the shipped template")
                return

    def _not_carried(self) -> Iterator[Problem]:
        document = _opened(self.content)
        for tag, what in _NOT_CARRIED.items():
            if next(document.element.body.iter(qn(tag)), None) is not None:
                message = f"it holds {what}, which the PDF would lack"
                yield Problem(self.name, 0, message, "write it as plain text, or take it out")
        if document.element.body.xpath(".//w:tc//w:tbl"):
            message = "it holds a table within a table, which the PDF would lack"
            yield Problem(self.name, 0, message, "make it one table")
        for section in document.sections:
            for part in (section.header, section.footer):
                if any(one.text.strip() for one in part.paragraphs) or part.tables:
                    message = "it has a header or footer, which the PDF would lack"
                    yield Problem(self.name, 0, message, "move its text into the letter")
                    return

    def _place(self, source: str, line: int | None) -> str:
        """The paragraph at a line of the source, by its number and first words."""
        lines = source.split("\n")[: line or 1]
        number = sum(1 for one in lines if one.startswith("<w:p"))
        found = lines[-1]
        words = re.sub(r"<[^>]+>", "", found).strip()
        return f"paragraph {number} “{words[:30]}{'…' if len(words) > 30 else ''}”"


def _opened(content: bytes) -> Document:
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    document: Document = template.docx
    return document


def _source(content: bytes) -> str:
    """The body as Jinja reads it, with each paragraph on a line of its own."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    patched: str = template.patch_xml(template.get_xml())
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", patched)


def _named(source: str) -> list[tuple[str, int]]:
    """Every variable it shows, with the line where it stands first."""
    tree = _environment().parse(source)
    outer = meta.find_undeclared_variables(tree)
    lines: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in outer:
            lines.setdefault(node.name, node.lineno)
    return sorted(lines.items(), key=lambda one: one[1])


def _line_of(error: BaseException) -> int | None:
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def read_template(letter: LetterForm, extra_dir: Path | None = None) -> Template:
    """The letter's template, an operator's own first."""
    name = f"{letter.key}.docx"
    own = own_template(letter, extra_dir)
    if own is not None:
        return Template(str(own), own.read_bytes())
    return Template(f"letters/{name}", (files("knowledge") / "letters" / name).read_bytes())


def own_template(letter: LetterForm, extra_dir: Path | None) -> Path | None:
    """Where an operator's own template of a letter lies; None if there is none."""
    own = extra_dir / "letters" / f"{letter.key}.docx" if extra_dir is not None else None
    return own if own is not None and own.is_file() else None
