"""A TCP proxy that makes the network between two programs as bad as networks get.

    async with FaultProxy("127.0.0.1", 5432) as proxy:
        ...  # let a program connect to proxy.port
        proxy.suffer(Latency(0.3), Way.DOWN)
        proxy.heal()

A fault meets what is on its way from then on, in connections that are open already too. Healed,
new connections work; what a fault broke or silenced stays so.
"""

import asyncio
import random
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Final, Protocol, Self

_CHUNK: Final = 65_536


class Way(StrEnum):
    """Which direction a fault lies in."""

    UP = "up"  # from the program to the server
    DOWN = "down"  # from the server to the program


class Onward(Protocol):
    """The rest of the way, for one connection in one direction."""

    async def send(self, data: bytes) -> None:
        """Pass bytes on."""
        ...

    def reset(self) -> None:
        """Break the connection on both sides, as a router that forgot it does."""
        ...

    def silence(self) -> None:
        """Keep the connection open and pass nothing any more, in either direction, ever."""
        ...


class Fault(Protocol):
    """What becomes of bytes on their way."""

    async def carry(self, data: bytes, onward: Onward) -> None:
        """Pass on some bytes, all of them in order, or none."""
        ...


@dataclass(frozen=True, slots=True)
class Latency:
    """Everything arrives ``seconds`` later, up to ``jitter`` more."""

    seconds: float
    jitter: float = 0.0

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        await asyncio.sleep(self.seconds + random.uniform(0, self.jitter))
        await onward.send(data)


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """No more than so many bytes a second."""

    per_second: int

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        step = max(1, self.per_second // 20)
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            await asyncio.sleep(len(piece) / self.per_second)
            await onward.send(piece)


@dataclass(frozen=True, slots=True)
class Slicer:
    """Bytes come in pieces of at most ``size``, with a pause after each. Size 1: byte by byte."""

    size: int
    pause: float = 0.0

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        for start in range(0, len(data), self.size):
            await onward.send(data[start : start + self.size])
            await asyncio.sleep(self.pause)


@dataclass(frozen=True, slots=True)
class Reset:
    """After ``after`` bytes of what is sent at once, the connection is reset."""

    after: int = 0

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        if self.after:
            await onward.send(data[: self.after])
        onward.reset()


@dataclass(frozen=True, slots=True)
class HalfOpen:
    """Bytes are taken and never arrive; nobody hears that the connection is dead."""

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        onward.silence()


@dataclass(frozen=True, slots=True)
class Timeout:
    """Nothing arrives, and after ``seconds`` the connection is reset."""

    seconds: float

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        await asyncio.sleep(self.seconds)
        onward.reset()


@dataclass(frozen=True, slots=True)
class Down:
    """Nobody listens: connections are refused, and those that are open reset."""

    async def carry(self, data: bytes, onward: Onward) -> None:
        """See ``Fault``."""
        onward.reset()


@dataclass(slots=True, eq=False)
class _Link:
    """One connection: the program's end and the server's."""

    ends: dict[Way, asyncio.StreamWriter]  # by the direction that leads there
    is_silent: bool = False

    def reset(self) -> None:
        """Close both ends with a reset."""
        for writer in self.ends.values():
            end = writer.get_extra_info("socket")
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


@dataclass(frozen=True, slots=True)
class _Onward:
    link: _Link
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """See ``Onward``."""
        if not self.link.is_silent:
            self.writer.write(data)
            await self.writer.drain()

    def reset(self) -> None:
        """See ``Onward``."""
        self.link.reset()

    def silence(self) -> None:
        """See ``Onward``."""
        self.link.is_silent = True


@dataclass(slots=True)
class FaultProxy:
    """A proxy on loopback before one server, while the context lasts.

    ``host`` may be the path of a socket; ``server_port`` says nothing then.
    """

    host: str
    server_port: int = 0
    port: int = 0  # its own
    connections: int = 0  # made so far
    _faults: dict[Way, Fault] = field(default_factory=dict)
    _links: set[_Link] = field(default_factory=set)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)
    _listening: socket.socket | None = None

    async def __aenter__(self) -> Self:
        self._listen()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_door()
        self.break_all()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def silent(self) -> int:
        """Connections that are open and dead."""
        return sum(link.is_silent for link in self._links)

    def suffer(self, fault: Fault, *ways: Way) -> None:
        """Let a fault begin, in both directions if none is given."""
        for way in ways or tuple(Way):
            self._faults[way] = fault
        if isinstance(fault, Down):
            self._close_door()
            self.break_all()

    def heal(self) -> None:
        """Let all faults end."""
        self._faults.clear()
        if self._listening is None:
            self._listen()

    def break_all(self) -> None:
        """Reset every open connection."""
        for link in tuple(self._links):
            link.reset()

    def _listen(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self._listening.setblocking(False)
        self.port = int(self._listening.getsockname()[1])
        asyncio.get_running_loop().add_reader(self._listening, self._accept, self._listening)

    def _close_door(self) -> None:
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            self._listening.close()
            self._listening = None

    def _accept(self, listening: socket.socket) -> None:
        with suppress(BlockingIOError, ConnectionError):
            while True:
                connection, _ = listening.accept()
                connection.setblocking(False)
                self.connections += 1
                task = asyncio.create_task(self._serve(connection))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _serve(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            if self.host.startswith("/"):
                there, onward = await asyncio.open_unix_connection(self.host)
            else:
                there, onward = await asyncio.open_connection(self.host, self.server_port)
        except OSError:  # nobody listens behind us: nobody listens here
            _Link({Way.DOWN: writer}).reset()
            return
        link = _Link({Way.UP: onward, Way.DOWN: writer})
        self._links.add(link)
        try:
            await asyncio.gather(
                self._pump(reader, link, Way.UP), self._pump(there, link, Way.DOWN)
            )
        finally:
            self._links.discard(link)
            for end in link.ends.values():
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, link: _Link, way: Way) -> None:
        onward = _Onward(link, link.ends[way])
        with suppress(OSError):  # not connected any more, among them
            while data := await reader.read(_CHUNK):
                fault = self._faults.get(way)
                if fault is None:
                    await onward.send(data)
                else:
                    await fault.carry(data, onward)
            # What one side closes the other side hears of, unless nothing passes any more.
            if not link.is_silent and onward.writer.can_write_eof():
                onward.writer.write_eof()


FAULTS: Final[dict[str, Callable[[], Fault]]] = {
    "latency": lambda: Latency(0.2, jitter=0.3),
    "bandwidth": lambda: Bandwidth(4_000),
    "slow bytes": lambda: Slicer(1, 0.001),
    "slices": lambda: Slicer(60, 0.002),
    "reset": Reset,
    "half-open": HalfOpen,
    "timeout": lambda: Timeout(1.0),
    "down": Down,
}
"""Every kind of fault, in a strength that a person would notice."""
