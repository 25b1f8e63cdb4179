"""`beian knowledge`: how questions find their articles, what these lack, the help site."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.running import fail, guarded, moment_at, settings_of

knowledge = typer.Typer(
    help="Articles: how questions find them, what they lack, the help site.", no_args_is_help=True
)


@knowledge.command("evaluate")
def knowledge_evaluate(
    file: Annotated[Path, typer.Argument(help="Questions, one JSON object a line.")],
    misses: Annotated[bool, typer.Option(help="List what was not answered rightly.")] = False,
) -> None:
    """Measure how a set of questions is answered, by sort of question."""
    from bot.evaluating import report

    try:
        for line in report(settings_of(), file, misses=misses):
            print(line)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}; name a file of questions")
    except ValueError as error:
        fail(str(error))


@knowledge.command("gaps")
def knowledge_gaps(
    since: Annotated[str | None, typer.Option(help="Only questions since then, ISO 8601.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what people asked and no article answered, the most asked first."""
    from bot.gaps import gap_as_text, list_gaps

    moment = moment_at(since, "--since")
    found = guarded(lambda: asyncio.run(list_gaps(settings_of(), moment)))
    for gap in found:
        print(json.dumps(gap, ensure_ascii=False) if as_json else gap_as_text(gap))
    if not found and not as_json:
        print("no gap: every question found an answer")


@knowledge.command("answered")
def knowledge_answered(
    gap: Annotated[str, typer.Argument(help="A gap's name, such as G17.")],
    article: Annotated[str, typer.Argument(help="The article that answers it, by its id.")],
) -> None:
    """Send an article to everybody who asked the questions of a gap, once."""
    from bot.gaps import answer_gap

    digits = gap.lstrip("Gg")
    if not digits.isdecimal():
        fail(f"{gap!r} names no gap; they are called G1, G2, … in `beian knowledge gaps`", 2)
    try:
        told = guarded(lambda: asyncio.run(answer_gap(settings_of(), int(digits), article)))
    except LookupError:
        fail(f"there is no article {article!r}; write it first, its id is its file's name")
    if told is None:
        fail(f"there is no gap {gap!r} without an answer; see `beian knowledge gaps`")
    later = f", {told.later} later: a colleague is talking to them" if told.later else ""
    print(f"told {told.now}{later}")


@knowledge.command("site")
def knowledge_site(
    out: Annotated[Path, typer.Argument(help="Folder to write into: an empty one, or a site's.")],
) -> None:
    """Write the public help site: static pages of all articles, with a search of their own."""
    from bot.clock import real_clock
    from bot.site.building import NotASite, write_site
    from bot.world import load_world
    from dialogs.world import day_of

    settings = settings_of()
    world = guarded(lambda: load_world(settings))
    today = day_of(real_clock())
    try:
        pages = guarded(lambda: write_site(world, out, today, settings.public_url))
    except NotASite as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write to {out} ({error.strerror}); choose a folder you may write to")
    print(f"{pages} pages in {out}")
