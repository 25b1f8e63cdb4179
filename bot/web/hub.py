"""Wakes the event streams of a visitor when something was committed for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dialogs.message import Identity


@dataclass(eq=False, slots=True)
class Stream:
    """One open event stream. It only ever learns *that* there is news; the store says what.

    So a slow reader costs one flag, whatever happens meanwhile, and never holds up a turn.
    """

    _news: asyncio.Event = field(default_factory=asyncio.Event)
    is_open: bool = True
    was_replaced: bool = False

    def rearm(self) -> None:
        """From now on news counts as new; call it before reading the store."""
        self._news.clear()

    def wake(self) -> None:
        """Tell the stream that there is news, or that it has ended."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Sleep until there is news, the stream ends, or the time is over."""
        if not self.is_open:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    def end(self) -> None:
        """Let the stream finish."""
        self.is_open = False
        self.wake()


@dataclass(slots=True)
class Hub:
    """The open streams of this process, by visitor, oldest first.

    ``limit`` streams a visitor: a further one ends the oldest, whose tab reconnects when it is
    looked at again. Without that, many tabs would use up the browser's connections.
    """

    limit: int
    _streams: dict[Identity, list[Stream]] = field(default_factory=dict)
    _closed: bool = False

    def tell(self, identity: Identity) -> None:
        """Something was committed for this visitor."""
        for stream in self._streams.get(identity, ()):
            stream.wake()

    def hear(self, identity: Identity | None) -> None:
        """Another process committed something for this visitor; None: for anybody."""
        if identity is not None:
            self.tell(identity)
            return
        for streams in self._streams.values():
            for stream in streams:
                stream.wake()

    @contextmanager
    def stream(self, identity: Identity) -> Iterator[Stream]:
        """A stream, open until the block is left, the hub closes or it is replaced."""
        stream = Stream(is_open=not self._closed)
        streams = self._streams.setdefault(identity, [])
        streams.append(stream)
        for oldest in streams[: -self.limit]:
            oldest.was_replaced = True
            oldest.end()
        try:
            yield stream
        finally:
            streams.remove(stream)
            if not streams and self._streams.get(identity) is streams:
                del self._streams[identity]

    def close(self) -> None:
        """End every stream: the server is stopping. New ones end at once."""
        self._closed = True
        for streams in self._streams.values():
            for stream in streams:
                stream.end()

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))
