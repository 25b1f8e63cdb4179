"""Where a contestant's processor time goes: a profile kept in bench/profiles.

usage: python -m bench.profiling NAME [USERS]

Times are those of the event loop's thread, under the profiler: read shares, not milliseconds.
"""

import asyncio
import cProfile
import io
import pstats
import re
import sys
import tempfile
from pathlib import Path

from bench.contestants import ENTRIES, Entry
from bench.driving import WARM_UP, feed_all
from bench.platform import Platform
from bench.results import ROOT, work_folder
from bench.updates import FIRST_CHAT, conversation

FOLDER = ROOT / "bench" / "profiles"
AT_ONCE = 50
LINES = 45


def main(name: str, users: int) -> None:
    """Drive the contestant under the profiler and write what took longest."""
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        turns = asyncio.run(_profiled(profile, ENTRIES[name], users, Path(folder)))
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text)
    stats.sort_stats("tottime").print_stats(LINES)
    stats.sort_stats("cumulative").print_stats(r"dialogs|storage|bot|scheduler|filing", LINES)
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / f"{name}.txt"
    head = f"{name}: {turns} turns of {users} people, {AT_ONCE} at once\n"
    target.write_text(head + _plain(text.getvalue()), encoding="utf-8")
    print(f"{target.relative_to(ROOT)} written")


async def _profiled(profile: cProfile.Profile, entry: Entry, users: int, folder: Path) -> int:
    """Profile the turns alone, once everything is loaded and warm; how many there were."""
    people = [conversation(FIRST_CHAT + n, entry.texts) for n in range(WARM_UP + users)]
    async with entry.load()(Platform(), folder) as bot:
        await feed_all(bot, people[:WARM_UP], AT_ONCE)
        profile.enable()
        waits = await feed_all(bot, people[WARM_UP:], AT_ONCE)
        profile.disable()
    return len(waits)


def _plain(text: str) -> str:
    """Without paths of this machine."""
    text = text.replace(f"{ROOT}/", "")
    text = re.sub(r"\S*/site-packages/", "", text)
    text = re.sub(r"\S*/lib/python3\.\d+/", "", text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100)
