"""Which way a reminder takes to its person: chat, notice, address, and then people."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dialogs.message import Identity
from dialogs.reminding import Rings
from scheduler.notices import RUNGS, WECHAT_NOTICE, WECHAT_TEMPLATE
from scheduler.ports import ADDRESS_CHANNELS, ADDRESS_ORDER, TELEGRAM_LINK


@dataclass(frozen=True, slots=True)
class Reach:
    """What this deployment can send on. Channels named nowhere here are not served.

    ``pushing`` channels ring at the person whenever something is sent; ``pulled`` ones show it
    when the person comes back; at ``attended`` ones somebody is looking now. ``fading`` ones ring
    only for a while after the person wrote. ``consent_url`` is where somebody consents to notices.
    """

    pushing: frozenset[str] = frozenset({"telegram"})
    pulled: frozenset[str] = frozenset({"web"})
    attended: frozenset[str] = field(default_factory=frozenset)
    fading: frozenset[str] = frozenset({"wechat", "wecom"})
    consent_url: str = ""

    def next_way(
        self, ways: Iterable[Identity], tried: Collection[Identity] = ()
    ) -> Identity | None:
        """The first way not tried yet that may reach the person; None if there is none left."""
        return next((way for way in self._rungs(ways) if way not in tried), None)

    def will_reach(self, ways: Iterable[Identity], consents: Mapping[str, int]) -> bool:
        """Whether something will ring in weeks, however long the person is silent until then.

        ``consents`` counts those to notices, by whom they are of.
        """
        return any(
            way.channel not in self.fading
            and (way.channel != WECHAT_NOTICE or consents.get(way.external_id, 0) > 0)
            for way in self._rungs(ways)
        )

    @property
    def rings(self) -> Rings:
        """The same for the dialogue, which tells people of it."""
        pushing = self.pushing
        return Rings(
            pushing - ADDRESS_CHANNELS - self.fading,
            pushing & self.fading,
            TELEGRAM_LINK in pushing,
            "email" in pushing,
            "sms" in pushing,
            WECHAT_TEMPLATE in pushing,
            self.consent_url if WECHAT_NOTICE in pushing else "",
        )

    def shown_on(self, ways: Iterable[Identity]) -> tuple[Identity, ...]:
        """Where it can be left for the person to find."""
        return tuple(way for way in ways if way.channel in self.pulled)

    def _rungs(self, ways: Iterable[Identity]) -> Iterator[Identity]:
        """Every way that is served: chats, then the notices that go to them, then addresses."""
        served = self.pushing | self.attended
        known = tuple(ways)
        chats = [way for way in known if way.channel not in ADDRESS_ORDER]
        notices = [
            Identity(channel, way.external_id)
            for way in chats
            for channel in RUNGS.get(way.channel, ())
        ]
        addresses = [way for way in known if way.channel in ADDRESS_ORDER]
        for way in (*chats, *notices, *addresses):
            if way.channel in served:
                yield way
