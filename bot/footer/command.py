"""A home page's footer checked from the command line: `beian footer check`."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import real_clock
from bot.footer.markup import decode
from bot.footer.reading import HomePages
from bot.settings import Settings
from bot.world import load_world
from dialogs.footer_words import Said, say_finding
from dialogs.ports import PageRefused
from dialogs.world import World, day_of
from filing.filing_number import parse_filing_number
from filing.footer import Footer, footer_for
from filing.footer_check import check_footer, is_right
from filing.invalid import Invalid
from filing.page import Page
from filing.police_number import PoliceNumber, parse_police_number
from filing.provinces import PROVINCES, parse_province

_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}
_LARGEST = 8 * 2**20  # bytes of a file that are read


@dataclass(frozen=True, slots=True)
class Question:
    """The command's options as they were typed; one of ``url`` and ``html`` must be given."""

    filing_number: str
    province: str
    url: str | None = None
    html: str | None = None
    subject_name: str | None = None
    police_number: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``status`` is not 0 if the page could not be checked, ``fault`` says why."""

    ok: bool
    findings: tuple[Said, ...]
    status: int = 0
    fault: str = ""

    def as_data(self) -> dict[str, Any]:
        """The object of the interface."""
        return {
            "ok": self.ok,
            "findings": [
                {"code": one.code, "level": one.level, "message": one.message, "fix": one.fix}
                for one in self.findings
            ],
        }

    def as_text(self) -> str:
        """The same for a terminal."""
        lines = []
        for one in self.findings:
            lines.append(f"{_MARKS[one.level]} {one.message}")
            lines += [f"    {line}" for line in one.fix.splitlines()]
        return "\n".join(lines)


class _Wrong(Exception):
    """What was typed cannot be used."""

    def __init__(self, code: str, message: str, cure: str, status: int = 2) -> None:
        super().__init__(message)
        self.said = Said(code, "error", message, "")
        self.cure = cure
        self.status = status


def check(settings: Settings, asked: Question, locale: str) -> Verdict:
    """Check the page that was asked about. Raises the faults of settings and content."""
    world = load_world(settings)
    try:
        footer = _footer(world, asked, locale)
        page = _page(world, asked, locale)
    except _Wrong as wrong:
        return Verdict(False, (wrong.said,), wrong.status, wrong.cure)
    findings = check_footer(page, footer)
    said = tuple(say_finding(one, world.wording, locale) for one in findings)
    return Verdict(is_right(findings), said)


def _footer(world: World, asked: Question, locale: str) -> Footer:
    number = parse_filing_number(asked.filing_number)
    if isinstance(number, Invalid):
        raise _invalid(world, number, "--filing-number", locale)
    province = parse_province(asked.province)
    if province is None:
        names = "、".join(one.name for one in PROVINCES)
        message = f"{asked.province!r}: {names}"
        raise _Wrong("province", message, f"--province is one of {names}")
    police: PoliceNumber | None = None
    if asked.police_number:
        read = parse_police_number(asked.police_number)
        if isinstance(read, Invalid):
            raise _invalid(world, read, "--police-number", locale)
        police = read
    return footer_for(
        number,
        province.name,
        world.rulebook,
        day_of(real_clock()),
        subject_name=asked.subject_name,
        police=police,
    )


def _invalid(world: World, wrong: Invalid, option: str, locale: str) -> _Wrong:
    message = world.wording.say(f"invalid.{wrong.code}", locale, **wrong.params)
    return _Wrong(wrong.code, message, f"{option}: {message}")


def _page(world: World, asked: Question, locale: str) -> Page:
    if (asked.url is None) == (asked.html is None):
        message = world.wording.say("footer.one_source", locale)
        raise _Wrong("one_source", message, "give one of --url and --html")
    got = asyncio.run(_pages(asked))
    if isinstance(got, PageRefused):
        message = world.wording.say(f"footer.fetch.{got.code}", locale, **got.params)
        raise _Wrong(f"fetch_{got.code}", message, message, status=1)
    return got


async def _pages(asked: Question) -> Page | PageRefused:
    if asked.html is None:
        return await HomePages().fetch(asked.url or "")
    try:
        decoded = decode(_content(asked.html))
    except OSError as error:
        message = f"{asked.html}: {error.strerror}"
        raise _Wrong("unreadable", message, f"{message}; name a file", status=1) from None
    return await HomePages().read(decoded.text, garbled_as=decoded.garbled_as)


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(_LARGEST)
    with Path(name).open("rb") as file:
        return file.read(_LARGEST)
