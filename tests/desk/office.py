"""An assistant with its desk, over some stores, on a clock that is set by hand."""

from datetime import UTC, datetime

from desk.claims import Claims
from dialogs.assistant import Assistant
from dialogs.case import Colleague
from dialogs.message import Identity, Inbound, Reply
from dialogs.ports import Due
from dialogs.world import World
from storage.ports import Stores
from tests.storage.making import unique

LI = Colleague("a1", "小李")
WANG = Colleague("a2", "小王")
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


class Office:
    """An assistant and its desk, over some stores, on a clock that is set by hand."""

    def __init__(self, world: World, stores: Stores) -> None:
        self.now = START
        self.stores = stores
        self.assistant = Assistant(world, stores.cases, stores.dead_letters, self.clock)
        self.claims = Claims(self.assistant, stores.claims, self.clock)

    def clock(self) -> datetime:
        """Now."""
        return self.now

    async def say(self, identity: Identity, text: str) -> tuple[Reply, ...]:
        """The applicant writes."""
        message = Inbound(identity, unique("m"), self.now, text=text)
        return (await self.assistant.handle(message)).replies

    async def begin(self, channel: str = "telegram") -> tuple[Identity, str]:
        """Somebody new, and their conversation."""
        identity = Identity(channel, unique("person"))
        await self.say(identity, "你好")
        return identity, (await self.assistant.case(identity)).conversation_id

    async def next_out(self) -> list[Due]:
        """What a sender gets now."""
        return list(await self.stores.outbox.claim("telegram", self.now, 10))
