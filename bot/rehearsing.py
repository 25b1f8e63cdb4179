"""Wishes about reminders in a rehearsal: letters are shown instead of sent, calendars are files."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from dialogs.case import Case
from dialogs.message import Identity, OutgoingFile, Reply
from dialogs.ports import AddressBook
from dialogs.reminding import Fulfilment, Wish
from dialogs.world import World
from scheduler.ports import ContactStore

_SENDER = "备案助手 <beian@example.cn>"
_CALENDAR = "calendar"


@dataclass(slots=True)
class Post:
    """``AddressBook`` of a rehearsal, which keeps the letters and makes files of calendars."""

    contacts: ContactStore
    world: World
    clock: Callable[[], datetime]
    letters: list[EmailMessage] = field(default_factory=list)
    _book: AddressBook | None = None

    async def fulfil(self, whose: Identity, wish: Wish, locale: str) -> Fulfilment:
        """See ``AddressBook``."""
        if self._book is None:
            self._book = self._open()
        return await self._book.fulfil(whose, wish, locale)

    async def link(self, code: str, chat: str) -> Identity | None:
        """See ``AddressBook``: nobody can come by a link here."""
        return None

    def delivered(self) -> list[dict[str, Any]]:
        """The letters since the last look, as data."""
        read = [
            {
                "to": str(one["To"]),
                "subject": str(one["Subject"]),
                "text": one.get_content().strip(),
            }
            for one in self.letters
        ]
        self.letters.clear()
        return read

    def on_paper(self, reply: Reply, case: Case) -> Reply:
        """A reply with its calendar as a file beside it; every other as it is."""
        if not any(one.value == _CALENDAR and one.url for one in reply.buttons):
            return reply
        from scheduler.calendar import calendar_of  # imported here, see _open

        calendar = calendar_of(case, self.clock(), self.world).decode()
        file = OutgoingFile("deadlines.ics", text=calendar)
        return replace(reply, buttons=(), files=(*reply.files, file))

    def _open(self) -> AddressBook:
        # Imported here: most rehearsals start without mail and calendars.
        from bot.reminding.addresses import Addresses
        from bot.reminding.paper import PaperMail

        server = PaperMail("localhost", 0, False, "", "", _SENDER, self.letters)
        return Addresses(self.contacts, self.world, self.clock, lambda token: token, server)
