"""A docket as a row: sealed, and beside it in clear where the conversation stands in the queue."""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row

from desk.docket import SHAPE, Docket
from desk.dockets import Kept
from desk.listing import Mark, Sketch
from desk.placing import Placing
from desk.queue import Band, OrderKey, State, is_in
from desk.terms import Terms
from storage import places
from storage.crypto import Cipher
from storage.errors import UnreadableRecord
from storage.instant import from_micros, to_micros

NEVER: Final = 2**62
"""Stands for nobody waiting: after whoever does."""

CHIPS: Final[Mapping[State, str]] = {
    State.OPEN: "in_open",
    State.WAITING: "in_waiting",
    State.RISK: "in_risk",
    State.STUCK: "in_stuck",
    State.ERASING: "in_erasing",
}
"""The column that is filled for what is under a chip."""


def row_of(kept: Kept, cipher: Cipher, placing: Placing) -> dict[str, object]:
    """All columns of a docket, placed where it stands when it is made."""
    one = kept.docket
    where = places.docket(one.conversation, one.version)
    return {
        "conversation_id": one.conversation,
        "version": one.version,
        "shape": one.shape,
        "seq": one.talked.seq,
        "made_at": to_micros(one.made_at),
        "sealed": cipher.seal(_adapter().dump_json(one), where),
        "terms": cipher.seal(kept.terms.to_bytes(), places.terms(one.conversation, one.version)),
        "holder": one.holder.agent if one.holder is not None else None,
        "channel": one.channel,
        "filing": one.filing,
        "stage": one.stage,
        "province": one.province,
        "asking": one.asking,
        "moved_at": _micros(one.moved_at),
        "stirred_at": to_micros(one.stirred_at),
    } | place_of(one, placing, one.made_at)


def place_of(docket: Docket, placing: Placing, now: datetime) -> dict[str, object]:
    """The columns that time alone changes."""
    place = placing(docket, now)
    band, rank, since = keyed(place.key)
    return {
        "band": band,
        "rank": rank,
        "since": since,
        **{name: 1 if is_in(state, docket, place) else None for state, name in CHIPS.items()},
        "moves_at": _micros(place.changes_at),
        "next_due": _micros(placing.next_due(docket, now)),
        "placed_by": placing.mark,
    }


def keyed(key: OrderKey) -> tuple[int, int, int]:
    """Band, rank and since of a place's key."""
    band, at, since, _ = key
    return int(band), round(at * 1e6), NEVER if math.isinf(since) else round(since * 1e6)


def mark_of(row: Row[Any]) -> Mark:
    """A row in the order of the queue, unopened."""
    since = math.inf if row.since == NEVER else row.since / 1e6
    return Mark(
        row.conversation_id,
        row.version,
        from_micros(row.made_at),
        (Band(row.band), row.rank / 1e6, since, row.conversation_id),
        None if row.moves_at is None else from_micros(row.moves_at),
    )


def open_docket(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Docket | None:
    """A stored docket; None if it is of another shape or cannot be read: it is made anew."""
    plain = _opened(row, ciphers)
    if plain is None:
        return None
    try:
        return _adapter().validate_json(plain)
    except ValidationError:
        return None


def open_kept(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Kept | None:
    """The same with the fingerprint of its words."""
    docket, terms = open_docket(row, ciphers), _terms(row, ciphers)
    return Kept(docket, terms) if docket is not None and terms is not None else None


def open_sketch(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Sketch | None:
    """What a search looks at: a docket is written by this program, so it need not be checked."""
    plain, terms = _opened(row, ciphers), _terms(row, ciphers)
    if plain is None or terms is None:
        return None
    found = json.loads(plain)
    return Sketch(
        row.conversation_id,
        from_micros(row.stirred_at),
        found["name"],
        tuple(found["domains"]),
        tuple(found["numbers"]),
        terms,
    )


def _opened(row: Row[Any], ciphers: Mapping[str, Cipher]) -> bytes | None:
    cipher = ciphers.get(row.conversation_id)
    if cipher is None or row.shape != SHAPE:
        return None
    try:
        return cipher.open(row.sealed, places.docket(row.conversation_id, row.version))
    except UnreadableRecord:
        return None


def _terms(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Terms | None:
    try:
        cipher = ciphers[row.conversation_id]
        plain = cipher.open(row.terms, places.terms(row.conversation_id, row.version))
        return Terms.from_bytes(plain)
    except (KeyError, UnreadableRecord, ValueError):
        return None


@cache
def _adapter() -> TypeAdapter[Docket]:
    return TypeAdapter(Docket)  # made on first use: most commands need none


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)
