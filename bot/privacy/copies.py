"""A copy of all that is kept of a person, for that person: JSON, a page to read, their pictures.

Only what belongs to the conversation of whoever asks, with the channels joined to it. Notes that
staff write for each other and the audit trail are not in it; what is not says so.
"""

import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final, Protocol

import structlog
from jinja2 import Environment, StrictUndefined

from bot.exporting import filing_as_data
from bot.privacy.errors import TooManyCopies
from desk.attempts import Attempts, Quota
from desk.audit import Audit
from desk.deeds import Deed
from desk.hand_over import Sink
from dialogs.case import ASSISTANT, Case, FilingRecord, staff_name
from dialogs.message import Identity
from dialogs.ports import Entry, Transcript
from dialogs.world import SHANGHAI, World
from scheduler.ports import ContactStore, ReminderStore
from storage.ports import Files

_LOG = structlog.get_logger("beian")

COPIES_A_DAY: Final = (5, timedelta(days=1))
"""How many copies one conversation may have made."""

_PAGE: Final = 200  # lines of the transcript read at a time
_ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


class KeptStores(Protocol):
    """Where it lies; ``storage.ports.Stores`` in the program."""

    @property
    def transcript(self) -> Transcript:
        """What was said."""
        ...

    @property
    def files(self) -> Files:
        """What was sent."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """Addresses for reminders."""
        ...

    @property
    def reminders(self) -> ReminderStore:
        """What was planned and given."""
        ...

    @property
    def attempts(self) -> Attempts:
        """How often something was done."""
        ...

    @property
    def audit(self) -> Audit:
        """Who did what."""
        ...


@dataclass(frozen=True, slots=True)
class _Picture:
    """One file of the archive: its id in the store, and its name."""

    id: str
    name: str


@dataclass(slots=True)
class Copies:
    """Makes copies. ``cases`` finds somebody's case; nothing made here is kept."""

    cases: Callable[[Identity], Awaitable[Case]]
    stores: KeptStores
    world: World
    clock: Callable[[], datetime]

    async def begin(self, whose: Identity) -> Case:
        """Admit one more copy for a person, and write down that it was made.

        Raises LookupError where nothing is kept of them, TooManyCopies.
        """
        case = await self.cases(whose)
        if not case.version:
            raise LookupError("nothing is kept of this person")
        quota = Quota(f"copies/{case.conversation_id}", *COPIES_A_DAY)
        wait = await self.stores.attempts.begin((quota,), self.clock())
        if wait is not None:
            raise TooManyCopies(wait)
        about = f"conversation:{case.conversation_id}"
        await self.stores.audit.record(None, Deed.DATA_COPIED, about)
        _LOG.info("a person fetches a copy of their data", conversation=case.conversation_id)
        return case

    async def parts(self, case: Case) -> AsyncIterator[bytes]:
        """The archive, one picture in memory at a time."""
        sink, now = Sink(), self.clock()
        entries = await self._entries(case.identity)
        pictures = _pictures(case, entries)
        data = await self._data(case, entries, pictures, now)
        page = _page(data, self.world, case.locale)
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(data, ensure_ascii=False, indent=2)
            archive.writestr(_entry("data.json", now), text.encode())
            archive.writestr(_entry("index.html", now), page.encode())
            yield sink.taken()
            for one in pictures:
                try:
                    content = (await self.stores.files.get(one.id)).content
                except LookupError:  # deleted meanwhile
                    continue
                archive.writestr(_entry(one.name, now), content, zipfile.ZIP_STORED)
                yield sink.taken()
        yield sink.taken()

    async def whole(self, whose: Identity) -> bytes:
        """The same at once, for one's own machine."""
        case = await self.begin(whose)
        return b"".join([part async for part in self.parts(case)])

    async def _entries(self, whose: Identity) -> Sequence[Entry]:
        found: list[Entry] = []
        page: Sequence[Entry] = ()
        while not found or len(page) == _PAGE:
            page = await self.stores.transcript.since(whose, found[-1].seq if found else 0, _PAGE)
            found += page
            if not page:
                break
        return found

    async def _data(
        self, case: Case, entries: Sequence[Entry], pictures: Sequence[_Picture], now: datetime
    ) -> dict[str, Any]:
        say = self.world.wording.say
        locale = case.locale
        names = {one.id: one.name for one in pictures}
        contacts = await self.stores.contacts.of_person(case.identity)
        return {
            "made_at": _moment(now),
            "operator": self.world.operated_by(locale),
            "contact": self.world.reached_by(locale),
            "note": say("right.copy_note", locale),
            "language": locale,
            "channels": [
                {"channel": one.channel, "id": one.external_id} for one in case.everywhere
            ],
            "addresses": [
                {
                    "channel": one.channel,
                    "address": one.address,
                    "verified": one.verified,
                    "stopped": one.stopped,
                }
                for one in contacts
            ],
            "consents": [
                {
                    "kind": one.kind,
                    "title": say(f"consent.{one.kind}.title", locale),
                    "granted": one.granted,
                    "version": one.text_version,
                    "sha256": one.text_hash,
                    "at": _moment(one.at),
                    "channel": one.channel,
                }
                for one in case.consents
            ],
            "filings": [await self._filing(case, one, names) for one in case.filings.values()],
            "messages": [
                one for entry in entries if (one := _message(entry, locale, names)) is not None
            ],
            "pictures": [one.name for one in pictures],
        }

    async def _filing(
        self, case: Case, filing: FilingRecord, names: Mapping[str, str]
    ) -> dict[str, Any]:
        data = filing_as_data(case, filing.id, self.world, full=True)
        data.pop("consents")
        flow = self.world.flows[filing.flow]
        say, locale = self.world.wording.say, case.locale
        reminders = await self.stores.reminders.of_filing(filing.id)
        return data | {
            "created_at": _moment(filing.created_at),
            "answers": [
                {
                    "question": one.step,
                    "label": say(f"step.{one.step}.label", locale) if one.step in flow else "",
                    "value": one.value,
                    "erased_at": None if one.blanked_at is None else _moment(one.blanked_at),
                    "at": _moment(one.at),
                    "by": one.author,
                }
                for one in filing.answers
            ],
            "events": [
                {"type": str(one.type), "at": _moment(one.at), "data": dict(one.data)}
                for one in filing.events
            ],
            "pictures": [names[one.id] for one in filing.materials if one.id in names],
            "reminders": [
                {
                    "kind": one.reminder.kind,
                    "at": _moment(one.reminder.at),
                    "deadline_at": _moment(one.reminder.deadline_at),
                    "status": str(one.status),
                }
                for one in reminders
            ],
        }


def _pictures(case: Case, entries: Sequence[Entry]) -> Sequence[_Picture]:
    """Every file still kept of theirs: the papers by slot, then what else they sent."""
    found: dict[str, _Picture] = {}
    for filing in case.filings.values():
        for one in filing.materials:
            if not one.gone:
                ending = _ENDINGS.get(one.media_type, "")
                name = f"pictures/{len(found) + 1:03}_{one.slot}{ending}"
                found[one.id] = _Picture(one.id, name)
    sent = (file for entry in entries for file in entry.files)
    for file in (*sent, *case.attention.loose):
        if file.file_id not in found:
            ending = _ENDINGS.get(file.media_type, "")
            found[file.file_id] = _Picture(file.file_id, f"files/{len(found) + 1:03}{ending}")
    gone = {m.id for f in case.filings.values() for m in f.materials if m.gone}
    return [one for one in found.values() if one.id not in gone]


def _message(entry: Entry, locale: str, names: Mapping[str, str]) -> dict[str, Any] | None:
    """One line: who, when, what; None for one of which nothing was kept."""
    if entry.is_withdrawn:
        return None
    told = {"at": _moment(entry.at)}
    if entry.said is not None:
        by = "assistant" if entry.author == ASSISTANT else staff_name(entry.author) or entry.author
        return {**told, "from": by, "text": entry.said.text}
    files = [names[one.file_id] for one in entry.files if one.file_id in names]
    if entry.heard is None and not files:
        return None
    return {**told, "from": "you", "text": entry.heard or "", "files": files}


def _page(data: Mapping[str, Any], world: World, locale: str) -> str:
    """The same to read; every value escaped."""

    def say(key: str) -> str:
        return world.wording.say(f"right.page_{key}", locale)

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    text = (files("bot") / "templates" / "copy.html").read_text(encoding="utf-8")
    return environment.from_string(text).render(say=say, **data)


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.astimezone(SHANGHAI).timetuple()[:6])
    entry.external_attr = 0o600 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
