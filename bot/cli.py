"""The program `beian`: every command, each importing what it needs when it runs."""

import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    help="Beian Assistant 备案助手: completes an ICP filing in chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
agents = typer.Typer(help="Accounts of support staff.", no_args_is_help=True)
footer = typer.Typer(help="The bottom of a filed website's home page.", no_args_is_help=True)
audit = typer.Typer(help="The audit trail of the staff desk.", no_args_is_help=True)
app.add_typer(audit, name="audit")
backup = typer.Typer(
    help="Backups: everything but the master key, sealed, in one file.", no_args_is_help=True
)
app.add_typer(backup, name="backup")
keys = typer.Typer(help="The master key.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(db, name="db")
app.add_typer(agents, name="agents")
knowledge = typer.Typer(
    help="Articles: how questions find them, what they lack, the help site.", no_args_is_help=True
)
app.add_typer(knowledge, name="knowledge")
app.add_typer(footer, name="footer")


class Locale(StrEnum):
    """Languages the assistant speaks."""

    ZH = "zh-CN"
    EN = "en"


class ServeRole(StrEnum):
    """What a serving process does."""

    ALL = "all"
    WEB = "web"
    TELEGRAM = "telegram"
    WECHAT = "wechat"
    SCHEDULER = "scheduler"


class AgentRole(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


LocaleOption = Annotated[Locale, typer.Option(help="Language to begin in.")]


def fail(message: str, status: int = 1) -> NoReturn:
    """One sentence with a cure on standard error, and out."""
    print(f"beian: {message}", file=sys.stderr)
    raise typer.Exit(status)


@app.command()
def serve(
    role: Annotated[list[ServeRole] | None, typer.Option(help="Default: all.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the assistant: web chat, Telegram if configured, delivery."""
    from bot.serving import serve as run_server

    roles = frozenset(one.value for one in role or [ServeRole.ALL])
    _guarded(lambda: run_server(_settings(host=host, port=port), roles))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0: any free one.")] = 8010,
) -> None:
    """Show three people file side by side, on web, WeChat and Telegram: a month in two minutes."""
    from bot.demo.running import demonstrate
    from bot.logs import configure_logging

    configure_logging("WARNING", "text")
    _guarded(lambda: asyncio.run(demonstrate(port)))


@app.command()
def check() -> None:
    """Validate configuration, flows, rules, articles and wording; list every problem at once."""
    from bot.checking import check_everything
    from bot.clock import real_clock
    from dialogs.world import day_of

    found = _guarded(lambda: check_everything(_settings(), day_of(real_clock())))
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

    start = _moment(at)
    settings = _settings(database_url=database)
    if as_json:
        keep = database is not None
        _guarded(lambda: asyncio.run(chat_in_json(settings, locale.value, start, keep=keep)))
    else:
        _guarded(lambda: asyncio.run(chat_in_terminal(settings, locale.value, start)))


@app.command()
def ask(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    locale: LocaleOption = Locale.ZH,
    province: Annotated[str | None, typer.Option(help="Short name, such as 江苏.")] = None,
    subject_kind: Annotated[str | None, typer.Option(help="Such as enterprise.")] = None,
) -> None:
    """Answer questions from the knowledge base, one a line."""
    from bot.asking import Asker

    asker = _guarded(lambda: Asker(_settings(), locale.value, province, subject_kind))
    for line in _lines():
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

    explainer = _guarded(lambda: Explainer(_settings()))
    indent = None if as_json else 2
    for line in _lines():
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
    sheet = _guarded(lambda: asyncio.run(export_filing(_settings(), filing, output, full=full)))
    if sheet is None:
        fail(f"there is no filing {filing!r}; its id stands in the chat and on the desk")
    if materials is not None:
        _guarded(lambda: asyncio.run(export_materials(_settings(), filing, materials)))
    print(sheet)


@app.command()
def erase(
    applicant: Annotated[str, typer.Argument(help="Applicant id, or a filing's id.")],
) -> None:
    """Erase an applicant: keys, answers, transcript and files. Cannot be undone."""
    from bot.exporting import erase_applicant

    if not _guarded(lambda: asyncio.run(erase_applicant(_settings(), applicant))):
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
    verdict = _guarded(lambda: check(_settings(), asked, locale.value))
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

    settings = _settings()
    if not key:
        print("\n".join(_guarded(lambda: list_letters(settings, locale.value))))
        return
    try:
        places = _guarded(
            lambda: write_letter(settings, key, out, filing=filing, template=template)
        )
    except NoLetter as error:
        fail(str(error))
    for place in places:
        print(place)


@app.command()
def deadlines(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show how reminding stands: due, sent, failed, late, at risk, and what needs a person."""
    from bot.deadlines import as_lines, deadlines_now

    data = _guarded(lambda: asyncio.run(deadlines_now(_settings())))
    print(json.dumps(data, ensure_ascii=False) if as_json else as_lines(data))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's schema up to date."""
    from bot.database import upgrade

    print(_guarded(lambda: upgrade(_settings())))


@db.command("current")
def db_current() -> None:
    """Show the schema's revision."""
    from bot.database import current

    print(_guarded(lambda: current(_settings())))


@knowledge.command("evaluate")
def knowledge_evaluate(
    file: Annotated[Path, typer.Argument(help="Questions, one JSON object a line.")],
    misses: Annotated[bool, typer.Option(help="List what was not answered rightly.")] = False,
) -> None:
    """Measure how a set of questions is answered, by sort of question."""
    from bot.evaluating import report

    try:
        for line in report(_settings(), file, misses=misses):
            print(line)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}; name a file of questions")
    except ValueError as error:
        fail(str(error))


@keys.command("rotate")
def keys_rotate(
    to: Annotated[
        Path | None,
        typer.Option(help="File of the new key; made if there is none. Needed with a variable."),
    ] = None,
) -> None:
    """Seal everything with a new master key. Stop all processes first, and back up."""
    from bot.rotating import rotate

    done = _guarded(lambda: rotate(_settings(), to))
    if done.rotated is not None:
        print(
            f"sealed anew: {done.rotated.data_keys} data keys, {done.rotated.values} indexed "
            f"values, {done.rotated.entries} entries of the audit trail"
        )
        print(f"the trail's checksum before: {done.rotated.head.hex()}")
    print(f"master key {done.new_id}")
    if done.kept is None:
        print(f"set BEIAN_MASTER_KEY to what {to} holds; keep the old key for older backups")
    else:
        print(f"the key before is kept for older backups: {done.kept}")


@backup.command("create")
def backup_create(
    file: Annotated[Path, typer.Argument(help="Where to, e.g. /backups/beian-2026-11-26.")],
) -> None:
    """Back up database and files while the program runs."""
    from bot.backing_up import create

    made = _guarded(lambda: create(_settings(), file))
    print(f"{file}: {sum(made.rows.values())} rows, {made.files} files")


@backup.command("verify")
def backup_verify(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Restore a backup into a temporary database, open what lies in it, throw it away."""
    from bot.backing_up import verify

    found = _guarded(lambda: verify(_settings(), file))
    print(
        f"sound: made at {found.made_at.isoformat(timespec='seconds')}, "
        f"{sum(found.rows.values())} rows, {found.files} files"
    )


@backup.command("restore")
def backup_restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    newer: Annotated[
        list[Path] | None,
        typer.Option(help="A later backup, or an erasures.jsonl: what is erased there stays so."),
    ] = None,
) -> None:
    """Restore a backup into an empty database and home; what was erased since stays erased."""
    from bot.backing_up import restore

    done = _guarded(lambda: restore(_settings(), file, newer or []))
    print(
        f"restored {sum(done.archive.rows.values())} rows and {done.archive.files} files; "
        f"erased again: {done.erased_applicants} applicants, {done.erased_files} files"
    )


@audit.command("verify")
def audit_verify(
    head: Annotated[
        str | None, typer.Option(help="A checksum noted earlier, which must still be there.")
    ] = None,
) -> None:
    """Check that no entry was changed, taken out or put in; prints the newest checksum."""
    from bot.auditing import verify

    verdict = _guarded(lambda: asyncio.run(verify(_settings(), head)))
    if verdict.broken_at is not None:
        fail(f"entry {verdict.broken_at} is not as it was written; compare with a backup")
    if not verdict.knows_head:
        fail("the checksum is not in the trail: entries were taken off its end, or it is mistyped")
    print(f"ok, {verdict.entries} entries, newest checksum {verdict.head.hex()}")


@audit.command("export")
def audit_export() -> None:
    """Write the whole trail, oldest first, one JSON object a line."""
    from bot.auditing import export

    _guarded(lambda: asyncio.run(export(_settings(), print)))


@agents.command("add")
def agents_add(
    name: str, role: Annotated[AgentRole, typer.Option(help="What they may do.")] = AgentRole.AGENT
) -> None:
    """Add a member of staff; prints a one-time password."""
    from bot.staff import add_agent

    password = _guarded(lambda: asyncio.run(add_agent(_settings(), name, role.value)))
    if password is None:
        fail(f"{name!r} exists already; choose another name or disable the old account")
    print(f"{name} {role.value} {password}")


@agents.command("list")
def agents_list() -> None:
    """List staff accounts."""
    from bot.staff import list_agents

    for agent in _guarded(lambda: asyncio.run(list_agents(_settings()))):
        print(f"{agent.name} {agent.role}{' disabled' if agent.disabled else ''}")


@agents.command("disable")
def agents_disable(name: str) -> None:
    """Take a member of staff's access away."""
    from bot.staff import disable_agent

    if not _guarded(lambda: asyncio.run(disable_agent(_settings(), name))):
        fail(f"there is no {name!r}; see `beian agents list`")
    print(f"{name} disabled")


@knowledge.command("gaps")
def knowledge_gaps(
    since: Annotated[str | None, typer.Option(help="Only questions since then, ISO 8601.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List what people asked and no article answered, the most asked first."""
    from bot.gaps import gap_as_text, list_gaps

    moment = _moment(since, "--since")
    found = _guarded(lambda: asyncio.run(list_gaps(_settings(), moment)))
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
        told = _guarded(lambda: asyncio.run(answer_gap(_settings(), int(digits), article)))
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

    settings = _settings()
    world = _guarded(lambda: load_world(settings))
    today = day_of(real_clock())
    try:
        pages = _guarded(lambda: write_site(world, out, today, settings.public_url))
    except NotASite as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write to {out} ({error.strerror}); choose a folder you may write to")
    print(f"{pages} pages in {out}")


def _settings(**overrides: object) -> Any:
    from bot.settings import load_settings

    return load_settings(**overrides)


def _guarded(run: Callable[[], Any]) -> Any:
    """Run a command's work; known faults become one sentence and exit status 1."""
    from bot.errors import KNOWN_FAULTS, one_sentence

    try:
        return run()
    except BrokenPipeError:  # whoever read has enough: `beian chat --json | head`
        # What is still buffered must not be complained of at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KNOWN_FAULTS as error:
        fail(one_sentence(error))


def _moment(text: str | None, option: str = "--at") -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{option} {text!r} is no ISO 8601 time; write 2026-12-01T09:00:00+08:00", 2)
    if at.utcoffset() is not None:
        return at
    from dialogs.world import SHANGHAI

    return at.replace(tzinfo=SHANGHAI)


def _lines() -> Iterator[str]:
    """Lines of standard input as UTF-8, whatever the locale; broken bytes become U+FFFD."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").strip()
        if line:
            yield line


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
