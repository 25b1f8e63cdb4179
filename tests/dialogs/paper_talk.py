"""Somebody who hands in papers, with a whole assistant in memory and an inspector who is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.state import state_as_data
from dialogs.assistant import Assistant
from dialogs.case import Case
from dialogs.message import Button, Identity, Inbound, IncomingFile, Reply
from dialogs.ports import Inspection, Sought
from dialogs.standing import standing
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType
from filing.materials.material import MaterialKind, Side
from storage.memory import memory_stores
from tests.dialogs.talk import HAPPY

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)
_IDS = count(1)


@dataclass(slots=True)
class Inspector:
    """Finds what the test says of a picture by the name it was sent under."""

    found: Mapping[str, Inspection] = field(default_factory=dict)
    sought: list[Sought] = field(default_factory=list)

    async def inspect(self, file_id: str, sought: Sought) -> Inspection:
        """What it was told to find; without a word, a picture of what is sought."""
        self.sought.append(sought)
        if (found := self.found.get(file_id.partition("~")[0])) is not None:
            return found
        is_card = sought.kind is MaterialKind.IDENTITY_DOCUMENT and sought.side is None
        return Inspection(1600, 1200, side=Side.WHOLE if is_card else None)


@dataclass(slots=True)
class Sender:
    """One applicant; keeps the last replies."""

    world: World
    channel: str = "web"
    locale: str = "zh-CN"
    inspector: Inspector | None = field(default_factory=Inspector)
    now: datetime = NOW
    replies: tuple[Reply, ...] = ()
    assistant: Assistant = field(init=False)
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        stores = memory_stores(lambda: self.now)
        self.assistant = Assistant(self.world, stores.cases, stores.dead_letters, lambda: self.now)
        self.assistant.inspector = self.inspector
        self.assistant.form_url = lambda token: f"https://beian.example.cn/form/{token}"
        self.identity = Identity(self.channel, f"sender-{next(_IDS)}")

    async def fill(self, until: str = "confirm", **answers: str) -> "Sender":
        """Answer every question up to one."""
        await self.press("cmd:resume")
        for _ in range(80):
            asking = standing(await self.case(), self.now, self.world).asking
            if asking is None or asking == until:
                break
            await self.press(f"answer:{asking}:{(HAPPY | answers)[asking]}")
        return self

    async def at_materials(self, **answers: str) -> "Sender":
        """Fill everything in, hand in, and let the first review pass."""
        await self.fill("never", **(answers | {"confirm": "confirm"}))
        await self.happen("first_review_passed")
        return self

    async def happen(self, kind: str, **data: str) -> str:
        """Let something happen."""
        self.now += timedelta(minutes=1)
        event = Event(EventType(kind), self.now, data)
        return self._keep((await self.assistant.record(self.identity, event)).replies)

    async def say(self, text: str) -> str:
        """Type."""
        return await self._take(text=text)

    async def press(self, value: str) -> str:
        """Press a button."""
        return await self._take(button=value, label="")

    async def send(self, *names: str) -> str:
        """Send pictures, as a channel would: kept only where they are expected."""
        kept = await self.assistant.expects_file(self.identity)
        return await self._take(files=tuple(incoming(name, kept=kept) for name in names))

    async def case(self) -> Case:
        """The stored case."""
        return await self.assistant.case(self.identity)

    async def papers(self) -> dict[str, str]:
        """How each slot stands."""
        shown = standing(await self.case(), self.now, self.world, with_papers=True)
        data = state_as_data(await self.case(), shown)
        return {one["slot"]: one["state"] for one in data["materials"]}

    @property
    def buttons(self) -> dict[str, str]:
        """Values of the last replies' buttons by label."""
        return {one.label: one.value for one in self._buttons()}

    @property
    def values(self) -> list[str]:
        """Values of the last replies' buttons."""
        return [one.value for one in self._buttons()]

    def _buttons(self) -> list[Button]:
        return [button for reply in self.replies for button in reply.buttons]

    async def _take(self, **what: Any) -> str:
        self.now += timedelta(minutes=1)
        inbound = Inbound(self.identity, f"m{next(_IDS)}", self.now, locale=self.locale, **what)
        return self._keep((await self.assistant.handle(inbound)).replies)

    def _keep(self, replies: tuple[Reply, ...]) -> str:
        self.replies = replies
        return "\n".join(reply.text for reply in replies)


def incoming(name: str, *, kept: bool = True) -> IncomingFile:
    """A picture as the door for files hands it on."""
    file_id = f"{name}~{next(_IDS)}" if kept else ""
    return IncomingFile(file_id, f"{name}.jpg", "image/jpeg", 500_000)


def shows(kind: MaterialKind, **more: Any) -> Inspection:
    """An inspection that tells what a picture shows."""
    return Inspection(1600, 1200, kind=kind, **more)
