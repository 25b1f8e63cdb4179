"""IP 地址: public IPv4 and IPv6 addresses, one or several."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from filing.identifiers.normalise import half_width
from filing.invalid import Invalid, invalid

MAX_COUNT = 20
"""More in one answer is a pasted log, not a website's addresses."""

_BETWEEN = re.compile(r"[\s,，、;；|]+|(?:和|及|与)")
_DOTS = str.maketrans("。．｡", "...")
_RANGE = re.compile(r"([^-~]+)[-~]+([^-~]+)")
_DOCUMENTATION = tuple(
    map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)


def parse_ips(text: str) -> str | Invalid:
    """Public addresses in the order given, each once, joined by commas.

    A range with equal ends (as the filing form writes a single address) counts as one.
    Codes ``ip.*``: ``form``, ``private``, ``reserved``, ``range``, ``too_many``.
    """
    plain = half_width(text).translate(_DOTS)
    parts = [part for part in _BETWEEN.split(plain) if part]
    if not parts:
        return invalid("text.empty")
    if len(parts) > MAX_COUNT:
        return invalid("ip.too_many", max=MAX_COUNT)
    found: dict[str, None] = {}
    for part in parts:
        one = _one(part)
        if isinstance(one, Invalid):
            return one
        found[one] = None
    return ",".join(found)


def is_for_documentation(address: str) -> bool:
    """Whether it is one of the addresses set aside for examples, which no server has."""
    parsed = ip_address(address)
    return any(parsed in network for network in _DOCUMENTATION)


def _one(text: str) -> str | Invalid:
    address = _read(text)
    if address is None:
        ends = _RANGE.fullmatch(text)
        if not ends:
            return invalid("ip.form")
        first, last = _read(ends.group(1)), _read(ends.group(2))
        if first is None or last is None:
            return invalid("ip.form")
        if first != last:
            return invalid("ip.range")
        address = first
    return _fault(address) or str(address)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.strip().strip("[]"))
    except ValueError:
        return None


def _fault(address: IPv4Address | IPv6Address) -> Invalid | None:
    if any(address in network for network in _DOCUMENTATION):
        return None  # harmless in a trial run; the provider's own check knows its addresses
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return invalid("ip.form")
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return invalid("ip.reserved")
    return None if address.is_global else invalid("ip.private")
