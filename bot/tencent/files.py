"""Files sent to us: fetched where one is wanted, and let in by the one door."""

import logging
from dataclasses import replace
from typing import Final

from bot.file_names import harmless_name
from bot.materials.receiving import Door, too_large
from bot.tencent.client import MAX_DOWNLOAD, Download, TencentClient
from bot.tencent.faults import Refused, Unreachable
from dialogs.message import Identity, IncomingFile
from filing.invalid import Invalid, invalid

logger = logging.getLogger(__name__)

PHOTO: Final = "photo.jpg"
"""The name of a picture, for which the platforms tell none."""

_NAMELESS: Final = "file"
_TOO_LARGE: Final = 40009
_TRIES: Final = 2
"""How often a file is fetched before its sender is told to send it again."""


async def fetched(
    client: TencentClient, door: Door | None, whose: Identity, media_id: str, name: str
) -> tuple[IncomingFile, ...]:
    """What the conversation is told of a file, which the platform keeps for three days only.

    ``name`` is what its sender calls it, empty if they do not. Where none is wanted nothing is
    fetched: it may well be the picture of an ID card.
    """
    media_type = "image/jpeg" if name == PHOTO else "application/octet-stream"
    told = IncomingFile("", harmless_name(name or _NAMELESS), media_type, 0)
    if door is None or not await door.wants(whose):
        return (told,)
    found = await _download(client, media_id)
    if isinstance(found, Invalid):
        return (replace(told, wrong=found),)
    return (await door.receive(whose, name or found.name or _NAMELESS, found.content)).files


async def _download(client: TencentClient, media_id: str) -> Download | Invalid:
    for _ in range(_TRIES):
        try:
            return await client.download(media_id)
        except Refused as refused:
            logger.warning("a file is not handed out: %s", refused)
            if refused.code == _TOO_LARGE:
                return too_large(MAX_DOWNLOAD + 1, MAX_DOWNLOAD)
            break
        except Unreachable as fault:
            logger.info("a file cannot be fetched: %s", fault)
    return invalid("file.not_fetched")
