"""Dockets in bulk that a desk can open, placed where the program would place them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

from pydantic import TypeAdapter

from desk.docket import Docket, Holder, Running, Talked
from desk.dockets import Kept
from desk.placing import Placing
from desk.terms import Terms
from storage import places
from storage.crypto import Cipher, MasterKey
from storage.placed import row_of

_ID: Final = "0" * 32  # stands for a conversation's own
_OPEN_IN: Final = 1_000
"""Of so many conversations 65 are open: a provider has long been in business."""

_PROVINCES: Final = ("江苏", "广东", "浙江", "北京", "上海", "四川", "西藏")
_WORDS: Final = 250  # different pairs of characters somebody wrote: a kilobyte


def key_of(scope: str) -> bytes:
    """The data key of a conversation, worked out from its id so that no table of them is kept."""
    return blake2b(scope.encode(), digest_size=32).digest()


def docket_rows(
    scopes: Iterator[str], now: datetime, master: MasterKey, placing: Placing
) -> Iterator[tuple[object, ...]]:
    """The columns of ``columns()`` for each conversation."""
    kinds = [_prepared(one, placing) for one in _dockets(now)]
    for number, scope in enumerate(scopes):
        row, plain, terms = kinds[number % len(kinds)]
        cipher = Cipher(key_of(scope))
        own = row | {
            "conversation_id": scope,
            "filing": scope,
            "rank": row["rank"] + number,
            "stirred_at": row["stirred_at"] - number,
            "sealed": cipher.seal(
                plain.replace(_ID.encode(), scope.encode()), places.docket(scope, 1)
            ),
            "terms": cipher.seal(terms, places.terms(scope, 1)),
        }
        yield tuple(own.values())


def columns(now: datetime, placing: Placing) -> tuple[str, ...]:
    """The names of what ``docket_rows`` gives."""
    row, _, _ = _prepared(next(_dockets(now)), placing)
    return tuple(row)


def _prepared(one: Docket, placing: Placing) -> tuple[dict[str, Any], bytes, bytes]:
    terms = Terms(range(7, 7 + _WORDS * 65_537, 65_537))
    row = row_of(Kept(one, terms), Cipher(key_of(_ID)), placing)
    return row, TypeAdapter(Docket).dump_json(one), terms.to_bytes()


def _dockets(now: datetime) -> Iterator[Docket]:
    """A thousand kinds: who waits, is held, at risk or stuck, and many of whom nobody wants."""
    for number in range(_OPEN_IN):
        day = timedelta(days=1)
        one = Docket(
            _ID, 1, now, ("web", "telegram", "wechat")[number % 3], "zh-CN", _ID,
            name=f"样例{number:04d}有限公司", domain=f"example-{number}.cn",
            province=_PROVINCES[number % 7], subject_kind="enterprise", stage="draft",
            asking="domain", answered=12, remaining=24, domains=(f"example-{number}.cn",),
            moved_at=now - 40 * day,
            talked=Talked(2, now - 40 * day, now - 40 * day, None),
        )  # fmt: skip
        if number < 5:
            one = replace(one, waiting_since=now - timedelta(minutes=number + 1))
        elif number < 10:
            one = replace(one, holder=Holder(f"a{number}", "小李", now, now + day))
        elif number < 20:
            ends = Running("sms_verification", now + timedelta(hours=number), None, _ID)
            one = replace(one, stage="sms_verification", asking=None, deadlines=(ends,))
        elif number < 65:
            one = replace(one, moved_at=now - 5 * day)
        elif number % 2:
            far = Running("public_security_filing", now + 20 * day, None, _ID)
            one = replace(one, stage="approved", asking=None, deadlines=(far,))
        yield one
