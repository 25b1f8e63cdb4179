"""Pulls what customers said and keeps it, together with the cursor behind it, for the core."""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.wecom.client import Page, WeComClient
from bot.wecom.errors import Action, Refused, WeComFault
from bot.wecom.translate import key_of, moment, whose
from storage.wecom_ports import Fetched, Pull, WeComStore

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=5)
"""How often is pulled although no callback told of anything: one may have been lost."""

TOKEN_LIFE: Final = timedelta(minutes=9)
"""How long a callback's token is used; WeCom takes it for ten minutes."""

FIRST_LOOK: Final = timedelta(minutes=10)
"""What was said longer before the very first pull is not answered: others did, or nobody will."""

_LEASE: Final = timedelta(seconds=35)  # more than a page may take
_LOOK: Final = 0.2  # seconds between looks whether another process has done
_SOON: Final = 1.0  # seconds after a fault, doubled each time
_LATEST: Final = 60.0


@dataclass(slots=True)
class _Account:
    """What is known of one account: whether to pull, and with which token."""

    wanted: asyncio.Event
    token: str = ""
    until: datetime | None = None


class Puller:
    """Pulls for some accounts. ``kept`` is called whenever something new may wait."""

    def __init__(
        self,
        client: WeComClient,
        store: WeComStore,
        accounts: Sequence[str],
        clock: Callable[[], datetime],
        kept: Callable[[], None],
        count: Callable[[str], None] = lambda reason: None,
        every: timedelta = EVERY,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._kept = kept
        self._count = count
        self._every = every
        self._holder = secrets.token_hex(8)
        self._accounts = {one: _Account(asyncio.Event()) for one in accounts}
        for one in self._accounts.values():
            one.wanted.set()  # nobody tells of what was said while we were away
        self._pulling = 0
        self._idle = asyncio.Event()  # set whenever a pull has ended
        self.trouble: str | None = None  # what the operator must mend

    def told(self, account: str, token: str) -> None:
        """A callback says that there is something at an account."""
        known = self._accounts.get(account)
        if known is None:
            self._count("account_other")
            return
        known.token, known.until = token, self._clock() + TOKEN_LIFE
        known.wanted.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Pull at once, whenever told, and every so often, until ``stop`` is set."""
        await asyncio.gather(*(self._follow(one, stop) for one in self._accounts))

    async def settled(self) -> None:
        """Wait until all that callbacks told of was pulled: for rehearsals and tests."""
        while any(one.wanted.is_set() for one in self._accounts.values()) or self._pulling:
            self._idle.clear()
            await self._idle.wait()

    async def _follow(self, account: str, stop: asyncio.Event) -> None:
        known, failed = self._accounts[account], 0
        stopping = asyncio.create_task(stop.wait())
        while not stop.is_set():
            pause = self._every.total_seconds()
            if known.wanted.is_set():
                known.wanted.clear()
                is_done = await self._try(account)
                failed = 0 if is_done else failed + 1
                if not is_done:
                    pause = min(_LATEST, _SOON * 2 ** min(failed - 1, 10))
            if known.wanted.is_set() and not failed:
                continue
            waiting = asyncio.create_task(known.wanted.wait())
            watched = {stopping} if failed else {stopping, waiting}
            await asyncio.wait(watched, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            known.wanted.set()
        stopping.cancel()

    async def _try(self, account: str) -> bool:
        self._pulling += 1
        try:
            await self._pull(account)
        except Refused as refused:
            if refused.action in (Action.ACCOUNT, Action.REFRESH) and self.trouble != str(refused):
                logger.error("%s", refused)
                self.trouble = str(refused)
            else:
                logger.warning("%s", refused)
            return False
        except WeComFault as fault:
            logger.warning("%s", fault)
            return False
        except Exception as error:  # the store may be away for a while: pull again later
            logger.warning("nothing can be pulled: %s", type(error).__name__)
            return False
        finally:
            self._pulling -= 1
            self._idle.set()
        self.trouble = None
        return True

    async def _pull(self, account: str) -> None:
        """Pull page by page until there is no more; each page is kept before the next."""
        pull = await self._leased(account)
        try:
            while True:
                page = await self._page(pull)
                fetched = self._read(pull, page.messages)
                kept = await self._store.take_in(pull, page.cursor, fetched, self._clock())
                if kept is None:
                    return  # somebody else goes on from where we were
                pull = kept
                if fetched:
                    self._kept()
                if not page.has_more:
                    return
                now = self._clock()
                again = await self._store.lease_pull(account, self._holder, now, now + _LEASE)
                if again is None:
                    return
                pull = again
        finally:
            await self._store.end_pull(pull)

    async def _leased(self, account: str) -> Pull:
        """Permission to pull, once whoever has it now is done: they may not see what is new."""
        while True:
            now = self._clock()
            pull = await self._store.lease_pull(account, self._holder, now, now + _LEASE)
            if pull is not None:
                return pull
            await asyncio.sleep(_LOOK)

    async def _page(self, pull: Pull) -> Page:
        known = self._accounts[pull.account]
        is_fresh = known.until is not None and self._clock() < known.until
        token = known.token if is_fresh else None
        try:
            return await self._client.pull(pull.account, pull.cursor, token)
        except Refused as refused:
            if refused.action is not Action.STALE or token is None:
                raise
            known.until = None
            return await self._client.pull(pull.account, pull.cursor, None)

    def _read(self, pull: Pull, messages: Sequence[Mapping[str, Any]]) -> list[Fetched]:
        now = self._clock()
        fetched: list[Fetched] = []
        for message in messages:
            key, person, at = key_of(message), whose(message, pull.account), moment(message, now)
            if not key or not person:
                self._count("about_nobody")
                continue
            is_old = pull.cursor is None and at < now - FIRST_LOOK
            payload = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
            fetched.append(Fetched(key, person, at, None if is_old else payload))
        return fetched
