"""Checks on server and addresses."""

from collections.abc import Iterable
from ipaddress import ip_address

from filing.checks.base import Case, Hit, hit, refuse
from filing.identifiers.ip import is_for_documentation

_SERVER, _IPS = "resources.server_location", "website.ips"
_BOUGHT, _LEFT = "resource_months_bought_min", "resource_months_left_min"


@refuse("resources.server_overseas", _SERVER, rules=("filing_required",))
def server_overseas(case: Case) -> Iterable[Hit]:
    """A server outside the mainland need not and cannot be filed."""
    if case.filing.resources.server_location == "overseas":
        yield hit()


@refuse("resources.no_server", _SERVER, rules=("filing_required",))
def no_server(case: Case) -> Iterable[Hit]:
    """A domain alone cannot be filed."""
    if case.filing.resources.server_location == "none":
        yield hit()


@refuse(
    "resources.bought_too_short",
    "resources.months_bought",
    rules=(_BOUGHT,),
    params=("months",),
)
def bought_too_short(case: Case) -> Iterable[Hit]:
    """The server was bought for too short a time."""
    bought = case.filing.resources.months_bought
    own = case.provider.resource_months_bought_min if case.provider else None
    least = _least(case, _BOUGHT, own)
    if bought is not None and bought < least:
        yield hit(months=least)


@refuse("resources.ends_too_soon", "resources.months_left", rules=(_LEFT,), params=("months",))
def ends_too_soon(case: Case) -> Iterable[Hit]:
    """The server stops too soon."""
    left = case.filing.resources.months_left
    own = case.provider.resource_months_left_min if case.provider else None
    least = _least(case, _LEFT, own)
    if left is not None and left < least:
        yield hit(months=least)


def _least(case: Case, key: str, own: int | None) -> int:
    """The provider's own limit, or the rule's where no provider is known."""
    rule = case.rule(key)
    return own if own is not None else rule.number if rule else 0


@refuse("resources.too_many_ips", _IPS, params=("most",))
def too_many_ips(case: Case) -> Iterable[Hit]:
    """More addresses than the provider files with one website."""
    most = case.provider.ips_per_website if case.provider else None
    if most is not None and len(case.filing.website.ips) > most:
        yield hit(most=most)


@refuse("resources.ip_not_public", _IPS, params=("ip",))
def ip_not_public(case: Case) -> Iterable[Hit]:
    """An address nobody can reach from outside."""
    for ip in case.filing.website.ips:
        if not (ip_address(ip).is_global or is_for_documentation(ip)):
            yield hit(ip=ip)


CHECKS = (
    server_overseas,
    no_server,
    bought_too_short,
    ends_too_soon,
    too_many_ips,
    ip_not_public,
)
