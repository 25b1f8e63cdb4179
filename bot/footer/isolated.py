"""Reading a stranger's page in a process of its own, with little time and memory.

Parsers are written for honest pages; what a page does to ``bot.footer.child``, it does to nobody
else.
"""

import asyncio
import json
import os
import sys
from typing import Final

from pydantic import TypeAdapter, ValidationError

from filing.page import Page

SECONDS: Final = 5
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
        "bot.footer.child",
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
