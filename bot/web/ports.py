"""What the web channel needs from the outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from bot.materials.receiving import Asks
from dialogs.assistant import Handled
from dialogs.forms import FormField, Received
from dialogs.message import Identity, Inbound, IncomingFile

Check: TypeAlias = Callable[[], Awaitable[str | None]]
"""Looks whether a part is usable: None if it is, else one sentence with the cure."""


class Talks(Protocol):
    """Whoever answers messages; ``dialogs.assistant.Assistant`` in the program."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """Now, aware."""
        ...

    @property
    def listeners(self) -> list[Callable[[Identity], None]]:
        """Called after each commit with whom it concerns."""
        ...

    async def handle(self, inbound: Inbound) -> Handled:
        """Take one message; the same id again has no further effect."""
        ...

    async def expects_file(self, identity: Identity) -> bool:
        """Whether a file is being asked for."""
        ...


class Typing(Protocol):
    """Who is typing, passed on while a person helps; ``bot.typing_signs.TypingSigns``."""

    async def applicant_types(self, identity: Identity) -> bool:
        """Note that the applicant is typing; False if nobody looks."""
        ...

    async def staff_types(self, identity: Identity) -> bool:
        """Whether a person is writing to them."""
        ...


class Receives(Protocol):
    """The door files come in by; ``bot.materials.receiving.Receiver`` in the program."""

    async def take(
        self, assistant: Asks, identity: Identity, name: str, content: bytes
    ) -> tuple[IncomingFile, ...]:
        """What the conversation is told of a file: it is kept if wanted and usable."""
        ...


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A secure form that may be filled now: what it asks, in the applicant's language."""

    locale: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a filled form: what was received, or what is wrong by step key.

    ``said`` is what the assistant found to say of the pictures.
    """

    received: tuple[Received, ...] = ()
    wrong: Mapping[str, str] | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenPictures:
    """What became of a file chosen in a form: the pictures kept of it, or why there are none."""

    kept: tuple[str, ...] = ()  # their ids, to be sent with the form
    wrong: str = ""  # a sentence for the applicant


@dataclass(frozen=True, slots=True)
class OfferedLetter:
    """A letter that a page hands out, named in the applicant's language."""

    key: str
    title: str
    sign: tuple[str, ...]  # how it is signed, step by step
    official: str = ""


@dataclass(frozen=True, slots=True)
class LetterContent:
    """A letter as a file."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenLetters:
    """Letters that may be fetched now."""

    locale: str
    letters: tuple[OfferedLetter, ...]


class SecureForms(Protocol):
    """Forms that collect sensitive answers outside the chat, each once.

    The same pages hand out letters, as often as one likes until the token expires, and a copy of
    one's data, once.
    """

    async def offers_copy(self, token: str) -> str | None:
        """In which language a copy is offered; None for another token, or as :meth:`open`."""
        ...

    async def copy(self, token: str) -> AsyncIterator[bytes] | None:
        """The copy in parts, and the token used up; None as for :meth:`offers_copy`.

        Raises TooManyCopies.
        """
        ...

    async def letters(self, token: str) -> OpenLetters | None:
        """The letters behind a token; None if it is no token of letters, or as :meth:`open`."""
        ...

    async def fetch(
        self, token: str, key: str, form: Literal["docx", "pdf"]
    ) -> LetterContent | None:
        """One of these letters as a file; None as for :meth:`letters`."""
        ...

    async def open(self, token: str) -> OpenForm | None:
        """The form behind a token; None if unknown, used, expired or overtaken."""
        ...

    async def receive(
        self, token: str, field: str, name: str, content: bytes
    ) -> TakenPictures | None:
        """Let a file in for a field of pictures; None as for :meth:`open`, or for no such field."""
        ...

    async def fill(
        self, token: str, values: Mapping[str, str], pictures: Mapping[str, Sequence[str]]
    ) -> Filled | None:
        """Take the answers, and the pictures let in before by field; None as for :meth:`open`.

        The token is used up by success only.
        """
        ...
