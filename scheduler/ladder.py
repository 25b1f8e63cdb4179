"""Which way a reminder takes to its person: chat, another chat, e-mail, SMS, and then people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from dialogs.message import Identity


@dataclass(frozen=True, slots=True)
class Reach:
    """What this deployment can send on. Channels named nowhere here are not served.

    ``pushing`` channels ring at the person whenever something is sent; ``pulled`` ones show it
    when the person comes back; at ``attended`` ones somebody is looking now.
    """

    pushing: frozenset[str] = frozenset({"telegram"})
    pulled: frozenset[str] = frozenset({"web"})
    attended: frozenset[str] = field(default_factory=frozenset)

    def next_way(
        self, ways: Iterable[Identity], tried: Collection[Identity] = ()
    ) -> Identity | None:
        """The first way not tried yet that will reach the person; None if there is none left."""
        served = self.pushing | self.attended
        return next((way for way in ways if way.channel in served and way not in tried), None)

    def shown_on(self, ways: Iterable[Identity]) -> tuple[Identity, ...]:
        """Where it can be left for the person to find."""
        return tuple(way for way in ways if way.channel in self.pulled)
