"""The filing number on a home page: whether it is there, can be read, and leads to the ministry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from filing.filing_number import FilingNumber, filing_numbers_in, find_filing_numbers
from filing.footer import Footer, FooterCode, FooterFinding, params_of
from filing.invalid import Param
from filing.links import host_of, path_of
from filing.page import Hidden, Line, Page

_BOTTOM: Final = 0.5
"""A number whose line comes before this share of the page is not at its bottom."""


def check_number(page: Page, footer: Footer) -> Iterator[FooterFinding]:
    """What is right and wrong with the number, its place and its link."""
    seen = list(_seen(page))
    ours = [one for one in seen if one.number.same_subject(footer.filed)]
    shown = [one for one in ours if one.hidden is None]
    right = [one for one in shown if _is_it(one.number, footer)]
    if right:
        yield from _judge_right(right, footer)
        yield from _others(seen, footer)
    elif shown:
        yield from _wrong_service(shown, footer)
    elif ours:
        reason = str(ours[0].hidden)
        yield _error(FooterCode.NUMBER_HIDDEN, footer, number=footer.number.full, reason=reason)
    else:
        yield from _not_there(page, seen, footer)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A number on the page: where it leads, why it cannot be seen, and how far down it stands."""

    number: FilingNumber
    links: tuple[str, ...]
    hidden: Hidden | None
    place: float  # 0 at the top of the page, 1 at its end
    line: Line


def _seen(page: Page) -> Iterator[_Seen]:
    for line, place in page.placed():
        for part in (line.shown, line.kept_from_sight):
            for number, where in filing_numbers_in(part.text):
                pieces = part.within(where)
                links = tuple(piece.link for piece in pieces if piece.link)
                yield _Seen(number, links, pieces[0].hidden, place, part)


def _is_it(number: FilingNumber, footer: Footer) -> bool:
    if footer.lacks_suffix:
        return number.same_subject(footer.number)
    return number.full == footer.number.full


def _judge_right(right: list[_Seen], footer: Footer) -> Iterator[FooterFinding]:
    best = max(right, key=lambda one: (_link_rank(one, footer), one.place))
    number = footer.number.full
    if footer.lacks_suffix and best.number.service is not None:
        number = best.number.full
    yield FooterFinding(FooterCode.NUMBER_SHOWN, "ok", params_of(number=number))
    if footer.lacks_suffix and best.number.service is None:
        yield FooterFinding(FooterCode.SUFFIX_UNKNOWN, "warning", params_of(number=number))
    if not best.number.written_well:
        written = best.number.as_written
        yield _warning(FooterCode.NUMBER_WRITTEN_WRONG, footer, number=number, written=written)
    if best.place < _BOTTOM:
        yield _warning(FooterCode.NOT_AT_BOTTOM, footer, number=number)
    yield _link(best, footer)


_LINKS_WORST_FIRST: Final = (
    FooterCode.LINK_MISSING,
    FooterCode.LINK_WRONG_HOST,
    FooterCode.LINK_WITHOUT_SCHEME,
    FooterCode.LINK_OUTDATED,
    FooterCode.LINK_BESIDE,
    FooterCode.LINK_RIGHT,
)


def _link_rank(one: _Seen, footer: Footer) -> int:
    return _LINKS_WORST_FIRST.index(_link(one, footer).code)


def _link(one: _Seen, footer: Footer) -> FooterFinding:
    link, wanted = footer.link, host_of(footer.link)
    targets = [target for target in one.links if host_of(target)]
    if not targets:
        beside = (piece.link for piece in one.line.pieces if piece.link)
        if any(host_of(target) == wanted for target in beside):
            return _warning(FooterCode.LINK_BESIDE, footer, link=link)
        return _error(FooterCode.LINK_MISSING, footer, link=link)
    if any(host_of(target) == wanted for target in targets):
        return FooterFinding(FooterCode.LINK_RIGHT, "ok", params_of(link=link))
    host = host_of(targets[0])
    if any(host == old or host.endswith("." + old) for old in footer.outdated_hosts):
        return _error(FooterCode.LINK_OUTDATED, footer, link=link, host=host)
    if any(wanted in path_of(target) for target in targets):
        return _error(FooterCode.LINK_WITHOUT_SCHEME, footer, link=link, host=wanted)
    return _error(FooterCode.LINK_WRONG_HOST, footer, link=link, host=host)


def _others(seen: list[_Seen], footer: Footer) -> Iterator[FooterFinding]:
    """Numbers beside the right one. The subject's own, and licences to operate, may stand there."""
    others = dict.fromkeys(
        one.number.full
        for one in seen
        if one.hidden is None
        and not one.number.is_licence
        and not _is_it(one.number, footer)
        and one.number.full not in (footer.filed.full, footer.filed.subject_number)
    )
    if others:
        yield _warning(FooterCode.SEVERAL_NUMBERS, footer, others="、".join(others))


def _wrong_service(shown: list[_Seen], footer: Footer) -> Iterator[FooterFinding]:
    """The subject is right; the website's part is not."""
    one = shown[-1]
    params = {"number": footer.number.full, "written": one.number.full}
    if not footer.by_website:
        yield _error(FooterCode.SUFFIX_SUPERFLUOUS, footer, **params)
    elif one.number.service is None:
        yield _error(FooterCode.SUFFIX_MISSING, footer, **params)
    else:
        yield _error(FooterCode.NUMBER_OF_ANOTHER_SITE, footer, **params)
    if (link := _link(one, footer)).level == "error":
        yield link


def _not_there(page: Page, seen: list[_Seen], footer: Footer) -> Iterator[FooterFinding]:
    number = footer.number.full
    visible = [one.number for one in seen if one.hidden is None]
    others = [one for one in visible if not one.is_licence]
    licences = "、".join(dict.fromkeys(one.full for one in visible if one.is_licence))
    if others:
        written = "、".join(dict.fromkeys(one.full for one in others))
        yield _error(FooterCode.NUMBER_OF_ANOTHER, footer, number=number, written=written)
    elif _is_among(page.pictures, footer):
        yield _error(FooterCode.NUMBER_IN_PICTURE, footer, number=number)
    elif page.is_script_shell or _is_among(page.scripts, footer):
        yield _error(FooterCode.SCRIPT_RENDERED, footer, number=number)
    elif _is_among(page.comments, footer):
        yield _error(FooterCode.NUMBER_IN_COMMENT, footer, number=number)
    else:
        yield _error(FooterCode.NUMBER_MISSING, footer, number=number, licences=licences)
    if page.frames:
        yield _warning(FooterCode.IN_FRAME, footer, frame=page.frames[0])


def _is_among(text: str, footer: Footer) -> bool:
    return any(one.same_subject(footer.filed) for one in find_filing_numbers(text))


def _error(code: FooterCode, footer: Footer, **params: Param) -> FooterFinding:
    return FooterFinding(code, "error", params_of(**params), footer.number_html)


def _warning(code: FooterCode, footer: Footer, **params: Param) -> FooterFinding:
    return FooterFinding(code, "warning", params_of(**params), footer.number_html)
