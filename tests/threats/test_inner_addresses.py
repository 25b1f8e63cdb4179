"""No address anybody gives leads inside, however it is written, named or redirected to."""

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.footer.fetching import Fetcher, FetchRefused, IPAddress, is_public, look_up
from bot.footer.reading import HomePages
from dialogs.ports import PageRefused
from tests.parts.missing import give_up
from tests.parts.ports import free_port
from tests.threats.inner_addresses import addresses, literals

ROOT = Path(__file__).parents[2]
STAND_IN = "127.0.0.2"
"""Where the rehearsed public site is: the one address of this machine that counts as public."""


@dataclass
class Network:
    """A site that counts as public, and beside it, on the same port, what must hear nothing."""

    port: int
    connections: int = 0  # to what is inside
    visits: int = 0  # of the site
    to: str = ""  # where the site sends its visitors
    names: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    hangs_up: bool = False

    def look_up(self, host: str, port: int) -> Sequence[str]:
        """The next answer for a name, the last one for ever; numbers as the system reads them."""
        answers = self.names.get(host.rstrip(".").lower())
        if answers:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        if host.lower().rstrip(".") == "localhost" or not host.strip("0123456789abcdefxX.:[]%"):
            return look_up(host, port)
        raise OSError("no such name")

    def fetcher(self) -> Fetcher:
        """What the program uses, with the stand-in and this port let in."""

        def may_reach(address: IPAddress) -> bool:
            return str(address) == STAND_IN or is_public(address)

        ports = frozenset({self.port, 80, 443})
        return Fetcher(may_reach=may_reach, look_up=self.look_up, ports=ports)

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://www.example.cn:{self.port}/"


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """The site, and listeners on every inner address this machine has."""

    async def answer(request: web.Request) -> web.StreamResponse:
        found.visits += 1
        if found.hangs_up and request.transport is not None:
            request.transport.abort()
        if found.to and request.path == "/refresh":
            text = f'<meta http-equiv="refresh" content="0; url={found.to}">'
            return web.Response(text=text, content_type="text/html")
        if found.to:
            return web.Response(status=302, headers={"Location": found.to})
        return web.Response(text="<p>您好</p>", content_type="text/html")

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        writer.close()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    try:
        port = free_port(STAND_IN)
    except OSError:
        give_up("a second loopback address", f"add {STAND_IN} to the loopback interface")
    site = TestServer(app, host=STAND_IN, port=port)
    await site.start_server()
    found = Network(port)
    found.names["www.example.cn"] = [(STAND_IN,)]
    found.names["inner.example.cn"] = [("192.168.1.1",)]
    inside = [await asyncio.start_server(heard, "127.0.0.1", port)]
    if socket.has_ipv6:
        with suppress(OSError):  # a machine without IPv6 has no such way in
            inside.append(await asyncio.start_server(heard, "::1", port))
    yield found
    for server in inside:
        server.close()
        await server.wait_closed()
    await site.close()


async def refused(network: Network, url: str) -> str | None:
    """Why an address is not fetched; None if it was."""
    try:
        await network.fetcher().fetch(url)
    except FetchRefused as why:
        return why.code
    return None


async def test_the_listener_hears_what_does_come(network: Network) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", network.port)
    await reader.read()
    writer.close()
    assert network.connections == 1
    assert await refused(network, network.url) is None


async def test_of_more_than_two_hundred_addresses_none_leads_inside(network: Network) -> None:
    tried = addresses(network.port)
    assert len(tried) >= 200
    let_in = [url for url in tried if await refused(network, url) is None]
    assert (let_in, network.connections, network.visits) == ([], 0, 0)


@pytest.mark.parametrize("path", ["", "refresh"])
async def test_no_redirect_leads_there_either(network: Network, path: str) -> None:
    followed = []
    for target in addresses(network.port):
        network.to = target.strip().replace("\n", "%0a").replace("\t", "%09").replace('"', "")
        if not network.to.startswith(("http", "//", "file", "ftp", "gopher")):
            continue  # read as a page of the same site
        try:
            got = await network.fetcher().fetch(network.url + path)
        except FetchRefused:
            continue
        followed.append((target, got.url))
    inside = [one for one in followed if "www.example.cn" not in one[1]]
    assert (inside, network.connections) == ([], 0)


async def test_no_name_that_stands_for_an_inner_address_is_reached(network: Network) -> None:
    answers = literals()
    assert len(answers) >= 200
    for answer in answers:
        network.names["www.example.cn"] = [(answer,), (STAND_IN, answer)]
        for _ in range(2):  # alone, and hidden behind one that is public
            assert await refused(network, network.url) in ("not_public", "no_address"), answer
    assert (network.connections, network.visits) == (0, 0)


@pytest.mark.parametrize("inner", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"])
async def test_a_name_that_turns_inward_after_the_check_leads_to_the_address_checked(
    network: Network, inner: str
) -> None:
    network.names["www.example.cn"] = [(STAND_IN,), (inner,)]
    assert await refused(network, network.url) is None
    network.names["www.example.cn"] = [(STAND_IN,), (inner,)]
    network.to = network.url  # looked up again for the second hop, and inner by then
    assert await refused(network, network.url) == "not_public"
    network.to, network.hangs_up = "", True  # who is hung up on may try again, at the same address
    network.names["www.example.cn"] = [(STAND_IN,), (inner,)]
    assert await refused(network, network.url) == "unreachable"
    assert network.connections == 0


async def test_a_hundred_rebinding_names_at_once_reach_nothing_inside(network: Network) -> None:
    for number in range(100):
        flips: list[tuple[str, ...]] = [(STAND_IN,), ("127.0.0.1",)] * 3
        network.names[f"r{number}.example.cn"] = flips[number % 2 :]
    urls = [f"http://r{number}.example.cn:{network.port}/" for number in range(100)]
    await asyncio.gather(*(refused(network, url) for url in urls))
    assert network.connections == 0
    assert network.visits > 0


async def test_the_applicant_is_told_no_more_than_that_it_is_not_public(network: Network) -> None:
    pages = HomePages(network.fetcher())
    told = {
        await _told(pages, f"http://{one}:{network.port}/")
        for one in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]")
    }
    assert told == {"not_public"}  # a listening port, a silent and a missing one sound alike


async def _told(pages: HomePages, url: str) -> str:
    answer = await pages.fetch(url)
    return answer.code if isinstance(answer, PageRefused) else "fetched"


@pytest.mark.parametrize("public", ["1.1.1.1", "119.29.29.29", "2400:3200::1", "64:ff9b::101:101"])
def test_what_is_anybodys_is_public(public: str) -> None:
    assert is_public(ipaddress.ip_address(public))


_CLIENT = re.compile(r"^\s*(?:import|from) (?:httpx|aiohttp|requests|urllib\.request)\b", re.M)
WITH_A_CLIENT = {
    "bot/footer/fetching.py": "addresses that people give: guarded as above",
    "bot/demo/actors.py": "the demonstration's own server in the same process",
    "bot/demo/channels.py": "the demonstration's own server in the same process",
    "bot/reminding/gateway.py": "the operator's own SMS gateway, set in the configuration",
    "bot/reminding/running.py": "hands that gateway its client",
    "bot/serving.py": "hands that gateway its client",
    "bot/telegram/aiogram_client.py": "the Bot API server set in the configuration",
    "bot/telegram/ptb_client.py": "the Bot API server set in the configuration",
    "bot/tencent/client.py": "the server of WeChat or WeCom set in the configuration",
    "bot/wechat/client.py": "the WeChat server set in the configuration",
    "bot/wechat/service.py": "hands it its client",
    "bot/wecom/client.py": "the WeCom server set in the configuration",
    "bot/wecom/service.py": "hands it its client",
    "desk/oidc.py": "the operator's own sign-in server, set in the configuration",
}
"""Every module that can open a connection by HTTP, and to where."""


def test_no_other_module_opens_connections() -> None:
    """A new one belongs into the table above, and if people give it addresses, onto the guard."""
    found = set()
    for package in ("filing", "knowledge", "dialogs", "scheduler", "storage", "desk", "bot"):
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("bot/testing/") and _CLIENT.search(path.read_text("utf-8")):
                found.add(name)
    assert found == WITH_A_CLIENT.keys()
