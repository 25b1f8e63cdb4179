"""The privacy notice and the impact assessment, filled in from what is really configured.

Their texts are Markdown of the plainest kind (headings, paragraphs, lists, tables) below
``knowledge/privacy/<locale>``; an operator's own file of the same place goes first.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from jinja2 import Environment, StrictUndefined, TemplateError

from bot.settings import Settings
from dialogs.turn.rights import BACKUP_DAYS, NOTICE, THINKING
from dialogs.world import World, day_of
from filing.rulebook import LegalSource
from knowledge.errors import BrokenContent, Problem
from knowledge.toml_file import read_toml
from knowledge.toml_reader import read_sources

Paper: TypeAlias = Literal["notice", "assessment"]
PAPERS: Final[tuple[Paper, ...]] = ("notice", "assessment")

_ITEM: Final = re.compile(r"- (.+)")
_RULE: Final = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, the largest being of level 1."""

    level: int
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    texts: tuple[str, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; its first row is the head."""

    rows: tuple[tuple[str, ...], ...]
    kind: Literal["grid"] = "grid"


Block: TypeAlias = Heading | Paragraph | Items | Grid


def as_markdown(paper: Paper, locale: str, settings: Settings, world: World, on: date) -> str:
    """The paper as Markdown. Raises BrokenContent naming what is wrong with its text."""
    content = settings.content
    template = _source(content, f"{locale}/{paper}.md")
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    try:
        made = environment.from_string(template.read_text(encoding="utf-8"))
        return made.render(_facts(locale, settings, world, on)).strip() + "\n"
    except (TemplateError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 0
        name = f"privacy/{locale}/{paper}.md"
        raise BrokenContent([Problem(name, line, str(error), "mend the text there")]) from error


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """The blocks of such a text, in order."""
    found: list[Block] = []
    for block in _lines(markdown):
        last = found[-1] if found else None
        if isinstance(last, Items) and isinstance(block, Items):
            found[-1] = Items(last.texts + block.texts)
        elif isinstance(last, Grid) and isinstance(block, Grid):
            found[-1] = Grid(last.rows + block.rows)
        else:
            found.append(block)
    return tuple(found)


def as_word(markdown: str, to: Path) -> None:
    """Write the text as a Word file."""
    from docx import Document  # most commands never write one

    document = Document()
    for block in blocks_of(markdown):
        match block:
            case Heading(level=level, text=text):
                document.add_heading(text, level - 1)
            case Paragraph(text=text):
                document.add_paragraph(text)
            case Items(texts=texts):
                for text in texts:
                    document.add_paragraph(text, style="List Bullet")
            case Grid(rows=rows):
                table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
                for row, cells in zip(table.rows, rows, strict=True):
                    for cell, text in zip(row.cells, cells, strict=True):
                        cell.text = text
    document.save(str(to))


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice as a page shows it, in either language; made anew from what is configured."""

    settings: Settings
    world: World
    clock: Callable[[], datetime]

    def blocks(self, locale: str) -> tuple[Block, ...]:
        """The notice today."""
        on = day_of(self.clock())
        return blocks_of(as_markdown("notice", locale, self.settings, self.world, on))


def problems(settings: Settings, world: World, on: date) -> Iterator[Problem]:
    """What is wrong with the texts, the operator's own included."""
    for locale in ("zh-CN", "en"):
        for paper in PAPERS:
            try:
                as_markdown(paper, locale, settings, world, on)
            except BrokenContent as error:
                yield from error.problems


def _facts(locale: str, settings: Settings, world: World, on: date) -> Mapping[str, Any]:
    return {
        "operator": world.operated_by(locale),
        "contact": world.reached_by(locale),
        "provider": world.provider.full_name(locale),
        "on": on.isoformat(),
        "days": settings.retention_days,
        "idle_days": settings.retention_idle_days,
        "thinking_hours": int(THINKING.total_seconds() // 3600),
        "notice_days": NOTICE.days,
        "backup_days": BACKUP_DAYS,
        "telegram": settings.telegram_token is not None,
        "wechat": settings.wechat_app_id is not None,
        "wecom": settings.wecom_corp_id is not None,
        "has_forms": world.has_forms,
        "typing": ", ".join(sorted(settings.typed_on)),
        "sources": [_cited(one) for one in _sources(settings.content)],
    }


def _sources(content: Path | None) -> list[LegalSource]:
    path = _source(content, "sources.toml")
    broken: list[Problem] = []
    found = read_sources(read_toml(path, "privacy/sources.toml"), broken)
    if broken:
        raise BrokenContent(broken)
    return list(found.values())


def _cited(source: LegalSource) -> str:
    dated = f"，{source.date}" if source.date else ""
    return f"{source.title}（{source.publisher}{dated}）{source.url}"


def _source(content: Path | None, name: str) -> Traversable:
    own = content / "privacy" / name if content is not None else None
    if own is not None and own.is_file():
        return own
    return files("knowledge") / "privacy" / name


def _lines(markdown: str) -> Iterator[Block]:
    for line in markdown.splitlines():
        text = line.strip()
        if not text or _RULE.fullmatch(text):
            continue
        if text.startswith("#"):
            level = len(text) - len(text.lstrip("#"))
            yield Heading(level, text[level:].strip())
        elif item := _ITEM.fullmatch(text):
            yield Items((item[1],))
        elif text.startswith("|"):
            yield Grid((tuple(cell.strip() for cell in text.strip("|").split("|")),))
        else:
            yield Paragraph(text)
