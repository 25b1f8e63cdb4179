"""What every command shares: settings, faults as one sentence, times, lines that come in."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import typer


class Locale(StrEnum):
    """Languages the assistant speaks."""

    ZH = "zh-CN"
    EN = "en"


LocaleOption = Annotated[Locale, typer.Option(help="Language to begin in.")]


def fail(message: str, status: int = 1) -> NoReturn:
    """One sentence with a cure on standard error, and out."""
    print(f"beian: {message}", file=sys.stderr)
    raise typer.Exit(status)


def settings_of(**overrides: object) -> Any:
    """The settings of environment and `.env`; what an option says goes first."""
    from bot.settings import load_settings

    return load_settings(**overrides)


def guarded(run: Callable[[], Any]) -> Any:
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


def moment_at(text: str | None, option: str = "--at") -> datetime | None:
    """The time an option names, in Shanghai unless it says where."""
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


def lines_in() -> Iterator[str]:
    """Lines of standard input as UTF-8, whatever the locale; broken bytes become U+FFFD."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").strip()
        if line:
            yield line
