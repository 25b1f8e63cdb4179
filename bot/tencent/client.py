"""Calls to a platform with an access token: repeated where that helps, and nowhere else."""

import asyncio
import json
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import unquote

import httpx

from bot.tencent.faults import AGAIN, REFRESH, Refused, Unreachable
from bot.tencent.tokens import Fetch, TokenHolder, TokenStore

TIMEOUT: Final = 10.0
"""Seconds for any call; well inside the lease of an outgoing message."""

MAX_DOWNLOAD: Final = 20 * 2**20
"""Bytes of the largest file fetched: the largest the platforms keep."""

TRIES: Final = 3
PAUSE: Final = 0.3
"""Seconds before the second try, doubled before the third."""

_INVALID_MEDIA, _TOO_LARGE = 40007, 40009
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Download:
    """A file somebody sent; ``name`` is empty where the platform tells none."""

    content: bytes = field(repr=False)
    name: str = ""


class TencentClient(ABC):
    """A platform's API. Every call raises the channel's ``Refused`` and ``Unreachable``.

    A busy platform is asked again a few times, a refused token is renewed once.
    """

    refused: ClassVar[type[Refused]]
    unreachable: ClassVar[type[Unreachable]]

    def __init__(
        self,
        http: httpx.AsyncClient,
        api_base: str,
        store: TokenStore,
        account: str,
        clock: Callable[[], datetime],
        pause: float,
    ) -> None:
        # At INFO it logs addresses, and the token is part of every one.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = http
        self._api_base = api_base
        self._store = store
        self._clock = clock
        self._pause = pause
        self._tokens = self._holder(account, self._fetch_token)

    @abstractmethod
    async def _fetch_token(self, *, force: bool) -> tuple[str, int]:
        """The access token and for how many seconds it is valid (``_lasting``)."""

    def _holder(self, name: str, fetch: Fetch) -> TokenHolder:
        """One holder of something that all processes share and one of them fetches."""
        return TokenHolder(self._store, name, fetch, self._clock, self._busy)

    async def download(self, media_id: str) -> Download:
        """A file somebody sent. Raises ``Refused`` beyond ``MAX_DOWNLOAD`` bytes or 3 days."""
        found = await self._call("GET", "/cgi-bin/media/get", query={"media_id": media_id})
        if not isinstance(found, Download):
            raise self.refused(_INVALID_MEDIA)  # a video's address, or nothing
        return found

    async def _upload(self, kind: str, name: str, content: bytes, media_type: str) -> str:
        """Let the platform keep a file for three days; its media id."""
        answer = await self._call(
            "POST",
            "/cgi-bin/media/upload",
            query={"type": kind},
            files={"media": (name, content, media_type)},
        )
        return str(answer["media_id"])

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        # Letters written as \uXXXX are shown as such.
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        answer: Mapping[str, Any] = await self._call("POST", path, content=content)
        return answer

    async def _call(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, **body: Any
    ) -> Any:
        """The answer: parsed JSON, or a file."""
        token, is_renewed = await self._tokens.get(), False
        tries = 0
        while True:
            try:
                params = {"access_token": token, **(query or {})}
                return await self._ask(method, path, params=params, **body)
            except Refused as refused:
                if refused.action == REFRESH and not is_renewed:
                    token, is_renewed = await self._tokens.renew(token), True
                    continue
                tries += 1
                if refused.action != AGAIN or tries >= TRIES:
                    raise
                await asyncio.sleep(self._pause * 2 ** (tries - 1))

    async def _ask(self, method: str, path: str, **sent: Any) -> Any:
        """One request. Raises Refused for a code, Unreachable for anything but an answer."""
        url = f"{self._api_base}{path}"
        try:
            async with self._http.stream(method, url, timeout=TIMEOUT, **sent) as response:
                content = await self._read(response)
                headers, status = response.headers, response.status_code
        except _NEVER_SENT as error:
            raise self.unreachable(type(error).__name__, maybe_done=False) from None
        except httpx.HTTPError as error:
            raise self.unreachable(type(error).__name__, maybe_done=True) from None
        if status != 200:
            raise self.unreachable(f"status {status}", maybe_done=True)
        named = _FILENAME.search(headers.get("content-disposition", ""))
        if named or (path.endswith("/media/get") and not content.startswith(b"{")):
            return Download(content, unquote(named.group(1)) if named else "")
        try:
            answer = json.loads(content)
        except ValueError:
            kind = headers.get("content-type", "")[:40]
            raise self.unreachable(f"an answer of type {kind!r}", maybe_done=True) from None
        code = answer.get("errcode", 0) if isinstance(answer, dict) else -1
        if code:
            raise self.refused(code if isinstance(code, int) else -1)
        return answer

    async def _read(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > MAX_DOWNLOAD:
                raise self.refused(_TOO_LARGE)
        return bytes(content)

    def _lasting(self, answer: Any, name: str) -> tuple[str, int]:
        """What an answer gives under ``name``, and for how many seconds."""
        try:
            return str(answer[name]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            what = name.rpartition("_")[2]
            raise self.unreachable(f"no {what} in its answer", maybe_done=True) from None

    def _busy(self) -> Unreachable:
        return self.unreachable("another process fetches the token", maybe_done=False)
