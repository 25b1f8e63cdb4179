"""By which hours of service and which limits conversations are placed in the queue."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from desk.docket import Docket
from desk.limits import Limits
from desk.queue import Place, Service, place


@dataclass(frozen=True, slots=True)
class Placing:
    """Places dockets. ``mark`` tells apart what was placed by other hours or limits."""

    service: Service
    limits: Limits
    mark: str

    @classmethod
    def by(cls, service: Service, limits: Limits) -> "Placing":
        """Placing by these."""
        seen = repr((service, limits)).encode()
        return cls(service, limits, blake2b(seen, digest_size=8).hexdigest())

    def __call__(self, docket: Docket, now: datetime) -> Place:
        """Where a conversation stands now."""
        return place(docket, now, self.service, self.limits)

    def next_due(self, docket: Docket, now: datetime) -> datetime | None:
        """Its first deadline that is not over, or was missed not long ago."""
        since = now - self.limits.overdue
        return next((one.due_at for one in docket.deadlines if one.due_at > since), None)
