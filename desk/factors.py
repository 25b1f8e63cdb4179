"""Second factors of staff: one-time codes by time (TOTP), and codes for a lost phone."""

import base64
import hashlib
import hmac
import io
import secrets
from datetime import datetime
from typing import Final, Protocol

import pyotp
import segno

from desk.deeds import Draft

PERIOD: Final = 30
"""Seconds for which a code is shown."""

RECOVERY_CODES: Final = 10


class Factors(Protocol):
    """Secrets of one-time codes, sealed, and what of them was used up."""

    async def secret(self, agent_id: str) -> str | None:
        """The secret of a person's codes in base32; None if they have no second factor."""
        ...

    async def enrol(
        self, agent_id: str, secret: str, digests: frozenset[str], step: int, audit: Draft
    ) -> None:
        """Keep a new secret and new recovery codes instead of old ones.

        ``step`` is that of the code that proved it; ``digests`` are the recovery codes'.
        """
        ...

    async def use_step(self, agent_id: str, step: int) -> bool:
        """Use up the codes up to ``step``; False if that one was used before."""
        ...

    async def use_recovery(self, agent_id: str, digest: str, audit: Draft) -> bool:
        """Use up a recovery code; False if there is none such."""
        ...

    async def codes_left(self, agent_id: str) -> int:
        """How many recovery codes are left."""
        ...

    async def remove(self, agent_id: str, audit: Draft) -> None:
        """The person has no second factor any more."""
        ...


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps expect."""
    return pyotp.random_base32(32)


def step_at(now: datetime) -> int:
    """The number of the 30 seconds in which a moment lies."""
    return int(now.timestamp()) // PERIOD


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is: the present one or, for slow fingers, the one before."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    totp = pyotp.TOTP(secret, interval=PERIOD)
    present = step_at(now)
    for step in (present, present - 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def address_of(secret: str, name: str, issuer: str) -> str:
    """What the QR code says to the authenticator app."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(name=name, issuer_name=issuer)


def qr_svg(address: str) -> bytes:
    """The QR code as an SVG picture of its own."""
    out = io.BytesIO()
    segno.make(address, micro=False).save(out, kind="svg", scale=5, border=4, light="#fff")
    return out.getvalue()


def new_recovery_codes() -> tuple[str, ...]:
    """Codes of 80 random bits, written in groups of four."""
    return tuple(_grouped(secrets.token_bytes(10)) for _ in range(RECOVERY_CODES))


def _grouped(raw: bytes) -> str:
    letters = base64.b32encode(raw).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def recovery_digest(code: str) -> str:
    """How the database knows a recovery code, however it was typed."""
    plain = "".join(one for one in code.lower() if one.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
