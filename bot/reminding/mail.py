"""E-mail by SMTP: reminders from the outbox with the calendar attached, and codes."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.sending import Ambiguous, Delivered, Outcome, RetryLater, Undeliverable
from dialogs.ports import Outgoing
from dialogs.world import World
from scheduler.calendar import calendar_of
from scheduler.ports import Contact, is_contact_id
from storage.ports import Stores

CHANNEL: Final = "email"
_TIMEOUT: Final = 20.0
_AGAIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and as whom to send. ``smtps`` speaks TLS from the start, ``smtp`` by STARTTLS."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str
    sender: str

    @classmethod
    def of(cls, url: str, sender: str) -> "MailServer":
        """From ``smtp[s]://user:password@host:port``."""
        parts = urlsplit(url)
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname or "localhost",
            parts.port or (465 if is_tls else 587),
            is_tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            sender,
        )

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"

    def send(self, message: EmailMessage) -> None:
        """Hand one message over; blocks. Raises what ``smtplib`` and sockets do."""
        context = ssl.create_default_context()
        if self.is_tls:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        with client:
            client.ehlo()
            if not self.is_tls and client.has_extn("starttls"):
                client.starttls(context=context)
                client.ehlo()
            if self.user:  # never in clear: a login without TLS is refused by us
                if not self.is_tls and not isinstance(client.sock, ssl.SSLSocket):
                    raise smtplib.SMTPNotSupportedError("login without TLS")
                client.login(self.user, self.password)
            client.send_message(message)


@dataclass(slots=True)
class MailSender:
    """The outbox's way to proved addresses."""

    server: MailServer
    stores: Stores
    world: World
    clock: Callable[[], datetime]

    @property
    def channel(self) -> str:
        """See ``Sender``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: it is the random id of an address that its owner proved."""
        return is_contact_id(external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        contact = await self.stores.contacts.get(outgoing.identity.external_id)
        if contact is None or contact.stopped or not contact.verified:
            return Undeliverable("gone")
        if outgoing.reply is None:
            return Delivered()  # nothing that was mailed can be deleted
        calendar = await self._calendar(contact)
        text = outgoing.reply.text
        footer = self.world.wording.say("reminder.mail_footer", contact.locale)
        message = letter(
            self.server.sender,
            contact.address,
            text.partition("\n")[0],
            f"{text}\n\n--\n{footer}\n",
            outgoing.id,
        )
        if calendar:
            message.add_attachment(
                calendar,
                maintype="text",
                subtype="calendar",
                filename="deadlines.ics",
                params={"method": "PUBLISH", "charset": "utf-8"},
            )
        return await hand_over(self.server, message)

    async def _calendar(self, contact: Contact) -> bytes:
        whose = await self.stores.contacts.whose(contact.id)
        if whose is None:
            return b""
        now = self.clock()
        case = await self.stores.cases.open(whose, now, contact.locale)
        return calendar_of(case, now, self.world)


async def hand_over(server: MailServer, message: EmailMessage) -> Outcome:
    """Send, and read what the server made of it."""
    try:
        await asyncio.to_thread(server.send, message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        is_final = bool(codes) and all(500 <= code < 600 for code in codes)
        return Undeliverable("refused") if is_final else RetryLater(_AGAIN)
    except smtplib.SMTPResponseException as error:
        is_final = 550 <= error.smtp_code <= 554
        return Undeliverable("refused") if is_final else RetryLater(_AGAIN)
    except smtplib.SMTPServerDisconnected:
        return Ambiguous()
    except TimeoutError:
        return Ambiguous()
    except (OSError, smtplib.SMTPException):
        return RetryLater(_AGAIN)
    return Delivered(str(message["Message-ID"]))


def letter(sender: str, to: str, subject: str, text: str, key: str) -> EmailMessage:
    """A plain message; its id is the outbox's, so that a repeat can be told by the receiver."""
    message = EmailMessage()
    domain = sender.rpartition("@")[2].strip("<> ") or "localhost"
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<mailto:{sender.rpartition('<')[2].strip('<> ')}?subject=stop>"
    message.set_content(text)
    return message
