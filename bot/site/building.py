"""`beian knowledge site OUT/`: writes the help site, every page of every language."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined

from bot.site.pages import Link, Shelf, shelf_of
from bot.site.search_index import search_index
from dialogs.world import World
from knowledge.toml_reader import LOCALES
from knowledge.topics import load_topics

MANIFEST: Final = ".help-site"
"""Lists what a site consists of, so that the next one can take its place."""

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
_COMMAS: Final = {"zh-CN": "、", "en": ", "}


class NotASite(Exception):
    """The folder holds something that no help site consists of."""


def write_site(world: World, out: Path, on: date, chat: str | None = None) -> int:
    """Write the site into a folder with the rules of a day; returns the number of pages.

    A site that stands there is replaced. Raises NotASite, and changes nothing, if the folder
    holds other files. ``chat`` is the address of the assistant's web chat.
    """
    before = _standing(out)
    made = dict(_files(world, on, chat))
    for name, content in made.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for name in before - made.keys():
        (out / name).unlink(missing_ok=True)
    (out / MANIFEST).write_text("\n".join(sorted(made)) + "\n", encoding="utf-8")
    return sum(name.endswith(".html") for name in made)


def _standing(out: Path) -> set[str]:
    """The files of the site that stands in a folder."""
    if not out.exists():
        return set()
    if not out.is_dir():
        raise NotASite(f"{out} is no folder; name another one")
    manifest = out / MANIFEST
    if manifest.is_file():
        return set(manifest.read_text(encoding="utf-8").split("\n")) - {""}
    if any(out.iterdir()):
        raise NotASite(f"{out} holds files that are no help site; name an empty folder")
    return set()


def _files(world: World, on: date, chat: str | None) -> Iterator[tuple[str, str]]:
    """Every file of the site with its text."""
    texts = {locale: _texts(locale) for locale in LOCALES}
    topics = load_topics(world.knowledge.extra_dir)
    shelves = {locale: shelf_of(world, locale, on, topics, texts[locale]) for locale in LOCALES}
    environment = _environment()
    names = {locale: texts[locale]["language"] for locale in LOCALES}
    for locale in LOCALES:
        writer = _Writer(environment, shelves, texts[locale], locale, world, on, chat, names)
        for name, text in writer.files():
            yield f"{locale}/{name}", text
    root = environment.get_template("root.html")
    sites = [texts[locale]["site"] for locale in LOCALES]
    choose = texts[LOCALES[0]]["choose"]
    yield "index.html", root.render(csp=_CSP, names=names, sites=sites, choose=choose)
    for name in ("site.css", "site.js", "icon.svg"):
        yield name, (files("bot.site") / "static" / name).read_text(encoding="utf-8")


class _Writer:
    """Renders the pages of one language."""

    def __init__(
        self,
        environment: Environment,
        shelves: Mapping[str, Shelf],
        texts: Mapping[str, str],
        locale: str,
        world: World,
        on: date,
        chat: str | None,
        names: Mapping[str, str],
    ) -> None:
        self._shelves = shelves
        self._shelf = shelves[locale]
        self._environment = environment
        self._common = {
            "t": texts,
            "locale": locale,
            "csp": _CSP,
            "tagline": texts["tagline"].format(provider=world.provider.short_name(locale)),
            "rules_of": texts["rules_of"].format(date=on.isoformat()),
            "chat": chat,
            "names": names,
            "comma": _COMMAS[locale],
            "other_names": [name for other, name in names.items() if other != locale],
        }

    def files(self) -> Iterator[tuple[str, str]]:
        """Name and text of each file, below the folder of the language."""
        shelf = self._shelf
        yield (
            "index.html",
            self._render("index.html", "index", topics=shelf.topics, foreign=self._foreign()),
        )
        titles = {link.address: title for title, links in shelf.topics for link in links}
        for page in shelf.pages.values():
            template = "province.html" if len(page.sections) > 1 else "article.html"
            topic = titles.get(f"{page.name}.html", "")
            yield f"{page.name}.html", self._render(template, page.name, page=page, topic=topic)
        index = search_index(shelf.searched)
        yield "search.json", json.dumps(index, ensure_ascii=False, separators=(",", ":"))

    def _render(self, template: str, name: str, **more: object) -> str:
        elsewhere = [
            (other, f"../{other}/{name if name in shelf.pages else 'index'}.html")
            for other, shelf in self._shelves.items()
            if other != self._shelf.locale
        ]
        page = self._environment.get_template(template)
        return page.render(**self._common, elsewhere=elsewhere, **more)

    def _foreign(self) -> list[Link]:
        """Pages that this language lacks."""
        return [
            Link(f"../{other}/{page.name}.html", page.title, other)
            for other, shelf in self._shelves.items()
            for page in shelf.pages.values()
            if page.name not in self._shelf.pages
        ]


def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _template(name: str) -> str:
    return (files("bot.site") / "templates" / name).read_text(encoding="utf-8")


def _texts(locale: str) -> Mapping[str, str]:
    text = (files("bot.site") / "texts" / f"{locale}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
