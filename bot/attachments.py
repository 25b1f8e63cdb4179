"""What a file handed to an applicant holds, ready to be sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from dialogs.message import OutgoingFile, Reply
from storage.ports import Files

Kept: TypeAlias = Callable[[str], Awaitable[bytes]]
"""Reads a file of the store by its id. Raises LookupError."""


def reader_of(files: Files) -> Kept:
    """Reads the content of kept files."""

    async def read(file_id: str) -> bytes:
        return (await files.get(file_id)).content

    return read


async def content_of(file: OutgoingFile, *, dark: bool = False, kept: Kept | None = None) -> bytes:
    """The file's bytes; a picture is drawn as PNG, for a dark surrounding if that is known.

    Raises OSError for a file that is no longer where it lay, or was kept where ``kept`` cannot
    read it.
    """
    if file.kept:
        if kept is None:
            raise FileNotFoundError("kept files cannot be read here")
        try:
            return await kept(file.kept)
        except LookupError as error:
            raise FileNotFoundError(str(error)) from error
    return await asyncio.to_thread(_content, file, dark)


def _content(file: OutgoingFile, dark: bool) -> bytes:
    if file.picture is not None:
        # Imported here: most conversations begin without a picture.
        from bot.pictures import draw

        return draw(file.picture, "dark" if dark else "light")
    if file.text:
        return file.text.encode()
    return Path(file.path).read_bytes()


async def on_disk(replies: Iterable[Reply], folder: Path) -> tuple[Reply, ...]:
    """The same replies with every file lying in a folder, for programs that read it there.

    The same file again takes no further room.
    """
    return tuple([await _with_paths(reply, folder) if reply.files else reply for reply in replies])


async def _with_paths(reply: Reply, folder: Path) -> Reply:
    # What lies in the store of files is not there for other programs.
    files = [one if one.path or one.kept else await _put_down(one, folder) for one in reply.files]
    return replace(reply, files=tuple(files))


async def _put_down(file: OutgoingFile, folder: Path) -> OutgoingFile:
    content = await content_of(file)
    return replace(file, path=str(await asyncio.to_thread(_write, folder, file.name, content)))


def _write(folder: Path, name: str, content: bytes) -> Path:
    place = folder / sha256(content).hexdigest()[:16] / Path(name).name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.write_bytes(content)
    return place.resolve()
