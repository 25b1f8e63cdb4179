"""The assistant driven by JSON lines, on a simulated clock: for scripts, tests and rehearsals."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.attachments import Copy, Kept, on_disk, reader_of
from bot.clock import SimulatedClock
from bot.letters.handing import LetterDesk, Letters
from bot.materials.limits import MAX_BYTES
from bot.materials.receiving import Receiver
from bot.materials.running import retention_of
from bot.privacy.running import copies_of, erasing_of
from bot.rehearsing import Post
from bot.state import reply_as_data, state_as_data
from bot.wiring import Program
from desk.claims import Claims, NoConversation, ReasonMissing, Refusal
from dialogs.assistant import Assistant, Handled
from dialogs.case import Colleague
from dialogs.message import Identity, Inbound, IncomingFile, Reply
from dialogs.standing import standing
from dialogs.world import SHANGHAI, day_of
from filing.event import read_event
from filing.invalid import Invalid
from scheduler.erasing import ErasingJob
from scheduler.jobs import ANNOUNCING_AT
from scheduler.ladder import Reach
from scheduler.retention import Retention
from scheduler.sweep import Sweep

_DURATION = TypeAdapter(timedelta)
_TAKE = '{"staff": {"take": "小李"}}'
_HAND_BACK = '{"staff": {"hand_back": true}}'
_EXAMPLE = '{"say": "你好"}'


class BadLine(ValueError):
    """An input line that cannot be carried out; the message says how to mend it."""


@dataclass(slots=True)
class JsonChat:
    """One conversation driven line by line; each line gives exactly one answer."""

    assistant: Assistant
    clock: SimulatedClock
    identity: Identity
    locale: str
    sweep: Sweep
    claims: Claims
    post: Post
    shown: Path  # the folder that files in replies are put into
    receiver: Receiver
    files: Kept  # reads received pictures, to mark what is wrong on a copy
    erasing: ErasingJob
    retention: Retention
    letters: Letters | None = None
    copy: Copy | None = None
    colleague: Colleague = field(default_factory=lambda: Colleague("", ""))  # who acted last

    @classmethod
    def of(
        cls, program: Program, clock: SimulatedClock, identity: Identity, locale: str
    ) -> "JsonChat":
        """A conversation in which whoever is addressed is always there to be reminded."""
        here = Reach(frozenset(), frozenset(), attended=frozenset({identity.channel}))
        sweep = Sweep(program.assistant, program.stores.reminders, clock, here)
        claims = Claims(program.assistant, program.stores.claims, clock)
        post = Post(program.stores.contacts, program.world, clock)
        program.assistant.addresses = post
        shown = program.settings.home / "shown"
        assistant, receiver = program.assistant, program.receiver
        files = reader_of(program.stores.files)
        letters = LetterDesk(assistant, program.settings.content).of(identity)
        erasing = erasing_of(program, clock)
        return cls(
            *(assistant, clock, identity, locale, sweep, claims, post, shown, receiver, files),
            erasing,
            retention_of(program, clock),
            letters=letters,
            copy=partial(copies_of(program).whole, identity),
        )

    async def run(self, lines: Iterable[str]) -> AsyncIterator[str]:
        """Answer every line; a bad one gets an error and the session goes on."""
        for line in lines:
            if not line.strip():
                continue
            try:
                answer = await self.take(line)
            except BadLine as error:
                answer = {"error": str(error)}
            yield json.dumps(answer, ensure_ascii=False)

    async def take(self, line: str) -> dict[str, Any]:
        """Carry one line out. Raises BadLine."""
        command = _parsed(line)
        match command:
            case {"say": str(text)}:
                replies = await self._send(text=text)
            case {"press": str(value)}:
                replies = await self._send(button=value)
            case {"send_file": str(path)}:
                replies = await self._send(files=await self._files((path,)))
            case {"send_file": [str(), *_] as paths} if all(isinstance(p, str) for p in paths):
                replies = await self._send(files=await self._files(paths))
            case {"advance": str(duration)}:
                replies = await self._advance(_duration(duration))
            case {"event": dict(event)}:
                replies = await self._record(event)
            case {"staff": dict(act)}:
                replies = await self._act(act)
            case {"show": "state"}:
                replies = ()
            case _:
                raise BadLine(
                    "one of say, press, send_file, advance, event, staff or show is needed, "
                    f"as in {_EXAMPLE}"
                )
        case = await self.assistant.case(self.identity, self.locale)
        now = standing(case, self.clock(), self.assistant.world, with_papers=True)
        on_paper = tuple(self.post.on_paper(reply, case) for reply in replies)
        shown = await on_disk(on_paper, self.shown, self.files, self.letters, self.copy)
        answer = {
            "replies": [reply_as_data(reply) for reply in shown],
            "state": state_as_data(case, now),
        }
        mail = self.post.delivered()
        return {**answer, "mail": mail} if mail else answer

    async def _send(self, **what: Any) -> tuple[Reply, ...]:
        inbound = Inbound(self.identity, uuid.uuid4().hex, self.clock(), locale=self.locale, **what)
        return (await self.assistant.handle(inbound)).replies

    async def _files(self, paths: Sequence[str]) -> tuple[IncomingFile, ...]:
        """Files on this machine, let in like any applicant's."""
        contents = [await asyncio.to_thread(_content, path) for path in paths]  # all, or none
        taken: tuple[IncomingFile, ...] = ()
        for path, content in zip(paths, contents, strict=True):
            taken += await self.receiver.take(self.assistant, self.identity, path, content)
        return taken

    async def _advance(self, by: timedelta) -> tuple[Reply, ...]:
        """Move the clock, stopping at each moment a reminder or a deletion falls due.

        What is deleted at night goes in the last of the nights passed.
        """
        until = self.clock() + by
        said: tuple[Reply, ...] = ()
        while (due := await self.sweep.store.next_due()) is not None and due <= until:
            said += await self._erase(due)
            self.clock.advance(max(due - self.clock(), timedelta(0)))
            said += await self.sweep.run()
            if await self.sweep.store.next_due() == due:  # nobody could take it
                break
        said += await self._erase(until)
        nights = day_of(until) - day_of(self.clock())
        self.clock.advance(until - self.clock())
        if nights:  # what had its time by then is gone
            await self.retention.run()
        return said

    async def _erase(self, until: datetime) -> tuple[Reply, ...]:
        """Announce and carry out what deletions of this conversation fall due by then."""
        said: list[Reply] = []

        def hear(handled: Handled) -> None:
            if self.identity in handled.case.everywhere:
                said.extend(handled.replies)

        self.erasing.hearer = hear
        while True:
            case = await self.assistant.case_anew(self.identity, self.locale)
            due, seen = case.erasing, case.attention.seen_at
            if due is not None:
                at, run = due.due_at, True
            elif seen is not None:
                at, run = _announced_at(seen + self.erasing.idle), False
            else:
                break
            if at > until:
                break
            self.clock.advance(max(at - self.clock(), timedelta(0)))
            await (self.erasing.run() if run else self.erasing.announce())
            after = await self.assistant.case_anew(self.identity, self.locale)
            if after.version == case.version:  # it is kept all the same
                break
        return tuple(said)

    async def _act(self, act: dict[str, Any]) -> tuple[Reply, ...]:
        """What a member of staff does in the conversation, and what the applicant then reads."""
        conversation = (await self.assistant.case(self.identity, self.locale)).conversation_id
        try:
            match act:
                case {"take": str(name)}:
                    self.colleague = Colleague(name, name)
                    return (await self.claims.take(self.colleague, conversation)).told
                case {"take_over": str(name), "reason": str(reason)}:
                    self.colleague = Colleague(name, name)
                    taken = await self.claims.take_over(self.colleague, conversation, reason)
                    return taken.told
                case {"say": str(text)}:
                    return (await self.claims.say(self.colleague, conversation, text)).replies
                case {"hand_back": True}:
                    return (await self.claims.hand_back(self.colleague, conversation)).replies
                case {"release": True}:
                    return (await self.claims.release(self.colleague, conversation)).replies
        except (Refusal, NoConversation, ReasonMissing) as error:
            raise BadLine(f"{error}; begin with {_TAKE}") from None
        raise BadLine(
            "staff take, take_over with a reason, say, hand_back or release, "
            f"as in {_TAKE} or {_HAND_BACK}"
        )

    async def _record(self, told: dict[str, Any]) -> tuple[Reply, ...]:
        event = read_event(told, self.clock())
        if isinstance(event, Invalid):
            raise BadLine(
                f"the event's {event.code.partition('.')[2]} cannot be read; give for example "
                '{"event": {"type": "first_review_passed"}}'
            )
        case = await self.assistant.case(self.identity, self.locale)
        if case.filing is None:
            raise BadLine('there is no filing yet; begin one with {"say": "你好"}')
        return (await self.assistant.record(self.identity, event)).replies


def _announced_at(idle: datetime) -> datetime:
    """The first morning on which somebody silent for too long is told."""
    local = idle.astimezone(SHANGHAI)
    morning = datetime.combine(local.date(), ANNOUNCING_AT, SHANGHAI)
    return morning if morning >= local else morning + timedelta(days=1)


def _parsed(line: str) -> dict[str, Any]:
    try:
        command = json.loads(line)
    except ValueError:
        raise BadLine(f"this line is not JSON; write one object a line, as in {_EXAMPLE}") from None
    except RecursionError:
        raise BadLine(f"this line is nested too deeply; write as in {_EXAMPLE}") from None
    if not isinstance(command, dict):
        raise BadLine(f"a line must be one JSON object, as in {_EXAMPLE}")
    return command


def _duration(text: str) -> timedelta:
    try:
        duration = _DURATION.validate_python(text)
    except ValidationError:
        raise BadLine(f"{text!r} is no ISO 8601 duration; write PT24H or P3D") from None
    if duration < timedelta(0):
        raise BadLine("the clock only moves forward; give a positive duration such as PT24H")
    return duration


def _content(path: str) -> bytes:
    file = Path(path)
    if not file.is_file():
        raise BadLine(f"no file {path!r}; give a path that exists")
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise BadLine(f"{file.name} has {size} bytes; files up to {MAX_BYTES} bytes are taken")
    return file.read_bytes()
