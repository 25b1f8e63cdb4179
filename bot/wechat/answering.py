"""Whose answer a callback waits for: what is said in time becomes the passive reply."""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass

from bot.sending import Delivery
from bot.wechat.sender import WeChatSender
from dialogs.message import Identity
from dialogs.ports import Due


@dataclass(slots=True)
class Waiting:
    """A callback that can still be answered. It takes the first thing said to its person."""

    identity: Identity
    dues: Sequence[Due] = ()
    is_over: bool = False

    def take(self, identity: Identity, claimed: Sequence[Due]) -> bool:
        """Keep what was said for the passive reply, if it is that person's and still open.

        What waits behind earlier messages is not claimed: it goes the outbox's way.
        """
        if self.is_over or identity != self.identity:
            return False
        self.dues, self.is_over = claimed, True
        return bool(claimed)


WAITING: ContextVar[Waiting | None] = ContextVar("wechat_waiting", default=None)
"""The callback in whose turn we are. A turn's own tasks inherit it, and find it over."""


@dataclass(frozen=True, slots=True)
class Post:
    """The channel's courier: into the passive reply if one waits, else by the outbox's way."""

    delivery: Delivery
    sender: WeChatSender

    def take_over(self, identity: Identity, claimed: Sequence[Due]) -> None:
        """See ``Courier``."""
        waiting = WAITING.get()
        if waiting is None or not waiting.take(identity, claimed):
            self.send(identity, claimed)

    def send(
        self, identity: Identity, claimed: Sequence[Due], *, already: int | None = None
    ) -> None:
        """Send as customer-service messages; ``already`` as in ``WeChatSender.together``."""
        self.sender.together([due.outgoing for due in claimed], already=already)
        self.delivery.take_over(identity, claimed)

    def later(
        self, identity: Identity, claimed: Sequence[Due], already: int | None
    ) -> Callable[[], None]:
        """Sends it when called: after the callback is answered."""
        return lambda: self.send(identity, claimed, already=already)
