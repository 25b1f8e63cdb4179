"""Which reasons a reviewer's own words name, and which of the words name none known."""

import re
from dataclasses import dataclass

from filing.identifiers.normalise import half_width
from filing.simplified import simplify
from knowledge.rejections import RejectionBook

_ITEM = re.compile(
    r"[\n。；;！!]+|(?<=[a-z])\.(?=\s|$)|(?<![0-9a-z.])(?:[(（]?[1-9][0-9]?[)）.、](?![0-9])|[①-⑳]|第?[一二三四五六七八九十][、.])"
)
_CODE = re.compile(r"(?<![0-9a-z])r(?:0[1-9]|[12][0-9]|3[0-8])(?![0-9a-z])")
_SAYS_NOTHING = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was read of a text: the codes in their order, and the sentences nothing is known of."""

    codes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def read_reasons(text: str, book: RejectionBook) -> Reasons:
    """The reasons a text names by code (R08) or by how reviewers put them.

    Sentences that name no reason and are no courtesy come back as unread: a person has to look
    at them, nobody guesses.
    """
    codes: dict[str, None] = {}
    unread: list[str] = []
    for item in filter(None, (part.strip() for part in _ITEM.split(_plain(text)))):
        found = _codes(item, book)
        codes.update(dict.fromkeys(found))
        if not found and not _is_courtesy(item, book):
            unread.append(item)
    return Reasons(tuple(codes), tuple(unread))


def _plain(text: str) -> str:
    lines = text.replace("\r", "\n").split("\n")
    return "\n".join(simplify(half_width(line)).lower() for line in lines)


def _codes(item: str, book: RejectionBook) -> tuple[str, ...]:
    """The codes of one sentence in the order of their words, special ones before general ones."""
    places = {match.group().upper(): match.start() for match in _CODE.finditer(item)}
    for code, rejection in book.rejections.items():
        starts = [hit.start() for one in rejection.phrases if (hit := one.search(item))]
        if starts:
            places.setdefault(code, min(starts))
    known = [code for code in places if code in book.rejections]
    general = {other for code in known for other in book.rejections[code].over}
    return tuple(sorted((c for c in known if c not in general), key=lambda c: (places[c], c)))


def _is_courtesy(item: str, book: RejectionBook) -> bool:
    rest = item
    for courtesy in book.courtesies:
        rest = courtesy.sub("", rest)
    return _SAYS_NOTHING.fullmatch(rest) is not None
