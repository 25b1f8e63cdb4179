"""Files sent in a Telegram chat: fetched where one is wanted, and let in by the one door."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.materials.receiving import Door, too_large
from bot.telegram.client import MAX_DOWNLOAD, Client
from bot.telegram.errors import Refused, TelegramFault
from dialogs.message import Identity, IncomingFile
from filing.invalid import Invalid, invalid

logger = logging.getLogger(__name__)

_TRIES: Final = 2
"""How often a file is fetched before its sender is told to send it again."""


async def fetched(
    client: Client, door: Door | None, whose: Identity, sent: Sequence[IncomingFile]
) -> tuple[IncomingFile, ...]:
    """What the conversation is told of files that Telegram announced, by Telegram's ids.

    Where none is wanted nothing is fetched: it may well be the picture of an ID card. A file
    that Telegram does not hand out is answered, not waited for: it must not hold up the others.
    """
    if door is None or not await door.wants(whose):
        return tuple(replace(one, file_id="") for one in sent)
    files: list[IncomingFile] = []
    for one in sent:
        content = await _content(client, one)
        if isinstance(content, Invalid):
            files.append(replace(one, file_id="", wrong=content))
        else:
            files += (await door.receive(whose, one.name, content)).files
    return tuple(files)


async def _content(client: Client, file: IncomingFile) -> bytes | Invalid:
    if file.size > MAX_DOWNLOAD:
        return too_large(file.size, MAX_DOWNLOAD)
    for _ in range(_TRIES):
        try:
            return await client.download(file.file_id)
        except Refused as refused:
            if "too big" in refused.description:
                return too_large(file.size or MAX_DOWNLOAD + 1, MAX_DOWNLOAD)
            break
        except TelegramFault as fault:
            logger.info("a file cannot be fetched: %s", fault)
    return invalid("file.not_fetched")
