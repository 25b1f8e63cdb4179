"""Pages are fetched from public addresses only, wherever names and redirects lead."""

import asyncio
import gzip
import ipaddress
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.footer.fetching import MOST_BYTES, Fetcher, FetchRefused, IPAddress, is_public, look_up
from bot.footer.reading import HomePages
from dialogs.ports import PageRefused
from filing.page import Page

PAGE = "<p>欢迎光临</p><p><a href='https://beian.miit.gov.cn/'>京ICP备2026000001号-1</a></p>"


@dataclass
class Site:
    """A real server on loopback, with the names by which it is found."""

    port: int
    asked: list[str] = field(default_factory=list)
    names: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def look_up(self, host: str, port: int) -> Sequence[str]:
        """The addresses of a name: the next of its answers, the last one again and again."""
        if host not in self.names:
            try:
                return (str(ipaddress.ip_address(host)),)
            except ValueError:
                raise OSError("no such name") from None
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def fetcher(self, *, seconds: float = 5) -> Fetcher:
        """A fetcher that may reach this loopback address, and no other that is not public."""

        def may_reach(address: IPAddress) -> bool:
            return str(address) == "127.0.0.1" or is_public(address)

        ports = frozenset({self.port, 80, 443})
        return Fetcher(may_reach=may_reach, look_up=self.look_up, ports=ports, seconds=seconds)

    def url(self, path: str = "/", host: str = "www.example.cn") -> str:
        """An address of a page there."""
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The server with all its pages."""

    async def answer(request: web.Request) -> web.StreamResponse:
        found.asked.append(f"{request.host.partition(':')[0]}{request.path}")
        match request.path:
            case "/":
                return web.Response(text=PAGE, content_type="text/html")
            case "/gbk":
                body = PAGE.encode("gbk")
                return web.Response(body=body, headers={"Content-Type": "text/html; charset=gbk"})
            case "/moved":
                raise web.HTTPFound("/")
            case "/round":
                raise web.HTTPFound("/round")
            case "/inside":
                raise web.HTTPFound(request.query["to"])
            case "/refresh":
                text = '<meta http-equiv="Refresh" content="0; url=/">'
                return web.Response(text=text, content_type="text/html")
            case "/big":
                return web.Response(body=b" " * (MOST_BYTES + 1), content_type="text/html")
            case "/endless":
                stream = web.StreamResponse(headers={"Content-Type": "text/html"})
                await stream.prepare(request)
                try:
                    while True:
                        await stream.write(b" " * 65_536)
                except ConnectionError:
                    return stream
            case "/bomb":
                body = gzip.compress(b" " * 50_000_000)
                headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
                return web.Response(body=body, headers=headers)
            case "/packed":
                headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
                return web.Response(body=gzip.compress(PAGE.encode()), headers=headers)
            case "/picture":
                return web.Response(body=b"GIF89a", content_type="image/gif")
            case "/slow":
                await asyncio.sleep(30)
            case "/cookie":
                return web.Response(text=str(dict(request.headers)), content_type="text/html")
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    assert server.port is not None
    found = Site(server.port)
    found.names["www.example.cn"] = [("127.0.0.1",)]
    yield found
    await server.close()


async def refused(fetcher: Fetcher, url: str) -> str:
    """Why an address is not fetched."""
    with pytest.raises(FetchRefused) as caught:
        await fetcher.fetch(url)
    return caught.value.code


@pytest.mark.parametrize("path", ["/", "/moved", "/refresh", "/packed", "/gbk"])
async def test_a_page_is_fetched(site: Site, path: str) -> None:
    got = await site.fetcher().fetch(site.url(path))
    assert got.html == PAGE
    assert not got.garbled_as


@pytest.mark.parametrize(
    "path, why",
    [
        ("/missing", "status"),
        ("/round", "too_many_hops"),
        ("/big", "too_big"),
        ("/endless", "too_big"),
        ("/bomb", "too_big"),
        ("/picture", "not_html"),
    ],
)
async def test_what_is_no_page_is_refused(site: Site, path: str, why: str) -> None:
    assert await refused(site.fetcher(), site.url(path)) == why


async def test_a_slow_site_is_given_up(site: Site) -> None:
    assert await refused(site.fetcher(seconds=0.3), site.url("/slow")) == "too_slow"


async def test_a_bare_name_is_tried_with_www_too(site: Site) -> None:
    site.names["www.example.org"] = [("127.0.0.1",)]
    fetcher = site.fetcher()
    with pytest.raises(FetchRefused) as caught:
        await fetcher.fetch("example.org")
    assert caught.value.params == {"host": "example.org"}  # told of the first try
    got = await fetcher.fetch(site.url(host="www.example.org"))
    assert got.html == PAGE


async def test_a_chinese_name_is_looked_up_in_its_ascii_form(site: Site) -> None:
    site.names["xn--fsqu00a.cn"] = [("127.0.0.1",)]
    got = await site.fetcher().fetch(site.url(host="例子.cn"))
    assert got.html == PAGE


async def test_a_name_with_one_inner_address_is_not_reached_at_all(site: Site) -> None:
    site.names["www.example.cn"] = [("127.0.0.1", "10.0.0.1")]
    assert await refused(site.fetcher(), site.url()) == "not_public"
    assert site.asked == []


async def test_a_name_that_changes_after_the_check_changes_nothing(site: Site) -> None:
    site.names["www.example.cn"] = [("127.0.0.1",), ("10.0.0.1",)]
    assert (await site.fetcher().fetch(site.url())).html == PAGE
    assert len(site.names["www.example.cn"]) == 1  # looked up once, connected as checked


@pytest.mark.parametrize(
    "target, why",
    [
        ("http://10.0.0.1/", "not_public"),
        ("http://169.254.169.254/latest/meta-data/", "not_public"),
        ("http://inner.example.cn/", "not_public"),
        ("file:///etc/passwd", "bad_url"),
        ("gopher://127.0.0.1/", "bad_url"),
        ("http://user:word@www.example.cn/", "bad_url"),
        ("http://www.example.cn:22/", "bad_port"),
    ],
)
async def test_a_redirect_is_checked_like_any_address(site: Site, target: str, why: str) -> None:
    site.names["inner.example.cn"] = [("192.168.1.1",)]
    assert await refused(site.fetcher(), site.url(f"/inside?to={target}")) == why


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.0.1/",
        "http://100.100.100.200/",
        "http://169.254.169.254/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://198.18.0.1/",
        "http://１２７.０.０.１/",
        "http://good.example.cn\\@127.0.0.1/",
        "http://127.0.0.1#@good.example.cn/",
        "http://127.0.0.1%00.good.example.cn/",
        "ftp://good.example.cn/",
        "file:///etc/passwd",
        "http:///",
        "http://a:b@good.example.cn/",
        "http://good.example.cn:8080/",
        "http://[::1",
        "",
        "   ",
        "例 子",
        "http://" + "a" * 300 + ".cn/",
    ],
)
async def test_no_way_of_writing_leads_inside(url: str) -> None:
    def offline(host: str, port: int) -> Sequence[str]:
        """The system's resolver, for ways of writing an address; it knows no other name."""
        if host != "localhost" and host.strip("0123456789abcdefx.:[]%"):
            raise OSError("no such name")
        return look_up(host, port)

    assert await refused(Fetcher(look_up=offline), url) in {
        "not_public", "bad_url", "bad_port", "no_address"
    }  # fmt: skip


async def test_nothing_of_this_machine_goes_along(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    got = await site.fetcher().fetch(site.url("/cookie"))
    assert "Cookie" not in got.html
    assert "Authorization" not in got.html


async def test_the_port_hands_out_pages_and_refusals(site: Site) -> None:
    pages = HomePages(site.fetcher())
    page = await pages.fetch(site.url("/gbk"))
    assert isinstance(page, Page)
    assert "京ICP备2026000001号-1" in tuple(page.visible_lines())
    forbidden = await HomePages(site.fetcher(), fetches=False).fetch(site.url())
    assert isinstance(forbidden, PageRefused) and forbidden.code == "not_offered"
    gone = await pages.fetch(site.url("/missing"))
    assert isinstance(gone, PageRefused) and gone.code == "status"
