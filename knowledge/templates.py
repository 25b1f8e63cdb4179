"""How texts with variables are written: Jinja2, plain text, every variable must be given."""

import re
from collections.abc import Callable

from jinja2 import Environment, StrictUndefined, meta

_RULE = re.compile(r"""\brule\(\s*['"](\w+)['"]""")


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


def variables_of(environment: Environment, text: str) -> frozenset[str]:
    """The variables a template needs from its caller. Raises TemplateSyntaxError."""
    names = meta.find_undeclared_variables(environment.parse(text))
    return frozenset(names - environment.globals.keys())


def rules_in(text: str) -> tuple[str, ...]:
    """The keys of the rules a template quotes by ``rule('key')``."""
    return tuple(_RULE.findall(text))
