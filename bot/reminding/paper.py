"""A mail server that keeps its letters, for rehearsals."""

from dataclasses import dataclass, field
from email.message import EmailMessage

from bot.reminding.mail import MailServer


@dataclass(frozen=True, slots=True)
class PaperMail(MailServer):
    """Keeps every letter where a rehearsal finds it."""

    letters: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """Keep one letter."""
        self.letters.append(message)
