"""The public security's number on a home page: whether it is there, and leads to its entry."""

from collections.abc import Iterator

from filing.footer import Footer, FooterCode, FooterFinding, params_of
from filing.links import host_of
from filing.page import Page
from filing.police_number import (
    FORMER_HOSTS,
    HOST,
    PoliceNumber,
    digits_linked,
    find_police_numbers,
    police_numbers_in,
)


def check_police(page: Page, footer: Footer) -> Iterator[FooterFinding]:
    """What is right and wrong with it; nothing while no such number was given."""
    wanted = footer.police
    if wanted is None:
        return
    seen = [
        (number, line.shown.within(where))
        for line in page.lines
        for number, where in police_numbers_in(line.shown.text)
    ]
    right = [piece for number, pieces in seen if number == wanted for piece in pieces]
    params, fix = params_of(number=wanted.full), footer.police_html
    if not wanted.is_usual:
        yield FooterFinding(FooterCode.POLICE_UNUSUAL, "warning", params)
    if right:
        yield FooterFinding(FooterCode.POLICE_SHOWN, "ok", params)
        yield from _link([piece.link for piece in right if piece.link], wanted, fix)
    elif seen:
        given = params_of(number=wanted.full, written=seen[0][0].full)
        yield FooterFinding(FooterCode.POLICE_OTHER_NUMBER, "error", given, fix)
    elif _is_hidden(page, wanted):
        yield FooterFinding(FooterCode.POLICE_HIDDEN, "error", params, fix)
    else:
        yield FooterFinding(FooterCode.POLICE_MISSING, "error", params, fix)


def _link(links: list[str], wanted: PoliceNumber, fix: str) -> Iterator[FooterFinding]:
    if not links:
        params = params_of(number=wanted.full)
        yield FooterFinding(FooterCode.POLICE_LINK_MISSING, "warning", params, fix)
        return
    hosts = {host_of(link) for link in links}
    ours = [link for link in links if host_of(link) in {HOST, *FORMER_HOSTS}]
    params = params_of(host=host_of(links[0]), number=wanted.full)
    if not ours:
        yield FooterFinding(FooterCode.POLICE_LINK_WRONG, "error", params, fix)
    elif all(digits_linked(link) not in (None, wanted.digits) for link in ours):
        yield FooterFinding(FooterCode.POLICE_LINK_OTHER_NUMBER, "error", params, fix)
    elif HOST not in hosts:
        yield FooterFinding(FooterCode.POLICE_LINK_OUTDATED, "warning", params, fix)


def _is_hidden(page: Page, wanted: PoliceNumber) -> bool:
    kept = (line.kept_from_sight.text for line in page.lines)
    return any(number == wanted for text in kept for number in find_police_numbers(text))
