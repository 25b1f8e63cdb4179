"""Fulfils wishes about channels: makes codes, lets them be used, and limits guessing."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.settings import Settings
from desk.attempts import Attempts, Quota
from dialogs.case import Case
from dialogs.linking import JOIN_CODE, Linked, LinkStore, LinkWish, mark_of
from dialogs.message import Identity

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH: Final = 9  # 45 bits: what guessing may find in ten minutes is nothing

CODES: Final = (10, timedelta(hours=1))
"""How many codes one person may ask for."""

GUESSES: Final = (5, timedelta(minutes=30))
"""How many wrong codes one identity may try."""

GUESSES_OF_ALL: Final = (300, timedelta(minutes=30))
"""How many wrong codes all together may try."""

Ways = Callable[[], Mapping[str, Callable[[str], str]]]
"""The channels served, each with the address that carries a code there; empty if it is typed."""


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
        ways = {
            channel: address
            for channel, address in self.ways().items()
            if channel == target or (not target and (channel != here.channel or channel == "web"))
        }
        if not ways:
            return Linked("no_service")
        quota = Quota(f"link-codes/{mark_of(here)}", *CODES)
        if await self.attempts.begin((quota,), self.clock()) is not None:
            return Linked("too_often")
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        link_id = await self.store.open(here, _digest(code), target, self.clock())
        if link_id is None:  # nothing is stored of this person before their first turn is
            return Linked("too_early", code=target)
        addresses = tuple((channel, address(code)) for channel, address in ways.items())
        return Linked("opened", link_id, code, addresses)

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


def ways_of(settings: Settings, bot_name: Callable[[], str]) -> Ways:
    """The channels this deployment serves, whichever of its processes does."""
    base = settings.public_url or f"http://{settings.host}:{settings.port}"

    def by_telegram(code: str) -> str:
        name = bot_name()
        return f"https://t.me/{name}?start={JOIN_CODE}{code}" if name else ""

    def ways() -> Mapping[str, Callable[[str], str]]:
        # After the #, so that no server and no log sees the code.
        served = {"web": lambda code: f"{base}/#{JOIN_CODE}{code}"}
        if settings.telegram_token is not None:
            served["telegram"] = by_telegram
        if settings.wechat_app_id is not None:
            served["wechat"] = lambda code: ""  # typed: no address opens a chat there
        return served

    return ways
