"""Who is let in to a callback: whoever signs with the token and encrypts for this account."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import Request

from bot.tencent.crypto import Forged, MessageKey, is_signed, signature
from bot.tencent.xml import Fields, Unreadable, envelope, read

MAX_BODY: Final = 256 * 1024  # bytes
SKEW: Final = timedelta(seconds=300)
"""How far a call's timestamp may lie from our clock."""

_ECHO: Final = 1024  # characters


class Refused(Exception):
    """Somebody who is not let in; ``reason`` is counted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a call; each may stand there once."""

    request: Request

    def get(self, name: str) -> str | None:
        """A parameter, None without. Raises Refused 403 if it stands there twice."""
        given = self.request.query_params.getlist(name)
        if len(given) > 1:
            raise Refused(403, "parameters")
        return given[0] if given else None

    def one(self, name: str) -> str:
        """A parameter that must be there. Raises Refused 401."""
        given = self.get(name)
        if not given:
            raise Refused(401, "unsigned")
        return given


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Knows what the platform knows. ``keys``: the present one and, while it is changed, the last.

    Every ``Refused`` it raises is counted and tells the caller nothing but its status.
    """

    token: str = field(repr=False)
    keys: Sequence[MessageKey]
    clock: Callable[[], datetime]

    def verify(self, query: Query, signed: str, encrypted: str = "") -> None:
        """Raise Refused unless whoever calls knows the token, now."""
        timestamp, nonce = query.one("timestamp"), query.one("nonce")
        right = is_signed(signed, self.token, timestamp, nonce, encrypted)
        if not right:
            raise Refused(403, "signature")
        if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
            raise Refused(403, "timestamp")
        if abs(self.clock().timestamp() - int(timestamp)) > SKEW.total_seconds():
            raise Refused(403, "timestamp")

    def open(self, query: Query, body: bytes) -> tuple[Fields, MessageKey]:
        """The callback in a body and the key it came under. Raises Refused."""
        signed = query.one("msg_signature")
        if query.get("encrypt_type") not in (None, "aes"):
            raise Refused(403, "plain_mode")
        encrypted = _read(body).get("Encrypt")
        if not isinstance(encrypted, str):
            raise Refused(403, "plain_mode")
        self.verify(query, signed, encrypted)
        plain, key = self._decrypted(encrypted)
        return _read(plain), key

    def echo(self, query: Query) -> bytes:
        """What somebody who saves the callback's address wants to read back. Raises Refused."""
        encrypted = query.one("echostr")
        if len(encrypted) > _ECHO:
            raise Refused(413, "too_large")
        self.verify(query, query.one("msg_signature"), encrypted)
        return self._decrypted(encrypted)[0]

    def close(self, xml: bytes, key: MessageKey) -> bytes:
        """A reply as the platform reads it, under the key the callback came under."""
        encrypted = key.encrypt(xml)
        timestamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(8)
        signed = signature(self.token, timestamp, nonce, encrypted)
        return envelope(encrypted, signed, timestamp, nonce)

    def _decrypted(self, encrypted: str) -> tuple[bytes, MessageKey]:
        for key in self.keys:
            try:
                return key.decrypt(encrypted), key
            except Forged:
                continue
        raise Refused(403, "forged")


def _read(document: bytes) -> Fields:
    try:
        return read(document)
    except Unreadable:
        raise Refused(403, "unreadable") from None


async def read_body(request: Request) -> bytes:
    """The body. Raises Refused 413 as soon as it is too large, whatever its header claims."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "too_large")
    return bytes(body)
