"""The program `beian`: every command, each importing what it needs when it runs."""

import asyncio
import gc
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.database import backup, db, keys
from bot.commands.knowledge import knowledge
from bot.commands.running import (
    Locale,
    LocaleOption,
    fail,
    guarded,
    lines_in,
    moment_at,
    settings_of,
)
from bot.commands.staff import agents, audit

app = typer.Typer(
    help="Beian Assistant 备案助手: completes an ICP filing in chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
footer = typer.Typer(help="The bottom of a filed website's home page.", no_args_is_help=True)
app.add_typer(audit, name="audit")
app.add_typer(backup, name="backup")
app.add_typer(keys, name="keys")
app.add_typer(db, name="db")
app.add_typer(agents, name="agents")
app.add_typer(knowledge, name="knowledge")
app.add_typer(footer, name="footer")


class ServeRole(StrEnum):
    """What a serving process does."""

    ALL = "all"
    WEB = "web"
    TELEGRAM = "telegram"
    WECHAT = "wechat"
    WECOM = "wecom"
    SCHEDULER = "scheduler"


@app.command()
def serve(
    role: Annotated[list[ServeRole] | None, typer.Option(help="Default: all.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the assistant: web chat, Telegram if configured, delivery."""
    from bot.serving import serve as run_server

    roles = frozenset(one.value for one in role or [ServeRole.ALL])
    guarded(lambda: run_server(settings_of(host=host, port=port), roles))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0: any free one.")] = 8010,
) -> None:
    """Show four people file, on web, WeChat, WeCom and Telegram: a month in two minutes."""
    from bot.demo.running import demonstrate
    from bot.logs import configure_logging

    configure_logging("WARNING", "text")
    guarded(lambda: asyncio.run(demonstrate(port)))


@app.command()
def check() -> None:
    """Validate configuration, flows, rules, articles and wording; list every problem at once."""
    from bot.checking import check_everything
    from bot.clock import real_clock
    from dialogs.world import day_of

    found = guarded(lambda: check_everything(settings_of(), day_of(real_clock())))
    for warning in found.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    if found.problems:
        count = len(found.problems)
        fail(f"{count} problem(s) found; each line above says where and what to do")
    print(f"ok, {len(found.warnings)} warning(s)" if found.warnings else "ok")
    for note in found.notes:
        print(note)


@app.command()
def chat(
    locale: LocaleOption = Locale.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    database: Annotated[str | None, typer.Option(help="Keep the conversation here.")] = None,
    at: Annotated[str | None, typer.Option(help="Simulated time to start at, ISO 8601.")] = None,
) -> None:
    """Talk to the assistant here. With --json: a rehearsal on a simulated clock."""
    from bot.chatting import chat_in_json, chat_in_terminal

    start = moment_at(at)
    settings = settings_of(database_url=database)
    if as_json:
        keep = database is not None
        guarded(lambda: asyncio.run(chat_in_json(settings, locale.value, start, keep=keep)))
    else:
        guarded(lambda: asyncio.run(chat_in_terminal(settings, locale.value, start)))


@app.command()
def ask(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    locale: LocaleOption = Locale.ZH,
    province: Annotated[str | None, typer.Option(help="Short name, such as 江苏.")] = None,
    subject_kind: Annotated[str | None, typer.Option(help="Such as enterprise.")] = None,
) -> None:
    """Answer questions from the knowledge base, one a line."""
    from bot.asking import Asker

    asker = guarded(lambda: Asker(settings_of(), locale.value, province, subject_kind))
    for line in lines_in():
        if as_json:
            print(json.dumps(asker.answer_line(line), ensure_ascii=False), flush=True)
        else:
            print(asker.answer_text(line), flush=True)


@app.command()
def understand(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show how messages are read, one JSON object a line."""
    from bot.explaining import Explainer

    explainer = guarded(lambda: Explainer(settings_of()))
    indent = None if as_json else 2
    for line in lines_in():
        print(json.dumps(explainer.explain(line), ensure_ascii=False, indent=indent), flush=True)


@app.command()
def export(
    filing: Annotated[str, typer.Argument(help="Public id of the filing.")],
    output: Annotated[str, typer.Option(help="json, or html to print.")] = "json",
    full: Annotated[bool, typer.Option(help="Show sensitive values unmasked.")] = False,
    materials: Annotated[
        Path | None, typer.Option(help="Also write its accepted papers to this ZIP file.")
    ] = None,
) -> None:
    """Write a filing in the order of the provider's console."""
    from bot.exporting import export_filing, export_materials

    if output not in ("json", "html"):
        fail("--output is json or html", 2)
    sheet = guarded(lambda: asyncio.run(export_filing(settings_of(), filing, output, full=full)))
    if sheet is None:
        fail(f"there is no filing {filing!r}; its id stands in the chat and on the desk")
    if materials is not None:
        guarded(lambda: asyncio.run(export_materials(settings_of(), filing, materials)))
    print(sheet)


@app.command()
def erase(
    applicant: Annotated[str, typer.Argument(help="Applicant id, or a filing's id.")],
) -> None:
    """Erase an applicant: keys, answers, transcript and files. Cannot be undone."""
    from bot.exporting import erase_applicant

    if not guarded(lambda: asyncio.run(erase_applicant(settings_of(), applicant))):
        fail(f"there is no applicant {applicant!r}; a filing's id works too")
    print("erased")


@footer.command("check")
def footer_check(
    filing_number: Annotated[str, typer.Option(help="As given, e.g. 苏ICP备2026000001号-1.")],
    province: Annotated[str, typer.Option(help="Where it was filed; short name, such as 江苏.")],
    url: Annotated[
        str | None, typer.Option(help="The home page's address (needs network).")
    ] = None,
    html: Annotated[str | None, typer.Option(help="Its HTML in a file; - reads it here.")] = None,
    subject_name: Annotated[str | None, typer.Option(help="主办单位, full name.")] = None,
    police_number: Annotated[str | None, typer.Option(help="公安备案号, if there is one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    locale: LocaleOption = Locale.ZH,
) -> None:
    """Check a home page's footer. Exit status 0 if it could be checked, whatever was found."""
    from bot.footer.command import Question, check

    asked = Question(filing_number, province, url, html, subject_name, police_number)
    verdict = guarded(lambda: check(settings_of(), asked, locale.value))
    print(json.dumps(verdict.as_data(), ensure_ascii=False) if as_json else verdict.as_text())
    if verdict.status:
        fail(verdict.fault, verdict.status)


@app.command()
def letter(
    key: Annotated[str, typer.Argument(help="Which letter; without it all are listed.")] = "",
    filing: Annotated[
        str | None, typer.Option(help="Fill it in from this filing; else made-up values.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path(),
    template: Annotated[
        bool, typer.Option("--template", help="Write its .docx template, to make your own of.")
    ] = False,
    locale: LocaleOption = Locale.ZH,
) -> None:
    """Write a letter to sign (授权书, 承诺书 …) as .docx and PDF."""
    from bot.letters.command import NoLetter, list_letters, write_letter

    settings = settings_of()
    if not key:
        print("\n".join(guarded(lambda: list_letters(settings, locale.value))))
        return
    try:
        places = guarded(lambda: write_letter(settings, key, out, filing=filing, template=template))
    except NoLetter as error:
        fail(str(error))
    for place in places:
        print(place)


class PrivacyPaper(StrEnum):
    """What can be written."""

    NOTICE = "notice"
    ASSESSMENT = "assessment"


@app.command()
def privacy(
    paper: Annotated[PrivacyPaper, typer.Argument(help="Which paper.")],
    out: Annotated[
        Path | None, typer.Option(help="Write it here, as .md or .docx; else as Markdown.")
    ] = None,
    locale: LocaleOption = Locale.ZH,
) -> None:
    """Write the privacy notice (隐私说明) or the impact assessment (影响评估) to fill in."""
    from bot.clock import real_clock
    from bot.privacy.papers import as_markdown, as_word
    from bot.world import load_world
    from dialogs.world import day_of

    settings = settings_of()
    on = day_of(real_clock())
    text = guarded(
        lambda: as_markdown(paper.value, locale.value, settings, load_world(settings), on)
    )
    if out is None:
        print(text, end="")
    elif out.suffix == ".docx":
        as_word(text, out)
    elif out.suffix == ".md":
        out.write_text(text, encoding="utf-8")
    else:
        fail("--out ends in .md or .docx, as in --out notice.docx", 2)


@app.command()
def deadlines(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show how reminding stands: due, sent, failed, late, at risk, and what needs a person."""
    from bot.deadlines import as_lines, deadlines_now

    data = guarded(lambda: asyncio.run(deadlines_now(settings_of())))
    print(json.dumps(data, ensure_ascii=False) if as_json else as_lines(data))


def main() -> None:
    """Entry point."""
    gc.set_threshold(100_000)  # loading makes many objects and hardly a cycle among them
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
