"""Alerts by e-mail, to the team's mailbox and to colleagues who chose them."""

from dataclasses import dataclass

from bot.reminding.mail import MailServer, hand_over, letter
from bot.sending import Ambiguous, Delivered, RetryLater
from desk.alerts.alert import TEAM
from desk.alerts.ports import AlertStore, Told


@dataclass(slots=True)
class StaffMail:
    """``Pinger`` by e-mail; ``team`` is the mailbox of all."""

    server: MailServer
    alerts: AlertStore
    team: str | None = None

    @property
    def channel(self) -> str:
        """See ``Pinger``."""
        return "email"

    async def ping(self, recipient: str, subject: str, text: str, key: str) -> Told:
        """See ``Pinger``. Receivers can tell a repeat by its Message-ID."""
        address = await self._address(recipient)
        if address is None:
            return Told.NEVER
        outcome = await hand_over(
            self.server, letter(self.server.sender, address, subject, f"{text}\n", key)
        )
        match outcome:
            case Delivered():
                return Told.SENT
            case RetryLater() | Ambiguous():
                return Told.LATER
            case _:
                return Told.NEVER

    async def _address(self, recipient: str) -> str | None:
        if recipient == TEAM:
            return self.team
        found = {one.agent: one.email for one in await self.alerts.choices()}
        return found.get(recipient)
