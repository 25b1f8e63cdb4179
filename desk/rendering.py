"""Pages from templates: every value is escaped, and a missing one is an error."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from desk.config import BASE, DeskConfig
from desk.wording import LOCALES, Texts
from dialogs.world import SHANGHAI


@cache
def _source(name: str) -> str:
    return (files("desk") / "templates" / name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Templates:
    """Renders templates in a language: ``t("queue.title")`` says a text in them."""

    texts: Texts
    config: DeskConfig
    environment: Environment

    def fragment(self, name: str, locale: str, /, **context: Any) -> str:
        """The template ``name`` as text, for pieces of pages."""
        return self.environment.get_template(name).render(
            t=self._speaker(locale),
            locale=locale,
            locales=LOCALES,
            base=BASE,
            provider=self.config.provider.get(locale, ""),
            **context,
        )

    def page(self, name: str, locale: str, status: int = 200, /, **context: Any) -> Response:
        """The template ``name`` as an answer."""
        return HTMLResponse(self.fragment(name, locale, **context), status)

    def _speaker(self, locale: str) -> Callable[..., str]:
        def say(key: str, /, **params: object) -> str:
            return self.texts.say(key, locale, **params)

        return say


def load_templates(texts: Texts, config: DeskConfig) -> Templates:
    """Set up the templates."""
    return Templates(texts, config, _environment())


@cache
def _environment() -> Environment:
    """One for all desks of a process: it keeps the templates it compiled, and nothing else."""
    environment = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["iso"] = lambda at: at.isoformat()
    return environment


def moment(at: datetime) -> str:
    """A moment as staff read it: ``2026-11-26 18:50``, in China."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
