"""How texts with variables are written: Jinja2, plain text, every variable must be given."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined, Template, UndefinedError, meta, nodes

_RULE = re.compile(r"""\b(?:rule|differs|provinces_where|numbers_by_province)\(\s*['"](\w+)['"]""")
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_BINDING: tuple[type[nodes.Node], ...] = (nodes.Macro, nodes.Import, nodes.FromImport)
_REJECTION = re.compile(r"""\brejection\(\s*['"](\w+)['"]""")


def text_environment(**functions: Callable[..., object]) -> Environment:
    """An environment for plain text in which templates may call ``functions``.

    Nothing is escaped: channels know their own markup. A missing variable raises when the
    text is rendered, so it cannot reach an applicant as a blank.
    """
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,
        auto_reload=False,
    )
    environment.globals = dict(functions)
    return environment


def is_plain(text: str) -> bool:
    """True if ``text`` has nothing to fill in and can be used as it stands."""
    return "{" not in text


@dataclass(frozen=True, slots=True)
class Blanks:
    """A text with nothing but variables to fill in: what most templates are.

    Says what its template would, without the context Jinja makes for each rendering.
    """

    pieces: tuple[tuple[str, bool], ...]  # a text, or the name of a variable (True)

    def render(self, variables: Mapping[str, object]) -> str:
        """The text with its variables filled in. Raises UndefinedError where one is missing."""
        try:
            return "".join(
                [str(variables[piece]) if is_name else piece for piece, is_name in self.pieces]
            )
        except KeyError as error:
            raise UndefinedError(f"{error} is undefined") from None


def ready(environment: Environment, text: str | nodes.Template) -> Template | Blanks:
    """A text, or what it was parsed to, ready to be rendered often. Raises TemplateSyntaxError."""
    parsed = environment.parse(text) if isinstance(text, str) else text
    return _blanks(environment, parsed) or environment.from_string(parsed)


def _blanks(environment: Environment, parsed: nodes.Template) -> Blanks | None:
    pieces: list[tuple[str, bool]] = []
    for node in parsed.body:
        for part in node.nodes if isinstance(node, nodes.Output) else [node]:
            if isinstance(part, nodes.TemplateData):
                pieces.append((part.data, False))
            elif isinstance(part, nodes.Name) and part.name not in environment.globals:
                pieces.append((part.name, True))
            else:
                return None
    return Blanks(tuple(pieces))


def tidied(text: str) -> str:
    """A rendered text without the blanks that left-out parts leave behind."""
    return _BLANK_LINES.sub("\n\n", _TRAILING_BLANKS.sub("", text)).strip()


def variables_of(environment: Environment, text: str) -> frozenset[str]:
    """The variables a template needs from its caller. Raises TemplateSyntaxError."""
    if is_plain(text):
        return frozenset()
    parsed = environment.parse(text)
    names = [*parsed.find_all(nodes.Name)]
    used = {one.name for one in names}
    if any(one.ctx != "load" for one in names) or any(map(parsed.find, _BINDING)):
        used = meta.find_undeclared_variables(parsed)
    return frozenset(used - environment.globals.keys())


def rules_in(text: str) -> tuple[str, ...]:
    """The keys of the rules a template quotes by ``rule('key')`` and its like."""
    return tuple(_RULE.findall(text))


def rejections_in(text: str) -> tuple[str, ...]:
    """The codes of the returns a template tells by ``rejection('R01')``."""
    return tuple(_REJECTION.findall(text))
