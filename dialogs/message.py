"""What passes between a channel and the assistant: one message in, replies out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from dialogs.pictures import Picture
from filing.invalid import Invalid


@dataclass(frozen=True, slots=True)
class Identity:
    """One person on one channel.

    ``channel`` is ``"web"``, ``"terminal"``, ``"telegram"`` …; ``external_id`` is what that
    platform calls the person (a chat id, a random browser id). Opaque to everyone else.
    """

    channel: str
    external_id: str


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file the channel has already stored encrypted; ``file_id`` finds it again.

    Empty if the file was not kept, because none was asked for (``Assistant.expects_file``), or
    because it cannot be used: then ``wrong`` says why.
    """

    file_id: str
    name: str
    media_type: str
    size: int  # bytes
    wrong: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of an applicant, translated by its channel.

    Exactly one of ``text``, ``button``, ``files`` and ``other`` is set. ``message_id`` is
    unique per identity: a second delivery carries the same one. ``at`` is aware.
    """

    identity: Identity
    message_id: str
    at: datetime
    text: str | None = None
    button: str | None = None  # the value of a button the assistant offered
    label: str | None = None  # what stood on that button
    files: tuple[IncomingFile, ...] = ()
    other: str | None = None  # "sticker", "voice", "location", "edited" …: nothing to read in it
    start: str | None = None  # payload of a deep link
    locale: str | None = None  # the platform's hint: "zh-CN" or "en"

    @property
    def words(self) -> str | None:
        """The message as the transcript shows it: the text, the button's label or file names."""
        if self.files:
            return "\n".join(f"📎 {file.name}" for file in self.files)
        return self.label if self.button is not None else self.text


class ReplyKind(StrEnum):
    """What a reply is, so that channels may set it apart."""

    QUESTION = "question"
    ANSWER = "answer"
    NOTICE = "notice"
    REMINDER = "reminder"
    ERROR = "error"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Button:
    """A choice to tap. ``url`` opens a page instead of answering.

    A ``quiet`` one answers nothing that is asked: channels that can show it smaller.
    """

    label: str
    value: str
    url: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class LetterFile:
    """Which letter of which filing: it is filled in when it is fetched, and kept nowhere."""

    filing: str
    key: str  # of the letter
    format: Literal["docx", "pdf"]


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file handed to the applicant: a short text, a picture, a letter, or one lying somewhere.

    ``path`` is readable by this process; ``kept`` finds it in the store of files. ``alt`` says in
    words what a picture shows. ``is_copy`` is a copy of all that is kept of them, made when it is
    fetched.
    """

    name: str
    path: str = ""
    text: str = ""
    picture: Picture | None = None
    alt: str = ""
    kept: str = ""
    letter: LetterFile | None = None
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from; ``as_of`` is an ISO date or empty."""

    title: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder as few words as a platform's own template takes, without anything of a person."""

    kind: str  # DeadlineKind.key
    title: str
    filing: str  # a short mark, such as #A7K2
    due_at: datetime
    left: str  # in words
    next_step: str
    others: int = 0  # matters that are due as well
    locale: str = "zh-CN"


ALL_ANSWERED: Final = (0, 0)
"""The progress of a filing that has no question left."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to an applicant: plain text, never markup.

    ``step`` names the step a question asks. ``form`` names the steps that an operator-hosted
    secure form shall collect, or what can be fetched there, letters (``letter:<key>``) or a copy of
    one's data (``copy:all``): the assistant then adds a button that opens it. ``by`` is whom it
    is from, in the applicant's language, where that is a person.
    """

    kind: ReplyKind
    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    citations: tuple[Citation, ...] = ()
    step: str | None = None
    form: tuple[str, ...] = ()
    progress: tuple[int, int] | None = None  # (position, of how many); ALL_ANSWERED once handed in
    by: str = ""
    notice: Notice | None = None  # the same for channels that send by template

    @property
    def signed_text(self) -> str:
        """The text below whom it is from, for channels that show nothing beside it."""
        return f"👤 {self.by}\n{self.text}" if self.by else self.text
