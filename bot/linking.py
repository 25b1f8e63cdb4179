"""Fulfils wishes about channels: makes codes, lets them be used, and limits guessing."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

from bot.settings import Settings
from desk.attempts import Attempts, Quota
from dialogs.case import Case
from dialogs.linking import JOIN_CODE, LINK_LIFE, Linked, LinkStore, LinkWay, LinkWish, mark_of
from dialogs.message import Identity

_log = logging.getLogger(__name__)

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 9  # 45 bits: what guessing may find in ten minutes is nothing

CODES: Final = (10, timedelta(hours=1))
"""How many codes one person may ask for."""

GUESSES: Final = (5, timedelta(minutes=30))
"""How many wrong codes one identity may try."""

GUESSES_OF_ALL: Final = (300, timedelta(minutes=30))
"""How many wrong codes all together may try."""

_SCANNED: Final = int(LINK_LIFE.total_seconds())


class Ways(Protocol):
    """The channels served, and how a code gets there."""

    def served(self) -> Collection[str]:
        """The channels people may go on in."""
        ...

    async def to(self, channel: str, code: str) -> LinkWay:
        """How a code gets to one of them. Raises nothing: it can always be typed."""
        ...


@dataclass(slots=True)
class ChannelLinks:
    """``Linking`` of the running program."""

    store: LinkStore
    attempts: Attempts
    clock: Callable[[], datetime]
    ways: Ways

    async def fulfil(self, case: Case, wish: LinkWish) -> Linked:
        """See ``Linking``."""
        match wish.what:
            case "move":
                return await self._open(case, wish.value)
            case "join":
                return await self._use(case, wish.value)
            case "agree" | "refuse":
                return await self._settle(case, wish.value, agrees=wish.what == "agree")
            case "unlink":
                return await self._unlink(case, wish.value)

    async def _open(self, case: Case, target: str) -> Linked:
        here = case.identity
        channels = [
            channel
            for channel in self.ways.served()
            if channel == target or (not target and (channel != here.channel or channel == "web"))
        ]
        if not channels:
            return Linked("no_service")
        quota = Quota(f"link-codes/{mark_of(here)}", *CODES)
        if await self.attempts.begin((quota,), self.clock()) is not None:
            return Linked("too_often")
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        link_id = await self.store.open(here, _digest(code), target, self.clock())
        if link_id is None:  # nothing is stored of this person before their first turn is
            return Linked("too_early", code=target)
        ways = [await self.ways.to(channel, code) for channel in channels]
        return Linked("opened", link_id, code, tuple(ways))

    async def _use(self, case: Case, code: str) -> Linked:
        by, now = case.identity, self.clock()
        quotas = (
            Quota(f"link-guesses/{mark_of(by)}", *GUESSES),
            Quota("link-guesses", *GUESSES_OF_ALL),
        )
        if await self.attempts.begin(quotas, now) is not None:
            return Linked("too_often")
        used = await self.store.use(_digest(code.upper()), by, now)
        if used is None:
            return Linked("wrong")
        await self.attempts.forgive(quotas, now)
        done = Linked(used.how, used.id, user=by, filings=used.filings)
        return replace(done, other=used.owner) if used.how in ("waits", "foreign") else done

    async def _settle(self, case: Case, link_id: str, *, agrees: bool) -> Linked:
        settled = await self.store.settle(link_id, case.identity, self.clock(), agrees=agrees)
        is_news = settled.how in ("joined", "refused")
        return Linked(
            settled.how, link_id, user=settled.user, other=settled.user if is_news else None
        )

    async def _unlink(self, case: Case, mark: str) -> Linked:
        gone = next((one for one in case.everywhere if mark_of(one) == mark), None)
        if gone is None or not await self.store.unlink(case.identity, gone, self.clock()):
            return Linked("not_linked")
        return Linked("unlinked", user=gone, other=_left(case, gone))


def _left(case: Case, gone: Identity) -> Identity | None:
    """Who is to hear that somebody parted by themselves; who did it elsewhere knows."""
    if gone != case.identity:
        return None
    return case.last_on if case.last_on in case.linked else next(iter(case.linked), None)


def _digest(code: str) -> str:
    return sha256(f"link/{code}".encode()).hexdigest()


@dataclass(slots=True)
class ServedWays:
    """``Ways`` of a deployment, whichever of its processes serves them.

    ``wechat_code`` makes what a QR code shows that opens the account and hands it a word; it is
    there in processes that speak with WeChat. So is ``wecom_url``, the address that opens a chat
    with WeCom customer service and hands it a word.
    """

    settings: Settings
    bot_name: Callable[[], str]
    wechat_code: Callable[[str, int], Awaitable[str]] | None = None
    wecom_url: Callable[[str], Awaitable[str]] | None = None

    def served(self) -> Collection[str]:
        """See ``Ways``."""
        settings = self.settings
        is_served = {
            "wechat": settings.wechat_app_id is not None,
            "wecom": settings.wecom_corp_id is not None,
            "telegram": settings.telegram_token is not None,
            "web": True,
        }
        return [channel for channel, served in is_served.items() if served]

    async def to(self, channel: str, code: str) -> LinkWay:
        """See ``Ways``. On the web a code stands after the #: no server and no log sees it."""
        settings, word = self.settings, f"{JOIN_CODE}{code}"
        if channel == "web":
            base = settings.public_url or f"http://{settings.host}:{settings.port}"
            return LinkWay(channel, f"{base}/#{word}", f"{base}/#{word}")
        if channel == "telegram" and (name := self.bot_name()):
            url = f"https://t.me/{name}?start={word}"
            return LinkWay(channel, url, url)
        if channel == "wechat" and self.wechat_code is not None:
            try:
                return LinkWay(channel, scan=await self.wechat_code(word, _SCANNED))
            except Exception as error:  # then it is typed
                _log.warning("WeChat made no QR code: %s", type(error).__name__)
        if channel == "wecom" and self.wecom_url is not None:
            try:
                url = await self.wecom_url(word)
            except Exception as error:  # then it is typed
                _log.warning("WeCom made no address: %s", type(error).__name__)
            else:
                return LinkWay(channel, url, url)
        return LinkWay(channel)
