"""Take-overs raced by two processes on PostgreSQL: who could speak, and what came out later."""

import asyncio
import json
import random
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bench import postgres
from bench.racer import AT_ONCE, NAMES, PRIVATE
from bench.results import ROOT, Result, work_folder
from dialogs.case import ASSISTANT, signed
from storage.migrate import upgrade
from storage.opening import open_database
from storage.tables import message

Line = Mapping[str, Any]


@dataclass(slots=True)
class Races:
    """What came of them. The four that should be 0 are those a person would notice."""

    races: int = 0
    claims: int = 0
    several_holders: int = 0  # a claim that two colleagues got
    bot_after: int = 0  # messages of the assistant begun while somebody had the conversation
    others_after: int = 0  # messages of somebody who no longer had it
    private: int = 0  # private notes that reached an applicant
    stopped: int = 0  # messages withdrawn before anybody began to send them
    in_flight: int = 0  # messages a sender held at a claim's commit: `take` waited for them
    sent: dict[str, int] = field(default_factory=dict)  # messages by whom they were from
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether every promise was kept."""
        kept = not (self.several_holders or self.bot_after or self.others_after or self.private)
        return kept and self.claims > 0


def races(count: int, seed: int | None = None) -> dict[str, Result]:
    """The benchmark; nothing where the machine has no PostgreSQL."""
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    with postgres.server() as url:
        if url is None:
            return {}
        print(f"  seed {seed}", flush=True)
        found = asyncio.run(raced(url, count, seed))
    further = asdict(found) | {"sound": found.sound, "seed": seed}
    return {
        "races": Result(unit="races", counts={"races": found.races}, further=further),
    }


async def raced(url: str, count: int, seed: int) -> Races:
    """Race about ``count`` times in two processes, and judge by what the platform got."""
    await upgrade(url)
    batches = max(1, round(count / AT_ONCE))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.racer",
                str(number), url, folder, str(batches), str(seed),
                stdin=PIPE, stdout=PIPE, cwd=ROOT,
            )
            for number in range(len(NAMES))
        ]  # fmt: skip
        while all(await asyncio.gather(*map(_is_ready, processes))):
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(b"go\n")
        if any(await asyncio.gather(*(process.wait() for process in processes))):
            raise SystemExit("a racing process failed")
        journals = [Path(folder) / f"journal{number}.jsonl" for number in range(len(NAMES))]
        found = judge([line for one in journals for line in _lines(one)])
    found.races, found.seconds = batches * AT_ONCE, time.monotonic() - began
    found.stopped = await _withdrawn(url)
    return found


async def _is_ready(process: Process) -> bool:
    assert process.stdout is not None
    return await process.stdout.readline() == b"ready\n"


def _lines(journal: Path) -> Iterator[Line]:
    with journal.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def judge(lines: Sequence[Line]) -> Races:
    """What the journals of both processes say, in the order of one clock."""
    found = Races()
    by_person: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line["at"]):
        by_person[line["person"]].append(line)
    for one in by_person.values():
        _judge_person(one, found)
    return found


def _judge_person(lines: Sequence[Line], found: Races) -> None:
    got: set[int] = set()  # epochs
    holder: str | None = None  # since `take` returned, until they leave or another asks for it
    taking: str | None = None  # somebody whose claim is committed, until `take` returns
    for line in lines:
        match line["what"]:
            case "taken":
                found.claims += 1
                found.several_holders += line["epoch"] in got or holder not in (None, line["agent"])
                got.add(line["epoch"])
                holder, taking = line["agent"], None
            case "committed" if line["epoch"] not in got:
                taking = line["agent"]
            case "asked" | "left":
                holder = None
            case "begun":
                author, text = line["author"], line["text"]
                found.sent[author] = found.sent.get(author, 0) + 1
                is_strange = author != taking and not _tells_of(taking or "", text)
                found.in_flight += taking is not None and is_strange
                found.private += PRIVATE in text
                if holder is not None and author != holder and not _tells_of(holder, text):
                    found.bot_after += author == ASSISTANT
                    found.others_after += author != ASSISTANT


def _tells_of(holder: str, text: str) -> bool:
    """Whether it is the notice that this colleague has come."""
    return any(signed(name) == holder and f"客服{name}" in text for name in NAMES)


async def _withdrawn(url: str) -> int:
    database = open_database(url)
    query = select(message.c.seq).where(message.c.status == "withdrawn")
    rows = await database.read(lambda connection: connection.execute(query).scalars().all())
    await database.close()
    return len(rows)
