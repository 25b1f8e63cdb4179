"""Under which key a network address is counted."""

from ipaddress import IPv6Address, IPv6Network, ip_address


def network_of(address: str) -> str:
    """The key of a network address: a household shares an IPv6 /64, so that counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Network((parsed, 64), strict=False))
    return str(parsed)
