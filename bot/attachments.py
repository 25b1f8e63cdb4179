"""What a file handed to an applicant holds, ready to be sent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from bot.letters.handing import Letters
from bot.privacy.errors import TooManyCopies
from dialogs.message import OutgoingFile, Reply
from dialogs.pictures import MarkedPicture
from storage.ports import Files

Copy: TypeAlias = Callable[[], Awaitable[bytes]]
"""Makes a copy of all that is kept of one person. Raises LookupError or TooManyCopies."""

Kept: TypeAlias = Callable[[str], Awaitable[bytes]]
"""Reads a file of the store by its id. Raises LookupError."""


def reader_of(files: Files) -> Kept:
    """Reads the content of kept files."""

    async def read(file_id: str) -> bytes:
        return (await files.get(file_id)).content

    return read


async def content_of(
    file: OutgoingFile,
    *,
    dark: bool = False,
    kept: Kept | None = None,
    letters: Letters | None = None,
    copy: Copy | None = None,
) -> bytes:
    """The file's bytes; a picture is drawn as PNG, for a dark surrounding if that is known.

    Raises OSError for a file that is no longer where it lay, was kept where ``kept`` cannot
    read it, is a letter that ``letters`` cannot fill in, or a copy of one's data where ``copy``
    makes none.
    """
    if file.is_copy:
        return await _copied(copy)
    if file.letter is not None:
        if letters is None:
            raise FileNotFoundError("letters are not handed out here")
        try:
            return await letters(file.letter)
        except LookupError as error:
            raise FileNotFoundError(str(error)) from error
    if file.kept:
        return await _kept(file.kept, kept)
    received = b""
    if isinstance(file.picture, MarkedPicture):
        received = await _kept(file.picture.file_id, kept)
    return await asyncio.to_thread(_content, file, dark, received)


async def _copied(copy: Copy | None) -> bytes:
    if copy is None:
        raise FileNotFoundError("copies of one's data are not made here")
    try:
        return await copy()
    except (LookupError, TooManyCopies) as error:
        raise FileNotFoundError(str(error)) from error


async def _kept(file_id: str, kept: Kept | None) -> bytes:
    if kept is None:
        raise FileNotFoundError("kept files cannot be read here")
    try:
        return await kept(file_id)
    except LookupError as error:
        raise FileNotFoundError(str(error)) from error


def _content(file: OutgoingFile, dark: bool, received: bytes) -> bytes:
    if file.picture is not None:
        # Imported here: most conversations begin without a picture.
        from bot.pictures import draw

        return draw(file.picture, "dark" if dark else "light", received)
    if file.text:
        return file.text.encode()
    return Path(file.path).read_bytes()


async def on_disk(
    replies: Iterable[Reply],
    folder: Path,
    kept: Kept | None = None,
    letters: Letters | None = None,
    copy: Copy | None = None,
) -> tuple[Reply, ...]:
    """The same replies with every file lying in a folder, for programs that read it there.

    The same file again takes no further room. A picture drawn from a received one that is gone
    is left out.
    """
    return tuple(
        [
            await _with_paths(one, folder, kept, letters, copy) if one.files else one
            for one in replies
        ]
    )


async def _with_paths(
    reply: Reply, folder: Path, kept: Kept | None, letters: Letters | None, copy: Copy | None
) -> Reply:
    # What lies in the store of files is not there for other programs.
    files = [
        one if one.path or one.kept else await _put_down(one, folder, kept, letters, copy)
        for one in reply.files
    ]
    return replace(reply, files=tuple(one for one in files if one is not None))


async def _put_down(
    file: OutgoingFile,
    folder: Path,
    kept: Kept | None,
    letters: Letters | None,
    copy: Copy | None,
) -> OutgoingFile | None:
    try:
        content = await content_of(file, kept=kept, letters=letters, copy=copy)
    except OSError:
        return None
    return replace(file, path=str(await asyncio.to_thread(_write, folder, file.name, content)))


def _write(folder: Path, name: str, content: bytes) -> Path:
    place = folder / sha256(content).hexdigest()[:16] / Path(name).name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.write_bytes(content)
    return place.resolve()
