"""Waiting for what a simulated person is shown."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class HasText(Protocol):
    """A message as somebody sees it."""

    @property
    def text(self) -> str:
        """Its words."""
        ...


S = TypeVar("S", bound=HasText)


class Onlooker(ABC, Generic[S]):
    """Somebody on a rehearsal server who sees what is sent to them."""

    @abstractmethod
    async def messages(self) -> tuple[S, ...]:
        """What they have been shown, oldest first."""

    async def wait_for(
        self, expected: Callable[[tuple[S, ...]], bool], patience: float = 10.0
    ) -> tuple[S, ...]:
        """What is shown once it is as expected; AssertionError with it if never."""
        deadline = time.monotonic() + patience
        while not expected(now := await self.messages()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not shown; shown: {[one.text for one in now]}")
            await asyncio.sleep(0.01)
        return now

    async def wait_for_text(self, text: str, patience: float = 10.0) -> S:
        """The newest message with this text in it."""
        now = await self.wait_for(lambda all_: any(text in one.text for one in all_), patience)
        return next(one for one in reversed(now) if text in one.text)
