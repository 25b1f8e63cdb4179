"""Ways to write an address that leads inside, as they are known from reports and parsers.

``{port}`` stands for the port of the listener that must hear nothing.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address

LOOPBACKS = ("127.0.0.1", "127.0.0.53", "127.1.2.3", "127.255.255.254", "0.0.0.0")
OTHERS = (
    *("0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.100.100.200", "100.127.255.254"),
    *("169.254.0.1", "169.254.0.23", "169.254.169.254", "169.254.170.2", "172.16.0.1"),
    *("172.31.255.254", "192.0.0.1", "192.0.0.9", "192.0.0.170", "192.0.0.192", "192.0.2.1"),
    *("192.88.99.1", "192.168.0.1", "192.168.255.254", "198.18.0.1", "198.19.255.254"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16"),
)
"""Private, shared, link-local, metadata of clouds, documentation, multicast, reserved."""

IPV6 = (
    *("::", "::1", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001"),
    *("100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "3fff::1"),
    *("5f00::1", "64:ff9b:1::7f00:1", "fc00::1", "fd00::1", "fd00:ec2::254", "fdff:ffff::1"),
    *("fe80::1", "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1"),
)
ZONES = ("fe80::1%25lo", "fe80::1%25eth0", "::1%25lo", "fe80::a9fe:a9fe%251")

NAMES = (
    *("localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost"),
    *("inner.example.cn", "inner.example.cn.", "INNER.example.cn"),
)
"""Names; the tests' resolver gives ``inner`` a private address and the rest what they are."""

IDNA = (
    *("１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1"),
    *("ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "locᵃlhost", "xn--localhost-"),
    *("１６９.２５４.１６９.２５４", "⑯⑨.254.169.254"),
)

USERINFO = (
    "http://www.example.cn@127.0.0.1:{port}/",
    "http://www.example.cn:80@127.0.0.1:{port}/",
    "http://www.example.cn%40127.0.0.1:{port}/",
    "http://www.example.cn\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@www.example.cn/",
    "http://127.0.0.1:{port}#@www.example.cn/",
    "http://127.0.0.1:{port}?@www.example.cn/",
    "http://127.0.0.1:{port};@www.example.cn/",
    "http://@127.0.0.1:{port}/",
    "http://:@127.0.0.1:{port}/",
    "http://www.example.cn&@127.0.0.1:{port}/",
    "http://www.example.cn %20@127.0.0.1:{port}/",
    "http://a@b@127.0.0.1:{port}/",
    "http://127.0.0.1%00.example.cn:{port}/",
    "http://127.0.0.1%2523.example.cn:{port}/",
    "http://127.0.0.1%0d%0aHost:%20www.example.cn:{port}/",
    "http://127.0.0.1\t.example.cn:{port}/",
    "http://127.0.0.1\n:{port}/",
)

SHAPES = (
    "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "hTTp://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "127.1:{port}",
    "[::1]:{port}",
    "localhost:{port}",
    " http://127.0.0.1:{port}/ ",
    "\u200bhttp://127.0.0.1:{port}/",
    "url:http://127.0.0.1:{port}/",
    "http://[127.0.0.1]:{port}/",
    "http://[::1/",
    "http://[v1.127]:{port}/",
    "http://127.0.0.1:0{port}/",
    "http://127.0.0.1:+{port}/",
    "http://127.0.0.1:{port}:80/",
)

SCHEMES = (
    *("file", "ftp", "gopher", "dict", "ldap", "tftp", "ws", "wss", "unix", "jar", "netdoc"),
    *("data", "javascript", "http+unix", "view-source", "https+insecure", "socks5", "smb"),
)
WITHOUT_HOST = ("file:///etc/passwd", "data:text/html,x", "about:blank")

PORTS = (
    *(0, 1, 21, 22, 25, 53, 81, 110, 139, 445, 993, 2375, 3306, 5432, 6379, 8000, 8080, 65536),
    *("-1", "8e1", "0x50", "８０８０", ""),
)


def addresses(port: int) -> list[str]:
    """All of them, each once, as somebody would hand them in."""
    return list(dict.fromkeys(one.format(port=port) for one in _all()))


def literals() -> tuple[str, ...]:
    """The plain addresses, as a name server could answer with them."""
    mapped = tuple(form for one in (*LOOPBACKS, *OTHERS) for form in _within_ipv6(one))
    return (*LOOPBACKS, *OTHERS, *IPV6, *mapped)


def _all() -> Iterator[str]:
    for one in (*LOOPBACKS, *OTHERS):
        yield f"http://{one}:{{port}}/"
    for one in ("127.0.0.1", "169.254.169.254", "10.0.0.1"):
        for form in _as_number(one):
            yield f"http://{form}:{{port}}/"
        for form in _within_ipv6(one):
            yield f"http://[{form}]:{{port}}/"
    for one in (*IPV6, *ZONES):
        yield f"http://[{one}]:{{port}}/"
    for one in (*NAMES, *IDNA):
        yield f"http://{one}:{{port}}/"
    for scheme in SCHEMES:
        yield f"{scheme}://127.0.0.1:{{port}}/"
    for number in PORTS:
        yield f"http://127.0.0.1:{number}/"
    yield from (*USERINFO, *SHAPES, *WITHOUT_HOST)


def _as_number(address: str) -> Iterator[str]:
    """Decimal, octal, hexadecimal, short and mixed forms that C libraries understand."""
    whole = int(IPv4Address(address))
    a, b, c, d = address.split(".")
    yield str(whole)
    yield f"0x{whole:x}"
    yield f"0{whole:o}"
    yield str(whole + 2**32)  # one turn too far
    yield f"{a}.{whole & 0xFFFFFF}"
    yield f"{a}.{b}.{whole & 0xFFFF}"
    yield ".".join(f"0x{int(one):x}" for one in (a, b, c, d))
    yield ".".join(f"0{int(one):o}" for one in (a, b, c, d))
    yield ".".join(f"{int(one):04o}" for one in (a, b, c, d))
    yield ".".join(f"{int(one):03d}" for one in (a, b, c, d))
    yield f"0x{int(a):x}.{b}.0{int(c):o}.{d}"
    yield f"{address}."


def _within_ipv6(address: str) -> Iterator[str]:
    """Mapped, compatible, translated, 6to4, NAT64, ISATAP and Teredo forms."""
    whole = int(IPv4Address(address))
    high, low = f"{whole >> 16:x}", f"{whole & 0xFFFF:x}"
    yield f"::ffff:{address}"
    yield f"::ffff:{high}:{low}"
    yield f"0:0:0:0:0:ffff:{high}:{low}"
    yield f"::{high}:{low}"
    yield f"::ffff:0:{high}:{low}"
    yield f"2002:{high}:{low}::"
    yield f"64:ff9b::{high}:{low}"
    yield f"64:ff9b:1::{high}:{low}"
    yield f"2400:3200::5efe:{high}:{low}"
    yield f"2400:3200::200:5efe:{high}:{low}"
    yield f"2001:0:{high}:{low}::1"
