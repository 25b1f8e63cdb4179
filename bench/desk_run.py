"""One desk under one load, in this process; prints what was measured as JSON.

usage: python -m bench.desk_run fill CONVERSATIONS FOLDER
       python -m bench.desk_run watch WATCHERS PER_SECOND SECONDS FOLDER
"""

import asyncio
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from secrets import token_hex
from time import monotonic, process_time

from bench.applicants import undisturbed_case
from bench.desk_watchers import Got
from bot.clock import real_clock
from bot.desk_wiring import live_queue, staff_desk
from bot.memory import keep_what_is_loaded
from bot.settings import Settings
from bot.web.server import Server
from bot.wiring import Program, open_program
from desk.app import alone
from desk.live_queue import LiveQueue
from desk.sessions import Session, session_id
from desk.staff import Role
from dialogs.case import Attention, FilingRecord
from dialogs.message import Identity, Inbound
from dialogs.ports import TurnRecord
from filing.event import Event, EventType

PROBES = 20
"""Conversations at the top of everybody's queue, whose messages are timed."""

_SMALL_TALK = ("你好", "谢谢", "好的，我看看")
_WARM_UP = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class DeskRun:
    """One run. Latencies are from a message's commit to the last watcher who got the update."""

    messages: int
    seconds: float
    cpu_seconds: float  # of the server: turns, dockets and streams
    updates: int  # timed ones that reached every watcher
    lost: int  # timed ones that did not
    p50_ms: float
    p99_ms: float
    worked_out: int  # events, however many watched
    start_cpu_seconds: float  # until the queue of a process that starts is there


async def fill(conversations: int, folder: Path) -> dict[str, float]:
    """Fill a database; processor seconds to make all dockets from nothing."""
    async with open_program(_settings(folder), real_clock) as program:
        people = await _fill(program, conversations)
        (folder / "people.json").write_text(
            json.dumps([(one.external_id, scope) for one, scope in people]), encoding="utf-8"
        )
        queue, begun = live_queue(program), process_time()
        await queue.follower.catch_up()
        return {"catch_up_cpu_seconds": process_time() - begun}


def _settings(folder: Path) -> Settings:
    return Settings(_env_file=None, home=folder, check_pages=False)


async def measure(watchers: int, per_second: float, seconds: float, folder: Path) -> DeskRun:
    """Open the desk over a database, let applicants write and staff watch."""
    known = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    people = [(Identity("web", name), scope) for name, scope in known]
    async with open_program(_settings(folder), real_clock) as program:
        queue, begun = live_queue(program), process_time()
        await queue.gatherer.look()
        started = process_time() - begun
        tokens = [await _log_in(program, number) for number in range(watchers)]
        server = Server(alone(staff_desk(program, queue)), "127.0.0.1", 0)
        stop = asyncio.Event()
        parts = [
            asyncio.create_task(queue.run(stop)),
            asyncio.create_task(server._serve()),
        ]
        while not server.started:
            await asyncio.sleep(0.01)
        keep_what_is_loaded()
        async with _Watching(server.address, tokens) as watching:
            run = await _under_load(program, queue, people, per_second, seconds, watching)
        stop.set()
        server.should_exit = True
        await asyncio.gather(*parts)
    return replace(run, start_cpu_seconds=started)


async def _under_load(
    program: Program,
    queue: LiveQueue,
    people: Sequence[tuple[Identity, str]],
    per_second: float,
    seconds: float,
    watching: "_Watching",
) -> DeskRun:
    """Messages at a steady pace, every tenth of them to a conversation everybody sees."""
    probes, others = people[:PROBES], people[PROBES:]
    numbers = count()
    sent: dict[str, list[Got]] = defaultdict(list)
    dice = random.Random(1)
    handling: set[asyncio.Task[None]] = set()

    async def say(who: Identity, scope: str | None) -> None:
        text, written_at = dice.choice(_SMALL_TALK), real_clock()
        await program.assistant.handle(Inbound(who, f"b{next(numbers)}", written_at, text=text))
        if scope is not None:
            sent[scope].append((monotonic(), written_at.isoformat(timespec="seconds")))

    async def pour(for_seconds: float, *, timed: bool) -> int:
        begun, written = monotonic(), 0
        while (now := monotonic()) - begun < for_seconds:
            while written < (now - begun) * per_second:
                is_probe = timed and written % max(int(per_second / 4), 1) == 0
                who, scope = (
                    probes[(written // max(int(per_second / 4), 1)) % PROBES]
                    if is_probe
                    else dice.choice(others)
                )
                task = asyncio.create_task(say(who, scope if is_probe else None))
                handling.add(task)
                task.add_done_callback(handling.discard)
                written += 1
            await asyncio.sleep(0.005)
        return written

    await pour(_WARM_UP, timed=False)
    worked_out, cpu, begun = queue.hub.worked_out, process_time(), monotonic()
    messages = await pour(seconds, timed=True)
    while handling:
        await asyncio.wait(handling)
    cpu, lasted = process_time() - cpu, monotonic() - begun
    worked_out = queue.hub.worked_out - worked_out
    while queue.follower.behind:
        await asyncio.sleep(0.1)
    await asyncio.sleep(3)  # for the last updates to be sent
    waits, lost = _reached(sent, await watching.seen(), watching.count)
    return DeskRun(
        messages,
        lasted,
        cpu,
        len(waits),
        lost,
        _at(waits, 0.5) * 1e3,
        _at(waits, 0.99) * 1e3,
        worked_out,
        0.0,
    )


def _reached(
    sent: dict[str, list[Got]], seen: Sequence[dict[str, list[Got]]], watchers: int
) -> tuple[list[float], int]:
    """Seconds until the last watcher had each update, and how many some watcher never got."""
    waits: list[float] = []
    lost = 0
    for scope, moments in sent.items() if watchers else ():
        for moment, written_at in moments:
            firsts = [
                next((at for at, heard in one.get(scope, ()) if heard >= written_at), None)
                for one in seen
            ]
            got = [at for at in firsts if at is not None]
            if len(got) == watchers:
                waits.append(max(max(got) - moment, 0.0))
            else:
                lost += 1
    return sorted(waits), lost


def _at(waits: Sequence[float], share: float) -> float:
    return waits[min(int(len(waits) * share), len(waits) - 1)] if waits else 0.0


class _Watching:
    """Staff in a process of their own, so that what they cost is not the server's."""

    def __init__(self, address: str, tokens: Sequence[str]) -> None:
        self.count = len(tokens)
        self._order = json.dumps({"address": address, "tokens": list(tokens)})

    async def __aenter__(self) -> "_Watching":
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.desk_watchers"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**28,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._order.encode() + b"\n")
        assert (await self._process.stdout.readline()).strip() == b"watching"
        return self

    async def seen(self) -> list[dict[str, list[Got]]]:
        """When each of them got something about which conversation."""
        out, _ = await self._process.communicate(b"stop\n")
        found: list[dict[str, list[Got]]] = json.loads(out)
        return found

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def _fill(program: Program, conversations: int) -> list[tuple[Identity, str]]:
    """People in all stages of a filing; the first are in the last hours of their SMS window."""
    template = (await undisturbed_case()).filing
    assert template is not None
    dice = random.Random(2)
    people: list[tuple[Identity, str]] = []
    for start in range(0, conversations, 100):
        numbers = range(start, min(start + 100, conversations))
        people += await asyncio.gather(
            *(_begin(program, template, number, dice.random()) for number in numbers)
        )
    return people


async def _begin(
    program: Program, template: FilingRecord, number: int, share: float
) -> tuple[Identity, str]:
    now = real_clock()
    identity = Identity("web", f"person{number}")
    before = await program.stores.cases.open(identity, now, "zh-CN")
    answers, events = template.answers, template.events
    if number < PROBES:
        told = (EventType.SUBMITTED_TO_BUREAU, EventType.SMS_RECEIVED)
        at = now - timedelta(hours=23) + timedelta(minutes=number)
        events = tuple(Event(kind, at) for kind in told)
    elif share < 0.6:
        answers, events = answers[: int(len(answers) * share / 0.6)], ()
    filing = replace(template, id=token_hex(10), answers=answers, events=events)
    waits = number >= PROBES and share > 0.96
    attention = Attention(
        seen_at=now, handover="waiting" if waits else None, waiting_since=now if waits else None
    )
    after = replace(before.with_filing(filing), attention=attention)
    await program.stores.cases.commit(TurnRecord(before, after, None, heard="你好", at=now))
    return identity, before.conversation_id


async def _log_in(program: Program, number: int) -> str:
    """A colleague with a session; returns its token."""
    now, token = real_clock(), token_hex(16)
    agents, sessions = program.stores.agents, program.stores.sessions
    agent = await agents.add(f"colleague-{token}", Role.AGENT, "$argon2id$none", now)
    await sessions.begin(Session(session_id(token), agent.id, now, now, now, "127.0.0.1", "bench"))
    return token


def main(what: str, *given: str) -> dict[str, float]:
    """Do one of the two."""
    if what == "fill":
        return asyncio.run(fill(int(given[0]), Path(given[1])))
    watchers, per_second, seconds, folder = given
    run = measure(int(watchers), float(per_second), float(seconds), Path(folder))
    return asdict(asyncio.run(run))


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
