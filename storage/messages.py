"""A message row as the dialogue's own values."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from dialogs.case import ASSISTANT
from dialogs.message import Identity
from dialogs.ports import Entry, Outgoing
from storage import codec, places
from storage.crypto import Cipher
from storage.errors import UnreadableRecord
from storage.instant import from_micros
from storage.turns import DELETE, HEARD


def outgoing_of(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Outgoing:
    """What a row of kind said or delete hands to its channel."""
    place = places.said(row.conversation_id, row.public_id)
    plain = _open(row, ciphers, place)
    identity = Identity(row.channel, row.external_id)
    if row.kind == DELETE:
        return Outgoing(row.public_id, identity, delete=plain.decode())
    return Outgoing(
        row.public_id,
        identity,
        reply=codec.load_reply(plain, place),
        author=row.author or ASSISTANT,
        urgent=row.urgent,
    )


def entry_of(row: Row[Any], ciphers: Mapping[str, Cipher]) -> Entry:
    """What a row of kind heard or said shows in the transcript."""
    at = from_micros(row.at)
    if row.kind == HEARD:
        plain = _open(row, ciphers, places.heard(row.conversation_id, row.turn))
        place = places.files(row.conversation_id, row.turn)
        cipher = ciphers[row.conversation_id]
        files = codec.load_files(cipher.open(row.files, place)) if row.files is not None else ()
        return Entry(row.seq, at, heard=plain.decode(), message_id=row.message_id, files=files)
    place = places.said(row.conversation_id, row.public_id)
    reply = codec.load_reply(_open(row, ciphers, place), place)
    return Entry(
        row.seq,
        at,
        said=reply,
        outgoing_id=row.public_id,
        author=row.author or ASSISTANT,
        status=row.status,
        reason=row.reason,
    )


def _open(row: Row[Any], ciphers: Mapping[str, Cipher], place: str) -> bytes:
    cipher = ciphers.get(row.conversation_id)
    if cipher is None:
        raise UnreadableRecord(place)
    return cipher.open(row.sealed, place)
