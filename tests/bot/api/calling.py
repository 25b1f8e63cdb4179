"""Calling the API as a provider's own system does."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
from standardwebhooks import Webhook

SECRET = "whsec_" + b64encode(b"made up for the tests, 24+").decode()
OTHER_SECRET = "whsec_" + b64encode(b"another one for the tests").decode()
_calls = count(1)


@dataclass(slots=True)
class Caller:
    """Signs and sends."""

    client: httpx.AsyncClient
    secret: str = SECRET

    def signed(
        self, content: str, call: str | None = None, at: datetime | None = None
    ) -> dict[str, str]:
        """The headers for some content."""
        call = call or f"evt_{next(_calls)}"
        at = at or datetime.now(UTC)
        return {
            "webhook-id": call,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(call, at, content),
            "content-type": "application/json",
        }

    async def tell(self, filing: str, call: str | None = None, **event: Any) -> httpx.Response:
        """Tell an event."""
        content = json.dumps(event, ensure_ascii=False)
        return await self.client.post(
            f"/api/v1/filings/{filing}/events",
            content=content.encode(),
            headers=self.signed(content, call),
        )

    async def read(self, filing: str) -> httpx.Response:
        """Read where a filing stands."""
        path = f"/api/v1/filings/{filing}"
        return await self.client.get(path, headers=self.signed(path))
