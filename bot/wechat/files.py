"""Pictures sent in WeChat: fetched where one is wanted, and let in by the one door."""

import logging
from dataclasses import replace
from typing import Final

from bot.materials.receiving import Door, too_large
from bot.wechat.client import MAX_DOWNLOAD, WeChatClient
from bot.wechat.errors import Refused, Unreachable
from dialogs.message import Identity, IncomingFile
from filing.invalid import Invalid, invalid

logger = logging.getLogger(__name__)

_NAME: Final = "photo.jpg"  # WeChat tells none
_TOO_LARGE: Final = 40009
_TRIES: Final = 2
"""How often a picture is fetched before its sender is told to send it again."""


async def fetched(
    client: WeChatClient, door: Door | None, whose: Identity, media_id: str
) -> tuple[IncomingFile, ...]:
    """What the conversation is told of a picture, which WeChat keeps for three days only.

    Where none is wanted nothing is fetched: it may well be the picture of an ID card.
    """
    told = IncomingFile("", _NAME, "image/jpeg", 0)
    if door is None or not await door.wants(whose):
        return (told,)
    content = await _content(client, media_id)
    if isinstance(content, Invalid):
        return (replace(told, wrong=content),)
    return (await door.receive(whose, _NAME, content)).files


async def _content(client: WeChatClient, media_id: str) -> bytes | Invalid:
    for _ in range(_TRIES):
        try:
            return await client.download(media_id)
        except Refused as refused:
            logger.warning("a picture is not handed out: %s", refused)
            if refused.code == _TOO_LARGE:
                return too_large(MAX_DOWNLOAD + 1, MAX_DOWNLOAD)
            break
        except Unreachable as fault:
            logger.info("a picture cannot be fetched: %s", fault)
    return invalid("file.not_fetched")
