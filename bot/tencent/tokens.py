"""The account's access token: fetched by one process at a time, shared by all."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from storage.wechat_ports import AccessToken

MARGIN: Final = timedelta(minutes=5)
"""A token is renewed so long before its end; the old one goes on working meanwhile."""

FORCE_PAUSE: Final = timedelta(minutes=2)
"""Renewals by force are at least so far apart; WeChat allows 20 a day, 30 seconds apart."""

_LEASE: Final = timedelta(seconds=20)  # more than a fetch may take
_PATIENCE: Final = 25.0  # seconds to wait for another process
_LOOK: Final = 0.1


class Fetch(Protocol):
    """Asks the platform for the token."""

    def __call__(self, *, force: bool) -> Awaitable[tuple[str, int]]:
        """The token and for how many seconds it is valid. Raises what the channel's calls do."""
        ...


class TokenStore(Protocol):
    """Where tokens are shared; ``storage.wechat_ports.WeChatStore`` in the program."""

    async def token(self, app_id: str) -> AccessToken | None:
        """The account's token as it was last kept, over or not."""
        ...

    async def lease_token(self, app_id: str, holder: str, now: datetime, until: datetime) -> bool:
        """Become the one who fetches a token; False while somebody else is."""
        ...

    async def put_token(self, app_id: str, holder: str, token: AccessToken) -> bool:
        """Keep a token fetched under a lease and end it; False if the lease was lost."""
        ...

    async def release_token(self, app_id: str, holder: str) -> None:
        """End a lease without a token."""
        ...


class TokenHolder:
    """One account's token. Every process has a holder; a lease in the store lets one fetch.

    ``busy`` makes what is raised when another process does not come to an end with it.
    """

    def __init__(
        self,
        store: TokenStore,
        app_id: str,
        fetch: Fetch,
        clock: Callable[[], datetime],
        busy: Callable[[], Exception],
    ) -> None:
        self._store = store
        self._app_id = app_id
        self._fetch = fetch
        self._clock = clock
        self._busy = busy
        self._name = secrets.token_hex(8)
        self._known: AccessToken | None = None
        self._one_at_a_time = asyncio.Lock()

    async def get(self) -> str:
        """A token that should be valid. Raises what ``fetch`` or ``busy`` does."""
        if self._known is not None and self._is_fresh(self._known):
            return self._known.value
        return await self._renewed(refused=None)

    async def renew(self, refused: str) -> str:
        """Another token than the one that was refused. Raises the same."""
        return await self._renewed(refused)

    def _is_fresh(self, token: AccessToken) -> bool:
        return self._clock() < token.until - MARGIN

    async def _renewed(self, refused: str | None) -> str:
        async with self._one_at_a_time:
            deadline = asyncio.get_running_loop().time() + _PATIENCE
            while True:
                kept = await self._store.token(self._app_id)
                if kept is not None and self._is_fresh(kept) and kept.value != refused:
                    self._known = kept
                    return kept.value
                now = self._clock()
                if await self._store.lease_token(self._app_id, self._name, now, now + _LEASE):
                    return await self._fetched(refused)
                if asyncio.get_running_loop().time() > deadline:
                    raise self._busy()
                await asyncio.sleep(_LOOK)

    async def _fetched(self, refused: str | None) -> str:
        """Fetch under the lease, unless somebody was quicker; the lease ends with it."""
        try:
            kept = await self._store.token(
                self._app_id
            )  # before the lease another may have put one
            if kept is not None and self._is_fresh(kept) and kept.value != refused:
                self._known = kept
                return kept.value
            forced_at = None if kept is None else kept.forced_at
            value, seconds = await self._fetch(force=False)
            now = self._clock()
            if value == refused and (forced_at is None or abs(now - forced_at) >= FORCE_PAUSE):
                value, seconds = await self._fetch(force=True)
                forced_at = now = self._clock()
            token = AccessToken(value, now + timedelta(seconds=seconds), forced_at)
            await self._store.put_token(self._app_id, self._name, token)
        finally:
            await self._store.release_token(self._app_id, self._name)
        self._known = token
        return value
