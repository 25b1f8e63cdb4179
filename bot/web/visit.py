"""What every route asks first: is it our own page, who is there, and not too often?"""

from dataclasses import dataclass

from starlette.requests import Request

from bot.metrics import Metrics
from bot.pacing import Buckets
from bot.web.config import WebConfig
from bot.web.identity import CHANNEL, Visitors
from bot.web.problems import Problem
from bot.web.security import refuse_other_sites
from desk.network import network_of
from dialogs.message import Identity


@dataclass(frozen=True, slots=True)
class Door:
    """Lets a request in, or raises the Problem that keeps it out; before its body is read."""

    config: WebConfig
    visitors: Visitors
    metrics: Metrics
    persons: Buckets
    addresses: Buckets

    def reader(self, request: Request) -> Identity:
        """Who wants to read."""
        return self._admit(request, 1.0)

    def writer(self, request: Request, cost: float = 1.0) -> Identity:
        """Who wants to write; ``cost`` is in messages."""
        try:
            refuse_other_sites(request, self.config.public_url)
        except Problem as problem:
            raise self._counted(problem) from None
        identity = self._admit(request, cost)
        if wait := self.persons.admit(identity.external_id, cost):
            raise self._counted(Problem(429, "too_fast", retry_after=wait))
        return identity

    def _admit(self, request: Request, cost: float) -> Identity:
        if wait := self.addresses.admit(network(request), cost):
            raise self._counted(Problem(429, "too_fast", retry_after=wait))
        identity = self.visitors.known(request)
        if identity is None:
            raise self._counted(Problem(401, "no_visitor"))
        return identity

    def _counted(self, problem: Problem) -> Problem:
        self.metrics.refused(CHANNEL, problem.code)
        return problem


def network(request: Request) -> str:
    """The network address a request comes from, as a key."""
    return network_of(request.client.host) if request.client else "unknown"
