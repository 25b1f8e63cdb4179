"""Files sent to customer service: fetched where one is wanted, and let in by the one door."""

import logging
from typing import Final

from bot.file_names import harmless_name
from bot.materials.receiving import Door, left_out, too_large
from bot.wecom.client import MAX_DOWNLOAD, Download, WeComClient
from bot.wecom.errors import Refused, Unreachable
from dialogs.message import Identity, IncomingFile
from filing.invalid import Invalid, invalid

logger = logging.getLogger(__name__)

_TOO_LARGE: Final = 40009
_TRIES: Final = 2
"""How often a file is fetched before its sender is told to send it again."""


async def fetched(
    client: WeComClient, door: Door | None, whose: Identity, media_id: str, name: str
) -> tuple[IncomingFile, ...]:
    """What the conversation is told of a file, which WeCom keeps for three days only.

    Where none is wanted nothing is fetched: it may well be the picture of an ID card.
    """
    if door is None or not await door.wants(whose):
        return (left_out(name, b""),)
    found = await _download(client, media_id)
    if isinstance(found, Invalid):
        media_type = "application/octet-stream"
        return (IncomingFile("", harmless_name(name), media_type, 0, found),)
    return (await door.receive(whose, found.name or name, found.content)).files


async def _download(client: WeComClient, media_id: str) -> Download | Invalid:
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
