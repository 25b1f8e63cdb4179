"""A message row as the dialogue's own value."""

from typing import Any

from sqlalchemy import Row

from dialogs.message import Identity
from dialogs.ports import Outgoing
from storage import codec, places
from storage.crypto import Cipher
from storage.turns import DELETE


def outgoing_of(row: Row[Any], ciphers: dict[str, Cipher]) -> Outgoing:
    """What a row of kind said or delete hands to its channel."""
    place = places.said(row.conversation_id, row.public_id)
    plain = ciphers[row.conversation_id].open(row.sealed, place)
    identity = Identity(row.channel, row.external_id)
    if row.kind == DELETE:
        return Outgoing(row.public_id, identity, delete=plain.decode())
    return Outgoing(row.public_id, identity, reply=codec.load_reply(plain, place))
