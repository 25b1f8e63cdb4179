"""A real mail server on loopback, as small as the protocol allows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.parts.noted import note


@dataclass(slots=True)
class Mailbox:
    """Keeps what it is sent. ``refuse`` answers recipients with a code; ``hang_up`` after DATA."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refuse: int | None = None
    hang_up: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 loopback")
        while line := (await reader.readline()).decode().strip():
            match line.split(" ")[0].split(":")[0].upper():
                case "EHLO" | "HELO" | "MAIL" | "RSET" | "NOOP":
                    say("250 ok")
                case "RCPT":
                    say(f"{self.refuse} no" if self.refuse else "250 ok")
                case "DATA":
                    say("354 go on")
                    data = await reader.readuntil(b"\r\n.\r\n")
                    if self.hang_up:
                        break
                    parsed = message_from_bytes(data[:-3], policy=policy.default)
                    note("mails", "a mail", _read(data, parsed))
                    self.messages.append(parsed)
                    say("250 ok")
                case "QUIT":
                    say("221 bye")
                    break
                case _:
                    say("502 what")
        writer.close()


def _read(data: bytes, mail: EmailMessage) -> bytes:
    """As it came, and each part as its reader would see it."""
    parts = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    return b"\n".join((data, *(part for part in parts if isinstance(part, bytes))))


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server for one test."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
