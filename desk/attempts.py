"""How often one may try to log in: counted in the database, so that every process knows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

PER_ADDRESS: Final = (5, timedelta(minutes=5))
PER_NAME: Final = (10, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``most`` failed attempts under ``key`` within ``window``."""

    key: str
    most: int
    window: timedelta


class Attempts(Protocol):
    """Failed logins, and those under way."""

    async def begin(self, quotas: Sequence[Quota], now: datetime) -> timedelta | None:
        """Count an attempt under every key: None; or how long to wait, and count nothing.

        Counted before it is known to fail, so that many at once get no further than one by one.
        """
        ...

    async def forgive(self, quotas: Sequence[Quota], now: datetime) -> None:
        """The attempt begun at ``now`` succeeded: it does not count."""
        ...


def quotas_for(network: str, name: str) -> tuple[Quota, ...]:
    """What limits logging in as ``name`` from a network address."""
    digest = hashlib.sha256(name.strip().casefold().encode("utf-8", "replace")).hexdigest()
    return (Quota(f"address/{network}", *PER_ADDRESS), Quota(f"name/{digest}", *PER_NAME))
