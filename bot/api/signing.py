"""Signatures of calls, as Standard Webhooks define them."""

from base64 import b64decode
from collections.abc import Mapping

from standardwebhooks import Webhook, WebhookVerificationError

PREFIX = "whsec_"
_SHORTEST = 24
"""Bytes a secret must have (the specification's own bound)."""


class Signatures:
    """Knows the secrets calls may be signed with: the present one, and those being replaced."""

    def __init__(self, secrets: str) -> None:
        """``secrets`` are one or more ``whsec_…``, with blanks between; raises ``ValueError``."""
        self._webhooks = [Webhook(one) for one in split_secrets(secrets)]

    def fit(self, headers: Mapping[str, str], content: str) -> bool:
        """Whether ``content`` was signed with one of the secrets within the last five minutes."""
        given = dict(headers)
        for webhook in self._webhooks:
            try:
                webhook.verify(content, given, json_parse=False)
            except (WebhookVerificationError, ValueError):  # the latter: a header is no base64
                continue
            return True
        return False


def split_secrets(secrets: str) -> tuple[str, ...]:
    """The secrets in a setting. Raises ``ValueError`` unless each is ``whsec_`` and base64."""
    found = tuple(secrets.split())
    if not found:
        raise ValueError("there is no secret")
    for one in found:
        if not one.startswith(PREFIX) or len(_key(one.removeprefix(PREFIX))) < _SHORTEST:
            raise ValueError("a secret is 'whsec_' and at least 24 bytes in base64")
    return found


def _key(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b""
