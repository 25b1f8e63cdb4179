"""域名: the registrable domain in whatever an applicant types: a name, a host, an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid

MAX_LENGTH = 253
"""Of the ASCII form, by RFC 1035."""

_BLANKS = re.compile(r"\s+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:/*", re.IGNORECASE)
_DOTS = str.maketrans("。．｡", "...")
_NUMBERS = re.compile(r"\[?[\d.]*\.\d+\]?|\[?[0-9a-f]*:[0-9a-f:.]*\]?", re.IGNORECASE)
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


@dataclass(frozen=True, slots=True)
class DomainReading:
    """A host name taken apart. All parts are Unicode in lower case."""

    domain: str  # the registrable name: yunify.com, 例子.公司.cn
    subdomain: str  # what stands before it: www, shop.m; empty if nothing does
    suffix: str  # com, 公司.cn

    @property
    def is_subdomain(self) -> bool:
        """Whether a host below the domain was named (www apart): only the domain is filed."""
        return self.subdomain not in ("", "www")


def parse_domain(text: str) -> str | Invalid:
    """The registrable domain, lower case, Chinese names in Unicode; see ``read_domain``."""
    reading = read_domain(text)
    return reading if isinstance(reading, Invalid) else reading.domain


def read_domain(text: str) -> DomainReading | Invalid:
    """Take a name, host or web address apart, by the public suffix list.

    Full-width dots and 。 are read as dots; scheme, user, port and path are dropped. Codes
    ``domain.*``: ``email``, ``ip``, ``no_suffix``, ``unknown_suffix``, ``only_suffix``,
    ``characters``, ``too_long``.
    """
    host = _host(text)
    if isinstance(host, Invalid):
        return host
    name = _unicode(host)
    if isinstance(name, Invalid):
        return name
    found = _extractor()(name)
    if not found[2]:
        return invalid("domain.unknown_suffix", suffix=name.rpartition(".")[2][:20])
    if not found[1]:
        return invalid("domain.only_suffix")
    return DomainReading(f"{found[1]}.{found[2]}", found[0], found[2])


def to_ascii(domain: str) -> str:
    """A normalised domain in its ASCII form (Punycode), as registrars and DNS store it."""
    import idna  # imported on first use, with tldextract

    return idna.encode(domain).decode("ascii")


def suffix_of(domain: str) -> str:
    """The public suffix of a normalised domain: ``com``, ``公司.cn``."""
    return _extractor()(domain)[2]


def _host(text: str) -> str | Invalid:
    plain = _BLANKS.sub("", half_width(text)).translate(_DOTS).strip("<>\"'`,;!?()[]{}《》“”‘’、，")
    if not plain:
        return invalid("text.empty")
    scheme = _SCHEME.match(plain)
    if scheme and (scheme.group().endswith("/") or scheme.group().lower() == "http:"):
        plain = plain[scheme.end() :]
    elif "@" in plain:
        return invalid("domain.email")
    host = re.split(r"[/?#\\]", plain, maxsplit=1)[0].rpartition("@")[2]
    name = host.partition(":")[0].strip(".").lower()
    if _IPV4.fullmatch(name) or _NUMBERS.fullmatch(host):
        return invalid("domain.ip")
    return name if "." in name else invalid("domain.no_suffix")


def _unicode(host: str) -> str | Invalid:
    """``host`` as lower-case Unicode, refused if it is no possible domain name (IDNA 2008)."""
    import idna  # imported on first use, with tldextract

    if "_" in host:
        return invalid("domain.characters")
    try:
        ascii_ = idna.encode(host, uts46=True, transitional=False)
        name = idna.decode(ascii_)
    except idna.IDNAError:
        too_long = len(host) > MAX_LENGTH or any(len(part) > 63 for part in host.split("."))
        return invalid("domain.too_long") if too_long else invalid("domain.characters")
    except UnicodeError:
        return invalid("domain.characters")
    return name


@cache
def _extractor() -> Callable[[str], tuple[str, str, str]]:
    """Splits a host by the suffix list inside tldextract: no network, no cache on disk."""
    import tldextract  # imported on first use: 200 ms at start-up

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def split(host: str) -> tuple[str, str, str]:
        found = extract.extract_str(host)
        return found.subdomain, found.domain, found.suffix

    return split
