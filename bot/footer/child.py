"""The program that reads one page and ends: JSON in (``html``, ``url`` …), the page as JSON out."""

import json
import sys
from dataclasses import asdict
from typing import Final

from bot.footer.markup import read_page

_MEMORY: Final = 2**30  # bytes


def main() -> None:
    """Read one page from standard input and write what is on it to standard output."""
    given = json.load(sys.stdin)
    _limit(given["seconds"])
    page = read_page(given["html"], given["url"], garbled_as=given["garbled_as"])
    json.dump(asdict(page), sys.stdout)


def _limit(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's patience remains
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
