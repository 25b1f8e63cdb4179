"""One contestant under one load, in this process; prints what was measured as JSON.

usage: python -m bench.run_one NAME USERS AT_ONCE FOLDER
"""

import asyncio
import gc
import sys
from pathlib import Path

from bench.contestants import ENTRIES
from bench.driving import WARM_UP, Load, drive


def main(name: str, users: int, at_once: int, folder: Path) -> None:
    """Run it; fails if answers are missing at the end."""
    entry = ENTRIES[name]
    open_bot = entry.load()
    gc.collect()
    measured = asyncio.run(drive(open_bot, Load(users, at_once, entry.texts), folder))
    expected = (users + WARM_UP) * entry.answers
    if measured.kept != expected:
        raise SystemExit(f"{name} kept {measured.kept} answers of {expected}")
    print(measured.as_json())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
