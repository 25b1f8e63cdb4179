"""Reading a stranger's page in a process of its own, with little time and memory.

Parsers are written for honest pages; what a page does to this process, it does to nobody else.
Run as a program it reads JSON (``html``, ``url``) and writes the page as JSON.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.footer.markup import read_page
from filing.page import Page

SECONDS: Final = 5
_MEMORY: Final = 2**30  # bytes
_PAGE: Final = TypeAdapter(Page)


class TooMuch(Exception):
    """The page could not be read within its time and memory."""


async def read_apart(
    html: str, url: str = "", *, garbled_as: str = "", seconds: int = SECONDS
) -> Page:
    """The page as its reader sees it before scripts run.

    ``seconds`` are of the processor; twice as many may pass. Raises TooMuch.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
    )
    given = {"html": html, "url": url, "garbled_as": garbled_as, "seconds": seconds}
    try:
        async with asyncio.timeout(2 * seconds):
            told, _ = await child.communicate(json.dumps(given).encode())
    except TimeoutError:
        raise TooMuch from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    try:
        return _PAGE.validate_json(told)
    except ValidationError:
        raise TooMuch from None


def _limit(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read one page from standard input and write what is on it to standard output."""
    given = json.load(sys.stdin)
    _limit(given["seconds"])
    page = read_page(given["html"], given["url"], garbled_as=given["garbled_as"])
    json.dump(asdict(page), sys.stdout)


if __name__ == "__main__":
    main()
