"""Fetching a stranger's page without being led anywhere else: the addresses are checked first.

A name is resolved once, every address it has must be public, and the connection goes to one of
the addresses checked; each redirect starts anew. Cookies, credentials and proxies of the
environment are not used.
"""

import asyncio
import ipaddress
import socket
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.footer.markup import Decoded, decode, refreshed_to

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
LookUp: TypeAlias = Callable[[str, int], Sequence[str]]

MOST_HOPS: Final = 3
MOST_BYTES: Final = 2**20
LONGEST: Final = 5.0
PORTS: Final = frozenset({80, 443})
USER_AGENT: Final = "BeianAssistant/1.0 (footer check)"

_KINDS: Final = frozenset(
    {"text/html", "application/xhtml+xml", "application/octet-stream", "text/plain"}
)
_STUB: Final = 2_000  # characters; a shorter page with a refresh only sends its reader on
_WORTH_ANOTHER_TRY: Final = frozenset({"unreachable", "tls", "no_address"})
_EMPTY: Final = Decoded("")
_GZIP_OR_ZLIB: Final = 47  # zlib's window bits for "whichever of the two"
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_INNER: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "192.0.0.0/24",  # of protocols: among them what asks the nearest NAT, and a cloud's own
        "192.88.99.0/24",  # the nearest relay of 6to4
        "168.63.129.16/32",  # a cloud's services for its machines, by an address like any other
        "64:ff9b:1::/48",  # NAT64 within a network (RFC 8215)
        "fec0::/10",  # site-local, as once was
        "3fff::/20",  # for documentation (RFC 9637)
        "5f00::/16",  # steps within a network (RFC 9602)
    )
)
"""Nobody else's to reach, though ``ipaddress`` (of some Pythons) takes them for global."""
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # an IPv4 address in the last 32 bits (RFC 5214)


class FetchRefused(Exception):
    """A page that was not fetched. ``code`` names the wording, ``params`` fill it."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page's text and the address it came from in the end."""

    url: str
    html: str
    garbled_as: str = ""  # the charset it wrongly claims, if it does


def is_public(address: IPAddress) -> bool:
    """Whether an address is anybody's to reach: not this network's, nor the cloud's own."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        carries = address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP
        if inner is None and carries:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    if any(address in network for network in _INNER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def look_up(host: str, port: int) -> Sequence[str]:
    """All addresses of a host, from the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Fetcher:
    """Fetches home pages. ``may_reach``, ``look_up``, ``ports`` serve rehearsals on loopback."""

    def __init__(
        self,
        *,
        may_reach: Callable[[IPAddress], bool] = is_public,
        look_up: LookUp = look_up,
        ports: frozenset[int] = PORTS,
        seconds: float = LONGEST,
    ) -> None:
        self._may_reach = may_reach
        self._look_up = look_up
        self._ports = ports
        self._seconds = seconds

    async def fetch(self, url: str) -> Fetched:
        """The page at an address.

        For a bare name https is tried, then http, then both with ``www.`` before it. Raises
        FetchRefused with what came of the first try.
        """
        typed = url.strip()
        if "://" in typed:
            return await self._within_time(typed)
        tries = [f"https://{typed}", f"http://{typed}"]
        if not typed.lower().startswith("www."):
            tries += [f"{scheme}://www.{typed}" for scheme in ("https", "http")]
        first: FetchRefused | None = None
        for one in tries:
            try:
                return await self._within_time(one)
            except FetchRefused as refused:
                first = first or refused
                if refused.code not in _WORTH_ANOTHER_TRY:
                    break
        assert first is not None
        raise first

    async def _within_time(self, url: str) -> Fetched:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(_parsed(url))
        except TimeoutError:
            raise FetchRefused("too_slow", seconds=int(self._seconds)) from None

    async def _follow(self, url: URL) -> Fetched:
        for _ in range(MOST_HOPS + 1):
            answer = await self._get(url)
            if answer.next is None:
                return Fetched(str(url), answer.page.text, answer.page.garbled_as)
            url = answer.next
        raise FetchRefused("too_many_hops", most=MOST_HOPS)

    async def _get(self, url: URL) -> "_Answer":
        host, port = self._target(url)
        addresses = await self._checked(host, port)
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(addresses), use_dns_cache=False, force_close=True
        )
        try:
            async with (
                aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    auto_decompress=False,
                    trust_env=False,
                    max_line_size=16_384,
                ) as session,
                session.get(
                    url,
                    allow_redirects=False,
                    headers={
                        "User-Agent": USER_AGENT,
                        "Accept": "text/html,application/xhtml+xml",
                        "Accept-Encoding": "gzip, deflate",
                        "Accept-Language": "zh-CN,zh;q=0.9",
                    },
                ) as response,
            ):
                return await _answer(url, response)
        except aiohttp.ClientSSLError:
            raise FetchRefused("tls", host=host) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise FetchRefused("unreachable", host=host) from None

    def _target(self, url: URL) -> tuple[str, int]:
        # Read by the same parser that connects: two readings of one address are a way in.
        host, port = url.raw_host, url.port
        if url.scheme not in ("http", "https") or not host or port is None:
            raise FetchRefused("bad_url")
        if url.raw_user is not None or url.raw_password is not None:
            raise FetchRefused("bad_url")
        if port not in self._ports:
            raise FetchRefused("bad_port", port=port)
        return host, port

    async def _checked(self, host: str, port: int) -> tuple[str, ...]:
        """Every address of a host, all of them fit to be reached."""
        try:
            found = await asyncio.to_thread(self._look_up, host, port)
        except (OSError, UnicodeError):
            raise FetchRefused("no_address", host=host) from None
        try:
            addresses = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
        except ValueError:
            raise FetchRefused("no_address", host=host) from None
        if not addresses:
            raise FetchRefused("no_address", host=host)
        if not all(self._may_reach(address) for address in addresses):
            raise FetchRefused("not_public", host=host)
        return tuple(str(address) for address in addresses)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page, or where it has gone."""

    page: Decoded = _EMPTY
    next: URL | None = None


async def _answer(url: URL, response: aiohttp.ClientResponse) -> _Answer:
    if response.status in (301, 302, 303, 307, 308):
        target = response.headers.get("Location", "")
        if not target:
            raise FetchRefused("status", status=response.status)
        return _Answer(next=_joined(url, target))
    if response.status != 200:
        raise FetchRefused("status", status=response.status)
    kind = response.content_type
    if kind not in _KINDS:
        raise FetchRefused("not_html", kind=kind)
    page = decode(await _content(response), response.charset)
    moved = refreshed_to(page.text, str(url)) if len(page.text) < _STUB else None
    if moved is not None and (refreshed := _joined(url, moved)) != url:
        return _Answer(next=refreshed)
    return _Answer(page)


async def _content(response: aiohttp.ClientResponse) -> bytes:
    raw = await response.content.read(MOST_BYTES + 1)
    while len(raw) <= MOST_BYTES and not response.content.at_eof():
        raw += await response.content.read(MOST_BYTES + 1 - len(raw))
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        try:
            raw = zlib.decompressobj(_GZIP_OR_ZLIB).decompress(raw, MOST_BYTES + 1)
        except zlib.error:
            raise FetchRefused("unreadable") from None
    elif encoding != "identity":
        raise FetchRefused("unreadable")
    if len(raw) > MOST_BYTES:
        raise FetchRefused("too_big", most=MOST_BYTES // 2**20)
    return raw


def _parsed(url: str) -> URL:
    try:
        return URL(url).with_fragment(None)
    except (ValueError, TypeError):
        raise FetchRefused("bad_url") from None


def _joined(url: URL, target: str) -> URL:
    try:
        return url.join(URL(target)).with_fragment(None)
    except (ValueError, TypeError):
        raise FetchRefused("bad_url") from None


class _Pinned(AbstractResolver):
    """Answers with the addresses that were checked, whatever the name says by now."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""
