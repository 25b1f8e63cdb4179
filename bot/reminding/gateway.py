"""SMS through an operator's own gateway: one signed HTTPS request for each message."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx

from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from dialogs.ports import Outgoing
from scheduler.ports import ContactStore, is_contact_id

CHANNEL: Final = "sms"
_LONGEST: Final = 67 * 2
"""Characters: what two parts of a long Chinese message hold."""

_TIMEOUT: Final = 15.0


@dataclass(slots=True)
class SmsSender:
    """The outbox's way to proved phone numbers.

    Posts ``{"id", "to", "text"}``; signed as Standard Webhooks are: ``webhook-id``,
    ``webhook-timestamp`` and ``webhook-signature: v1,<HMAC-SHA256>`` over
    ``id.timestamp.body``. The gateway must treat a repeated id as one message.
    """

    url: str
    secret: bytes
    contacts: ContactStore
    clock: Callable[[], datetime]
    client: httpx.AsyncClient

    @property
    def channel(self) -> str:
        """See ``Sender``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: it is the random id of an address that its owner proved."""
        return is_contact_id(external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        contact = await self.contacts.get(outgoing.identity.external_id)
        if contact is None or contact.stopped or not contact.verified:
            return Undeliverable("gone")
        if outgoing.reply is None:
            return Delivered()
        return await self.text(outgoing.id, contact.address, short(outgoing.reply.text))

    async def text(self, key: str, number: str, words: str) -> Outcome:
        """Hand one message to the gateway, whoever it is for."""
        body = json.dumps({"id": key, "to": number, "text": words}, ensure_ascii=False).encode()
        try:
            answer = await self.client.post(
                self.url,
                content=body,
                headers=signed(key, self.clock(), body, self.secret),
                timeout=_TIMEOUT,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return RetryLater()
        except httpx.HTTPError:
            return Ambiguous()
        return _read(answer)


def _read(answer: httpx.Response) -> Outcome:
    if answer.is_success:
        return Delivered()
    if answer.status_code == 429:
        after = answer.headers.get("Retry-After", "")
        return RetryLater(float(after) if after.isdigit() else None)
    if answer.status_code in (400, 404, 410, 422):
        return Undeliverable("refused")
    return RetryLater(60.0)


def signed(key: str, at: datetime, body: bytes, secret: bytes) -> dict[str, str]:
    """The headers that prove the request to the gateway."""
    stamp = str(int(at.timestamp()))
    digest = hmac.digest(secret, f"{key}.{stamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def short(text: str) -> str:
    """The first lines of a reminder, as much as two parts of an SMS hold."""
    lines = " ".join(line for line in text.splitlines()[:2] if line)
    return lines if len(lines) <= _LONGEST else lines[: _LONGEST - 1] + "…"
