"""The one door for the bytes of papers, whatever channel they come by."""

from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol, TypeAlias

from bot.file_names import harmless_name
from bot.materials.isolated import Decoder
from bot.materials.limits import MAX_BYTES
from bot.materials.sniffing import MEDIA_TYPES, looks_like, media_type_of
from dialogs.message import Identity, IncomingFile
from filing.invalid import Invalid, invalid
from knowledge.provider import ProviderProfile


class Vault(Protocol):
    """Where pictures lie encrypted; ``storage.ports.Files`` in the program."""

    def put(self, identity: Identity, name: str, media_type: str, content: bytes) -> Awaitable[str]:
        """Keep a file; the id under which it is found again."""
        ...


class Asks(Protocol):
    """Who says whether a file is wanted; ``dialogs.assistant.Assistant`` in the program."""

    async def expects_file(self, identity: Identity) -> bool:
        """Whether a file is wanted; if not, none may be kept."""
        ...


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was kept: one picture, or one for each page."""

    files: tuple[IncomingFile, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept, and why (``invalid.<code>``)."""

    file: IncomingFile
    wrong: Invalid

    @property
    def files(self) -> tuple[IncomingFile, ...]:
        """What the conversation is told of it."""
        return (self.file,)


Outcome: TypeAlias = Received | Refused


@dataclass(slots=True)
class Receiver:
    """Takes the bytes somebody sent and keeps clean pictures of them, if they are any.

    What is kept never was the applicant's file: it is decoded apart (``isolated``) and encoded
    anew, without metadata, small enough for the provider. The original is let go.
    """

    vault: Vault
    decoder: Decoder
    max_bytes: int = MAX_BYTES

    async def take(
        self, assistant: Asks, identity: Identity, name: str, content: bytes
    ) -> tuple[IncomingFile, ...]:
        """What the conversation is told of a file: it is kept if wanted and usable.

        What nobody asked for is neither kept nor decoded: it may well be the picture of an ID
        card. Raises only what the vault raises.
        """
        if await assistant.expects_file(identity):
            return (await self.receive(identity, name, content)).files
        return (left_out(name, content),)

    async def receive(self, identity: Identity, name: str, content: bytes) -> Outcome:
        """Keep what was sent, or say why not. Raises only what the vault raises."""
        shown = harmless_name(name)
        media_type = media_type_of(content)
        wrong = self._refusal(content, media_type)
        if wrong is None and media_type is not None:
            decoded = await self.decoder.decode(content, media_type)
            if not isinstance(decoded, Invalid):
                return Received(
                    tuple(
                        [
                            await self._keep(identity, called, picture.content)
                            for called, picture in zip(
                                _names(shown, len(decoded)), decoded, strict=True
                            )
                        ]
                    )
                )
            wrong = decoded
        assert wrong is not None
        return Refused(
            IncomingFile("", shown, media_type or "application/octet-stream", len(content), wrong),
            wrong,
        )

    def _refusal(self, content: bytes, media_type: str | None) -> Invalid | None:
        """What is wrong with a file before anything is decoded."""
        if not content:
            return invalid("file.empty")
        if len(content) > self.max_bytes:
            return too_large(len(content), self.max_bytes)
        if media_type is not None:
            return None
        match looks_like(content):
            case "office":
                return invalid("file.office")
            case "archive":
                return invalid("file.archive")
            case "video":
                return invalid("file.video")
        return invalid("file.wrong_type", types="、".join(MEDIA_TYPES.values()))

    async def _keep(self, identity: Identity, name: str, content: bytes) -> IncomingFile:
        file_id = await self.vault.put(identity, name, "image/jpeg", content)
        return IncomingFile(file_id, name, "image/jpeg", len(content))


@dataclass(frozen=True, slots=True)
class Door:
    """The receiver with whoever says what is wanted, for channels that fetch files themselves."""

    asks: Asks
    receiver: Receiver

    async def wants(self, identity: Identity) -> bool:
        """Whether a file is worth fetching: what nobody asked for stays where it is."""
        return await self.asks.expects_file(identity)

    async def receive(self, identity: Identity, name: str, content: bytes) -> Outcome:
        """See ``Receiver``."""
        return await self.receiver.receive(identity, name, content)


def left_out(name: str, content: bytes) -> IncomingFile:
    """What the conversation is told of a file that is not kept because nobody asked for one."""
    media_type = media_type_of(content) or "application/octet-stream"
    return IncomingFile("", harmless_name(name), media_type, len(content))


def too_large(size: int, most: int = MAX_BYTES) -> Invalid:
    """The refusal of a file by its size in bytes."""
    return invalid("file.too_large", megabytes=-(-size // 10**6), max=most // 10**6)


def new_receiver(vault: Vault, provider: ProviderProfile) -> Receiver:
    """A receiver that keeps pictures no larger than the provider takes."""
    return Receiver(vault, Decoder(provider.picture_max_megabytes * 10**6))


def _names(name: str, pages: int) -> tuple[str, ...]:
    """What the pictures are called: as the file was, by page where there are several."""
    stem = PurePath(name).stem or "file"
    if pages == 1:
        return (harmless_name(f"{stem}.jpg"),)
    return tuple(harmless_name(f"{stem}-{number}.jpg") for number in range(1, pages + 1))
